import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Booklet, Job, SignOff } from '../../src/api/shapes.ts';
import { expectStatus, type Name, openRig, pinOf, problemIn, type Rig } from './rig.ts';

let rig: Rig;

async function asks(name: Name, booklet: string, reason = 'torn page'): Promise<SignOff> {
  const answer = await rig.as(name).post<SignOff>(`/booklets/${booklet}/spoil`, { reason });
  expectStatus(answer, 202);
  return answer.body;
}
const signs = (at: Name, id: string, user: Name, pin = pinOf(user), headers = {}) =>
  rig.as(at).post<SignOff>(`/sign-offs/${id}/sign`, { user, pin }, headers);
const stateOf = async (booklet: string) => (await rig.as('sinta').get<Booklet>(`/booklets/${booklet}`)).body.state;
const open = async () => (await rig.as('sinta').get<{ items: SignOff[] }>('/sign-offs')).body.items.map(({ id }) => id);

export function signOffsCases(): void {
  beforeAll(async () => {
    rig = await openRig({ blanks: { from: 'U0000001', to: 'U0000020' } });
  });

  afterEach(() => {
    expect(rig.faults).toEqual([]);
    expect(rig.office.journal.rebuildCheck()).toEqual([]);
  });

  afterAll(() => rig.close());

  describe('a two-person act', () => {
    test('is asked for by one, shown with its exact text, and carried out when another one signs it afresh', async () => {
      const before = Date.parse(new Date(rig.office.station.core.world.clock.now()).toISOString());
      const asked = await asks('otto', 'U0000001', 'the cover\r\n  is torn');
      expect(asked).toEqual({
        id: expect.any(String),
        act: 'booklet.spoil',
        text: expect.stringContaining('U0000001'),
        requestedBy: 'otto',
        requestedAt: new Date(before).toISOString(),
        expires: new Date(before + 15 * 60_000).toISOString(),
        subject: 'U0000001',
      });
      expect(asked.text).toContain('the cover is torn');
      expect(await stateOf('U0000001')).toBe('in-stock');
      expect((await rig.as('sinta').get<{ items: SignOff[] }>('/sign-offs')).body.items).toContainEqual(asked);

      const signed = await signs('otto', asked.id, 'sinta');
      expect([signed.status, signed.body]).toEqual([200, asked]);
      expect(await stateOf('U0000001')).toBe('spoiled');
      expect(await open()).not.toContain(asked.id);
      const [request, , act] = rig.office.journal.history([asked.id]).concat(rig.office.journal.history(['U0000001']));
      expect(request?.data).toMatchObject({ text: asked.text });
      expect(act?.data).toMatchObject({ people: ['otto', 'sinta'] });
      expect(problemIn(await signs('otto', asked.id, 'dewi')).code).toBe('PST-410');
    });

    test.each<[string, Name, Name, number, string]>([
      ['by the one who asked', 'sinta', 'sinta', 403, 'PST-409'],
      ['by two of whom none is a supervisor', 'otto', 'qadir', 403, 'PST-409'],
      ['by an auditor', 'sinta', 'agus', 403, 'PST-408'],
      ['by a technician', 'sinta', 'tina', 403, 'PST-408'],
    ])('is not signed %s', async (_, first, second, status, code) => {
      const { id } = await asks(first, 'U0000002', `asked by ${first}`);
      const answer = await signs('otto', id, second);
      expect([answer.status, problemIn(answer).code]).toEqual([status, code]);
      expect(await stateOf('U0000002')).toBe('in-stock');
      expect(await open()).toContain(id);
      expectStatus(await rig.as('otto').delete(`/sign-offs/${id}`), 204);
    });

    test('is not signed with a wrong PIN, which counts like one at sign-in', async () => {
      const { id } = await asks('otto', 'U0000003');
      for (let n = 1; n <= 5; n++) expect(problemIn(await signs('otto', id, 'dewi', '000001')).code).toBe('PST-413');
      const paused = await signs('otto', id, 'dewi');
      expect([paused.status, paused.headers['retry-after']]).toEqual([429, '30']);
      expect(await stateOf('U0000003')).toBe('in-stock');
      await rig.office.pass(30_000);
      expectStatus(await signs('otto', id, 'dewi'), 200);
      expect(await stateOf('U0000003')).toBe('spoiled');
    });

    test('takes the session’s own person where no name is given', async () => {
      const { id } = await asks('otto', 'U0000004');
      expectStatus(await rig.as('sinta').post(`/sign-offs/${id}/sign`, { pin: pinOf('sinta') }), 200);
    });

    test('waits 15 minutes, no longer', async () => {
      const first = await asks('otto', 'U0000005');
      await rig.office.pass(15 * 60_000 - 1);
      expect(await open()).toContain(first.id);
      await rig.office.pass(1);
      expect(await open()).not.toContain(first.id);
      const late = await signs('otto', first.id, 'sinta');
      expect([late.status, problemIn(late).code]).toEqual([404, 'PST-410']);
      const again = await asks('otto', 'U0000005');
      expect(again.id).not.toBe(first.id);
      await rig.office.pass(14 * 60_000);
      expectStatus(await signs('otto', again.id, 'sinta'), 200);
      expect(await stateOf('U0000005')).toBe('spoiled');
    });

    test('asked for again is the same one; with other words it takes the place of the earlier', async () => {
      const first = await asks('otto', 'U0000006', 'torn');
      expect(await asks('otto', 'U0000006', 'torn')).toEqual(first);
      const second = await asks('otto', 'U0000006', 'wet');
      expect((await open()).filter((id) => [first.id, second.id].includes(id))).toEqual([second.id]);
      expect(problemIn(await signs('otto', first.id, 'sinta')).code).toBe('PST-410');
      expectStatus(await signs('otto', second.id, 'sinta'), 200);
    });

    test('is withdrawn once', async () => {
      const { id } = await asks('otto', 'U0000007');
      const gone = await rig.as('qadir').delete(`/sign-offs/${id}`);
      expect([gone.status, gone.text]).toEqual([204, '']);
      expect(problemIn(await rig.as('otto').delete(`/sign-offs/${id}`)).code).toBe('PST-410');
      expect(problemIn(await signs('otto', id, 'sinta')).code).toBe('PST-410');
    });

    test('is judged again when it is signed: what was true when it was asked for may no longer be', async () => {
      const job = await rig.released(0);
      const { id } = await asks('sari', 'U0000008');
      const binding = { job: job.id, booklet: 'U0000008' };
      expectStatus(await rig.as('sari').post('/printers/counter-1/bindings', binding), 201);
      const answer = await signs('sari', id, 'sinta');
      expect([answer.status, problemIn(answer).code, problemIn(answer).reason]).toEqual([
        409,
        'PST-405',
        'booklet-bound',
      ]);
      // Not signed either: the whole of it was one transaction.
      expect(await open()).toContain(id);
      expectStatus(await rig.as('sari').delete('/printers/counter-1/bindings/current'), 204);
      expectStatus(await signs('sari', id, 'sinta'), 200);
    });

    test('asked for twice with one key, and signed twice with one key, happens once', async () => {
      const key = { 'idempotency-key': 'k-1' };
      const path = '/booklets/U0000009/spoil';
      const first = await rig.as('otto').post<SignOff>(path, { reason: 'torn' }, key);
      expect(await rig.as('otto').post(path, { reason: 'torn' }, key)).toMatchObject({ status: 202, body: first.body });
      const signed = await signs('otto', first.body.id, 'sinta', pinOf('sinta'), key);
      const before = rig.rows();
      const again = await signs('otto', first.body.id, 'sinta', pinOf('sinta'), key);
      expect([again.status, again.body]).toEqual([200, signed.body]);
      // But for the second sign-in, nothing was written.
      expect(rig.rows()).toEqual({ ...before, entries: (before.entries ?? 0) + 1 });
      expect(problemIn(await signs('otto', first.body.id, 'sinta', '000001', key)).code).toBe('PST-413');
      expect(problemIn(await signs('otto', first.body.id, 'dewi', pinOf('dewi'), key)).code).toBe('PST-410');
    });
  });

  describe('separation of duties', () => {
    test('who printed a book does not check it; another one does', async () => {
      const { job } = await rig.readBack(1, 'U0000010', 'budi');
      const check = (name: Name) => rig.as(name).post<Job>(`/jobs/${job.id}/quality`, { result: 'pass' });
      const own = await check('budi');
      expect([own.status, problemIn(own).code]).toEqual([403, 'PST-412']);
      expect(rig.office.jobState(job.id)).toBe('quality-check');
      expect((await check('qadir')).body.state).toBe('ready');
      rig.office.printer().removeBooklet();
      await rig.office.until('idle again', () => rig.office.state() === 'idle');
    });

    test('whoever printed it, settled by two other people: the check is not the printer’s either', async () => {
      const { job, attempt } = await rig.inDoubt(2, 'U0000011', 'budi');
      rig.office.printer().replug();
      const settled = await rig
        .as('otto')
        .post<SignOff>(`/attempts/${attempt}/resolution`, { outcome: 'printed', reason: 'complete' });
      expectStatus(settled, 202);
      expectStatus(await signs('otto', settled.body.id, 'sinta'), 200);
      const lines = (await rig.as('otto').get<{ mrz: [string, string] }>(`/jobs/${job.id}/holder`)).body.mrz;
      expectStatus(await rig.as('otto').post(`/attempts/${attempt}/read-back`, { lines, source: 'keyed' }), 200);
      const check = (name: Name) => rig.as(name).post<Job>(`/jobs/${job.id}/quality`, { result: 'pass' });
      expect(problemIn(await check('budi')).code).toBe('PST-412');
      expect((await check('dewi')).body.state).toBe('ready');
    });
  });
}
