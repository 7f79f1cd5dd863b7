import { addInk, type Bitmap, blankBitmap, inkAt } from '../../src/domain/bitmap.ts';

/** Millimetres per dot of the 180 dpi grid. */
export const DOT_MM = 25.4 / 180;

/** ICAO Doc 9303-4 s2.1: a TD3 page, millimetres. */
const PAGE_WIDTH_MM = 125;
const PAGE_HEIGHT_MM = 88;

export const toDots = (millimetres: number, dpi = 180): number => Math.round((millimetres * dpi) / 25.4);

export interface BookletOptions {
  readonly number: string;
  /** Default 125. */
  readonly widthMm?: number;
  /** Opened, so two pages: default 176. */
  readonly heightMm?: number;
  /** From the opened booklet's leading edge to the data page's top edge; default 0, the leading half. */
  readonly pageTopMm?: number;
}

/** Which bytes of which host session made dots: the evidence that no page came out on another attempt's booklet. */
export interface InkEntry {
  /** Milliseconds of the simulator's time. */
  readonly at: number;
  /** The host's session, counted from 1, in which the bytes arrived. */
  readonly session: number;
  /** Positions in the stream of all bytes that the device ever received: first and one past the last. */
  readonly fromByte: number;
  readonly toByte: number;
  /** New dots on the paper; 0 where there was ink already. */
  readonly dots: number;
}

/** A booklet as a thing: opened, with ink on it that nothing takes off again. Dots are 1/180 inch. */
export class Booklet {
  readonly number: string;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly pageTopMm: number;
  /** Which edge went in first: a person may put it in the wrong way round. */
  wrongWay = false;
  readonly #ink: Bitmap;
  readonly #log: InkEntry[] = [];

  constructor(options: BookletOptions) {
    this.number = options.number;
    this.widthMm = options.widthMm ?? PAGE_WIDTH_MM;
    this.heightMm = options.heightMm ?? 2 * PAGE_HEIGHT_MM;
    this.pageTopMm = options.pageTopMm ?? 0;
    this.#ink = blankBitmap(toDots(this.widthMm), toDots(this.heightMm), 180);
  }

  /** Dots across. */
  get width(): number {
    return this.#ink.width;
  }

  /** Dots from the leading to the trailing edge. */
  get height(): number {
    return this.#ink.height;
  }

  get inkLog(): readonly InkEntry[] {
    return this.#log;
  }

  get blank(): boolean {
    return !this.#ink.data.some((byte) => byte !== 0);
  }

  /**
   * A needle strikes at `x`, `y` dots from the corner that leads at the left. Answers `outside` when there is no paper,
   * else whether the dot is a new one.
   */
  strike(x: number, y: number): 'new' | 'again' | 'outside' {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return 'outside';
    const [column, row] = this.wrongWay ? [this.width - 1 - x, this.height - 1 - y] : [x, y];
    if (inkAt(this.#ink, column, row)) return 'again';
    addInk(this.#ink, column, row);
    return 'new';
  }

  record(entry: InkEntry): void {
    this.#log.push(entry);
  }

  /** A copy of everything on the opened booklet, seen the right way round. */
  picture(): Bitmap {
    return { ...this.#ink, data: this.#ink.data.slice() };
  }
}

/** What is on the 125 x 88 mm data page, cropped out of the opened booklet; `dpi` other than 180 takes the nearest dot. */
export function dataPageInk(booklet: Booklet, dpi = 180): Bitmap {
  const all = booklet.picture();
  const top = toDots(booklet.pageTopMm);
  const page = blankBitmap(toDots(PAGE_WIDTH_MM, dpi), toDots(PAGE_HEIGHT_MM, dpi), dpi);
  for (let y = 0; y < page.height; y++) {
    const row = top + Math.floor((y * 180) / dpi);
    for (let x = 0; x < page.width; x++) {
      const column = Math.floor((x * 180) / dpi);
      if (column < all.width && row < all.height && inkAt(all, column, row)) addInk(page, x, y);
    }
  }
  return page;
}
