import { describe, expect, it } from 'vitest';
import { QUICK_TIMING } from '../../mocks/index.ts';
import { inkOfAttempt } from './office/truth.ts';
import { openOffice, refusal, type TestOffice, wallTime } from './office.ts';

const COUNTER = 'counter-1';
const BOOKLET = 'U0000001';

/** Kinds of the journal's entries after `seq`, without what is written beside the job. */
const written = (office: TestOffice, seq: number): string[] =>
  [...office.journal.entries(seq)]
    .map(({ kind }) => kind as string)
    .filter((kind) => !['feed-read', 'reports-answered', 'time-learnt', 'printer-sequence-reserved'].includes(kind));

const lastSeq = (office: TestOffice): number => office.journal.lastEntry()?.seq ?? 0;

/** Every state that the printer's screen was told of, in order. */
function statesOf(office: TestOffice): string[] {
  const states: string[] = [];
  office.station.onChange((change) => {
    if (change.kind !== 'printer' || change.id !== COUNTER) return;
    const state = office.state();
    if (states.at(-1) !== state) states.push(state);
  });
  return states;
}

describe('from intake to hand-over', () => {
  it('each step has its state, its entry and its report, and the page is on the paper dot by dot', async () => {
    let bytesAtIntent = Number.NaN;
    const office = await openOffice({
      onBoundary: (name, at) => {
        if (name === 'after:intent') bytesAtIntent = at.printer().device.snapshot().bytesReceived;
      },
    });
    const { sari, budi, dewi, journal, centre } = office;
    const begin = lastSeq(office);
    const states = statesOf(office);

    await sari.signsIn();
    expect(await refusal(() => sari.signsIn('000000'))).toMatchObject({ code: 'PST-413' });
    const job = sari.submits(0);
    expect(job).toMatchObject({ state: 'awaiting-approval', approval: null, booklet: null });
    expect(sari.submits(0).id).toBe(job.id);
    expect(await refusal(() => dewi.releases(job.id))).toMatchObject({ reason: 'awaiting-approval' });

    await office.until('the centre knows it', () => centre.applications.has(job.application));
    centre.approve(job.application);
    await office.until('approved', () => office.jobState(job.id) === 'approved');
    const approval = centre.applications.get(job.application)?.approvals[0];
    expect(journal.job(job.id)).toMatchObject({ approval, deadline: expect.any(Number) });
    expect(await refusal(() => sari.binds(COUNTER, job.id, BOOKLET))).toMatchObject({ reason: 'job-approved' });
    expect(await refusal(() => sari.releases(job.id))).toMatchObject({ code: 'PST-408' });

    dewi.releases(job.id);
    expect(journal.job(job.id)).toMatchObject({ state: 'released', release_reference: 'B-2026-11-22-001' });

    const binding = sari.binds(COUNTER, job.id, BOOKLET);
    expect(binding).toMatchObject({ job: job.id, booklet: BOOKLET, printer: COUNTER, operator: 'sari', live: 1 });
    expect(journal.job(job.id)).toMatchObject({ state: 'bound', booklet: BOOKLET, printer: COUNTER });
    expect(journal.booklet(BOOKLET)).toMatchObject({ state: 'bound', job: job.id });
    expect(office.view()).toMatchObject({ state: 'awaitingBooklet', asks: [], binding: { id: binding.id } });
    expect(await refusal(() => sari.prints(COUNTER))).toMatchObject({ code: 'PST-502' });

    office.inserts(COUNTER, BOOKLET);
    await office.until('ready', () => office.state() === 'ready');
    const received = office.printer().device.snapshot().bytesReceived;
    const attempt = await sari.prints(COUNTER);
    expect(bytesAtIntent).toBe(received);
    expect(attempt).toMatchObject({ state: 'intended', number: 1, approval, booklet: BOOKLET, operator: 'sari' });
    expect(office.jobState(job.id)).toBe('printing');
    expect(await refusal(() => sari.unbinds(COUNTER))).toMatchObject({ reason: 'printing' });

    await office.until('sent', () => office.state() === 'printing.confirming');
    expect(journal.attempt(attempt.id)).toMatchObject({ state: 'confirming', reason: null });
    await office.until('printed', () => office.state() === 'readingBack');
    expect(journal.attempt(attempt.id)).toMatchObject({ state: 'printed', reason: 'acknowledged', read_back_owed: 1 });
    expect(journal.job(job.id)).toMatchObject({ state: 'printed', printed_by: 'sari' });
    expect(journal.booklet(BOOKLET)?.state).toBe('good');
    expect(await inkOfAttempt(office, attempt)).toBe('whole');

    const lines = office.readsMrz(BOOKLET);
    const misread = [lines[0].replace('P', 'F'), lines[1]] as const;
    expect(sari.readsBack(attempt.id, misread)).toMatchObject({
      match: false,
      differences: [{ line: 1, position: 1, expected: 'P', read: 'F' }],
    });
    expect(office.state()).toBe('readingBack');
    expect(sari.readsBack(attempt.id, lines)).toEqual({ match: true, differences: [] });
    expect(office.jobState(job.id)).toBe('quality-check');
    expect(office.view()).toMatchObject({
      state: 'idle',
      booklet: 'notPresent',
      binding: null,
      attempt: null,
      lock: null,
    });

    expect(await refusal(() => sari.checksQuality(job.id, 'pass'))).toMatchObject({ code: 'PST-408' });
    expect(budi.checksQuality(job.id, 'pass').state).toBe('ready');
    expect(sari.handsOver(job.id).state).toBe('handed-over');
    expect(await refusal(() => sari.prints(COUNTER, binding.id))).toMatchObject({ code: 'PST-505' });

    expect(states).toEqual([
      'awaitingBooklet',
      'ready',
      'printing.intending',
      'printing.sending',
      'printing.confirming',
      'readingBack',
      'idle',
    ]);
    expect(written(office, begin)).toEqual([
      'signed-in',
      'sign-in-failed',
      'job-received',
      'statement-stored',
      'job-approved',
      'job-released',
      'job-bound',
      'attempt-intended',
      // The first bytes are accepted, then all of them.
      'attempt-progressed',
      'attempt-progressed',
      'attempt-ended',
      'attempt-read-back',
      'attempt-read-back',
      'quality-checked',
      'handed-over',
    ]);
    expect(journal.bookletCounts()).toEqual({ 'in-stock': 8, good: 1 });
    expect(await office.untruths()).toEqual([]);
    expect(office.printer().device.violations).toEqual([]);

    await office.until('all reports are with the centre', () => journal.outboxCounts().waiting === 0);
    expect(journal.outboxCounts()).toEqual({ waiting: 0, refused: 0 });
    expect(centre.reports.gaps('kng-01')).toEqual([]);
    expect(
      centre.reports.list().map(({ kind, content }) => [kind, content.approval ?? content.application ?? null]),
    ).toEqual([
      ['stock', null],
      ['approval-requested', job.application],
      ['released', job.application],
      ['intent', approval],
      ['printed', approval],
      ['quality-passed', approval],
      ['handed-over', job.application],
    ]);
    await office.close();
  });

  it('the person who printed a book does not check it, also with the role for it', async () => {
    const office = await openOffice();
    const job = await office.released(0);
    office.budi.binds(COUNTER, job, BOOKLET);
    office.inserts(COUNTER, BOOKLET);
    await office.until('ready', () => office.state() === 'ready');
    const attempt = await office.budi.prints(COUNTER);
    await office.until('printed', () => office.state() === 'readingBack');
    office.budi.readsBack(attempt.id, office.readsMrz(BOOKLET));
    expect(await refusal(() => office.budi.checksQuality(job, 'pass'))).toMatchObject({ code: 'PST-412' });
    expect(office.dewi.checksQuality(job, 'pass').state).toBe('ready');
    await office.close();
  });

  it('where the read-back is optional the book goes straight to the quality check', async () => {
    const office = await openOffice({ yaml: 'quality: { readBack: optional }' });
    const job = await office.released(0);
    office.sari.binds(COUNTER, job, BOOKLET);
    office.inserts(COUNTER, BOOKLET);
    await office.until('ready', () => office.state() === 'ready');
    await office.sari.prints(COUNTER);
    await office.until('printed', () => office.jobState(job) === 'quality-check');
    await office.until('idle', () => office.state() === 'idle');
    expect(await office.untruths()).toEqual([]);
    await office.close();
  });

  it('two printers print two books at the same time, each its own', async () => {
    const office = await openOffice({ printers: 2 });
    const books = [
      { printer: 'counter-1', booklet: 'U0000001', job: await office.released(0) },
      { printer: 'counter-2', booklet: 'U0000002', job: await office.released(1) },
    ] as const;
    const all = (state: string) => () => books.every(({ printer }) => office.state(printer) === state);
    for (const { printer, booklet, job } of books) {
      office.sari.binds(printer, job, booklet);
      office.inserts(printer, booklet);
    }
    expect(await refusal(() => office.sari.binds('counter-2', books[0].job, 'U0000003'))).toMatchObject({
      code: 'PST-502',
    });
    await office.until('ready', all('ready'));
    const attempts = await Promise.all(books.map(({ printer }) => office.sari.prints(printer)));
    await office.until('both at work', all('printing.sending'));
    await office.until('both printed', all('readingBack'));
    for (const [at, { booklet }] of books.entries())
      expect(office.sari.readsBack(attempts[at]?.id ?? '', office.readsMrz(booklet)).match).toBe(true);
    expect(await office.untruths()).toEqual([]);
    await office.close();
  });

  it('in real time, with a printer that is only quicker than a real one', async () => {
    const office = await openOffice({ time: wallTime(), tally: { timing: QUICK_TIMING }, bytesPerSecond: null });
    const job = await office.released(0);
    office.sari.binds(COUNTER, job, BOOKLET);
    office.inserts(COUNTER, BOOKLET);
    await office.until('ready', () => office.state() === 'ready');
    const attempt = await office.sari.prints(COUNTER);
    await office.until('printed', () => office.state() === 'readingBack');
    expect(office.sari.readsBack(attempt.id, office.readsMrz(BOOKLET)).match).toBe(true);
    expect(await office.untruths()).toEqual([]);
    expect(office.printer().device.violations).toEqual([]);
    await office.stop();
    await office.close();
  });
});
