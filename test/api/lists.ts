import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Job } from '../../src/api/shapes.ts';
import { applicant, recordOf } from '../station/office.ts';
import { base64url, expectStatus, openRig, problemIn, type Rig } from './rig.ts';

/** Twelve jobs, handed in a minute apart: every fifth urgent, three of one family, two released, one held. */
let rig: Rig;
const jobs: Job[] = [];

interface Page {
  readonly items: Job[];
  readonly next: string | null;
}
const lists = async (query = '') => (await rig.as('agus').get<Page>(`/jobs${query}`)).body;
const numbersOf = (items: readonly Job[]) => items.map(({ id }) => jobs.findIndex((job) => job.id === id));
const found = async (query: string) => numbersOf((await lists(query)).items);

export function listsCases(): void {
  beforeAll(async () => {
    rig = await openRig();
    for (let n = 0; n < 12; n++) {
      const intake = {
        ...(n % 5 === 4 ? { priority: 'urgent', priorityReason: 'travel' } : {}),
        ...(n >= 9 ? { family: 'F-1' } : {}),
      };
      jobs.push(n < 2 ? await rig.released(n, intake) : await rig.submitted(n, intake));
      await rig.office.pass(60_000);
    }
    expectStatus(await rig.as('sinta').post(`/jobs/${jobs[3]?.id}/hold`, { reason: 'a paper is missing' }), 200);
  });

  afterEach(() => expect(rig.faults).toEqual([]));

  afterAll(() => rig.close());

  describe('the queue', () => {
    const inTurn = [4, 9, 0, 1, 2, 3, 5, 6, 7, 8, 10, 11];

    test('is in turn: by priority, then first in first out', async () => {
      expect(await found('')).toEqual(inTurn);
      expect((await lists()).next).toBeNull();
    });

    test.each([1, 3, 5, 11, 12])('comes whole in pages of %i', async (limit) => {
      const items: Job[] = [];
      let page: Page = { items: [], next: '0' };
      while (page.next !== null) {
        page = await lists(`?limit=${limit}&cursor=${page.next}`);
        expect(page.items.length).toBeLessThanOrEqual(limit);
        items.push(...page.items);
      }
      expect(numbersOf(items)).toEqual(inTurn);
    });

    test('is filtered by state, family, numbers and lateness', async () => {
      expect(await found('?state=released')).toEqual([0, 1]);
      expect(await found('?state=held,released')).toEqual([0, 1, 3]);
      expect(await found('?family=F-1')).toEqual([9, 10, 11]);
      expect(await found('?family=F-1&state=released')).toEqual([]);
      expect(await found(`?q=${applicant(6).application}`)).toEqual([6]);
      expect(await found(`?q=${applicant(6).application.slice(0, 8)}`)).toEqual([]);
      expectStatus(
        await rig.as('sari').post('/printers/counter-1/bindings', { job: jobs[1]?.id, booklet: 'U0000001' }),
        201,
      );
      expect(await found('?q=U0000001')).toEqual([1]);
      expect(await found('?overdue=true')).toEqual([]);
      rig.office.clock.skew = 30 * 86_400_000;
      expect(await found('?overdue=true&limit=3')).toEqual([4, 9, 0]);
      rig.office.clock.skew = 0;
    });

    test.each([
      '?state=nowhere',
      '?state=held,',
      '?limit=0',
      '?limit=501',
      '?limit=1.5',
      '?limit=all',
      '?cursor=x',
      '?cursor=-1',
      '?overdue=maybe',
      '?q=a&q=b',
      `?q=${'x'.repeat(65)}`,
      '?name=ERIKSSON',
      '?__proto__=1',
    ])('is not listed by %s', async (query) => {
      const answer = await rig.as('agus').get(`/jobs${query}`);
      expect([answer.status, problemIn(answer).code]).toEqual([400, 'PST-601']);
      expect(problemIn(answer).errors?.length).toBeGreaterThan(0);
    });
  });

  describe('a search by name', () => {
    const searches = async (name: string) =>
      numbersOf((await rig.as('agus').post<Page>('/jobs/search', { name })).body.items);
    const { primaryIdentifier, secondaryIdentifier } = applicant(5).holder;

    /** A search among so many that it takes turns with other work, for which time must go by. */
    function searching(name: string) {
      const answer = rig.as('agus').post<Page>('/jobs/search', { name });
      const search = {
        answered: false,
        async items() {
          await rig.office.until('answered', () => search.answered);
          return (await answer).body.items;
        },
      };
      void answer.finally(() => {
        search.answered = true;
      });
      return search;
    }

    test('finds a part of the name, in any case', async () => {
      expect(await searches(primaryIdentifier)).toContain(5);
      expect(await searches(primaryIdentifier.toLowerCase())).toContain(5);
      expect(await searches(` ${primaryIdentifier} ${secondaryIdentifier ?? ''} `)).toEqual([5]);
      expect(await searches('NOBODY OF THAT NAME')).toEqual([]);
    });

    test('finds no pattern, only what is written', async () => {
      for (const pattern of ['%', '.*', '_', "' OR 1=1 --"]) expect(await searches(pattern)).toEqual([]);
    });

    test('is only in a body: nothing else carries a name, and the answer tells none', async () => {
      const answer = await rig.as('agus').post('/jobs/search', { name: primaryIdentifier });
      expect(answer.text).not.toContain(primaryIdentifier);
      expect((await rig.as('agus').get('/jobs')).text).not.toContain(primaryIdentifier);
      expect(problemIn(await rig.as('agus').get(`/jobs/search?name=${primaryIdentifier}`)).code).toBe('PST-401');
    });

    test('lets other work go on between records, and finds ended jobs too, those at work first', async () => {
      const { primaryIdentifier: name } = applicant(5).holder;
      for (let n = 0; n < 30; n++) {
        const record = JSON.parse(Buffer.from(recordOf(5)).toString());
        record.application = `SAME-NAME-${n}`;
        const answer = await rig
          .as('sari')
          .post<Job>('/jobs', { record: base64url(Buffer.from(JSON.stringify(record))) });
        expectStatus(answer, 201);
        if (n === 0)
          expectStatus(await rig.as('sinta').post(`/jobs/${answer.body.id}/cancel`, { reason: 'twice' }), 200);
      }
      const search = searching(name);
      await rig.as('agus').get('/jobs?limit=1');
      expect(search.answered).toBe(false);
      const applications = (await search.items()).map(({ application }) => application);
      expect(applications).toHaveLength(31);
      expect(applications.at(-1)).toBe('SAME-NAME-0');
    });

    test('and the holder of a job whose data were erased: nothing is found, and the reason is told', async () => {
      const erased = vi.spyOn(rig.office.journal, 'recordBytes').mockReturnValue(undefined);
      expect(await searching(primaryIdentifier).items()).toEqual([]);
      const holder = await rig.as('agus').get(`/jobs/${jobs[5]?.id}/holder`);
      expect([holder.status, problemIn(holder).code]).toEqual([410, 'PST-421']);
      erased.mockRestore();
    });
  });
}
