/**
 * Bytes that must never reach the printer inside a page.
 *
 * `ESC BEL L` (1B 07 4C) enters firmware load (Programming Guide p279), wherever it stands as far as is known: inside
 * graphics too. With XON/XOFF, DC3 (13) takes the printer off-line and DC1 (11) puts it back (devices.md); whether it
 * also acts on them inside binary graphics is not documented, so they are kept out there as well.
 */

const ESC = 0x1b;
const BEL = 0x07;
const CAPITAL_L = 0x4c;
const DC1 = 0x11;
const DC3 = 0x13;

export const isFlowByte = (byte: number): boolean => byte === DC1 || byte === DC3;

/** Where the first forbidden byte or the end of a forbidden sequence stands, or -1. */
export function findForbidden(bytes: Uint8Array, flowBytesToo: boolean): number {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === CAPITAL_L && bytes[at - 1] === BEL && bytes[at - 2] === ESC) return at;
    if (flowBytesToo && isFlowByte(byte)) return at;
  }
  return -1;
}

/**
 * Splits column data in two layers whose union is the input and of which neither contains anything forbidden. Ink is
 * additive: the second layer printed over the first one loses no dot. `second` is `null` where one layer does.
 *
 * Where a byte offends, its lowest dot moves to the second layer: 4C becomes 48 + 04, 11 becomes 10 + 01, 13 becomes
 * 12 + 01. The second layer consists of 00, 01 and 04 only, so it can never offend itself.
 */
export function splitLayers(
  columns: Uint8Array,
  flowBytesToo: boolean,
): { readonly first: Uint8Array; readonly second: Uint8Array | null } {
  const first = columns.slice();
  let second: Uint8Array | null = null;
  for (let at = 0; at < first.length; at++) {
    const byte = first[at]!;
    const endsLoader = byte === CAPITAL_L && first[at - 1] === BEL && first[at - 2] === ESC;
    if (!endsLoader && !(flowBytesToo && isFlowByte(byte))) continue;
    const lowest = byte & -byte;
    first[at] = byte ^ lowest;
    second ??= new Uint8Array(columns.length);
    second[at] = lowest;
  }
  return { first, second };
}
