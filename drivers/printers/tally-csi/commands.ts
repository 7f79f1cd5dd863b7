/**
 * What the host says to a Tally T5023/T5023+ in its native CSI protocol. Source of all sequences: "T5023/5023+
 * Programming Guide" as tabled in reference/protocols.md section 4; ESC * from section 2.2. Parameters are ASCII decimal.
 */

const ESC = 0x1b;

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));

const csi = (parameter: number | '', final: string): number[] => [ESC, ...ascii(`[${parameter}${final}`)];

/** Asks for the unit parameters with the type (`CSI 1 # z`, p233). */
export const askUnitParameters = (): number[] => csi(1, '#z');

/** Asks for the special printer messages, such as whether paper covers the sensor (`CSI " z`, p232). */
export const askSpecialMessages = (): number[] => csi('', '"z');

/** Control point: answered when everything before it has been *processed* (`CSI n ! t`, p226). `n` 0-9999. */
export const controlPoint = (n: number): number[] => csi(n, '!t');

/** Activates passbook processing (`CSI $ t`). */
export const passbookMode = (): number[] => csi('', '$t');

/** Base line at n/180 in from the top edge; pulls the document in, or raises the document request (`CSI n ! p`). */
export const verticalPosition = (n: number): number[] => csi(n, '!p');

/** Absolute horizontal position, n/60 in (`ESC $ nL nH`). */
export const horizontalPosition = (n: number): number[] => [ESC, 0x24, n & 0xff, n >> 8];

/** Head of a 24-pin column image of `count` columns at 180 x 180 dpi; 3 bytes a column follow (`ESC * 39 nL nH`). */
export const columnImage = (count: number): number[] => [ESC, 0x2a, 39, count & 0xff, count >> 8];

/** Prints what is left in the line and ejects the passbook (`FF`). */
export const formFeed = (): number[] => [0x0c];
