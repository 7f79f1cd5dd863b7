import { describe, expect, it } from 'vitest';
import { checkDigit } from '../../../src/domain/mrz/check-digit.ts';
import { composeTd3, type Td3Options, td3Faults } from '../../../src/domain/mrz/td3.ts';
import { td3Field } from '../../../src/domain/mrz/td3-layout.ts';
import type { PersonalisationRecord } from '../../../src/domain/record.ts';
import { specimenRecord } from './specimen-record.ts';

const zero: Td3Options = { emptyOptionalCheckDigit: '0' };
const filler: Td3Options = { emptyOptionalCheckDigit: '<' };

function lines(record: PersonalisationRecord, number: string, options = zero): readonly [string, string] {
  const composed = composeTd3(record, number, options);
  if (!composed.ok) throw new Error(JSON.stringify(composed.failure));
  return composed.value.lines;
}

describe('check digits (Doc 9303-3 s4.9 and Appendix A)', () => {
  it.each([
    ['520727', '3'],
    ['AB2134<<<', '5'],
    ['HA672242<6' + '5802254' + '9601086<<<<<<<<<<<<<<0', '8'],
    ['<<<<<<', '0'],
  ])('of %s is %s', (characters, digit) => {
    expect(checkDigit(characters)).toBe(digit);
  });

  it.each(['a', 'Ä', ' ', '12 4', '1-2', '٣'])('does not exist for %s', (characters) => {
    expect(checkDigit(characters)).toBeNull();
  });
});

describe('the published specimens', () => {
  it('composes the specimen of Doc 9303-4, with and without a second letter', () => {
    expect(lines(specimenRecord(), 'L898902C3')).toEqual([
      'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
      'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
    ]);
    expect(lines(specimenRecord({ document: { code: 'PP' } }), 'L898902C3')[0]).toBe(
      'PPUTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
    );
  });

  it('composes the older specimen, whose number is shorter than its field', () => {
    const record = specimenRecord({
      holder: { dateOfBirth: '1969-08-06' },
      validity: { dateOfExpiry: '1994-06-23' },
    });
    expect(lines(record, 'L898902C')[1]).toBe('L898902C<3UTO6908061F9406236ZE184226B<<<<<14');
  });

  it('composes Appendix A of Part 3: no personal number and 0 at position 43', () => {
    const record = specimenRecord({
      holder: { dateOfBirth: '1958-02-25', sex: 'M', personalNumber: null, nationality: 'YTO' },
      validity: { dateOfExpiry: '1996-01-08' },
    });
    expect(lines(record, 'HA672242')[1]).toBe('HA672242<6YTO5802254M9601086<<<<<<<<<<<<<<08');
  });

  it('composes the German specimen: State of one letter and a filler at position 43', () => {
    const record = specimenRecord({
      document: { issuingState: 'D' },
      holder: { nationality: 'D', dateOfBirth: '1996-08-12', personalNumber: null },
      validity: { dateOfExpiry: '2013-10-31' },
    });
    const [upper, lower] = lines(record, 'C11T002JM', filler);
    expect(lower).toBe('C11T002JM4D<<9608122F1310317<<<<<<<<<<<<<<<6');
    expect(upper.slice(0, 5)).toBe('P<D<<');
  });
});

describe('fields of the lower line', () => {
  it.each([
    ['1974-08-XX', '7408<<'],
    ['1974-XX-XX', '74<<<<'],
    ['XXXX-XX-XX', '<<<<<<'],
  ])('writes fillers for what is unknown of %s', (dateOfBirth, expected) => {
    const composed = lines(specimenRecord({ holder: { dateOfBirth } }), 'X1');
    expect(td3Field(composed, 'dateOfBirth')).toBe(expected);
    expect(td3Field(composed, 'dateOfBirthCheckDigit')).toBe(checkDigit(expected));
  });

  it.each([
    ['F', 'F'],
    ['M', 'M'],
    ['X', '<'],
  ] as const)('writes sex %s as %s', (sex, expected) => {
    expect(td3Field(lines(specimenRecord({ holder: { sex } }), 'X1'), 'sex')).toBe(expected);
  });

  it('replaces special characters of the personal number by fillers', () => {
    const composed = lines(specimenRecord({ holder: { personalNumber: 'A-12 3.4/B' } }), 'X1');
    expect(td3Field(composed, 'optionalData')).toBe('A<12<3<4<B<<<<');
  });
});

describe('what has no MRZ form', () => {
  it('names every such field by its path', () => {
    const record = specimenRecord({ holder: { primaryIdentifier: '王', secondaryIdentifier: "Anna'2 -" } });
    expect(composeTd3(record, 'TOO-LONG-10', { ...zero, transliteration: { Ä: 'Ae' } })).toEqual({
      ok: false,
      failure: [
        { path: 'transliteration["Ä"]', message: 'does not give 1-8 letters A-Z' },
        { path: 'documentNumber', message: 'is not 1-9 of A-Z 0-9' },
        { path: 'holder.primaryIdentifier', message: 'has U+738B, which has no transliteration' },
        {
          path: 'holder.secondaryIdentifier',
          message: 'has a digit, which the machine readable zone forbids in names',
        },
      ],
    });
  });

  it('is found at intake, before there is a booklet', () => {
    expect(td3Faults(specimenRecord(), zero)).toEqual([]);
    expect(td3Faults(specimenRecord({ holder: { secondaryIdentifier: '-' } }), zero)).toEqual([
      { path: 'holder.secondaryIdentifier', message: 'has no letter for the machine readable zone' },
    ]);
  });
});
