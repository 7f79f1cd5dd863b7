import { deadlineAfter } from '../../domain/deadline.ts';
import { problem, Refusal } from '../../domain/errors.ts';
import type { Intake, Priority } from '../../domain/job.ts';
import { td3Faults } from '../../domain/mrz/td3.ts';
import { parseRecord, specimenRule } from '../../domain/record.ts';
import type { Transaction } from '../../journal/journal.ts';
import type { JobRow } from '../../journal/queries.ts';
import { checkPage } from '../../page/check.ts';
import { type Core, calendarOf, type Decision } from '../core.ts';
import { mrzOptions } from '../pages.ts';
import { approvalRequested, reconsider } from '../reconsider.ts';

/** Ended jobs do not stand in the way of a new one for the same application. */
const ENDED: ReadonlySet<string> = new Set(['cancelled', 'referred', 'handed-over']);

export interface Intaken {
  readonly job: JobRow;
  /** The same bytes were here already: nothing was written. */
  readonly again: boolean;
}

/**
 * Takes a record in, byte for byte (domain.md). Everything that could stop its page later is looked for now.
 * @throws Refusal PST-1xx with the paths that are wrong, PST-402 where other data for this application is live
 */
export function receiveJob(core: Core, bytes: Uint8Array, intake: Intake): Decision<Intaken> {
  const parsed = parseRecord(bytes);
  if (!parsed.ok) throw new Refusal(parsed.failure);
  const { record, sha256 } = parsed.value;
  const specimen = specimenRule(record, core.settings.simulated);
  if (specimen !== null) throw new Refusal(specimen);
  const page = checkPage(record);
  if (!page.ok) throw new Refusal(page.failure);
  const faults = td3Faults(record, mrzOptions(core.settings));
  if (faults.length > 0) throw new Refusal(problem('PST-101', 'the record has no MRZ form', { errors: faults }));
  if (intake.priority !== 'normal' && intake.priorityReason === null)
    throw new Refusal(
      problem('PST-101', 'a raised priority needs a reason', {
        errors: [{ path: 'intake.priorityReason', message: 'must say why the priority is raised' }],
      }),
    );
  return (tx) => {
    const live = tx.jobOfApplication(record.application);
    // Also after the hand-over: the same bytes are the same application, whose book exists.
    const sameBytes = live?.record_sha256 === sha256;
    if (live !== undefined && sameBytes && live.state === 'handed-over') return { job: live, again: true };
    if (live !== undefined && !ENDED.has(live.state)) {
      if (sameBytes) return { job: live, again: true };
      throw new Refusal(problem('PST-402', `application is ${live.state} as job ${live.id}`));
    }
    // A right to print that was given away does not come back by handing the same record in again.
    if (live?.state === 'referred' && sameBytes)
      throw new Refusal(problem('PST-402', `the application was referred to another office as job ${live.id}`));
    const job = core.world.random.id();
    const billed = core.settings.billing.required;
    const digest = { sha256, bytes: bytes.length };
    const row = { application: record.application, record_sha256: sha256, record_bytes: bytes.length };
    tx.keepRecord(job, bytes);
    tx.append(
      'job-received',
      job,
      {
        job,
        application: record.application,
        record: digest,
        intake,
        next: billed ? 'payment' : 'approval',
        deadline: billed ? null : deadlineAfter(tx.at, calendarOf(core.settings)),
      },
      [
        billed
          ? { jti: core.world.random.id(), kind: 'billing-requested', claims: { application: record.application } }
          : approvalRequested(core, row),
      ],
    );
    reconsider(core, tx, job);
    return { job: tx.job(job) as JobRow, again: false };
  };
}

export function jobOrRefuse(tx: Transaction, id: string): JobRow {
  const job = tx.job(id);
  if (job === undefined) throw new Refusal(problem('PST-401', `job ${id}`));
  return job;
}

const report = (core: Core, kind: string, claims: Record<string, unknown>) => ({
  jti: core.world.random.id(),
  kind,
  claims,
});

export const holdJob =
  (id: string, reason: string): Decision<JobRow> =>
  (tx) => {
    jobOrRefuse(tx, id);
    tx.append('job-held', id, { job: id, reason });
    return jobOrRefuse(tx, id);
  };

export const resumeJob =
  (core: Core, id: string): Decision<JobRow> =>
  (tx) => {
    jobOrRefuse(tx, id);
    tx.append('job-resumed', id, { job: id });
    reconsider(core, tx, id);
    return jobOrRefuse(tx, id);
  };

export const cancelJob =
  (core: Core, id: string, reason: string): Decision<JobRow> =>
  (tx) => {
    const { application } = jobOrRefuse(tx, id);
    tx.append('job-cancelled', id, { job: id, reason }, [report(core, 'cancelled', { application })]);
    return jobOrRefuse(tx, id);
  };

/** An urgent case goes to another office: the local right to print ends here, whatever arrives later (domain.md). */
export const referJob =
  (core: Core, id: string, office: string, reason: string): Decision<JobRow> =>
  (tx) => {
    const { application, approval } = jobOrRefuse(tx, id);
    tx.append('job-referred', id, { job: id, office, reason, approval }, [
      report(core, 'referred', { application, office, approval }),
    ]);
    return jobOrRefuse(tx, id);
  };

export const prioritiseJob =
  (id: string, priority: Priority, reason: string): Decision<JobRow> =>
  (tx) => {
    jobOrRefuse(tx, id);
    tx.append('job-prioritised', id, { job: id, priority, reason });
    return jobOrRefuse(tx, id);
  };

export const setFamilyPolicy =
  (family: string, policy: 'apart' | 'together'): Decision<void> =>
  (tx) => {
    if (tx.family(family) === undefined) throw new Refusal(problem('PST-419', family));
    tx.append('family-policy-set', family, { family, policy });
  };

/** `separatePerson`: who printed a book does not check it (domain.md, "People"). */
export const checkQuality =
  (core: Core, id: string, result: 'pass' | 'fail', faults: readonly string[]): Decision<JobRow> =>
  (tx) => {
    const job = jobOrRefuse(tx, id);
    if (core.settings.quality.separatePerson && job.printed_by === tx.actor)
      throw new Refusal(problem('PST-412', `${tx.actor} printed this book`));
    tx.append('quality-checked', id, { job: id, result, faults: [...faults] }, [
      report(core, result === 'pass' ? 'quality-passed' : 'quality-failed', {
        application: job.application,
        approval: job.approval,
        booklet: job.booklet,
      }),
    ]);
    return jobOrRefuse(tx, id);
  };

/** The note of the proof shown is personal: it is kept beside the journal, under the job. */
export const handOver =
  (core: Core, id: string, recipient: 'holder' | 'family' | 'proxy', proof: string): Decision<JobRow> =>
  (tx) => {
    const job = jobOrRefuse(tx, id);
    tx.keepNote(id, 'hand-over', proof);
    tx.append('handed-over', id, { job: id, recipient }, [
      report(core, 'handed-over', { application: job.application, booklet: job.booklet, recipient }),
    ]);
    return jobOrRefuse(tx, id);
  };
