import { problem, Refusal } from '../domain/errors.ts';
import type { Actor } from '../domain/people.ts';
import { actorName } from '../domain/people.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { World } from '../domain/world.ts';
import { Database, migrate, openDatabase } from './database.ts';
import type { Entry, EntryData, EntryKind, Report } from './entries.ts';
import { PROJECTIONS } from './migrations.ts';
import { fold } from './projections/fold.ts';
import { Queries } from './queries.ts';

export type ClockClass = 'trusted' | 'holdover' | 'untrusted';

/** The writing side: exists only inside `Journal.transact`. Reads see what was written before in the same transaction. */
export class Transaction extends Queries {
  readonly #db: Database;
  readonly #stamp: { readonly at: number; readonly clock: ClockClass; readonly actor: string };
  readonly written: Entry[] = [];
  #nextSeq: number | null = null;

  constructor(db: Database, at: number, clock: ClockClass, actor: string) {
    super(db);
    this.#db = db;
    this.#stamp = { at, clock, actor };
  }

  get at(): number {
    return this.#stamp.at;
  }

  get actor(): string {
    return this.#stamp.actor;
  }

  /**
   * Writes one entry, folds it into the projections and queues its reports, all in this transaction.
   * @throws Refusal where a rule forbids it; the whole transaction is then rolled back
   */
  append<Kind extends EntryKind>(
    kind: Kind,
    subject: string,
    data: EntryData[Kind],
    reports: readonly Report[] = [],
  ): Entry {
    // Asked for once: nobody else writes while this transaction runs.
    const seq = this.#nextSeq ?? (this.lastEntry()?.seq ?? 0) + 1;
    this.#nextSeq = seq + 1;
    const entry = { seq, ...this.#stamp, kind, subject, data, reports } as unknown as Entry;
    this.#db.run(
      'INSERT INTO entries (seq, at, clock, actor, kind, subject, data, reports) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      seq,
      entry.at,
      entry.clock,
      entry.actor,
      kind,
      subject,
      JSON.stringify(data),
      JSON.stringify(reports),
    );
    fold(this.#db, entry);
    this.written.push(entry);
    return entry;
  }

  /**
   * A part that may fail by itself: what it wrote is then taken back, and the rest of the transaction stands. Fails with what
   * it threw.
   * @throws what the disk does not take: then nothing of the transaction stands
   */
  part<Value>(decide: () => Value): Result<Value, Error> {
    const before = this.written.length;
    this.#db.run('SAVEPOINT part');
    try {
      const value = decide();
      this.#db.run('RELEASE part');
      return ok(value);
    } catch (error) {
      if (isStorageFailure(error)) throw error;
      this.#db.run('ROLLBACK TO part');
      this.#db.run('RELEASE part');
      this.written.length = before;
      this.#nextSeq = null;
      return fail(error as Error);
    }
  }

  keepRecord(job: string, bytes: Uint8Array): void {
    this.#db.run('INSERT INTO records (job, bytes) VALUES (?, ?)', job, bytes);
  }

  keepNote(job: string, kind: string, text: string): void {
    this.#db.run('INSERT INTO notes (job, kind, text) VALUES (?, ?, ?)', job, kind, text);
  }

  keepCredential(person: string, pin: string): void {
    this.#db.run(
      'INSERT INTO credentials (person, pin) VALUES (?, ?) ON CONFLICT (person) DO UPDATE SET pin = excluded.pin',
      person,
      pin,
    );
  }

  keepAnswer(key: string, person: string, body: string, status: number, answer: string): void {
    this.#db.run(
      'INSERT INTO idempotency (key, person, body, status, answer, at) VALUES (?, ?, ?, ?, ?, ?)',
      key,
      person,
      body,
      status,
      answer,
      this.at,
    );
  }

  forgetAnswersBefore(at: number): void {
    this.#db.run('DELETE FROM idempotency WHERE at < ?', at);
  }
}

export class Journal extends Queries {
  readonly #db: Database;
  readonly #world: World;
  readonly #release: () => void;
  readonly #listeners = new Set<(entries: readonly Entry[]) => void>();
  #inside = false;
  #failed: Problem | null = null;
  #open = true;
  /**
   * The station's time, milliseconds since the epoch, and how far it can be relied on: every entry carries both. Set by
   * whoever judges the clock (trust); until then it is this machine's, and nobody vouches for it.
   */
  time: () => { readonly at: number; readonly class: ClockClass } = () => ({
    at: this.#world.clock.now(),
    class: 'untrusted',
  });

  constructor(db: Database, world: World, release: () => void) {
    super(db);
    this.#db = db;
    this.#world = world;
    this.#release = release;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Whether nothing more can be written, and why (disk full, read-only, failing). */
  get failure(): Problem | null {
    return this.#failed;
  }

  /**
   * One transaction: a synchronous function decides and appends; all of it is durable when this returns, none of it
   * when it throws. Listeners hear of the entries after the commit, never before.
   * @throws Refusal what the function threw, or PST-304 when the disk does not take it
   */
  transact<Value>(name: string, actor: Actor, decide: (tx: Transaction) => Value): Value {
    if (!this.#open) throw new Refusal(problem('PST-304', 'the journal is closed'));
    if (this.#inside) throw new Error('transactions do not nest');
    this.#inside = true;
    let tx: Transaction;
    let value: Value;
    try {
      const { at, class: clock } = this.time();
      tx = new Transaction(this.#db, at, clock, actorName(actor));
      this.#world.boundary(`before:${name}`);
      this.#db.exec('BEGIN IMMEDIATE');
      try {
        value = decide(tx);
        this.#world.boundary(`commit:${name}`);
        this.#db.exec('COMMIT');
      } catch (error) {
        this.#rollBack();
        throw error;
      }
      this.#failed = null;
    } catch (error) {
      if (!isStorageFailure(error)) throw error;
      this.#failed = problem('PST-304', `${name}: ${(error as Error).message}`);
      throw new Refusal(this.#failed);
    } finally {
      this.#inside = false;
    }
    this.#world.boundary(`after:${name}`);
    if (tx.written.length > 0) for (const listener of this.#listeners) listener(tx.written);
    return value;
  }

  onCommitted(listener: (entries: readonly Entry[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #rollBack(): void {
    try {
      this.#db.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back by itself, for example on a full disk.
    }
  }

  /** Folds all entries anew and compares every projection; returns the first differences, empty when there are none. */
  rebuildCheck(): string[] {
    const fresh = new Database(':memory:');
    migrate(fresh);
    for (const entry of this.entries(0)) fold(fresh, entry);
    const differences: string[] = [];
    for (const table of PROJECTIONS) {
      const stored = this.#db.all(`SELECT * FROM ${table} ORDER BY 1, 2`).map((row) => JSON.stringify(row));
      const rebuilt = fresh.all(`SELECT * FROM ${table} ORDER BY 1, 2`).map((row) => JSON.stringify(row));
      if (stored.length !== rebuilt.length)
        differences.push(`${table}: ${stored.length} rows, ${rebuilt.length} rebuilt`);
      const at = stored.findIndex((row, i) => row !== rebuilt[i]);
      if (at >= 0) differences.push(`${table}: row ${at + 1} differs`);
    }
    fresh.close();
    return differences;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#release();
  }
}

type Problem = ReturnType<typeof problem>;

/** SQLite's own codes: 8 read-only, 10 I/O error, 11 corrupt, 13 full, 14 cannot open, 26 not a database. */
const STORAGE = new Set([8, 10, 11, 13, 14, 26]);
const isStorageFailure = (error: unknown): boolean =>
  error instanceof Error && 'errcode' in error && STORAGE.has(Number(error.errcode) & 0xff);

/** @throws Refusal PST-301, PST-302, PST-303 */
export function openJournal(directory: string, world: World): Journal {
  const { db, release } = openDatabase(directory);
  return new Journal(db, world, release);
}
