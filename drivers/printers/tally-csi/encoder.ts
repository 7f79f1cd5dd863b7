import type { Bitmap } from '../../../src/domain/bitmap.ts';
import { fail, ok, type Result } from '../../../src/domain/result.ts';
import type { PageGeometry } from '../../driver.ts';
import { bandsOf, COLUMN_BYTES, inkRuns } from './bands.ts';
import { columnImage, controlPoint, formFeed, horizontalPosition, passbookMode, verticalPosition } from './commands.ts';
import { findForbidden, isFlowByte, splitLayers } from './forbidden.ts';

/** Dots per inch, both ways: ESC * m=39, and the unit of `CSI n ! p`. */
export const DPI = 180;
const DOTS_PER_HORIZONTAL_STEP = 3;
const HORIZONTAL_STEPS = 0xffff;
const VERTICAL_STEPS = 9999;
/** Positioning anew costs ESC $ and another ESC * head: 9 bytes, 3 columns, and a step of up to 2 columns. */
const GAP_COLUMNS = 6;
/** Keeps nH of ESC * at 4 or below, so that a column count and the data after it can form nothing forbidden. */
const COLUMNS_AT_ONCE = 1024;

export interface EncoderSettings {
  readonly geometry: PageGeometry;
  /** Keep DC1 and DC3 out of the page: the line uses XON/XOFF. */
  readonly avoidFlowBytes: boolean;
  /** The device's line width in dots; `null` where it did not tell. */
  readonly lineDots: number | null;
}

/**
 * A page as the device's bytes, in three parts:
 * - up to `loadEnd`: pulls the document in and asks (control point) to be told when that is done. Cannot ink.
 * - up to `tailStart`: the bands. The first byte that can ink is at `inkStart`.
 * - the rest: ejects and asks to be told when all is printed. What is left in the line buffer is printed by it too.
 */
export interface EncodedPage {
  readonly bytes: Uint8Array;
  readonly loadEnd: number;
  readonly inkStart: number;
  readonly tailStart: number;
}

/**
 * Encodes one page. `loading` and `printed` are the numbers (0-9999) of the two control points. Fails, with words for
 * support and nothing of the page in them, where the page cannot be placed on the device as configured.
 */
export function encodePage(
  page: Bitmap,
  settings: EncoderSettings,
  loading: number,
  printed: number,
): Result<EncodedPage, string> {
  if (page.dpi !== DPI) return fail(`the page has ${page.dpi} dpi, the printer takes ${DPI}`);
  if (page.stride !== Math.ceil(page.width / 8) || page.data.length !== page.stride * page.height) {
    return fail('the bitmap is malformed');
  }
  const { geometry, avoidFlowBytes, lineDots } = settings;
  const left = dots(geometry.leftMm);
  const baseLineOfRow0 = dots(geometry.pageTopMm - geometry.needleMm);
  const bands = bandsOf(page).map((band) => ({ ...band, baseLine: baseLineOfRow0 + band.top }));
  const unreachable = bands.find(({ baseLine }) => baseLine < 1 || baseLine > VERTICAL_STEPS);
  if (unreachable) {
    return fail(`row ${unreachable.top} of the page would need base line ${unreachable.baseLine}, outside 1-9999`);
  }

  const out: number[] = [];
  let baseLine = bands[0]?.baseLine ?? Math.min(Math.max(1, baseLineOfRow0), VERTICAL_STEPS);
  out.push(...passbookMode(), ...verticalPosition(baseLine), ...controlPoint(loading));
  const loadEnd = out.length;

  let inkStart: number | null = null;
  for (const band of bands) {
    const layers = splitLayers(band.columns, avoidFlowBytes);
    for (const layer of [layers.first, layers.second]) {
      if (layer === null) continue;
      // An overlay is positioned anew as well: it is a sweep of its own, over the first one.
      if (band.baseLine !== baseLine || layer === layers.second) out.push(...verticalPosition(band.baseLine));
      baseLine = band.baseLine;
      for (const run of inkRuns(layer, GAP_COLUMNS)) {
        const start = left + run.start;
        if (start < 0) return fail(`column ${run.start} of the page would be ${-start} dots left of the line`);
        if (lineDots !== null && left + run.end > lineDots) {
          return fail(`column ${run.end - 1} of the page would be beyond the line of ${lineDots} dots`);
        }
        const step = horizontalStep(start, avoidFlowBytes);
        if (step > HORIZONTAL_STEPS) return fail(`column ${run.start} of the page is out of reach`);
        out.push(...horizontalPosition(step));
        inkStart ??= out.length;
        const blanks = start - step * DOTS_PER_HORIZONTAL_STEP;
        pushImage(out, blanks, layer.subarray(run.start * COLUMN_BYTES, run.end * COLUMN_BYTES), avoidFlowBytes);
      }
    }
  }
  const tailStart = out.length;
  out.push(...formFeed(), ...controlPoint(printed));

  const bytes = Uint8Array.from(out);
  const forbidden = findForbidden(bytes, avoidFlowBytes);
  // Cannot happen by construction (and the property tests); the last look before a printer could lose its firmware.
  if (forbidden !== -1) return fail(`forbidden bytes at ${forbidden} of the encoded page`);
  return ok({ bytes, loadEnd, inkStart: inkStart ?? tailStart, tailStart });
}

const dots = (millimetres: number): number => Math.round((millimetres * DPI) / 25.4);

/** The nearest step at or left of `dot` whose two bytes may be sent. */
function horizontalStep(dot: number, avoidFlowBytes: boolean): number {
  let step = Math.floor(dot / DOTS_PER_HORIZONTAL_STEP);
  while (avoidFlowBytes && (isFlowByte(step & 0xff) || isFlowByte(step >> 8))) step--;
  return step;
}

/** Column images end to end: the head goes on where the one before it stopped. */
function pushImage(out: number[], blanks: number, ink: Uint8Array, avoidFlowBytes: boolean): void {
  const data = new Uint8Array(blanks * COLUMN_BYTES + ink.length);
  data.set(ink, blanks * COLUMN_BYTES);
  const total = data.length / COLUMN_BYTES;
  for (let from = 0; from < total; ) {
    let count = Math.min(COLUMNS_AT_ONCE, total - from);
    while (avoidFlowBytes && isFlowByte(count & 0xff)) count--;
    out.push(...columnImage(count), ...data.subarray(from * COLUMN_BYTES, (from + count) * COLUMN_BYTES));
    from += count;
  }
}
