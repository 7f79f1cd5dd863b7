import type { Database } from '../database.ts';
import { advance } from './advance.ts';
import type { Folds } from './fold.ts';

type Kinds =
  | 'job-received'
  | 'job-paid'
  | 'job-approved'
  | 'job-rejected'
  | 'job-revoked'
  | 'job-released'
  | 'job-held'
  | 'job-resumed'
  | 'job-cancelled'
  | 'job-referred'
  | 'job-prioritised'
  | 'job-bound'
  | 'job-unbound'
  | 'quality-checked'
  | 'handed-over'
  | 'family-policy-set';

export const foldJobs: Folds<Kinds> = {
  'job-received': (db, { data, at }) => {
    const { intake } = data;
    db.run(
      `INSERT INTO jobs (id, application, record_sha256, record_bytes, state, priority, family, travel_date,
         referred_from, received_at, deadline, spent_approval) VALUES (?, ?, ?, ?, 'received', ?, ?, ?, ?, ?, ?,
         (SELECT spent_approval FROM jobs WHERE application = ? ORDER BY rowid DESC LIMIT 1))`,
      data.job,
      data.application,
      data.record.sha256,
      data.record.bytes,
      intake.priority,
      intake.family,
      intake.travelDate,
      intake.referredFrom,
      at,
      data.deadline,
      // An approval that was spent stays spent, also when the application is handed in anew.
      data.application,
    );
    if (intake.family !== null)
      db.run(`INSERT INTO families (id, policy) VALUES (?, 'apart') ON CONFLICT DO NOTHING`, intake.family);
    advance(db, data.job, data.next === 'payment' ? 'payment-required' : 'approval-required');
  },
  'job-paid': (db, { data }) => {
    advance(db, data.job, 'paid');
    db.run('UPDATE jobs SET deadline = ? WHERE id = ?', data.deadline, data.job);
  },
  'job-approved': (db, { data }) => {
    advance(db, data.job, 'approved', null, data.approval);
  },
  'job-rejected': (db, { data }) => {
    freeBinding(db, data.job);
    advance(db, data.job, 'rejected', data.text);
    db.run('UPDATE jobs SET approval = NULL, release_reference = NULL WHERE id = ?', data.job);
  },
  'job-revoked': (db, { data }) => {
    freeBinding(db, data.job);
    advance(db, data.job, 'revoked', data.reason);
    db.run('UPDATE jobs SET approval = NULL, release_reference = NULL WHERE id = ?', data.job);
  },
  'job-released': (db, { data, at }) => {
    advance(db, data.job, 'released');
    db.run('UPDATE jobs SET release_reference = ? WHERE id = ?', data.reference, data.job);
    db.run(
      `INSERT INTO releases (reference, at, jobs) VALUES (?, ?, 1)
       ON CONFLICT (reference) DO UPDATE SET jobs = jobs + 1`,
      data.reference,
      at,
    );
  },
  'job-held': (db, { data }) => {
    advance(db, data.job, 'held', data.reason);
  },
  'job-resumed': (db, { data }) => {
    advance(db, data.job, 'resumed');
  },
  'job-cancelled': (db, { data }) => {
    advance(db, data.job, 'cancelled', data.reason);
  },
  'job-referred': (db, { data }) => {
    // The right to print is retired first: from here on no approval of this application is usable here.
    advance(db, data.job, 'referred', `${data.office}: ${data.reason}`);
    db.run('UPDATE jobs SET approval = NULL WHERE id = ?', data.job);
  },
  'job-prioritised': (db, { data }) => {
    db.run('UPDATE jobs SET priority = ? WHERE id = ?', data.priority, data.job);
  },
  'job-bound': (db, { data, actor }) => {
    advance(db, data.job, 'bound');
    db.run('UPDATE jobs SET booklet = ?, printer = ? WHERE id = ?', data.booklet, data.printer, data.job);
    db.run(
      'INSERT INTO bindings (id, job, booklet, printer, operator, live) VALUES (?, ?, ?, ?, ?, 1)',
      data.binding,
      data.job,
      data.booklet,
      data.printer,
      actor,
    );
    db.run(`UPDATE booklets SET state = 'bound', job = ? WHERE number = ?`, data.job, data.booklet);
  },
  'job-unbound': (db, { data }) => {
    freeBinding(db, data.job);
    advance(db, data.job, 'unbound');
  },
  'quality-checked': (db, { data }) => {
    advance(
      db,
      data.job,
      data.result === 'pass' ? 'quality-passed' : 'quality-failed',
      data.result === 'pass' ? null : data.faults.join(', '),
    );
  },
  'handed-over': (db, { data }) => {
    advance(db, data.job, 'handed-over');
  },
  'family-policy-set': (db, { data }) => {
    db.run(
      'INSERT INTO families (id, policy) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET policy = excluded.policy',
      data.family,
      data.policy,
    );
  },
};

/** A booklet that took no ink goes back to the stock when its binding ends. */
function freeBinding(db: Database, job: string): void {
  const live = db.get<{ id: string; booklet: string }>(
    'SELECT id, booklet FROM bindings WHERE job = ? AND live = 1',
    job,
  );
  if (live === undefined) return;
  db.run('UPDATE bindings SET live = 0 WHERE id = ?', live.id);
  db.run(`UPDATE booklets SET state = 'in-stock', job = NULL WHERE number = ? AND state = 'bound'`, live.booklet);
  db.run('UPDATE jobs SET booklet = NULL, printer = NULL WHERE id = ?', job);
}
