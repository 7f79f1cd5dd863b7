import { afterAll, describe, expect, it } from 'vitest';
import type { Bitmap } from '../../src/domain/bitmap.ts';
import type { FaultCase } from './faults/case.ts';
import { HUMAN_FAULTS, STATION_FAULTS } from './faults/of-people.ts';
import { DEVICE_FAULTS, POWER_FAULTS } from './faults/of-the-device.ts';
import { LINE_FAULTS, MESSAGE_FAULTS } from './faults/of-the-line.ts';
import { type Attendant, attendantAt } from './office/attendant.ts';
import { openOffice, refusal, sameInk, type TestOffice } from './office.ts';

/**
 * Every fault at several moments of one print: what became of the attempt, compared with the ink; what the screen
 * showed; and, when a person has done what it said, the next person's booklet, compared dot by dot with a clean one.
 */

/** Where the printer's manual is silent (mocks/printers/tally-csi/options.ts): the default is the dangerous reading. */
const READINGS = {
  'the default reading': {},
  'the other reading': {
    lineAtControlPoint: 'printed',
    bytesDuringError: 'keep',
    commandCutByError: 'awaited',
  },
} as const;
type Reading = keyof typeof READINGS;

const FIRST = 'U0000001';
const NEXT = 'U0000002';
const COUNTER = 'counter-1';

const clean = new Map<string, Promise<Bitmap>>();

/** What the n-th applicant's page looks like on a booklet when nothing goes wrong. */
function cleanPrint(n: number, booklet: string): Promise<Bitmap> {
  const key = `${n} ${booklet}`;
  const known = clean.get(key);
  if (known !== undefined) return known;
  const printed = (async () => {
    const office = await openOffice();
    await attendantAt(office).serves(await office.released(n), [booklet]);
    const picture = office.printer().booklets.get(booklet)?.picture();
    expect(await office.untruths()).toEqual([]);
    await office.close();
    if (picture === undefined) throw new Error('nothing was printed');
    return picture;
  })();
  clean.set(key, printed);
  return printed;
}

/** Screens of the main path, where they name no cause. */
const MAIN_PATH = new Set(['starting', 'free', 'insert', 'print', 'printing', 'read-back', 'remove']);

/** The interruptions, in order: kinds of situations, with their first cause. */
const interruptions = (screens: readonly string[]): string[] =>
  screens
    .map((screen) => (screen.startsWith('in-doubt') ? 'in-doubt' : screen))
    .filter((screen, at, all) => !MAIN_PATH.has(screen) && screen !== all[at - 1]);

const outcomesOf = (office: TestOffice, job: string): string[] =>
  office.journal
    .history(office.journal.attemptsOf(job).map(({ id }) => id))
    .flatMap((entry) => (entry.kind === 'attempt-ended' ? [entry.data.outcome] : []));

/** Brings the office to the row's moment, and the fault with it. */
async function arrange(row: FaultCase, reading: Reading) {
  let atIntent: (() => void) | null = null;
  const office = await openOffice({
    tally: READINGS[reading],
    started: row.moment !== 'before connect',
    onBoundary: (name) => {
      if (name !== 'effect:send') return;
      atIntent?.();
      atIntent = null;
    },
  });
  const device = office.printer();
  if (row.moment === 'before connect') {
    await office.pass(5_000);
    await row.act({ device, office, other: '' });
    office.station.start();
    await office.until('the trust bundle is in force', () => office.journal.station().bundle !== null);
  }
  const job = await office.released(0);
  const other = await office.released(1);
  const person = attendantAt(office);
  const act = () => row.act({ device, office, other });
  if (row.moment === 'idle') {
    await act();
    await office.pass(1_000);
  } else if (row.moment === 'intent') atIntent = () => void act();
  else if (row.moment !== 'before connect') person.when(row.moment, act);
  return { office, device, job, other, person };
}

/** What must hold when an attempt's outcome is not known: nothing is offered here, and the screen says so first. */
async function expectLocked(office: TestOffice, other: string): Promise<void> {
  const { state, lock, binding } = office.view();
  expect(state).toBe('locked.inDoubt');
  expect(lock).toMatchObject({ resolved: null });
  expect(binding).toBeNull();
  expect(office.journal.booklet(FIRST)?.state).toBe('in-doubt');
  const attempt = office.journal.attempt(lock?.attempt ?? '');
  expect(attempt).toMatchObject({ state: 'in-doubt', booklet: FIRST });
  expect(office.jobState(attempt?.job ?? '')).toBe('in-doubt');
  expect(await refusal(() => office.sari.binds(COUNTER, other, NEXT))).toMatchObject({
    code: 'PST-503',
    reason: 'printer-locked',
  });
  if (lock?.deviceEmpty === false)
    expect(await refusal(() => office.sari.resolves(attempt?.id ?? '', 'blank'))).toMatchObject({ code: 'PST-417' });
}

interface Line {
  readonly row: FaultCase;
  readonly reading: Reading;
  readonly person: Attendant;
  readonly seconds: number;
  readonly fate: string;
}
const table: Line[] = [];

async function run(row: FaultCase, reading: Reading): Promise<void> {
  const { office, device, job, other, person } = await arrange(row, reading);
  const begun = office.time.now();
  let lockedSeen = false;
  person.when('in-doubt', async () => {
    lockedSeen = true;
    await expectLocked(office, other);
  });
  await person.serves(job, [FIRST]);
  const story = () => `${person.screens.join(' > ')}\n${person.steps.join(', ')}\n${office.story()}`;

  expect(outcomesOf(office, job)[0], story()).toBe(row.outcome);
  expect(interruptions(person.screens), story()).toEqual(row.shows);
  expect(lockedSeen, story()).toBe(row.outcome === 'in-doubt');
  const fate = office.jobState(job) ?? '';
  const before = device.booklets.get(FIRST)?.picture();
  if (row.flawed) expect(fate, story()).toBe('awaiting-approval');
  if (fate === 'ready') expect(before && sameInk(before, await cleanPrint(0, FIRST)), story()).toBe(true);
  else expect(office.journal.booklet(FIRST)?.state, story()).toBe('spoiled');
  expect(office.view(), story()).toMatchObject({ state: 'idle', lock: null, binding: null, asks: [] });
  table.push({ row, reading, person, seconds: (office.time.now() - begun) / 1000, fate });

  await person.serves(other, [NEXT]);
  const [attempt] = office.journal.attemptsOf(other);
  expect(attempt, story()).toMatchObject({ state: 'printed', read_back: 'matched', read_back_source: 'reader' });
  const next = device.booklets.get(NEXT)?.picture();
  expect(next && sameInk(next, await cleanPrint(1, NEXT)), story()).toBe(true);
  const after = device.booklets.get(FIRST)?.picture();
  expect(before && after && sameInk(before, after), story()).toBe(true);

  expect(await office.untruths(), story()).toEqual([]);
  await office.until('all reports are with the centre', () => office.journal.outboxCounts().waiting === 0);
  expect(office.journal.outboxCounts()).toEqual({ waiting: 0, refused: 0 });
  expect(office.centre.reports.gaps('kng-01')).toEqual([]);
  // A device that lost power in the middle of a command reads the rest of it as characters: not the station's doing.
  if (!row.fault.startsWith('power loss'))
    expect(
      device.device.violations.filter(({ disturbed }) => !disturbed),
      story(),
    ).toEqual([]);
  await office.close();
}

const ALL = {
  'the line': LINE_FAULTS,
  'its messages': MESSAGE_FAULTS,
  'the mains': POWER_FAULTS,
  'the printer': DEVICE_FAULTS,
  people: HUMAN_FAULTS,
  'the station': STATION_FAULTS,
} as const;

for (const [what, rows] of Object.entries(ALL))
  describe(`faults of ${what}`, () => {
    for (const row of rows) {
      const readings: Reading[] =
        row.outcome === 'printed' ? ['the default reading'] : ['the default reading', 'the other reading'];
      for (const reading of readings)
        it(`${row.fault}, ${row.when}: ${row.outcome} (${reading})`, () => run(row, reading));
    }
  });

it('there are enough of them, and every outcome among them', () => {
  const rows = Object.values(ALL).flat();
  expect(rows.length).toBeGreaterThanOrEqual(100);
  expect(new Set(rows.map(({ outcome }) => outcome)).size).toBe(3);
  expect(new Set(rows.map(({ fault, when }) => `${fault} ${when}`)).size).toBe(rows.length);
});

afterAll(() => {
  const lines = table.map(({ row, reading, person, seconds, fate }) =>
    [
      `${row.fault}, ${row.when}`.padEnd(58),
      row.outcome.padEnd(12),
      (row.shows.join(' > ') || '-').padEnd(28),
      (fate === 'ready' ? 'good' : 'spoiled').padEnd(8),
      `${Math.round(seconds)} s`.padStart(6),
      reading === 'the default reading' ? '' : ' *',
      ` ${person.steps.slice(0, person.steps.indexOf(`bind ${NEXT}`)).join(', ')}`,
    ].join(''),
  );
  console.log(
    `fault, moment: outcome, screen, book, time until the next job, steps (* other reading)\n${lines.join('\n')}`,
  );
});
