import { describe, expect, test } from 'vitest';
import { PORTRAIT_ZONE } from '../../src/page/geometry.ts';
import { renderGrey } from '../../src/page/pdfium.ts';
import { rasterise } from '../../src/page/rasterise.ts';
import { inkShare } from './ink.ts';
import { plainPng, samplePage, sampleRecord } from './sample.ts';

const pageOfTone = (tone: number) =>
  samplePage(sampleRecord({}, { portrait: { mediaType: 'image/png', data: plainPng(350, 450, [tone, tone, tone]) } }));

describe('rasterise', () => {
  test('gives the same bits each time', async () => {
    const pdf = samplePage();
    expect(Buffer.from((await rasterise(pdf, 180)).data)).toEqual(Buffer.from((await rasterise(pdf, 180)).data));
  });

  test.each([0, 32, 64, 128, 192, 223, 255])('inks a portrait of tone %i as densely as it is dark', async (tone) => {
    const inside = { x: PORTRAIT_ZONE.x + 2, y: PORTRAIT_ZONE.y + 2, width: 31, height: 41 };
    const share = inkShare(await rasterise(pageOfTone(tone), 180), inside);
    expect(Math.abs(share - (1 - tone / 255))).toBeLessThan(0.01);
  });

  test('spreads the dots of a tone instead of drawing blots or stripes', async () => {
    const bitmap = await rasterise(pageOfTone(160), 180);
    for (let row = 0; row < 8; row += 1) {
      for (let column = 0; column < 6; column += 1) {
        const patch = { x: PORTRAIT_ZONE.x + 2 + column * 5, y: PORTRAIT_ZONE.y + 2 + row * 5, width: 4, height: 4 };
        expect(Math.abs(inkShare(bitmap, patch) - (1 - 160 / 255))).toBeLessThan(0.04);
      }
    }
  });

  test('inks text where the letters cover at least half of a dot, and nowhere else', async () => {
    const pdf = samplePage();
    const grey = await renderGrey(pdf, 180, (page) => ({ ...page, pixels: page.pixels.slice() }));
    const bitmap = await rasterise(pdf, 180, []);
    let [wrong, ink] = [0, 0];
    for (let y = 0; y < grey.height; y += 1) {
      for (let x = 0; x < grey.width; x += 1) {
        const inked = (bitmap.data[y * bitmap.stride + (x >> 3)]! & (0x80 >> (x & 7))) !== 0;
        if (inked !== grey.pixels[y * grey.stride + x]! < 128) wrong += 1;
        if (inked) ink += 1;
      }
    }
    expect(wrong).toBe(0);
    expect(ink).toBeGreaterThan(1000);
  });

  test.each([180, 203, 300, 360, 600])('leaves the bits beyond the width empty at %i dpi', async (dpi) => {
    const bitmap = await rasterise(pageOfTone(0), dpi);
    const spare = bitmap.stride * 8 - bitmap.width;
    const mask = (1 << spare) - 1;
    expect(bitmap.stride).toBe(Math.ceil(bitmap.width / 8));
    expect(bitmap.data.length).toBe(bitmap.stride * bitmap.height);
    for (let y = 0; y < bitmap.height; y += 1) expect(bitmap.data[(y + 1) * bitmap.stride - 1]! & mask).toBe(0);
  });

  test('rejects what is not a PDF and goes on with the next page', async () => {
    await expect(rasterise(Buffer.from('not a PDF at all'), 180)).rejects.toThrow('not a PDF');
    await expect(rasterise(samplePage(), 100_000)).rejects.toThrow(RangeError);
    await expect(rasterise(samplePage(), 180)).resolves.toMatchObject({ dpi: 180 });
  });
});
