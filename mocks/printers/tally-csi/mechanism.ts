import type { Randomly } from '../../faults.ts';
import { type Booklet, DOT_MM } from '../booklet.ts';

/** Carriage width: 94 columns at 10 characters an inch (9.4 in), in 1/180 inch. */
export const CARRIAGE_DOTS = 1692;
const NEEDLES = 24;

/** Where a booklet can be. `slot`: put in by hand, covers the sensor. `out`: ejected, lies in front. */
export type Place = 'none' | 'slot' | 'inside' | 'out' | 'jammed';

/** What the calibration page finds out about this very machine; millimetres. */
export interface MechanismGeometry {
  /** From the line's base line down to the first needle; negative when the needles lie above it. */
  readonly needleMm: number;
  /** From the carriage's column 0 to the left edge of the document. */
  readonly leftMm: number;
}

/** One line of columns, ready to be struck; `struck` are done. */
export interface Line {
  readonly columns: Uint8Array;
  /** First column and one past the last that carry anything. */
  readonly first: number;
  readonly end: number;
  readonly fromByte: number;
  readonly toByte: number;
}

/** Collects what the host sends for one line. Overlaid passes add up. */
export class LineBuffer {
  #columns = new Uint8Array(CARRIAGE_DOTS * 3);
  #first = CARRIAGE_DOTS;
  #end = 0;
  #fromByte = Number.POSITIVE_INFINITY;
  #toByte = 0;

  get empty(): boolean {
    return this.#end === 0;
  }

  /** Puts columns down from `at`; answers how many found no room on the carriage. */
  add(at: number, data: Uint8Array, fromByte: number, toByte: number): number {
    const count = data.length / 3;
    const fits = Math.max(0, Math.min(count, CARRIAGE_DOTS - at));
    for (let index = 0; index < fits * 3; index++) {
      const cell = at * 3 + index;
      this.#columns[cell] = this.#columns[cell]! | data[index]!;
    }
    if (fits > 0) {
      this.#first = Math.min(this.#first, at);
      this.#end = Math.max(this.#end, at + fits);
      this.#fromByte = Math.min(this.#fromByte, fromByte);
      this.#toByte = Math.max(this.#toByte, toByte);
    }
    return count - fits;
  }

  /** Hands the line over and begins a new one; `null` when nothing was put down. */
  take(): Line | null {
    if (this.empty) return null;
    const line: Line = {
      columns: this.#columns,
      first: this.#first,
      end: this.#end,
      fromByte: this.#fromByte,
      toByte: this.#toByte,
    };
    this.clear();
    return line;
  }

  clear(): void {
    if (!this.empty) this.#columns = new Uint8Array(CARRIAGE_DOTS * 3);
    this.#first = CARRIAGE_DOTS;
    this.#end = 0;
    this.#fromByte = Number.POSITIVE_INFINITY;
    this.#toByte = 0;
  }
}

export interface Struck {
  /** Needles that met paper. */
  readonly hits: number;
  /** Of them, dots that were not there before. */
  readonly dots: number;
  readonly outside: boolean;
}

/** Paper path, needles and ribbon. Knows nothing of bytes or messages. */
export class Mechanism {
  readonly geometry: MechanismGeometry;
  booklet: Booklet | null = null;
  /** A second booklet that went in below the first; it comes out with it and takes no ink. */
  below: Booklet | null = null;
  place: Place = 'none';
  /** The line's base line, in 1/180 inch from the document's leading edge. */
  base = 0;
  /** Share of dots that the ribbon misses. */
  ribbonMisses = 0;
  readonly #random: Randomly;

  constructor(geometry: MechanismGeometry, random: Randomly) {
    this.geometry = geometry;
    this.#random = random;
  }

  /** The document sensor in the slot. */
  get sensorCovered(): boolean {
    return this.place === 'slot' || this.place === 'inside' || this.place === 'jammed';
  }

  /**
   * Strikes the columns from `from` up to `to` onto the booklet at the present position. Ends at the first needle that
   * would strike beside the document.
   */
  strike(line: Line, from: number, to: number): Struck {
    const booklet = this.booklet;
    const left = Math.round(this.geometry.leftMm / DOT_MM);
    const top = this.base + Math.round(this.geometry.needleMm / DOT_MM);
    let hits = 0;
    let dots = 0;
    for (let column = from; column < to; column++)
      for (let needle = 0; needle < NEEDLES; needle++) {
        if (((line.columns[column * 3 + (needle >> 3)] ?? 0) & (0x80 >> (needle & 7))) === 0) continue;
        if (booklet === null || this.place !== 'inside') return { hits, dots, outside: true };
        if (this.ribbonMisses > 0 && this.#random() < this.ribbonMisses) continue;
        const struck = booklet.strike(column - left, top + needle);
        if (struck === 'outside') return { hits, dots, outside: true };
        hits++;
        if (struck === 'new') dots++;
      }
    return { hits, dots, outside: false };
  }
}
