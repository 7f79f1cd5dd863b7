import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newDirectory, openIn, remove } from './rig.ts';

const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url));
/** Milliseconds of writing before each kill. */
const LIVES = [0, 3, 7, 13, 21, 40];

let directory: string;
beforeEach(() => {
  directory = newDirectory();
});
afterEach(() => remove(directory));

/** What one life has acknowledged before it was killed without warning. */
async function lifeOf(milliseconds: number): Promise<string[]> {
  const writer = spawn(process.execPath, [WRITER, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  writer.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await once(writer.stdout, 'data');
  await after(milliseconds);
  writer.kill('SIGKILL');
  const [, signal] = await once(writer, 'close');
  expect(signal).toBe('SIGKILL');
  return said.trim().split('\n');
}

it('a service that is killed keeps all that it acknowledged, and at most the one transaction more that it was in', async () => {
  const acknowledged: string[] = [];
  for (const milliseconds of LIVES) {
    acknowledged.push(...(await lifeOf(milliseconds)));
    const { journal, db, close } = openIn(directory);
    const there = db.all<{ jti: string }>('SELECT jti FROM statements ORDER BY rowid').map(({ jti }) => jti);
    expect(there.slice(0, acknowledged.length)).toEqual(acknowledged);
    expect(there.length - acknowledged.length).toBeLessThanOrEqual(1);
    // All of a transaction or nothing: four entries, a record and a report each.
    const count = (table: string) => db.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)?.n;
    expect([count('entries'), count('records'), count('outbox')]).toEqual([
      there.length * 4,
      there.length,
      there.length,
    ]);
    expect(journal.station().cursor).toBe(there.at(-1));
    expect(journal.rebuildCheck()).toEqual([]);
    expect(db.get('PRAGMA quick_check')).toEqual({ quick_check: 'ok' });
    close();
    acknowledged.splice(0, acknowledged.length, ...there);
  }
  expect(acknowledged.length).toBeGreaterThan(LIVES.length);
});
