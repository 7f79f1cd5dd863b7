import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt, Job, JobDetail, JobHolder, ReadBackAnswer, SignOff } from '../../src/api/shapes.ts';
import { expectStatus, openRig, pinOf, type Rig } from './rig.ts';

let rig: Rig;

const attemptOf = async (id: string) => (await rig.as('agus').get<Attempt>(`/attempts/${id}`)).body;
const readsBack = (id: string, lines: readonly string[], source: 'reader' | 'keyed') =>
  rig.as('sari').post<ReadBackAnswer>(`/attempts/${id}/read-back`, { lines, source });
const resolves = (id: string, outcome: string) =>
  rig.as('sari').post<SignOff & Attempt>(`/attempts/${id}/resolution`, { outcome, reason: 'looked at' });
const signs = (id: string) => rig.as('sari').post(`/sign-offs/${id}/sign`, { user: 'sinta', pin: pinOf('sinta') });
const refused = ({ status, body }: { status: number; body: unknown }) => {
  const { code, reason } = body as { code: string; reason?: string };
  return [status, code, reason];
};
async function takesOut(): Promise<void> {
  rig.office.printer().removeBooklet();
  await rig.office.until('idle', () => rig.office.state() === 'idle');
}

/** The service dies while the page, complete at the device, is being confirmed. */
async function lostInTheEnd(n: number, booklet: string): Promise<{ job: Job; attempt: string }> {
  const job = await rig.released(n);
  const attempt = await rig.printing(await rig.bound(job, booklet));
  await rig.office.until('all sent', () => rig.office.state() === 'printing.confirming');
  await rig.restart();
  await rig.office.until('inked', () => rig.office.printer().state().works === 'idle');
  return { job, attempt };
}

export function attemptsCases(): void {
  beforeAll(async () => {
    rig = await openRig();
  });

  afterEach(() => expect(rig.faults).toEqual([]));

  afterAll(async () => {
    expect(await rig.office.untruths()).toEqual([]);
    await rig.close();
  });

  describe('a page printed and acknowledged', () => {
    test('goes its way: read back, checked, handed over; every step is in its history, no name is', async () => {
      const { job, attempt } = await rig.printed(0, 'U0000001');
      expect(await attemptOf(attempt)).toMatchObject({
        id: attempt,
        job: job.id,
        booklet: 'U0000001',
        printer: 'counter-1',
        number: 1,
        state: 'printed',
        operator: 'sari',
        readBack: null,
        resolution: null,
      });
      // What was inked is not asked about any more.
      expect(refused(await resolves(attempt, 'spoiled'))).toEqual([409, 'PST-407', 'printed']);

      const { body: holder } = await rig.as('sari').get<JobHolder>(`/jobs/${job.id}/holder`);
      const lines = rig.office.readsMrz('U0000001');
      expect(holder.mrz).toEqual(lines);
      const wrong = await readsBack(attempt, [lines[0], lines[1].replace(/^U/, 'V')], 'keyed');
      expect(wrong.body).toMatchObject({
        match: false,
        differences: [{ line: 2, position: 1, expected: 'U', read: 'V' }],
      });
      expect(await readsBack(attempt, lines, 'reader')).toMatchObject({ status: 200, body: { match: true } });

      const quality = await rig.as('qadir').post<Job>(`/jobs/${job.id}/quality`, { result: 'pass', faults: [] });
      expect([quality.status, quality.body.state]).toEqual([200, 'ready']);
      const over = await rig
        .as('sari')
        .post<Job>(`/jobs/${job.id}/hand-over`, { recipient: 'proxy', proof: 'letter 4711' });
      expect([over.status, over.body.state, over.body.ippState]).toEqual([200, 'handed-over', 'completed']);
      expect(
        refused(await rig.as('sari').post(`/jobs/${job.id}/hand-over`, { recipient: 'holder', proof: 'x' })),
      ).toEqual([409, 'PST-305', 'handed-over']);

      const detail = await rig.as('agus').get<JobDetail>(`/jobs/${job.id}`);
      const kinds = detail.body.history.map(({ kind }) => kind);
      for (const kind of [
        'job-received',
        'job-approved',
        'job-released',
        'job-bound',
        'attempt-intended',
        'attempt-ended',
      ])
        expect(kinds).toContain(kind);
      expect(kinds.slice(-4)).toEqual(['attempt-read-back', 'attempt-read-back', 'quality-checked', 'handed-over']);
      expect(detail.body.history.at(-2)?.actor).toBe('qadir');
      for (const secret of [holder.primaryIdentifier, lines[0].slice(5, 20), 'letter 4711'])
        expect(detail.text).not.toContain(secret);
      await takesOut();
    });

    test('is failed with its faults, and then spoiled by two; a new approval is awaited', async () => {
      const { job } = await rig.readBack(1, 'U0000002');
      await takesOut();
      const failed = await rig
        .as('qadir')
        .post<Job>(`/jobs/${job.id}/quality`, { result: 'fail', faults: ['smudged', 'tilted'] });
      expect(failed.body).toMatchObject({ state: 'quality-failed', stateReason: 'smudged, tilted' });
      const spoil = await rig.as('sari').post<SignOff>('/booklets/U0000002/spoil', { reason: 'smudged' });
      expectStatus(await signs(spoil.body.id), 200);
      const { body } = await rig.as('sari').get<Job>(`/jobs/${job.id}`);
      expect(body).toMatchObject({ state: 'awaiting-approval', approval: null, booklet: null });
    });
  });

  describe('a page in doubt', () => {
    test('that a reader reads from the ink is settled by one person', async () => {
      const { job, attempt } = await lostInTheEnd(2, 'U0000003');
      expect((await attemptOf(attempt)).state).toBe('in-doubt');
      expectStatus(await readsBack(attempt, rig.office.readsMrz('U0000003'), 'reader'), 200);
      const settled = await resolves(attempt, 'printed');
      expect([settled.status, settled.body]).toMatchObject([
        200,
        { id: attempt, state: 'printed', resolution: 'printed' },
      ]);
      expect(rig.office.jobState(job.id)).toBe('quality-check');
      expect(refused(await resolves(attempt, 'printed'))).toEqual([409, 'PST-407', 'printed']);
      await takesOut();
    });

    test('that somebody keyed, or nobody read, is settled by two', async () => {
      const { job, attempt } = await lostInTheEnd(3, 'U0000004');
      const unread = await resolves(attempt, 'printed');
      expect([unread.status, unread.body]).toMatchObject([202, { act: 'attempt.resolve', subject: attempt }]);
      expect(unread.body.text).toContain('U0000004');
      const lines = rig.office.readsMrz('U0000004');
      expectStatus(await readsBack(attempt, lines, 'keyed'), 200);
      const keyed = await resolves(attempt, 'printed');
      expect(keyed.status).toBe(202);
      expect(rig.office.jobState(job.id)).toBe('in-doubt');
      expectStatus(await signs(keyed.body.id), 200);
      expect(rig.office.jobState(job.id)).toBe('quality-check');
      await takesOut();
    });

    test('whose read-back differs is not called printed', async () => {
      const { attempt } = await lostInTheEnd(4, 'U0000005');
      const lines = rig.office.readsMrz('U0000005');
      expect(
        (await readsBack(attempt, [lines[0], lines[1].replace('U0000005', 'U0000006')], 'reader')).body.match,
      ).toBe(false);
      expect(refused(await resolves(attempt, 'printed'))).toEqual([409, 'PST-407', 'read-back-differs']);
      const spoiled = await resolves(attempt, 'spoiled');
      expect(spoiled.status).toBe(202);
      expectStatus(await signs(spoiled.body.id), 200);
      expect(await attemptOf(attempt)).toMatchObject({ state: 'spoiled', resolution: 'spoiled' });
      await takesOut();
    });

    test('is blank only once the device is shown to hold nothing; then the same approval serves again', async () => {
      const job = await rig.released(5);
      const attempt = await rig.printing(await rig.bound(job, 'U0000007'));
      // Gone before the first byte: the booklet is blank, but only people can see that.
      await rig.restart();
      expect(refused(await resolves(attempt, 'blank'))).toEqual([409, 'PST-417', 'device-not-empty']);
      const { approval } = await attemptOf(attempt);
      await rig.office.until('seen empty', () => rig.office.view().lock?.deviceEmpty === true);
      const blank = await resolves(attempt, 'blank');
      expect(blank.status).toBe(202);
      expectStatus(await signs(blank.body.id), 200);
      expect(await attemptOf(attempt)).toMatchObject({ state: 'not-printed', resolution: 'blank' });
      expect((await rig.as('sari').get<Job>(`/jobs/${job.id}`)).body).toMatchObject({ state: 'bound', approval });
    });

    test('is asked about by its id, or there is none', async () => {
      expect(refused(await resolves('not-here', 'spoiled'))).toEqual([404, 'PST-406', undefined]);
      expect(refused(await readsBack('not-here', ['', ''], 'keyed'))).toEqual([404, 'PST-406', undefined]);
      expect(refused(await rig.as('sari').get('/attempts/not-here'))).toEqual([404, 'PST-406', undefined]);
    });
  });
}
