/**
 * The two typefaces of the page, read once. They are embedded whole, not cut to the letters used: what any letter
 * looks like never depends on which others stand beside it, and a printer's own PDF reader gets the complete font.
 *
 * pdfkit itself only embeds subsets. It takes an opened font in place of a file, and the font object that it makes of
 * it is completed here (`embedWhole`): the one place that relies on pdfkit's inner names, hence its pinned version.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';

/** `sans`: DejaVu Sans, for the visual zone. `ocr-b`: the machine readable zone (ISO 1073-2 size 1). */
export type Typeface = 'sans' | 'ocr-b';

export interface OutlineCommand {
  readonly command: 'moveTo' | 'lineTo' | 'quadraticCurveTo' | 'bezierCurveTo' | 'closePath';
  readonly args: readonly number[];
}

/** The part of an opened font (fontkit's, which comes with pdfkit) that is used here. Units: `unitsPerEm` to the em. */
export interface OpenedFont {
  readonly postscriptName: string;
  readonly unitsPerEm: number;
  readonly ascent: number;
  readonly descent: number;
  readonly italicAngle: number;
  readonly bbox: { readonly minX: number; readonly minY: number; readonly maxX: number; readonly maxY: number };
  hasGlyphForCodePoint(codePoint: number): boolean;
  glyphForCodePoint(codePoint: number): Glyph;
  layout(text: string): GlyphRun;
}

export interface Glyph {
  readonly advanceWidth: number;
  readonly path: { readonly commands: readonly OutlineCommand[] };
}

interface GlyphRun {
  readonly glyphs: readonly Glyph[];
  readonly positions: readonly { xAdvance: number; yAdvance: number; xOffset: number; yOffset: number }[];
  readonly advanceWidth: number;
}

interface Reference {
  readonly data: Record<string, unknown>;
  compress: boolean;
  end(chunk?: Uint8Array | string): void;
}

interface EmbeddedFont {
  readonly document: { ref(data?: Record<string, unknown>): Reference };
  readonly font: OpenedFont;
  /** 1/1000 em by glyph index; holes where a glyph is not used. */
  readonly widths: readonly number[];
  /** Code points by glyph index; holes where a glyph is not used. */
  readonly unicode: readonly (readonly number[])[];
  readonly dictionary: Reference;
  subset: { includeGlyph(glyph: number): number };
  embed(): void;
}

interface Face {
  readonly font: OpenedFont;
  readonly file: Uint8Array;
  /** OpenType with PostScript outlines, as against TrueType. */
  readonly postscriptOutlines: boolean;
}

const FILES: Readonly<Record<Typeface, () => string | URL>> = {
  sans: () => createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  'ocr-b': () => new URL('./fonts/OCRB.otf', import.meta.url),
};

const TYPEFACES = Object.keys(FILES) as readonly Typeface[];

/**
 * Letters side by side at their own widths, without ligatures and pair kerning: a name's letters look the same wherever
 * they stand, and setting a page takes a tenth of the time. Only marks that combine need the font's own rules.
 */
function withPlainLayout(font: OpenedFont): OpenedFont {
  const shaped = font.layout.bind(font);
  const layout = (text: string): GlyphRun => {
    if (/\p{M}/u.test(text)) return shaped(text);
    const glyphs = [...text].map((character) => font.glyphForCodePoint(character.codePointAt(0)!));
    return {
      glyphs,
      positions: glyphs.map(({ advanceWidth }) => ({ xAdvance: advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0 })),
      advanceWidth: glyphs.reduce((sum, { advanceWidth }) => sum + advanceWidth, 0),
    };
  };
  return Object.create(font, { layout: { value: layout } }) as OpenedFont;
}

const opened = new Map<Typeface, Face>();

const fontInUse = (document: PDFKit.PDFDocument) => (document as unknown as { readonly _font: EmbeddedFont })._font;

function face(typeface: Typeface): Face {
  const known = opened.get(typeface);
  if (known) return known;
  const file = readFileSync(FILES[typeface]());
  const scratch = new PDFDocument({ font: null as unknown as string });
  scratch.font(file);
  const fresh: Face = {
    font: withPlainLayout(fontInUse(scratch).font),
    file,
    postscriptOutlines: file.toString('latin1', 0, 4) === 'OTTO',
  };
  opened.set(typeface, fresh);
  return fresh;
}

/** The opened font, shared by all pages: glyph outlines, widths and coverage. */
export const fontOf = (typeface: Typeface): OpenedFont => face(typeface).font;

/** Makes the typefaces known to a document, by their names. */
export function registerTypefaces(document: PDFKit.PDFDocument): void {
  for (const typeface of TYPEFACES) {
    const used = face(typeface);
    document.registerFont(typeface, used.font as unknown as Uint8Array);
    document.font(typeface);
    embedWhole(fontInUse(document), used);
  }
}

/** Points. */
export function widthOfText(typeface: Typeface, text: string, size: number): number {
  const { font } = face(typeface);
  return (font.layout(text).advanceWidth / font.unitsPerEm) * size;
}

const hex16 = (value: number) => value.toString(16).padStart(4, '0');

const utf16Hex = (codePoints: readonly number[]) =>
  [...String.fromCodePoint(...codePoints)].flatMap((character) =>
    Array.from({ length: character.length }, (_, unit) => hex16(character.charCodeAt(unit))),
  );

/** So that the text can be selected and searched in the PDF (ISO 32000-1 s9.10.3). */
function toUnicode(unicode: EmbeddedFont['unicode']): string {
  const lines: string[] = [];
  unicode.forEach((codePoints, glyph) => {
    if (codePoints.some((codePoint) => codePoint !== 0)) {
      lines.push(`<${hex16(glyph)}> <${utf16Hex(codePoints).join('')}>`);
    }
  });
  const blocks: string[] = [];
  for (let from = 0; from < lines.length; from += 100) {
    const block = lines.slice(from, from + 100);
    blocks.push(`${block.length} beginbfchar`, ...block, 'endbfchar');
  }
  return [
    '/CIDInit /ProcSet findresource begin',
    '12 dict begin',
    'begincmap',
    '/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def',
    '/CMapName /Adobe-Identity-UCS def',
    '/CMapType 2 def',
    '1 begincodespacerange',
    '<0000> <ffff>',
    'endcodespacerange',
    ...blocks,
    'endcmap',
    'CMapName currentdict /CMap defineresource pop',
    'end',
    'end',
  ].join('\n');
}

/** pdfkit writes a `String` object as a string of the PDF, a primitive as a name. */
const pdfString = (text: string) => Object(text) as unknown;

function embedWhole(embedded: EmbeddedFont, used: Face): void {
  embedded.subset = { includeGlyph: (glyph) => glyph };
  embedded.embed = () => {
    const { document, font } = embedded;
    const perMille = 1000 / font.unitsPerEm;
    const file = document.ref(used.postscriptOutlines ? { Subtype: 'OpenType' } : { Length1: used.file.length });
    // Inflating the font would be a sixth of the time in which a page becomes a picture.
    file.compress = false;
    file.end(used.file);
    const descriptor = document.ref({
      Type: 'FontDescriptor',
      FontName: font.postscriptName,
      Flags: font.italicAngle === 0 ? 4 : 4 | 64,
      FontBBox: [font.bbox.minX, font.bbox.minY, font.bbox.maxX, font.bbox.maxY].map((edge) => edge * perMille),
      ItalicAngle: font.italicAngle,
      Ascent: font.ascent * perMille,
      Descent: font.descent * perMille,
      CapHeight: font.ascent * perMille,
      StemV: 0,
      [used.postscriptOutlines ? 'FontFile3' : 'FontFile2']: file,
    });
    descriptor.end();
    const widths: (number | number[])[] = [];
    embedded.widths.forEach((width, glyph) => {
      widths.push(glyph, [width]);
    });
    const descendant = document.ref({
      Type: 'Font',
      Subtype: used.postscriptOutlines ? 'CIDFontType0' : 'CIDFontType2',
      BaseFont: font.postscriptName,
      CIDSystemInfo: { Registry: pdfString('Adobe'), Ordering: pdfString('Identity'), Supplement: 0 },
      FontDescriptor: descriptor,
      W: widths,
      ...(used.postscriptOutlines ? {} : { CIDToGIDMap: 'Identity' }),
    });
    descendant.end();
    const unicode = document.ref();
    unicode.end(toUnicode(embedded.unicode));
    Object.assign(embedded.dictionary.data, {
      Type: 'Font',
      Subtype: 'Type0',
      BaseFont: font.postscriptName,
      Encoding: 'Identity-H',
      DescendantFonts: [descendant],
      ToUnicode: unicode,
    });
    embedded.dictionary.end();
  };
}
