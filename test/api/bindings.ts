import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Binding, Job, Printer, SignOff } from '../../src/api/shapes.ts';
import { expectStatus, openRig, pinOf, problemIn, type Rig } from './rig.ts';

let rig: Rig;

const binds = (job: string, booklet: string, printer = 'counter-1') =>
  rig.as('otto').post<Binding>(`/printers/${printer}/bindings`, { job, booklet });
const unbinds = (printer = 'counter-1') => rig.as('otto').delete(`/printers/${printer}/bindings/current`);
const shown = async (printer = 'counter-1') => (await rig.as('otto').get<Printer>(`/printers/${printer}`)).body;
async function refusedAs(job: string, booklet: string, printer?: string) {
  await rig.token('otto');
  const before = rig.rows();
  const answer = await binds(job, booklet, printer);
  expect(rig.rows()).toEqual(before);
  return [answer.status, problemIn(answer).code, problemIn(answer).reason];
}

export function bindingsCases(): void {
  beforeAll(async () => {
    rig = await openRig({ printers: 2, blanks: { from: 'U0000001', to: 'U0000020' } });
  });

  afterEach(() => {
    rig.office.clock.skew = 0;
    expect(rig.faults).toEqual([]);
  });

  afterAll(async () => {
    expect(await rig.office.untruths()).toEqual([]);
    await rig.close();
  });

  describe('a binding', () => {
    test('puts job, booklet and printer together, and is undone before anything is printed', async () => {
      const job = await rig.released(0);
      const bound = await binds(job.id, 'U0000001');
      expect([bound.status, bound.body]).toEqual([
        201,
        { id: expect.any(String), job: job.id, booklet: 'U0000001', printer: 'counter-1' },
      ]);
      expect((await shown()).binding).toEqual(bound.body);
      expect(await refusedAs(job.id, 'U0000002', 'counter-2')).toEqual([409, 'PST-403', 'job-bound']);
      expect((await unbinds()).status).toBe(204);
      expect((await shown()).binding).toBeNull();
      expect(problemIn(await unbinds()).code).toBe('PST-505');
      const again = await binds(job.id, 'U0000001', 'counter-2');
      expect(again.status).toBe(201);
      expectStatus(await unbinds('counter-2'), 204);
    });

    test('is refused where something is not there', async () => {
      const job = await rig.released(1);
      expect(await refusedAs('not-here', 'U0000001')).toEqual([404, 'PST-401', undefined]);
      expect(await refusedAs(job.id, 'X1')).toEqual([404, 'PST-404', undefined]);
      expect(await refusedAs(job.id, 'U0000001', 'counter-9')).toEqual([404, 'PST-501', undefined]);
    });

    test('is refused for a job that is not released, with the state', async () => {
      const waiting = await rig.submitted(2);
      expect(await refusedAs(waiting.id, 'U0000001')).toEqual([409, 'PST-403', 'none']);
      const approved = await rig.approved(3);
      expect(await refusedAs(approved.id, 'U0000001')).toEqual([409, 'PST-403', 'job-approved']);
      expectStatus(await rig.as('sinta').post(`/jobs/${approved.id}/hold`, { reason: 'wait' }), 200);
      expect(await refusedAs(approved.id, 'U0000001')).toEqual([409, 'PST-403', 'job-held']);
      expectStatus(await rig.as('sinta').post(`/jobs/${approved.id}/refer`, { office: 'PNK', reason: 'urgent' }), 200);
      expect(await refusedAs(approved.id, 'U0000001')).toEqual([409, 'PST-403', 'revoked']);
    });

    test('is refused for another booklet than the one that the approval names, and undone by a revocation', async () => {
      const { centre } = rig.office;
      const job = await rig.submitted(4);
      await rig.office.until('known', () => centre.applications.has(job.application));
      centre.approve(job.application, { booklet: 'U0000005' });
      await rig.office.until('approved', () => rig.office.jobState(job.id) === 'approved');
      expectStatus(await rig.as('sinta').post('/releases', { jobs: [job.id] }), 201);
      expect(await refusedAs(job.id, 'U0000001')).toEqual([409, 'PST-403', 'booklet-mismatch']);
      expect((await binds(job.id, 'U0000005')).status).toBe(201);
      const { approval } = (await rig.as('otto').get<Job>(`/jobs/${job.id}`)).body;
      centre.revoke({ approval: String(approval) });
      await rig.office.until('unbound', () => rig.office.jobState(job.id) === 'awaiting-approval');
      expect((await shown()).binding).toBeNull();
      expect(await refusedAs(job.id, 'U0000005')).toEqual([409, 'PST-403', 'revoked']);
    });

    test('is refused for a booklet that is no free blank', async () => {
      const [first, second] = [await rig.released(5), await rig.released(6)];
      expectStatus(await binds(first.id, 'U0000006'), 201);
      expect(await refusedAs(second.id, 'U0000006', 'counter-2')).toEqual([409, 'PST-405', 'booklet-bound']);
      expectStatus(await unbinds(), 204);
      const { id } = (await rig.as('otto').post<SignOff>('/booklets/U0000006/spoil', { reason: 'torn' })).body;
      expectStatus(await rig.as('otto').post(`/sign-offs/${id}/sign`, { user: 'sinta', pin: pinOf('sinta') }), 200);
      expect(await refusedAs(second.id, 'U0000006')).toEqual([409, 'PST-405', 'booklet-spoiled']);
    });

    test('is refused at a printer that is busy, away, or doubtful; and what took ink is neither blank nor approved again', async () => {
      const [first, second] = [await rig.released(7), await rig.released(8)];
      const binding = await rig.bound(first, 'U0000007');
      expect(await refusedAs(second.id, 'U0000008')).toEqual([409, 'PST-502', 'printer-ready']);
      await rig.printing(binding);
      await rig.office.until('on the wire', () => rig.office.state() === 'printing.sending');
      const undo = await unbinds();
      expect([undo.status, problemIn(undo).code, problemIn(undo).reason]).toEqual([409, 'PST-502', 'printing']);
      await rig.office.pass(2_000);
      rig.office.printer().unplug();
      await rig.office.until('in doubt', () => rig.office.jobState(first.id) === 'in-doubt');
      expect(await refusedAs(second.id, 'U0000008')).toEqual([409, 'PST-503', 'printer-locked']);
      expect(await refusedAs(second.id, 'U0000007', 'counter-2')).toEqual([409, 'PST-405', 'booklet-in-doubt']);
      expect(await refusedAs(first.id, 'U0000008', 'counter-2')).toEqual([409, 'PST-403', 'already-used']);

      rig.office.printer('counter-2').unplug();
      await rig.office.until('away', () => rig.office.state('counter-2') === 'disconnected');
      expect(await refusedAs(second.id, 'U0000008', 'counter-2')).toEqual([409, 'PST-502', 'printer-disconnected']);
    });
  });

  describe('a printer', () => {
    test('is told as it is, one and all', async () => {
      const { items, next } = (await rig.as('tina').get<{ items: Printer[]; next: null }>('/printers')).body;
      expect([items.map(({ id }) => id), next]).toEqual([['counter-1', 'counter-2'], null]);
      expect(await shown('counter-2')).toMatchObject({
        driver: 'tally-csi',
        state: 'disconnected',
        ippState: 'stopped',
        reasons: [{ keyword: 'connecting-to-device', severity: 'error', raw: expect.any(String) }],
        bookletSensor: true,
        lock: null,
      });
      expect((await shown()).lock).toMatchObject({ resolved: null, deviceEmpty: false });
    });

    test('does only what it asks for or can do now, and says why not', async () => {
      const confirms = (step: string) => rig.as('otto').post('/printers/counter-2/confirm', { step });
      const refused = await confirms('booklet-inserted');
      expect([refused.status, problemIn(refused).code, problemIn(refused).reason]).toEqual([
        409,
        'PST-504',
        'disconnected',
      ]);
      expect((await shown('counter-2')).asks).toContain('attended');
      expect((await confirms('attended')).status).toBe(202);
      const ejects = await rig.as('tina').post('/printers/counter-2/eject');
      expect([ejects.status, problemIn(ejects).code]).toEqual([409, 'PST-504']);
      expect((await rig.as('tina').post('/printers/counter-2/pause')).status).toBe(202);
      expect((await shown('counter-2')).paused).toBe(true);
      expect((await rig.as('tina').post('/printers/counter-2/resume')).status).toBe(202);
    });
  });

  describe('time', () => {
    /** Approved for so many seconds from now, and released. */
    async function releasedFor(n: number, seconds: number): Promise<Job> {
      const { centre } = rig.office;
      const job = await rig.submitted(n);
      await rig.office.until('known', () => centre.applications.has(job.application));
      centre.approve(job.application, { exp: centre.issuer.now() + seconds });
      await rig.office.until('approved', () => rig.office.jobState(job.id) === 'approved');
      expectStatus(await rig.as('sinta').post('/releases', { jobs: [job.id] }), 201);
      return job;
    }
    const onceReady = (printer: string) => rig.office.until('idle', () => rig.office.state(printer) === 'idle');

    test('ends an approval, a trust bundle, and the trust in the clock', async () => {
      const { centre } = rig.office;
      rig.office.printer('counter-2').replug();
      await onceReady('counter-2');
      const short = await releasedFor(9, 120);
      const long = await releasedFor(10, 86_400);
      await rig.office.pass(200_000);
      expect(await refusedAs(short.id, 'U0000009', 'counter-2')).toEqual([409, 'PST-403', 'expired']);

      const before = rig.office.journal.station().bundle_version;
      centre.publishBundle({ expires: centre.issuer.now() + 120 });
      await rig.office.until('the next bundle', () => rig.office.journal.station().bundle_version !== before);
      expect((await binds(long.id, 'U0000009', 'counter-2')).status).toBe(201);
      expectStatus(await unbinds('counter-2'), 204);
      await rig.office.pass(200_000);
      expect(await refusedAs(long.id, 'U0000009', 'counter-2')).toEqual([409, 'PST-403', 'superseded-bundle']);

      centre.publishBundle({ expires: centre.issuer.now() + 86_400 });
      await rig.office.until(
        'a good one again',
        () => rig.office.journal.station().bundle_version === (before ?? 0) + 2,
      );
      // The station starts with a clock that is behind what it has seen, and nobody to ask.
      centre.faults.add({ kind: 'down', how: 'refuse' });
      rig.office.clock.skew = -3_600_000;
      await rig.restart();
      await onceReady('counter-2');
      expect(await refusedAs(long.id, 'U0000009', 'counter-2')).toEqual([409, 'PST-403', 'clock-untrusted']);
    });
  });
}
