import type { PrintOutcome } from '../../../drivers/driver.ts';
import type { PrinterFacts } from '../../../machines/printer.ts';
import { problem, Refusal } from '../../domain/errors.ts';
import { readBack } from '../../domain/mrz/read-back.ts';
import type { Transaction } from '../../journal/journal.ts';
import type { AttemptRow, BindingRow, JobRow, Queries } from '../../journal/queries.ts';
import { approvalFor, mayPrintNow } from '../approvals.ts';
import type { Core, Decision } from '../core.ts';
import { intendedMrz, recordBytesOf } from '../pages.ts';

/** What the journal knows about a printer: the machine's facts. */
export function printerFacts(journal: Queries, printer: string): PrinterFacts {
  const row = journal.printer(printer);
  return {
    lock:
      row.lock_attempt === null
        ? null
        : { attempt: row.lock_attempt, resolved: row.lock_resolved, deviceEmpty: row.device_empty === 1 },
    binding: journal.liveBinding(printer)?.id ?? null,
    owesReadBack: journal.owesReadBack(printer),
  };
}

/**
 * Bind: job, booklet, printer and operator are put together before anything is printed (journal.md, 1).
 * @throws Refusal PST-401, PST-403 (with the verification's reason), PST-404, PST-405, PST-502, PST-503
 */
export const bind =
  (core: Core, printer: string, jobId: string, bookletNumber: string): Decision<BindingRow> =>
  (tx) => {
    const facts = printerFacts(tx, printer);
    if (facts.lock !== null) throw new Refusal(problem('PST-503', `attempt ${facts.lock.attempt}`));
    if (facts.binding !== null || facts.owesReadBack !== null)
      throw new Refusal(problem('PST-502', 'another book is at this printer', { reason: 'printer-busy' }));
    const job = tx.job(jobId);
    if (job === undefined) throw new Refusal(problem('PST-401', `job ${jobId}`));
    const booklet = tx.booklet(bookletNumber);
    if (booklet === undefined) throw new Refusal(problem('PST-404', `booklet ${bookletNumber}`));
    if (booklet.state !== 'in-stock')
      throw new Refusal(
        problem('PST-405', `booklet ${bookletNumber} is ${booklet.state}`, { reason: `booklet-${booklet.state}` }),
      );
    // The approval is judged first: a job whose approval was used or revoked says so, whatever else it is.
    const judgement = approvalFor(core, tx, job, bookletNumber);
    if (job.state !== 'released')
      throw new Refusal(
        problem('PST-403', `job is ${job.state}`, {
          reason: judgement.result === 'valid' ? `job-${job.state}` : judgement.result,
        }),
      );
    if (judgement.result !== 'valid')
      throw new Refusal(problem('PST-403', judgement.detail, { reason: judgement.result }));
    recordBytesOf(tx, jobId);
    const binding = core.world.random.id();
    tx.append('job-bound', jobId, { job: jobId, binding, booklet: bookletNumber, printer });
    return tx.binding(binding) as BindingRow;
  };

/** @throws Refusal PST-505 where nothing is bound at this printer */
export const unbind =
  (printer: string, reason: string): Decision<void> =>
  (tx) => {
    const binding = tx.liveBinding(printer);
    if (binding === undefined) throw new Refusal(problem('PST-505', `nothing is bound at ${printer}`));
    tx.append('job-unbound', binding.job, { job: binding.job, binding: binding.id, reason });
  };

export interface IntentInput {
  readonly printer: string;
  readonly binding: string;
  readonly pageSha256: string;
  readonly acknowledgement: number;
  readonly device: { readonly model: string; readonly serial: string | null };
}

/**
 * Intent: the last check, and the durable record of what is about to be done, before the first page byte (journal.md, 2).
 * The unique indices on approval and booklet stand behind the checks (I2, I3).
 * @throws Refusal PST-403 with the verification's reason, PST-505
 */
export const intend =
  (core: Core, input: IntentInput): Decision<AttemptRow> =>
  (tx) => {
    const binding = tx.liveBinding(input.printer);
    if (binding === undefined || binding.id !== input.binding)
      throw new Refusal(problem('PST-505', `binding ${input.binding}`));
    const job = tx.job(binding.job) as JobRow;
    const judgement = mayPrintNow(core, tx, job, binding.booklet);
    if (judgement.result !== 'valid')
      throw new Refusal(problem('PST-403', judgement.detail, { reason: judgement.result }));
    recordBytesOf(tx, job.id);
    const attempt = core.world.random.id();
    const approval = judgement.approval.jti;
    tx.append(
      'attempt-intended',
      attempt,
      {
        attempt,
        number: tx.attemptsOf(job.id).length + 1,
        job: job.id,
        binding: binding.id,
        booklet: binding.booklet,
        printer: input.printer,
        approval,
        pageSha256: input.pageSha256,
        acknowledgement: input.acknowledgement,
        device: { ...input.device },
      },
      [attemptReport(core, 'intent', { application: job.application, approval, booklet: binding.booklet, attempt })],
    );
    return tx.attempt(attempt) as AttemptRow;
  };

const attemptReport = (core: Core, kind: string, claims: Record<string, unknown>) => ({
  jti: core.world.random.id(),
  kind,
  claims,
});

export const attemptClaims = (tx: Transaction, attempt: AttemptRow) => ({
  application: tx.job(attempt.job)?.application,
  approval: attempt.approval,
  booklet: attempt.booklet,
  attempt: attempt.id,
});

/** Outcome (journal.md, 4). `presumed` devices always owe the read-back, whatever the configuration says. */
export const recordOutcome =
  (core: Core, id: string, outcome: PrintOutcome, completion: 'acknowledged' | 'presumed'): Decision<void> =>
  (tx) => {
    const attempt = tx.attempt(id);
    if (attempt === undefined) throw new Refusal(problem('PST-406', id));
    const word = outcome.outcome === 'unknown' ? 'in-doubt' : outcome.outcome;
    const { evidence } = outcome;
    const heard = evidence.messages.map(({ at, raw }) => `${at} ms ${raw}`).join('; ');
    tx.append(
      'attempt-ended',
      id,
      {
        attempt: id,
        outcome: word,
        reason: outcome.reason,
        text: `${evidence.bytesHandedOver} of ${evidence.bytesTotal} bytes handed over, page begun: ${
          evidence.pageByteHandedOver ? 'yes' : 'no'
        }; device: ${heard || 'silent'}`,
        deviceEmpty: word === 'printed',
        readBack: completion === 'presumed' || core.settings.quality.readBack === 'required' ? 'required' : 'optional',
      },
      [attemptReport(core, word, { ...attemptClaims(tx, attempt), outcome: word })],
    );
  };

/** Start-up: an intent without an outcome says that a page may have been printed, no more and no less (I5). */
export const callInDoubt =
  (core: Core): Decision<string[]> =>
  (tx) => {
    const open = tx.openAttempts();
    for (const attempt of open)
      tx.append(
        'attempt-ended',
        attempt.id,
        {
          attempt: attempt.id,
          outcome: 'in-doubt',
          reason: 'station-stopped',
          text: `the station stopped while the attempt was ${attempt.state}`,
          deviceEmpty: false,
          readBack: 'required',
        },
        [attemptReport(core, 'in-doubt', { ...attemptClaims(tx, attempt), outcome: 'in-doubt' })],
      );
    return open.map(({ id }) => id);
  };

export interface ReadBackOutcome {
  readonly match: boolean;
  readonly differences: readonly {
    readonly line: number;
    readonly position: number;
    readonly expected: string;
    readonly read: string;
  }[];
}

/** All 88 characters against the intended ones, without correction (page.md). @throws Refusal PST-406, PST-421 */
export function differencesFrom(
  core: Core,
  journal: Queries,
  id: string,
  lines: readonly [string, string],
): ReadBackOutcome {
  const attempt = journal.attempt(id);
  if (attempt === undefined) throw new Refusal(problem('PST-406', 'no such attempt'));
  if (journal.recordBytes(attempt.job) === undefined) throw new Refusal(problem('PST-421', `job ${attempt.job}`));
  const intended = intendedMrz(core.settings, journal, attempt.job, attempt.booklet);
  const result = readBack(lines, intended, attempt.booklet);
  return { match: result.match, differences: result.match ? [] : result.differences };
}

/** Read-back: the comparison is written down, its positions only. @throws Refusal PST-406, PST-407 */
export const compareReadBack =
  (core: Core, id: string, lines: readonly [string, string], source: 'reader' | 'keyed'): Decision<ReadBackOutcome> =>
  (tx) => {
    const attempt = tx.attempt(id);
    if (attempt === undefined) throw new Refusal(problem('PST-406', id));
    const readable = attempt.state === 'in-doubt' || (attempt.state === 'printed' && jobStillOpen(tx, attempt));
    if (!readable) throw new Refusal(problem('PST-407', `the attempt is ${attempt.state}`, { reason: attempt.state }));
    const { match, differences } = differencesFrom(core, tx, id, lines);
    tx.append('attempt-read-back', id, {
      attempt: id,
      match,
      source,
      positions: differences.map(({ line, position }) => `${line}:${position}`),
    });
    return { match, differences };
  };

const jobStillOpen = (tx: Transaction, attempt: AttemptRow): boolean =>
  ['printed', 'quality-check'].includes(tx.job(attempt.job)?.state ?? '');
