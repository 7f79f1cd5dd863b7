import type { Bitmap } from '../../../src/domain/bitmap.ts';
import { fail, ok, type Result } from '../../../src/domain/result.ts';
import type { PageGeometry } from '../../driver.ts';
import { bandsOf, COLUMN_BYTES, inkRuns } from './bands.ts';
import {
  COLUMNS_AT_ONCE,
  columnImage,
  controlPoint,
  formFeed,
  horizontalPosition,
  passbookMode,
  verticalPosition,
} from './commands.ts';
import { findForbidden, isFlowByte, splitLayers } from './forbidden.ts';

/** Dots per inch, both ways: ESC * m=39, and the unit of `CSI n ! p`. */
export const DPI = 180;
const DOTS_PER_HORIZONTAL_STEP = 3;
const HORIZONTAL_STEPS = 0xffff;
const VERTICAL_STEPS = 9999;
/** Positioning anew costs ESC $ and another ESC * head: 9 bytes, 3 columns, and a step of up to 2 columns. */
const GAP_COLUMNS = 6;

export interface EncoderSettings {
  readonly geometry: PageGeometry;
  /** Keep DC1 and DC3 out of the page: the line uses XON/XOFF. */
  readonly avoidFlowBytes: boolean;
  /** The device's line width in dots; `null` where it did not tell. */
  readonly lineDots: number | null;
}

/**
 * A page as the device's bytes:
 * - the head, up to `points[0]`: pulls the document in. Cannot ink.
 * - the bands, up to `tailStart`. The first byte that can ink is at `inkStart`.
 * - the tail: ejects. What is left in the line is printed by it too.
 *
 * The head, every band but the last, and the tail end with a control point, behind a position or an ejection: with the
 * line printed, its answer speaks for everything before it. Two numbers take turns in all but the last, so that a
 * doubled answer is told from the next one.
 */
export interface EncodedPage {
  readonly bytes: Uint8Array;
  /** Ends of the head and of each band but the last: the device can rest there. */
  readonly points: readonly number[];
  readonly inkStart: number;
  readonly tailStart: number;
}

/** Numbers (0-9999, all different) of the page's control points. */
export interface PointNumbers {
  readonly turns: readonly [number, number];
  readonly printed: number;
}

/**
 * Encodes one page. Fails, with words for support and nothing of the page in them, where the page cannot be placed on
 * the device as configured.
 */
export function encodePage(
  page: Bitmap,
  settings: EncoderSettings,
  numbers: PointNumbers,
): Result<EncodedPage, string> {
  if (page.dpi !== DPI) return fail(`the page has ${page.dpi} dpi, the printer takes ${DPI}`);
  if (page.stride !== Math.ceil(page.width / 8) || page.data.length !== page.stride * page.height) {
    return fail('the bitmap is malformed');
  }
  const baseLineOfRow0 = dots(settings.geometry.pageTopMm) - dots(settings.geometry.needleMm);
  const bands = bandsOf(page).map((band) => ({ ...band, baseLine: baseLineOfRow0 + band.top }));
  const unreachable = bands.find(({ baseLine }) => baseLine < 1 || baseLine > VERTICAL_STEPS);
  if (unreachable) {
    return fail(`row ${unreachable.top} of the page would need base line ${unreachable.baseLine}, outside 1-9999`);
  }

  const out: number[] = [...passbookMode()];
  const points: number[] = [];
  const moveTo = (baseLine: number) => {
    out.push(...verticalPosition(baseLine), ...controlPoint(numbers.turns[points.length % 2 === 0 ? 0 : 1]));
    points.push(out.length);
  };
  moveTo(bands[0]?.baseLine ?? Math.min(Math.max(1, baseLineOfRow0), VERTICAL_STEPS));

  let inkStart: number | null = null;
  for (const [at, band] of bands.entries()) {
    if (at > 0) moveTo(band.baseLine);
    const layers = splitLayers(band.columns, settings.avoidFlowBytes);
    const first = pushLayer(out, layers.first, settings);
    if (!first.ok) return first;
    inkStart ??= first.value;
    if (layers.second === null) continue;
    // A sweep of its own over the first one.
    out.push(...verticalPosition(band.baseLine));
    const second = pushLayer(out, layers.second, settings);
    if (!second.ok) return second;
  }
  const tailStart = out.length;
  out.push(...formFeed(), ...controlPoint(numbers.printed));

  const bytes = Uint8Array.from(out);
  const forbidden = findForbidden(bytes, settings.avoidFlowBytes);
  // Cannot happen by construction (and the property tests); the last look before a printer could lose its firmware.
  if (forbidden !== -1) return fail(`forbidden bytes at ${forbidden} of the encoded page`);
  return ok({ bytes, points, inkStart: inkStart ?? tailStart, tailStart });
}

/** Positions and images of one sweep; gives where its first image begins, `null` for none. */
function pushLayer(out: number[], layer: Uint8Array, settings: EncoderSettings): Result<number | null, string> {
  const { geometry, avoidFlowBytes, lineDots } = settings;
  const left = dots(geometry.leftMm);
  let firstImage: number | null = null;
  for (const run of inkRuns(layer, GAP_COLUMNS)) {
    const start = left + run.start;
    if (start < 0) return fail(`column ${run.start} of the page would be ${-start} dots left of the line`);
    if (lineDots !== null && left + run.end > lineDots) {
      return fail(`column ${run.end - 1} of the page would be beyond the line of ${lineDots} dots`);
    }
    const step = horizontalStep(start, avoidFlowBytes);
    if (step > HORIZONTAL_STEPS) return fail(`column ${run.start} of the page is out of reach`);
    out.push(...horizontalPosition(step));
    firstImage ??= out.length;
    const blanks = start - step * DOTS_PER_HORIZONTAL_STEP;
    pushImage(out, blanks, layer.subarray(run.start * COLUMN_BYTES, run.end * COLUMN_BYTES), avoidFlowBytes);
  }
  return ok(firstImage);
}

/** Each offset is rounded by itself: the calibration page shows every one of them in whole dots. */
const dots = (millimetres: number): number => Math.round((millimetres * DPI) / 25.4);

/** The nearest step at or left of `dot` whose two bytes may be sent. */
function horizontalStep(dot: number, avoidFlowBytes: boolean): number {
  let step = Math.floor(dot / DOTS_PER_HORIZONTAL_STEP);
  while (avoidFlowBytes && (isFlowByte(step & 0xff) || isFlowByte(step >> 8))) step--;
  return step;
}

/**
 * Column images end to end: the head goes on where the one before it stopped. A count never exceeds 256, so that its
 * high byte is 0 or 1 and can form nothing forbidden with its neighbours.
 */
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
