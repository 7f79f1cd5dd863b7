import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Binding, Job } from '../../src/api/shapes.ts';
import { applicant } from '../station/office.ts';
import { expectStatus, type Name, openRig, problemIn, type Rig, submission } from './rig.ts';

let rig: Rig;
/** Cuts the power at the next boundary of this name. */
let cutAt: string | null = null;

const key = (text: string) => ({ 'idempotency-key': text });
const DAY = 86_400_000;
const attemptsOf = (n: number) => {
  const { journal } = rig.office;
  return journal.attemptsOf(journal.jobOfApplication(applicant(n).application)?.id ?? '');
};

export function idempotencyCases(): void {
  beforeAll(async () => {
    rig = await openRig({
      onBoundary: (name, office) => {
        if (name !== cutAt) return;
        cutAt = null;
        office.crash();
      },
    });
  });

  afterEach(() => expect(rig.office.journal.rebuildCheck()).toEqual([]));

  afterAll(() => rig.close());

  describe('the same request with the same key', () => {
    test('gets the same answer again and happens once, also after a restart', async () => {
      const asks = () => rig.as('sari').post<Job>('/jobs', submission(0), key('intake-0'));
      const first = await asks();
      expect(first.status).toBe(201);
      const after = rig.rows();
      const again = await asks();
      // A repetition would else answer 200: the same bytes again.
      expect([again.status, again.text]).toEqual([201, first.text]);
      expect(rig.rows()).toEqual(after);
      await rig.restart();
      expect([(await asks()).status, (await asks()).text]).toEqual([201, first.text]);

      // The answer is the one of then, also where things have moved on.
      expectStatus(
        await rig.as('sinta').post(`/jobs/${first.body.id}/hold`, { reason: 'a paper is missing' }, key('h')),
        200,
      );
      expectStatus(await rig.as('sinta').post(`/jobs/${first.body.id}/resume`, undefined, key('r')), 200);
      const held = await rig
        .as('sinta')
        .post<Job>(`/jobs/${first.body.id}/hold`, { reason: 'a paper is missing' }, key('h'));
      expect(held.body.state).toBe('held');
      expect(rig.office.jobState(first.body.id)).toBe('awaiting-approval');
    });

    test('answers what is done without a body the same way', async () => {
      const { id } = await rig.submitted(1);
      const path = `/jobs/${id}/cancel`;
      const first = await rig.as('sinta').post(path, { reason: 'withdrawn' }, key('c'));
      expect(first.status).toBe(200);
      expect(problemIn(await rig.as('sinta').post(path, { reason: 'withdrawn' }, key('c2'))).code).toBe('PST-305');
      expect((await rig.as('sinta').post(path, { reason: 'withdrawn' }, key('c'))).text).toBe(first.text);
    });

    test('is kept for seven days', async () => {
      const asks = (k: string) => rig.as('sinta').post('/releases', { jobs: ['not-here'] }, key(k));
      const receives = (k: string) =>
        rig.as('sinta').post('/booklets', { receive: { from: 'V1', to: 'V1', delivery: 'D' } }, key(k));
      expectStatus(await receives('week'), 201);
      rig.office.clock.skew += 7 * DAY;
      expectStatus(await receives('week'), 201);
      rig.office.clock.skew += 1000;
      expectStatus(
        await rig.as('sinta').post('/booklets', { receive: { from: 'V2', to: 'V2', delivery: 'D' } }, key('x')),
        201,
      );
      expect(problemIn(await receives('week')).code).toBe('PST-411');
      rig.office.clock.skew = 0;
      // A refusal is not kept: what refused it may have gone.
      expectStatus(await asks('refused'), 404);
      expect(rig.office.journal.answer('refused', 'sinta')).toBeUndefined();
    });
  });

  describe('the same key', () => {
    test('with another request is refused: 422, whatever differs', async () => {
      expectStatus(await rig.as('sari').post('/jobs', submission(2), key('k')), 201);
      const { id } = (await rig.as('sari').get<{ items: Job[] }>('/jobs?limit=1')).body.items[0] as Job;
      const before = rig.rows();
      for (const [path, body] of [
        ['/jobs', submission(3)],
        ['/jobs', submission(2, { priority: 'normal' })],
        [`/jobs/${id}/priority`, { priority: 'urgent', reason: 'r' }],
        ['/printers/counter-1/pause', undefined],
      ] as const) {
        const answer = await rig.as('sari').post(path, body, key('k'));
        expect([answer.status, problemIn(answer).code]).toEqual([422, 'PST-606']);
      }
      expect(rig.rows()).toEqual(before);
    });

    test('of somebody else is another key', async () => {
      const asks = (name: Name) => rig.as(name).post('/jobs', submission(4), key('shared'));
      expect((await asks('sari')).status).toBe(201);
      expect((await asks('otto')).status).toBe(200);
    });

    test.each(['', ' ', 'a b', 'ключ', 'x'.repeat(129), 'a\tb'])('is refused as "%s"', async (text) => {
      const answer = await rig.as('sari').post('/jobs', submission(5), key(text));
      expect([answer.status, problemIn(answer).code]).toEqual([400, 'PST-601']);
    });
  });

  describe('an act and its kept answer', () => {
    test.each(['commit:receive', 'before:receive'])(
      'are in one transaction: cut at %s, neither is there',
      async (at) => {
        const before = rig.rows();
        cutAt = at;
        // Nobody answers any more: the process is gone.
        expect((await rig.as('sari').post('/jobs', submission(6), key('cut'))).status).toBe(500);
        await rig.restart();
        const { jobs, idempotency, records } = rig.rows();
        expect({ jobs, idempotency, records }).toEqual({
          jobs: before.jobs,
          idempotency: before.idempotency,
          records: before.records,
        });
      },
    );

    test('cut after the commit, the answer is given again', async () => {
      cutAt = 'after:receive';
      await rig.as('sari').post('/jobs', submission(6), key('cut'));
      await rig.restart();
      expect((await rig.as('sari').post('/jobs', submission(6), key('cut'))).status).toBe(201);
      expect((await rig.as('sari').post('/jobs', submission(6))).status).toBe(200);
      rig.faults.length = 0;
    });
  });

  describe('a print', () => {
    test('repeated with its key is the same attempt: while it prints, when it is printed, and after a restart', async () => {
      await rig.office.until('idle', () => rig.office.state() === 'idle');
      const job = await rig.released(7);
      const binding = await rig.bound(job, 'U0000001');
      const prints = (k: string, id = binding.id) =>
        rig.as('sari').post<{ attempt: string }>('/printers/counter-1/print', { binding: id }, key(k));
      // Pressed twice at once, or asked again because no answer came.
      const [first, second] = await Promise.all([prints('p'), prints('p')]);
      expect([first.status, second.status]).toEqual([202, 202]);
      expect(second.body).toEqual(first.body);
      expect((await prints('p')).body).toEqual(first.body);
      await rig.office.until('printed', () => rig.office.jobState(job.id) === 'printed');
      expect([(await prints('p')).status, (await prints('p')).body]).toEqual([202, first.body]);
      expect(problemIn(await prints('another')).code).toBe('PST-505');
      expect(problemIn(await prints('p', 'another-binding')).code).toBe('PST-505');
      await rig.restart();
      expect((await prints('p')).body).toEqual(first.body);
      expect(rig.rows().attempts).toBe(1);
      expect(await rig.office.untruths()).toEqual([]);
    });

    test('read back with a key is compared once; no character of the page is kept for it', async () => {
      const [attempt] = attemptsOf(7);
      const [upper, lower] = rig.office.readsMrz('U0000001');
      const lines = [`${upper.slice(0, 43)}Q`, lower];
      const path = `/attempts/${attempt?.id}/read-back`;
      const first = await rig.as('sari').post(path, { lines, source: 'keyed' }, key('rb'));
      expect(first.body).toMatchObject({ match: false, differences: [{ line: 1, position: 44, read: 'Q' }] });
      const after = rig.rows();
      expect((await rig.as('sari').post(path, { lines, source: 'keyed' }, key('rb'))).text).toBe(first.text);
      expect(rig.rows()).toEqual(after);
      expect(rig.office.journal.answer('rb', 'sari')?.answer).toBe('null');
    });

    test('refused and repeated with its key is tried again', async () => {
      const lines = rig.office.readsMrz('U0000001');
      const [attempt] = attemptsOf(7);
      expectStatus(await rig.as('sari').post(`/attempts/${attempt?.id}/read-back`, { lines, source: 'reader' }), 200);
      rig.office.printer().removeBooklet();
      await rig.office.until('idle', () => rig.office.state() === 'idle');
      const job = await rig.released(8);
      const body = { job: job.id, booklet: 'U0000002' };
      const { body: binding } = await rig.as('sari').post<Binding>('/printers/counter-1/bindings', body);
      const prints = () =>
        rig.as('sari').post<{ attempt: string }>('/printers/counter-1/print', { binding: binding.id }, key('q'));
      expect(problemIn(await prints()).code).toBe('PST-502');
      rig.office.inserts('counter-1', 'U0000002');
      await rig.office.until('ready', () => rig.office.state() === 'ready');
      expect((await prints()).status).toBe(202);
      expect(rig.rows().attempts).toBe(2);
    });

    test('whose answer was lost with the station is the attempt in doubt for the one who asks again, and no other', async () => {
      await rig.office.until('printed', () => rig.office.state() === 'readingBack');
      const [attempt] = attemptsOf(8);
      const lines = rig.office.readsMrz('U0000002');
      expectStatus(await rig.as('sari').post(`/attempts/${attempt?.id}/read-back`, { lines, source: 'reader' }), 200);
      rig.office.printer().removeBooklet();
      await rig.office.until('idle', () => rig.office.state() === 'idle');
      const job = await rig.released(9);
      const binding = await rig.bound(job, 'U0000003');
      const prints = () =>
        rig.as('sari').post<{ attempt: string }>('/printers/counter-1/print', { binding: binding.id }, key('z'));
      const { body: lost } = await prints();
      await rig.restart();
      expect((await prints()).body).toEqual(lost);
      expect(rig.office.journal.attempt(lost.attempt)).toMatchObject({ job: job.id, state: 'in-doubt' });
      expect(rig.office.journal.attemptsOf(job.id)).toHaveLength(1);
      expect(problemIn(await rig.as('sari').post('/printers/counter-1/print', { binding: binding.id })).code).toBe(
        'PST-505',
      );
    });
  });

  describe('what a machine does at once', () => {
    test('happens once with one key', async () => {
      const pauses = (k: string) => rig.as('otto').post('/printers/counter-1/pause', undefined, key(k));
      expect((await pauses('a')).status).toBe(202);
      expect((await pauses('a')).status).toBe(202);
      expect(problemIn(await pauses('b')).code).toBe('PST-504');
      await rig.as('otto').post('/printers/counter-1/resume', undefined, key('c'));
      expect((await pauses('a')).status).toBe(202);
      expect(rig.office.view().paused).toBe(false);
    });
  });
}
