/**
 * Where each text of a record stands on the page: pure, so that intake refuses what would not fit or has no glyph by the
 * same rules with which the page is printed.
 */
import type { FieldError } from '../domain/errors.ts';
import type { PersonalisationRecord } from '../domain/record.ts';
import { FIELDS, type Field, SIGNATURE_CAPTION } from './fields.ts';
import { type Attempt, CAPTION, fitText, widthOnPaper } from './fit.ts';
import type { Typeface } from './fonts.ts';
import { unprintable } from './letters.ts';
import { CAPTIONS, type Caption, type PageTemplate } from './template.ts';

/** One line of text in one typeface. */
export interface TextMark {
  readonly typeface: Typeface;
  readonly text: string;
  /** Left edge and base line, millimetres from the page's top left. */
  readonly x: number;
  readonly baseline: number;
  /** Points. */
  readonly size: number;
  readonly condensed: number;
  readonly style: TextStyle;
}

/** All of one family: bold is the upright letter with a thin outline, italic the slanted one (as DejaVu's own Oblique). */
export type TextStyle = 'upright' | 'bold' | 'italic';

export interface LayoutFault extends FieldError {
  /** A character without a letter form, a value too long for its place, a State without a name in the template. */
  readonly kind: 'glyph' | 'space' | 'state';
}

export type Setting =
  | { readonly marks: readonly TextMark[]; readonly fault?: undefined }
  | { readonly marks: readonly []; readonly fault: LayoutFault };

const NOTHING: Setting = { marks: [] };
const faulty = (kind: LayoutFault['kind'], path: string, message: string): Setting => ({
  marks: [],
  fault: { kind, path, message },
});

/** Base lines below the top of a field's place, millimetres: its caption, and its value of one line or two. */
const CAPTION_DROP = 1.35;
const VALUE_DROPS: readonly (readonly number[])[] = [[], [4.75], [3.85, 6.55]];

/** Two runs on one base line: the national language upright, English in italics (Doc 9303-4 s2.4). */
function setCaption(caption: Caption, place: { x: number; top: number }): TextMark[] {
  const national = `${caption.national} / `;
  const run = { ...CAPTION, typeface: 'sans', baseline: place.top + CAPTION_DROP } as const;
  const english = place.x + widthOnPaper('sans', national, CAPTION.size, CAPTION.condensed);
  return [
    { ...run, style: 'upright', text: national, x: place.x },
    { ...run, style: 'italic', text: caption.english, x: english },
  ];
}

function setField(field: Field, value: string | null | undefined): Setting {
  const text = value?.normalize('NFC').trim() ?? '';
  if (text === '') return NOTHING;
  const strange = unprintable('sans', text);
  if (strange) return faulty('glyph', field.path, strange);
  const fitted = fitText(text, 'sans', field.width, field.attempts);
  if (!fitted) {
    const lines = field.attempts.some((attempt) => attempt.lines === 2) ? 'two lines' : 'one line';
    return faulty('space', field.path, `does not fit on ${lines} of ${field.width} mm in a legible size`);
  }
  const { size, condensed } = fitted;
  const drops = VALUE_DROPS[fitted.text.length] ?? [];
  const lines = fitted.text.map(
    (line, index): TextMark => ({
      typeface: 'sans',
      text: line,
      x: field.x,
      baseline: field.top + drops[index]!,
      size,
      condensed,
      style: 'upright',
    }),
  );
  return { marks: [...setCaption(field.caption, field), ...lines] };
}

const sizes = (...list: readonly number[]): Attempt[] => list.map((size) => ({ lines: 1, size, condensed: 1 }));

/** One line of the header, in the largest of the sizes that fits. */
function setHeaderLine(
  path: string,
  style: TextStyle,
  text: string,
  place: { x: number; baseline: number; width: number; attempts: readonly Attempt[] },
): Setting {
  const strange = unprintable('sans', text);
  if (strange) return faulty('glyph', path, strange);
  const fitted = fitText(text, 'sans', place.width, place.attempts);
  if (!fitted) return faulty('space', path, `does not fit into ${place.width} mm of the header`);
  const { x, baseline } = place;
  const { size, condensed } = fitted;
  return { marks: [{ typeface: 'sans', style, text, x, baseline, size, condensed }] };
}

/** Fields 01 and 02: the issuing State in full across the page, the document's name above the portrait. */
function setHeader({ document }: PersonalisationRecord, template: PageTemplate): Setting[] {
  const title = template.titles[document.type] ?? template.titles.ordinary;
  const above = { x: 3, width: 36 };
  const titles = [
    setHeaderLine('document.type', 'bold', title.national, { ...above, baseline: 10.9, attempts: sizes(9, 8, 7, 6) }),
    setHeaderLine('document.type', 'italic', title.english, { ...above, baseline: 14.3, attempts: sizes(7, 6) }),
  ];
  const path = 'document.issuingState';
  const state = template.states[document.issuingState];
  if (!state) return [faulty('state', path, 'the page template has no name for this State'), ...titles];
  const national = setHeaderLine(path, 'bold', state.national, {
    x: 3,
    baseline: 6.2,
    width: 72,
    attempts: sizes(10, 9, 8, 7),
  });
  const mark = national.marks[0];
  if (!mark || state.english === state.national) return [national, ...titles];
  const x = mark.x + widthOnPaper('sans', mark.text, mark.size, mark.condensed) + 2.5;
  const english = setHeaderLine(path, 'italic', state.english, {
    x,
    baseline: 6.2,
    width: 122 - x,
    attempts: sizes(8, 7, 6),
  });
  return [national, english, ...titles];
}

/** The texts of zones I to IV, and what stands in the way of printing them. The number is the bound booklet's. */
export function layOut(
  record: PersonalisationRecord,
  documentNumber: string,
  template: PageTemplate,
): { readonly marks: readonly TextMark[]; readonly faults: readonly LayoutFault[] } {
  const settings = [
    ...setHeader(record, template),
    ...FIELDS.map((field) => setField(field, field.value(record, documentNumber))),
    { marks: setCaption(CAPTIONS.signature, SIGNATURE_CAPTION) },
  ];
  return {
    marks: settings.flatMap((setting) => setting.marks),
    faults: settings.flatMap((setting) => setting.fault ?? []),
  };
}
