import { deadlineAfter } from '../domain/deadline.ts';
import type { JobState } from '../domain/job.ts';
import type { Rejection, Revocation, VerificationResult } from '../domain/statement.ts';
import type { Transaction } from '../journal/journal.ts';
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
import { releaseByItself } from './acts/release.ts';
import { type Core, calendarOf } from './core.ts';

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
const claimsOf = <Kind>(row: StatementRow): Kind =>
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

/** States in which ink may exist, or be on its way: statements then only flag. */
const INKED: ReadonlySet<JobState> = new Set([
  'printing',
  'in-doubt',
  'printed',
  'quality-check',
  'quality-failed',
  'ready',
]);
const ENDED: ReadonlySet<JobState> = new Set(['handed-over', 'cancelled', 'referred']);

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

function latestRejection(journal: Queries, job: JobRow): Usable | null {
  const digest = { application: job.application, record: { sha256: job.record_sha256, bytes: job.record_bytes } };
  const rows = journal
    .statementsOf(job.application, 'rejection')
    .filter((row) => rejects(claimsOf<Rejection>(row), digest))
    .map((row) => ({ jti: row.jti ?? '', iat: row.iat ?? 0 }));
  return chooseApproval(rows);
}

/**
 * Brings a job to where the stored statements put it: approved, rejected, or back to waiting because its approval was
 * revoked. Called whenever a statement, a bundle or the job itself is new.
 */
export function reconsider(core: Core, tx: Transaction, id: string): void {
  const job = tx.job(id);
  if (job === undefined || INKED.has(job.state) || ENDED.has(job.state)) return;
  const stands = job.state === 'held' ? (job.held_from as JobState) : job.state;
  if (stands === 'awaiting-payment') {
    considerPayment(core, tx, job);
    return;
  }
  const judgement = approvalFor(core, tx, job, null);
  const rejection = latestRejection(tx, job);
  const best = judgement.result === 'valid' ? judgement.approval : null;
  if (rejection !== null && (best === null || rejectionWins(rejection, best, false))) {
    if (stands !== 'rejected')
      tx.append('job-rejected', id, { job: id, statement: rejection.jti, ...reasonOf(tx, rejection.jti) });
    return;
  }
  if (best !== null) {
    if (stands === 'awaiting-approval' || stands === 'rejected' || (stands !== 'bound' && job.approval !== best.jti)) {
      tx.append('job-approved', id, { job: id, approval: best.jti });
      releaseByItself(core, tx, id);
    }
    return;
  }
  if ((stands === 'approved' || stands === 'released' || stands === 'bound') && judgement.result === 'revoked')
    tx.append('job-revoked', id, { job: id, statement: null, reason: revocationReason(tx, job) });
}

function considerPayment(core: Core, tx: Transaction, job: JobRow): void {
  const paid = tx.statementsOf(job.application, 'payment')[0];
  if (paid === undefined) return;
  const { receipt } = claimsOf<{ receipt: string }>(paid);
  tx.append('job-paid', job.id, { job: job.id, receipt, deadline: deadlineAfter(tx.at, calendarOf(core.settings)) }, [
    approvalRequested(core, job),
  ]);
  reconsider(core, tx, job.id);
}

export const approvalRequested = (
  core: Pick<Core, 'world'>,
  job: Pick<JobRow, 'application' | 'record_sha256' | 'record_bytes'>,
) => ({
  jti: core.world.random.id(),
  kind: 'approval-requested',
  claims: { application: job.application, record: { sha256: job.record_sha256, bytes: job.record_bytes } },
});

function reasonOf(journal: Queries, jti: string): { code: string; text: string } {
  const row = journal.statementByJti(jti);
  const stated = row ? claimsOf<Rejection>(row).reason : null;
  const text = typeof stated === 'string' ? stated : (stated?.text ?? 'rejected by the centre');
  return { code: (typeof stated === 'string' ? null : stated?.code) ?? 'rejected', text };
}

function revocationReason(journal: Queries, job: JobRow): string {
  for (const row of journal.revocations()) {
    const claims = claimsOf<Revocation & { approval?: string; booklet?: string }>(row);
    if (claims.approval !== job.approval && (claims.booklet === undefined || claims.booklet !== job.booklet)) continue;
    const { reason } = claims as { reason?: unknown };
    if (typeof reason === 'string') return reason;
    return (reason as { text?: string } | undefined)?.text ?? 'approval revoked';
  }
  return 'approval revoked';
}

/** Jobs that a revocation touches: those that stand on the approval or the booklet, or all that wait for printing. */
export function jobsTouchedBy(journal: Queries, revocation: Revocation): string[] {
  const waiting = (['approved', 'released', 'bound', 'held'] as const).flatMap((state) => journal.jobsOfState(state));
  const { target } = revocation;
  if ('approval' in target) return waiting.filter((job) => job.approval === target.approval).map((job) => job.id);
  if ('booklet' in target) return waiting.filter((job) => job.booklet === target.booklet).map((job) => job.id);
  return waiting.map((job) => job.id);
}
