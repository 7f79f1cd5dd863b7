/** The page's fields in the order of Doc 9303-4 s3.1 (03 to 16), each with its place. Millimetres from the top left. */
import type { PersonalisationRecord } from '../domain/record.ts';
import { type Attempt, IDENTIFIER_VALUE, LONG_VALUE, NUMBER_VALUE, SHORT_VALUE } from './fit.ts';
import { CAPTIONS, type Caption } from './template.ts';

export interface Field {
  /** Where the value comes from, as a path of the record. */
  readonly path: string;
  readonly caption: Caption;
  /** The text as printed; nothing or empty leaves out the caption too. */
  readonly value: (record: PersonalisationRecord, documentNumber: string) => string | null | undefined;
  readonly x: number;
  readonly top: number;
  readonly width: number;
  readonly attempts: readonly Attempt[];
}

/** Right of the portrait, to 3 mm from the right edge. */
const LEFT = 41;
const FULL = 81;
/** Second column of two, and of three with the third. */
const HALF = 82;
const SECOND = 68.5;
const THIRD = 96;

const NUMBER_ROW = 8.4;
const row = (index: number) => 15.9 + index * 7.35;

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

/** `1974-08-12` as `12 AUG 1974`; unknown parts stay `XX`. */
export function visualDate(date: string): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${day} ${MONTHS[Number(month) - 1] ?? month} ${year}`;
}

const PRIMARY = {
  path: 'holder.primaryIdentifier',
  x: LEFT,
  top: row(0),
  width: FULL,
  attempts: LONG_VALUE,
} as const;

const hasOneName = (record: PersonalisationRecord) => (record.holder.secondaryIdentifier ?? '') === '';

export const FIELDS: readonly Field[] = [
  {
    path: 'document.code',
    caption: CAPTIONS.code,
    value: (record) => record.document.code,
    x: LEFT,
    top: NUMBER_ROW,
    width: 14,
    attempts: SHORT_VALUE,
  },
  {
    path: 'document.issuingState',
    caption: CAPTIONS.state,
    value: (record) => record.document.issuingState,
    x: 56,
    top: NUMBER_ROW,
    width: 25,
    attempts: SHORT_VALUE,
  },
  {
    path: 'documentNumber',
    caption: CAPTIONS.number,
    value: (_, documentNumber) => documentNumber,
    x: HALF,
    top: NUMBER_ROW,
    width: 40,
    attempts: NUMBER_VALUE,
  },
  {
    ...PRIMARY,
    caption: CAPTIONS.primaryIdentifier,
    value: (record) => (hasOneName(record) ? null : record.holder.primaryIdentifier),
  },
  {
    ...PRIMARY,
    caption: CAPTIONS.singleName,
    value: (record) => (hasOneName(record) ? record.holder.primaryIdentifier : null),
  },
  {
    path: 'holder.secondaryIdentifier',
    caption: CAPTIONS.secondaryIdentifier,
    value: (record) => record.holder.secondaryIdentifier,
    x: LEFT,
    top: row(1),
    width: FULL,
    attempts: LONG_VALUE,
  },
  {
    path: 'holder.nationality',
    caption: CAPTIONS.nationality,
    value: (record) => record.holder.nationality,
    x: LEFT,
    top: row(2),
    width: 26,
    attempts: SHORT_VALUE,
  },
  {
    path: 'holder.dateOfBirth',
    caption: CAPTIONS.dateOfBirth,
    value: (record) => visualDate(record.holder.dateOfBirth),
    x: SECOND,
    top: row(2),
    width: 26,
    attempts: SHORT_VALUE,
  },
  {
    path: 'holder.personalNumber',
    caption: CAPTIONS.personalNumber,
    value: (record) => record.holder.personalNumber,
    x: THIRD,
    top: row(2),
    width: 26,
    attempts: IDENTIFIER_VALUE,
  },
  {
    path: 'holder.sex',
    caption: CAPTIONS.sex,
    value: (record) => record.holder.sex,
    x: LEFT,
    top: row(3),
    width: 26,
    attempts: SHORT_VALUE,
  },
  {
    path: 'holder.placeOfBirth',
    caption: CAPTIONS.placeOfBirth,
    value: (record) => record.holder.placeOfBirth,
    x: SECOND,
    top: row(3),
    width: 53.5,
    attempts: LONG_VALUE,
  },
  {
    path: 'validity.dateOfIssue',
    caption: CAPTIONS.dateOfIssue,
    value: (record) => visualDate(record.validity.dateOfIssue),
    x: LEFT,
    top: row(4),
    width: 39,
    attempts: SHORT_VALUE,
  },
  {
    path: 'authority',
    caption: CAPTIONS.authority,
    value: (record) => record.authority,
    x: HALF,
    top: row(4),
    width: 40,
    attempts: LONG_VALUE,
  },
  {
    path: 'validity.dateOfExpiry',
    caption: CAPTIONS.dateOfExpiry,
    value: (record) => visualDate(record.validity.dateOfExpiry),
    x: LEFT,
    top: row(5),
    width: 39,
    attempts: SHORT_VALUE,
  },
];

/** Field 18: its caption stands above the signature's area. */
export const SIGNATURE_CAPTION = { x: HALF, top: row(5) } as const;
