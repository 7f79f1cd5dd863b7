import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Job } from '../../src/api/shapes.ts';
import type { PersonalisationRecord } from '../../src/domain/record.ts';
import { applicant, recordOf } from '../station/office.ts';
import { base64url, openRig, problemIn, type Rig, submission } from './rig.ts';

let rig: Rig;

const hands = (body: unknown, headers = {}) => rig.as('sari').post<Job>('/jobs', body, headers);
const changed = (n: number, change: (record: Record<string, unknown>) => unknown): string => {
  const record = JSON.parse(Buffer.from(recordOf(n)).toString()) as Record<string, unknown>;
  return base64url(Buffer.from(JSON.stringify(change(record), null, 1)));
};
const refused = async (body: unknown) => {
  const before = rig.rows();
  const answer = await hands(body);
  expect(rig.rows()).toEqual(before);
  return { status: answer.status, problem: problemIn(answer) };
};

export function intakeCases(): void {
  beforeAll(async () => {
    rig = await openRig();
  });

  afterEach(() => {
    expect(rig.faults).toEqual([]);
    expect(rig.office.journal.rebuildCheck()).toEqual([]);
  });

  afterAll(() => rig.close());

  describe('a record', () => {
    test('is taken in byte for byte, and told as a job', async () => {
      const intake = {
        priority: 'urgent',
        priorityReason: 'a funeral abroad',
        family: 'F-1',
        travelDate: '2026-12-01',
        intakeAt: '2026-11-22T08:00:00+07:00',
        referredFrom: 'PNK',
      };
      const answer = await hands(submission(0, intake));
      expect(answer.status).toBe(201);
      const { body } = answer;
      expect(body).toEqual({
        id: expect.any(String),
        application: applicant(0).application,
        state: 'awaiting-approval',
        ippState: 'pending-held',
        family: 'F-1',
        priority: 'urgent',
        travelDate: '2026-12-01',
        receivedAt: new Date(rig.office.station.core.world.clock.now()).toISOString(),
        deadline: expect.any(String),
        stateReason: null,
        approval: null,
        booklet: null,
        printer: null,
        release: null,
        recordSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        attempts: [],
      });
      const kept = rig.office.journal.recordBytes(body.id) as Uint8Array;
      expect(Buffer.compare(kept, recordOf(0))).toBe(0);
    });

    test('handed in again is the same job: 200, and nothing is written', async () => {
      const first = await hands(submission(1));
      const before = rig.rows();
      const again = await hands(submission(1, { priority: 'normal' }));
      expect([again.status, again.body]).toEqual([200, first.body]);
      expect(rig.rows()).toEqual(before);
    });

    test('with other bytes for an application that is live is refused: 409', async () => {
      await hands(submission(2));
      const other = changed(2, (record) => ({ ...record, authority: 'ANOTHER OFFICE' }));
      const { status, problem } = await refused({ record: other });
      expect([status, problem.code]).toEqual([409, 'PST-402']);
      // The same data in another spelling are other bytes too.
      expect((await refused({ record: changed(2, (record) => record) })).status).toBe(409);
    });

    test('for an application that was cancelled is a new job', async () => {
      const { body: first } = await hands(submission(3));
      await rig.as('sinta').post(`/jobs/${first.id}/cancel`, { reason: 'withdrawn' });
      const again = await hands(submission(3));
      expect(again.status).toBe(201);
      expect(again.body.id).not.toBe(first.id);
    });

    test('of an application that was referred away does not come back', async () => {
      const { body: first } = await hands(submission(4));
      await rig.as('sinta').post(`/jobs/${first.id}/refer`, { office: 'PNK', reason: 'urgent' });
      expect(await refused(submission(4))).toMatchObject({ status: 409, problem: { code: 'PST-402' } });
    });
  });

  describe('what is no record', () => {
    test.each([
      ['padding', 'eyJhIjoxfQ=='],
      ['the other alphabet', '-_+/'],
      ['white space', 'eyJh IjoxfQ'],
      ['bits left over', 'eyJhIjoxfR'],
      ['an impossible length', 'eyJhI'],
      ['no base64 at all', 'Grüße'],
    ])('base64url with %s is refused', async (_, record) => {
      expect(await refused({ record })).toMatchObject({
        status: 400,
        problem: { code: 'PST-601', errors: [{ path: 'record', message: expect.any(String) }] },
      });
    });

    test.each([
      ['nothing', ''],
      ['text', 'hello'],
      ['a byte order mark', `\ufeff${Buffer.from('{}')}`],
      ['an array', '[]'],
      ['null', 'null'],
      ['a duplicate key', '{"schema":"passport-record/1","schema":"passport-record/1"}'],
      ['deep nesting', '['.repeat(100_000)],
    ])('%s is refused', async (_, text) => {
      const { status, problem } = await refused({ record: base64url(Buffer.from(text)) });
      expect([status, problem.code]).toEqual([400, 'PST-101']);
      expect(problem.errors?.length).toBeGreaterThan(0);
    });

    test('invalid UTF-8 is refused', async () => {
      expect((await refused({ record: base64url(Buffer.from([0x7b, 0xff, 0x7d])) })).problem.code).toBe('PST-101');
    });

    test('every wrong path is named at once', async () => {
      const record = changed(5, ({ holder, ...rest }) => ({
        ...rest,
        holder: { ...(holder as object), sex: 'Q', dateOfBirth: '1974-13-01', nickname: 'X' },
        authority: 7,
        extra: null,
      }));
      const { problem } = await refused({ record });
      expect(problem.errors?.map(({ path }) => path).toSorted()).toEqual([
        'authority',
        'extra',
        'holder.dateOfBirth',
        'holder.nickname',
        'holder.sex',
      ]);
    });

    test.each<[string, (record: PersonalisationRecord) => object, string, string]>([
      [
        'a portrait that does not decode',
        (r) => ({ ...r, portrait: { ...r.portrait, data: 'AAAA' } }),
        'PST-120',
        'portrait.data',
      ],
      ['a character that no font has', (r) => ({ ...r, authority: 'OFFICE 字' }), 'PST-121', 'authority'],
      [
        'a real State at a simulated station',
        (r) => ({ ...r, document: { ...r.document, issuingState: 'IDN' } }),
        'PST-102',
        'document.issuingState',
      ],
    ])('%s is refused', async (_, change, code, path) => {
      const record = changed(6, (read) => change(read as unknown as PersonalisationRecord));
      const { status, problem } = await refused({ record });
      expect([status, problem.code]).toEqual([400, code]);
      expect(problem.errors?.map((error) => error.path)).toContain(path);
    });

    test('a value is never told back', async () => {
      const record = changed(6, (read) => ({ ...read, authority: 'SECRET 字', document: 'SECRET' }));
      expect(JSON.stringify(await refused({ record }))).not.toContain('SECRET');
    });

    test('more than 2 MiB of record are refused by their size, more than the body may have with 413', async () => {
      const large = await refused({ record: base64url(Buffer.alloc(2 * 1024 * 1024 + 1, 0x20)) });
      expect([large.status, large.problem.code]).toEqual([400, 'PST-101']);
      const larger = await refused({ record: 'A'.repeat(3 * 1024 * 1024) });
      expect([larger.status, larger.problem.code]).toEqual([413, 'PST-605']);
    });

    test.each<[string, object]>([
      ['a raised priority without a reason', { priority: 'urgent' }],
      ['an unknown priority', { priority: 'vip', priorityReason: 'vip' }],
      ['a day that is none', { travelDate: '2026-02-30' }],
      ['a time without a zone', { intakeAt: '2026-11-22T08:00:00' }],
      ['a family with a space', { family: 'the family' }],
      ['words with a control character', { priority: 'urgent', priorityReason: 'a\u0000b' }],
      ['words that turn the writing direction', { referredFrom: 'PNK\u202e' }],
      ['an unknown member', { colour: 'red' }],
    ])('%s is refused', async (_, intake) => {
      const { status, problem } = await refused(submission(7, intake));
      expect(status).toBe(400);
      expect(problem.errors?.[0]?.path).toMatch(/^intake/);
    });
  });
}
