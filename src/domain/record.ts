import { hash } from 'node:crypto';
import { earliest, isCalendarDate, isDateWithUnknownParts } from './calendar-date.ts';
import { documentCodeAllowed } from './document-code.ts';
import { type FieldError, type Problem, problem } from './errors.ts';
import { fail, ok, type Result } from './result.ts';
import { isJsonObject, type JsonValue, jsonPath, parseStrictJson } from './strict-json.ts';

export type Sex = 'F' | 'M' | 'X';

export interface RecordImage {
  readonly mediaType: 'image/jpeg' | 'image/png';
  /** Canonical base64 (RFC 4648 s4). */
  readonly data: string;
}

/** What a centre approves and a page shows (domain.md). Dates are `YYYY-MM-DD`; names are in national spelling. */
export interface PersonalisationRecord {
  readonly schema: 'passport-record/1';
  readonly application: string;
  readonly document: { readonly code: string; readonly issuingState: string; readonly type: string };
  readonly holder: {
    readonly primaryIdentifier: string;
    readonly secondaryIdentifier: string | null;
    readonly nationality: string;
    /** Parts may be `XX`: `1974-08-XX`, `1974-XX-XX`, `XXXX-XX-XX`. */
    readonly dateOfBirth: string;
    readonly sex: Sex;
    readonly placeOfBirth: string;
    readonly personalNumber: string | null;
  };
  readonly validity: { readonly dateOfIssue: string; readonly dateOfExpiry: string };
  readonly authority: string;
  readonly portrait: RecordImage;
  readonly signature: RecordImage;
}

export interface ParsedRecord {
  readonly record: PersonalisationRecord;
  /** SHA-256 of exactly the bytes handed in, 64 hex digits: what approvals are bound to. */
  readonly sha256: string;
  /** Length of the bytes handed in. */
  readonly bytes: number;
}

export const RECORD_MAX_BYTES = 2 * 1024 * 1024;

/**
 * Reads a personalisation record. The caller keeps the bytes: nothing ever writes them anew. Fails with `PST-101` and
 * one error for every field that is wrong, each with its path and reason; no value is quoted.
 */
export function parseRecord(bytes: Uint8Array): Result<ParsedRecord, Problem> {
  const json = parseStrictJson(bytes, { maxBytes: RECORD_MAX_BYTES, maxDepth: 4 });
  if (!json.ok) return notAcceptable([json.failure]);
  const errors: FieldError[] = [];
  const read = readMembers(RECORD, json.value, '', errors);
  // Rules between fields look only at fields that are themselves as they should be.
  const wrong = new Set(errors.map((error) => error.path));
  const record = read as unknown as PersonalisationRecord;
  if (!wrong.has('')) {
    for (const rule of RULES) {
      if (rule.reads.every((path) => valueAt(read, path) !== undefined && !wrong.has(path))) {
        errors.push(...rule.check(record));
      }
    }
  }
  if (errors.length > 0) return notAcceptable(errors);
  return ok({ record, sha256: hash('sha256', bytes, 'hex'), bytes: bytes.length });
}

/**
 * UTO is Utopia, the State of specimens (Doc 9303-3 s5 G). A simulated station prints nothing else, a real one anything
 * but; `null` when the record fits the station.
 */
export function specimenRule(record: PersonalisationRecord, simulated: boolean): Problem | null {
  if ((record.document.issuingState === 'UTO') === simulated) return null;
  const message = simulated ? 'must be UTO at a simulated station' : 'must not be UTO: that is for specimens';
  return problem('PST-102', `issuing State ${message}`, { errors: [{ path: 'document.issuingState', message }] });
}

const notAcceptable = (errors: readonly FieldError[]): Result<never, Problem> =>
  fail(problem('PST-101', `${errors.length} ${errors.length === 1 ? 'field is' : 'fields are'} wrong`, { errors }));

/** The reason why a text is refused, or `null`. */
type TextRule = (text: string) => string | null;
interface Field {
  readonly rule: TextRule;
  readonly mayBeAbsent: boolean;
}
interface Members {
  readonly [name: string]: Field | { readonly members: Members };
}

const field = (rule: TextRule): Field => ({ rule, mayBeAbsent: false });
const optional = (rule: TextRule): Field => ({ rule, mayBeAbsent: true });
const pattern =
  (form: RegExp, message: string): TextRule =>
  (text) =>
    form.test(text) ? null : message;

const TEXT_LENGTH = 128;

/** Text that a page shows. Format characters could reorder or hide what an operator reads. */
const shown: TextRule = (text) => {
  if (text.trim() === '') return 'is empty';
  if (text.trim() !== text) return 'begins or ends with a space';
  if (/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/u.test(text)) {
    return 'has a control, format, private or unassigned character';
  }
  return [...text].length > TEXT_LENGTH ? `is longer than ${TEXT_LENGTH} characters` : null;
};

const base64: TextRule = (text) => {
  const body = text.replace(/={1,2}$/, '');
  if (text === '') return 'is empty';
  if (text.length % 4 !== 0 || /[^A-Za-z0-9+/]/.test(body)) return 'is not canonical base64';
  // The bits that padding leaves over are zero, or two texts would mean the same bytes.
  const padding = text.length - body.length;
  const lastFits = padding === 0 || (padding === 1 ? /[AEIMQUYcgkosw048]$/ : /[AQgw]$/).test(body);
  return lastFits ? null : 'is not canonical base64';
};

const state = pattern(/^(?:[A-Z]{3}|D)$/, 'is not a code of three letters A-Z, or D');
const calendarDate: TextRule = (text) => (isCalendarDate(text) ? null : 'is not a calendar date YYYY-MM-DD');
const image = {
  members: {
    mediaType: field(pattern(/^image\/(?:jpeg|png)$/, 'is neither image/jpeg nor image/png')),
    data: field(base64),
  },
};

const RECORD: Members = {
  schema: field(pattern(/^passport-record\/1$/, 'is not passport-record/1')),
  application: field(pattern(/^[A-Z0-9-]{1,32}$/, 'is not 1-32 of A-Z 0-9 -')),
  document: {
    members: {
      code: field(pattern(/^P[A-Z]?$/, 'is not P or P and a letter')),
      issuingState: field(state),
      type: field(pattern(/^[a-z](?:[a-z -]{0,30}[a-z])?$/, 'is not 1-32 of a-z, space and -')),
    },
  },
  holder: {
    members: {
      primaryIdentifier: field(shown),
      secondaryIdentifier: optional(shown),
      nationality: field(state),
      dateOfBirth: field((text) =>
        isDateWithUnknownParts(text) ? null : 'is not YYYY-MM-DD, YYYY-MM-XX, YYYY-XX-XX or XXXX-XX-XX',
      ),
      sex: field(pattern(/^[FMX]$/, 'is not F, M or X')),
      placeOfBirth: field(shown),
      // 14 positions in the machine readable zone (Doc 9303-4 s4.2.2.2), where special characters become fillers.
      personalNumber: optional(
        pattern(/^[A-Z0-9](?:[A-Z0-9 ./-]{0,12}[A-Z0-9])?$/, 'is not 1-14 of A-Z 0-9, with space . / - inside'),
      ),
    },
  },
  validity: { members: { dateOfIssue: field(calendarDate), dateOfExpiry: field(calendarDate) } },
  authority: field(shown),
  portrait: image,
  signature: image,
};

interface CrossRule {
  readonly reads: readonly string[];
  readonly check: (record: PersonalisationRecord) => FieldError[];
}

const RULES: readonly CrossRule[] = [
  {
    reads: ['validity.dateOfIssue', 'validity.dateOfExpiry'],
    check: ({ validity }) =>
      validity.dateOfIssue <= validity.dateOfExpiry
        ? []
        : [{ path: 'validity.dateOfExpiry', message: 'is before the date of issue' }],
  },
  {
    reads: ['holder.dateOfBirth', 'validity.dateOfIssue'],
    check: ({ holder, validity }) =>
      earliest(holder.dateOfBirth) <= validity.dateOfIssue
        ? []
        : [{ path: 'holder.dateOfBirth', message: 'is after the date of issue' }],
  },
  {
    reads: ['document.code', 'validity.dateOfIssue', 'validity.dateOfExpiry'],
    check: ({ document, validity }) => {
      const allowed = documentCodeAllowed(document.code, validity.dateOfIssue, validity.dateOfExpiry);
      return allowed.ok ? [] : [{ path: 'document.code', message: allowed.failure }];
    },
  },
];

function readMembers(
  members: Members,
  value: JsonValue | undefined,
  path: string,
  errors: FieldError[],
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  if (!isJsonObject(value)) {
    errors.push({ path, message: value === undefined ? 'is missing' : 'is not an object' });
    return read;
  }
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(members, name)) errors.push({ path: jsonPath(path, name), message: 'is not known' });
  }
  for (const [name, member] of Object.entries(members)) {
    const at = jsonPath(path, name);
    read[name] =
      'members' in member
        ? readMembers(member.members, value[name], at, errors)
        : readText(member, value[name], at, errors);
  }
  return read;
}

function readText(
  { rule, mayBeAbsent }: Field,
  value: JsonValue | undefined,
  path: string,
  errors: FieldError[],
): string | null {
  if (mayBeAbsent && (value === undefined || value === null)) return null;
  if (typeof value !== 'string') {
    errors.push({ path, message: value === undefined ? 'is missing' : 'is not a text' });
    return null;
  }
  const reason = rule(value);
  if (reason !== null) errors.push({ path, message: reason });
  return value;
}

const valueAt = (read: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((inside, name) => (inside as Record<string, unknown> | undefined)?.[name], read);
