import type { Rejection, Revocation, VerificationResult } from '../domain/statement.ts';
import type { DecisionRow, JobStanding, Queries, StatementRow } from '../journal/queries.ts';
import { offlineAllowance } from '../trust/limits.ts';
import { rejectionWins, rejects } from '../trust/precedence.ts';
import {
  type ApprovalFacts,
  CHECKS,
  type Revocations,
  type Verdict,
  type VerificationContext,
  verifyApproval,
  verifyWith,
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
    knownDigest: (jti) => journal.storedDigest(jti),
    nonce,
  };
}

/** Stored statements were verified when they came; their text is only read here, never trusted anew. */
export const claimsOf = <Kind>(row: Pick<StatementRow, 'text'>): Kind =>
  JSON.parse(Buffer.from(row.text.split('.')[1] ?? '', 'base64url').toString()) as Kind;

const revocationsOf = (journal: Queries): Revocations => ({
  approval: (jti) => journal.revoked('approval', jti),
  booklet: (number) => journal.revoked('booklet', number),
  station: (id) => journal.revoked('station', id),
});

function factsFor(journal: Queries, job: JobStanding, jti: string, booklet: string | null): ApprovalFacts {
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

export interface Arrival {
  readonly verdict: Verdict;
  /** Whether it is stored already, or another one under its `jti`. */
  readonly known: boolean;
  /** The newest job of the application that the text is about, judged with it where it is an approval. */
  readonly job: JobStanding | null;
}

/** Judges a text as it arrives: by itself, and an approval also against the job that it is about, if that is here. */
export function judgeArrival(core: Seen, journal: Queries, text: string): Arrival {
  let known = false;
  const context: VerificationContext = {
    ...verificationContext(core, journal),
    knownDigest: (jti) => {
      const digest = journal.storedDigest(jti);
      known = digest !== null;
      return digest;
    },
  };
  // Looked up by what the text says of itself, before anything of it is verified: the facts are what it is held against.
  const { application, jti } = namesIn(text);
  const job = (application !== null && journal.standingOfApplication(application)) || null;
  const fits = job !== null && jti !== null && job.state !== 'cancelled' && job.state !== 'handed-over';
  const facts = fits ? factsFor(journal, job, jti, null) : null;
  const verdict = verifyWith(CHECKS, text, context, facts);
  return { verdict, known, job };
}

function namesIn(text: string): { readonly application: string | null; readonly jti: string | null } {
  try {
    const { application, jti } = claimsOf<Record<string, unknown>>({ text });
    return {
      application: typeof application === 'string' ? application : null,
      jti: typeof jti === 'string' ? jti : null,
    };
  } catch {
    return { application: null, jti: null };
  }
}

/**
 * Of the decisions on a job's application the latest approval that fits it and the booklet at this moment; rejections are
 * left out of account. `judged`: an approval that was verified for this job in this very transaction.
 */
export function fittingApproval(
  core: Seen,
  journal: Queries,
  job: JobStanding,
  booklet: string | null,
  decisions: readonly DecisionRow[],
  judged: string | null = null,
): Judgement {
  let context: VerificationContext | null = null;
  let refusal: Judgement = { result: 'none', detail: 'no approval is stored for this application' };
  // The latest comes first, so the first that fits is the one that counts (central.md).
  for (const { kind, jti, iat, text } of decisions) {
    if (kind !== 'approval') continue;
    const approval = { jti: jti ?? '', iat: iat ?? 0 };
    if (jti === judged) return { result: 'valid', approval };
    context ??= verificationContext(core, journal);
    const verdict = verifyApproval(text, context, factsFor(journal, job, approval.jti, booklet));
    if (verdict.result === 'valid') return { result: 'valid', approval };
    if (refusal.result === 'none' || jti === job.approval) refusal = { result: verdict.result, detail: verdict.detail };
  }
  return refusal;
}

/** The approval that counts for this job and booklet at this moment. */
export function approvalFor(core: Seen, journal: Queries, job: JobStanding, booklet: string | null): Judgement {
  const decisions = journal.decisionsOn(job.application);
  const fitting = fittingApproval(core, journal, job, booklet, decisions);
  if (fitting.result !== 'valid') return fitting;
  const rejection = latestRejection(job, decisions);
  if (rejection !== null && rejectionWins(rejection, fitting.approval, false))
    return { result: 'revoked', detail: 'the centre has rejected the application since' };
  return fitting;
}

/** Like `approvalFor`, at the moment of printing: also within what may be printed without the centre (central.md, limits). */
export function mayPrintNow(core: Seen, journal: Queries, job: JobStanding, booklet: string): Judgement {
  const bundle = core.bundles.inForce(journal);
  const contact = journal.contact();
  if (bundle !== null && contact.last !== null) {
    const { now } = core.clock.reading(journal);
    const allowance = offlineAllowance({
      limits: bundle.limits,
      lastContact: contact.last,
      printsSince: contact.prints,
      now,
    });
    if (allowance.exhausted)
      return { result: 'offline-limit', detail: 'nothing prints until a fresh statement of the centre has arrived' };
  }
  return approvalFor(core, journal, job, booklet);
}

/** Of the decisions on a job's application the latest rejection of these very record bytes. */
export function latestRejection(job: JobStanding, decisions: readonly DecisionRow[]): Usable | null {
  const digest = { application: job.application, record: { sha256: job.record_sha256, bytes: job.record_bytes } };
  const row = decisions.find((row) => row.kind === 'rejection' && rejects(claimsOf<Rejection>(row), digest));
  return row === undefined ? null : { jti: row.jti ?? '', iat: row.iat ?? 0 };
}

/** Jobs that a revocation touches: those that stand on the approval or the booklet, or all that wait for printing. */
export function jobsTouchedBy(journal: Queries, revocation: Revocation): string[] {
  const waiting = (['approved', 'released', 'bound', 'held'] as const).flatMap((state) => journal.jobsOfState(state));
  const { target } = revocation;
  if ('approval' in target) return waiting.filter((job) => job.approval === target.approval).map((job) => job.id);
  if ('booklet' in target) return waiting.filter((job) => job.booklet === target.booklet).map((job) => job.id);
  return waiting.map((job) => job.id);
}
