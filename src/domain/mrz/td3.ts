import type { FieldError } from '../errors.ts';
import type { PersonalisationRecord } from '../record.ts';
import { fail, ok, type Result } from '../result.ts';
import { checkDigit } from './check-digit.ts';
import { composeNameField, type Truncation } from './names.ts';
import { TD3_FIELDS, type Td3FieldName } from './td3-layout.ts';
import { type TransliterationChoices, transliterateName, transliterationFaults } from './transliteration.ts';

/** Two lines of 44 characters of `A-Z 0-9 <`. */
export type MrzLines = readonly [string, string];

export interface Td3Options {
  /** Position 43 when positions 29-42 are unused: the issuer's option (Doc 9303-4 s4.2.2.2). */
  readonly emptyOptionalCheckDigit: '0' | '<';
  /** The issuer's choices beside Doc 9303-3 s6. */
  readonly transliteration?: TransliterationChoices;
  /** How a primary identifier that is too long is cut; `initials` when not given. */
  readonly truncation?: Truncation;
}

/**
 * The machine readable zone of a TD3 data page (Doc 9303-4 s4.2, Doc 9303-3 s4.6-4.9).
 * `documentNumber` is the number of the bound booklet, 1-9 of `A-Z 0-9`. The failure names every field that has no MRZ
 * form, by its path in the record (`documentNumber` and `transliteration` for the arguments themselves).
 */
export function composeTd3(
  record: PersonalisationRecord,
  documentNumber: string,
  options: Td3Options,
): Result<{ readonly lines: MrzLines }, readonly FieldError[]> {
  const errors = transliterationFaults(options.transliteration ?? {});
  if (!/^[A-Z0-9]{1,9}$/.test(documentNumber)) {
    errors.push({ path: 'documentNumber', message: 'is not 1-9 of A-Z 0-9' });
  }
  const name = nameField(record, options, errors);
  if (errors.length > 0) return fail(errors);

  const { document, holder, validity } = record;
  const upper = filled('documentCode', document.code) + filled('issuingState', document.issuingState) + name;
  const number = withCheckDigit(filled('documentNumber', documentNumber));
  const birth = withCheckDigit(mrzDate(holder.dateOfBirth));
  const expiry = withCheckDigit(mrzDate(validity.dateOfExpiry));
  const optional = filled('optionalData', (holder.personalNumber ?? '').replace(/[^A-Z0-9]/g, '<'));
  const personal = /^<+$/.test(optional) ? optional + options.emptyOptionalCheckDigit : withCheckDigit(optional);
  const lower =
    number +
    filled('nationality', holder.nationality) +
    birth +
    (holder.sex === 'X' ? '<' : holder.sex) +
    expiry +
    personal +
    checkDigit(number + birth + expiry + personal);
  return ok({ lines: [upper, lower] });
}

/** The fields of a record that have no MRZ form, before any booklet is bound: for the check at intake. */
export function td3Faults(record: PersonalisationRecord, options: Td3Options): readonly FieldError[] {
  const composed = composeTd3(record, '0', options);
  return composed.ok ? [] : composed.failure;
}

function nameField(record: PersonalisationRecord, options: Td3Options, errors: FieldError[]): string {
  const components = (field: 'primaryIdentifier' | 'secondaryIdentifier'): readonly string[] => {
    const name = record.holder[field];
    if (name === null) return [];
    const latin = transliterateName(name, options.transliteration);
    if (!latin.ok) errors.push({ path: `holder.${field}`, message: latin.failure });
    return latin.ok ? latin.value : [];
  };
  const primary = components('primaryIdentifier');
  const secondary = components('secondaryIdentifier');
  if (primary.length === 0) return '';
  const composed = composeNameField(primary, secondary, options.truncation);
  if (!composed.ok) errors.push({ path: 'holder.primaryIdentifier', message: composed.failure });
  return composed.ok ? composed.value : '';
}

const filled = (field: Td3FieldName, text: string): string =>
  text.padEnd(TD3_FIELDS[field].to - TD3_FIELDS[field].from + 1, '<');

const withCheckDigit = (field: string): string => field + checkDigit(field);

/** YYMMDD, fillers for what is not known (Doc 9303-3 s4.8). */
const mrzDate = (date: string): string => date.slice(2).replaceAll('-', '').replaceAll('X', '<');
