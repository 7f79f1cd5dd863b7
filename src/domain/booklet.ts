/** Blanks are accountable stock (domain.md, "Booklets"). */
export const BOOKLET_STATES = [
  'in-stock',
  'bound',
  'good',
  'spoiled',
  'in-doubt',
  'returned',
  'missing',
  'destroyed',
] as const;
export type BookletState = (typeof BOOKLET_STATES)[number];

/** 1-9 of `A-Z 0-9` (domain.md). */
export const BOOKLET_NUMBER = /^[A-Z0-9]{1,9}$/;

/**
 * All numbers from `first` to `last`, both included: the same prefix, then a run of digits of the same length.
 * `null` where the two do not span a range, or where it holds more than `limit` booklets.
 */
export function bookletRange(first: string, last: string, limit = 10_000): string[] | null {
  if (!BOOKLET_NUMBER.test(first) || !BOOKLET_NUMBER.test(last) || first.length !== last.length) return null;
  const digits = /[0-9]*$/.exec(first)?.[0].length ?? 0;
  const prefix = first.slice(0, first.length - digits);
  if (digits === 0) return first === last ? [first] : null;
  if (!last.startsWith(prefix) || !/^[0-9]+$/.test(last.slice(prefix.length))) return null;
  const from = Number(first.slice(prefix.length));
  const to = Number(last.slice(prefix.length));
  if (to < from || to - from + 1 > limit) return null;
  return Array.from({ length: to - from + 1 }, (_, i) => prefix + String(from + i).padStart(digits, '0'));
}
