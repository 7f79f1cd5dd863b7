import type { Attempt } from '../api/shapes.ts';

/** What has become of a booklet at the counter, in the words that the screens use (console.md, rule 3). */
export type Fate = 'printed' | 'unused' | 'doubt' | 'spoiled';

/** The booklet that a printer was last concerned with, and the attempt to print it where there was one. */
export interface LastWork {
  readonly booklet: string;
  readonly attempt: string | null;
}

/** `null` while it is not known. A booklet without an attempt took no ink. */
export function fateOf(work: LastWork, attempts: ReadonlyMap<string, Attempt>): Fate | null {
  if (work.attempt === null) return 'unused';
  const state = attempts.get(work.attempt)?.state;
  switch (state) {
    case 'printed':
      return 'printed';
    case 'not-printed':
      return 'unused';
    case 'in-doubt':
      return 'doubt';
    case 'spoiled':
      return 'spoiled';
    case 'intended':
    case 'sending':
    case 'confirming':
    case undefined:
      return null;
    default:
      return unreachable(state);
  }
}

const unreachable = (state: never): never => {
  throw new Error(`no fate for ${String(state)}`);
};
