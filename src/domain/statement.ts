/**
 * What the centre says, as a signed statement (central.md, "Statements"). These are the claims after verification: absent
 * members are null, `aud` is always a list, and the two RFC 3339 claims (`time`, `paidAt`) are seconds since 1970 like all
 * other times.
 */

/** The JWS `typ` of each kind. */
export const STATEMENT_TYPES = {
  approval: 'passport-approval+jws',
  rejection: 'passport-rejection+jws',
  revocation: 'passport-revocation+jws',
  billing: 'passport-billing+jws',
  payment: 'passport-payment+jws',
  time: 'passport-time+jws',
  receipt: 'passport-receipt+jws',
  witness: 'passport-witness+jws',
  report: 'passport-report+jws',
} as const;

export type StatementKind = keyof typeof STATEMENT_TYPES;
export const STATEMENT_KINDS = Object.keys(STATEMENT_TYPES) as readonly StatementKind[];
/** What a key of the centre may be for; a station's report is never signed by one. */
export type KeyUse = Exclude<StatementKind, 'report'>;
export const KEY_USES = STATEMENT_KINDS.filter((kind): kind is KeyUse => kind !== 'report');

/** Seconds since 1970-01-01T00:00:00Z (RFC 7519 s2 NumericDate). */
export type Seconds = number;

/** `jti`: unique for ever. */
export const JTI = /^[A-Za-z0-9._-]{1,64}$/;
/** 1-32 of `A-Z 0-9 -` (domain.md). */
export const APPLICATION = /^[A-Z0-9-]{1,32}$/;
/** Station ids and office codes, as they stand after the colon of an `iss` or `aud`. */
export const PARTY = /^[A-Za-z0-9._-]{1,64}$/;

/** Which record bytes are meant: their SHA-256 as 64 lower-case hexadecimal digits, and how many bytes they are. */
export interface RecordDigest {
  readonly sha256: string;
  readonly bytes: number;
}

/** A reason of the centre. `code` is null where only a text was given. */
export interface StatedReason {
  readonly code: string | null;
  readonly text: string;
}

interface Claims {
  /** `central`, or `station:<id>` for a report. */
  readonly iss: string;
  readonly jti: string;
  readonly iat: Seconds;
}

interface Addressed extends Claims {
  /** `office:<code>`, `station:<id>` or `*`; at least one. */
  readonly aud: readonly string[];
}

export interface Approval extends Addressed {
  readonly kind: 'approval';
  readonly nbf: Seconds;
  readonly exp: Seconds;
  readonly application: string;
  readonly record: RecordDigest;
  /** The only booklet that may be used, or null for any. */
  readonly booklet: string | null;
  /** The `jti` of the spent approval that this one follows, or null for a first book. */
  readonly replaces: string | null;
  /** The lowest version of the trust bundle under which it may be used. */
  readonly bundle: number;
}

export interface Rejection extends Addressed {
  readonly kind: 'rejection';
  readonly application: string;
  readonly record: RecordDigest;
  readonly reason: StatedReason;
}

export type RevocationTarget =
  | { readonly approval: string }
  | { readonly booklet: string }
  | { readonly station: string };

export interface Revocation extends Addressed {
  readonly kind: 'revocation';
  readonly target: RevocationTarget;
  readonly reason: StatedReason;
}

export interface Billing extends Addressed {
  readonly kind: 'billing';
  readonly application: string;
  readonly billingCode: string;
  /** A decimal number as text: money is never a binary fraction. */
  readonly amount: string;
  /** ISO 4217 letters. */
  readonly currency: string;
  readonly exp: Seconds;
}

export interface Payment extends Addressed {
  readonly kind: 'payment';
  readonly application: string;
  readonly billingCode: string;
  readonly receipt: string;
  readonly paidAt: Seconds;
}

export interface TimeStatement extends Addressed {
  readonly kind: 'time';
  readonly nonce: string;
  readonly time: Seconds;
}

export interface Receipt extends Addressed {
  readonly kind: 'receipt';
  /** The `jti`s of the reports that the centre has. */
  readonly accepted: readonly string[];
}

export interface Witness extends Addressed {
  readonly kind: 'witness';
  readonly origin: string;
  /** Entries below the tree head. */
  readonly size: number;
  /** RFC 6962 root hash, 32 bytes in standard base64. */
  readonly root: string;
}

export const REPORT_KINDS = [
  'hello',
  'approval-requested',
  'billing-requested',
  'released',
  'intent',
  'printed',
  'not-printed',
  'in-doubt',
  'resolved',
  'spoiled',
  'quality-passed',
  'quality-failed',
  'handed-over',
  'referred',
  'cancelled',
  'stock',
  'checkpoint',
  'shift-closed',
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** Station to centre. What a report carries beside these is in `content`, by the report's kind. */
export interface Report extends Claims {
  readonly kind: 'report';
  readonly report: ReportKind;
  /** Gap-free per station; null for `hello`, which is not stored. */
  readonly seq: number | null;
  readonly content: Readonly<Record<string, unknown>>;
}

export type Statement =
  | Approval
  | Rejection
  | Revocation
  | Billing
  | Payment
  | TimeStatement
  | Receipt
  | Witness
  | Report;

/** The results of a verification, in the order in which they are looked for: the first that applies is the result. */
export const VERIFICATION_RESULTS = [
  'malformed',
  'unsupported-alg',
  'unknown-key',
  'wrong-key-use',
  'bad-signature',
  'wrong-audience',
  'superseded-bundle',
  'revoked',
  'clock-untrusted',
  'not-yet-valid',
  'expired',
  'already-used',
  'wrong-replaces',
  'record-mismatch',
  'booklet-mismatch',
] as const;
export type VerificationFailure = (typeof VERIFICATION_RESULTS)[number];
export type VerificationResult = 'valid' | VerificationFailure;

/** How far the station's time can be relied on (central.md, "Clock"). */
export const CLOCK_CLASSES = ['trusted', 'holdover', 'untrusted'] as const;
export type ClockClass = (typeof CLOCK_CLASSES)[number];
