import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Family, Job, Release } from '../../src/api/shapes.ts';
import { expectStatus, openRig, problemIn, type Rig } from './rig.ts';

let rig: Rig;

const releases = (...jobs: string[]) => rig.as('sinta').post<Release>('/releases', { jobs });

export function releasesCases(): void {
  beforeAll(async () => {
    rig = await openRig();
  });

  afterEach(() => {
    expect(rig.faults).toEqual([]);
    expect(rig.office.journal.rebuildCheck()).toEqual([]);
  });

  afterAll(() => rig.close());

  describe('a release', () => {
    test('lets those go that may, names the others with the reason, and is one act with one reference', async () => {
      const [good, also, held] = [await rig.approved(0), await rig.approved(1), await rig.approved(2)];
      const waiting = await rig.submitted(3);
      expectStatus(await rig.as('sinta').post(`/jobs/${held.id}/hold`, { reason: 'a paper is missing' }), 200);
      const answer = await releases(good.id, waiting.id, 'not-here', also.id, held.id, good.id);
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual({
        reference: 'B-2026-11-22-001',
        released: [good.id, also.id],
        refused: [
          { job: waiting.id, code: 'awaiting-approval' },
          { job: 'not-here', code: 'PST-401' },
          { job: held.id, code: 'held' },
        ],
      });
      const { items } = (await rig.as('sinta').get<{ items: Job[] }>('/jobs?state=released')).body;
      expect(items.map(({ id, release }) => [id, release])).toEqual([
        [good.id, 'B-2026-11-22-001'],
        [also.id, 'B-2026-11-22-001'],
      ]);
    });

    test('of none that may go is refused, and uses no reference', async () => {
      const waiting = await rig.submitted(4);
      const before = rig.rows();
      const answer = await releases(waiting.id);
      expect([answer.status, problemIn(answer).code, problemIn(answer).reason]).toEqual([
        409,
        'PST-305',
        'awaiting-approval',
      ]);
      expect((await releases('not-here')).status).toBe(404);
      expect(problemIn(await releases('not-here', waiting.id)).errors).toEqual([
        { path: 'not-here', message: 'PST-401' },
        { path: waiting.id, message: 'awaiting-approval' },
      ]);
      expect(rig.rows()).toEqual(before);
      expect((await releases((await rig.approved(5)).id)).body.reference).toBe('B-2026-11-22-002');
    });

    test('of a job whose approval was revoked meanwhile is refused', async () => {
      const job = await rig.approved(9);
      const { approval } = (await rig.as('sinta').get<Job>(`/jobs/${job.id}`)).body;
      rig.office.centre.revoke({ approval: String(approval) });
      await rig.office.until('revoked', () => rig.office.jobState(job.id) === 'awaiting-approval');
      expect((await releases(job.id)).status).toBe(409);
    });
  });

  describe('a family', () => {
    const family = () => rig.as('sinta').get<Family>('/families/F-7');

    test('is one group, released apart as its members are approved', async () => {
      const first = await rig.approved(10, { family: 'F-7' });
      const second = await rig.submitted(11, { family: 'F-7' });
      expect((await family()).body).toMatchObject({ id: 'F-7', policy: 'apart', approved: 1 });
      expect((await family()).body.members.map(({ id }) => id)).toEqual([first.id, second.id]);
      expect((await releases(first.id)).body.released).toEqual([first.id]);
    });

    test('together, none goes before all are approved, and then only all at once', async () => {
      const third = await rig.approved(12, { family: 'F-7' });
      const together = await rig.as('sinta').post<Family>('/families/F-7', { policy: 'together' });
      expect([together.status, together.body.policy]).toEqual([200, 'together']);
      const refused = await releases(third.id);
      expect([refused.status, problemIn(refused).code]).toEqual([409, 'PST-418']);

      const second = (await family()).body.members.find(({ state }) => state === 'awaiting-approval') as Job;
      rig.office.centre.approve(second.application);
      await rig.office.until('approved', () => rig.office.jobState(second.id) === 'approved');
      expect(problemIn(await releases(third.id)).code).toBe('PST-418');
      const all = await releases(third.id, second.id);
      expect(all.body).toMatchObject({ released: [third.id, second.id], refused: [] });
    });

    test('that nobody belongs to is not there', async () => {
      for (const answer of [
        await rig.as('sinta').get('/families/F-8'),
        await rig.as('sinta').post('/families/F-8', { policy: 'apart' }),
      ])
        expect([answer.status, problemIn(answer).code]).toEqual([404, 'PST-419']);
    });
  });

  describe('the reference', () => {
    test('is numbered by the day where the station is', async () => {
      const jobs = [await rig.approved(13), await rig.approved(14), await rig.approved(15)] as const;
      // It is seven hours later in Pontianak than in Greenwich.
      const midnight = Date.UTC(2026, 10, 22, 17) - rig.office.station.core.world.clock.now();
      rig.office.clock.skew = midnight - 1;
      expect((await releases(jobs[0].id)).body.reference).toBe('B-2026-11-22-005');
      rig.office.clock.skew = midnight;
      expect((await releases(jobs[1].id)).body.reference).toBe('B-2026-11-23-001');
      await rig.restart();
      expect((await releases(jobs[2].id)).body.reference).toBe('B-2026-11-23-002');
    });
  });
}
