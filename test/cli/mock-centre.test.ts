import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test, vi } from 'vitest';
import { run, type Started, start } from './process.ts';
import { APPLICANTS, recordFiles } from './records.ts';
import { stationFolder } from './station-folder.ts';
import { typed } from './terminal.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'centre-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

const knock = (url: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });

/** Tells the centre one thing by its standard input. */
const tell = async (centre: Started, order: object) => {
  centre.child.stdin?.write(`${JSON.stringify(order)}\n`);
  return centre.next();
};

test('mock centre: says where it is and what to pin, is steered by lines, keeps its identity', async () => {
  const at = folder();
  const options = ['--seed-dir', join(at, 'kept'), '--roots', join(at, 'roots.json')];
  const centre = await start(['mock', 'centre', ...options]);
  const { url, roots } = centre.ready;
  expect(centre.ready).toMatchObject({ ready: true, control: 'stdio', roots: { threshold: 2 } });
  expect(JSON.parse(readFileSync(join(at, 'roots.json'), 'utf8'))).toEqual(roots);
  expect(await (await fetch(`${url}/v2/health`)).json()).toEqual({ status: 'ok' });

  expect(await tell(centre, { do: 'state', id: 7 })).toMatchObject({ id: 7, ok: true, result: { bundle: 1 } });
  expect(await tell(centre, { do: 'dance' })).toMatchObject({ ok: false, error: expect.stringContaining('dance') });
  centre.child.stdin?.write('no JSON\n');
  expect(await centre.next()).toMatchObject({ ok: false });
  expect(await tell(centre, { do: 'fault', fault: { kind: 'down', how: 'refuse' } })).toMatchObject({ ok: true });
  await expect(knock(String(url))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(await tell(centre, { do: 'heal' })).toMatchObject({ ok: true, result: { faults: [] } });
  expect((await fetch(`${url}/v2/health`)).status).toBe(200);

  const taken = await run(['mock', 'centre', '--port', new URL(String(url)).port]);
  expect(taken).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^PST-709 .*EADDRINUSE/) });
  expect(await centre.end('SIGTERM')).toEqual({ code: 0, signal: null });

  // Standard input has ended already: the centre says that it was ready, and ends.
  const again = await run(['mock', 'centre', ...options]);
  expect(again).toMatchObject({ code: 0, err: '' });
  expect(JSON.parse(again.out).roots).toEqual(roots);
});

test('mock centre: a control socket for its owner only; a decision that is still to come keeps nobody waiting', async () => {
  const path = join(folder(), 'centre.sock');
  const centre = await start(['mock', 'centre', '--policy', 'automatic', '--control', path]);
  expect(centre.ready.control).toEqual({ socket: path });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const client = connect(path);
  const lines = createInterface({ input: client })[Symbol.asyncIterator]();
  const record = { sha256: 'a'.repeat(64), bytes: 1 };
  const orders = [
    { do: 'policy', change: { delaySeconds: [3600, 3600] } },
    { do: 'request', application: 'A-1', record, station: 's' },
  ];
  for (const order of orders) client.write(`${JSON.stringify(order)}\n`);
  expect(JSON.parse(String((await lines.next()).value))).toMatchObject({ ok: true, result: { mode: 'automatic' } });
  expect(JSON.parse(String((await lines.next()).value))).toEqual({ ok: true, result: { state: 'requested' } });
  expect(await centre.end('SIGTERM')).toEqual({ code: 0, signal: null });
  expect((await lines.next()).done).toBe(true);
  expect(existsSync(path)).toBe(false);
});

test('a service and a centre, each in its own process: what is submitted is reported, approved and told', async () => {
  const file = stationFolder('simulated: true\n');
  const centre = await start(['mock', 'centre', '--roots', join(dirname(file), 'roots.json')]);
  writeFileSync(file, readFileSync(file, 'utf8').replace('http://127.0.0.1:9090', String(centre.ready.url)));
  const identity = JSON.parse((await typed(['identity', '-c', file, '--json'])).out);
  expect(await tell(centre, { do: 'enrol', identity })).toMatchObject({ result: { enrolled: 'kng-01' } });
  await start(['serve', '-c', file]);
  expect((await typed(['submit', ...recordFiles(file), '-c', file])).code).toBe(0);
  await vi.waitFor(
    async () =>
      expect(await tell(centre, { do: 'state' })).toMatchObject({ result: { applications: { requested: 3 } } }),
    { timeout: 10_000, interval: 100 },
  );
  expect(await tell(centre, { do: 'approve-all' })).toMatchObject({ ok: true });
  const status = ['status', APPLICANTS[0]?.application ?? '', '-c', file, '--json'];
  await vi.waitFor(async () => expect(JSON.parse((await typed(status)).out)).toMatchObject({ stage: 'production' }), {
    timeout: 10_000,
    interval: 100,
  });
  // All of it was accepted: nothing is left to be carried away.
  await vi.waitFor(
    async () => expect(await typed(['statements', 'export', '-', '-c', file])).toEqual({ code: 0, out: '', err: '' }),
    { timeout: 10_000, interval: 100 },
  );
});
