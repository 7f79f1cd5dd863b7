import { execFile, spawn } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/command-table.ts';
import { stationFolder } from './station-folder.ts';
import { typed } from './terminal.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

test('the real process: version, exit codes, output on the right stream', async () => {
  const run = promisify(execFile);
  expect(await run(process.execPath, [MAIN, '--version'])).toEqual({ stdout: `${version}\n`, stderr: '' });
  await expect(run(process.execPath, [MAIN, 'prnt'])).rejects.toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^PST-703 .*there is no command "prnt"/),
  });
  await expect(run(process.execPath, [MAIN, 'config', 'check', '-c', '/no/such/file'])).rejects.toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^PST-702 .*\/no\/such\/file: ENOENT/),
  });
});

test('help lists every command; a command tells its own usage', async () => {
  for (const words of [['help'], ['--help'], ['-h']]) {
    const { code, out } = await typed(words);
    expect(code).toBe(0);
    for (const { usage, summary } of COMMANDS) expect(out).toContain(`  ${usage}\n      ${summary}`);
  }
  for (const words of [
    ['config', 'check', '--help'],
    ['help', 'config', 'check'],
    ['config', 'check', '-c', 'x', '-h'],
  ]) {
    expect((await typed(words)).out).toMatch(/^passport-station config check -c FILE/);
  }
});

test.each([
  [[], 'a command is missing'],
  [['prnt'], 'there is no command "prnt"'],
  [['config'], 'after "config" comes "check"'],
  [['config', 'check'], '-c FILE is missing'],
  [['config', 'check', '-c'], "Option '-c, --config <value>' argument missing"],
  [['config', 'check', '-c', 'a', '-c', 'b'], '--config is given twice'],
  [['config', 'check', '-c', 'a', 'b'], '"b" is not expected here'],
  [['identity', '--keep', '-c', 'a'], "Unknown option '--keep'"],
])('wrong usage %j ends with 2 and the reason', async (words, reason) => {
  const { code, out, err } = await typed(words);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.split('\n')[0]).toBe(`PST-703 The command was not understood: ${reason}`);
  expect(err).toContain('Exit codes:');
  const json = await typed([...words.slice(0, -1), '--json', ...words.slice(-1)]);
  expect(json.code).toBe(2);
  expect(JSON.parse(json.err)).toMatchObject({ code: 'PST-703' });
});

test('config check: a good file', async () => {
  const file = stationFolder('readers: [{ id: mrz, driver: mrz-rte, connection: { serial: /dev/ttyACM0 } }]\n');
  expect(await typed(['config', 'check', '-c', file])).toEqual({
    code: 0,
    out: `${file}: station kng-01 of office KNG: 0 printers, 1 readers, centre v2 at http://127.0.0.1:9090\n  notice: readers[0].driver: mrz-rte is known but not built yet: this reader stays unused`,
    err: '',
  });
  const { code, out } = await typed(['config', 'check', '--json', '--config', file]);
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ ok: true, file, errors: [], notices: [{ path: 'readers[0].driver' }] });
});

test('config check: every fault, for people and for programs', async () => {
  const file = stationFolder('release: always\nstock: { gate: 1 }\n');
  const { code, out, err } = await typed(['config', 'check', '-c', file]);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err.split('\n')).toEqual([
    `PST-701 The configuration is not acceptable: ${file}: 2 faults`,
    '  release: "always" is not allowed: one of supervisor, automatic (line 6:10)',
    '  stock.gate: 1 is not allowed: true or false (line 7:16)',
    'Correct the file at the places named, then run `config check` again.',
  ]);
  const json = await typed(['config', 'check', '-c', file, '--json']);
  expect(JSON.parse(json.out)).toMatchObject({
    ok: false,
    errors: [
      { path: 'release', line: 6, column: 10, message: '"always" is not allowed: one of supervisor, automatic' },
      { path: 'stock.gate', line: 7, column: 16 },
    ],
  });
  expect(JSON.parse(json.err)).toMatchObject({ code: 'PST-701', title: 'The configuration is not acceptable' });
  const indonesian = await typed(['config', 'check', '-c', file], { language: 'id' });
  expect(indonesian.err).toContain('PST-701 Konfigurasi tidak dapat diterima');
});

test('config check: pinned roots that are missing or not roots', async () => {
  const file = stationFolder();
  writeFileSync(join(dirname(file), 'roots.json'), '{"threshold":2,"roots":[]}');
  const { code, err } = await typed(['config', 'check', '-c', file]);
  expect(code).toBe(1);
  expect(err).toContain(`  trust.roots: ${join(dirname(file), 'roots.json')}: `);
});

test('identity: made once, kept, readable by its owner only', async () => {
  const file = stationFolder();
  const first = await typed(['identity', '-c', file, '--json']);
  expect(first.code).toBe(0);
  const identity = JSON.parse(first.out);
  expect(identity).toEqual({
    station: 'kng-01',
    office: 'KNG',
    kid: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
    jwk: { kty: 'OKP', crv: 'Ed25519', x: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) },
  });
  expect(JSON.parse((await typed(['identity', '-c', file, '--json'])).out)).toEqual(identity);
  expect((await typed(['identity', '-c', file])).out).toContain(`key      ${identity.kid}`);
  const data = join(dirname(file), 'data');
  const mode = (path: string): number => statSync(path).mode & 0o777;
  expect([mode(data), mode(join(data, 'keys')), mode(join(data, 'keys/station.pem'))]).toEqual([0o700, 0o700, 0o600]);
  expect((await typed(['identity', '-c', stationFolder(), '--json'])).out).not.toContain(identity.kid);
});

test('identity: a damaged key is refused, never replaced', async () => {
  const file = stationFolder();
  await typed(['identity', '-c', file]);
  const pem = join(dirname(file), 'data/keys/station.pem');
  writeFileSync(pem, 'damaged');
  const { code, err } = await typed(['identity', '-c', file]);
  expect(code).toBe(1);
  expect(err).toMatch(/^PST-705 .*is not a private key in PEM/);
  expect(readFileSync(pem, 'utf8')).toBe('damaged');
});

test('mock printer: says where it is, takes control lines, ends on SIGTERM', async () => {
  const child = spawn(process.execPath, [MAIN, 'mock', 'printer', '--tcp', '0', '--pace', 'quick'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => child.on('exit', (code, signal) => resolve({ code, signal })));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse(String((await lines.next()).value));
  expect(await answer()).toMatchObject({ ready: true, protocol: 'tally-csi', mount: 'tcp' });
  child.stdin.write('{"do":"insert-booklet","number":"X0000001","id":1}\n{"do":"remove-booklet"}\n');
  expect(await answer()).toEqual({ id: 1, ok: true });
  expect(await answer()).toMatchObject({ ok: true, number: 'X0000001', blank: true });
  child.kill('SIGTERM');
  expect(await ended).toEqual({ code: 0, signal: null });
});

test('mock printer: a port that is taken is refused', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
  const { port } = holder.address() as AddressInfo;
  const { code, err } = await typed(['mock', 'printer', '--tcp', String(port)]);
  holder.close();
  expect(code).toBe(1);
  expect(err).toMatch(/^PST-709 .*EADDRINUSE/);
});
