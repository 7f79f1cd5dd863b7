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

/** Four white pixels as one signed number. */
const WHITE = -1;

/** Eight pixels a step: most of a page is white, and that is seen in one comparison. */
function threshold({ stride, height, pixels }: GreyPage, into: Bitmap): void {
  const fours = new Int32Array(pixels.buffer, pixels.byteOffset, pixels.length / 4);
  for (let y = 0; y < height; y += 1) {
    for (let byte = 0; byte < into.stride; byte += 1) {
      const from = y * stride + byte * 8;
      const four = from >> 2;
      if ((fours[four]! & fours[four + 1]!) === WHITE) continue;
      let eight = 0;
      for (let bit = 0; bit < 8; bit += 1) if (pixels[from + bit]! < HALF_COVERED) eight |= 0x80 >> bit;
      into.data[y * into.stride + byte] = eight;
    }
  }
}

/**
 * Floyd-Steinberg error diffusion, row by row in alternating direction, so that no pattern leans to one side. Errors are
 * kept in sixteenths of a shade. Tones are taken as they are stored: an impact printer's dots grow on paper about as
 * much as the picture's gamma expects.
 */
function diffuse({ stride, pixels }: GreyPage, box: PixelBox, into: Bitmap): void {
  const span = box.right - box.left;
  let here = new Int32Array(span + 2);
  let below = new Int32Array(span + 2);
  for (let y = box.top; y < box.bottom; y += 1) {
    const leftToRight = ((y - box.top) & 1) === 0;
    const step = leftToRight ? 1 : -1;
    const pixelRow = y * stride + box.left - 1;
    const bitRow = y * into.stride;
    // What the pixel before gave to this one, to the one below it, and to the one below this.
    let ahead = 0;
    let belowBefore = 0;
    let belowHere = 0;
    let column = leftToRight ? 1 : span;
    for (let count = 0; count < span; count += 1, column += step) {
      const shade = pixels[pixelRow + column]! * 16 + here[column]! + ahead;
      const ink = shade < HALF_COVERED * 16;
      const error = ((ink ? shade : shade - 255 * 16) + 8) >> 4;
      const x = box.left + column - 1;
      const at = bitRow + (x >> 3);
      const bit = 0x80 >> (x & 7);
      into.data[at] = ink ? into.data[at]! | bit : into.data[at]! & ~bit;
      ahead = error * 7;
      below[column - step] = belowBefore + error * 3;
      belowBefore = belowHere + error * 5;
      belowHere = error;
    }
    below[column - step] = belowBefore;
    [here, below] = [below, here];
  }
}

function toBitmap(grey: GreyPage, dpi: number, pictures: readonly Box[]): Bitmap {
  const bitmap = blankBitmap(grey.width, grey.height, dpi);
  threshold(grey, bitmap);
  const pixel = (millimetres: number) => (millimetres * dpi) / 25.4;
  for (const { x, y, width, height } of pictures) {
    diffuse(
      grey,
      {
        left: Math.max(0, Math.floor(pixel(x))),
        top: Math.max(0, Math.floor(pixel(y))),
        right: Math.min(grey.width, Math.ceil(pixel(x + width))),
        bottom: Math.min(grey.height, Math.ceil(pixel(y + height))),
      },
      bitmap,
    );
  }
  return bitmap;
}

/**
 * Renders the first page of `pdf` at `dpi` dots per inch (any: 180 for a 24-pin head, 360, 600). The areas in `pictures`
 * (millimetres from the top left; those of the data page unless told) are dithered, everything else is thresholded.
 * Deterministic. Rejects with an `Error` for what is not a PDF, with a `RangeError` for a page beyond all measure.
 */
export const rasterise = (
  pdf: Uint8Array,
  dpi: number,
  pictures: readonly Box[] = DATA_PAGE_PICTURES,
): Promise<Bitmap> => renderGrey(pdf, dpi, (grey) => toBitmap(grey, dpi, pictures));
