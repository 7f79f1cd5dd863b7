import type { SQLInputValue } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Row } from '../../src/journal/database.ts';
import { PROJECTIONS } from '../../src/journal/migrations.ts';
import { besideTheService, liveThroughADay, newDirectory, type OpenJournal, openIn, remove } from './rig.ts';

let open: OpenJournal;
beforeEach(() => {
  open = openIn(newDirectory());
  liveThroughADay(open.journal);
});
afterEach(() => {
  open.close();
  remove(open.directory);
});

/** What is found after a change that is taken back again; `null` where the schema itself stands against the change. */
function differencesAfter(sql: string, ...values: SQLInputValue[]): string[] | null {
  open.db.exec('BEGIN');
  try {
    expect(open.db.run(sql, ...values)).toBe(1);
    return open.journal.rebuildCheck();
  } catch (error) {
    if (error instanceof Error && 'errcode' in error) return null;
    throw error;
  } finally {
    open.db.exec('ROLLBACK');
  }
}

interface Column {
  readonly name: string;
  readonly type: string;
}
const columnsOf = (table: string): Column[] => open.db.all<Column & Row>(`PRAGMA table_info(${table})`);
const thisRow = (columns: readonly Column[]) => columns.map(({ name }) => `${name} IS ?`).join(' AND ');

describe('rebuild-check', () => {
  it('finds nothing in a journal that only the service has written', () => {
    expect(open.journal.rebuildCheck()).toEqual([]);
  });

  it.each(PROJECTIONS)('names %s after a row of it was removed', (table) => {
    const columns = columnsOf(table);
    const rows = open.db.all<Row>(`SELECT * FROM ${table}`);
    expect(rows).not.toEqual([]);
    for (const row of rows) {
      const found = differencesAfter(`DELETE FROM ${table} WHERE ${thisRow(columns)}`, ...Object.values(row)) ?? [];
      expect(found).toContain(`${table}: ${rows.length - 1} rows, ${rows.length} rebuilt`);
      expect(found.filter((difference) => !difference.startsWith(`${table}: `))).toEqual([]);
    }
  });

  it.each(PROJECTIONS)('names %s after any one value of it was changed', (table) => {
    const columns = columnsOf(table);
    let judged = 0;
    for (const row of open.db.all<Row>(`SELECT * FROM ${table}`)) {
      for (const { name, type } of columns) {
        const was = row[name] ?? null;
        const other = type === 'INTEGER' ? Number(was) + 1 : `${was ?? ''}?`;
        const change = `UPDATE ${table} SET ${name} = ? WHERE ${thisRow(columns)}`;
        const found = differencesAfter(change, other, ...Object.values(row));
        if (found === null) continue;
        judged += 1;
        expect(found, `${name} of ${JSON.stringify(row)}`).toContainEqual(expect.stringContaining(`${table}: row`));
      }
    }
    expect(judged).toBeGreaterThan(0);
  });

  it('names a job that nobody took in', () => {
    const found = differencesAfter(
      `INSERT INTO jobs (id, application, record_sha256, record_bytes, state, priority, received_at)
       VALUES ('job-0', 'A-0', ?, 1, 'released', 'normal', 0)`,
      '0'.repeat(64),
    );
    expect(found).toEqual(['jobs: 4 rows, 3 rebuilt', 'jobs: row 1 differs']);
  });
});

describe('entries', () => {
  it('can neither be changed nor removed by a slip, not even past the service', () => {
    const entries = () => besideTheService(open.directory, (file) => file.prepare('SELECT * FROM entries').all());
    const before = entries();
    expect(before.length).toBeGreaterThan(20);
    for (const change of [
      `UPDATE entries SET actor = 'somebody' WHERE seq = 1`,
      'UPDATE entries SET seq = seq + 1000',
      'DELETE FROM entries WHERE seq = (SELECT max(seq) FROM entries)',
      'DELETE FROM entries',
    ])
      expect(() => besideTheService(open.directory, (file) => file.exec(change)), change).toThrow();
    expect(entries()).toEqual(before);
  });
});
