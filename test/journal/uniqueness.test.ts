import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Entry, EntryData, EntryKind } from '../../src/journal/entries.ts';
import { fold } from '../../src/journal/projections/fold.ts';
import { bindJob, ended, intent, NOW, newDirectory, type OpenJournal, openIn, remove, SARI } from './rig.ts';

/** The indices behind the checks (I2, I3): here the projections are written directly, with nobody asking first. */

let open: OpenJournal;
beforeEach(() => {
  open = openIn(newDirectory());
  open.journal.transact('morning', SARI, (tx) => {
    const numbers = Array.from({ length: 9 }, (_, at) => `U000000${at + 1}`);
    tx.append('booklets-received', 'D-1', { from: 'U0000001', to: 'U0000009', numbers, delivery: 'D-1' });
    for (const n of [1, 2]) bindJob(tx, n);
  });
});
afterEach(() => {
  open.close();
  remove(open.directory);
});

function folds<Kind extends EntryKind>(kind: Kind, data: EntryData[Kind]): void {
  const entry = { seq: 1000, at: NOW, clock: 'trusted', actor: 'sari', kind, subject: 'bypassed', data, reports: [] };
  open.db.exec('BEGIN');
  try {
    fold(open.db, entry as unknown as Entry);
    open.db.exec('COMMIT');
  } catch (error) {
    open.db.exec('ROLLBACK');
    throw error;
  }
}

const attempts = () => open.db.all('SELECT id, approval, booklet, state FROM attempts ORDER BY id');

describe.each([
  ['an approval', { approval: 'approval-1' }, /attempts\.approval/],
  ['a booklet', { booklet: 'U0000001' }, /attempts\.booklet/],
] as const)('%s', (_what, shared, complaint) => {
  const second = () => folds('attempt-intended', intent(2, shared));

  it('serves no second attempt while the first is under way', () => {
    folds('attempt-intended', intent(1));
    expect(second).toThrow(complaint);
    for (const state of ['sending', 'confirming'] as const) {
      folds('attempt-progressed', { attempt: 'attempt-1', state, text: '' });
      expect(second, state).toThrow(complaint);
    }
    expect(attempts()).toHaveLength(1);
  });

  it.each(['printed', 'in-doubt'] as const)('serves no second attempt after the first was %s', (outcome) => {
    folds('attempt-intended', intent(1));
    folds('attempt-ended', ended(1, outcome));
    expect(second).toThrow(complaint);
    expect(attempts()).toHaveLength(1);
  });

  it('serves no second attempt after a booklet was spoiled by the first', () => {
    folds('attempt-intended', intent(1));
    folds('attempt-ended', ended(1, 'in-doubt'));
    folds('attempt-resolved', { attempt: 'attempt-1', outcome: 'spoiled', reason: 'ink', people: ['sari', 'dewi'] });
    expect(second).toThrow(complaint);
    expect(attempts()).toHaveLength(1);
  });

  it('serves the next attempt when the first is proven to have inked nothing', () => {
    folds('attempt-intended', intent(1));
    folds('attempt-ended', ended(1, 'not-printed'));
    second();
    expect(attempts()).toHaveLength(2);
  });
});

describe('a binding', () => {
  const again = (changes: Partial<EntryData['job-bound']>) => () =>
    folds('job-bound', { job: 'job-3', binding: 'binding-3', booklet: 'U0000003', printer: 'counter-3', ...changes });
  beforeEach(() => {
    open.journal.transact('unbind', SARI, (tx) => {
      bindJob(tx, 3);
      tx.append('job-unbound', 'job-3', { job: 'job-3', binding: 'binding-3', reason: 'undone' });
    });
  });

  it('holds its booklet and its printer against every other job', () => {
    const binding = 'binding-4';
    expect(again({ binding, booklet: 'U0000001' })).toThrow(/bindings\.booklet/);
    expect(again({ binding, printer: 'counter-1' })).toThrow(/bindings\.printer/);
    again({ binding })();
  });

  it('holds its job against another booklet', () => {
    open.db.run(`UPDATE jobs SET state = 'released' WHERE id = 'job-1'`);
    expect(again({ job: 'job-1', binding: 'binding-4' })).toThrow(/bindings\.job/);
  });
});

describe('a number that was given once', () => {
  const received = { from: 'U0000001', to: 'U0000001', numbers: ['U0000001'], delivery: 'D-2' };
  const bound = { job: 'job-2', binding: 'binding-1', booklet: 'U0000005', printer: 'counter-5' };

  it('is no other booklet', () => {
    expect(() => folds('booklets-received', received)).toThrow(/PST-411/);
  });

  it('is no other attempt', () => {
    folds('attempt-intended', intent(1));
    folds('attempt-ended', ended(1, 'not-printed'));
    expect(() => folds('attempt-intended', intent(1, { number: 2 }))).toThrow(/attempts\.id/);
  });

  it('is no other binding', () => {
    folds('job-unbound', { job: 'job-2', binding: 'binding-2', reason: 'undone' });
    expect(() => folds('job-bound', bound)).toThrow(/bindings\.id/);
  });
});
