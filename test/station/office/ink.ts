import type { Booklet } from '../../../mocks/printers/booklet.ts';
import { type Bitmap, inkAt } from '../../../src/domain/bitmap.ts';

/** Where the simulated machine's needles and booklets are, and what the station is told of it. Millimetres. */
export const GEOMETRY = { pageTopMm: 88, needleMm: -1.5, leftMm: 7 } as const;

/** What a booklet carries of a page: all and nothing else, nothing at all, a part, or dots that the page does not have. */
export type Ink = 'whole' | 'none' | 'part' | 'foreign';

export function inkOn(booklet: Booklet, page: Bitmap): Ink {
  const picture = booklet.picture();
  const top = Math.round((GEOMETRY.pageTopMm * 180) / 25.4);
  let there = 0;
  let missing = 0;
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const inked = inkAt(picture, x, y);
      const wanted = y >= top && y - top < page.height && x < page.width && inkAt(page, x, y - top);
      if (inked && !wanted) return 'foreign';
      if (inked) there++;
      else if (wanted) missing++;
    }
  }
  if (there === 0) return 'none';
  return missing === 0 ? 'whole' : 'part';
}

/** Everything on the opened booklet, to the dot. */
export const sameInk = (a: Bitmap, b: Bitmap): boolean => Buffer.compare(a.data, b.data) === 0;
