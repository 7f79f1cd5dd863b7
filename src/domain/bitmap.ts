/**
 * A page as a one-bit picture: what a printer is asked to ink, or what a simulated booklet carries.
 * Rows run from the top edge down, pixels from the left; eight pixels a byte, most significant bit leftmost, 1 = ink.
 */
export interface Bitmap {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Dots per inch, the same in both directions. */
  readonly dpi: number;
  /** Bytes per row: `ceil(width / 8)`. */
  readonly stride: number;
  /** `stride * height` bytes; bits beyond `width` are 0. */
  readonly data: Uint8Array;
}

export function blankBitmap(width: number, height: number, dpi: number): Bitmap {
  const stride = Math.ceil(width / 8);
  return { width, height, dpi, stride, data: new Uint8Array(stride * height) };
}

export function inkAt(bitmap: Bitmap, x: number, y: number): boolean {
  return ((bitmap.data[y * bitmap.stride + (x >> 3)] ?? 0) & (0x80 >> (x & 7))) !== 0;
}

/** Ink is additive: there is no way to take a dot away. */
export function addInk(bitmap: Bitmap, x: number, y: number): void {
  if (x < 0 || y < 0 || x >= bitmap.width || y >= bitmap.height) return;
  const at = y * bitmap.stride + (x >> 3);
  bitmap.data[at] = (bitmap.data[at] ?? 0) | (0x80 >> (x & 7));
}
