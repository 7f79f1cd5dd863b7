import { markByEntry } from '../../domain/clock-mark.ts';
import type { Database } from '../database.ts';
import type { Entry, EntryKind } from '../entries.ts';
import { foldBooklets } from './booklets.ts';
import { foldJobs } from './jobs.ts';
import { foldPeople } from './people.ts';
import { foldPrinting } from './printing.ts';
import { foldStatements } from './statements.ts';

/** One entry of one kind, as its fold sees it. */
export type EntryOf<Kind extends EntryKind> = Extract<Entry, { kind: Kind }>;
export type Folds<Kinds extends EntryKind> = { readonly [Kind in Kinds]: (db: Database, entry: EntryOf<Kind>) => void };

const FOLDS: Folds<EntryKind> = { ...foldPeople, ...foldJobs, ...foldPrinting, ...foldBooklets, ...foldStatements };

/**
 * Brings the projections from one entry to the next: the only code that writes them, live and in `rebuild-check`.
 * @throws Refusal where the entry is not allowed; the transaction then rolls back and the entry was never written
 */
export function fold(db: Database, entry: Entry): void {
  (FOLDS[entry.kind] as (db: Database, entry: Entry) => void)(db, entry);
  for (const report of entry.reports)
    db.run(
      `INSERT INTO outbox (seq, jti, kind, claims, at, state)
       VALUES ((SELECT coalesce(max(seq), 0) + 1 FROM outbox), ?, ?, ?, ?, 'waiting')`,
      report.jti,
      report.kind,
      JSON.stringify(report.claims),
      entry.at,
    );
  // The act that sets the clock right is itself written by the old time.
  if (entry.kind === 'time-learnt') return;
  const { local } = markByEntry({ signed: 0, local: 0 }, Math.floor(entry.at / 1000), entry.clock);
  // Only where it moves: the row carries the trust bundle, and most entries of one second leave it as it is.
  db.run('UPDATE station SET local_mark = ?1 WHERE local_mark < ?1', local);
}
