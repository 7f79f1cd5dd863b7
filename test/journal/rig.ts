/** Journals in folders of their own, on a clock that stands still, and one whose every projection has rows. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Actor } from '../../src/domain/people.ts';
import type { World } from '../../src/domain/world.ts';
import { type Database, openDatabase } from '../../src/journal/database.ts';
import type { EntryData } from '../../src/journal/entries.ts';
import { Journal, type Transaction } from '../../src/journal/journal.ts';

/** 2026-11-22T02:00:00Z, milliseconds. */
export const NOW = Date.UTC(2026, 10, 22, 2);

export const WORLD: World = {
  clock: { now: () => NOW, monotonic: () => 0, synchronised: () => true },
  timers: { after: () => () => undefined },
  random: { bytes: (length) => new Uint8Array(length), id: () => 'id' },
  central: { request: async () => ({ kind: 'unreachable', detail: 'there is none' }) },
  boundary: () => undefined,
};

export const SARI: Actor = { kind: 'person', name: 'sari', roles: ['operator'] };

export interface OpenJournal {
  readonly directory: string;
  readonly journal: Journal;
  /** The journal's own connection. */
  readonly db: Database;
  close(): void;
}

export const newDirectory = (): string => mkdtempSync(join(tmpdir(), 'journal-'));

export function openIn(directory: string): OpenJournal {
  const { db, release } = openDatabase(directory);
  const journal = new Journal(db, WORLD, release);
  return { directory, journal, db, close: () => journal.close() };
}

export const remove = (directory: string): void => rmSync(directory, { recursive: true, force: true });

/** Somebody at the file with a tool of their own, past the service. */
export function besideTheService<Value>(directory: string, act: (file: DatabaseSync) => Value): Value {
  const file = new DatabaseSync(join(directory, 'journal.db'));
  try {
    return act(file);
  } finally {
    file.close();
  }
}

export const receivedJob = (n: number): EntryData['job-received'] => ({
  job: `job-${n}`,
  application: `A-${n}`,
  record: { sha256: String(n).padStart(64, '0'), bytes: 1000 + n },
  intake: {
    priority: 'normal',
    priorityReason: null,
    family: n % 2 === 0 ? `family-${n}` : null,
    travelDate: null,
    intakeAt: null,
    referredFrom: null,
  },
  next: 'approval',
  deadline: null,
});

/** The text of a statement as far as the journal looks into it. */
export const statementText = (claims: Readonly<Record<string, unknown>>): string =>
  `header.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

export const storedStatement = (
  jti: string,
  kind: string,
  about: Partial<EntryData['statement-stored']> = {},
  claims: Readonly<Record<string, unknown>> = {},
): EntryData['statement-stored'] => ({
  digest: `digest of ${jti}`,
  was: null,
  jti,
  kind,
  iat: NOW / 1000,
  application: null,
  text: statementText({ jti, ...claims }),
  via: 'feed',
  ...about,
});

export const intent = (
  n: number,
  changes: Partial<EntryData['attempt-intended']> = {},
): EntryData['attempt-intended'] => ({
  attempt: `attempt-${n}`,
  number: 1,
  job: `job-${n}`,
  binding: `binding-${n}`,
  booklet: `U000000${n}`,
  printer: `counter-${n}`,
  approval: `approval-${n}`,
  pageSha256: 'f'.repeat(64),
  acknowledgement: n,
  device: { model: 'T5023', serial: null },
  ...changes,
});

export const ended = (n: number, outcome: 'printed' | 'not-printed' | 'in-doubt'): EntryData['attempt-ended'] => ({
  attempt: `attempt-${n}`,
  outcome,
  reason: outcome === 'printed' ? 'acknowledged' : 'connection-lost',
  text: 'as the device said',
  deviceEmpty: outcome === 'printed',
  readBack: 'required',
});

export const report = (jti: string, kind: string) => ({ jti, kind, claims: { application: 'A-1' } });

/** Job `n` on booklet `n` at printer `n`, up to where print is pressed. */
export function bindJob(tx: Transaction, n: number): void {
  tx.append('job-received', `job-${n}`, receivedJob(n), [report(`r-received-${n}`, 'approval-requested')]);
  tx.append(
    'statement-stored',
    `approval-${n}`,
    storedStatement(`approval-${n}`, 'approval', { application: `A-${n}` }),
  );
  tx.append('job-approved', `job-${n}`, { job: `job-${n}`, approval: `approval-${n}` });
  tx.append('job-released', `job-${n}`, { job: `job-${n}`, reference: 'B-2026-11-22-001' });
  tx.append('job-bound', `job-${n}`, {
    job: `job-${n}`,
    binding: `binding-${n}`,
    booklet: `U000000${n}`,
    printer: `counter-${n}`,
  });
}

/** People, blanks, one book printed, one in doubt, one bound, statements of every standing: no projection stays empty. */
export function liveThroughADay(journal: Journal): void {
  journal.transact('morning', SARI, (tx) => {
    tx.append('station-started', 'kng-01', { version: '1' });
    tx.append('person-added', 'sari', { name: 'sari', roles: ['operator'] });
    tx.append('sign-in-failed', 'sari', { name: 'sari' });
    const numbers = Array.from({ length: 9 }, (_, at) => `U000000${at + 1}`);
    tx.append('booklets-received', 'D-1', { from: 'U0000001', to: 'U0000009', numbers, delivery: 'D-1' });
    tx.append('bundle-accepted', 'bundle-1', { version: 1, expires: NOW / 1000 + 86_400, text: '{}' });
    tx.append('feed-read', 'feed', { cursor: 'cursor-1' });
    tx.append('statement-stored', 'rev-1', storedStatement('rev-1', 'revocation', {}, { approval: 'approval-9' }));
    const kept = { digest: 'k'.repeat(64), text: 'kept', result: 'unknown-key', detail: 'no key', via: 'stick' };
    tx.append('statement-kept', kept.digest, kept);
    for (const n of [1, 2, 3]) bindJob(tx, n);
    tx.append('sign-off-requested', 'sign-1', {
      id: 'sign-1',
      act: 'spoil',
      text: 'Spoil booklet U0000009',
      subject: 'U0000009',
      payload: { booklet: 'U0000009' },
      expires: NOW + 60_000,
    });
  });
  for (const n of [1, 2]) {
    journal.transact('intent', SARI, (tx) => {
      const { printer } = intent(n);
      tx.append('printer-sequence-reserved', printer, { printer, sequence: 100 });
      tx.append('attempt-intended', `attempt-${n}`, intent(n), [report(`r-intent-${n}`, 'intent')]);
    });
    journal.transact('outcome', { kind: 'station' }, (tx) => {
      tx.append('attempt-ended', `attempt-${n}`, ended(n, n === 1 ? 'printed' : 'in-doubt'));
    });
  }
  journal.transact('reports', { kind: 'station' }, (tx) => {
    tx.append('reports-answered', 'outbox', {
      accepted: ['r-received-1'],
      refused: [{ jti: 'r-received-2', reason: 'x' }],
    });
  });
}
