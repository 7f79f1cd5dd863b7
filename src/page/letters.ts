/** Which characters the page can show. */
import { fontOf, type Typeface } from './fonts.ts';

/** Letters written from right to left, and scripts whose letters change place: the page's line setting has no rule for them. */
const OTHER_DIRECTION =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Samaritan}\p{Script=Mandaic}\p{Script=Adlam}]/u;

/** Controls, formatting characters, private and unassigned ones, line and paragraph separators: nothing to be seen. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

export const codePointName = (character: string) =>
  `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`;

/** The first character that cannot be printed in this typeface, as a sentence with its code point; null when there is none. */
export function unprintable(typeface: Typeface, text: string): string | null {
  const font = fontOf(typeface);
  for (const character of text) {
    if (INVISIBLE.test(character)) return `${codePointName(character)} is not a printable character`;
    if (OTHER_DIRECTION.test(character))
      return `${codePointName(character)} belongs to a script written from right to left`;
    if (!font.hasGlyphForCodePoint(character.codePointAt(0)!))
      return `${codePointName(character)} has no glyph in the page’s font`;
  }
  return null;
}
