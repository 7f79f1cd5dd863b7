/**
 * Fits a value into its place: smaller first, then on two lines, then condensed, never below what can be read and never
 * clipped. Doc 9303-4 s2.4 recommends 10 characters to 25.4 mm and 15 at most for an average text; 7 pt capitals run at 15.
 */
import { type Typeface, widthOfText } from './fonts.ts';
import { POINTS_PER_MM } from './geometry.ts';

export interface Attempt {
  readonly lines: 1 | 2;
  /** Points. */
  readonly size: number;
  /** Width of the letters as a share of their natural one. */
  readonly condensed: number;
}

export interface Fitted extends Attempt {
  readonly text: readonly string[];
}

const oneLine = (size: number, condensed = 1): Attempt => ({ lines: 1, size, condensed });
const twoLines = (size: number, condensed = 1): Attempt => ({ lines: 2, size, condensed });

/** A field whose value is short by its nature: a date, a code, a number. */
export const SHORT_VALUE: readonly Attempt[] = [oneLine(8), oneLine(7.5), oneLine(7), oneLine(7, 0.9)];

/** Up to 14 characters that stay together, the widest ones too. */
export const IDENTIFIER_VALUE: readonly Attempt[] = [...SHORT_VALUE, oneLine(7, 0.8), oneLine(6.5, 0.8)];

/** A name, a place, an office: may go onto a second line. */
export const LONG_VALUE: readonly Attempt[] = [...SHORT_VALUE, twoLines(7), twoLines(7, 0.9), twoLines(7, 0.8)];

/** 5.25 pt: capitals 1.35 mm and small letters 1.01 mm high, both within 1.0-1.8 mm. One width for all, so that they match. */
export const CAPTION = { size: 5.25, condensed: 0.9 } as const;

/** The document's number stands out. */
export const NUMBER_VALUE: readonly Attempt[] = [oneLine(9), oneLine(8)];

/** Millimetres. */
export const widthOnPaper = (typeface: Typeface, text: string, size: number, condensed = 1) =>
  (widthOfText(typeface, text, size) * condensed) / POINTS_PER_MM;

/** Breaks at spaces and after hyphens; each line as long as it can be. Null when a part is too wide by itself. */
function wrap(text: string, most: number, fits: (line: string) => boolean): string[] | null {
  const lines: string[] = [];
  let line = '';
  for (const part of text.split(/(?<=[ -])/u)) {
    if (fits((line + part).trimEnd())) {
      line += part;
      continue;
    }
    if (line === '' || !fits(part.trimEnd())) return null;
    lines.push(line.trimEnd());
    line = part;
  }
  lines.push(line.trimEnd());
  return lines.length <= most ? lines : null;
}

/** The first attempt that fits into `width` millimetres, or null. */
export function fitText(text: string, typeface: Typeface, width: number, attempts: readonly Attempt[]): Fitted | null {
  for (const attempt of attempts) {
    const fits = (line: string) => widthOnPaper(typeface, line, attempt.size, attempt.condensed) <= width;
    const lines = attempt.lines === 1 ? (fits(text) ? [text] : null) : wrap(text, attempt.lines, fits);
    if (lines) return { ...attempt, text: lines };
  }
  return null;
}
