import { describe, expect, test } from 'vitest';
import { readMrz } from '../../mocks/mrz-reader.ts';
import { MRZ_CHARACTERS } from '../../mocks/readers/ocr-b-templates.ts';
import { addInk, type Bitmap, blankBitmap, inkAt } from '../../src/domain/bitmap.ts';
import { rasterise } from '../../src/page/rasterise.ts';
import { inked, redrawn, seeded } from './ink.ts';
import { SAMPLE_MRZ, samplePage, sampleRecord } from './sample.ts';

type Lines = readonly [string, string];

const printed = (mrz: Lines, dpi: number) => rasterise(samplePage(sampleRecord(), { mrz, specimen: true }), dpi);

const randomLine = (random: () => number) =>
  Array.from({ length: 44 }, () => MRZ_CHARACTERS[Math.floor(random() * MRZ_CHARACTERS.length)]).join('');

/** Paper of a dot's width between which the reader must find the lines again. */
const moved = (bitmap: Bitmap, dx: number, dy: number) => redrawn(bitmap, (x, y) => inked(bitmap, x - dx, y - dy));

const cellOf = (bitmap: Bitmap, line: 0 | 1, position: number) => {
  const perMm = bitmap.dpi / 25.4;
  const left = (6 + (position - 1) * 2.54) * perMm;
  const top = [70.1, 76.45][line]! * perMm;
  return (x: number, y: number) => x >= left && x < left + 2.54 * perMm && y >= top && y < top + 4.3 * perMm;
};

describe.each([180, 300, 360])('the simulated reader at %i dpi', (dpi) => {
  test('reads all 88 characters, whatever they are', async () => {
    const random = seeded(9303);
    for (const mrz of [
      SAMPLE_MRZ,
      [randomLine(random), randomLine(random)],
      [randomLine(random), randomLine(random)],
    ]) {
      expect(readMrz(await printed(mrz as Lines, dpi)).lines).toEqual(mrz);
    }
  });

  test('reads every character of the alphabet at both ends of a line', async () => {
    const alphabet = MRZ_CHARACTERS.padEnd(44, '<');
    const mrz: Lines = [alphabet, [...alphabet].reverse().join('')];
    expect(readMrz(await printed(mrz, dpi)).lines).toEqual(mrz);
  });

  test.each([
    [0.9, -0.7],
    [-1, 1],
    [0.3, 0.5],
  ])('finds lines that stand %f mm right of and %f mm below their place', async (right, below) => {
    const dots = [right, below].map((millimetres) => Math.round((millimetres * dpi) / 25.4));
    const reading = readMrz(moved(await printed(SAMPLE_MRZ, dpi), dots[0]!, dots[1]!));
    expect(reading.lines).toEqual(SAMPLE_MRZ);
    for (const offset of reading.offsetsMm) {
      expect(Math.abs(offset.x - right)).toBeLessThan(0.2);
      expect(Math.abs(offset.y - below)).toBeLessThan(0.2);
    }
  });

  test('reads through speckles on paper and in the ink', async () => {
    const random = seeded(42);
    const page = await printed(SAMPLE_MRZ, dpi);
    const speckled = redrawn(page, (x, y) => (random() < 0.03 ? !inkAt(page, x, y) : inkAt(page, x, y)));
    const reading = readMrz(speckled);
    expect(reading.lines).toEqual(SAMPLE_MRZ);
    expect(Math.min(...reading.scores.flat())).toBeLessThan(0.95);
  });

  test('finds a page inside an opened booklet', async () => {
    const page = await printed(SAMPLE_MRZ, dpi);
    const origin = { x: Math.round((4 * dpi) / 25.4), y: Math.round((88 * dpi) / 25.4) };
    const booklet = blankBitmap(page.width + 2 * origin.x, page.height * 2, dpi);
    for (let y = 0; y < page.height; y += 1) {
      for (let x = 0; x < page.width; x += 1) {
        if (inkAt(page, x, y)) addInk(booklet, x + origin.x, y + origin.y);
      }
    }
    expect(readMrz(booklet, { pageOriginMm: { x: 4, y: 88 } }).lines).toEqual(SAMPLE_MRZ);
    expect(readMrz(booklet).lines).not.toEqual(SAMPLE_MRZ);
  });

  test('reports every single character that another page has', async () => {
    const random = seeded(7);
    for (const position of [1, 9, 20, 31, 44]) {
      const line = SAMPLE_MRZ[1];
      const other = [...MRZ_CHARACTERS].filter((character) => character !== line[position - 1]);
      const wrong = other[Math.floor(random() * other.length)]!;
      const altered = line.slice(0, position - 1) + wrong + line.slice(position);
      expect(readMrz(await printed([SAMPLE_MRZ[0], altered], dpi)).lines).toEqual([SAMPLE_MRZ[0], altered]);
    }
  });

  test('takes look-alikes for what they are', async () => {
    const mrz: Lines = ['O0O0Q0D0I1I1Z2Z2S5S5B8B8G6G6C<C<U0V<Y7K<H4N9', '0O0O0Q0D1I1I2Z2Z5S5S8B8B6G6G<C<C0U<V7Y<K4H9N'];
    expect(readMrz(await printed(mrz, dpi)).lines).toEqual(mrz);
  });

  test('does not guess: a blank or blotted cell is no character, a missing zone is none at all', async () => {
    const page = await printed(SAMPLE_MRZ, dpi);
    const eleventh = cellOf(page, 1, 11);
    const blank = redrawn(page, (x, y) => !eleventh(x, y) && inkAt(page, x, y));
    const blotted = redrawn(page, (x, y) => eleventh(x, y) || inkAt(page, x, y));
    const wanted = `${SAMPLE_MRZ[1].slice(0, 10)}?${SAMPLE_MRZ[1].slice(11)}`;
    expect(readMrz(blank).lines).toEqual([SAMPLE_MRZ[0], wanted]);
    expect(readMrz(blotted).lines).toEqual([SAMPLE_MRZ[0], wanted]);
    const above = redrawn(page, (x, y) => y < (64.8 * dpi) / 25.4 && inkAt(page, x, y));
    expect(readMrz(above).lines).toEqual(['?'.repeat(44), '?'.repeat(44)]);
  });

  test('is less sure of faint ink and gives up when next to nothing is left', async () => {
    const page = await printed(SAMPLE_MRZ, dpi);
    const faded = (keep: number) => {
      const random = seeded(3);
      return readMrz(redrawn(page, (x, y) => inkAt(page, x, y) && random() < keep));
    };
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const [full, half, trace] = [readMrz(page), faded(0.5), faded(0.05)];
    expect(mean(half.scores.flat())).toBeLessThan(mean(full.scores.flat()) - 0.1);
    expect(trace.lines.join('').replaceAll('?', '').length).toBeLessThan(20);
  });
});
