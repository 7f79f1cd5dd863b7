import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { problem, Refusal } from '../domain/errors.ts';
import { MIGRATIONS } from './migrations.ts';

/** SQLite below this has the WAL-reset bug (sqlite.org/wal.html#walresetbug). */
const OLDEST_SQLITE = [3, 51, 3] as const;

export type Row = Record<string, SQLInputValue>;

/** One connection with its prepared statements. */
export class Database {
  readonly #db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(path: string) {
    this.#db = new DatabaseSync(path, { enableForeignKeyConstraints: true });
  }

  exec(sql: string): void {
    this.#db.exec(sql);
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** Number of rows changed. */
  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#prepare(sql).run(...values).changes);
  }

  get<T = Row>(sql: string, ...values: SQLInputValue[]): T | undefined {
    return this.#prepare(sql).get(...values) as T | undefined;
  }

  all<T = Row>(sql: string, ...values: SQLInputValue[]): T[] {
    return this.#prepare(sql).all(...values) as T[];
  }

  iterate<T = Row>(sql: string, ...values: SQLInputValue[]): IterableIterator<T> {
    return this.#prepare(sql).iterate(...values) as IterableIterator<T>;
  }

  close(): void {
    this.#db.close();
  }
}

export function migrate(db: Database): void {
  const version = Number(db.get<{ user_version: number }>('PRAGMA user_version')?.user_version);
  if (version > MIGRATIONS.length)
    throw new Refusal(
      problem('PST-302', `the journal has schema ${version}, this program knows ${MIGRATIONS.length} at most`),
    );
  for (let next = version; next < MIGRATIONS.length; next++) {
    db.exec('BEGIN IMMEDIATE');
    db.exec(MIGRATIONS[next] as string);
    db.exec(`PRAGMA user_version = ${next + 1}`);
    db.exec('COMMIT');
  }
}

const DURABILITY: readonly (readonly [pragma: string, set: string, readBack: string | number])[] = [
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  ['secure_delete', 'ON', 1],
  ['mmap_size', '0', 0],
];

/**
 * KiB of pages held in memory. A backlog of a thousand approvals changes some six MiB of them in one transaction; what does
 * not fit is written to the log early and twice.
 */
const CACHE = 32 * 1024;

/**
 * Pages (4 KiB) of the log after which a commit also carries them into the database. A page that changed in many commits is
 * carried once; a start after a power cut reads so much log at most.
 */
const CHECKPOINT = 4_000;

/** Sets what durability rests on and reads it back: a setting that did not take must not be found out at a power cut. */
function assertDurable(db: Database): void {
  const version = String(db.get<{ v: string }>('SELECT sqlite_version() AS v')?.v);
  const parts = version.split('.').map(Number);
  const firstDifferent = OLDEST_SQLITE.findIndex((part, i) => part !== parts[i]);
  if (firstDifferent >= 0 && (parts[firstDifferent] ?? 0) < (OLDEST_SQLITE[firstDifferent] as number))
    throw new Refusal(problem('PST-303', `SQLite ${version} is older than ${OLDEST_SQLITE.join('.')}`));
  for (const [pragma, value, expected] of DURABILITY) {
    db.exec(`PRAGMA ${pragma} = ${value}`);
    const is = Object.values(db.get(`PRAGMA ${pragma}`) ?? {})[0];
    if (is !== expected) throw new Refusal(problem('PST-303', `${pragma} is ${String(is)}, not ${expected}`));
  }
  db.exec(`PRAGMA cache_size = ${-CACHE}; PRAGMA wal_autocheckpoint = ${CHECKPOINT}`);
}

/** @throws Refusal PST-303 in place of whatever the file system or SQLite says */
function coded<Value>(path: string, open: () => Value): Value {
  try {
    return open();
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(problem('PST-303', `${path}: ${(error as Error).message}`));
  }
}

const SQLITE_BUSY = 5;

/** An exclusive transaction on a database beside the journal: the operating system ends it however this process ends. */
function lockDirectory(directory: string): Database {
  const lock = new Database(join(directory, 'service.lock'));
  try {
    lock.exec('PRAGMA busy_timeout = 0');
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    if ((error as { errcode?: number }).errcode !== SQLITE_BUSY) throw error;
    throw new Refusal(problem('PST-301', `another service works on ${directory}`));
  }
}

function openFile(path: string): Database {
  const db = new Database(path);
  try {
    assertDurable(db);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Opens (or creates) `<directory>/journal.db`, 0700, for its one writer.
 * @throws Refusal PST-301 another service runs on this directory, PST-302 a newer schema, PST-303 not durable, not to be
 * opened or no journal
 */
export function openDatabase(directory: string): { db: Database; release: () => void } {
  const lock = coded(directory, () => {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
    return lockDirectory(directory);
  });
  const path = join(directory, 'journal.db');
  try {
    const db = coded(path, () => openFile(path));
    return {
      db,
      release: () => {
        db.close();
        lock.close();
      },
    };
  } catch (error) {
    lock.close();
    throw error;
  }
}
