/**
 * A simulated document reader's eye: reads the machine readable zone from the ink on a page by comparing each cell with
 * every character of OCR-B. It knows where Doc 9303-4 Figure 3 puts the cells and what the font looks like, and nothing
 * of the text that should be there; what it cannot make out is `?`, as it corrects nothing.
 */
import type { Bitmap } from '../src/domain/bitmap.ts';
import { inkAt } from '../src/domain/bitmap.ts';
import { baseInWindow, CELL_PITCH, type Template, type TemplateSet, templatesAt } from './readers/ocr-b-templates.ts';

export interface MrzReading {
  /** 44 characters each, of `A-Z 0-9 <`, and `?` for what is not legible. */
  readonly lines: readonly [string, string];
  /** Correlation of each cell with the character read, -1 to 1. */
  readonly scores: readonly [readonly number[], readonly number[]];
  /** How far that is above the second best character. */
  readonly confidences: readonly [readonly number[], readonly number[]];
  /** Where the lines were found, millimetres right of and below where they belong. */
  readonly offsetsMm: readonly [Offset, Offset];
}

interface Offset {
  readonly x: number;
  readonly y: number;
}

/** Millimetres from the page's top left: left edge of the first cell, base lines (Figure 3). */
const FIRST_CELL = 6.0;
const BASE_LINES = [73.485, 79.835] as const;
const CELLS = 44;

/** Lines are found this far from their place, millimetres: the tolerance of 1.0 and a little; half a cell would be ambiguous. */
const SEARCH = 1.2;
/** Below this a cell holds nothing that is like a character. */
const LEGIBLE = 0.5;
/** Finer than this adds nothing: about 150 dpi is what commercial readers need. */
const ENOUGH_DPI = 150;
const PHASES = 4;

/** Ink by area, 0 to 1 a pixel, of a picture reduced to about 180 dpi. */
interface InkPlane {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
  readonly ink: Float32Array;
}

/** Averages blocks of dots of the part of the page that can hold the zone. */
function reduce(bitmap: Bitmap): InkPlane {
  const factor = Math.max(1, Math.floor(bitmap.dpi / ENOUGH_DPI));
  const width = Math.ceil(bitmap.width / factor);
  const height = Math.ceil(bitmap.height / factor);
  const ink = new Float32Array(width * height);
  for (let y = 0; y < bitmap.height; y += 1) {
    for (let x = 0; x < bitmap.width; x += 1) {
      if (inkAt(bitmap, x, y)) ink[Math.floor(y / factor) * width + Math.floor(x / factor)]! += 1 / (factor * factor);
    }
  }
  return { width, height, dpi: bitmap.dpi / factor, ink };
}

/** The ink in a cell's window, less its mean and scaled to length 1; null for a window of one tone. */
function windowAt(plane: InkPlane, left: number, top: number, { width, height }: TemplateSet): Float32Array | null {
  const window = new Float32Array(width * height);
  let sum = 0;
  let squares = 0;
  for (let row = 0; row < height; row += 1) {
    const y = top + row;
    if (y < 0 || y >= plane.height) continue;
    for (let column = 0; column < width; column += 1) {
      const x = left + column;
      if (x < 0 || x >= plane.width) continue;
      const value = plane.ink[y * plane.width + x]!;
      window[row * width + column] = value;
      sum += value;
      squares += value * value;
    }
  }
  const mean = sum / window.length;
  const variance = squares - sum * mean;
  if (variance < 1e-6) return null;
  const length = Math.sqrt(variance);
  for (let at = 0; at < window.length; at += 1) window[at] = (window[at]! - mean) / length;
  return window;
}

function correlation(window: Float32Array, { weights }: Template): number {
  let sum = 0;
  for (let at = 0; at < window.length; at += 1) sum += window[at]! * weights[at]!;
  return sum;
}

/** One of the two lines, with the page's origin taken in. */
interface Line {
  readonly plane: InkPlane;
  /** Pixels of the plane. */
  readonly left: number;
  readonly base: number;
}

/** Pixel and quarter-pixel remainder. */
function grid(position: number): { whole: number; fraction: number } {
  const quarters = Math.round(position * PHASES);
  const whole = Math.floor(quarters / PHASES);
  return { whole, fraction: quarters / PHASES - whole };
}

/** The window and templates of a cell when the line is moved by whole pixels. */
function cellAt({ plane, left, base }: Line, cell: number, dx: number, dy: number) {
  const x = grid(left + (cell * CELL_PITCH * plane.dpi) / 25.4);
  const y = grid(base);
  const set = templatesAt(plane.dpi, x.fraction, y.fraction);
  const window = windowAt(plane, x.whole + dx, y.whole - baseInWindow(plane.dpi) + dy, set);
  return { set, window };
}

/** How much a sample of the line's cells looks like any characters at all when it is moved so. */
function likeness(line: Line, every: number, dx: number, dy: number): number {
  let sum = 0;
  for (let cell = 0; cell < CELLS; cell += every) {
    const { set, window } = cellAt(line, cell, dx, dy);
    if (window) sum += Math.max(...set.templates.map((template) => correlation(window, template)));
  }
  return sum;
}

/** Sampled cells, and how alike they are on average where a line surely stands. */
const SPARSE = 5;
const SURELY_HERE = 0.8;

/** Coarse unless the line is where it belongs, then fine: whole pixels of the plane. */
function findLine(line: Line): { dx: number; dy: number } {
  const reach = Math.round((SEARCH * line.plane.dpi) / 25.4);
  let best = { dx: 0, dy: 0, likeness: Number.NEGATIVE_INFINITY };
  const look = (dx: number, dy: number, every: number) => {
    const found = likeness(line, every, dx, dy);
    if (found > best.likeness) best = { dx, dy, likeness: found };
  };
  look(0, 0, SPARSE);
  if (best.likeness < SURELY_HERE * Math.ceil(CELLS / SPARSE)) {
    for (let dy = -reach; dy <= reach; dy += 2) {
      for (let dx = -reach; dx <= reach; dx += 2) look(dx, dy, SPARSE);
    }
  }
  const coarse = best;
  best = { ...coarse, likeness: Number.NEGATIVE_INFINITY };
  for (let dy = -2; dy <= 2; dy += 1) {
    for (let dx = -2; dx <= 2; dx += 1) look(coarse.dx + dx, coarse.dy + dy, 2);
  }
  return best;
}

interface Cell {
  readonly character: string;
  readonly score: number;
  readonly confidence: number;
}

/** The best and second best character over a cell's place and its neighbours of one pixel. */
function readCell(line: Line, cell: number, dx: number, dy: number): Cell {
  const scores = new Map<string, number>();
  for (let down = -1; down <= 1; down += 1) {
    for (let right = -1; right <= 1; right += 1) {
      const { set, window } = cellAt(line, cell, dx + right, dy + down);
      if (!window) continue;
      for (const template of set.templates) {
        const score = correlation(window, template);
        if (score > (scores.get(template.character) ?? -1)) scores.set(template.character, score);
      }
    }
  }
  const [best, second] = [...scores].sort((a, b) => b[1] - a[1]);
  if (!best || best[1] < LEGIBLE) return { character: '?', score: best?.[1] ?? 0, confidence: 0 };
  return { character: best[0], score: best[1], confidence: best[1] - (second?.[1] ?? 0) };
}

function readLine(line: Line): { cells: readonly Cell[]; offset: Offset } {
  const { dx, dy } = findLine(line);
  const cells = Array.from({ length: CELLS }, (_, cell) => readCell(line, cell, dx, dy));
  const millimetres = 25.4 / line.plane.dpi;
  return { cells, offset: { x: dx * millimetres, y: dy * millimetres } };
}

/**
 * Reads both lines of a TD3 page. `pageOriginMm` is where the page's top left corner stands in the bitmap (an opened
 * booklet is larger than its data page); lines up to 1.2 mm from their place are found.
 */
export function readMrz(bitmap: Bitmap, { pageOriginMm = { x: 0, y: 0 } }: { pageOriginMm?: Offset } = {}): MrzReading {
  const plane = reduce(bitmap);
  const pixels = (millimetres: number) => (millimetres * plane.dpi) / 25.4;
  const [upper, lower] = BASE_LINES.map((base) =>
    readLine({ plane, left: pixels(pageOriginMm.x + FIRST_CELL), base: pixels(pageOriginMm.y + base) }),
  );
  const both = <Value>(of: (read: ReturnType<typeof readLine>) => Value): [Value, Value] => [of(upper!), of(lower!)];
  return {
    lines: both(({ cells }) => cells.map(({ character }) => character).join('')),
    scores: both(({ cells }) => cells.map(({ score }) => score)),
    confidences: both(({ cells }) => cells.map(({ confidence }) => confidence)),
    offsetsMm: both(({ offset }) => offset),
  };
}
