import type { Booklet } from '../../../mocks/printers/booklet.ts';
import { addInk, type Bitmap, blankBitmap, inkAt } from '../../../src/domain/bitmap.ts';

/** Where the simulated machine's needles and booklets are, and what the station is told of it. Millimetres. */
export const GEOMETRY = { pageTopMm: 88, needleMm: -1.5, leftMm: 7 } as const;

/** What a booklet carries of a page: all and nothing else, nothing at all, a part, or dots that the page does not have. */
export type Ink = 'whole' | 'none' | 'part' | 'foreign';

export function inkOn(booklet: Booklet, page: Bitmap): Ink {
  const intended = onPaper(page, booklet);
  const { data } = booklet.picture();
  let there = 0;
  let missing = 0;
  for (const [at, wanted] of intended.entries()) {
    const inked = data[at]!;
    if ((inked & ~wanted) !== 0) return 'foreign';
    there |= inked;
    missing |= wanted & ~inked;
  }
  if (there === 0) return 'none';
  return missing === 0 ? 'whole' : 'part';
}

const papers = new WeakMap<Bitmap, Uint8Array>();

/** The page where it belongs on the opened booklet, in the booklet's own rows; kept, as pages are compared often. */
function onPaper(page: Bitmap, { width, height }: Booklet): Uint8Array {
  const known = papers.get(page);
  if (known !== undefined) return known;
  const paper = blankBitmap(width, height, 180);
  const top = Math.round((GEOMETRY.pageTopMm * 180) / 25.4);
  for (let y = 0; y < page.height; y++)
    for (let x = 0; x < page.width; x++) if (inkAt(page, x, y)) addInk(paper, x, y + top);
  papers.set(page, paper.data);
  return paper.data;
}

/** Everything on the opened booklet, to the dot. */
export const sameInk = (a: Bitmap, b: Bitmap): boolean => Buffer.compare(a.data, b.data) === 0;
