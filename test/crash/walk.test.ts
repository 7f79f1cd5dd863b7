import { afterAll, describe, expect, it } from 'vitest';
import { fictitiousApplicants, recordBytes } from '../../mocks/index.ts';
import { loadConfig } from '../../src/config/config.ts';
import { openStation } from '../../src/station/open.ts';
import { Counter, type Remembered, StationGone } from './counter.ts';
import { type CrashWorld, crashWorld } from './world.ts';

/**
 * SIGKILL at every boundary between a commit and its effects on the way of a book from intake to hand-over. Afterwards
 * nothing that was acknowledged is missing, no approval inked two booklets, every unknown is in doubt, and the book can
 * still be finished by people.
 */

const [applicant] = fictitiousApplicants(11, 1);
if (applicant === undefined) throw new Error('no applicant');
// A station that is not simulated prints no Utopian passports.
const record = recordBytes({
  ...applicant,
  document: { ...applicant.document, issuingState: 'IDN' },
  holder: { ...applicant.holder, nationality: 'IDN' },
});

/** The link turns round by itself: its first turns are the main path, further ones are the same again. */
const REPEATS = /central-|reports-answered|feed|effect:connect/;

const remembered = (): Remembered => ({ acknowledged: [], booklet: null });

/** One way of a book with one kill; returns what was killed. */
async function walkWithKill(target: string): Promise<{ killed: boolean; attempts: number; inked: number }> {
  const world = await crashWorld();
  try {
    const memory = remembered();
    const first = await world.start(target);
    let job = '';
    let killed = false;
    try {
      if (first.address === '') throw new StationGone('killed while starting');
      const counter = new Counter(world, first.address, memory);
      job = await counter.submit(record);
      await counter.finish(job);
    } catch (error) {
      if (!(error instanceof StationGone)) throw error;
      killed = true;
    }
    if (!killed) {
      first.process.kill('SIGTERM');
      killed = (await first.ended) === 'SIGKILL';
      if (!killed) return { killed, attempts: 1, inked: inkedBooklets(world) };
    }
    expect(await first.ended).toBe('SIGKILL');
    inspect(world, memory);

    const second = await world.start();
    const counter = new Counter(world, second.address, memory);
    for (const { job: acknowledged } of memory.acknowledged)
      expect((await counter.job(acknowledged)).id).toBe(acknowledged);
    job = await counter.submit(record);
    // Every attempt without an outcome is in doubt from the first moment that anybody can look.
    for (const id of (await counter.job(job)).attempts)
      expect(['intended', 'sending', 'confirming']).not.toContain((await counter.attempt(id)).state);
    await counter.finish(job);
    const { attempts } = await counter.job(job);
    second.process.kill('SIGTERM');
    expect(await second.ended).toBe('0');
    const spoiled = await checkBooks(world, job);
    expect(inkedBooklets(world)).toBe(1 + spoiled);
    expect(world.printer.device.violations.filter(({ disturbed }) => !disturbed)).toEqual([]);
    return { killed, attempts: attempts.length, inked: inkedBooklets(world) };
  } finally {
    await world.close();
  }
}

const inkedBooklets = (world: CrashWorld): number =>
  [...world.printer.booklets.values()].filter(({ blank }) => !blank).length;

function openedStation(world: CrashWorld) {
  const config = loadConfig(`${world.directory}/station.yaml`);
  if (!config.ok) throw new Error(config.failure.detail);
  const opened = openStation(config.value, { version: 'crash-test' });
  if (!opened.ok) throw new Error(opened.failure.detail);
  return opened.value;
}

/** What the dead process left on the disk: whole, and with everything that it had acknowledged. */
function inspect(world: CrashWorld, memory: Remembered): void {
  const { journal } = openedStation(world).core;
  expect(journal.rebuildCheck()).toEqual([]);
  for (const { what, job } of memory.acknowledged) {
    const row = journal.job(job);
    expect(row, `${what} was acknowledged`).toBeDefined();
    const kinds = journal.history([job, ...journal.attemptsOf(job).map(({ id }) => id)]).map(({ kind }) => kind);
    const kind = KIND_OF[what];
    if (kind !== undefined) expect(kinds, `${what} was acknowledged`).toContain(kind);
  }
  journal.close();
}

const KIND_OF: Readonly<Record<string, string>> = {
  received: 'job-received',
  released: 'job-released',
  bound: 'job-bound',
  print: 'attempt-intended',
  'read-back': 'attempt-read-back',
  quality: 'quality-checked',
  'handed-over': 'handed-over',
};

/** Each inked booklet has its own approval, and each approval at most one; the centre has every report once. */
async function checkBooks(world: CrashWorld, job: string): Promise<number> {
  const { journal } = openedStation(world).core;
  expect(journal.rebuildCheck()).toEqual([]);
  const attempts = journal.attemptsOf(job);
  const inked = attempts.filter(({ booklet }) => world.printer.booklets.get(booklet)?.blank === false);
  const approvals = new Map<string, Set<string>>();
  for (const { approval, booklet } of inked)
    approvals.set(approval, (approvals.get(approval) ?? new Set()).add(booklet));
  for (const [approval, booklets] of approvals) expect(booklets.size, `approval ${approval}`).toBe(1);
  const good = attempts.filter(({ state }) => state === 'printed');
  expect(good).toHaveLength(1);
  // This station has no reader, so whoever read the lines has typed them: every finding needs two people (journal.md).
  for (const entry of journal.history(attempts.map(({ id }) => id)))
    if (entry.kind === 'attempt-resolved') expect(new Set(entry.data.people).size).toBe(2);
  const counts = journal.bookletCounts();
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  expect(total).toBe(9);
  journal.close();
  return counts.spoiled ?? 0;
}

describe('the service killed at every boundary', () => {
  const results: string[] = [];
  afterAll(() => {
    process.stdout.write(`crash walk: ${results.length} boundaries\n${results.join('\n')}\n`);
  });

  it('finishes the book whichever boundary it dies at, and inks no approval twice', {
    timeout: 15 * 60_000,
  }, async () => {
    const clean = await crashWorld();
    let boundaries: string[];
    try {
      const station = await clean.start();
      const counter = new Counter(clean, station.address, remembered());
      await counter.finish(await counter.submit(record));
      station.process.kill('SIGTERM');
      expect(await station.ended).toBe('0');
      boundaries = [...new Set(clean.crossed())];
    } finally {
      await clean.close();
    }
    const targets = boundaries.filter((name) => !REPEATS.test(name) || Number(name.split('#')[1]) <= 2);
    expect(targets.length).toBeGreaterThan(30);
    const missed: string[] = [];
    const queue = [...targets];
    const worker = async () => {
      for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
        const { killed, attempts, inked } = await walkWithKill(target).catch((error: unknown) => {
          throw new Error(`killed at ${target}: ${error instanceof Error ? error.message : String(error)}`, {
            cause: error,
          });
        });
        if (!killed) missed.push(target);
        results.push(`  ${target}: ${killed ? 'killed' : 'not reached'}, ${attempts} attempt(s), ${inked} inked`);
      }
    };
    await Promise.all([worker(), worker()]);
    // A boundary that is not crossed again in the same order is covered by its neighbour, but most must be.
    expect(missed.filter((name) => !REPEATS.test(name))).toEqual([]);
  });
});
