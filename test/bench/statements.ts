/**
 * Approvals of a backlog, in batches of 1,000 through the desk that the feed uses: each verified, stored, its job approved,
 * all of a batch in one durable transaction. Beside it, in turns and on the same disk: the bare signature check of the
 * same texts and one bare row each in one commit under the same pragmas.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { SimulatedCentre } from '../../mocks/index.ts';
import { centralDesk } from '../../src/station/central-desk.ts';
import { perform } from '../../src/station/core.ts';
import { realClock, realRandomness, realTimers } from '../../src/station/world.ts';
import { benchFolder, median, openBenchStation, QUICK, rounded } from './rig/station.ts';

const BATCH = 1_000;
const ROUNDS = QUICK ? 3 : 11;
const WARM_UP = 3;
/** Of other approvals, in force throughout: each statement is held against them. */
const REVOCATIONS = 200;
const OFFICE = 'office:KNG';

const folder = benchFolder('statements');
const centre = new SimulatedCentre({
  seed: new Uint8Array(32).fill(3),
  world: { clock: realClock(), timers: realTimers, random: realRandomness },
});
const station = openBenchStation(folder.path, centre, ['simulator: none']);
const { core } = station;
const desk = centralDesk(core);

interface Application {
  readonly application: string;
  readonly record: { readonly sha256: string; readonly bytes: number };
}

/** Applications as intake leaves them; the records themselves play no part until something is printed. */
function takeIn(round: number): Application[] {
  const applications = Array.from({ length: BATCH }, (_, at) => {
    const application = `${900_000 + round}${String(at).padStart(10, '0')}`;
    return { application, record: { sha256: createHash('sha256').update(application).digest('hex'), bytes: 48_000 } };
  });
  const written = perform(core, { kind: 'station' }, 'receive', (tx) => {
    for (const { application, record } of applications) {
      const job = core.world.random.id();
      tx.append(
        'job-received',
        job,
        {
          job,
          application,
          record,
          intake: {
            priority: 'normal',
            family: null,
            travelDate: null,
            intakeAt: null,
            referredFrom: null,
            priorityReason: null,
          },
          next: 'approval',
          deadline: null,
        },
        [{ jti: core.world.random.id(), kind: 'approval-requested', claims: { application, record } }],
      );
    }
  });
  if (!written.ok) throw new Error(written.failure.detail);
  return applications;
}

interface Cost {
  /** Milliseconds by the wall clock, the disk's included. */
  readonly wall: number;
  /** Milliseconds of processor time: what is left of the comparison on a machine that others use too. */
  readonly cpu: number;
}

function costOf(act: () => void): Cost {
  const from = performance.now();
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - from, cpu: (user + system) / 1000 };
}

const bareKey = createPublicKey({ key: { ...centre.issuer.signer.jwk }, format: 'jwk' });
const bareFile = new DatabaseSync(join(folder.path, 'bare.db'));
bareFile.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA mmap_size = 0;
  PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000;
  CREATE TABLE bare (text TEXT NOT NULL) STRICT`);
const insert = bareFile.prepare('INSERT INTO bare (text) VALUES (?)');

function bare(texts: readonly string[]): void {
  bareFile.exec('BEGIN IMMEDIATE');
  for (const text of texts) {
    const end = text.lastIndexOf('.');
    const signed = Buffer.from(text.slice(0, end));
    if (!verify(null, signed, bareKey, Buffer.from(text.slice(end + 1), 'base64url'))) throw new Error('bad signature');
    insert.run(text);
  }
  bareFile.exec('COMMIT');
}

desk.receive(
  Array.from({ length: REVOCATIONS }, (_, at) =>
    centre.issuer.revocation(OFFICE, { approval: `other-${at}` }, { code: 'BENCH', text: 'withdrawn' }),
  ),
  'revocations',
);
const rounds: { readonly whole: Cost; readonly baseline: Cost }[] = [];
for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
  const applications = takeIn(round);
  const texts = applications.map((about) => centre.issuer.approval({ aud: OFFICE, ...about }));
  const cost = { whole: costOf(() => desk.receive(texts, `cursor-${round}`)), baseline: costOf(() => bare(texts)) };
  const approved = applications.filter(
    ({ application }) => core.journal.jobOfApplication(application)?.state === 'approved',
  );
  if (approved.length !== BATCH) throw new Error(`${approved.length} of ${BATCH} jobs are approved`);
  if (round >= WARM_UP) rounds.push(cost);
}
const perSecond = (which: 'whole' | 'baseline') =>
  Math.round((BATCH * 1000) / median(rounds.map((round) => round[which].wall)));
const fastest = (which: 'whole' | 'baseline') => Math.min(...rounds.map((round) => round[which].wall));
const ratio = (clock: keyof Cost) =>
  rounded(median(rounds.map(({ whole, baseline }) => baseline[clock] / whole[clock])), 3);
console.log(
  JSON.stringify({
    bench: 'statements',
    what: `approvals verified, stored, jobs approved, in batches of ${BATCH}`,
    perSecond: perSecond('whole'),
    baselinePerSecond: perSecond('baseline'),
    rounds: ROUNDS,
    wanted: 'ratio >= 0.6',
    ratio: ratio('wall'),
    ratioOfFastest: rounded(fastest('baseline') / fastest('whole'), 3),
    ratioOfCpu: ratio('cpu'),
  }),
);
core.journal.close();
bareFile.close();
folder.remove();
