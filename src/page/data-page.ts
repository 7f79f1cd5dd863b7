/** A personalisation record as the PDF of a TD3 data page. */
import PDFDocument from 'pdfkit';
import { problem, Refusal } from '../domain/errors.ts';
import type { PersonalisationRecord } from '../domain/record.ts';
import { portraitProportionFault } from './check.ts';
import { registerTypefaces } from './fonts.ts';
import { type Box, largestInside, MRZ, PAGE, POINTS_PER_MM, PORTRAIT_ZONE, SIGNATURE_ZONE } from './geometry.ts';
import { layOut, type TextMark } from './layout.ts';
import { type EmbeddablePicture, type EncodedPicture, embeddable } from './pictures.ts';
import { drawSpecimen } from './specimen.ts';
import type { PageTemplate } from './template.ts';

export interface DataPageInput {
  readonly record: PersonalisationRecord;
  /** The bound booklet's number, 1-9 of `A-Z 0-9`. */
  readonly documentNumber: string;
  /** Both lines of the machine readable zone, 44 of `A-Z 0-9 <` each. */
  readonly mrz: readonly [string, string];
  /** Carries SPECIMEN across the visual zone: what a simulated station prints. */
  readonly specimen: boolean;
  readonly template: PageTemplate;
}

const points = (millimetres: number) => millimetres * POINTS_PER_MM;

/** The same in every page: nothing of a page depends on when it was made. */
const FIXED_DATE = new Date(0);

/** An empty page with the typefaces, whose bytes depend on nothing but what is drawn on it. */
export function openPage(title: string): PDFKit.PDFDocument {
  const document = new PDFDocument({
    size: [points(PAGE.width), points(PAGE.height)],
    margin: 0,
    pdfVersion: '1.7',
    font: null as unknown as string,
    info: {
      Title: title,
      Producer: 'passport-station',
      Creator: 'passport-station',
      CreationDate: FIXED_DATE,
      ModDate: FIXED_DATE,
    },
  });
  registerTypefaces(document);
  return document;
}

/** Ends the document and takes its bytes: pdfkit holds them ready, nothing waits. */
export function closePage(document: PDFKit.PDFDocument): Uint8Array {
  document.end();
  const chunks: Buffer[] = [];
  for (let chunk = document.read(); chunk !== null; chunk = document.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Share of the type size by which bold letters' outlines are drawn, and degrees by which italics slant. */
const BOLD_OUTLINE = 0.035;
const ITALIC_SLANT = 11;

export function drawText(document: PDFKit.PDFDocument, mark: TextMark): void {
  document.font(mark.typeface).fontSize(mark.size);
  if (mark.style === 'bold') document.lineWidth(mark.size * BOLD_OUTLINE);
  document.text(mark.text, points(mark.x), points(mark.baseline), {
    lineBreak: false,
    baseline: 'alphabetic',
    stroke: mark.style === 'bold',
    fill: true,
    ...(mark.style === 'italic' ? { oblique: ITALIC_SLANT } : {}),
    ...(mark.condensed === 1 ? {} : { horizontalScaling: mark.condensed * 100 }),
  });
}

function drawPicture(document: PDFKit.PDFDocument, picture: EmbeddablePicture, zone: Box): void {
  const box = largestInside(zone, picture.width / picture.height);
  const [x, y, width, height] = [box.x, box.y, box.width, box.height].map(points);
  const placement = { width: width!, height: height!, ignoreOrientation: true };
  document.image(picture.file, x!, y!, placement);
}

function drawMrz(document: PDFKit.PDFDocument, lines: readonly [string, string]): void {
  document.font('ocr-b').fontSize(MRZ.fontSize);
  lines.forEach((line, index) => {
    [...line].forEach((character, cell) => {
      const x = points(MRZ.left + cell * MRZ.pitch);
      document.text(character, x, points(MRZ.baselines[index]!), { lineBreak: false, baseline: 'alphabetic' });
    });
  });
}

function pictureOf(name: 'portrait' | 'signature', encoded: EncodedPicture): EmbeddablePicture {
  const picture = embeddable(encoded);
  const fault = !picture.ok
    ? picture.failure
    : name === 'portrait'
      ? portraitProportionFault(picture.value.width, picture.value.height)
      : null;
  if (picture.ok && !fault) return picture.value;
  throw new Refusal(
    problem('PST-120', 'a picture cannot be printed', {
      errors: [{ path: `${name}.data`, message: `the ${name} ${fault}` }],
    }),
  );
}

const isMrzLine = (line: string) => /^[A-Z0-9<]{44}$/.test(line);

/**
 * The data page as a PDF of one page, 125 x 88 mm, zones I to V and VII of Doc 9303-4 s2.2.
 * Deterministic: the same input gives the same bytes, in every process.
 * Throws a `Refusal` for what `checkPage` refuses (a value that does not fit is never clipped), and PST-124 for lines that
 * are not 44 characters of the machine readable zone.
 */
export function renderDataPage(input: DataPageInput): Uint8Array {
  const { record, documentNumber, mrz, specimen, template } = input;
  if (!mrz.every(isMrzLine))
    throw new Refusal(problem('PST-124', 'each MRZ line needs 44 characters of A-Z, 0-9 and <'));
  const { marks, faults } = layOut(record, documentNumber, template);
  if (faults.length > 0) {
    const errors = faults.map(({ path, message }) => ({ path, message }));
    throw new Refusal(problem('PST-122', 'the record cannot be set on the page', { errors }));
  }
  const portrait = pictureOf('portrait', record.portrait);
  const signature = pictureOf('signature', record.signature);
  const page = openPage('Passport data page');
  drawPicture(page, portrait, PORTRAIT_ZONE);
  drawPicture(page, signature, SIGNATURE_ZONE);
  for (const mark of marks) drawText(page, mark);
  if (specimen) drawSpecimen(page);
  drawMrz(page, mrz);
  return closePage(page);
}
