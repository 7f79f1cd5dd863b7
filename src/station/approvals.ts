import type { Rejection, Revocation, VerificationResult } from '../domain/statement.ts';
import type { JobRow, Queries, StatementRow } from '../journal/queries.ts';
import { offlineAllowance } from '../trust/limits.ts';
import { chooseApproval, rejectionWins, rejects } from '../trust/precedence.ts';
import {
  type ApprovalFacts,
  type Revocations,
  type Verdict,
  type VerificationContext,
  verifyApproval,
  verifyStatement,
} from '../trust/verify.ts';
import type { Core } from './core.ts';

/** Which statements count for a job, judged anew each time they are used (I1). */

type Seen = Pick<Core, 'settings' | 'clock' | 'bundles'>;

export function verificationContext(core: Seen, journal: Queries, nonce: string | null = null): VerificationContext {
  const reading = core.clock.reading(journal);
  return {
    bundle: core.bundles.inForce(journal),
    now: reading.now,
    clockClass: reading.class,
    station: core.settings.station.id,
    office: core.settings.station.office,
    revocations: revocationsOf(journal),
    knownDigest: (jti) => journal.statementByJti(jti)?.digest ?? null,
    nonce,
  };
}

/** Stored statements were verified when they came; their text is only read here, never trusted anew. */
export const claimsOf = <Kind>(row: StatementRow): Kind =>
  JSON.parse(Buffer.from(row.text.split('.')[1] ?? '', 'base64url').toString()) as Kind;

function revocationsOf(journal: Queries): Revocations {
  const rows = journal.revocations().map((row) => claimsOf<Record<string, unknown>>(row));
  const named = (member: string, value: string) => rows.some((claims) => claims[member] === value);
  return {
    approval: (jti) => named('approval', jti),
    booklet: (number) => named('booklet', number),
    station: (id) => named('station', id),
  };
}

function factsFor(journal: Queries, job: JobRow, jti: string, booklet: string | null): ApprovalFacts {
  return {
    application: job.application,
    record: { sha256: job.record_sha256, bytes: job.record_bytes },
    booklet,
    alreadyUsed: journal.attemptOfApproval(jti) !== undefined,
    spent: job.spent_approval,
    retired: job.state === 'referred',
  };
}

export interface Usable {
  readonly jti: string;
  readonly iat: number;
}
export type Judgement =
  | { readonly result: 'valid'; readonly approval: Usable }
  | { readonly result: Exclude<VerificationResult, 'valid'> | 'none' | 'offline-limit'; readonly detail: string };

/** Judges a text as it arrives: by itself, and an approval also against the job that it is about, if that is here. */
export function judgeArrival(core: Seen, journal: Queries, text: string): Verdict {
  const context = verificationContext(core, journal);
  const alone = verifyStatement(text, context);
  if (alone.result !== 'valid' || alone.statement.kind !== 'approval') return alone;
  const job = journal.jobOfApplication(alone.statement.application);
  if (job === undefined || job.state === 'cancelled' || job.state === 'handed-over') return alone;
  return verifyApproval(text, context, factsFor(journal, job, alone.statement.jti, null));
}

/** The approval that counts for this job and booklet at this moment; of several usable ones the latest. */
export function approvalFor(core: Seen, journal: Queries, job: JobRow, booklet: string | null): Judgement {
  const context = verificationContext(core, journal);
  const rows = journal.statementsOf(job.application, 'approval');
  const usable: Usable[] = [];
  let refusal: Judgement = { result: 'none', detail: 'no approval is stored for this application' };
  for (const row of rows) {
    const verdict = verifyApproval(row.text, context, factsFor(journal, job, row.jti ?? '', booklet));
    if (verdict.result === 'valid') usable.push({ jti: verdict.statement.jti, iat: verdict.statement.iat });
    else if (refusal.result === 'none' || row.jti === job.approval)
      refusal = { result: verdict.result, detail: verdict.detail };
  }
  const chosen = chooseApproval(usable);
  if (chosen === null) return refusal;
  const rejection = latestRejection(journal, job);
  if (rejection !== null && rejectionWins(rejection, chosen, false))
    return { result: 'revoked', detail: 'the centre has rejected the application since' };
  return { result: 'valid', approval: chosen };
}

/** Like `approvalFor`, at the moment of printing: also within what may be printed without the centre (central.md, limits). */
export function mayPrintNow(core: Seen, journal: Queries, job: JobRow, booklet: string): Judgement {
  const bundle = core.bundles.inForce(journal);
  const { last_contact, prints_since } = journal.station();
  if (bundle !== null && last_contact !== null) {
    const { now } = core.clock.reading(journal);
    const allowance = offlineAllowance({
      limits: bundle.limits,
      lastContact: last_contact,
      printsSince: prints_since,
      now,
    });
    if (allowance.exhausted)
      return { result: 'offline-limit', detail: 'nothing prints until a fresh statement of the centre has arrived' };
  }
  return approvalFor(core, journal, job, booklet);
}

export function latestRejection(journal: Queries, job: JobRow): Usable | null {
  const digest = { application: job.application, record: { sha256: job.record_sha256, bytes: job.record_bytes } };
  const rows = journal
    .statementsOf(job.application, 'rejection')
    .filter((row) => rejects(claimsOf<Rejection>(row), digest))
    .map((row) => ({ jti: row.jti ?? '', iat: row.iat ?? 0 }));
  return chooseApproval(rows);
}

/** Jobs that a revocation touches: those that stand on the approval or the booklet, or all that wait for printing. */
export function jobsTouchedBy(journal: Queries, revocation: Revocation): string[] {
  const waiting = (['approved', 'released', 'bound', 'held'] as const).flatMap((state) => journal.jobsOfState(state));
  const { target } = revocation;
  if ('approval' in target) return waiting.filter((job) => job.approval === target.approval).map((job) => job.id);
  if ('booklet' in target) return waiting.filter((job) => job.booklet === target.booklet).map((job) => job.id);
  return waiting.map((job) => job.id);
}
