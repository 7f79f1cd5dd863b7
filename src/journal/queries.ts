import type { BookletState } from '../domain/booklet.ts';
import type { JobState } from '../domain/job.ts';
import type { Role } from '../domain/people.ts';
import type { Database } from './database.ts';
import type { Entry, Report } from './entries.ts';
import type {
  AttemptRow,
  BindingRow,
  BookletRow,
  DecisionRow,
  EvidenceRow,
  JobRow,
  JobStanding,
  OutboxRow,
  PersonRow,
  PrinterRow,
  SignOffRow,
  StatementRow,
  StationRow,
} from './rows.ts';

export type * from './rows.ts';

export interface JobFilter {
  readonly states?: readonly JobState[];
  readonly family?: string;
  /** Application or booklet number, exactly. */
  readonly number?: string;
  readonly overdueAt?: number;
  readonly after?: string;
  readonly limit: number;
}

/** First in, first out within a priority (domain.md, Intake). */
const ORDER = `CASE priority WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 ELSE 2 END`;

/** What can be asked of the projections, inside a transaction or outside. */
export class Queries {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  job(id: string): JobRow | undefined {
    return this.#db.get<JobRow>('SELECT * FROM jobs WHERE id = ?', id);
  }

  /** The newest job of an application: the one written last, for the clock of the one before may have been ahead. */
  jobOfApplication(application: string): JobRow | undefined {
    return this.#db.get<JobRow>('SELECT * FROM jobs WHERE application = ? ORDER BY rowid DESC LIMIT 1', application);
  }

  /** As `jobOfApplication`. */
  standingOfApplication(application: string): JobStanding | undefined {
    return this.#db.get<JobStanding>(
      `SELECT id, application, record_sha256, record_bytes, state, held_from, approval, spent_approval, booklet
       FROM jobs WHERE application = ? ORDER BY rowid DESC LIMIT 1`,
      application,
    );
  }

  jobs(filter: JobFilter): { items: JobRow[]; next: string | null } {
    const where: string[] = [];
    const values: (string | number)[] = [];
    if (filter.states !== undefined) {
      where.push(`state IN (${filter.states.map(() => '?').join(', ')})`);
      values.push(...filter.states);
    }
    if (filter.family !== undefined) {
      where.push('family = ?');
      values.push(filter.family);
    }
    if (filter.number !== undefined) {
      where.push('(application = ? OR booklet = ?)');
      values.push(filter.number, filter.number);
    }
    if (filter.overdueAt !== undefined) {
      where.push(`deadline < ? AND state NOT IN ('handed-over', 'cancelled', 'referred')`);
      values.push(filter.overdueAt);
    }
    const offset = Number(filter.after ?? 0) || 0;
    const items = this.#db.all<JobRow>(
      `SELECT * FROM jobs ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
       ORDER BY ${ORDER}, received_at, id LIMIT ? OFFSET ?`,
      ...values,
      filter.limit + 1,
      offset,
    );
    const more = items.length > filter.limit;
    return { items: items.slice(0, filter.limit), next: more ? String(offset + filter.limit) : null };
  }

  jobCounts(): Record<string, number> {
    const rows = this.#db.all<{ state: string; n: number }>('SELECT state, count(*) AS n FROM jobs GROUP BY state');
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  }

  jobsOfState(state: JobState): JobRow[] {
    return this.#db.all<JobRow>('SELECT * FROM jobs WHERE state = ? ORDER BY received_at, id', state);
  }

  recordBytes(job: string): Uint8Array | undefined {
    return this.#db.get<{ bytes: Uint8Array }>('SELECT bytes FROM records WHERE job = ?', job)?.bytes;
  }

  family(id: string): { id: string; policy: 'apart' | 'together' } | undefined {
    return this.#db.get('SELECT id, policy FROM families WHERE id = ?', id);
  }

  /** `date`: `YYYY-MM-DD` as it stands in the references. */
  releasesOfDay(date: string): number {
    return (
      this.#db.get<{ n: number }>('SELECT count(*) AS n FROM releases WHERE reference LIKE ?', `B-${date}-%`)?.n ?? 0
    );
  }

  /** Everything about these, oldest first; statements have their own table. */
  history(subjects: readonly string[]): Entry[] {
    return this.#db
      .all<EntryRow>(
        `SELECT * FROM entries WHERE kind NOT GLOB 'statement-*' AND subject IN (${subjects.map(() => '?').join(', ')})
         ORDER BY seq`,
        ...subjects,
      )
      .map(entryOf);
  }

  *entries(after: number): Generator<Entry> {
    for (const row of this.#db.iterate<EntryRow>('SELECT * FROM entries WHERE seq > ? ORDER BY seq', after))
      yield entryOf(row);
  }

  lastEntry(): { seq: number; at: number } | undefined {
    return this.#db.get('SELECT seq, at FROM entries ORDER BY seq DESC LIMIT 1');
  }

  attempt(id: string): AttemptRow | undefined {
    return this.#db.get<AttemptRow>('SELECT * FROM attempts WHERE id = ?', id);
  }

  attemptsOf(job: string): AttemptRow[] {
    return this.#db.all<AttemptRow>('SELECT * FROM attempts WHERE job = ? ORDER BY number', job);
  }

  /** Intended and without an outcome: what a start must call in doubt. */
  openAttempts(): AttemptRow[] {
    return this.#db.all<AttemptRow>(
      `SELECT * FROM attempts WHERE state IN ('intended', 'sending', 'confirming') ORDER BY intended_at`,
    );
  }

  attemptOfBooklet(booklet: string): AttemptRow | undefined {
    return this.#db.get<AttemptRow>(`SELECT * FROM attempts WHERE booklet = ? AND state <> 'not-printed'`, booklet);
  }

  attemptsOfBooklet(booklet: string): AttemptRow[] {
    return this.#db.all<AttemptRow>('SELECT * FROM attempts WHERE booklet = ? ORDER BY intended_at DESC', booklet);
  }

  evidence(attempt: string): EvidenceRow[] {
    return this.#db.all<EvidenceRow>(
      'SELECT seq, at, kind, text FROM evidence WHERE attempt = ? ORDER BY seq',
      attempt,
    );
  }

  binding(id: string): BindingRow | undefined {
    return this.#db.get<BindingRow>('SELECT * FROM bindings WHERE id = ?', id);
  }

  liveBinding(printer: string): BindingRow | undefined {
    return this.#db.get<BindingRow>('SELECT * FROM bindings WHERE printer = ? AND live = 1', printer);
  }

  liveBindingOfJob(job: string): BindingRow | undefined {
    return this.#db.get<BindingRow>('SELECT * FROM bindings WHERE job = ? AND live = 1', job);
  }

  printer(id: string): PrinterRow {
    return (
      this.#db.get<PrinterRow>('SELECT * FROM printers WHERE id = ?', id) ?? {
        id,
        sequence: 0,
        lock_attempt: null,
        lock_resolved: null,
        device_empty: 0,
      }
    );
  }

  /** The attempt printed at this printer whose read-back is still owed. */
  owesReadBack(printer: string): string | null {
    return (
      this.#db.get<{ id: string }>(
        `SELECT id FROM attempts WHERE printer = ? AND read_back_owed = 1 AND state = 'printed' LIMIT 1`,
        printer,
      )?.id ?? null
    );
  }

  booklet(number: string): BookletRow | undefined {
    return this.#db.get<BookletRow>('SELECT * FROM booklets WHERE number = ?', number);
  }

  booklets(state: BookletState | null, limit: number, after: string): BookletRow[] {
    return state === null
      ? this.#db.all<BookletRow>('SELECT * FROM booklets WHERE number > ? ORDER BY number LIMIT ?', after, limit)
      : this.#db.all<BookletRow>(
          'SELECT * FROM booklets WHERE state = ? AND number > ? ORDER BY number LIMIT ?',
          state,
          after,
          limit,
        );
  }

  bookletCounts(): Partial<Record<BookletState, number>> {
    const rows = this.#db.all<{ state: BookletState; n: number }>(
      'SELECT state, count(*) AS n FROM booklets GROUP BY state',
    );
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  }

  /** A text that is kept or was refused, by the SHA-256 of all of it. */
  unverifiedStatement(digest: string): StatementRow | undefined {
    return this.#db.get<StatementRow>(`SELECT * FROM statements WHERE digest = ? AND state <> 'stored'`, digest);
  }

  /** What a `jti` stands for: the digest of the statement stored under it, `null` for none. */
  storedDigest(jti: string): string | null {
    return (
      this.#db.get<{ digest: string }>(`SELECT digest FROM statements WHERE jti = ? AND state = 'stored'`, jti)
        ?.digest ?? null
    );
  }

  statementByJti(jti: string): StatementRow | undefined {
    return this.#db.get<StatementRow>(`SELECT * FROM statements WHERE jti = ? AND state = 'stored'`, jti);
  }

  /** Stored approvals and rejections of an application, the one that counts first (central.md: the latest `iat`). */
  decisionsOn(application: string): DecisionRow[] {
    return this.#db.all<DecisionRow>(
      `SELECT kind, jti, iat, text FROM statements
       WHERE application = ? AND kind IN ('approval', 'rejection') AND state = 'stored' ORDER BY iat DESC, jti DESC`,
      application,
    );
  }

  /** The latest stored payment for an application. */
  paymentFor(application: string): StatementRow | undefined {
    return this.#db.get<StatementRow>(
      `SELECT * FROM statements WHERE application = ? AND kind = 'payment' AND state = 'stored'
       ORDER BY iat DESC, jti DESC LIMIT 1`,
      application,
    );
  }

  /** Whether a stored revocation names this approval (`jti`), booklet (number) or station (id). */
  revoked(target: 'approval' | 'booklet' | 'station', value: string): boolean {
    return this.#db.get('SELECT 1 FROM revocations WHERE target = ? AND value = ?', target, value) !== undefined;
  }

  /** The first stored revocation that names it. */
  revocation(target: 'approval' | 'booklet' | 'station', value: string): StatementRow | undefined {
    return this.#db.get<StatementRow>(
      `SELECT statements.* FROM revocations JOIN statements ON jti = statement AND state = 'stored'
       WHERE target = ? AND value = ? ORDER BY iat, jti LIMIT 1`,
      target,
      value,
    );
  }

  /** In the order in which they came; `results`: only those kept because of these. What follows may end them one by one. */
  *keptStatements(results: readonly string[] | null = null): Generator<StatementRow> {
    const because = results === null ? '' : `AND result IN (${results.map(() => '?').join(', ')})`;
    for (let after: number | undefined = 0; after !== undefined; ) {
      const rows: (StatementRow & { readonly row: number })[] = this.#db.all(
        `SELECT *, rowid AS row FROM statements WHERE state = 'kept' AND rowid > ? ${because} ORDER BY rowid LIMIT 500`,
        after,
        ...(results ?? []),
      );
      yield* rows;
      after = rows.at(-1)?.row;
    }
  }

  /** The attempt that has taken this approval, if any: I2. */
  attemptOfApproval(jti: string): AttemptRow | undefined {
    return this.#db.get<AttemptRow>(`SELECT * FROM attempts WHERE approval = ? AND state <> 'not-printed'`, jti);
  }

  outbox(state: 'waiting' | 'refused', limit: number): OutboxRow[] {
    // The second condition is what lets the index of open reports be used: accepted ones are never removed.
    return this.#db.all<OutboxRow>(
      `SELECT * FROM outbox WHERE state = ? AND state <> 'accepted' ORDER BY seq LIMIT ?`,
      state,
      limit,
    );
  }

  outboxCounts(): { waiting: number; refused: number } {
    const rows = this.#db.all<{ state: string; n: number }>(
      `SELECT state, count(*) AS n FROM outbox WHERE state <> 'accepted' GROUP BY state`,
    );
    const of = (state: string) => rows.find((row) => row.state === state)?.n ?? 0;
    return { waiting: of('waiting'), refused: of('refused') };
  }

  signOff(id: string): SignOffRow | undefined {
    return this.#db.get<SignOffRow>('SELECT * FROM sign_offs WHERE id = ?', id);
  }

  openSignOffs(): SignOffRow[] {
    return this.#db.all<SignOffRow>(`SELECT * FROM sign_offs WHERE state = 'open' ORDER BY requested_at`);
  }

  person(name: string): PersonRow | undefined {
    const row = this.#db.get<Record<string, string | number | null>>(
      'SELECT people.*, credentials.pin FROM people LEFT JOIN credentials ON person = name WHERE name = ?',
      name,
    );
    return row && personOf(row);
  }

  people(): PersonRow[] {
    return this.#db
      .all<Record<string, string | number | null>>(
        'SELECT people.*, credentials.pin FROM people LEFT JOIN credentials ON person = name ORDER BY name',
      )
      .map(personOf);
  }

  /** The clock's two marks, seconds. */
  marks(): { readonly signed: number; readonly local: number } {
    return this.#db.get('SELECT signed_mark AS signed, local_mark AS local FROM station') as {
      signed: number;
      local: number;
    };
  }

  /** Of the trust bundle in force; its text is in `station`. */
  bundleVersion(): number | null {
    return this.#db.get<{ version: number | null }>('SELECT bundle_version AS version FROM station')?.version ?? null;
  }

  /** Seconds of the last fresh word of the centre, `null` before the first, and how many pages were printed since. */
  contact(): { readonly last: number | null; readonly prints: number } {
    return this.#db.get('SELECT last_contact AS last, prints_since AS prints FROM station') as {
      last: number | null;
      prints: number;
    };
  }

  station(): StationRow {
    return this.#db.get<StationRow>('SELECT * FROM station') as StationRow;
  }

  answer(key: string, person: string): { body: string; status: number; answer: string } | undefined {
    return this.#db.get('SELECT body, status, answer FROM idempotency WHERE key = ? AND person = ?', key, person);
  }
}

interface EntryRow {
  readonly seq: number;
  readonly at: number;
  readonly clock: string;
  readonly actor: string;
  readonly kind: string;
  readonly subject: string;
  readonly data: string;
  readonly reports: string;
}

const entryOf = (row: EntryRow): Entry =>
  ({ ...row, data: JSON.parse(row.data), reports: JSON.parse(row.reports) as Report[] }) as unknown as Entry;

const personOf = (row: Record<string, string | number | null>): PersonRow => ({
  name: String(row.name),
  roles: JSON.parse(String(row.roles)) as Role[],
  disabled: row.disabled === 1,
  wrong: Number(row.wrong),
  wrong_at: row.wrong_at as number | null,
  pin: row.pin as string | null,
});
