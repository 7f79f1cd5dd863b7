import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bitmap, blankBitmap, inkAt } from '../../src/domain/bitmap.ts';
import { renderDataPage } from '../../src/page/data-page.ts';
import { rasterise } from '../../src/page/rasterise.ts';
import { STANDARD_TEMPLATE } from '../../src/page/template.ts';
import { SAMPLE_MRZ, sampleRecord } from '../page/sample.ts';
import type { Rig } from './rig.ts';

const DPI = 360;
/** Share of a cell's dots that may have no counterpart within one dot: two renderers round an outline differently. */
const TOLERATED = 0.01;

const page = (mrz: readonly [string, string]): Uint8Array =>
  renderDataPage({
    record: sampleRecord(),
    documentNumber: 'L898902C3',
    mrz,
    specimen: true,
    template: STANDARD_TEMPLATE,
  });

/** Ghostscript's own bitmap of the page; throws when it has anything to complain of. */
function byGhostscript(pdf: Uint8Array): Bitmap {
  const folder = mkdtempSync(join(tmpdir(), 'ghostscript-'));
  try {
    const [file, picture] = [join(folder, 'page.pdf'), join(folder, 'page.pbm')];
    writeFileSync(file, pdf);
    const options = ['-dNOPAUSE', '-dBATCH', '-dSAFER', '-dPDFSTOPONWARNING', '-sDEVICE=pbmraw', `-r${DPI}`];
    const said = execFileSync('gs', ['-q', ...options, `-sOutputFile=${picture}`, file], { encoding: 'utf8' });
    if (said.trim() !== '') throw new Error(`Ghostscript complains: ${said}`);
    return readPbm(readFileSync(picture));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Netpbm P4: width, height, then rows of packed bits, 1 = ink. */
function readPbm(bytes: Uint8Array): Bitmap {
  const header = /^P4\s+(?:#[^\n]*\n\s*)*(\d+)\s+(\d+)\s/.exec(Buffer.from(bytes.subarray(0, 200)).toString('latin1'));
  if (header === null) throw new Error('not a PBM picture');
  const bitmap = blankBitmap(Number(header[1]), Number(header[2]), DPI);
  bitmap.data.set(bytes.subarray(header[0].length, header[0].length + bitmap.data.length));
  return bitmap;
}

/** Cells of the MRZ (page.md), by line and place from 1, in which the two pictures differ beyond rounding. */
function differingCells(a: Bitmap, b: Bitmap): string[] {
  const dots = (millimetres: number) => Math.round((millimetres * DPI) / 25.4);
  const differing: string[] = [];
  for (const [line, centre] of [88 - 15.75, 88 - 9.4].entries()) {
    for (let place = 0; place < 44; place += 1) {
      const [left, right] = [dots(6 + place * 2.54), dots(6 + (place + 1) * 2.54)];
      const [top, bottom] = [dots(centre - 2), dots(centre + 2)];
      let lonely = 0;
      for (let y = top; y < bottom; y += 1) {
        for (let x = left; x < right; x += 1) {
          if (inkAt(a, x, y) && !nearInk(b, x, y)) lonely += 1;
          if (inkAt(b, x, y) && !nearInk(a, x, y)) lonely += 1;
        }
      }
      if (lonely > TOLERATED * (right - left) * (bottom - top)) differing.push(`${line + 1}:${place + 1}`);
    }
  }
  return differing;
}

const nearInk = (bitmap: Bitmap, x: number, y: number): boolean =>
  [-1, 0, 1].some((dy) => [-1, 0, 1].some((dx) => inkAt(bitmap, x + dx, y + dy)));

export const rig: Rig = {
  proves: 'Ghostscript accepts the page without a warning and draws the same 88 characters at the same places',
  needs: [{ debian: 'ghostscript', command: 'gs' }],
  async run() {
    const theirs = byGhostscript(page(SAMPLE_MRZ));
    const same = differingCells(await rasterise(page(SAMPLE_MRZ), DPI), theirs);
    if (same.length > 0) throw new Error(`drawn differently: ${same.join(' ')}`);
    const [first, second] = SAMPLE_MRZ;
    const other = await rasterise(page([first, `${second.slice(0, 12)}A${second.slice(13)}`]), DPI);
    const caught = differingCells(other, theirs);
    if (caught.join() !== '2:13')
      throw new Error(`the control with one other letter was seen as ${caught.join(' ') || 'equal'}`);
    console.log('88 characters agree; a control with one other letter differs in that place only');
  },
};
