/**
 * From pressing print to the first byte of the job on the wire: in between the approval is verified anew and the intent is
 * durable. The station is real, its journal on this machine's disk, the page made at the binding; the printer is at the other
 * end of a loopback port, in a process of its own. Beside each print, on a line of the same kind: one bare signature check,
 * one bare commit of 4 KiB, one bare write.
 */
import { createPublicKey, verify } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as after } from 'node:timers/promises';
import { applicantPictures, fictitiousApplicants, recordBytes, SimulatedCentre } from '../../mocks/index.ts';
import { createApi } from '../../src/api/server.ts';
import type { Actor } from '../../src/domain/people.ts';
import type { JobRow } from '../../src/journal/queries.ts';
import { receiveBooklets } from '../../src/station/acts/booklets.ts';
import { receiveJob } from '../../src/station/acts/jobs.ts';
import { addPerson } from '../../src/station/acts/people.ts';
import { release } from '../../src/station/acts/release.ts';
import { centralDesk } from '../../src/station/central-desk.ts';
import { type Decision, perform } from '../../src/station/core.ts';
import { realClock, realRandomness, realTimers } from '../../src/station/world.ts';
import { type Arrival, machineTime, openCounter } from './rig/counter.ts';
import { benchFolder, median, openBenchStation, percentile, QUICK, rounded } from './rig/station.ts';

/** By the runner's own call, and as many more over HTTP. */
const PRINTS = QUICK ? 40 : 200;
const WARM_UP = 10;
const COUNTER = 'counter-1';
const OPERATOR = { name: 'sari', pin: '271828', roles: ['operator'] } as const;
const operator: Actor = { kind: 'person', ...OPERATOR };
const supervisor: Actor = { kind: 'local', name: 'bench' };
const INTAKE = {
  priority: 'normal',
  priorityReason: null,
  family: null,
  travelDate: null,
  intakeAt: null,
  referredFrom: null,
} as const;

const folder = benchFolder('press');
const counter = await openCounter();
const centre = new SimulatedCentre({
  seed: new Uint8Array(32).fill(4),
  world: { clock: realClock(), timers: realTimers, random: realRandomness },
});
const station = openBenchStation(folder.path, centre, [`tcp: "127.0.0.1:${counter.printerPort}"`]);
const { core } = station;
const runner = station.printer(COUNTER);

function done<Value>(name: string, decide: Decision<Value>, who = supervisor): Value {
  const written = perform(core, who, name, decide);
  if (!written.ok) throw new Error(`${name}: ${written.failure.code} ${written.failure.detail}`);
  return written.value;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let waited = 0; !holds(); waited += 1) {
    if (waited > 20_000) throw new Error(`${what} does not come: the printer is ${runner.view.state}`);
    await after(1);
  }
}

/** Applications taken in, approved and released. */
function releasedJobs(count: number): JobRow[] {
  const applicants = fictitiousApplicants(5, count);
  const pictures = applicantPictures(applicants[0]!);
  const jobs = applicants.map((one) => done('receive', receiveJob(core, recordBytes(one, pictures), INTAKE)).job);
  const approvals = jobs.map(({ application, record_sha256, record_bytes }) =>
    centre.issuer.approval({
      aud: 'office:KNG',
      application,
      record: { sha256: record_sha256, bytes: record_bytes },
    }),
  );
  centralDesk(core).receive(approvals, 'cursor');
  done(
    'release',
    release(
      core,
      jobs.map(({ id }) => id),
    ),
  );
  return jobs;
}

// ---- bare ------------------------------------------------------------------------------------------------------------

const bareFile = new DatabaseSync(join(folder.path, 'bare.db'));
bareFile.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA mmap_size = 0;
  PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000; CREATE TABLE bare (bytes BLOB NOT NULL) STRICT`);
const insert = bareFile.prepare('INSERT INTO bare (bytes) VALUES (?)');
const ENTRY = Buffer.alloc(4096, 7);
const HEAD = Buffer.alloc(24, 7);
const bareKey = createPublicKey({ key: { ...centre.issuer.signer.jwk }, format: 'jwk' });
const statement = centre.issuer.approval({
  aud: 'office:KNG',
  application: 'A',
  record: { sha256: '0'.repeat(64), bytes: 1 },
});
const end = statement.lastIndexOf('.');
const signed = Buffer.from(statement.slice(0, end));
const signature = Buffer.from(statement.slice(end + 1), 'base64url');
const line = connect(counter.barePort, '127.0.0.1').setNoDelay(true);
await once(line, 'connect');

/** Milliseconds. */
async function bare(): Promise<number> {
  await counter.arrivals();
  const from = machineTime();
  if (!verify(null, signed, bareKey, signature)) throw new Error('bad signature');
  bareFile.exec('BEGIN IMMEDIATE');
  insert.run(ENTRY);
  bareFile.exec('COMMIT');
  line.write(HEAD);
  await after(20);
  return firstAfter(await counter.arrivals(), from).at - from;
}

function firstAfter(arrivals: readonly Arrival[], from: number): Arrival {
  const first = arrivals.find(({ at }) => at > from);
  if (first === undefined) throw new Error('no byte came');
  return first;
}

// ---- prints ----------------------------------------------------------------------------------------------------------

interface Timed {
  /** Milliseconds from pressing to the answer, which says that the intent is durable. */
  readonly answered: number;
  /** To the first byte of the job at the printer: it pulls the booklet in and cannot ink. */
  readonly job: number;
  /** To the first byte of the page, which waits until the printer has said that the booklet is in. */
  readonly page: number;
  readonly bare: number;
}
type Presses = (binding: string) => Promise<{ readonly pressedAt: number; readonly answeredAt: number }>;

async function print(job: JobRow, booklet: string, presses: Presses): Promise<Timed> {
  const binding = done('bind', runner.binds(job.id, booklet), operator);
  await counter.insert(booklet);
  await until('ready', () => runner.view.state === 'ready');
  // A person looks at the booklet and then presses; the page is made meanwhile, and the other line measured.
  await after(150);
  const beside = await bare();
  await counter.arrivals();
  const { pressedAt, answeredAt } = await presses(binding.id);
  await until('printed', () => core.journal.liveBindingOfJob(job.id) === undefined);
  const came = (await counter.arrivals()).filter(({ at }) => at > pressedAt);
  if (core.journal.attemptsOf(job.id)[0]?.state !== 'printed') throw new Error('the book is not printed');
  await counter.remove();
  await until('idle', () => runner.view.state === 'idle');
  const [head, page] = came;
  if (head === undefined || page === undefined) throw new Error('no byte came');
  return { answered: answeredAt - pressedAt, job: head.at - pressedAt, page: page.at - pressedAt, bare: beside };
}

const byCall: Presses = async (binding) => {
  const pressedAt = machineTime();
  const printed = await runner.print(operator, binding);
  if (!printed.ok) throw new Error(`${printed.failure.code} ${printed.failure.detail}`);
  return { pressedAt, answeredAt: machineTime() };
};

const numbers = (count: number) => Array.from({ length: count }, (_, at) => `B${String(at + 1).padStart(7, '0')}`);
const total = 2 * (PRINTS + WARM_UP);
const booklets = numbers(total);
done('booklets', receiveBooklets(core, booklets[0] as string, booklets.at(-1) as string, 'BENCH-1'));
await addPerson(core, supervisor, OPERATOR.name, OPERATOR.roles, OPERATOR.pin);
const jobs = releasedJobs(total);
station.start();
const api = await createApi({ station, version: 'bench', listen: { host: '127.0.0.1', port: 0, tls: null } });
await api.listen({ host: '127.0.0.1', port: 0 });
const { port } = api.server.address() as { port: number };
const session = await fetch(`http://127.0.0.1:${port}/api/v1/session`, {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ user: OPERATOR.name, pin: OPERATOR.pin }),
});
const { token } = (await session.json()) as { token: string };
const byHttp: Presses = async (binding) => {
  const path = `/api/v1/printers/${COUNTER}/print`;
  const { pressedAt, status } = await counter.press({ port, path, token, body: JSON.stringify({ binding }) });
  if (status !== 202) throw new Error(`HTTP ${status}`);
  return { pressedAt, answeredAt: machineTime() };
};
await until('idle', () => runner.view.state === 'idle');

function figure(what: string, times: readonly number[], beside: readonly number[], wanted: string): void {
  console.log(
    JSON.stringify({
      bench: 'press',
      what,
      medianMs: rounded(median(times)),
      p99Ms: rounded(percentile(times, 0.99)),
      fastestMs: rounded(Math.min(...times)),
      baselineMs: rounded(median(beside)),
      baselineP99Ms: rounded(percentile(beside, 0.99)),
      prints: times.length,
      wanted,
      ratio: rounded(median(beside) / median(times)),
    }),
  );
}

for (const [way, presses] of [
  ['the call', byCall],
  ['HTTP', byHttp],
] as const) {
  const timed: Timed[] = [];
  for (let count = 0; count < WARM_UP + PRINTS; count += 1) {
    const one = await print(jobs.shift() as JobRow, booklets.shift() as string, presses);
    if (count >= WARM_UP) timed.push(one);
  }
  const of = (which: keyof Timed) => timed.map((one) => one[which]);
  figure(`print by ${way} to its answer, the intent durable`, of('answered'), of('bare'), 'none');
  figure(`print by ${way} to the first byte of the job`, of('job'), of('bare'), 'median < 6, p99 < 30');
  figure(
    `print by ${way} to the first byte of the page, the booklet pulled in between`,
    of('page'),
    of('bare'),
    'none',
  );
}

await api.close();
await station.stop();
line.destroy();
bareFile.close();
await counter.stop();
folder.remove();
