/**
 * Every coded error of the project. A code never changes its meaning and is never used again for another one.
 * `PST-1xx` record and page, `2xx` statements and trust, `3xx` journal, `4xx` jobs, booklets and people,
 * `5xx` printers, `6xx` HTTP, `7xx` configuration and command line, `8xx` the centre.
 */

interface CodedText {
  /** What is wrong, in a few words. */
  readonly title: string;
  /** What to do about it. */
  readonly remedy: string;
}

export interface ErrorDefinition {
  /** HTTP status when it leaves through the API. */
  readonly status: number;
  readonly en: CodedText;
  readonly id: CodedText;
}

const define = (
  status: number,
  enTitle: string,
  enRemedy: string,
  idTitle: string,
  idRemedy: string,
): ErrorDefinition => ({
  status,
  en: { title: enTitle, remedy: enRemedy },
  id: { title: idTitle, remedy: idRemedy },
});

export const ERRORS = {
  // 1xx record and page
  'PST-101': define(
    400,
    'The record is not acceptable',
    'Correct the record at the paths named and hand it in again.',
    'Data permohonan tidak dapat diterima',
    'Perbaiki data pada bagian yang disebut, lalu ajukan kembali.',
  ),

  // 2xx statements and trust

  // 3xx journal

  // 4xx jobs, booklets, people

  // 5xx printers

  // 6xx HTTP

  // 7xx configuration and command line

  // 8xx the centre
} as const satisfies Record<`PST-${number}`, ErrorDefinition>;

export type ErrorCode = keyof typeof ERRORS;

/** One field that is wrong: where, and why. `path` is a JSON path such as `holder.dateOfBirth`, `''` for the whole. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** A refusal as a value. `detail` never carries personal data: it may be logged. */
export interface Problem {
  readonly code: ErrorCode;
  readonly detail: string;
  /** The verification or binding reason where one refused, for example `expired`. */
  readonly reason?: string;
  readonly errors?: readonly FieldError[];
}

export const problem = (
  code: ErrorCode,
  detail: string,
  more: { reason?: string; errors?: readonly FieldError[] } = {},
): Problem => ({ code, detail, ...more });

/** Carries a problem through code that can only throw, such as a transaction that must roll back. */
export class Refusal extends Error {
  readonly problem: Problem;
  constructor(refused: Problem) {
    super(`${refused.code}: ${refused.detail}`);
    this.name = 'Refusal';
    this.problem = refused;
  }
}
