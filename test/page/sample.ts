/** Fictitious people for the page's tests and benchmarks: a drawn face and a drawn signature, nobody's. */
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import type { PersonalisationRecord } from '../../src/domain/record.ts';
import { type DataPageInput, renderDataPage } from '../../src/page/data-page.ts';
import { STANDARD_TEMPLATE } from '../../src/page/template.ts';

const within = (x: number, y: number, cx: number, cy: number, rx: number, ry: number) =>
  ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;

/** Light from the upper left on a round head, dark hair, a jacket: enough tones to judge a dither by. */
function faceTone(u: number, v: number): [number, number, number] {
  const light = 1 - 0.35 * Math.hypot(u - 0.42, v - 0.38);
  const eye = within(u, v, 0.4, 0.43, 0.035, 0.016) || within(u, v, 0.6, 0.43, 0.035, 0.016);
  const brow = within(u, v, 0.4, 0.385, 0.06, 0.011) || within(u, v, 0.6, 0.385, 0.06, 0.011);
  const mouth = within(u, v, 0.5, 0.63, 0.085, 0.016);
  const nose = within(u, v, 0.515, 0.53, 0.018, 0.05);
  if (eye || brow) return [40, 30, 25];
  if (mouth) return [150, 70, 65];
  if (nose) return [190 * light, 145 * light, 120 * light];
  if (within(u, v, 0.5, 0.3, 0.27, 0.2) && v < 0.33) return [45, 35, 30];
  if (within(u, v, 0.5, 0.47, 0.24, 0.31)) return [235 * light, 190 * light, 160 * light];
  if (within(u, v, 0.5, 0.36, 0.285, 0.26)) return [45, 35, 30];
  if (within(u, v, 0.5, 0.76, 0.1, 0.12)) return [205 * light, 160 * light, 135 * light];
  if (within(u, v, 0.5, 1.06, 0.46, 0.27)) return [60 + 60 * (1 - v), 70 + 60 * (1 - v), 100 + 60 * (1 - v)];
  return [228 - 18 * v, 232 - 18 * v, 238 - 18 * v];
}

/** Base64. 413 x 531 pixels are 35 x 45 mm at 300 dpi. */
export function samplePortrait(width = 413, height = 531): string {
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      data.set([...faceTone((x + 0.5) / width, (y + 0.5) / height).map(Math.round), 255], (y * width + x) * 4);
    }
  }
  return jpeg.encode({ width, height, data }, 85).data.toString('base64');
}

/** Base64 of a PNG with a transparent ground, as signature pads give it. */
export function sampleSignature(width = 600, height = 180): string {
  const png = new PNG({ width, height });
  for (let step = 0; step <= 6000; step += 1) {
    const t = step / 6000;
    const x = width * (0.06 + 0.88 * t + 0.04 * Math.sin(t * 41));
    const y = height * (0.5 + 0.3 * Math.sin(t * 37) * (1 - 0.6 * t) + 0.1 * Math.sin(t * 11));
    for (let dy = -3; dy <= 3; dy += 1) {
      for (let dx = -3; dx <= 3; dx += 1) {
        if (dx * dx + dy * dy > 9) continue;
        const at = (Math.round(y + dy) * width + Math.round(x + dx)) * 4;
        png.data.set([20, 20, 20, 255], at);
      }
    }
  }
  return PNG.sync.write(png).toString('base64');
}

const PORTRAIT = samplePortrait();
const SIGNATURE = sampleSignature();

type Holder = PersonalisationRecord['holder'];

const HOLDER: Holder = {
  primaryIdentifier: 'ERIKSSON',
  secondaryIdentifier: 'ANNA MARIA',
  nationality: 'UTO',
  dateOfBirth: '1974-08-12',
  sex: 'F',
  placeOfBirth: 'ZENITH',
  personalNumber: 'ZE184226B',
};

/** The record of domain.md with its pictures; parts may be replaced. */
export function sampleRecord(
  holder: Partial<Holder> = {},
  more: Partial<PersonalisationRecord> = {},
): PersonalisationRecord {
  return {
    schema: 'passport-record/1',
    application: '1234567890123456',
    document: { code: 'P', issuingState: 'UTO', type: 'ordinary' },
    holder: { ...HOLDER, ...holder },
    validity: { dateOfIssue: '2026-11-20', dateOfExpiry: '2036-11-19' },
    authority: 'PASSPORT OFFICE',
    portrait: { mediaType: 'image/jpeg', data: PORTRAIT },
    signature: { mediaType: 'image/png', data: SIGNATURE },
    ...more,
  };
}

/** The specimen of Doc 9303-4 Appendix B. */
export const SAMPLE_MRZ = [
  'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
] as const;

/** The data page of a record with everything else as usual. */
export const samplePage = (record = sampleRecord(), more: Partial<DataPageInput> = {}) =>
  renderDataPage({
    record,
    documentNumber: 'L898902C3',
    mrz: SAMPLE_MRZ,
    specimen: false,
    template: STANDARD_TEMPLATE,
    ...more,
  });

/** An opaque PNG of one tone or colour, base64. */
export function plainPng(width: number, height: number, [red, green, blue]: readonly [number, number, number]): string {
  const png = new PNG({ width, height });
  for (let at = 0; at < png.data.length; at += 4) png.data.set([red, green, blue, 255], at);
  return PNG.sync.write(png).toString('base64');
}
