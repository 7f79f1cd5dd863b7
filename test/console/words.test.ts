import { describe, expect, it } from 'vitest';
import { CAUSES } from '../../src/console/situation.ts';
import { en } from '../../src/console/words/en.ts';
import { id } from '../../src/console/words/id.ts';
import { VERIFICATION_RESULTS } from '../../src/domain/statement.ts';

type Leaf = readonly [path: string, text: string];

/** Every text of a catalogue; functions are called with telling arguments. */
function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [[path, String((value as (...some: unknown[]) => string)(3, 7, 'K', 'X'))]];
  return Object.entries(value as object).flatMap(([key, inner]) => leaves(inner, `${path}.${key}`));
}

/** Words that are the same in both languages. */
const SAME = new Set(['SPECIMEN', 'PIN', 'auditor', '3 / 44']);

describe('the words of the console', () => {
  it('have the same keys in both languages, also where the type allows any key', () => {
    expect(leaves(id).map(([path]) => path)).toEqual(leaves(en).map(([path]) => path));
  });

  it('are all there', () => {
    for (const [path, text] of [...leaves(en), ...leaves(id)]) expect(text.trim(), path).not.toBe('');
  });

  it('are translated: no Indonesian text is the English one', () => {
    const english = new Map(leaves(en));
    const same = leaves(id).filter(([path, text]) => english.get(path) === text && !SAME.has(text));
    expect(same.map(([path]) => path)).toEqual([]);
  });

  it('name the number in every text that counts', () => {
    for (const words of [en, id]) {
      expect(words.release.verified(12, 12)).toMatch(/^12 \S+ 12 /);
      expect(words.queue.familyApproved(2, 4)).toMatch(/^2 \S+ 4 /);
      expect(words.book.mayBePrinted('A1234567')).toContain('A1234567');
      expect(words.counter.cancelTitle('A1234567')).toContain('A1234567');
    }
  });

  it('explain every cause and every refusal of an approval', () => {
    for (const words of [en, id]) {
      for (const cause of CAUSES) expect(words.cause[cause].step).not.toBe('');
      for (const result of VERIFICATION_RESULTS) expect(words.refusal[result]).toMatch(/\.$/);
    }
  });

  it('contain no emoji: not every machine has them', () => {
    for (const [path, text] of [...leaves(en), ...leaves(id)])
      expect(text, path).not.toMatch(/\p{Extended_Pictographic}/u);
  });
});
