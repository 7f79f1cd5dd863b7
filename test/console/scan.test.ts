import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bookletIn, isBookletNumber, type Keystroke, mrzLineIn, sourceOf } from '../../src/console/scan.ts';

const typed = (gap: number, length = 44): Keystroke[] =>
  Array.from({ length }, (_, i) => ({ inputType: 'insertText', at: 1000 + i * gap, length: i + 1 }));

describe('a scanned booklet number', () => {
  it('loses prefixes, suffixes and case of the scanner, nothing else', () => {
    expect(bookletIn('\u0002a1234567\r\n\u0003')).toBe('A1234567');
    expect(bookletIn(' A1 234567\t')).toBe('A1234567');
  });

  it('is accepted exactly where the domain accepts it', () => {
    expect(isBookletNumber('A1234567')).toBe(true);
    expect(isBookletNumber('')).toBe(false);
    expect(isBookletNumber('A123456789')).toBe(false);
    expect(isBookletNumber('A12-4567')).toBe(false);
  });

  it('never keeps a control character', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\u0000-\u0020\u007f]/.test(bookletIn(text))));
  });
});

describe('a machine readable line', () => {
  it('is not corrected', () => {
    expect(mrzLineIn('l8989O2c36UTO')).toBe('L8989O2C36UTO');
  });
});

describe('where a line came from', () => {
  it('is a reader only at a speed that no hand has', () => {
    expect(sourceOf(typed(4))).toBe('reader');
    expect(sourceOf(typed(25))).toBe('reader');
    expect(sourceOf(typed(60))).toBe('keyed');
  });

  it('is a person where the text was pasted, dropped or corrected', () => {
    expect(sourceOf([{ inputType: 'insertFromPaste', at: 0, length: 44 }])).toBe('keyed');
    const corrected = typed(2).with(10, { inputType: 'deleteContentBackward', at: 1020, length: 9 });
    expect(sourceOf(corrected)).toBe('keyed');
    expect(sourceOf(typed(2, 20))).toBe('keyed');
    expect(sourceOf([])).toBe('keyed');
  });
});
