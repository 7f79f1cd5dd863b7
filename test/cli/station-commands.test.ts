import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { realTime, SimulatedCentre } from '../../mocks/index.ts';
import { realClock, realRandomness } from '../../src/station/world.ts';
import { run } from './process.ts';
import { APPLICANTS, recordFiles } from './records.ts';
import { stationFolder } from './station-folder.ts';
import { typed } from './terminal.ts';

const SIMULATED = 'simulated: true\n';

test('user add: what is no PIN is refused, and nobody is added', async () => {
  const file = stationFolder(SIMULATED);
  const add = ['user', 'add', 'sari', '--role', 'operator', '--pin-stdin', '-c', file];
  const weak = await run(add, '123456\n');
  expect({ code: weak.code, out: weak.out }).toEqual({ code: 1, out: '' });
  expect(weak.err).toMatch(/^PST-416 .*a run such as 123456/);
  expect(weak.err).not.toContain('sari');
  const closed = await run(add);
  expect(closed.code).toBe(2);
  expect(closed.err).toMatch(/^PST-703 .*standard input ended without a PIN/);
  expect(await typed(add, { input: Readable.from(['9'.repeat(100)]) })).toMatchObject({
    code: 2,
    err: expect.stringContaining('too long for a PIN'),
  });
  expect(await typed(['user', 'list', '-c', file, '--json'])).toMatchObject({ code: 0, out: '{"items":[]}' });
});

test('user: a name is taken once, and who is unknown cannot be disabled', async () => {
  const file = stationFolder(SIMULATED);
  const add = (name: string) =>
    typed(['user', 'add', name, '--role', 'quality', '--pin-stdin', '-c', file, '--json'], {
      input: Readable.from(['2718', '28\nnot the PIN']),
    });
  expect(JSON.parse((await add('budi')).out)).toEqual({ name: 'budi', roles: ['quality'], disabled: false });
  expect(JSON.parse((await add('budi')).err)).toMatchObject({ code: 'PST-415' });
  expect(JSON.parse((await add('b/d')).err)).toMatchObject({ code: 'PST-416' });
  expect((await typed(['user', 'disable', 'nobody', '-c', file])).err).toMatch(/^PST-420 .*: nobody/);
});

test('submit: each bad file is refused by itself, with the path and the reason; the others go on', async () => {
  const file = stationFolder(SIMULATED);
  const [good = '', bad = '', large = ''] = recordFiles(file);
  const missing = join(dirname(file), 'missing.json');
  writeFileSync(bad, readFileSync(bad, 'utf8').replace(/"dateOfBirth": ?"[^"]*"/, '"dateOfBirth":"1974-13-01"'));
  truncateSync(large, 2 * 1024 * 1024 + 1);
  const { code, out, err } = await run(['submit', bad, missing, large, good, '-c', file]);
  expect(code).toBe(1);
  expect(out).toMatch(
    new RegExp(`^${good}: application ${APPLICANTS[0]?.application}, job [0-9a-f-]{36}, awaiting-approval$`),
  );
  expect(err.split('\n').filter((line) => line.startsWith('PST-'))).toEqual([
    `PST-101 The record is not acceptable: ${bad}: 1 field is wrong`,
    `PST-712 A file cannot be read or written: ${missing}: ENOENT`,
    expect.stringMatching(`^PST-101 The record is not acceptable: ${large}: `),
  ]);
  expect(err).toMatch(/^ {2}holder\.dateOfBirth: /m);
  expect(err).not.toContain('1974');
  const json = await typed(['submit', bad, good, '-c', file, '--json']);
  expect(json.code).toBe(1);
  expect(json.out.split('\n').map((line) => JSON.parse(line))).toMatchObject([
    { file: bad, problem: { code: 'PST-101', errors: [{ path: 'holder.dateOfBirth' }] } },
    { file: good, state: 'awaiting-approval', again: true },
  ]);
});

test('submit: other data for the same application, a priority without a reason, a bar for whoever watches', async () => {
  const file = stationFolder(SIMULATED);
  const files = recordFiles(file);
  const bar: string[] = [];
  const watching = { watched: true, redraw: (line: string) => void bar.push(line) };
  expect((await typed(['submit', ...files, '-c', file], watching)).code).toBe(0);
  expect(bar.filter((line) => line !== '').map((line) => line.replace(/^\[[#.]{24}\] /, ''))).toEqual([
    '0/3',
    '1/3',
    '2/3',
  ]);
  expect(bar.at(-1)).toBe('');
  const [first = ''] = files;
  writeFileSync(first, `${readFileSync(first, 'utf8')}\n`);
  expect((await typed(['submit', first, '-c', file])).err).toMatch(/^PST-402 /);
  const urgent = await typed(['submit', files[1] ?? '', '-c', file, '--priority', 'urgent']);
  expect(urgent.err).toContain('  intake.priorityReason: ');
  const real = stationFolder();
  expect((await typed(['submit', first, '-c', real])).err).toMatch(/^PST-102 /);
});

test('status: the stage and the day, nothing of the person', async () => {
  const file = stationFolder(SIMULATED);
  await typed(['submit', recordFiles(file)[0] ?? '', '-c', file]);
  const application = APPLICANTS[0]?.application ?? '';
  const { code, out, err } = await run(['status', application, '-c', file, '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const expected = JSON.parse(out).expected;
  expect(expected).toMatch(/^\d{4}-\d\d-\d\d$/);
  const text = `${application}: menunggu persetujuan pusat, perkiraan selesai ${expected}`;
  expect(JSON.parse(out)).toEqual({ application, stage: 'approval', expected, text });
  expect((await typed(['status', application, '-c', file])).out).toBe(text);
  expect((await typed(['status', '999', '-c', file])).err).toMatch(/^PST-401 .*application 999/);
});

/** A station that has pinned the roots of a simulated centre, which knows its key. */
async function enrolled() {
  const file = stationFolder(SIMULATED);
  const world = { clock: realClock(), timers: realTime(), random: realRandomness };
  const centre = new SimulatedCentre({ seed: Buffer.alloc(32, 7), world });
  writeFileSync(join(dirname(file), 'roots.json'), JSON.stringify(centre.issuer.rootsFile()));
  centre.enrol(JSON.parse((await typed(['identity', '-c', file, '--json'])).out));
  return { file, centre, stick: join(dirname(file), 'stick.txt') };
}

test('statements: a stick goes to the centre and comes back', async () => {
  const { file, centre, stick } = await enrolled();
  await typed(['submit', ...recordFiles(file), '-c', file]);
  const exported = await run(['statements', 'export', stick, '-c', file, '--json']);
  expect(exported).toEqual({ code: 0, out: JSON.stringify({ file: stick, reports: 3 }), err: '' });
  expect(statSync(stick).mode & 0o777).toBe(0o600);
  // What was carried away once still waits: only the centre's own receipt takes it out.
  const again = await typed(['statements', 'export', '-', '-c', file]);
  expect(`${again.out}\n`).toBe(readFileSync(stick, 'utf8'));

  const receipt = centre.takeStick('kng-01', again.out.split('\n'));
  expect(centre.reports.list().map(({ kind, seq }) => `${seq} ${kind}`)).toEqual([
    '1 approval-requested',
    '2 approval-requested',
    '3 approval-requested',
  ]);
  const approved = centre.approve(APPLICANTS[0]?.application ?? '');
  const damaged = centre.approve(APPLICANTS[1]?.application ?? '').replace(/.{6}$/, 'AAAAAA');
  const bundle = JSON.stringify(centre.bundle(), null, 2);
  expect(await run(['statements', 'import', '-', '-c', file], bundle)).toEqual({
    code: 0,
    out: 'stored  trust',
    err: '',
  });

  writeFileSync(stick, `${approved}\r\n\r\nno statement\r\n${damaged}\r\n${receipt}\r\n`);
  const imported = await run(['statements', 'import', stick, '-c', file, '--json']);
  expect(imported.code).toBe(1);
  expect(JSON.parse(imported.out)).toMatchObject({
    results: [
      // Where nobody vouches for this machine's clock it waits until somebody does.
      { status: expect.stringMatching(/^(stored|kept)$/), kind: 'approval' },
      { status: 'refused', kind: null, reason: 'malformed' },
      { status: 'refused', kind: 'approval', reason: 'bad-signature' },
      { status: 'stored', kind: 'receipt' },
    ],
  });
  expect(JSON.parse(imported.err)).toMatchObject({
    code: 'PST-201',
    errors: [
      { path: 'statements[1]', message: 'malformed' },
      { path: 'statements[2]', message: 'bad-signature' },
    ],
  });
  expect(await typed(['statements', 'export', '-', '-c', file])).toEqual({ code: 0, out: '', err: '' });
});

test('statements import: a file that is not there, and one that is no text of statements', async () => {
  const file = stationFolder(SIMULATED);
  expect((await typed(['statements', 'import', '/no/such', '-c', file])).err).toMatch(/^PST-712 .*\/no\/such: ENOENT/);
  const binary = join(dirname(file), 'picture.bin');
  writeFileSync(binary, Buffer.alloc(300, 0xff));
  expect(await typed(['statements', 'import', binary, '-c', file])).toMatchObject({
    code: 1,
    out: 'refused  unreadable  malformed',
  });
  writeFileSync(binary, Buffer.alloc(16 * 1024 * 1024 + 1, 0x0a));
  expect((await typed(['statements', 'import', binary, '-c', file])).err).toMatch(/^PST-712 .*has more than/);
  expect((await typed(['statements', 'export', '/no/such', '-c', file])).err).toMatch(/^PST-712 .*\/no\/such: ENOENT/);
});

test('journal rebuild-check names a projection that was tampered with', async () => {
  const file = stationFolder(SIMULATED);
  await typed(['submit', recordFiles(file)[0] ?? '', '-c', file]);
  expect(await typed(['journal', 'rebuild-check', '-c', file, '--json'])).toMatchObject({
    code: 0,
    out: '{"differences":[]}',
  });
  const db = new DatabaseSync(join(dirname(file), 'data/journal.db'));
  db.exec("UPDATE jobs SET state = 'approved'");
  db.close();
  const { code, out, err } = await run(['journal', 'rebuild-check', '-c', file]);
  expect({ code, out }).toEqual({ code: 1, out: 'jobs: row 1 differs' });
  expect(err).toMatch(/^PST-713 .*1 differences/);
});
