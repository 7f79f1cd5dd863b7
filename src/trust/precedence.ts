/** Which of several verified statements about one application counts (central.md, "Statements"). */
import type { Approval, RecordDigest, Rejection } from '../domain/statement.ts';

type Dated = Pick<Approval, 'iat' | 'jti'>;

/** Whether the first counts over the second: the later `iat`; at the same second, the greater `jti` by code units. */
const counts = (first: Dated, second: Dated): boolean =>
  first.iat === second.iat ? first.jti > second.jti : first.iat > second.iat;

/** The one of several usable approvals that counts, whatever order they came in; null for none. */
export const chooseApproval = <Candidate extends Dated>(usable: readonly Candidate[]): Candidate | null =>
  usable.reduce<Candidate | null>((best, next) => (best === null || counts(next, best) ? next : best), null);

/** Whether a rejection is about this job: the same application with the same record bytes. */
export const rejects = (
  rejection: Pick<Rejection, 'application' | 'record'>,
  job: { readonly application: string; readonly record: RecordDigest },
): boolean =>
  rejection.application === job.application &&
  rejection.record.sha256 === job.record.sha256 &&
  rejection.record.bytes === job.record.bytes;

/**
 * Whether a rejection of a job stops its approval: it is the later of the two and no ink exists. An approval issued after
 * it is the centre's change of mind.
 */
export const rejectionWins = (rejection: Dated, approval: Dated, inkExists: boolean): boolean =>
  !inkExists && counts(rejection, approval);
