import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Central, Job, OutboxItem, StatementsAnswer } from '../../src/api/shapes.ts';
import { openRig, problemIn, type Rig } from './rig.ts';

/** No line to the centre here: everything it says comes on a stick. */
let rig: Rig;

const imports = (body: unknown, type = 'application/json') =>
  rig.as('otto').post<StatementsAnswer>('/statements', body, { 'content-type': type });
const imported = async (body: unknown, type?: string) => (await imports(body, type)).body.results;

/** What the centre signs for an application that it has heard of by a stick. */
async function approvalFor(n: number): Promise<{ job: Job; approve: (exp?: number) => string }> {
  const job = await rig.submitted(n);
  const record = { sha256: job.recordSha256, bytes: (rig.office.journal.recordBytes(job.id) as Uint8Array).length };
  const { issuer } = rig.office.centre;
  return { job, approve: () => issuer.approval({ aud: 'office:KNG', application: job.application, record }) };
}

export function statementsCases(): void {
  beforeAll(async () => {
    rig = await openRig({ central: 'none' });
  });

  afterEach(() => {
    expect(rig.faults).toEqual([]);
    expect(rig.office.journal.rebuildCheck()).toEqual([]);
  });

  afterAll(() => rig.close());

  describe('statements on a stick', () => {
    test('are judged one by one: one bad one does not stand in the way of the others', async () => {
      const { job, approve } = await approvalFor(0);
      const { issuer } = rig.office.centre;
      const good = approve();
      const forged = `${good.slice(0, -4)}AAAA`;
      const elsewhere = issuer.approval({
        aud: 'office:XYZ',
        application: 'A-1',
        record: { sha256: '0'.repeat(64), bytes: 1 },
      });
      const later = issuer.approval({
        aud: '*',
        application: 'A-2',
        record: { sha256: '0'.repeat(64), bytes: 1 },
        nbf: issuer.now() + 86_400,
      });
      const unknown = issuer.approval({ aud: '*', application: 'A-3', record: { sha256: '0'.repeat(64), bytes: 1 } });
      const lines = [forged, 'rubbish', elsewhere, later, '', good, unknown, good].join('\r\n');
      expect(await imported(lines, 'text/plain')).toEqual([
        { status: 'refused', kind: expect.anything(), jti: expect.anything(), reason: 'bad-signature' },
        { status: 'refused', kind: null, jti: null, reason: 'malformed' },
        { status: 'refused', kind: 'approval', jti: expect.any(String), reason: 'wrong-audience' },
        { status: 'kept', kind: 'approval', jti: expect.any(String), reason: 'not-yet-valid' },
        { status: 'stored', kind: 'approval', jti: expect.any(String), reason: null },
        { status: 'stored', kind: 'approval', jti: expect.any(String), reason: null },
        { status: 'known', kind: 'approval', jti: expect.any(String), reason: null },
      ]);
      expect(rig.office.jobState(job.id)).toBe('approved');
    });

    test('mean the same as JSON, as texts or as a bundle’s own object', async () => {
      const { job, approve } = await approvalFor(1);
      const bundle = rig.office.centre.bundle();
      expect(await imported({ statements: [approve(), bundle, JSON.stringify(bundle)] })).toMatchObject([
        { status: 'stored', kind: 'approval' },
        { status: 'known', kind: 'trust' },
        { status: 'known', kind: 'trust' },
      ]);
      expect(rig.office.jobState(job.id)).toBe('approved');
      expect(await imported(JSON.stringify(bundle, null, 2), 'text/plain')).toMatchObject([
        { status: 'known', kind: 'trust' },
      ]);
    });

    test('that came before the application are applied when it comes', async () => {
      const { job, approve } = await approvalFor(2);
      await rig.as('sinta').post(`/jobs/${job.id}/cancel`, { reason: 'entered twice' });
      expect(await imported({ statements: [approve()] })).toMatchObject([{ status: 'stored' }]);
      expect((await rig.submitted(2)).state).toBe('approved');
    });

    test('come as a thousand, and not as more', async () => {
      expect(await imported(Array(1000).fill('x').join('\n'), 'text/plain')).toHaveLength(1000);
      for (const answer of [
        await imports(Array(1001).fill('x').join('\n'), 'text/plain'),
        await imports({ statements: Array(1001).fill('x') }),
      ])
        expect([answer.status, problemIn(answer).code]).toEqual([400, 'PST-601']);
      expect(await imported('', 'text/plain')).toEqual([]);
    });

    test.each([null, 7, [], { deeply: [[[[]]]] }, '\u0000', '{"payload":', { payload: 'x', signatures: [] }])(
      'that are none are refused: %j',
      async (statement) => {
        const [result, ...more] = await imported({ statements: [statement] });
        expect(more).toEqual([]);
        // What begins like an object is taken for a bundle that somebody has spoiled.
        const kind = JSON.stringify(statement).match(/^"?\{/) ? 'trust' : null;
        expect(result).toEqual({ status: 'refused', kind, jti: null, reason: 'malformed' });
      },
    );
  });

  describe('the centre', () => {
    test('is told as it stands: no link, the bundle, the clock, what waits', async () => {
      const { body } = await rig.as('tina').get<Central>('/central');
      expect(body).toMatchObject({ state: 'none', clock: 'trusted', bundle: { version: 1 } });
      expect(body.outbox.waiting).toBeGreaterThan(0);
    });

    test('has reports waiting, in their order', async () => {
      const { items, next } = (await rig.as('tina').get<{ items: OutboxItem[]; next: null }>('/outbox')).body;
      expect(next).toBeNull();
      expect(items.map(({ seq }) => seq)).toEqual(items.map((_, at) => at + 1));
      expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['waiting']));
      expect(items.map(({ kind }) => kind)).toContain('approval-requested');
    });
  });
}
