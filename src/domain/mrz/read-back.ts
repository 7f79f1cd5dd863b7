import { checkDigit } from './check-digit.ts';
import type { MrzLines } from './td3.ts';
import {
  TD3_CHECK_DIGITS,
  TD3_FIELDS,
  TD3_LINE,
  type Td3CheckDigitName,
  type Td3FieldName,
  td3Field,
  td3FieldAt,
} from './td3-layout.ts';

/** One character that is not the intended one; `''` where a line is too short or too long. */
export interface MrzDifference {
  readonly line: 1 | 2;
  /** 1-based, as the standard counts. */
  readonly position: number;
  readonly field: Td3FieldName | null;
  readonly expected: string;
  readonly read: string;
}

/** What is wrong with the reading by itself, whatever was intended. */
export type MrzFault =
  | { readonly kind: 'line-count'; readonly count: number }
  | { readonly kind: 'line-length'; readonly line: 1 | 2; readonly length: number }
  | { readonly kind: 'charset'; readonly line: 1 | 2; readonly position: number }
  | { readonly kind: 'check-digit'; readonly field: Td3CheckDigitName; readonly position: number }
  /** The page carries another number than the booklet that was bound. */
  | { readonly kind: 'document-number' };

export type ReadBack =
  | { readonly match: true }
  | { readonly match: false; readonly differences: readonly MrzDifference[]; readonly faults: readonly MrzFault[] };

/**
 * Compares a printed page's zone with the intended one: form, all five check digits, the number against the bound
 * booklet, then all 88 characters, because no check digit covers names, State, nationality and sex (Doc 9303-4 s4.2.4).
 * Nothing is corrected: a look-alike (O and 0) is a difference. The result holds personal data: not for logs.
 */
export function readBack(lines: readonly string[], intended: MrzLines, documentNumber: string): ReadBack {
  const differences = [...differencesIn(1, lines[0], intended[0]), ...differencesIn(2, lines[1], intended[1])];
  const faults: MrzFault[] = [...formFaults(lines), ...checkDigitFaults(lines)];
  if (td3Field(lines, 'documentNumber') !== documentNumber.padEnd(9, '<')) faults.push({ kind: 'document-number' });
  return differences.length === 0 && faults.length === 0 ? { match: true } : { match: false, differences, faults };
}

function formFaults(lines: readonly string[]): MrzFault[] {
  const faults: MrzFault[] = lines.length === 2 ? [] : [{ kind: 'line-count', count: lines.length }];
  for (const line of [1, 2] as const) {
    const text = lines[line - 1];
    if (text === undefined) continue;
    if (text.length !== TD3_LINE) faults.push({ kind: 'line-length', line, length: text.length });
    for (const { index } of text.matchAll(/[^A-Z0-9<]/g)) faults.push({ kind: 'charset', line, position: index + 1 });
  }
  return faults;
}

function checkDigitFaults(lines: readonly string[]): MrzFault[] {
  const names = Object.keys(TD3_CHECK_DIGITS) as Td3CheckDigitName[];
  return names
    .filter((name) => {
      const covered = TD3_CHECK_DIGITS[name].map((field) => td3Field(lines, field)).join('');
      const read = td3Field(lines, name);
      const unused = name === 'optionalDataCheckDigit' && read === '<' && /^<+$/.test(covered);
      return !unused && read !== checkDigit(covered);
    })
    .map((field) => ({ kind: 'check-digit', field, position: TD3_FIELDS[field].from }));
}

function differencesIn(line: 1 | 2, read: string | undefined, expected: string): MrzDifference[] {
  const differences: MrzDifference[] = [];
  for (let at = 0; at < Math.max(expected.length, read?.length ?? 0); at += 1) {
    const pair = { expected: expected[at] ?? '', read: read?.[at] ?? '' };
    if (pair.expected !== pair.read) {
      differences.push({ line, position: at + 1, field: td3FieldAt(line, at + 1) ?? null, ...pair });
    }
  }
  return differences;
}
