/**
 * The verification of statements (central.md, "Statements"): an ordered list of named checks, and the first that fails is the
 * result. Synchronous and without clock, disk or randomness: it runs inside journal transactions and in the simulation.
 */
import { hash } from 'node:crypto';
import type {
  Approval,
  ClockClass,
  RecordDigest,
  Seconds,
  Statement,
  StatementKind,
  VerificationFailure,
} from '../domain/statement.ts';
import { isBundleExpired, LEEWAY, type StatementKey, type TrustBundle } from './bundle.ts';
import { claimedJti, kindOfType, parseClaims } from './claims.ts';
import { type CompactJws, parseCompact } from './jws.ts';
import { isAlgorithm, isSignedBy } from './keys.ts';

/** How far ahead of the clock an `iat` may be (central.md): one statement from the future must not stop an office. */
export const MAX_IAT_AHEAD: Seconds = 5 * 60;

/** Revocations by statement, as the journal has stored them. Those of the bundle are looked up in the bundle. */
export interface Revocations {
  approval(jti: string): boolean;
  booklet(number: string): boolean;
  station(id: string): boolean;
}

export const NO_REVOCATIONS: Revocations = { approval: () => false, booklet: () => false, station: () => false };

/** Everything beside the text that a verdict depends on. */
export interface VerificationContext {
  /** The bundle in force; without one every key is unknown. */
  readonly bundle: TrustBundle | null;
  /** The station's time by `readClock`, in seconds. */
  readonly now: Seconds;
  readonly clockClass: ClockClass;
  /** This station's id and its office's code. */
  readonly station: string;
  readonly office: string;
  readonly revocations: Revocations;
  /**
   * The digest of the *verified* statement that has this `jti`, or null: the same `jti` with other content is an alarm.
   * Statements that are only kept for later do not count, or a stranger could take a `jti` before the centre uses it.
   */
  readonly knownDigest: (jti: string) => string | null;
  /**
   * The nonce of our own time request that waits for its answer, else null. The answer is judged by the time that it
   * states itself: a clock that is far off must not refuse the statement that would set it right.
   */
  readonly nonce: string | null;
}

/**
 * What the journal knows when an approval is used for a job, filled by look-ups inside the transaction. Count as *spent* an
 * approval named by an attempt that is live, in doubt or took ink, never the attempt that asks now.
 */
export interface ApprovalFacts {
  readonly application: string;
  /** SHA-256 and length of the record bytes in the vault. */
  readonly record: RecordDigest;
  /** The booklet bound or about to be bound; null at arrival and release, where none is known yet. */
  readonly booklet: string | null;
  /** Another attempt, or the binding of another job, has this very approval. */
  readonly alreadyUsed: boolean;
  /** The approval that was spent last for this application and must be named by `replaces`; null where none was. */
  readonly spent: string | null;
  /** The right to print this application was given away (referral), so its approval counts as revoked here. */
  readonly retired: boolean;
}

export interface Valid<Kind extends Statement = Statement> {
  readonly result: 'valid';
  readonly statement: Kind;
  /** `statementDigest` of the text: what a `jti` stands for, for ever. */
  readonly digest: string;
}

export interface Invalid {
  readonly result: VerificationFailure;
  /** The check that failed, and why: for support and the audit log, without personal data. */
  readonly check: string;
  readonly detail: string;
  /** What the text calls itself. Not verified: for showing and alarming only. */
  readonly kind: StatementKind | null;
  readonly jti: string | null;
}

export type Verdict<Kind extends Statement = Statement> = Valid<Kind> | Invalid;

/** What the checks look at. */
interface Subject {
  readonly jws: CompactJws;
  readonly statement: Statement;
  readonly digest: string;
  readonly key: StatementKey | undefined;
  readonly context: VerificationContext;
  /** The context's time, or the stated time of the answer to our own nonce. */
  readonly now: Seconds;
  /** Null while only the statement itself is judged. */
  readonly facts: ApprovalFacts | null;
}

/** One guard. It says what is wrong, or null. */
export interface Check {
  readonly name: string;
  readonly result: VerificationFailure;
  readonly fault: (subject: Subject) => string | null;
}

const check = (
  result: VerificationFailure,
  name: string,
  refuses: (subject: Subject) => boolean,
  detail: string,
): Check => ({
  name,
  result,
  fault: (subject) => (refuses(subject) ? detail : null),
});

/** A guard that only approvals meet. */
const approvalCheck = (
  result: VerificationFailure,
  name: string,
  refuses: (approval: Approval, subject: Subject) => boolean,
  detail: string,
): Check => check(result, name, (s) => s.statement.kind === 'approval' && refuses(s.statement, s), detail);

/** A guard that compares an approval with what the journal knows about the job. */
const factCheck = (
  result: VerificationFailure,
  name: string,
  refuses: (approval: Approval, facts: ApprovalFacts) => boolean,
  detail: string,
): Check => approvalCheck(result, name, (a, s) => s.facts !== null && refuses(a, s.facts), detail);

const isForUs = (aud: readonly string[], { station, office }: VerificationContext): boolean =>
  aud.some((party) => party === '*' || party === `station:${station}` || party === `office:${office}`);

const hasWindow = (statement: Statement): boolean => statement.kind === 'approval' || statement.kind === 'billing';

/** All guards behind a well-formed text, in the order of the results (central.md). Tests remove them one by one. */
export const CHECKS: readonly Check[] = [
  check('unsupported-alg', 'alg', (s) => !isAlgorithm(s.jws.header.alg), 'alg is neither Ed25519 nor ES256'),
  check(
    'unsupported-alg',
    'alg-of-key',
    (s) => s.key !== undefined && s.key.alg !== s.jws.header.alg,
    'alg is not the alg of the key',
  ),
  check('unknown-key', 'key', (s) => s.key === undefined, 'no key of this kid in the trust bundle'),
  check(
    'wrong-key-use',
    'key-use',
    (s) => s.key !== undefined && (s.statement.kind === 'report' || !s.key.use.has(s.statement.kind)),
    'the key is not for this kind of statement',
  ),
  check(
    'wrong-key-use',
    'key-office',
    (s) => s.key !== undefined && !s.key.offices.has('*') && !s.key.offices.has(s.context.office),
    'the key is not for this office',
  ),
  check(
    'wrong-key-use',
    'key-nbf',
    (s) => s.key !== undefined && s.statement.iat < s.key.nbf,
    'signed before the time of the key',
  ),
  check(
    'wrong-key-use',
    'key-exp',
    (s) => s.key !== undefined && s.statement.iat >= s.key.exp,
    'signed after the time of the key',
  ),
  check(
    'bad-signature',
    'signature',
    (s) => s.key === undefined || !isSignedBy(s.key, s.jws.signed, s.jws.signature),
    'the signature does not verify',
  ),
  check(
    'wrong-audience',
    'audience',
    (s) => s.statement.kind !== 'report' && !isForUs(s.statement.aud, s.context),
    'meant for another office or station',
  ),
  approvalCheck(
    'superseded-bundle',
    'bundle-version',
    (a, s) => s.context.bundle === null || a.bundle > s.context.bundle.version,
    'needs a newer trust bundle',
  ),
  check(
    'superseded-bundle',
    'bundle-expiry',
    (s) => s.context.bundle === null || isBundleExpired(s.context.bundle, s.now),
    'the trust bundle in force has expired',
  ),
  check(
    'revoked',
    'key-revoked',
    (s) => s.context.bundle?.revoked.keys.has(s.jws.header.kid) ?? false,
    'the key is revoked',
  ),
  approvalCheck(
    'revoked',
    'approval-revoked-by-bundle',
    (a, s) => s.context.bundle?.revoked.approvals.has(a.jti) ?? false,
    'the approval is revoked by the trust bundle',
  ),
  approvalCheck(
    'revoked',
    'approval-revoked-by-statement',
    (a, s) => s.context.revocations.approval(a.jti),
    'the approval is revoked',
  ),
  approvalCheck(
    'revoked',
    'station-revoked-by-bundle',
    (_, s) => s.context.bundle?.revoked.stations.has(s.context.station) ?? false,
    'this station is revoked by the trust bundle',
  ),
  approvalCheck(
    'revoked',
    'station-revoked-by-statement',
    (_, s) => s.context.revocations.station(s.context.station),
    'this station is revoked',
  ),
  approvalCheck(
    'revoked',
    'booklet-revoked-by-bundle',
    (a, s) => bookletsOf(a, s.facts).some((number) => s.context.bundle?.revoked.booklets.has(number)),
    'the booklet is revoked by the trust bundle',
  ),
  approvalCheck(
    'revoked',
    'booklet-revoked-by-statement',
    (a, s) => bookletsOf(a, s.facts).some((number) => s.context.revocations.booklet(number)),
    'the booklet is revoked',
  ),
  factCheck('revoked', 'retired', (_, f) => f.retired, 'the case was referred to another office'),
  check(
    'clock-untrusted',
    'clock',
    (s) => hasWindow(s.statement) && s.context.clockClass === 'untrusted',
    'the time here is not known well enough',
  ),
  check(
    'not-yet-valid',
    'iat',
    (s) => s.statement.iat > s.now + MAX_IAT_AHEAD,
    'issued more than 5 minutes ahead of the clock here',
  ),
  approvalCheck('not-yet-valid', 'nbf', (a, s) => s.now < a.nbf - LEEWAY, 'its time has not come'),
  check(
    'expired',
    'exp',
    (s) => (s.statement.kind === 'approval' || s.statement.kind === 'billing') && s.now >= s.statement.exp + LEEWAY,
    'its time is over',
  ),
  check(
    'already-used',
    'jti-content',
    (s) => ![null, s.digest].includes(s.context.knownDigest(s.statement.jti)),
    'its jti has come before with other content',
  ),
  factCheck('already-used', 'spent', (_, f) => f.alreadyUsed, 'another book has used it'),
  factCheck('wrong-replaces', 'replaces', (a, f) => a.replaces !== f.spent, 'replaces is not the approval spent last'),
  factCheck('record-mismatch', 'application', (a, f) => a.application !== f.application, 'for another application'),
  factCheck(
    'record-mismatch',
    'record-bytes',
    (a, f) => a.record.bytes !== f.record.bytes,
    'the record has another length',
  ),
  factCheck(
    'record-mismatch',
    'record-sha256',
    (a, f) => a.record.sha256 !== f.record.sha256,
    'the record has another hash',
  ),
  factCheck(
    'booklet-mismatch',
    'booklet',
    (a, f) => a.booklet !== null && f.booklet !== null && a.booklet !== f.booklet,
    'names another booklet',
  ),
];

const bookletsOf = (approval: Approval, facts: ApprovalFacts | null): readonly string[] =>
  [approval.booklet, facts?.booklet ?? null].filter((number) => number !== null);

/**
 * What a `jti` stands for: SHA-256, hexadecimal, over the type and the payload as sent. The signature is left out, because
 * ECDSA can write one signature in two ways, and a centre may sign the same claims again with a new key.
 */
export const statementDigest = (typ: string, payloadText: string): string =>
  hash('sha256', `${typ}.${payloadText}`, 'hex');

interface ReadStatement {
  readonly jws: CompactJws;
  readonly statement: Statement;
  readonly digest: string;
}

function readStatement(text: string): ReadStatement | Invalid {
  const malformed = (path: string, message: string, kind: StatementKind | null): Invalid => ({
    result: 'malformed',
    check: 'form',
    detail: path === '' ? message : `${path}: ${message}`,
    kind,
    jti: claimedJti(text),
  });
  const jws = parseCompact(text);
  if (!jws.ok) return malformed(jws.failure.path, jws.failure.message, null);
  const { typ } = jws.value.header;
  const kind = kindOfType(typ);
  if (kind === null) return malformed('header.typ', 'is no type of statement', null);
  const claims = parseClaims(kind, jws.value.payload);
  if (!claims.ok) return malformed(claims.failure.path, claims.failure.message, kind);
  return { jws: jws.value, statement: claims.value, digest: statementDigest(typ, jws.value.payloadText) };
}

/** The whole verification with a given list of checks: product code passes `CHECKS`, tests a list with one taken out. */
export function verifyWith(
  checks: readonly Check[],
  text: string,
  context: VerificationContext,
  facts: ApprovalFacts | null,
): Verdict {
  const read = readStatement(text);
  if ('result' in read) return read;
  const { jws, statement, digest } = read;
  const answersUs = statement.kind === 'time' && context.nonce !== null && statement.nonce === context.nonce;
  const key = context.bundle?.keys.get(jws.header.kid);
  const now = answersUs ? statement.time : context.now;
  const subject: Subject = { jws, statement, digest, key, context, now, facts };
  for (const { name, result, fault } of checks) {
    const detail = fault(subject);
    if (detail !== null) return { result, check: name, detail, kind: statement.kind, jti: statement.jti };
  }
  return { result: 'valid', statement, digest };
}

/**
 * Judges any statement by itself: everything from `malformed` to `expired`, and `already-used` where its `jti` stood for
 * other content. Whether it fits a job is `verifyApproval`.
 */
export const verifyStatement = (text: string, context: VerificationContext): Verdict =>
  verifyWith(CHECKS, text, context, null);

/** Judges an approval for one job: the complete ordered verification, at arrival, at binding and at intent (rule I1). */
export function verifyApproval(text: string, context: VerificationContext, facts: ApprovalFacts): Verdict<Approval> {
  const verdict = verifyWith(CHECKS, text, context, facts);
  if (verdict.result !== 'valid') return verdict;
  const { statement, digest } = verdict;
  if (statement.kind === 'approval') return { result: 'valid', statement, digest };
  const { kind, jti } = statement;
  return { result: 'malformed', check: 'kind', detail: 'is not an approval', kind, jti };
}

const CURABLE: ReadonlySet<VerificationFailure> = new Set([
  'not-yet-valid',
  'unknown-key',
  'superseded-bundle',
  'clock-untrusted',
]);

/** Whether time or a newer bundle can cure this: such a statement is kept and tried again, all others are refused. */
export const curable = (result: VerificationFailure): boolean => CURABLE.has(result);
