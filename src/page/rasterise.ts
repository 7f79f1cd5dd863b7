/** A PDF page as the one-bit picture that a printer inks: text crisp by threshold, pictures by error diffusion. */
import { type Bitmap, blankBitmap } from '../domain/bitmap.ts';
import { type Box, PORTRAIT_ZONE, SIGNATURE_ZONE } from './geometry.ts';
import { type GreyPage, renderGrey } from './pdfium.ts';

/** Where a data page holds shades of grey. */
export const DATA_PAGE_PICTURES: readonly Box[] = [PORTRAIT_ZONE, SIGNATURE_ZONE];

/** A pixel is inked when at least half of it is covered: strokes keep their drawn width. */
const HALF_COVERED = 128;

interface PixelBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Eight pixels a byte; the plain loop is a few times faster than setting single dots. */
function threshold({ width, pixels }: GreyPage, into: Bitmap): void {
  for (let y = 0; y < into.height; y += 1) {
    const from = y * width;
    const to = y * into.stride;
    for (let x = 0; x < width; x += 1) {
      if (pixels[from + x]! < HALF_COVERED) into.data[to + (x >> 3)]! |= 0x80 >> (x & 7);
    }
  }
}

/**
 * Floyd-Steinberg error diffusion, row by row in alternating direction, so that no pattern leans to one side.
 * Tones are taken as they are stored: an impact printer's dots grow on paper about as much as the picture's gamma expects.
 */
function diffuse({ width, pixels }: GreyPage, box: PixelBox, into: Bitmap): void {
  const span = box.right - box.left;
  let here = new Float32Array(span + 2);
  let below = new Float32Array(span + 2);
  for (let y = box.top; y < box.bottom; y += 1) {
    const leftToRight = ((y - box.top) & 1) === 0;
    const step = leftToRight ? 1 : -1;
    for (let count = 0, column = leftToRight ? 0 : span - 1; count < span; count += 1, column += step) {
      const x = box.left + column;
      const at = y * into.stride + (x >> 3);
      const bit = 0x80 >> (x & 7);
      const grey = pixels[y * width + x]! + here[column + 1]!;
      const ink = grey < HALF_COVERED;
      into.data[at] = ink ? into.data[at]! | bit : into.data[at]! & ~bit;
      const error = ink ? grey : grey - 255;
      here[column + 1 + step]! += error * (7 / 16);
      below[column + 1 - step]! += error * (3 / 16);
      below[column + 1]! += error * (5 / 16);
      below[column + 1 + step]! += error * (1 / 16);
    }
    [here, below] = [below, here];
    below.fill(0);
  }
}

/**
 * Renders the first page of `pdf` at `dpi` dots per inch (any: 180 for a 24-pin head, 360, 600). The areas in `pictures`
 * (millimetres from the top left; those of the data page unless told) are dithered, everything else is thresholded.
 * Deterministic. Throws an `Error` for what is not a PDF.
 */
export async function rasterise(
  pdf: Uint8Array,
  dpi: number,
  pictures: readonly Box[] = DATA_PAGE_PICTURES,
): Promise<Bitmap> {
  const grey = await renderGrey(pdf, dpi);
  const bitmap = blankBitmap(grey.width, grey.height, dpi);
  threshold(grey, bitmap);
  const pixel = (millimetres: number) => (millimetres * dpi) / 25.4;
  for (const box of pictures) {
    diffuse(
      grey,
      {
        left: Math.max(0, Math.floor(pixel(box.x))),
        top: Math.max(0, Math.floor(pixel(box.y))),
        right: Math.min(grey.width, Math.ceil(pixel(box.x + box.width))),
        bottom: Math.min(grey.height, Math.ceil(pixel(box.y + box.height))),
      },
      bitmap,
    );
  }
  return bitmap;
}
