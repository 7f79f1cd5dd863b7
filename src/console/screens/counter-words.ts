import type { Situation } from '../situation.ts';
import { words } from '../words/words.ts';

/** The sentence at the top of a workplace; it names the booklet wherever one is known. */
export function titleOf(situation: Situation, booklet: string | null, anyReleased: boolean): string {
  const said = words.value;
  const plain = said.situation[situation.kind].title;
  if (situation.kind === 'free') return anyReleased ? plain : said.counter.noJobTitle;
  if (situation.kind === 'attention' || situation.kind === 'waiting') {
    const [first] = situation.causes;
    return first === undefined ? plain : said.cause[first].name;
  }
  if (booklet === null) return plain;
  switch (situation.kind) {
    case 'insert':
      return said.book.insert(booklet);
    case 'print':
      return said.book.print(booklet);
    case 'printing':
      return said.book.printing(booklet);
    case 'read-back':
      return said.book.readBack(booklet);
    case 'remove':
      return said.book.remove(booklet);
    case 'in-doubt':
      return situation.resolved === null ? said.book.mayBePrinted(booklet) : said.doubt.settled(booklet);
    default:
      return plain;
  }
}
