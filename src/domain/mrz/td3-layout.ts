/** The fields of a TD3 machine readable zone, with 1-based positions as the standard counts them (Doc 9303-4 s4.2.2). */
export interface Td3Field {
  readonly line: 1 | 2;
  readonly from: number;
  readonly to: number;
}

export const TD3_LINE = 44;

export const TD3_FIELDS = {
  documentCode: { line: 1, from: 1, to: 2 },
  issuingState: { line: 1, from: 3, to: 5 },
  name: { line: 1, from: 6, to: 44 },
  documentNumber: { line: 2, from: 1, to: 9 },
  documentNumberCheckDigit: { line: 2, from: 10, to: 10 },
  nationality: { line: 2, from: 11, to: 13 },
  dateOfBirth: { line: 2, from: 14, to: 19 },
  dateOfBirthCheckDigit: { line: 2, from: 20, to: 20 },
  sex: { line: 2, from: 21, to: 21 },
  dateOfExpiry: { line: 2, from: 22, to: 27 },
  dateOfExpiryCheckDigit: { line: 2, from: 28, to: 28 },
  optionalData: { line: 2, from: 29, to: 42 },
  optionalDataCheckDigit: { line: 2, from: 43, to: 43 },
  compositeCheckDigit: { line: 2, from: 44, to: 44 },
} as const satisfies Record<string, Td3Field>;

export type Td3FieldName = keyof typeof TD3_FIELDS;

export type Td3CheckDigitName = Extract<Td3FieldName, `${string}CheckDigit`>;

/** What each check digit covers, in the order in which it is computed (Doc 9303-4 s4.2.4). */
export const TD3_CHECK_DIGITS: Readonly<Record<Td3CheckDigitName, readonly Td3FieldName[]>> = {
  documentNumberCheckDigit: ['documentNumber'],
  dateOfBirthCheckDigit: ['dateOfBirth'],
  dateOfExpiryCheckDigit: ['dateOfExpiry'],
  optionalDataCheckDigit: ['optionalData'],
  compositeCheckDigit: [
    'documentNumber',
    'documentNumberCheckDigit',
    'dateOfBirth',
    'dateOfBirthCheckDigit',
    'dateOfExpiry',
    'dateOfExpiryCheckDigit',
    'optionalData',
    'optionalDataCheckDigit',
  ],
};

/** The characters of one field; shorter when the line is. */
export function td3Field(lines: readonly string[], name: Td3FieldName): string {
  const { line, from, to } = TD3_FIELDS[name];
  return (lines[line - 1] ?? '').slice(from - 1, to);
}

/** Which field a position belongs to. */
export function td3FieldAt(line: 1 | 2, position: number): Td3FieldName | undefined {
  const found = Object.entries(TD3_FIELDS).find(
    ([, field]) => field.line === line && field.from <= position && position <= field.to,
  );
  return found?.[0] as Td3FieldName | undefined;
}
