/**
 * A judge of printed MRZs that nobody here wrote: Tesseract's legacy engine (tesseract.js, data from npm, no network).
 * It reads pictures of pages and knows nothing of cells, fonts or check digits.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PNG } from 'pngjs';
import { createWorker, OEM, PSM, type Worker } from 'tesseract.js';
import { type Bitmap, inkAt } from '../src/domain/bitmap.ts';

/** The machine readable zone on the page, with some paper around it; millimetres. */
const ZONE = { x: 2, y: 68, width: 121, height: 17 };
/** Letters of about 30 pixels: what the engine was trained on. */
const WANTED_DPI = 250;
/** Sampling points to a pixel, in each direction. */
const SAMPLES = 6;

/** The zone in shades of grey: each pixel averages the dots below it and the half pixel around it. */
function zonePicture(bitmap: Bitmap, pageOriginMm: { x: number; y: number }): Buffer {
  const dots = bitmap.dpi / WANTED_DPI;
  const perMm = WANTED_DPI / 25.4;
  const [left, top] = [(pageOriginMm.x + ZONE.x) * perMm, (pageOriginMm.y + ZONE.y) * perMm];
  const png = new PNG({ width: Math.round(ZONE.width * perMm), height: Math.round(ZONE.height * perMm) });
  const inked = (column: number, row: number) =>
    column >= 0 && row >= 0 && column < bitmap.width && row < bitmap.height && inkAt(bitmap, column, row);
  for (let y = 0; y < png.height; y += 1) {
    for (let x = 0; x < png.width; x += 1) {
      let ink = 0;
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
        const dx = (((sample % SAMPLES) + 0.5) / SAMPLES) * 2 - 0.5;
        const dy = ((Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) * 2 - 0.5;
        if (inked(Math.floor((left + x + dx) * dots), Math.floor((top + y + dy) * dots))) ink += 1;
      }
      const tone = Math.round(255 * (1 - ink / (SAMPLES * SAMPLES)));
      png.data.set([tone, tone, tone, 255], (y * png.width + x) * 4);
    }
  }
  return PNG.sync.write(png);
}

async function startEngine(): Promise<Worker> {
  const data = dirname(createRequire(import.meta.url).resolve('@tesseract.js-data/eng/package.json'));
  const worker = await createWorker(
    'eng',
    OEM.TESSERACT_ONLY,
    { langPath: join(data, '4.0.0'), legacyCore: true, legacyLang: true, cacheMethod: 'none', gzip: true },
    { load_system_dawg: '0', load_freq_dawg: '0', load_unambig_dawg: '0', load_punc_dawg: '0', load_number_dawg: '0' },
  );
  await worker.setParameters({
    tessedit_char_whitelist: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<',
    tessedit_pageseg_mode: PSM.SINGLE_BLOCK,
    user_defined_dpi: `${WANTED_DPI}`,
  });
  return worker;
}

/** What the engine makes of each page's zone: its lines from the top, blanks removed, nothing corrected. */
export async function readWithTesseract(
  bitmaps: readonly Bitmap[],
  { pageOriginMm = { x: 0, y: 0 } }: { pageOriginMm?: { x: number; y: number } } = {},
): Promise<string[][]> {
  const engine = await startEngine();
  try {
    const read: string[][] = [];
    for (const bitmap of bitmaps) {
      const { data } = await engine.recognize(zonePicture(bitmap, pageOriginMm));
      const lines = data.text.split('\n').map((line) => line.replaceAll(' ', ''));
      read.push(lines.filter((line) => line !== ''));
    }
    return read;
  } finally {
    await engine.terminate();
  }
}

const LOOK_ALIKES: readonly (readonly [string, string])[] = [
  ['OQD', '0'],
  ['I', '1'],
  ['Z', '2'],
  ['S', '5'],
  ['B', '8'],
  ['G', '6'],
];

/** Letters and digits that an engine not made for OCR-B takes for each other become one. */
export function fold(line: string): string {
  let folded = line;
  for (const [letters, digit] of LOOK_ALIKES) folded = folded.replace(new RegExp(`[${letters}]`, 'g'), digit);
  return folded;
}

/** Share of positions at which both agree after folding, 0 to 1; a line of another length counts its missing places as wrong. */
export function agreement(read: readonly string[], intended: readonly string[]): number {
  let [same, all] = [0, 0];
  for (let index = 0; index < Math.max(read.length, intended.length); index += 1) {
    const [left, right] = [fold(read[index] ?? ''), fold(intended[index] ?? '')];
    all += Math.max(left.length, right.length);
    for (let at = 0; at < right.length; at += 1) if (left[at] === right[at]) same += 1;
  }
  return same / all;
}
