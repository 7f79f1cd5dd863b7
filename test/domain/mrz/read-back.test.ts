import { describe, expect, it } from 'vitest';
import { readBack } from '../../../src/domain/mrz/read-back.ts';
import type { MrzLines } from '../../../src/domain/mrz/td3.ts';

const intended: MrzLines = [
  'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
];
const number = 'L898902C3';

const replaced = (text: string, at: number, put: string): string => text.slice(0, at) + put + text.slice(at + 1);

describe('a reading that is exactly the intended zone', () => {
  it('matches', () => {
    expect(readBack([...intended], intended, number)).toEqual({ match: true });
  });

  it.each(['0', '<'])('matches with %s at position 43 when that was intended', (digit) => {
    const lower = `HA672242<6UTO5802254M9601086<<<<<<<<<<<<<<${digit}8`;
    expect(readBack([intended[0], lower], [intended[0], lower], 'HA672242')).toEqual({ match: true });
  });
});

describe('any other reading', () => {
  it('is caught at each of the 88 positions, whatever character stands there instead', () => {
    let mutations = 0;
    for (const line of [0, 1] as const) {
      for (let at = 0; at < 44; at += 1) {
        for (const put of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<') {
          if (put === intended[line][at]) continue;
          mutations += 1;
          const lines: string[] = [...intended];
          lines[line] = replaced(intended[line], at, put);
          const result = readBack(lines, intended, number);
          expect(result.match).toBe(false);
          if (result.match) continue;
          expect(result.differences).toEqual([
            { line: line + 1, position: at + 1, field: expect.any(String), expected: intended[line][at], read: put },
          ]);
        }
      }
    }
    expect(mutations).toBe(88 * 36);
  });

  it('names the field, and says which check digits no longer hold', () => {
    const read = [intended[0], replaced(intended[1], 13, '8')];
    expect(readBack(read, intended, number)).toEqual({
      match: false,
      differences: [{ line: 2, position: 14, field: 'dateOfBirth', expected: '7', read: '8' }],
      faults: [
        { kind: 'check-digit', field: 'dateOfBirthCheckDigit', position: 20 },
        { kind: 'check-digit', field: 'compositeCheckDigit', position: 44 },
      ],
    });
  });

  it('is caught where no check digit looks: names, State, nationality, sex', () => {
    for (const [line, position] of [
      [1, 3],
      [1, 6],
      [2, 11],
      [2, 21],
    ] as const) {
      const read: string[] = [...intended];
      read[line - 1] = replaced(intended[line - 1]!, position - 1, 'X');
      const result = readBack(read, intended, number);
      expect(result).toMatchObject({ match: false, faults: [] });
    }
  });

  it('is not corrected: O for 0 is a difference', () => {
    const result = readBack([intended[0], intended[1].replace('10', '1O')], intended, number);
    expect(result).toMatchObject({ match: false, differences: [{ position: 44, expected: '0', read: 'O' }] });
  });

  it.each([
    ['a lower case letter', [intended[0].toLowerCase(), intended[1]], { kind: 'charset', line: 1, position: 1 }],
    ['a letter beyond A-Z', [replaced(intended[0], 5, 'É'), intended[1]], { kind: 'charset', line: 1, position: 6 }],
    ['a short line', [intended[0].slice(1), intended[1]], { kind: 'line-length', line: 1, length: 43 }],
    ['a long line', [intended[0], `${intended[1]}<`], { kind: 'line-length', line: 2, length: 45 }],
    ['one line', [intended[0]], { kind: 'line-count', count: 1 }],
    ['no line', [], { kind: 'line-count', count: 0 }],
    ['three lines', [...intended, ''], { kind: 'line-count', count: 3 }],
    ['swapped lines', [intended[1], intended[0]], { kind: 'document-number' }],
  ])('with %s says so', (_, lines, fault) => {
    const result = readBack(lines, intended, number);
    expect(result.match).toBe(false);
    if (!result.match) expect(result.faults).toContainEqual(fault);
  });

  it('is refused when the page agrees with the job but not with the booklet in hand', () => {
    expect(readBack([...intended], intended, 'L898902C4')).toEqual({
      match: false,
      differences: [],
      faults: [{ kind: 'document-number' }],
    });
    expect(readBack([...intended], intended, 'L898902C').match).toBe(false);
  });

  it('is refused for a wrong check digit even if that was composed', () => {
    const wrong = [intended[0], replaced(intended[1], 43, '1')] as const;
    expect(readBack([...wrong], wrong, number)).toEqual({
      match: false,
      differences: [],
      faults: [{ kind: 'check-digit', field: 'compositeCheckDigit', position: 44 }],
    });
  });
});
