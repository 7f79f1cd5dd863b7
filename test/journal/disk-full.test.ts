import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/errors.ts';
import { liveThroughADay, newDirectory, type OpenJournal, openIn, remove, SARI, storedStatement } from './rig.ts';

let directory: string;
beforeEach(() => {
  directory = newDirectory();
});
afterEach(() => remove(directory));

/** One statement of some size stored. */
const store = (open: OpenJournal, jti: string) =>
  open.journal.transact('feed', SARI, (tx) => {
    tx.append('statement-stored', jti, storedStatement(jti, 'approval', { text: jti.repeat(500) }));
    tx.append('feed-read', 'feed', { cursor: jti });
  });

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code;
    throw error;
  }
  return 'none';
}

describe.each([
  [
    'has no room',
    (open: OpenJournal) => open.db.exec(`PRAGMA max_page_count = ${pages(open)}`),
    (open: OpenJournal) => open.db.exec('PRAGMA max_page_count = 1000000'),
  ],
  [
    'takes no writes',
    (open: OpenJournal) => open.db.exec('PRAGMA query_only = ON'),
    (open: OpenJournal) => open.db.exec('PRAGMA query_only = OFF'),
  ],
])('while the disk %s', (_what, breaks, mends) => {
  let open: OpenJournal;
  beforeEach(() => {
    open = openIn(directory);
    liveThroughADay(open.journal);
  });
  afterEach(() => open.close());

  it('nothing is acknowledged that is not there, nothing is there by halves, and what was there stays', () => {
    breaks(open);
    const acknowledged: string[] = [];
    let code = 'none';
    for (let n = 0; n < 1000 && code === 'none'; n += 1) {
      code = refusalOf(() => store(open, `jti-${n}`));
      if (code === 'none') acknowledged.push(`jti-${n}`);
    }
    expect(code).toBe('PST-304');
    expect(open.journal.failure).toMatchObject({ code: 'PST-304' });
    // It stays so, and reading goes on.
    expect(refusalOf(() => store(open, 'again'))).toBe('PST-304');
    expect(acknowledged.filter((jti) => open.journal.statementByJti(jti) === undefined)).toEqual([]);
    expect(open.journal.station().cursor).toBe(acknowledged.at(-1) ?? 'cursor-1');
    expect(open.journal.rebuildCheck()).toEqual([]);
    expect(open.journal.job('job-1')?.state).toBe('printed');

    mends(open);
    expect(refusalOf(() => store(open, 'later'))).toBe('none');
    expect(open.journal.failure).toBeNull();
    const seqs = [...open.journal.entries(0)].map(({ seq }) => seq);
    expect(seqs).toEqual(seqs.map((_, at) => at + 1));
    expect(open.journal.rebuildCheck()).toEqual([]);

    open.close();
    open = openIn(directory);
    for (const jti of [...acknowledged, 'later']) expect(open.journal.statementByJti(jti)).toBeDefined();
    expect(open.journal.statementByJti('again')).toBeUndefined();
    expect(open.journal.rebuildCheck()).toEqual([]);
  });
});

const pages = ({ db }: OpenJournal): number => Number(Object.values(db.get('PRAGMA page_count') ?? {})[0]) + 3;

const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url));

describe('a file that the operating system lets grow no further', () => {
  it('is a refusal to the service, and everything acknowledged is there afterwards', () => {
    // In blocks of 512 bytes: enough to open, not enough for all that is to be written.
    const limited = `ulimit -f 1200; exec "$0" "$@"`;
    const { stdout, stderr } = spawnSync('sh', ['-c', limited, process.execPath, WRITER, directory, 'until-refused'], {
      encoding: 'utf8',
    });
    const lines = stdout.trim().split('\n');
    expect(lines.at(-1), stderr).toBe('PST-304 PST-304');
    const acknowledged = lines.slice(0, -1);
    expect(acknowledged.length).toBeGreaterThan(3);
    const open = openIn(directory);
    for (const jti of acknowledged) expect(open.journal.statementByJti(jti)).toBeDefined();
    expect(open.journal.station().cursor).toBe(acknowledged.at(-1));
    expect(open.journal.rebuildCheck()).toEqual([]);
    expect(refusalOf(() => store(open, 'later'))).toBe('none');
    open.close();
  });
});
