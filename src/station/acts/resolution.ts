import { problem, Refusal } from '../../domain/errors.ts';
import type { Transaction } from '../../journal/journal.ts';
import type { AttemptRow, SignOffRow } from '../../journal/queries.ts';
import type { Core, Decision } from '../core.ts';
import { requestSignOff } from '../sign-offs.ts';
import { resolutionText } from '../wording.ts';
import { attemptClaims } from './printing.ts';

export type Resolution = 'printed' | 'blank' | 'spoiled';

export type Resolved =
  | { readonly kind: 'done'; readonly attempt: AttemptRow }
  | { readonly kind: 'sign-off'; readonly signOff: SignOffRow };

function openAttempt(tx: Transaction, id: string): AttemptRow {
  const attempt = tx.attempt(id);
  if (attempt === undefined) throw new Refusal(problem('PST-406', id));
  if (attempt.state !== 'in-doubt')
    throw new Refusal(problem('PST-407', `the attempt is ${attempt.state}`, { reason: attempt.state }));
  return attempt;
}

/** Where no document reader is configured, whoever says "reader" has typed the lines (journal.md: "keyed, or no reader"). */
const hasReader = ({ settings }: Core): boolean =>
  settings.simulated || settings.readers.some(({ driver }) => driver.startsWith('mrz-'));

/** The table of journal.md: what evidence lets which finding stand, and whether one person is enough. */
function admit(core: Core, tx: Transaction, attempt: AttemptRow, outcome: Resolution): 'one-person' | 'two-people' {
  if (outcome === 'spoiled') return 'two-people';
  if (outcome === 'blank') {
    const printer = tx.printer(attempt.printer);
    const empty = printer.lock_attempt === attempt.id && printer.device_empty === 1;
    if (!empty) throw new Refusal(problem('PST-417', `printer ${attempt.printer}`, { reason: 'device-not-empty' }));
    return 'two-people';
  }
  if (attempt.read_back === 'differs')
    throw new Refusal(problem('PST-407', 'the read-back of this book differs', { reason: 'read-back-differs' }));
  const read = attempt.read_back === 'matched' && attempt.read_back_source === 'reader';
  return read && hasReader(core) ? 'one-person' : 'two-people';
}

/**
 * People settle an attempt in doubt (I5). One person where a reader's read-back of the bound booklet proves the page,
 * two in every other case.
 * @throws Refusal PST-406, PST-407, PST-417
 */
export const resolve =
  (core: Core, id: string, outcome: Resolution, reason: string): Decision<Resolved> =>
  (tx) => {
    const attempt = openAttempt(tx, id);
    if (admit(core, tx, attempt, outcome) === 'one-person') {
      settle(core, tx, attempt, outcome, reason, [tx.actor]);
      return { kind: 'done', attempt: tx.attempt(id) as AttemptRow };
    }
    const text = resolutionText(core.settings.station.language, outcome, attempt.booklet, reason);
    return {
      kind: 'sign-off',
      signOff: requestSignOff(core, tx, 'attempt.resolve', id, text, { attempt: id, outcome, reason }),
    };
  };

/** Judged again at the moment of signing: what was true when the first person asked may no longer be. */
export function carryOutResolution(
  core: Core,
  tx: Transaction,
  payload: Record<string, unknown>,
  people: readonly string[],
): void {
  const { attempt: id, outcome, reason } = payload as { attempt: string; outcome: Resolution; reason: string };
  const attempt = openAttempt(tx, id);
  admit(core, tx, attempt, outcome);
  settle(core, tx, attempt, outcome, reason, people);
}

function settle(
  core: Core,
  tx: Transaction,
  attempt: AttemptRow,
  outcome: Resolution,
  reason: string,
  people: readonly string[],
): void {
  const claims = { ...attemptClaims(tx, attempt), outcome, people: people.length };
  const reports = [{ jti: core.world.random.id(), kind: 'resolved', claims }];
  if (outcome === 'spoiled') reports.push({ jti: core.world.random.id(), kind: 'spoiled', claims });
  tx.append('attempt-resolved', attempt.id, { attempt: attempt.id, outcome, reason, people: [...people] }, reports);
}
