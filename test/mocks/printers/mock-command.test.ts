import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { PassThrough } from 'node:stream';
import { PNG } from 'pngjs';
import { afterEach, describe, expect, it } from 'vitest';
import { type MockPrinterOptions, runMockPrinter } from '../../../mocks/index.ts';
import { inkAt } from '../../../src/domain/bitmap.ts';
import { job, speckled } from './tally-host.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Lines as they come, parsed. */
function linesOf(stream: NodeJS.ReadableStream) {
  const waiting: ((line: Record<string, unknown>) => void)[] = [];
  const come: Record<string, unknown>[] = [];
  let rest = '';
  stream.on('data', (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const value = JSON.parse(line);
      const next = waiting.shift();
      if (next) next(value);
      else come.push(value);
    }
  });
  return () =>
    new Promise<Record<string, unknown>>((resolve) => {
      const value = come.shift();
      if (value) resolve(value);
      else waiting.push(resolve);
    });
}

async function running(more: Partial<MockPrinterOptions> = {}) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const next = linesOf(output);
  const mock = await runMockPrinter({
    ...{ protocol: 'tally-csi', mount: 'tcp', seed: 1, pace: 'quick', control: 'stdio', input, output },
    ...more,
  });
  closing.push(() => mock.close());
  const ready = await next();
  const ask = async (act: unknown) => {
    input.write(`${JSON.stringify(act)}\n`);
    return next();
  };
  return { mock, ready, ask, input };
}

/** Waits for a state that the simulator reaches in its own time. */
async function reaches(ask: (act: unknown) => Promise<Record<string, unknown>>, wanted: Record<string, unknown>) {
  for (let tries = 0; tries < 1000; tries++) {
    const { state } = await ask({ do: 'state' });
    if (Object.entries(wanted).every(([key, value]) => (state as Record<string, unknown>)[key] === value)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`never reached ${JSON.stringify(wanted)}`);
}

describe('mock printer', () => {
  it('says where it is, prints for whoever connects, and shows the page', async () => {
    const { ready, ask } = await running();
    expect(ready).toMatchObject({ ready: true, protocol: 'tally-csi', mount: 'tcp' });
    await reaches(ask, { status: 'online' });
    expect(await ask({ do: 'insert-booklet', number: 'X0000001', id: 4 })).toEqual({ id: 4, ok: true });
    const [host, port] = String(ready.address).split(':');
    const socket = connect(Number(port), host);
    closing.push(() => socket.destroy());
    const page = speckled();
    socket.write(job(page, 9));
    await reaches(ask, { place: 'out' });
    const { png } = await ask({ do: 'picture' });
    const picture = PNG.sync.read(Buffer.from(String(png), 'base64'));
    expect([picture.width, picture.height]).toEqual([886, 624]);
    for (let y = 0; y < 624; y++)
      for (let x = 0; x < 886; x += 5) expect(picture.data[(y * 886 + x) * 4] === 0).toBe(inkAt(page, x, y));
    expect(await ask({ do: 'violations' })).toEqual({ ok: true, violations: [] });
    expect(await ask({ do: 'remove-booklet' })).toEqual({ ok: true, number: 'X0000001', blank: false });
    const log = await ask({ do: 'ink-log', number: 'X0000001' });
    expect((log.entries as unknown[]).length).toBeGreaterThan(26);
  });

  it('lets every hand do its work and says what it cannot do', async () => {
    const { ask } = await running();
    await reaches(ask, { status: 'online' });
    for (const [act, status] of [
      ['press-stop', 'stop'],
      ['press-start', 'online'],
      ['open-cover', 'stop'],
      ['close-cover', 'online'],
      ['power-off', 'off'],
      ['power-on', 'booting'],
    ]) {
      expect(await ask({ do: act })).toEqual({ ok: true });
      expect((await ask({ do: 'state' })).state).toMatchObject({ status });
    }
    await reaches(ask, { status: 'online' });
    expect(await ask({ do: 'fault', fault: { kind: 'error', trigger: { at: 'time', ms: 0 } } })).toEqual({ ok: true });
    expect((await ask({ do: 'faults' })).fired).toMatchObject([{ fault: { kind: 'error' } }]);
    expect((await ask({ do: 'state' })).state).toMatchObject({ status: 'error', error: 'hardware' });
    expect(await ask({ do: 'clear-error' })).toEqual({ ok: true });
    expect(await ask({ do: 'clear-error' })).toEqual({ ok: false, error: 'there is no error' });
    expect(await ask({ do: 'remove-booklet' })).toEqual({ ok: false, error: 'no booklet is there' });
    expect(await ask({ do: 'unplug' })).toEqual({ ok: true });
    expect((await ask({ do: 'state' })).state).toMatchObject({ plugged: false });
    expect(await ask({ do: 'replug' })).toEqual({ ok: true });
  });

  it.each([
    [{ do: 'dance' }, /"do" is one of insert-booklet/],
    [{ do: 'insert-booklet', number: 'x' }, /number/],
    [{ do: 'insert-booklet', number: 'X1', colour: 'red' }, /colour/],
    [{ do: 'fault', fault: { kind: 'sulk', trigger: { at: 'time', ms: 0 } } }, /kind/],
    [{ do: 'picture' }, /no such booklet/],
  ])('refuses %o in one line', async (act, error) => {
    const { ask, input } = await running();
    expect(await ask(act)).toEqual({ ok: false, error: expect.stringMatching(error) });
    input.write('not json\n');
    expect((await ask({ do: 'state' })).ok).toBe(false);
  });

  it('is controlled over a socket that only its owner may open; a pty keeps its link', async () => {
    const directory = mkdtempSync(joinPath(tmpdir(), 'mock-printer-'));
    closing.push(() => rmSync(directory, { recursive: true }));
    const [path, link, file] = ['control', 'port', 'page.png'].map((name) => joinPath(directory, name)) as [
      string,
      string,
      string,
    ];
    const { ready } = await running({ control: { socket: path }, mount: 'pty', link });
    expect(ready).toMatchObject({ address: link, control: { socket: path } });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const client = connect(path);
    closing.push(() => client.destroy());
    const next = linesOf(client);
    client.write('{"do":"insert-booklet","number":"X0000002"}\n{"do":"picture","file":');
    client.write(`${JSON.stringify(file)}}\n`);
    expect([await next(), await next()]).toEqual([{ ok: true }, { ok: true, file }]);
    expect(PNG.sync.read(readFileSync(file)).width).toBe(886);
  });
});
