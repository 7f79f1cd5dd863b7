/**
 * What each character of the machine readable zone looks like in its cell at a given resolution, drawn from the font's
 * outlines by a small scan converter of its own: the simulated reader shares no drawing code with the page's printing.
 */
import { fontOf, type OutlineCommand } from '../../src/page/fonts.ts';

export const MRZ_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<';

/** Doc 9303-3 s4.4: OCR-B size 1, ten characters to 25.4 mm. Millimetres. */
export const CELL_PITCH = 2.54;
/** The line's print zone, 4.3 mm high (Doc 9303-4 Figure 3), and its middle above the base line. */
const ZONE_HEIGHT = 4.3;
const MIDDLE_ABOVE_BASE = 1.235;

export interface Template {
  readonly character: string;
  /** Coverage less its mean, scaled to length 1: a scalar product with a window is then its correlation. */
  readonly weights: Float32Array;
}

export interface TemplateSet {
  /** Pixels of a cell. */
  readonly width: number;
  readonly height: number;
  readonly templates: readonly Template[];
}

type Edge = readonly [x1: number, y1: number, x2: number, y2: number];

const CURVE_STEPS = 8;

/** The outline as straight edges, font units. */
function edgesOf(commands: readonly OutlineCommand[]): Edge[] {
  const edges: Edge[] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  const lineTo = (toX: number, toY: number) => {
    edges.push([x, y, toX, toY]);
    [x, y] = [toX, toY];
  };
  const curve = (at: (t: number) => readonly [number, number]) => {
    for (let step = 1; step <= CURVE_STEPS; step += 1) lineTo(...at(step / CURVE_STEPS));
  };
  for (const { command, args } of commands) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = args;
    const [fromX, fromY] = [x, y];
    if (command === 'moveTo') {
      [x, y, startX, startY] = [a, b, a, b];
    } else if (command === 'lineTo') {
      lineTo(a, b);
    } else if (command === 'quadraticCurveTo') {
      curve((t) => {
        const [p, q, r] = [(1 - t) ** 2, 2 * t * (1 - t), t * t];
        return [p * fromX + q * a + r * c, p * fromY + q * b + r * d];
      });
    } else if (command === 'bezierCurveTo') {
      curve((t) => {
        const [p, q, r, s] = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
        return [p * fromX + q * a + r * c + s * e, p * fromY + q * b + r * d + s * f];
      });
    } else {
      lineTo(startX, startY);
    }
  }
  return edges;
}

const SAMPLES = 4;

/** Where a horizontal line crosses the edges: position and direction, from the left. */
function crossings(edges: readonly Edge[], y: number): { x: number; direction: number }[] {
  const found: { x: number; direction: number }[] = [];
  for (const [x1, y1, x2, y2] of edges) {
    if (y1 <= y === y2 <= y) continue;
    found.push({ x: x1 + ((y - y1) / (y2 - y1)) * (x2 - x1), direction: y1 < y2 ? 1 : -1 });
  }
  return found.sort((left, right) => left.x - right.x);
}

/** Share of each pixel that ink covers; `edges` in pixels, y down. Non-zero winding. */
function coverage(edges: readonly Edge[], width: number, height: number): Float32Array {
  const covered = new Float32Array(width * height);
  for (let sample = 0; sample < height * SAMPLES; sample += 1) {
    const row = Math.floor(sample / SAMPLES) * width;
    let winding = 0;
    let from = 0;
    for (const { x, direction } of crossings(edges, (sample + 0.5) / SAMPLES)) {
      if (winding === 0) from = x;
      winding += direction;
      if (winding !== 0) continue;
      for (let column = Math.max(0, Math.floor(from)); column < Math.min(width, x); column += 1) {
        const share = Math.min(x, column + 1) - Math.max(from, column);
        covered[row + column]! += Math.max(0, share) / SAMPLES;
      }
    }
  }
  return covered;
}

function normalised(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const length = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
  return values.map((value) => (value - mean) / length);
}

const drawn = new Map<string, TemplateSet>();

/** Pixels from the window's upper edge down to the base line, before the fraction is added. */
export const baseInWindow = (dpi: number) => Math.round(((ZONE_HEIGHT / 2 + MIDDLE_ABOVE_BASE) * dpi) / 25.4);

/**
 * Templates of all 37 characters for cells whose left edge and base line stand `fractionX`, `fractionY` (0 to 1) of a
 * pixel right of and below the pixel grid. Drawn once for each resolution and pair of fractions.
 */
export function templatesAt(dpi: number, fractionX: number, fractionY: number): TemplateSet {
  const key = `${dpi} ${fractionX} ${fractionY}`;
  const known = drawn.get(key);
  if (known) return known;
  const font = fontOf('ocr-b');
  const width = Math.round((CELL_PITCH * dpi) / 25.4);
  const height = Math.round((ZONE_HEIGHT * dpi) / 25.4);
  const base = baseInWindow(dpi) + fractionY;
  const templates = [...MRZ_CHARACTERS].map((character): Template => {
    const glyph = font.glyphForCodePoint(character.codePointAt(0)!);
    const scale = (CELL_PITCH * dpi) / 25.4 / glyph.advanceWidth;
    const edges = edgesOf(glyph.path.commands).map(
      ([x1, y1, x2, y2]): Edge => [
        x1 * scale + fractionX,
        base - y1 * scale,
        x2 * scale + fractionX,
        base - y2 * scale,
      ],
    );
    return { character, weights: normalised(coverage(edges, width, height)) };
  });
  const set = { width, height, templates };
  drawn.set(key, set);
  return set;
}
