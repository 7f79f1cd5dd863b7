import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, it } from 'vitest';
import {
  AUTOMATIC,
  CentreProtocol,
  fictitiousApplicants,
  readMrz,
  recordBytes,
  SimulatedCentre,
  serveCentre,
} from '../../mocks/index.ts';
import type { Binding, Job, Printer } from '../../src/api/shapes.ts';
import { addInk, type Bitmap, blankBitmap } from '../../src/domain/bitmap.ts';
import { composeTd3 } from '../../src/domain/mrz/td3.ts';
import { parseRecord } from '../../src/domain/record.ts';
import { realClock, realRandomness, realTimers } from '../../src/station/world.ts';
import { agreement, readWithTesseract } from '../mrz-ocr.ts';
import { type Running, run, start, steer } from './commands.ts';

/**
 * The real thing without the paper: `serve` with a configuration that is not simulated, real `serialport` on a real
 * pseudo terminal, the printer a separate process. What is judged is the ink.
 */

const APPLICANTS = 20;
const PIN = '271828';
const directory = mkdtempSync(join(tmpdir(), 'station-pty-'));
const running: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const stop of running.reverse()) await stop().catch(() => undefined);
  rmSync(directory, { recursive: true, force: true });
});

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** The PNG of the printed page, as a bitmap again. */
function bitmapOf(png: Buffer): Bitmap {
  const { width, height, data } = PNG.sync.read(png);
  const bitmap = blankBitmap(width, height, 180);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) if ((data[(y * width + x) * 4] ?? 255) < 128) addInk(bitmap, x, y);
  return bitmap;
}

/** Fictitious people with passports of a State that a station in service may print. */
const applicants = fictitiousApplicants(20, APPLICANTS).map((one) => ({
  ...one,
  document: { ...one.document, issuingState: 'IDN' },
  holder: { ...one.holder, nationality: one.holder.nationality === 'UTO' ? 'IDN' : one.holder.nationality },
}));

interface Office {
  readonly address: string;
  readonly printer: Awaited<ReturnType<typeof steer>>;
  readonly service: Running;
}

async function openOffice(): Promise<Office> {
  const centre = new SimulatedCentre({
    seed: new Uint8Array(32).fill(3),
    roots: 2,
    threshold: 2,
    world: { clock: realClock(), timers: realTimers, random: realRandomness },
    policy: { ...AUTOMATIC, delaySeconds: [0, 0] },
  });
  const server = await serveCentre(new CentreProtocol(centre));
  running.push(() => server.close());
  const link = join(directory, 'tty-printer');
  const control = join(directory, 'printer.sock');
  const mock = await start(['mock', 'printer', '--pty', '--link', link, '--pace', 'quick', '--control', control]);
  running.push(() => mock.stop());
  const printer = await steer(control);
  writeFileSync(join(directory, 'roots.json'), JSON.stringify(centre.issuer.rootsFile()));
  const config = join(directory, 'station.yaml');
  writeFileSync(
    config,
    `station: { id: pty-01, office: PTY, timezone: Asia/Jakarta, language: id }
listen: { host: 127.0.0.1, port: 0 }
data: ./data
central: { protocol: v2, url: "${server.url}", waitSeconds: 5 }
trust: { roots: ./roots.json }
printers:
  - { id: counter-1, driver: tally-csi, connection: { serial: ${link}, baudRate: 19200, flowControl: rtscts } }
`,
  );
  centre.enrol(JSON.parse(await run(['identity', '-c', config, '--json'])));
  for (const [name, ...roles] of [
    ['sari', 'operator'],
    ['dewi', 'supervisor', 'quality'],
  ] as const)
    await run(
      ['user', 'add', name, ...roles.flatMap((role) => ['--role', role]), '--pin-stdin', '-c', config],
      `${PIN}\n`,
    );
  const service = await start(['serve', '-c', config, '--json']);
  running.push(() => service.stop());
  const records = applicants.map((applicant, index) => {
    const path = join(directory, `record-${index}.json`);
    writeFileSync(path, recordBytes(applicant));
    return path;
  });
  await run(['submit', ...records, '-c', config]);
  return { address: String(service.ready.address), printer, service };
}

describe('serve on a real pseudo terminal', () => {
  it(`prints ${APPLICANTS} applicants; the ink carries all 88 characters, and an OCR engine agrees`, {
    timeout: 240_000,
  }, async () => {
    const office = await openOffice();
    const ask = asker(office.address);
    const operator = await ask.signIn('sari');
    const supervisor = await ask.signIn('dewi');
    await ask(supervisor, 'POST', '/booklets', { receive: { from: 'P7700001', to: 'P7700030', delivery: 'E2E' } });

    const approved = await ask.until(
      operator,
      '/jobs?state=approved&limit=100',
      ({ items }: { items: Job[] }) => items.length === APPLICANTS,
    );
    const release = await ask<{ released: string[] }>(supervisor, 'POST', '/releases', {
      jobs: approved.items.map(({ id }) => id),
    });
    expect(release.released).toHaveLength(APPLICANTS);

    const pages: Bitmap[] = [];
    const intended: string[] = [];
    for (const [index, job] of approved.items.entries()) {
      const number = `P77000${String(index + 1).padStart(2, '0')}`;
      const binding = await ask<Binding>(operator, 'POST', '/printers/counter-1/bindings', {
        job: job.id,
        booklet: number,
      });
      expect(await office.printer.ask({ do: 'insert-booklet', number })).toMatchObject({ ok: true });
      await ask.until(operator, '/printers/counter-1', ({ state }: Printer) => state === 'ready');
      const { attempt } = await ask<{ attempt: string }>(operator, 'POST', '/printers/counter-1/print', {
        binding: binding.id,
      });
      await ask.until(operator, '/printers/counter-1', ({ state }: Printer) => state === 'readingBack');
      const picture = (await office.printer.ask({ do: 'picture', number })) as { png: string };
      const page = bitmapOf(Buffer.from(picture.png, 'base64'));
      const { lines } = readMrz(page);
      const applicant = applicants.find(({ application }) => application === job.application);
      expect(lines).toEqual(linesFor(applicant, number));
      expect(await ask(operator, 'POST', `/attempts/${attempt}/read-back`, { lines, source: 'reader' })).toEqual({
        match: true,
      });
      pages.push(page);
      intended.push(...lines);
      await office.printer.ask({ do: 'remove-booklet' });
      await ask.until(operator, '/printers/counter-1', ({ state }: Printer) => state === 'idle');
      await ask(supervisor, 'POST', `/jobs/${job.id}/quality`, { result: 'pass' });
    }

    const read = (await readWithTesseract(pages)).flat();
    const share = agreement(read, intended);
    process.stdout.write(
      `pty: ${APPLICANTS} pages, 88 of 88 read from the ink of each; tesseract agrees on ${(share * 100).toFixed(2)} %\n`,
    );
    expect(share).toBeGreaterThanOrEqual(0.98);
    expect(await office.printer.ask({ do: 'violations' })).toMatchObject({ violations: [] });

    expect(await office.service.stop()).toBe(0);
    expect(existsSync(join(directory, 'data/control.sock'))).toBe(false);
    // I10: names, numbers and lines of pages are in no log line.
    const log = office.service.errors();
    expect(log).toContain('"event":"entry"');
    for (const { holder } of applicants) expect(log).not.toContain(holder.primaryIdentifier);
    for (const line of intended) expect(log).not.toContain(line);
  });
});

function linesFor(applicant: (typeof applicants)[number] | undefined, number: string): readonly [string, string] {
  if (applicant === undefined) throw new Error('no such applicant');
  const parsed = parseRecord(recordBytes(applicant));
  if (!parsed.ok) throw new Error(parsed.failure.detail);
  const mrz = composeTd3(parsed.value.record, number, { emptyOptionalCheckDigit: '0' });
  if (!mrz.ok) throw new Error('no MRZ');
  return mrz.value.lines;
}

function asker(address: string) {
  const ask = async <Answer = unknown>(
    token: string,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer> => {
    const answer = await fetch(`${address}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? null : JSON.parse(text)) as Answer;
  };
  return Object.assign(ask, {
    async signIn(user: string): Promise<string> {
      return (await ask<{ token: string }>('', 'POST', '/session', { user, pin: PIN })).token;
    },
    async until<Answer>(token: string, path: string, good: (answer: Answer) => boolean): Promise<Answer> {
      const end = Date.now() + 60_000;
      for (;;) {
        const answer = await ask<Answer>(token, 'GET', path);
        if (good(answer)) return answer;
        if (Date.now() > end) throw new Error(`${path} stays ${JSON.stringify(answer).slice(0, 2000)}`);
        await pause(20);
      }
    },
  });
}
