/** The word SPECIMEN across the visual zone. */
import { fontOf } from './fonts.ts';
import { PAGE, POINTS_PER_MM } from './geometry.ts';

const WORD = 'SPECIMEN';
/** Points. */
const SIZE = 60;
const SLANT = (-20 * Math.PI) / 180;
/** Middle of the visual zone, millimetres: no ink of the word reaches the MRZ below 64.8. */
const CENTRE = { x: PAGE.width / 2, y: 33 };
/** DejaVu's capitals, in em. */
const CAPITAL_HEIGHT = 0.729;

/**
 * Slanting outline letters, finely dashed: plain to see on a 180 dpi needle printer, and everything below stays
 * readable. Drawn as lines, not as outlined text: PDF readers disagree on dashes there.
 */
export function drawSpecimen(document: PDFKit.PDFDocument): void {
  const font = fontOf('sans');
  const scale = SIZE / font.unitsPerEm;
  const glyphs = [...WORD].map((letter) => font.glyphForCodePoint(letter.codePointAt(0)!));
  let left = (-glyphs.reduce((sum, glyph) => sum + glyph.advanceWidth, 0) * scale) / 2;
  const base = (SIZE * CAPITAL_HEIGHT) / 2;
  const place = (args: readonly number[]) =>
    args.flatMap((_, index) => {
      if (index % 2 === 1) return [];
      const x = left + args[index]! * scale;
      const y = base - args[index + 1]! * scale;
      return [
        CENTRE.x * POINTS_PER_MM + x * Math.cos(SLANT) - y * Math.sin(SLANT),
        CENTRE.y * POINTS_PER_MM + x * Math.sin(SLANT) + y * Math.cos(SLANT),
      ] as const;
    }) as [number, number, number, number, number, number];
  document.save().lineWidth(0.55).dash(1.2, { space: 1.2 });
  for (const glyph of glyphs) {
    for (const { command, args } of glyph.path.commands) document[command](...place(args));
    left += glyph.advanceWidth * scale;
  }
  document.stroke().restore();
}
