import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { problem, Refusal } from '../../src/domain/errors.ts';
import type { Transaction } from '../../src/journal/journal.ts';
import {
  besideTheService,
  liveThroughADay,
  newDirectory,
  type OpenJournal,
  openIn,
  receivedJob,
  remove,
  report,
  SARI,
} from './rig.ts';

let open: OpenJournal;
let heard: string[];
beforeEach(() => {
  open = openIn(newDirectory());
  liveThroughADay(open.journal);
  heard = [];
  open.journal.onCommitted((entries) => heard.push(...entries.map(({ kind }) => kind)));
});
afterEach(() => {
  open.close();
  remove(open.directory);
});

/** Every row of every table, as another connection sees it. */
const everything = (): string =>
  besideTheService(open.directory, (file) => {
    const tables = file.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`).all();
    return JSON.stringify(tables.map(({ name }) => [name, file.prepare(`SELECT * FROM ${String(name)}`).all()]));
  });

/** Writes into every kind of table that a transaction can write into. */
function muchIn(tx: Transaction): void {
  tx.append('job-received', 'job-9', receivedJob(9), [report('r-9', 'approval-requested')]);
  tx.keepRecord('job-9', Uint8Array.of(1, 2, 3));
  tx.keepNote('job-9', 'hand-over', 'identity card');
  tx.keepCredential('sari', 'scrypt$');
  tx.keepAnswer('key', 'sari', 'body', 200, '{}');
  tx.append('job-held', 'job-3', { job: 'job-3', reason: 'bound jobs cannot be held' });
}

describe('a transaction that is refused', () => {
  it('leaves nothing behind, and nobody hears of it', () => {
    const before = everything();
    // The machine forbids the last step.
    expect(() => open.journal.transact('much', SARI, muchIn)).toThrow(/PST-305/);
    expect(everything()).toBe(before);
    expect(heard).toEqual([]);
    expect(open.journal.failure).toBeNull();
  });

  it('leaves nothing behind, whoever throws what and when', () => {
    const before = everything();
    for (const thrown of [new Refusal(problem('PST-401', 'job-9')), new Error('a fault of ours'), 'no error at all'])
      expect(() =>
        open.journal.transact('much', SARI, (tx) => {
          tx.append('station-started', 'kng-01', { version: '2' });
          throw thrown;
        }),
      ).toThrow();
    expect(everything()).toBe(before);
  });

  it('is read as written while it runs, by itself only', () => {
    const others = () =>
      besideTheService(open.directory, (file) => file.prepare(`SELECT count(*) AS n FROM jobs`).get()?.n);
    open.journal.transact('one more', SARI, (tx) => {
      tx.append('job-received', 'job-9', receivedJob(9));
      expect(tx.job('job-9')?.state).toBe('awaiting-approval');
      expect(others()).toBe(3);
    });
    expect(others()).toBe(4);
    expect(heard).toEqual(['job-received']);
  });

  it('does not hold up the next one, whose entries follow without a gap', () => {
    const last = open.journal.lastEntry()?.seq ?? 0;
    expect(() => open.journal.transact('much', SARI, muchIn)).toThrow();
    open.journal.transact('next', SARI, (tx) => tx.append('station-started', 'kng-01', { version: '2' }));
    expect([...open.journal.entries(last)].map(({ seq, kind }) => [seq, kind])).toEqual([
      [last + 1, 'station-started'],
    ]);
    expect(open.journal.rebuildCheck()).toEqual([]);
  });

  it('cannot begin inside another, and ends that one', () => {
    const before = everything();
    const nested = () => open.journal.transact('inner', SARI, (tx) => tx.append('station-stopped', 'kng-01', {}));
    expect(() =>
      open.journal.transact('outer', SARI, (tx) => {
        tx.append('station-started', 'kng-01', { version: '2' });
        nested();
      }),
    ).toThrow(/nest/);
    expect(everything()).toBe(before);
    nested();
  });

  it('after the end is refused by code', () => {
    open.close();
    expect(() => open.journal.transact('late', SARI, () => 0)).toThrow(/PST-304/);
    open = openIn(open.directory);
  });
});
