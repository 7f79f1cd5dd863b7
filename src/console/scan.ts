/**
 * What scanners and readers send (toolchain.md section 6, rule 10): control characters are dropped, and whether a
 * line came from a machine is decided so that a person's typing is never taken for a reader's.
 */

/** Control characters, spaces and case are the scanner's, not the booklet's. */
export const bookletIn = (text: string): string =>
  [...text]
    .filter((character) => character > ' ' && character !== '\u007f')
    .join('')
    .toUpperCase();

export const isBookletNumber = (text: string): boolean => /^[A-Z0-9]{1,9}$/.test(text);

export const MRZ_LENGTH = 44;

/** One line of a machine readable zone as typed or read; nothing is corrected. */
export const mrzLineIn = (text: string): string =>
  [...text]
    .filter((character) => character > ' ' && character !== '\u007f')
    .join('')
    .toUpperCase();

/** One change of an input field: how, and when (milliseconds on the event's own clock). */
export interface Keystroke {
  readonly inputType: string;
  readonly at: number;
  /** Length of the field's text after it. */
  readonly length: number;
}

/** No hand types a character in less than this; readers need a tenth of it. */
const FASTEST_HAND_MS = 25;

/**
 * Whether the line came from a reader: every character came as one keystroke, in one run, faster than any hand.
 * Pasted, dropped or corrected text counts as keyed. A slow reader is taken for a person, never the other way round:
 * the worse that happens is a second signature (journal.md, table of resolutions).
 */
export function sourceOf(strokes: readonly Keystroke[]): 'reader' | 'keyed' {
  const first = strokes[0];
  const last = strokes.at(-1);
  if (first === undefined || last === undefined || strokes.length < MRZ_LENGTH) return 'keyed';
  const single = strokes.every((stroke, i) => stroke.inputType === 'insertText' && stroke.length === i + 1);
  return single && last.at - first.at <= FASTEST_HAND_MS * strokes.length ? 'reader' : 'keyed';
}
