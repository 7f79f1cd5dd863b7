import { signal } from '@preact/signals';

export const SCREENS = ['counter', 'doubt', 'queue', 'quality', 'centre', 'bench'] as const;
export type Screen = (typeof SCREENS)[number];

export interface Route {
  readonly screen: Screen;
  /** A printer at the counter, an attempt in doubt: `#/counter/counter-1`. Never personal data. */
  readonly item: string | null;
}

const parse = (hash: string): Route => {
  const [, name, item] = hash.split('/');
  const screen = SCREENS.find((known) => known === name) ?? 'counter';
  return { screen, item: item === undefined || item === '' ? null : decodeURIComponent(item) };
};

export const route = signal<Route>(parse(location.hash));

export const address = (screen: Screen, item: string | null = null): string =>
  item === null ? `#/${screen}` : `#/${screen}/${encodeURIComponent(item)}`;

export const goTo = (screen: Screen, item: string | null = null): void => {
  location.hash = address(screen, item);
};

export const watchRoute = (): void => {
  addEventListener('hashchange', () => {
    route.value = parse(location.hash);
  });
};
