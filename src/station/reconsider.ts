import { deadlineAfter } from '../domain/deadline.ts';
import type { JobState } from '../domain/job.ts';
import type { Rejection } from '../domain/statement.ts';
import type { Transaction } from '../journal/journal.ts';
import type { JobStanding, Queries } from '../journal/queries.ts';
import { rejectionWins } from '../trust/precedence.ts';
import { releaseByItself } from './acts/release.ts';
import { claimsOf, fittingApproval, latestRejection } from './approvals.ts';
import { type Core, calendarOf } from './core.ts';

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

/**
 * Brings a job to where the stored statements put it: approved, rejected, or back to waiting because its approval was
 * revoked. Called whenever a statement, a bundle or the job itself is new.
 */
export function reconsider(core: Core, tx: Transaction, id: string): void {
  const job = tx.job(id);
  if (job !== undefined) reconsiderRow(core, tx, job);
}

/** As `reconsider`, of a row just read; `judged`: the `jti` of an approval just verified for it in this transaction. */
export function reconsiderRow(core: Core, tx: Transaction, job: JobStanding, judged: string | null = null): void {
  const { id } = job;
  if (INKED.has(job.state) || ENDED.has(job.state)) return;
  const stands = job.state === 'held' ? (job.held_from as JobState) : job.state;
  if (stands === 'awaiting-payment') {
    considerPayment(core, tx, job);
    return;
  }
  const decisions = tx.decisionsOn(job.application);
  const judgement = fittingApproval(core, tx, job, null, decisions, judged);
  const rejection = latestRejection(job, decisions);
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

function considerPayment(core: Core, tx: Transaction, job: JobStanding): void {
  const paid = tx.paymentFor(job.application);
  if (paid === undefined) return;
  const { receipt } = claimsOf<{ receipt: string }>(paid);
  tx.append('job-paid', job.id, { job: job.id, receipt, deadline: deadlineAfter(tx.at, calendarOf(core.settings)) }, [
    approvalRequested(core, job),
  ]);
  reconsider(core, tx, job.id);
}

export const approvalRequested = (
  core: Pick<Core, 'world'>,
  job: Pick<JobStanding, 'application' | 'record_sha256' | 'record_bytes'>,
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

function revocationReason(journal: Queries, { approval, booklet }: JobStanding): string {
  const row =
    (approval !== null ? journal.revocation('approval', approval) : undefined) ??
    (booklet !== null ? journal.revocation('booklet', booklet) : undefined);
  const reason = row && claimsOf<{ reason?: string | { text?: string } }>(row).reason;
  return (typeof reason === 'string' ? reason : reason?.text) ?? 'approval revoked';
}
