import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { run, start } from './process.ts';
import { RECORDS, recordFiles } from './records.ts';
import { stationFolder } from './station-folder.ts';
import { typed } from './terminal.ts';

const SIMULATED = 'simulated: true\n';
const socketOf = (file: string): string => join(dirname(file), 'data/control.sock');

test('commands act on the running service; SIGTERM drains it', async () => {
  const file = stationFolder(SIMULATED);
  const [first = '', second = ''] = recordFiles(file);
  const service = await start(['serve', '-c', file]);
  const socket = statSync(socketOf(file));
  expect([socket.isSocket(), socket.mode & 0o777]).toEqual([true, 0o600]);

  const added = await run(['user', 'add', 'sari', '--role', 'operator', '--pin-stdin', '-c', file], '271829\r\n');
  expect(added).toEqual({ code: 0, out: 'sari  operator', err: '' });
  const session = await fetch(`${service.ready.address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: 'sari', pin: '271829' }),
  });
  const { token } = (await session.json()) as { token: string };

  const submitted = await run(['submit', first, second, '--family', 'F-1', '-c', file, '--json']);
  expect(submitted.code).toBe(0);
  const jobs = submitted.out.split('\n').map((line) => JSON.parse(line));
  expect(jobs).toMatchObject([
    { file: first, state: 'awaiting-approval', again: false },
    { file: second, state: 'awaiting-approval', again: false },
  ]);
  const asked = await fetch(`${service.ready.address}/api/v1/jobs/${jobs[0].job}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const job = (await asked.json()) as { recordSha256: string; family: string; history: { actor: string }[] };
  // Byte for byte: what the centre will sign is the digest of the file as it lies there.
  expect(job.recordSha256).toBe(await sha256(RECORDS[0] as Uint8Array));
  expect(job.family).toBe('F-1');
  expect(job.history[0]?.actor).toMatch(/^local:.+/);

  const disabled = await typed(['user', 'disable', 'sari', '-c', file, '--json']);
  expect(JSON.parse(disabled.out)).toEqual({ name: 'sari', roles: ['operator'], disabled: true });
  expect((await typed(['user', 'list', '-c', file])).out).toBe('sari  operator  (disabled)');

  expect(await run(['serve', '-c', file])).toMatchObject({ code: 1, err: expect.stringMatching(/^PST-301 /) });
  expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect(statSync(socketOf(file), { throwIfNoEntry: false })).toBeUndefined();
  // The journal is free again, and holds it all.
  expect((await typed(['submit', first, '-c', file])).out).toContain('(was here already)');
  expect((await typed(['journal', 'rebuild-check', '-c', file])).code).toBe(0);
});

const sha256 = async (bytes: Uint8Array): Promise<string> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(bytes))).toString('hex');

test('kill -9 leaves a stale socket: the next command and the next service work', async () => {
  const file = stationFolder(SIMULATED);
  const [first = ''] = recordFiles(file);
  const killed = await start(['serve', '-c', file]);
  expect((await typed(['submit', first, '-c', file])).code).toBe(0);
  expect(await killed.end('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
  expect(statSync(socketOf(file)).isSocket()).toBe(true);
  const again = await run(['submit', first, '-c', file]);
  expect(again).toMatchObject({ code: 0, err: '', out: expect.stringContaining('(was here already)') });
  const next = await start(['serve', '-c', file]);
  expect((await typed(['user', 'list', '-c', file])).code).toBe(0);
  expect((await next.end('SIGTERM')).code).toBe(0);
});

test('a process that holds the journal without answering is not worked around', async () => {
  const file = stationFolder(SIMULATED);
  mkdirSync(join(dirname(file), 'data'));
  const lock = new DatabaseSync(join(dirname(file), 'data/service.lock'));
  lock.exec('BEGIN EXCLUSIVE');
  const { code, out, err } = await run(['user', 'list', '-c', file]);
  lock.close();
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(/^PST-301 /);
  expect((await typed(['user', 'list', '-c', file])).code).toBe(0);
});

test('serve: a port that is taken, roots that cannot be read, a path too long for a socket', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address() as AddressInfo;
  const taken = stationFolder();
  writeFileSync(taken, readFileSync(taken, 'utf8').replace('port: 0', `port: ${port}`));
  const roots = stationFolder();
  writeFileSync(join(dirname(roots), 'roots.json'), '{}');
  const long = stationFolder();
  writeFileSync(long, readFileSync(long, 'utf8').replace('./data', `./${'d'.repeat(100)}`));
  const said = await Promise.all([taken, roots, long].map((file) => run(['serve', '-c', file])));
  holder.close();
  expect(said.map(({ code, out }) => ({ code, out }))).toEqual(said.map(() => ({ code: 1, out: '' })));
  expect(said[0]?.err).toMatch(new RegExp(`^PST-708 .*127.0.0.1:${port}: EADDRINUSE`));
  expect(said[1]?.err).toMatch(/^PST-707 .*roots\.json/);
  expect(said[2]?.err).toMatch(/^PST-711 .*control\.sock has more than \d+ bytes/);
  // Without a socket's limit in the way, commands still work on such a journal.
  expect(await typed(['user', 'list', '-c', long])).toEqual({ code: 0, out: '', err: '' });
});

test('what stands in the place of the socket is never removed', async () => {
  const file = stationFolder();
  mkdirSync(join(dirname(file), 'data'));
  writeFileSync(socketOf(file), 'a file of somebody');
  const { code, err } = await run(['serve', '-c', file]);
  expect(code).toBe(1);
  expect(err).toMatch(/^PST-711 .*is no socket/);
  expect(readFileSync(socketOf(file), 'utf8')).toBe('a file of somebody');
});
