import { beforeAll, describe, expect, test } from 'vitest';
import type { Bitmap } from '../../src/domain/bitmap.ts';
import { fontOf } from '../../src/page/fonts.ts';
import { type Box, CLEAR_MARGIN, MRZ, PORTRAIT_ZONE, SIGNATURE_ZONE } from '../../src/page/geometry.ts';
import { rasterise } from '../../src/page/rasterise.ts';
import { inkEdges, inkShare } from './ink.ts';
import { plainPng, SAMPLE_MRZ, samplePage, sampleRecord } from './sample.ts';

const LONG = sampleRecord(
  {
    primaryIdentifier: 'PAPANDROPOULOUS WOOLOOMOOLOO VON DER WARRANDYTE-BENNELONG',
    secondaryIdentifier: 'JONATHON WARREN TREVOR CHRISTOPHER ALEXANDER MAXIMILIAN NILAVADHANANANDA DEJTHAMRONG',
    placeOfBirth: 'LLANFAIRPWLLGWYNGYLL BY THE SEA, NORTH ZENITH PROVINCE',
    personalNumber: 'WWWWWWWWWWWWWW',
  },
  { authority: 'KANTOR IMIGRASI KELAS I KHUSUS TPI SOEKARNO-HATTA' },
);

const cell = (index: number, line: 0 | 1): Box => ({
  x: MRZ.left + index * MRZ.pitch,
  y: MRZ.printZones[line].y,
  width: MRZ.pitch,
  height: MRZ.printZones[line].height,
});

/** Edges fall anywhere between dots: a measurement can be off by a dot at either end. */
const twoDots = (dpi: number) => (2 * 25.4) / dpi;

describe.each([180, 360])('the printed page at %i dpi', (dpi) => {
  let plain: Bitmap;
  let specimen: Bitmap;
  let long: Bitmap;

  beforeAll(async () => {
    plain = await rasterise(samplePage(), dpi);
    specimen = await rasterise(samplePage(sampleRecord(), { specimen: true }), dpi);
    long = await rasterise(samplePage(LONG, { specimen: true }), dpi);
  });

  test('is 125 x 88 mm', () => {
    expect([plain.width, plain.height]).toEqual([Math.round((125 * dpi) / 25.4), Math.round((88 * dpi) / 25.4)]);
  });

  test('puts the ink of each of the 88 characters where Figure 3 and the font say', () => {
    const { unitsPerEm } = fontOf('ocr-b');
    const perUnit = (MRZ.fontSize * 25.4) / 72 / unitsPerEm;
    for (const line of [0, 1] as const) {
      [...SAMPLE_MRZ[line]].forEach((character, index) => {
        const { commands } = fontOf('ocr-b').glyphForCodePoint(character.codePointAt(0)!).path;
        const xs = commands.flatMap(({ args }) => args.filter((_, at) => at % 2 === 0)).map((x) => x * perUnit);
        const ys = commands.flatMap(({ args }) => args.filter((_, at) => at % 2 === 1)).map((y) => y * perUnit);
        const edges = inkEdges(plain, cell(index, line))!;
        const left = MRZ.left + index * MRZ.pitch;
        const off = [
          edges.left - (left + Math.min(...xs)),
          edges.right - (left + Math.max(...xs)),
          edges.top - (MRZ.baselines[line] - Math.max(...ys)),
          edges.bottom - (MRZ.baselines[line] - Math.min(...ys)),
        ];
        expect(Math.max(...off.map(Math.abs)), `${character} at ${index + 1}`).toBeLessThan(twoDots(dpi) * 0.75);
      });
    }
  });

  test('centres the lines 15.75 and 9.40 mm above the bottom edge', async () => {
    const lines = ['H'.repeat(44), 'H'.repeat(44)] as const;
    const bitmap = await rasterise(samplePage(sampleRecord(), { mrz: lines }), dpi);
    for (const [line, centre] of [88 - 15.75, 88 - 9.4].entries()) {
      const edges = inkEdges(bitmap, { x: 0, y: centre - 3, width: 125, height: 6 })!;
      expect(Math.abs((edges.top + edges.bottom) / 2 - centre), `line ${line + 1}`).toBeLessThan(twoDots(dpi) * 0.75);
    }
  });

  test('keeps ink out of the margins and of the paper around the MRZ lines', () => {
    for (const page of [plain, specimen, long]) {
      expect(inkEdges(page, { x: 0, y: 0, width: CLEAR_MARGIN, height: 88 })).toBeNull();
      expect(inkEdges(page, { x: 125 - CLEAR_MARGIN, y: 0, width: CLEAR_MARGIN, height: 88 })).toBeNull();
      expect(inkEdges(page, { x: 0, y: 0, width: 125, height: CLEAR_MARGIN })).toBeNull();
      expect(inkEdges(page, { x: 0, y: 64.8, width: 125, height: 70.1 - 64.8 })).toBeNull();
      expect(inkEdges(page, { x: 0, y: 74.4, width: 125, height: 76.45 - 74.4 })).toBeNull();
      expect(inkEdges(page, { x: 0, y: 80.75, width: 125, height: 88 - 80.75 })).toBeNull();
    }
  });

  test('prints captions 1.0 to 1.8 mm high', () => {
    const capital = inkEdges(plain, { x: 41, y: 15.9, width: 0.95, height: 1.7 })!;
    expect(capital.bottom - capital.top).toBeGreaterThan(1.0);
    expect(capital.bottom - capital.top).toBeLessThan(1.8);
  });

  test('carries SPECIMEN over the visual zone only, and lightly', () => {
    const rightOfPortrait = { x: 41, y: 8, width: 81, height: 46 };
    expect(inkShare(specimen, rightOfPortrait)).toBeGreaterThan(inkShare(plain, rightOfPortrait) + 0.005);
    expect(inkShare(specimen, rightOfPortrait)).toBeLessThan(inkShare(plain, rightOfPortrait) + 0.05);
    const mrz = { x: 0, y: 64.8, width: 125, height: 23.2 };
    expect(inkShare(specimen, mrz)).toBe(inkShare(plain, mrz));
  });

  test.each([
    { name: 'upright', width: 346, height: 445, printed: { width: 34.6, height: 44.5 } },
    { name: 'narrow', width: 300, height: 445, printed: { width: 30, height: 44.5 } },
    { name: 'wide', width: 400, height: 400, printed: { width: 34.6, height: 34.6 } },
  ])('keeps the proportions of a portrait that is $name', async ({ width, height, printed }) => {
    const portrait = { mediaType: 'image/png', data: plainPng(width, height, [0, 0, 0]) } as const;
    const page = await rasterise(samplePage(sampleRecord({}, { portrait })), dpi);
    const edges = inkEdges(page, { x: 0, y: 15.5, width: 40, height: 48 })!;
    const [printedWidth, printedHeight] = [edges.right - edges.left, edges.bottom - edges.top];
    expect(Math.abs(printedWidth - printed.width)).toBeLessThan(twoDots(dpi) * 1.1);
    expect(Math.abs(printedHeight - printed.height)).toBeLessThan(twoDots(dpi) * 1.1);
    expect(printedWidth).toBeLessThanOrEqual(35);
    expect(printedHeight).toBeLessThanOrEqual(45);
    expect(edges.left).toBeGreaterThanOrEqual(2);
    expect(edges.left).toBeGreaterThan(PORTRAIT_ZONE.x - 0.1);
    expect(edges.bottom).toBeLessThan(PORTRAIT_ZONE.y + PORTRAIT_ZONE.height + twoDots(dpi));
  });

  test('gives the signature an area of its own without a border', async () => {
    const white = { mediaType: 'image/png', data: plainPng(600, 180, [255, 255, 255]) } as const;
    const blank = await rasterise(samplePage(sampleRecord({}, { signature: white })), dpi);
    expect(inkEdges(blank, SIGNATURE_ZONE)).toBeNull();
    expect(inkEdges(plain, SIGNATURE_ZONE)).not.toBeNull();
  });
});
