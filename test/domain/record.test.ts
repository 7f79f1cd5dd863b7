import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecord, RECORD_MAX_BYTES, specimenRule } from '../../src/domain/record.ts';

const utf8 = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const valid = () => ({
  schema: 'passport-record/1',
  application: '1234567890123456',
  document: { code: 'P', issuingState: 'UTO', type: 'ordinary' },
  holder: {
    primaryIdentifier: 'ERIKSSON',
    secondaryIdentifier: 'ANNA MARIA',
    nationality: 'UTO',
    dateOfBirth: '1974-08-12',
    sex: 'F',
    placeOfBirth: 'ZENITH',
    personalNumber: 'ZE184226B',
  },
  validity: { dateOfIssue: '2026-11-20', dateOfExpiry: '2036-11-19' },
  authority: 'PASSPORT OFFICE',
  portrait: { mediaType: 'image/jpeg', data: '/9j/4AAQ' },
  signature: { mediaType: 'image/png', data: 'iVBORw0KGgo=' },
});

/** The valid record with one value set at a path; `undefined` takes the member away. */
function changed(path: string, value: unknown): Uint8Array {
  const record: Record<string, unknown> = valid();
  const steps = path.split('.');
  const last = steps.pop()!;
  const parent = steps.reduce<Record<string, unknown>>(
    (inside, name) => inside[name] as Record<string, unknown>,
    record,
  );
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return utf8(record);
}

function faults(bytes: Uint8Array): string[] {
  const parsed = parseRecord(bytes);
  if (parsed.ok) return [];
  expect(parsed.failure.code).toBe('PST-101');
  return (parsed.failure.errors ?? []).map(({ path, message }) => `${path}: ${message}`);
}

describe('a record that is as it should be', () => {
  it('is read, with the digest and the length of exactly its bytes', () => {
    const bytes = new TextEncoder().encode(`\n${JSON.stringify(valid(), null, 3)}\t`);
    const parsed = parseRecord(bytes);
    expect(parsed).toEqual({
      ok: true,
      value: {
        record: valid(),
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
      },
    });
  });

  it.each([
    ['holder.secondaryIdentifier', undefined],
    ['holder.secondaryIdentifier', null],
    ['holder.personalNumber', undefined],
    ['holder.personalNumber', null],
  ])('may lack %s (%s), which then reads as null', (path, value) => {
    const parsed = parseRecord(changed(path, value));
    if (!parsed.ok) throw new Error('refused');
    const { holder } = parsed.value.record;
    expect(path.endsWith('secondaryIdentifier') ? holder.secondaryIdentifier : holder.personalNumber).toBeNull();
  });

  it.each([
    ['application', 'A-1'],
    ['document.code', 'PP'],
    ['document.issuingState', 'D'],
    ['holder.nationality', 'D'],
    ['holder.primaryIdentifier', "d'Ålesund-Þórðarson".normalize('NFD')],
    ['holder.dateOfBirth', '1974-08-XX'],
    ['holder.dateOfBirth', '1974-XX-XX'],
    ['holder.dateOfBirth', 'XXXX-XX-XX'],
    ['holder.dateOfBirth', '2024-02-29'],
    ['holder.dateOfBirth', '2026-11-20'],
    ['holder.dateOfBirth', '2026-XX-XX'],
    ['holder.sex', 'X'],
    ['holder.personalNumber', '12.345-678/9 0'],
    ['validity.dateOfExpiry', '2026-11-20'],
    ['portrait.mediaType', 'image/png'],
    ['portrait.data', 'AA=='],
  ])('takes %s = %s', (path, value) => {
    expect(faults(changed(path, value))).toEqual([]);
  });
});

describe('a field that is wrong is named with its reason', () => {
  const text = 'has a control, format, private or unassigned character';
  const base64 = 'is not canonical base64';
  const partial = 'is not YYYY-MM-DD, YYYY-MM-XX, YYYY-XX-XX or XXXX-XX-XX';
  const personal = 'is not 1-14 of A-Z 0-9, with space . / - inside';

  it.each([
    ['schema', 'passport-record/2', 'is not passport-record/1'],
    ['application', '', 'is not 1-32 of A-Z 0-9 -'],
    ['application', 'a1', 'is not 1-32 of A-Z 0-9 -'],
    ['application', 'A'.repeat(33), 'is not 1-32 of A-Z 0-9 -'],
    ['application', 'A1\n', 'is not 1-32 of A-Z 0-9 -'],
    ['application', 1234, 'is not a text'],
    ['application', undefined, 'is missing'],
    ['application', null, 'is not a text'],
    ['document', undefined, 'is missing'],
    ['document', 'P', 'is not an object'],
    ['document', [], 'is not an object'],
    ['document.code', 'V', 'is not P or P and a letter'],
    ['document.code', 'P<', 'is not P or P and a letter'],
    ['document.code', 'PPP', 'is not P or P and a letter'],
    ['document.issuingState', 'UT', 'is not a code of three letters A-Z, or D'],
    ['document.issuingState', 'D<<', 'is not a code of three letters A-Z, or D'],
    ['document.type', 'Ordinary', 'is not 1-32 of a-z, space and -'],
    ['holder.primaryIdentifier', '', 'is empty'],
    ['holder.primaryIdentifier', ' ', 'is empty'],
    ['holder.primaryIdentifier', null, 'is not a text'],
    ['holder.primaryIdentifier', ' ERIKSSON', 'begins or ends with a space'],
    ['holder.primaryIdentifier', 'ERIK\u0000SSON', text],
    ['holder.primaryIdentifier', 'ERIK\nSSON', text],
    ['holder.primaryIdentifier', 'ERIK\u202eSSON', text],
    ['holder.primaryIdentifier', 'ERIK\u00adSSON', text],
    ['holder.primaryIdentifier', 'ERIK\ue000SSON', text],
    ['holder.primaryIdentifier', 'E'.repeat(129), 'is longer than 128 characters'],
    ['holder.secondaryIdentifier', '', 'is empty'],
    ['holder.secondaryIdentifier', 7, 'is not a text'],
    ['holder.nationality', 'uto', 'is not a code of three letters A-Z, or D'],
    ['holder.dateOfBirth', '1974-08-32', partial],
    ['holder.dateOfBirth', '1974-XX-12', partial],
    ['holder.dateOfBirth', 'XXXX-08-12', partial],
    ['holder.dateOfBirth', '1974-13-XX', partial],
    ['holder.dateOfBirth', '0000-XX-XX', partial],
    ['holder.dateOfBirth', '19XX-XX-XX', partial],
    ['holder.dateOfBirth', '1974-8-12', partial],
    ['holder.dateOfBirth', '2026-11-21', 'is after the date of issue'],
    ['holder.dateOfBirth', '2026-12-XX', 'is after the date of issue'],
    ['holder.sex', 'f', 'is not F, M or X'],
    ['holder.placeOfBirth', undefined, 'is missing'],
    ['holder.personalNumber', '', personal],
    ['holder.personalNumber', 'A'.repeat(15), personal],
    ['holder.personalNumber', 'a1', personal],
    ['holder.personalNumber', '-1', personal],
    ['validity.dateOfIssue', '2026-02-29', 'is not a calendar date YYYY-MM-DD'],
    ['validity.dateOfIssue', '1900-02-29', 'is not a calendar date YYYY-MM-DD'],
    ['validity.dateOfIssue', '2026-11-XX', 'is not a calendar date YYYY-MM-DD'],
    ['validity.dateOfExpiry', '2036-11-31', 'is not a calendar date YYYY-MM-DD'],
    ['validity.dateOfExpiry', '2026-11-19', 'is before the date of issue'],
    ['portrait.mediaType', 'image/gif', 'is neither image/jpeg nor image/png'],
    ['portrait.data', '', 'is empty'],
    ['portrait.data', 'AAA', base64],
    ['portrait.data', 'AAA=\n', base64],
    ['portrait.data', 'AAAB====', base64],
    ['portrait.data', 'AB==', base64],
    ['portrait.data', 'AAB=', base64],
    ['portrait.data', 'A-_A', base64],
    ['portrait.data', 'A=AA', base64],
    ['portrait.data', '====', base64],
    ['signature', null, 'is not an object'],
    ['holder.colour', 'blue', 'is not known'],
    ['documentNumber', 'X1', 'is not known'],
    ['toString', 'x', 'is not known'],
  ])('%s = %j', (path, value, message) => {
    expect(faults(changed(path, value))).toEqual([`${path}: ${message}`]);
  });

  it('and so are all the others at once', () => {
    const record = { ...valid(), application: '', extra: 1, authority: ' ' };
    record.holder.dateOfBirth = 'soon';
    record.validity.dateOfExpiry = '2020-01-01';
    expect(faults(utf8(record))).toEqual([
      'extra: is not known',
      'application: is not 1-32 of A-Z 0-9 -',
      `holder.dateOfBirth: ${partial}`,
      'authority: is empty',
      'validity.dateOfExpiry: is before the date of issue',
    ]);
  });

  it('without a word of what the field says', () => {
    const parsed = parseRecord(changed('holder.primaryIdentifier', 'SECRETIVE\u0007NAME'));
    expect(JSON.stringify(parsed)).not.toContain('SECRETIVE');
  });
});

describe('the bytes as a whole', () => {
  const text = JSON.stringify(valid());

  it.each([
    ['a byte order mark', `\ufeff${text}`, ': begins with a byte order mark'],
    ['a duplicate key', text.replace('"sex":"F"', '"sex":"F","s\\u0065x":"M"'), 'holder.sex: is given more than once'],
    ['__proto__', text.replace('"sex":"F"', '"sex":"F","__proto__":{}'), 'holder.__proto__: is not known'],
    ['trailing text', `${text}{}`, ': is followed by more text'],
    ['an array', `[${text}]`, ': is not an object'],
    ['null', 'null', ': is not an object'],
  ])('are refused with %s', (_, bytes, expected) => {
    expect(faults(new TextEncoder().encode(bytes))).toEqual([expected]);
  });

  it('are refused when not UTF-8', () => {
    const bytes = new TextEncoder().encode(text);
    bytes[text.indexOf('ERIKSSON')] = 0xff;
    expect(faults(bytes)).toEqual([': is not valid UTF-8']);
  });

  it('may have 2 MiB and not one byte more', () => {
    const padded = (length: number) => new TextEncoder().encode(text.padEnd(length, ' '));
    expect(faults(padded(RECORD_MAX_BYTES))).toEqual([]);
    expect(faults(padded(RECORD_MAX_BYTES + 1))).toEqual([`: larger than ${RECORD_MAX_BYTES} bytes`]);
  });

  it('never make it throw, whatever they are', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((json) => new TextEncoder().encode(json)),
        ),
        (bytes) => {
          expect(parseRecord(bytes).ok).toBe(false);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('document codes by date (Doc 9303-4 s4.4)', () => {
  const issued = (code: string, dateOfIssue: string, dateOfExpiry: string): string[] => {
    const record = valid();
    record.document.code = code;
    record.validity = { dateOfIssue, dateOfExpiry };
    return faults(utf8(record));
  };

  it.each([
    ['P', '2025-12-31', '2035-12-30'],
    ['PZ', '2025-12-31', '2035-12-30'],
    ['P', '2026-01-01', '2035-12-31'],
    ['P', '2027-12-31', '2037-12-31'],
    ['PP', '2027-12-31', '2038-01-01'],
    ...['PP', 'PE', 'PD', 'PO', 'PR', 'PT', 'PS', 'PL', 'PM', 'PU'].map((code) => [code, '2028-01-01', '2038-01-01']),
  ])('%s issued %s to %s is allowed', (code, issue, expiry) => {
    expect(issued(code!, issue!, expiry!)).toEqual([]);
  });

  const expire = 'without a second letter of the table, the book must expire before 2038-01-01';
  it.each([
    [
      'PZ',
      '2026-01-01',
      '2036-01-01',
      'must have a letter of the table or none as its second letter when issued from 2026-01-01 on',
    ],
    [
      'P',
      '2028-01-01',
      '2030-01-01',
      'must have a letter of the table as its second letter when issued from 2028-01-01 on',
    ],
    [
      'PZ',
      '2028-01-01',
      '2030-01-01',
      'must have a letter of the table as its second letter when issued from 2028-01-01 on',
    ],
    ['P', '2027-12-31', '2038-01-01', expire],
    ['PZ', '2025-12-31', '2038-01-01', expire],
  ])('%s issued %s to %s is refused', (code, issue, expiry, message) => {
    expect(issued(code, issue, expiry)).toEqual([`document.code: ${message}`]);
  });
});

describe('specimens and stations', () => {
  const record = (issuingState: string) => {
    const parsed = parseRecord(changed('document.issuingState', issuingState));
    if (!parsed.ok) throw new Error('refused');
    return parsed.value.record;
  };

  it('belong together: UTO at simulated stations only, and nothing else there', () => {
    expect(specimenRule(record('UTO'), true)).toBeNull();
    expect(specimenRule(record('IDN'), false)).toBeNull();
    expect(specimenRule(record('UTO'), false)).toMatchObject({
      code: 'PST-102',
      errors: [{ path: 'document.issuingState' }],
    });
    expect(specimenRule(record('IDN'), true)).toMatchObject({ code: 'PST-102' });
  });
});
