import { bookletRange } from '../../domain/booklet.ts';
import { problem, Refusal } from '../../domain/errors.ts';
import type { Transaction } from '../../journal/journal.ts';
import type { BookletRow, SignOffRow } from '../../journal/queries.ts';
import type { Core, Decision } from '../core.ts';
import { requestSignOff } from '../sign-offs.ts';
import { spoilText } from '../wording.ts';

/** @throws Refusal PST-411 where the numbers are no range or one of them is here already */
export const receiveBooklets =
  (core: Core, from: string, to: string, delivery: string): Decision<{ received: number }> =>
  (tx) => {
    const numbers = bookletRange(from, to);
    if (numbers === null)
      throw new Refusal(problem('PST-411', `${from} to ${to} is not a range of at most 10,000 numbers`));
    tx.append('booklets-received', delivery, { from, to, numbers, delivery }, [
      { jti: core.world.random.id(), kind: 'stock', claims: { received: numbers.length, from, to, delivery } },
    ]);
    return { received: numbers.length };
  };

/** States in which a booklet can be declared spoiled; one in doubt is settled by its attempt. */
const SPOILABLE: ReadonlySet<string> = new Set(['in-stock', 'good']);
const NOT_GIVEN_OUT: ReadonlySet<string> = new Set(['printed', 'quality-check', 'quality-failed', 'ready']);

function spoilable(tx: Transaction, number: string): BookletRow {
  const booklet = tx.booklet(number);
  if (booklet === undefined) throw new Refusal(problem('PST-404', `booklet ${number}`));
  const attempt = tx.attemptOfBooklet(number);
  const job = attempt === undefined ? undefined : tx.job(attempt.job);
  if (!SPOILABLE.has(booklet.state) || (job !== undefined && !NOT_GIVEN_OUT.has(job.state)))
    throw new Refusal(
      problem('PST-405', `booklet ${number} is ${booklet.state}`, { reason: `booklet-${job?.state ?? booklet.state}` }),
    );
  return booklet;
}

/** Spoiling needs two people (domain.md). */
export const requestSpoil =
  (core: Core, number: string, reason: string): Decision<SignOffRow> =>
  (tx) => {
    spoilable(tx, number);
    const text = spoilText(core.settings.station.language, number, reason);
    return requestSignOff(core, tx, 'booklet.spoil', number, text, { booklet: number, reason });
  };

export function carryOutSpoil(
  core: Core,
  tx: Transaction,
  payload: Record<string, unknown>,
  people: readonly string[],
): void {
  const { booklet, reason } = payload as { booklet: string; reason: string };
  spoilable(tx, booklet);
  const attempt = tx.attemptOfBooklet(booklet);
  const claims = {
    booklet,
    approval: attempt?.approval ?? null,
    application: attempt === undefined ? null : (tx.job(attempt.job)?.application ?? null),
  };
  tx.append('booklet-spoiled', booklet, { booklet, reason, people: [...people] }, [
    { jti: core.world.random.id(), kind: 'spoiled', claims },
  ]);
}
