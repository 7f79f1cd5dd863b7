/** Measures what is printed: millimetres from the bitmap's top left. */
import { addInk, type Bitmap, blankBitmap, inkAt } from '../../src/domain/bitmap.ts';
import type { Box } from '../../src/page/geometry.ts';

interface Edges {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function* dotsIn(bitmap: Bitmap, box: Box): Generator<{ x: number; y: number }> {
  const pixel = (millimetres: number) => Math.round((millimetres * bitmap.dpi) / 25.4);
  for (let y = Math.max(0, pixel(box.y)); y < Math.min(bitmap.height, pixel(box.y + box.height)); y += 1) {
    for (let x = Math.max(0, pixel(box.x)); x < Math.min(bitmap.width, pixel(box.x + box.width)); x += 1)
      yield { x, y };
  }
}

/** The smallest rectangle around all ink inside `box`; null when there is none. */
export function inkEdges(bitmap: Bitmap, box: Box): Edges | null {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, -1, -1];
  for (const { x, y } of dotsIn(bitmap, box)) {
    if (!inkAt(bitmap, x, y)) continue;
    [left, top] = [Math.min(left, x), Math.min(top, y)];
    [right, bottom] = [Math.max(right, x + 1), Math.max(bottom, y + 1)];
  }
  const millimetres = 25.4 / bitmap.dpi;
  if (right < 0) return null;
  return {
    left: left * millimetres,
    top: top * millimetres,
    right: right * millimetres,
    bottom: bottom * millimetres,
  };
}

/** Share of inked dots inside `box`, 0 to 1. */
export function inkShare(bitmap: Bitmap, box: Box): number {
  let [ink, all] = [0, 0];
  for (const { x, y } of dotsIn(bitmap, box)) {
    all += 1;
    if (inkAt(bitmap, x, y)) ink += 1;
  }
  return ink / all;
}

/** A new picture of which `keep` decides every dot: shifted, speckled, faded or blanked copies. */
export function redrawn(bitmap: Bitmap, keep: (x: number, y: number) => boolean): Bitmap {
  const copy = blankBitmap(bitmap.width, bitmap.height, bitmap.dpi);
  for (let y = 0; y < bitmap.height; y += 1) {
    for (let x = 0; x < bitmap.width; x += 1) if (keep(x, y)) addInk(copy, x, y);
  }
  return copy;
}

/** Reads dots beyond the edges as paper. */
export const inked = (bitmap: Bitmap, x: number, y: number) =>
  x >= 0 && y >= 0 && x < bitmap.width && y < bitmap.height && inkAt(bitmap, x, y);

/** Evenly spread numbers from 0 to below 1, the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
