import { seededRandom, type TallyOptions, TallyPrinter, VirtualTime } from '../../../mocks/index.ts';
import { type Bitmap, inkAt } from '../../../src/domain/bitmap.ts';

/** A host for these tests alone: writes the printer's language as the manual has it, and reads its answers as text. */

export const ESC = 0x1b;
const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

export const csi = (rest: string): Uint8Array => latin(`\x1b[${rest}`);
export const FF = Uint8Array.of(0x0c);
export const CR = Uint8Array.of(0x0d);

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

/** ESC * m=39: columns of 24 dots, 3 bytes each, most significant bit of the first byte on top. */
export function columns(data: Uint8Array): Uint8Array {
  const count = data.length / 3;
  return join(Uint8Array.of(ESC, 0x2a, 39, count & 0xff, count >> 8), data);
}

/** 24 rows of `page` from `top` on. */
export function band(page: Bitmap, top: number): Uint8Array {
  const data = new Uint8Array(page.width * 3);
  for (let x = 0; x < page.width; x++)
    for (let row = 0; row < 24 && top + row < page.height; row++)
      if (inkAt(page, x, top + row)) data[x * 3 + (row >> 3)]! |= 0x80 >> (row & 7);
  return data;
}

/** Where the page lies: dots from the leading edge to the page, from the base line to needle 1, from column 0 to the page. */
export interface Placing {
  readonly pageTop: number;
  readonly needle: number;
  /** A multiple of 3: ESC $ counts in 1/60 inch. */
  readonly left: number;
}

export const PLAIN: Placing = { pageTop: 0, needle: 0, left: 0 };

/** A whole job: modes, every band that has ink, eject, control point. Row 0 needs `pageTop > needle`. */
export function job(page: Bitmap, controlPoint: number, placing: Placing = PLAIN): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.of(ESC, 0x40), csi('$t')];
  for (let top = placing.pageTop > placing.needle ? 0 : 1; top < page.height; top += 24) {
    const data = band(page, top);
    if (!data.some((byte) => byte !== 0)) continue;
    parts.push(csi(`${placing.pageTop + top - placing.needle}!p`));
    const steps = placing.left / 3;
    parts.push(Uint8Array.of(ESC, 0x24, steps & 0xff, steps >> 8), columns(data), CR);
  }
  parts.push(FF, csi(`${controlPoint}!t`));
  return join(...parts);
}

/** A page of the printer's resolution with seeded speckles, row 0 empty (a base line counts from 1). */
export function speckled(width = 886, height = 624, seed = 7): Bitmap {
  const random = seededRandom(seed);
  const stride = Math.ceil(width / 8);
  const data = new Uint8Array(stride * height);
  for (let at = stride; at < data.length; at++) data[at] = Math.floor(random() * 256) & Math.floor(random() * 256);
  const spare = stride * 8 - width;
  for (let row = 1; row < height; row++) data[row * stride + stride - 1]! &= 0xff << spare;
  // ESC BEL L would put the printer into firmware load; this test page keeps its columns free of BEL.
  for (let x = 0; x < width; x++) for (let y = 0; y < height; y++) if (y % 8 === 0) clear(data, stride, x, y + 5);
  return { width, height, dpi: 180, stride, data };
}

function clear(data: Uint8Array, stride: number, x: number, y: number): void {
  const at = y * stride + (x >> 3);
  if (at < data.length) data[at]! &= ~(0x80 >> (x & 7));
}

/** A printer in virtual time whose answers are collected, booted and listened to. */
export function bootedPrinter(options: Partial<TallyOptions> = {}) {
  const time = new VirtualTime();
  const printer = new TallyPrinter({ time, ...options });
  const said: string[] = [];
  printer.listen((bytes) => said.push(Buffer.from(bytes).toString('latin1').replaceAll('\x1b[', 'CSI ')));
  printer.sessionBegins();
  time.advance(5000);
  return {
    time,
    printer,
    said,
    /** What was said since the last call. */
    heard: () => said.splice(0),
    /** Sends as the printer lets it, for at most ten simulated minutes. */
    send(bytes: Uint8Array) {
      let at = 0;
      for (let waits = 0; at < bytes.length && waits < 6000; waits++) {
        while (printer.flowReady && at < bytes.length) {
          printer.receive(bytes.subarray(at, at + 100));
          at += 100;
        }
        time.advance(100);
      }
      return Math.min(at, bytes.length);
    },
  };
}
