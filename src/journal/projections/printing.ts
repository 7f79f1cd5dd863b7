import type { Database } from '../database.ts';
import { advance } from './advance.ts';
import type { Folds } from './fold.ts';

type Kinds =
  | 'printer-sequence-reserved'
  | 'printer-empty'
  | 'attempt-intended'
  | 'attempt-progressed'
  | 'attempt-ended'
  | 'attempt-read-back'
  | 'attempt-resolved';

interface AttemptRow {
  readonly job: string;
  readonly binding: string;
  readonly booklet: string;
  readonly printer: string;
  readonly approval: string;
}

export const foldPrinting: Folds<Kinds> = {
  'printer-sequence-reserved': (db, { data }) => {
    db.run(
      'INSERT INTO printers (id, sequence) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence',
      data.printer,
      data.sequence,
    );
  },
  'printer-empty': (db, { data, seq, at }) => {
    db.run('UPDATE printers SET device_empty = 1 WHERE id = ? AND lock_attempt = ?', data.printer, data.attempt);
    witness(db, data.attempt, seq, at, `empty-by-${data.how}`, data.text);
    unlockWhenSettled(db, data.printer);
  },
  'attempt-intended': (db, { data, actor, seq, at }) => {
    db.run(
      `INSERT INTO attempts (id, job, number, binding, booklet, printer, approval, state, operator, intended_at,
         page_sha256, acknowledgement) VALUES (?, ?, ?, ?, ?, ?, ?, 'intended', ?, ?, ?, ?)`,
      data.attempt,
      data.job,
      data.number,
      data.binding,
      data.booklet,
      data.printer,
      data.approval,
      actor,
      at,
      data.pageSha256,
      data.acknowledgement,
    );
    advance(db, data.job, 'intended', null, data.approval);
    db.run('UPDATE station SET prints_since = prints_since + 1');
    witness(db, data.attempt, seq, at, 'intent', `${data.device.model}, acknowledgement ${data.acknowledgement}`);
  },
  'attempt-progressed': (db, { data, seq, at }) => {
    if (data.state !== null)
      db.run(
        `UPDATE attempts SET state = ? WHERE id = ? AND state IN ('intended', 'sending', 'confirming')`,
        data.state,
        data.attempt,
      );
    witness(db, data.attempt, seq, at, data.state ?? 'note', data.text);
  },
  'attempt-ended': (db, { data, actor, seq, at }) => {
    const attempt = attemptRow(db, data.attempt);
    const owed = data.outcome === 'printed' && data.readBack === 'required' ? 1 : 0;
    db.run(
      'UPDATE attempts SET state = ?, reason = ?, read_back_owed = ? WHERE id = ?',
      data.outcome,
      data.reason,
      owed,
      data.attempt,
    );
    witness(db, data.attempt, seq, at, data.outcome, `${data.reason}: ${data.text}`);
    advance(db, attempt.job, data.outcome);
    if (data.outcome === 'printed') {
      takeInk(db, attempt, 'good');
      db.run('UPDATE jobs SET printed_by = ? WHERE id = ?', operatorOf(db, data.attempt) ?? actor, attempt.job);
      // Without an owed read-back the page goes straight to the quality check.
      if (owed === 0) advance(db, attempt.job, 'read-back-matched');
      return;
    }
    if (data.outcome === 'in-doubt') {
      db.run(`UPDATE booklets SET state = 'in-doubt' WHERE number = ?`, attempt.booklet);
      endBinding(db, attempt.binding);
    }
    // Both need the proof that nothing of this page can come out later before another booklet is offered (I13).
    db.run(
      `INSERT INTO printers (id, lock_attempt, lock_resolved, device_empty) VALUES (?, ?, ?, 0)
       ON CONFLICT (id) DO UPDATE SET lock_attempt = excluded.lock_attempt, lock_resolved = excluded.lock_resolved,
         device_empty = 0`,
      attempt.printer,
      data.attempt,
      data.outcome === 'not-printed' ? 'blank' : null,
    );
    if (data.deviceEmpty) db.run('UPDATE printers SET device_empty = 1 WHERE id = ?', attempt.printer);
    unlockWhenSettled(db, attempt.printer);
  },
  'attempt-read-back': (db, { data, seq, at }) => {
    const attempt = attemptRow(db, data.attempt);
    // A difference may be a slip of the reader or the fingers: it is kept, but only a match or a spoil ends the wait.
    db.run(
      `UPDATE attempts SET read_back = ?, read_back_source = ?, read_back_owed = CASE WHEN ? THEN 0 ELSE read_back_owed END
       WHERE id = ?`,
      data.match ? 'matched' : 'differs',
      data.source,
      data.match ? 1 : 0,
      data.attempt,
    );
    witness(
      db,
      data.attempt,
      seq,
      at,
      data.match ? 'read-back-matched' : 'read-back-differs',
      data.match ? `88 of 88, ${data.source}` : `${data.source}, differs at ${data.positions.join(' ')}`,
    );
    const state = db.get<{ state: string }>('SELECT state FROM jobs WHERE id = ?', attempt.job)?.state;
    if (state === 'printed' && data.match) advance(db, attempt.job, 'read-back-matched');
  },
  'attempt-resolved': (db, { data, seq, at }) => {
    const attempt = attemptRow(db, data.attempt);
    witness(db, data.attempt, seq, at, `resolved-${data.outcome}`, `${data.people.join(' + ')}: ${data.reason}`);
    if (data.outcome === 'printed') {
      const matched = db.get<{ read_back: string | null }>('SELECT read_back FROM attempts WHERE id = ?', data.attempt);
      const read = matched?.read_back === 'matched';
      db.run(
        `UPDATE attempts SET state = 'printed', resolution = 'printed', read_back_owed = ? WHERE id = ?`,
        read ? 0 : 1,
        data.attempt,
      );
      advance(db, attempt.job, 'resolved-printed');
      takeInk(db, attempt, 'good');
      db.run('UPDATE jobs SET printed_by = ? WHERE id = ?', operatorOf(db, data.attempt), attempt.job);
      if (read) advance(db, attempt.job, 'read-back-matched');
    } else if (data.outcome === 'blank') {
      db.run(`UPDATE attempts SET state = 'not-printed', resolution = 'blank' WHERE id = ?`, data.attempt);
      db.run(`UPDATE booklets SET state = 'bound' WHERE number = ?`, attempt.booklet);
      db.run('UPDATE bindings SET live = 1 WHERE id = ?', attempt.binding);
      advance(db, attempt.job, 'resolved-blank');
    } else {
      db.run(`UPDATE attempts SET resolution = 'spoiled' WHERE id = ?`, data.attempt);
      spoil(db, attempt.booklet);
    }
    db.run(
      'UPDATE printers SET lock_resolved = ? WHERE id = ? AND lock_attempt = ?',
      data.outcome,
      attempt.printer,
      data.attempt,
    );
    unlockWhenSettled(db, attempt.printer);
  },
};

/**
 * A spoiled booklet ends the approval that it took: the job waits for a new one whose `replaces` names it (domain.md).
 * A booklet that no job stands on is only counted out.
 */
export function spoil(db: Database, booklet: string): void {
  db.run(`UPDATE booklets SET state = 'spoiled' WHERE number = ?`, booklet);
  const attempt = db.get<{ id: string; job: string; approval: string }>(
    `SELECT id, job, approval FROM attempts WHERE booklet = ? AND state <> 'not-printed'`,
    booklet,
  );
  if (attempt === undefined) return;
  db.run(`UPDATE attempts SET state = 'spoiled', read_back_owed = 0 WHERE id = ?`, attempt.id);
  db.run(
    `UPDATE jobs SET approval = NULL, spent_approval = ?, booklet = NULL, printer = NULL, release_reference = NULL,
       printed_by = NULL WHERE id = ?`,
    attempt.approval,
    attempt.job,
  );
  advance(db, attempt.job, 'spoiled', `booklet ${booklet} spoiled`);
}

function witness(db: Database, attempt: string, seq: number, at: number, kind: string, text: string): void {
  db.run('INSERT INTO evidence (attempt, seq, at, kind, text) VALUES (?, ?, ?, ?, ?)', attempt, seq, at, kind, text);
}

function attemptRow(db: Database, id: string): AttemptRow {
  const row = db.get<AttemptRow>('SELECT job, binding, booklet, printer, approval FROM attempts WHERE id = ?', id);
  if (row === undefined) throw new Error(`no attempt ${id}`);
  return row;
}

const operatorOf = (db: Database, attempt: string): string | null =>
  db.get<{ operator: string }>('SELECT operator FROM attempts WHERE id = ?', attempt)?.operator ?? null;

function takeInk(db: Database, attempt: AttemptRow, state: 'good'): void {
  db.run('UPDATE booklets SET state = ? WHERE number = ?', state, attempt.booklet);
  endBinding(db, attempt.binding);
}

function endBinding(db: Database, binding: string): void {
  db.run('UPDATE bindings SET live = 0 WHERE id = ?', binding);
}

/** The lock goes when both are there, in either order: the people's finding and the empty device (machines.md). */
function unlockWhenSettled(db: Database, printer: string): void {
  db.run(
    `UPDATE printers SET lock_attempt = NULL, lock_resolved = NULL, device_empty = 0
     WHERE id = ? AND lock_resolved IS NOT NULL AND device_empty = 1`,
    printer,
  );
}
