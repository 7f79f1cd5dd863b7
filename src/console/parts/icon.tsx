import type { Tone } from '../situation.ts';

/** Every tone has a shape of its own: the colour only repeats it (console.md, rule 1). */
const TONE_PATHS: Record<Tone, { readonly filled: boolean; readonly path: string; readonly mark: string | null }> = {
  off: { filled: false, path: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z', mark: 'M7.5 12h9' },
  calm: { filled: false, path: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z', mark: 'M8 12.5l2.8 2.8L16 9.5' },
  next: { filled: true, path: 'M4 4h11l6 8-6 8H4z', mark: null },
  soon: { filled: true, path: 'M12 2l10 10-10 10L2 12z', mark: 'M12 7v6M12 16v.5' },
  now: { filled: true, path: 'M8 2h8l6 6v8l-6 6H8l-6-6V8z', mark: 'M12 6.5v7M12 17v.5' },
};

/** Shape of a tone; the word stands beside it. */
export function ToneMark({ tone }: { readonly tone: Tone }) {
  const { filled, path, mark } = TONE_PATHS[tone];
  return (
    <svg class={`tone-mark ${tone}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path class={filled ? 'fill' : 'line'} d={path} />
      {mark !== null && <path class={filled ? 'mark' : 'line'} d={mark} />}
    </svg>
  );
}

const PATHS = {
  tick: 'M4 12.5l5 5L20 6.5',
  cross: 'M5 5l14 14M19 5L5 19',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  more: 'M5 12h.1M12 12h.1M19 12h.1',
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class={`icon ${name}`} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
