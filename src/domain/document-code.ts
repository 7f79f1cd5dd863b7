import { fail, ok, type Result } from './result.ts';

/** Second letters of a passport's document code (Doc 9303-4 s4.4; PU: Doc 9303-8). */
export const DOCUMENT_TYPES: ReadonlyMap<string, string> = new Map([
  ['PP', 'ordinary'],
  ['PE', 'emergency'],
  ['PD', 'diplomatic'],
  ['PO', 'official'],
  ['PR', 'refugee'],
  ['PT', 'alien'],
  ['PS', 'stateless'],
  ['PL', 'laissez-passer'],
  ['PM', 'military'],
  ['PU', 'single sheet'],
]);

interface DocumentCodeRule {
  /** First date of issue to which the rule applies, `YYYY-MM-DD`. */
  readonly from: string;
  readonly second: 'any letter or none' | 'a letter of the table or none' | 'a letter of the table';
}

/** Newest first (Doc 9303-4 s4.4). */
const RULES: readonly DocumentCodeRule[] = [
  { from: '2028-01-01', second: 'a letter of the table' },
  { from: '2026-01-01', second: 'a letter of the table or none' },
  { from: '0000-01-01', second: 'any letter or none' },
];

/** A book without a second letter of the table must expire before this date. */
const UNHARMONISED_EXPIRE_BEFORE = '2038-01-01';

/** Whether a book with these dates (`YYYY-MM-DD`) may carry this document code; fails with the reason. */
export function documentCodeAllowed(code: string, dateOfIssue: string, dateOfExpiry: string): Result<true, string> {
  if (!/^P[A-Z]?$/.test(code)) return fail('is not P or P and a letter');
  if (DOCUMENT_TYPES.has(code)) return ok(true);
  const rule = RULES.find(({ from }) => from <= dateOfIssue);
  const allowed = code === 'P' ? rule?.second.endsWith('or none') : rule?.second === 'any letter or none';
  if (!allowed) return fail(`must have ${rule?.second} as its second letter when issued from ${rule?.from} on`);
  if (dateOfExpiry >= UNHARMONISED_EXPIRE_BEFORE) {
    return fail(`without a second letter of the table, the book must expire before ${UNHARMONISED_EXPIRE_BEFORE}`);
  }
  return ok(true);
}
