import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Booklet, BookletList } from '../../src/api/shapes.ts';
import { openRig, problemIn, type Rig } from './rig.ts';

let rig: Rig;

const receives = (from: string, to: string, delivery = 'DELIVERY-2') =>
  rig.as('sinta').post('/booklets', { receive: { from, to, delivery } });
const lists = async (query = '') => (await rig.as('agus').get<BookletList>(`/booklets${query}`)).body;

export function bookletsCases(): void {
  beforeAll(async () => {
    rig = await openRig({ blanks: { from: 'U0000001', to: 'U0000003' } });
  });

  afterEach(() => {
    expect(rig.faults).toEqual([]);
    expect(rig.office.journal.rebuildCheck()).toEqual([]);
  });

  afterAll(() => rig.close());

  describe('a delivery', () => {
    test('enters as a range, each number once, with its reference', async () => {
      const answer = await receives('A0099', 'A0101');
      expect([answer.status, answer.body]).toEqual([201, { received: 3, from: 'A0099', to: 'A0101' }]);
      expect((await rig.as('agus').get<Booklet>('/booklets/A0100')).body).toEqual({
        number: 'A0100',
        state: 'in-stock',
        delivery: 'DELIVERY-2',
        receivedAt: expect.any(String),
        job: null,
      });
    });

    test.each([
      ['overlaps at its end', 'U0000003', 'U0000005'],
      ['overlaps at its start', 'T0000001', 'T0000009'],
      ['holds one that is here', 'U0000000', 'U0000009'],
      ['is here already', 'U0000001', 'U0000003'],
    ])('that %s is refused whole', async (_, from, to) => {
      if (from.startsWith('T')) expect((await receives('T0000009', 'T0000012')).status).toBe(201);
      const before = rig.rows();
      const answer = await receives(from, to);
      expect([answer.status, problemIn(answer).code]).toEqual([409, 'PST-411']);
      expect(rig.rows()).toEqual(before);
      expect((await rig.as('agus').get('/booklets/U0000005')).status).toBe(404);
    });

    test.each([
      ['backwards', 'B0000009', 'B0000001'],
      ['of two series', 'B0000001', 'C0000002'],
      ['of two lengths', 'B1', 'B10'],
      ['of more than 10,000', 'B0000000', 'B0010000'],
      ['without digits', 'BA', 'BB'],
    ])('%s is no range', async (_, from, to) => {
      expect(problemIn(await receives(from, to)).code).toBe('PST-411');
    });

    test('of 10,000 is taken; of one, too', async () => {
      expect((await receives('D0000', 'D9999')).body).toMatchObject({ received: 10_000 });
      expect((await receives('E', 'E')).body).toMatchObject({ received: 1 });
    });

    test.each([
      ['lower case', 'b1'],
      ['ten characters', 'B000000001'],
      ['a space', 'B 1'],
      ['nothing', ''],
    ])('with numbers of %s is not as described', async (_, number) => {
      const answer = await receives(number, number);
      expect([answer.status, problemIn(answer).code]).toEqual([400, 'PST-601']);
      expect(problemIn(answer).errors?.map(({ path }) => path)).toContain('receive.from');
    });
  });

  describe('the stock', () => {
    test('is listed page by page, all of it once, with its counts', async () => {
      const numbers: string[] = [];
      let cursor: string | null = '';
      let pages = 0;
      while (cursor !== null) {
        const page: BookletList = await lists(`?limit=1000${cursor === '' ? '' : `&cursor=${cursor}`}`);
        numbers.push(...page.items.map(({ number }) => number));
        cursor = page.next;
        pages++;
      }
      expect(pages).toBe(11);
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(numbers).toEqual(numbers.toSorted());
      const { counts } = await lists('?limit=1');
      expect(counts).toEqual({
        'in-stock': numbers.length,
        bound: 0,
        good: 0,
        spoiled: 0,
        'in-doubt': 0,
        returned: 0,
        missing: 0,
        destroyed: 0,
      });
    });

    test('is listed by state', async () => {
      expect((await lists('?state=spoiled')).items).toEqual([]);
      expect((await lists('?state=in-stock&limit=2')).items).toHaveLength(2);
    });

    test.each([
      '?state=lost',
      '?limit=0',
      '?limit=1001',
      '?limit=x',
      '?stat=good',
      '?state=good&state=bound',
      '?cursor=0123456789',
    ])('is not listed by %s', async (query) => {
      const answer = await rig.as('agus').get(`/booklets${query}`);
      expect([answer.status, problemIn(answer).code]).toEqual([400, 'PST-601']);
    });

    test('does not have what nobody received', async () => {
      for (const answer of [
        await rig.as('agus').get('/booklets/Z9'),
        await rig.as('sari').post('/booklets/Z9/spoil', { reason: 'torn' }),
      ])
        expect([answer.status, problemIn(answer).code]).toEqual([404, 'PST-404']);
    });
  });
}
