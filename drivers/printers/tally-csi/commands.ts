/**
 * What the host says to a Tally T5023/T5023+ in its native CSI protocol. Source of all sequences: "T5023/5023+
 * Programming Guide" as tabled in reference/protocols.md section 4; ESC * from section 2.2. Parameters are ASCII decimal.
 */

const ESC = 0x1b;

const ascii = (text: string): number[] => [...text].map((character) => character.charCodeAt(0));

const csi = (parameter: number | '', final: string): number[] => [ESC, ...ascii(`[${parameter}${final}`)];

/** Most columns that one column image of ours has; bounds what a job cut off in the middle of one still swallows. */
export const COLUMNS_AT_ONCE = 256;

/**
 * Brings a device whose last job was cut off at any byte back to the beginning of a command with an empty line.
 *
 * NUL does nothing between commands, completes or spoils a command begun, and is a blank column in an image: so many of
 * them complete the longest image. `ESC @` then drops what stands in the line and was not printed: a control point is
 * not documented to print it, so that without this it could come out on the next booklet. It resets modes, which every
 * job sets anew.
 */
export const resynchronise = (): number[] => [...new Array<number>(COLUMNS_AT_ONCE * 3 + 16).fill(0), ESC, 0x40];

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
