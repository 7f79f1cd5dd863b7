import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/domain/errors.ts';
import { MIGRATIONS } from '../../src/journal/migrations.ts';
import { besideTheService, liveThroughADay, newDirectory, openIn, remove, SARI } from './rig.ts';

let directory: string;
beforeEach(() => {
  directory = newDirectory();
});
afterEach(() => remove(directory));

function refusalOf(act: () => { close(): void }): string {
  try {
    act().close();
  } catch (error) {
    if (error instanceof Refusal) return error.problem.code;
    throw error;
  }
  return 'none';
}

const OPENER = fileURLToPath(new URL('./opener.ts', import.meta.url));
const openElsewhere = (): string =>
  spawnSync(process.execPath, [OPENER, directory], { encoding: 'utf8' }).stdout.trim();

describe('an open journal', () => {
  it('rests on settings that were read back from its own connection', () => {
    const open = openIn(directory);
    const setting = (pragma: string) => Object.values(open.db.get(`PRAGMA ${pragma}`) ?? {})[0];
    expect(['journal_mode', 'synchronous', 'foreign_keys', 'secure_delete', 'mmap_size'].map(setting)).toEqual([
      'wal',
      2,
      1,
      1,
      0,
    ]);
    open.close();
  });

  it('can be read by its owner only, also where the folder was open to others', () => {
    const data = join(directory, 'data');
    mkdirSync(data, { mode: 0o755 });
    openIn(data).close();
    expect(statSync(data).mode & 0o777).toBe(0o700);
  });

  it('refuses a second service, of this process or another, until it is closed', () => {
    const open = openIn(directory);
    expect(refusalOf(() => openIn(directory))).toBe('PST-301');
    expect(openElsewhere()).toBe('PST-301');
    // The refused ones have taken nothing away.
    open.journal.transact('start', SARI, (tx) => tx.append('station-started', 'kng-01', { version: '1' }));
    open.close();
    expect(openElsewhere()).toBe('opened');
    expect(refusalOf(() => openIn(directory))).toBe('none');
  });
});

describe('a journal of another program', () => {
  it('that is newer is refused, unchanged, and the folder is free again', () => {
    const first = openIn(directory);
    liveThroughADay(first.journal);
    first.close();
    const newer = MIGRATIONS.length + 1;
    besideTheService(directory, (file) => file.exec(`PRAGMA user_version = ${newer}`));
    expect(refusalOf(() => openIn(directory))).toBe('PST-302');
    expect(refusalOf(() => openIn(directory))).toBe('PST-302');
    const version = besideTheService(directory, (file) => file.prepare('PRAGMA user_version').get());
    expect(version).toEqual({ user_version: newer });
    besideTheService(directory, (file) => file.exec(`PRAGMA user_version = ${MIGRATIONS.length}`));
    const again = openIn(directory);
    expect(again.journal.rebuildCheck()).toEqual([]);
    again.close();
  });

  it.each([
    ['a folder', (path: string) => mkdirSync(path)],
    ['a file of something else', (path: string) => writeFileSync(path, 'dear diary, '.repeat(1000))],
    ['a journal that was cut off', (path: string) => writeFileSync(path, wholeJournal().subarray(0, 5000))],
  ])('%s in its place is refused, and the folder is free again', (_what, put) => {
    const path = join(directory, 'journal.db');
    put(path);
    expect(refusalOf(() => openIn(directory))).toBe('PST-303');
    remove(path);
    expect(refusalOf(() => openIn(directory))).toBe('none');
  });
});

describe('a folder', () => {
  it('in which nothing can be made is refused', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    expect(refusalOf(() => openIn(join(file, 'data')))).toBe('PST-303');
  });

  it('with something else in the place of the lock is refused, not taken for busy', () => {
    mkdirSync(join(directory, 'service.lock'));
    expect(refusalOf(() => openIn(directory))).toBe('PST-303');
  });
});

function wholeJournal(): Buffer {
  const elsewhere = newDirectory();
  openIn(elsewhere).close();
  const bytes = readFileSync(join(elsewhere, 'journal.db'));
  remove(elsewhere);
  return bytes;
}
