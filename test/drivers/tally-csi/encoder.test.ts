import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PageGeometry } from '../../../drivers/driver.ts';
import { type EncodedPage, type EncoderSettings, encodePage } from '../../../drivers/printers/tally-csi/encoder.ts';
import { addInk, type Bitmap, blankBitmap, inkAt } from '../../../src/domain/bitmap.ts';
import { readPage } from './page-reader.ts';

const AT_ORIGIN: PageGeometry = { pageTopMm: 0.15, needleMm: 0, leftMm: 0 };
const NUMBERS = { turns: [5, 6], printed: 8 } as const;
const settings = (more: Partial<EncoderSettings> = {}): EncoderSettings => ({
  geometry: AT_ORIGIN,
  avoidFlowBytes: false,
  lineDots: null,
  ...more,
});

function encode(page: Bitmap, more: Partial<EncoderSettings> = {}): EncodedPage {
  const encoded = encodePage(page, settings(more), NUMBERS);
  if (!encoded.ok) throw new Error(encoded.failure);
  return encoded.value;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').replace(/../g, '$& ').trim();

/** Dots of the bitmap where the encoder must put them with the geometry's offsets. */
function intended(page: Bitmap, geometry: PageGeometry): Set<string> {
  const left = Math.round((geometry.leftMm * 180) / 25.4);
  const top = Math.round((geometry.pageTopMm * 180) / 25.4) - Math.round((geometry.needleMm * 180) / 25.4);
  const dots = new Set<string>();
  for (let y = 0; y < page.height; y++) {
    for (let x = 0; x < page.width; x++) if (inkAt(page, x, y)) dots.add(`${x + left},${y + top}`);
  }
  return dots;
}

/** A bitmap whose bands, cut at row 0, 24, 48 ..., hold exactly these column bytes. */
function fromColumnBytes(bandsOfBytes: readonly (readonly number[])[]): Bitmap {
  const width = Math.max(...bandsOfBytes.map((bytes) => Math.ceil(bytes.length / 3)));
  const page = blankBitmap(width, bandsOfBytes.length * 24, 180);
  bandsOfBytes.forEach((bytes, band) => {
    bytes.forEach((byte, at) => {
      for (let bit = 0; bit < 8; bit++) {
        if (byte & (0x80 >> bit)) addInk(page, Math.floor(at / 3), band * 24 + (at % 3) * 8 + bit);
      }
    });
  });
  return page;
}

describe('encodePage: golden vectors', () => {
  it('encodes one dot as head, position, one column, ejection and control point', () => {
    const page = blankBitmap(10, 24, 180);
    addInk(page, 4, 0);
    const encoded = encode(page);
    expect(hex(encoded.bytes)).toBe(
      [
        '1b 5b 24 74', // CSI $ t
        '1b 5b 31 21 70', // CSI 1 ! p
        '1b 5b 35 21 74', // CSI 5 ! t
        '1b 24 01 00', // ESC $ 1 = column 3
        '1b 2a 27 02 00 00 00 00 80 00 00', // ESC * 39, a blank column and the dot
        '0c',
        '1b 5b 38 21 74', // CSI 8 ! t
      ].join(' '),
    );
    expect(encoded).toMatchObject({ points: [14], inkStart: 18, tailStart: 29 });
  });

  it('encodes a blank page as ejection only, with no byte that can ink', () => {
    const encoded = encode(blankBitmap(100, 100, 180));
    expect(hex(encoded.bytes)).toBe('1b 5b 24 74 1b 5b 31 21 70 1b 5b 35 21 74 0c 1b 5b 38 21 74');
    expect(encoded.inkStart).toBe(encoded.tailStart);
  });

  it('prints 4C of the firmware sequence as 48 with 04 laid over it', () => {
    const page = fromColumnBytes([[0x1b, 0x07, 0x4c]]);
    expect(hex(encode(page).bytes)).toBe(
      [
        '1b 5b 24 74 1b 5b 31 21 70 1b 5b 35 21 74',
        '1b 24 00 00 1b 2a 27 01 00 1b 07 48',
        '1b 5b 31 21 70 1b 24 00 00 1b 2a 27 01 00 00 00 04',
        '0c 1b 5b 38 21 74',
      ].join(' '),
    );
  });
});

describe('encodePage: properties', () => {
  const EVIL = [0x1b, 0x07, 0x4c, 0x11, 0x13, 0x0c, 0x5b, 0x00, 0x80, 0xff];
  const columnByte = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...EVIL) }, fc.integer({ min: 0, max: 255 }));
  const loader = fc.constant([0x1b, 0x07, 0x4c]);
  const bandBytes = fc
    .array(fc.oneof(fc.array(columnByte, { maxLength: 40 }), loader, fc.array(fc.constant(0), { maxLength: 60 })), {
      maxLength: 12,
    })
    // Ink in the very first row keeps the bands where the bytes were meant to stand.
    .map((parts) => [0x80, ...parts.flat()]);
  const geometry = fc.record({
    pageTopMm: fc.double({ min: 20, max: 120, noNaN: true }),
    needleMm: fc.double({ min: -10, max: 10, noNaN: true }),
    leftMm: fc.double({ min: 0, max: 100, noNaN: true }),
  });

  const holds = (page: Bitmap, where: PageGeometry, avoidFlowBytes: boolean) => {
    const { bytes, points, inkStart, tailStart } = encode(page, { geometry: where, avoidFlowBytes });
    expect(Buffer.from(bytes).includes(Buffer.from([0x1b, 0x07, 0x4c]))).toBe(false);
    if (avoidFlowBytes) expect(bytes.some((byte) => byte === 0x11 || byte === 0x13)).toBe(false);
    expect(readPage(bytes).dots).toEqual(intended(page, where));
    expect(readPage(bytes.slice(0, points[0])).commands.map((command) => command.replace(/[0-9]+/, 'n'))).toEqual([
      'CSI $t',
      'CSI n!p',
      'CSI n!t',
    ]);
    // Every control point stands behind a position or an ejection: nothing is left in the line when it is answered.
    points.forEach((point, turn) => {
      const before = readPage(bytes.slice(0, point)).commands.slice(-2);
      expect(before[0]).toMatch(/^CSI [0-9]+!p$/);
      expect(before[1]).toBe(`CSI ${NUMBERS.turns[turn % 2]}!t`);
    });
    expect(readPage(bytes).commands.filter((command) => command.endsWith('!t'))).toHaveLength(points.length + 1);
    const firstImage = Buffer.from(bytes).indexOf(Buffer.from([0x1b, 0x2a]));
    expect(inkStart).toBe(firstImage === -1 ? tailStart : firstImage);
    expect(readPage(bytes.slice(tailStart)).commands).toEqual(['FF', 'CSI 8!t']);
  };

  it('inks exactly the bitmap and never says ESC BEL L, whatever the bitmap', () => {
    fc.assert(
      fc.property(fc.array(bandBytes, { minLength: 1, maxLength: 4 }), geometry, fc.boolean(), (bands, where, flow) => {
        holds(fromColumnBytes(bands), where, flow);
      }),
      { numRuns: 400 },
    );
  });

  it('inks exactly random bitmaps of any size', () => {
    const bitmap = fc
      .record({ width: fc.integer({ min: 1, max: 120 }), height: fc.integer({ min: 1, max: 90 }) })
      .chain(({ width, height }) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          dots: fc.array(fc.tuple(fc.nat(width - 1), fc.nat(height - 1)), { maxLength: 300 }),
        }),
      )
      .map(({ width, height, dots }) => {
        const page = blankBitmap(width, height, 180);
        for (const [x, y] of dots) addInk(page, x, y);
        return page;
      });
    fc.assert(
      fc.property(bitmap, geometry, fc.boolean(), (page, where, flow) => {
        holds(page, where, flow);
      }),
      { numRuns: 400 },
    );
  });

  it('survives a page made of nothing but the firmware sequence, in every phase of it', () => {
    for (const phase of [0, 1, 2]) {
      const sequence = [0x1b, 0x07, 0x4c];
      const bytes = Array.from({ length: 900 }, (_, at) => sequence[(at + phase) % 3]!);
      // A first column with ink in rows 0 and 23 fixes the band without changing the phase.
      holds(fromColumnBytes([[0x80, 0, 1, ...bytes], [...bytes.slice(0, 30)]]), AT_ORIGIN, false);
      holds(fromColumnBytes([[0x80, 0, 1, ...bytes]]), AT_ORIGIN, true);
    }
  });

  it('keeps DC1 and DC3 out of counts and positions too', () => {
    for (let width = 1; width <= 600; width++) {
      const page = blankBitmap(width, 24, 180);
      for (let x = 0; x < width; x++) addInk(page, x, 0);
      holds(page, { pageTopMm: 1, needleMm: 0, leftMm: (width * 25.4) / 180 }, true);
    }
  });
});

describe('encodePage: economy', () => {
  it('skips blank rows and blank margins', () => {
    const page = blankBitmap(900, 624, 180);
    addInk(page, 450, 300);
    addInk(page, 460, 310);
    const { commands } = readPage(encode(page).bytes);
    expect(commands).toEqual([
      'CSI $t',
      'CSI 301!p',
      'CSI 5!t',
      'ESC $ 150',
      'ESC * 1',
      'ESC $ 153',
      'ESC * 2',
      'FF',
      'CSI 8!t',
    ]);
  });

  it('keeps the head inside the page at its lower edge', () => {
    const page = blankBitmap(8, 100, 180);
    addInk(page, 0, 0);
    addInk(page, 0, 99);
    const positions = readPage(encode(page).bytes).commands.filter((command) => command.endsWith('!p'));
    expect(positions).toEqual(['CSI 1!p', 'CSI 77!p']);
  });
});

describe('encodePage: refusals', () => {
  const dot = blankBitmap(100, 30, 180);
  addInk(dot, 99, 0);
  it.each([
    ['another resolution', blankBitmap(10, 10, 360), {}, /360 dpi/],
    ['a row above the first base line', dot, { geometry: { pageTopMm: 0, needleMm: 0, leftMm: 0 } }, /base line 0/],
    ['a column left of the line', dot, { geometry: { ...AT_ORIGIN, leftMm: -20 } }, /left of the line/],
    ['a column beyond the line', dot, { lineDots: 99 }, /beyond the line/],
    ['a malformed bitmap', { ...dot, stride: 14 }, {}, /malformed/],
  ])('refuses %s', (_, page, more, reason) => {
    const encoded = encodePage(page, settings(more), NUMBERS);
    expect(encoded.ok).toBe(false);
    if (!encoded.ok) expect(encoded.failure).toMatch(reason);
  });
});
