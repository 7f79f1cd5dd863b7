import { localDate } from '../../domain/deadline.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem, Refusal } from '../../domain/errors.ts';
import type { Transaction } from '../../journal/journal.ts';
import type { JobRow } from '../../journal/queries.ts';
import { approvalFor } from '../approvals.ts';
import type { Core, Decision } from '../core.ts';

export interface ReleaseOutcome {
  readonly reference: string;
  readonly released: string[];
  readonly refused: { readonly job: string; readonly code: string }[];
}

/** Reference of the next release of the day: `B-2026-11-22-003`. */
function nextReference(core: Core, tx: Transaction): string {
  const date = localDate(tx.at, core.settings.station.timezone);
  const number = tx.releasesOfDay(date) + 1;
  return `B-${date}-${String(number).padStart(3, '0')}`;
}

function faultOf(core: Core, tx: Transaction, job: JobRow | undefined, together: ReadonlySet<string>): Problem | null {
  if (job === undefined) return problem('PST-401', 'not here');
  if (job.state !== 'approved') return problem('PST-305', job.state, { reason: job.state });
  const judgement = approvalFor(core, tx, job, null);
  if (judgement.result !== 'valid') return problem('PST-403', judgement.detail, { reason: judgement.result });
  if (job.family !== null && tx.family(job.family)?.policy === 'together') {
    const waiting = tx
      .jobs({ family: job.family, limit: 1000 })
      .items.some((member) => !together.has(member.id) && NOT_YET.has(member.state));
    if (waiting) return problem('PST-418', `family ${job.family}`);
  }
  return null;
}

/** Members in these states are not approved yet, or approved but not part of this release. */
const NOT_YET: ReadonlySet<string> = new Set([
  'received',
  'awaiting-payment',
  'awaiting-approval',
  'approved',
  'held',
  'rejected',
]);

/**
 * Releases the jobs named, as one act with one reference; each is verified again and refused by itself (domain.md).
 * @throws Refusal PST-403 where none of them can be released
 */
export const release =
  (core: Core, ids: readonly string[]): Decision<ReleaseOutcome> =>
  (tx) => {
    const wanted = new Set(ids);
    const good: string[] = [];
    const refused: { job: string; code: string }[] = [];
    let last: Problem | null = null;
    for (const id of wanted) {
      const fault = faultOf(core, tx, tx.job(id), wanted);
      if (fault === null) good.push(id);
      else {
        last = fault;
        refused.push({ job: id, code: fault.reason ?? fault.code });
      }
    }
    if (good.length === 0) {
      const errors = refused.map(({ job, code }) => ({ path: job, message: code }));
      throw new Refusal({ ...(last ?? problem('PST-401', 'no job was named')), errors });
    }
    const reference = nextReference(core, tx);
    for (const id of good) releaseOne(core, tx, id, reference);
    return { reference, released: good, refused };
  };

function releaseOne(core: Core, tx: Transaction, id: string, reference: string): void {
  const application = tx.job(id)?.application;
  tx.append('job-released', id, { job: id, reference }, [
    { jti: core.world.random.id(), kind: 'released', claims: { application, reference } },
  ]);
}

/** `release: automatic`: as soon as a job is approved, unless its family waits for each other. */
export function releaseByItself(core: Core, tx: Transaction, id: string): void {
  if (core.settings.release !== 'automatic') return;
  const job = tx.job(id);
  if (faultOf(core, tx, job, new Set([id])) === null) releaseOne(core, tx, id, nextReference(core, tx));
}
