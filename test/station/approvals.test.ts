import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VERIFICATION_RESULTS } from '../../src/domain/statement.ts';
import { curable } from '../../src/trust/verify.ts';
import { BAD_APPROVALS } from '../trust/bad-approvals.ts';
import type { BadApproval, Situation } from '../trust/rows.ts';
import { CHANGES, type Change } from './approvals/changes.ts';
import {
  BOOKLET,
  bringAbout,
  bytesAtPrinter,
  COUNTER,
  type Desk,
  openDesk,
  recordBytes,
  worldOf,
} from './approvals/desk.ts';
import { openOffice, refusal, type TestOffice } from './office.ts';

/** The station takes the white space around a line away before it judges what is on it. */
const TRIMMED = new Set(['a space behind', 'a space in front', 'a line feed behind', 'a byte order mark in front']);
/** For an application that is not here: nothing that a station could refuse, and nothing that it prints from. */
const FOR_OTHERS = new Set([
  'another application',
  'an application with a hyphen',
  'record mismatch before booklet mismatch',
  'wrong replaces before record mismatch',
]);

const isPlain = ({ situation }: BadApproval): boolean => Object.keys(situation).length === 0;
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What the desk answers: an object in place of a statement is taken for a trust bundle, and refused as one. */
const expected = (row: BadApproval, text: string): string | RegExp =>
  text.trimStart().startsWith('{') ? /^(bundle-)?[a-z-]+$/ : row.expected;

const REASON = { code: 'SIM', text: 'not for this test' };

/** What was written down of texts that were not stored, by their digest. */
const judgedSo = (office: TestOffice): Map<string, string> =>
  new Map(
    [...office.journal.entries(0)].flatMap((entry) =>
      entry.kind === 'statement-refused' || entry.kind === 'statement-kept'
        ? [[entry.data.digest, entry.data.result] as const]
        : [],
    ),
  );

/** Nothing can be printed with it: neither released nor bound, and not a byte has gone to the printer. */
async function expectUnusable(office: TestOffice, job: string, bytes: number): Promise<void> {
  expect(office.journal.job(job)).toMatchObject({ state: 'awaiting-approval', approval: null });
  expect(await refusal(() => office.dewi.releases(job))).toMatchObject({ reason: 'awaiting-approval' });
  expect(await refusal(() => office.sari.binds(COUNTER, job, BOOKLET))).toMatchObject({ code: 'PST-403' });
  expect(bytesAtPrinter(office)).toBe(bytes);
}

describe('at arrival, by import', () => {
  let desk: Desk;
  let job: string;
  beforeAll(async () => {
    desk = await openDesk();
    job = desk.office.sari.submits(recordBytes()).id;
  });
  afterAll(() => desk.office.close());

  const rows = BAD_APPROVALS.filter((row) => isPlain(row) && !TRIMMED.has(row.name) && !FOR_OTHERS.has(row.name));
  const unfit = new Set(['booklet-mismatch']);

  it('there are enough of them', () => {
    expect(rows.length).toBeGreaterThanOrEqual(250);
  });

  it.each(rows.filter((row) => !unfit.has(row.expected)))('$expected: $name', async (row) => {
    const bytes = bytesAtPrinter(desk.office);
    const text = row.make(worldOf(desk.office));
    const received = desk.office.sari.imports(text);
    expect(received.status).toBe(curable(row.expected) ? 'kept' : 'refused');
    expect(received.reason).toMatch(expected(row, text));
    await expectUnusable(desk.office, job, bytes);
  });

  it('after all of them a good one is stored, and its book is printed', async () => {
    const { office } = desk;
    const good = BAD_APPROVALS.find((row) => row.name === 'four parts')?.control.make(worldOf(office)) ?? '';
    expect(office.sari.imports(good)).toMatchObject({ status: 'stored', kind: 'approval', jti: 'apr-1' });
    expect(office.jobState(job)).toBe('approved');
    office.dewi.releases(job);
    office.sari.binds(COUNTER, job, BOOKLET);
    office.inserts(COUNTER, BOOKLET);
    await office.until('ready', () => office.state() === 'ready');
    await office.sari.prints(COUNTER);
    await office.until('printed', () => office.state() === 'readingBack');
    expect(await office.untruths()).toEqual([]);
  });

  it.each(BAD_APPROVALS.filter(({ name }) => TRIMMED.has(name)))('$name is taken away before judging', async (row) => {
    const own = await openDesk();
    own.office.sari.submits(recordBytes());
    expect(own.office.sari.imports(row.make(own.world))).toMatchObject({ status: 'stored', jti: 'apr-1' });
    await own.office.close();
  });

  it.each(BAD_APPROVALS.filter(({ name }) => FOR_OTHERS.has(name)))('$name: not for any job here', async (row) => {
    const own = await openDesk();
    const { id } = own.office.sari.submits(recordBytes());
    const bytes = bytesAtPrinter(own.office);
    own.office.sari.imports(row.make(own.world));
    await expectUnusable(own.office, id, bytes);
    await own.office.close();
  });
});

describe('at arrival, in a situation of its own', () => {
  /** Without a job's own history: those come at binding. */
  const fits = ({ facts }: Situation): boolean =>
    facts === undefined || Object.keys(facts).every((name) => name === 'booklet' || name === 'retired');
  const rows = BAD_APPROVALS.filter(
    (row) =>
      !isPlain(row) &&
      fits(row.situation) &&
      row.expected !== 'booklet-mismatch' &&
      !row.name.startsWith('bound booklet'),
  );

  it('there are enough of them', () => {
    expect(rows.length).toBeGreaterThanOrEqual(30);
  });

  it.each(rows)('$expected: $name', async (row) => {
    const bad = await openDesk();
    await bringAbout(bad, row.situation);
    const bytes = bytesAtPrinter(bad.office);
    const text = row.make(bad.world);
    expect(bad.office.sari.imports(text)).toMatchObject({
      status: curable(row.expected) ? 'kept' : 'refused',
      reason: row.expected,
    });
    expect(judgedSo(bad.office).get(digestOf(text))).toBe(row.expected);
    expect(bytesAtPrinter(bad.office)).toBe(bytes);
    await bad.office.close();

    const good = await openDesk();
    const job = await bringAbout(good, row.control.situation);
    expect(['stored', 'known']).toContain(good.office.sari.imports(row.control.make(good.world)).status);
    expect(good.office.jobState(job)).toBe('approved');
    await good.office.close();
  });
});

describe('at arrival, in the feed', () => {
  it('every bad text is judged by itself, and the good one behind them all is used', async () => {
    const office = await openOffice({ blanks: { from: 'X0000015', to: 'X0000019' } });
    const { id } = office.sari.submits(recordBytes());
    const world = worldOf(office);
    const rows = BAD_APPROVALS.filter(
      (row) =>
        isPlain(row) && !TRIMMED.has(row.name) && !FOR_OTHERS.has(row.name) && row.expected !== 'booklet-mismatch',
    );
    const texts = rows.map((row) => ({ row, text: row.make(world) }));
    const bytes = bytesAtPrinter(office);
    for (const { text } of texts) office.centre.feed.publish(text, '*');
    const jti = 'the-last-one';
    office.centre.feed.publish(
      office.centre.issuer.sign('revocation', { jti, aud: '*', station: 'x-01', reason: REASON }),
      '*',
    );
    await office.until('the last one is read', () => office.journal.statementByJti(jti) !== undefined);
    const results = judgedSo(office);
    for (const { row, text } of texts.filter(({ text }) => !text.trimStart().startsWith('{')))
      expect(results.get(digestOf(text)), row.name).toBe(row.expected);
    await expectUnusable(office, id, bytes);
    const { application } = world;
    await office.until('the centre knows it', () => office.centre.applications.has(application));
    office.centre.approve(application);
    await office.until('approved', () => office.jobState(id) === 'approved');
    expect(office.journal.rebuildCheck()).toEqual([]);
    await office.close();
  });
});

/** An approval of this job, stored as valid; the job released. */
async function approved(change: Change): Promise<Desk & { readonly job: string }> {
  const desk = await openDesk();
  const { office, world } = desk;
  if (change.ahead === true) office.clock.skew = 24 * 3_600_000;
  const { id } = office.sari.submits(recordBytes());
  const text = world.issuer.approval({
    aud: '*',
    application: world.application,
    record: world.record,
    jti: 'apr-1',
    ...change.approval?.(desk),
  });
  expect(office.sari.imports(text)).toMatchObject({ status: 'stored' });
  office.dewi.releases(id);
  return { ...desk, job: id };
}

describe('at binding', () => {
  it.each(CHANGES)('$name: $atBind', async (change) => {
    const desk = await approved(change);
    const { office, job } = desk;
    await change.happens(desk);
    const bytes = bytesAtPrinter(office);
    if (change.atBind === null) {
      expect(office.sari.binds(COUNTER, job, BOOKLET)).toMatchObject({ live: 1 });
    } else {
      expect(await refusal(() => office.sari.binds(COUNTER, job, BOOKLET))).toMatchObject({ reason: change.atBind });
      expect(office.journal.liveBinding(COUNTER)).toBeUndefined();
      await office.pass(5_000);
      expect(bytesAtPrinter(office)).toBe(bytes);
    }
    await office.close();
  });

  const bookletRows = BAD_APPROVALS.filter(
    (row) => row.expected === 'booklet-mismatch' || row.name.startsWith('bound booklet'),
  );
  it.each(bookletRows)('$expected: $name', async (row) => {
    const bindOne = async ({ situation, make }: BadApproval['control']) => {
      const desk = await openDesk();
      const job = await bringAbout(desk, situation);
      expect(desk.office.sari.imports(make(desk.world))).toMatchObject({ status: 'stored' });
      desk.office.dewi.releases(job);
      const booklet = situation.facts?.booklet ?? desk.world.booklet;
      return { desk, bind: () => desk.office.sari.binds(COUNTER, job, booklet) };
    };
    const bad = await bindOne(row);
    expect(await refusal(bad.bind)).toMatchObject({ code: 'PST-403', reason: row.expected });
    await bad.desk.office.close();
    const good = await bindOne(row.control);
    expect(good.bind()).toMatchObject({ live: 1 });
    await good.desk.office.close();
  });
});

describe('at the intent', () => {
  it.each(CHANGES)('$name: $atIntent', async (change) => {
    const desk = await approved(change);
    const { office, job } = desk;
    office.sari.binds(COUNTER, job, BOOKLET);
    office.inserts(COUNTER, BOOKLET);
    await office.until('ready', () => office.state() === 'ready');
    const binding = office.journal.liveBinding(COUNTER)?.id ?? '';
    await change.happens(desk);
    // After a restart the booklet lies inside already: a person says which one it is.
    if (office.view().asks.includes('booklet-inserted')) office.sari.confirms(COUNTER, 'booklet-inserted');
    const bytes = bytesAtPrinter(office);
    if (change.atIntent === null) {
      expect(await office.sari.prints(COUNTER, binding)).toMatchObject({ state: 'intended', approval: 'apr-1' });
      await office.until('printed', () => office.state() === 'readingBack');
      expect(await office.untruths()).toEqual([]);
    } else {
      const { code, reason } = await refusal(() => office.sari.prints(COUNTER, binding));
      expect(reason ?? code).toBe(change.atIntent);
      await office.pass(30_000);
      expect(bytesAtPrinter(office)).toBe(bytes);
      expect(office.journal.attemptsOf(job).filter(({ binding: of }) => of === binding)).toEqual([]);
      expect(office.printer().booklets.get(BOOKLET)?.blank).toBe(true);
      expect(office.state()).toMatch(/^(ready|presenting|awaitingBooklet)$/);
    }
    await office.close();
  });

  it('every result has been met at one of the three places', () => {
    const met = new Set<string | null>([
      ...BAD_APPROVALS.map(({ expected: result }) => result),
      ...CHANGES.flatMap(({ atBind, atIntent }) => [atBind, atIntent]),
    ]);
    for (const result of VERIFICATION_RESULTS) expect(met).toContain(result);
    const atIntent = new Set(CHANGES.map((change) => change.atIntent));
    for (const result of VERIFICATION_RESULTS) expect(atIntent).toContain(result);
  });
});
