import type { Bitmap } from '../../../src/domain/bitmap.ts';

/** Needles of the head: rows of one band. */
export const NEEDLES = 24;
/** Bytes of one column of a band; the most significant bit of the first is the top needle. */
export const COLUMN_BYTES = 3;

/** One sweep of the head: 24 rows from `top` on, as columns from the page's left edge to its right edge. */
export interface Band {
  /** Row of the page under the first needle. */
  readonly top: number;
  /** `page.width * 3` bytes. */
  readonly columns: Uint8Array;
}

/**
 * Cuts a page into as few bands as possible: each begins at the next row with ink. The last one is moved up so that no
 * needle passes the page's lower edge, where the document may end ("print outside the document" is an ERROR, p224);
 * its rows that were printed before stay blank.
 */
export function bandsOf(page: Bitmap): Band[] {
  const bands: Band[] = [];
  let from = nextInkedRow(page, 0);
  while (from < page.height) {
    const top = Math.max(0, Math.min(from, page.height - NEEDLES));
    bands.push({ top, columns: columnsOf(page, top, from) });
    from = nextInkedRow(page, top + NEEDLES);
  }
  return bands;
}

function nextInkedRow(page: Bitmap, from: number): number {
  for (let y = from; y < page.height; y++) {
    const row = y * page.stride;
    for (let at = row; at < row + page.stride; at++) if (page.data[at] !== 0) return y;
  }
  return page.height;
}

/** Turns rows `from` to `top + 23` by 90 degrees; the rows between `top` and `from` stay blank. */
function columnsOf(page: Bitmap, top: number, from: number): Uint8Array {
  const columns = new Uint8Array(page.width * COLUMN_BYTES);
  const end = Math.min(top + NEEDLES, page.height);
  for (let y = from; y < end; y++) {
    const needle = y - top;
    const dot = 0x80 >> (needle & 7);
    const row = y * page.stride;
    for (let byteAt = 0; byteAt < page.stride; byteAt++) {
      let pixels = page.data[row + byteAt]!;
      while (pixels !== 0) {
        const leading = Math.clz32(pixels) - 24;
        pixels &= ~(0x80 >> leading);
        const x = byteAt * 8 + leading;
        if (x < page.width) columns[x * COLUMN_BYTES + (needle >> 3)]! |= dot;
      }
    }
  }
  return columns;
}

/** Columns with ink, `start` to before `end`, without blank stretches longer than `gap` columns. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

export function inkRuns(columns: Uint8Array, gap: number): Run[] {
  const runs: { start: number; end: number }[] = [];
  const count = columns.length / COLUMN_BYTES;
  for (let x = 0; x < count; x++) {
    const at = x * COLUMN_BYTES;
    if ((columns[at]! | columns[at + 1]! | columns[at + 2]!) === 0) continue;
    const last = runs.at(-1);
    if (last && x - last.end <= gap) last.end = x + 1;
    else runs.push({ start: x, end: x + 1 });
  }
  return runs;
}
