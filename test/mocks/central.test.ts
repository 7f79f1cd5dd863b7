import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUTOMATIC, controlCentre, keptIdentity } from '../../mocks/central/index.ts';
import { createIdentity, signHello, signReport } from '../../src/trust/identity.ts';
import { verifyStatement } from '../../src/trust/verify.ts';
import { bundleInForce, contextOf, NOW, seeded, simulatedCentre, statementWorld } from '../trust/world.ts';
import { claimsOf, identity, office, record } from './central-office.ts';

describe('the feed', () => {
  it('starts with the trust bundle and goes on from its cursor', async () => {
    const { centre, feed } = office();
    const first = await feed();
    expect(first.body.statements).toHaveLength(1);
    expect(first.body.statements[0]).toHaveProperty('signatures');
    expect((await feed(`?after=${first.body.cursor}`)).body.statements).toEqual([]);
    centre.revoke({ booklet: 'X1' });
    const second = await feed(`?after=${first.body.cursor}`);
    expect(second.body.statements).toHaveLength(1);
    expect((await feed(`?after=${second.body.cursor}`)).body).toEqual({ cursor: second.body.cursor, statements: [] });
  });

  it('is cut into pages of the wanted size', async () => {
    const { centre, feed } = office();
    for (let i = 0; i < 5; i++) centre.revoke({ booklet: `X${i}` });
    const sizes: number[] = [];
    let after = '';
    for (let page = 0; page < 4; page++) {
      const { body } = await feed(`?limit=2${after}`);
      sizes.push(body.statements.length);
      after = `&after=${body.cursor}`;
    }
    expect(sizes).toEqual([2, 2, 2, 0]);
  });

  it('has only what is meant for the station', async () => {
    const { centre, feed } = office();
    for (const aud of ['station:other', 'office:PNK', 'office:KNG', 'station:kng-01', '*']) {
      centre.revoke({ booklet: 'X1' }, { aud });
    }
    const { body } = await feed();
    expect(body.statements.slice(1).map((text: string) => claimsOf(text).aud)).toEqual([
      'office:KNG',
      'station:kng-01',
      '*',
    ]);
  });

  it('waits as long as it is told, and ends with the first statement', async () => {
    const { centre, feed, time } = office();
    const { cursor } = (await feed()).body;
    const waiting = feed(`?after=${cursor}&wait=20`);
    await time.pass(5000);
    centre.revoke({ booklet: 'X1' });
    expect((await waiting).body.statements).toHaveLength(1);
    const empty = feed(`?after=${(await feed()).body.cursor}&wait=20`);
    let done = false;
    void empty.then(() => {
      done = true;
    });
    await time.pass(19_999);
    expect(done).toBe(false);
    await time.pass(1);
    expect((await empty).body.statements).toEqual([]);
  });

  it('answers 410 to a cursor that it does not know', async () => {
    const { fault, feed } = office();
    const { cursor } = (await feed()).body;
    expect((await feed('?after=nonsense')).status).toBe(410);
    fault({ kind: 'forget-cursors' });
    expect((await feed(`?after=${cursor}`)).status).toBe(410);
    const again = await feed();
    expect(again).toMatchObject({ status: 200 });
    expect((await feed(`?after=${again.body.cursor}`)).status).toBe(200);
  });
});

describe('a stranger', () => {
  it.each([
    ['no token', null],
    ['another kind', 'report'],
    ['another time', 'old'],
    ['another station', 'other'],
    ['another key', 'forged'],
    ['a changed token', 'changed'],
  ])('with %s is turned away', async (_, how) => {
    const { protocol, report, authorization } = office();
    const other = createIdentity('kng-02', 'KNG', Buffer.alloc(32, 1));
    const forged = createIdentity('kng-01', 'KNG', Buffer.alloc(32, 1));
    const bearer = {
      report: `Bearer ${report('stock', {})}`,
      old: `Bearer ${signHello(identity, { jti: 'h', iat: NOW - 121 })}`,
      other: `Bearer ${signHello(other, { jti: 'h', iat: NOW })}`,
      forged: `Bearer ${signHello(forged, { jti: 'h', iat: NOW })}`,
      changed: authorization().replace(/..$/, 'AA'),
    }[how ?? ''];
    const request = { method: 'GET', path: '/v2/stations/kng-01/feed', authorization: bearer ?? null, body: '' };
    expect(await protocol.handle(request, new AbortController().signal)).toMatchObject({ status: 401 });
    const good = { ...request, authorization: authorization() };
    expect(await protocol.handle(good, new AbortController().signal)).toMatchObject({ status: 200 });
  });
});

describe('reports', () => {
  it('have one effect however often they come', async () => {
    const { centre, report, send } = office();
    const text = report('printed', { application: 'A-1' });
    expect((await send(text, text)).body).toEqual({ accepted: ['r-0', 'r-0'], refused: [] });
    expect((await send(text)).body).toEqual({ accepted: ['r-0'], refused: [] });
    expect(centre.reports.list()).toHaveLength(1);
    const other = report('printed', { application: 'A-2' }, { jti: 'r-0' });
    expect((await send(other)).body.refused).toEqual([{ jti: 'r-0', reason: 'jti with other content' }]);
  });

  it('are refused one by one, never because of another', async () => {
    const { report, send } = office();
    const forged = createIdentity('kng-01', 'KNG', Buffer.alloc(32, 1));
    const claims = { jti: 'x', iat: NOW, seq: 9, kind: 'printed' as const, content: {} };
    const { body } = await send(
      report('printed', {}),
      'nonsense',
      17,
      signReport(forged, claims),
      signReport(createIdentity('kng-02', 'KNG', Buffer.alloc(32, 1)), claims),
      signHello(identity, { jti: 'h', iat: NOW }),
      report('stock', {}),
    );
    expect(body.accepted).toEqual(['r-0', 'r-1']);
    expect(body.refused.map((entry: { reason: string }) => entry.reason)).toEqual([
      'malformed',
      'malformed',
      'unknown key',
      'from another station',
      'malformed',
    ]);
  });

  it('show their gaps', async () => {
    const { centre, report, send } = office();
    const [, second, , fourth] = [report('stock', {}), report('stock', {}), report('stock', {}), report('stock', {})];
    await send(second, fourth);
    expect(centre.reports.gaps('kng-01')).toEqual([2]);
  });
});

describe('an application', () => {
  const requested = { application: 'A-1', record };

  it('is known from the report, and approved by hand for exactly that record', async () => {
    const { centre, feed, report, send } = office();
    await send(report('approval-requested', requested));
    expect(centre.applications.get('A-1')).toMatchObject({ state: 'requested', record, station: 'kng-01' });
    centre.approve('A-1', { booklet: 'X0000017' });
    const text = (await feed()).body.statements.at(-1);
    expect(claimsOf(text)).toMatchObject({
      application: 'A-1',
      record,
      booklet: 'X0000017',
      aud: 'office:KNG',
      replaces: null,
    });
    const world = { ...statementWorld(), centre, issuer: centre.issuer };
    expect(verifyStatement(text, contextOf(world))).toMatchObject({ result: 'valid', statement: { kind: 'approval' } });
    expect(() => centre.approve('A-2')).toThrow(RangeError);
  });

  it('is decided by itself after a delay, at random inside a family, some rejected', async () => {
    const { centre, report, send, time } = office({ ...AUTOMATIC, delaySeconds: [10, 1000], rejectShare: 0.3 });
    const names = Array.from({ length: 40 }, (_, i) => `F-${i}`);
    await send(...names.map((application) => report('approval-requested', { application, record, family: 'F' })));
    const states = () => [...centre.applications.values()].map((entry) => entry.state);
    await time.pass(9_000);
    expect(new Set(states())).toEqual(new Set(['requested']));
    await time.pass(400_000);
    const decided = names.filter((name) => centre.applications.get(name)?.state !== 'requested');
    expect(decided.length).toBeGreaterThan(5);
    expect(decided.length).toBeLessThan(35);
    expect(decided).not.toEqual(names.slice(0, decided.length));
    await time.pass(600_000);
    expect(new Set(states())).toEqual(new Set(['approved', 'rejected']));
  });

  it('is decided no faster than the centre can', async () => {
    const { centre, report, send, time } = office({ ...AUTOMATIC, delaySeconds: [0, 0], perHour: 60 });
    const names = Array.from({ length: 30 }, (_, i) => `D-${i}`);
    await send(...names.map((application) => report('approval-requested', { application, record })));
    await time.pass(600_000);
    const approved = [...centre.applications.values()].filter((entry) => entry.state === 'approved');
    expect(approved).toHaveLength(11);
  });

  it('whose book was spoiled gets an approval that replaces the spent one', async () => {
    const { centre, feed, report, send, time } = office({ ...AUTOMATIC, delaySeconds: [1, 1] });
    await send(report('approval-requested', requested));
    await time.pass(1000);
    const first = claimsOf((await feed()).body.statements.at(-1)).jti;
    await send(report('spoiled', { application: 'A-1', approval: first }), report('approval-requested', requested));
    await time.pass(1000);
    const { statements } = (await feed()).body;
    expect(statements).toHaveLength(3);
    expect(claimsOf(statements.at(-1))).toMatchObject({ application: 'A-1', replaces: first });
    await send(report('approval-requested', requested));
    await time.pass(10_000);
    expect(centre.applications.get('A-1')?.approvals).toHaveLength(2);
  });

  it('is billed and paid', async () => {
    const { feed, kinds, report, send, time } = office({
      ...AUTOMATIC,
      billing: { ...AUTOMATIC.billing, paidAfterSeconds: [60, 60] },
    });
    await send(report('billing-requested', requested));
    expect(kinds((await feed()).body.statements)).toContain('passport-billing+jws');
    expect(kinds((await feed()).body.statements)).not.toContain('passport-payment+jws');
    await time.pass(60_000);
    expect(kinds((await feed()).body.statements)).toContain('passport-payment+jws');
  });

  it('checkpoints are witnessed, sticks get a signed receipt', async () => {
    const { centre, feed, report, send } = office();
    const root = Buffer.alloc(32, 3).toString('base64');
    await send(report('checkpoint', { checkpoint: `kng-01/audit\n100\n${root}\n\n— kng-01 AAAA\n` }));
    expect(claimsOf((await feed()).body.statements.at(-1))).toMatchObject({ origin: 'kng-01/audit', size: 100, root });
    const receipt = centre.takeStick('kng-01', [report('stock', {}), 'nonsense']);
    expect(claimsOf(receipt)).toMatchObject({ aud: 'station:kng-01', accepted: ['r-1'] });
  });
});

describe('version 1', () => {
  const v1 = { token: 'secret', station: 'kng-01' };

  it('asks, polls and reports', async () => {
    const { call, centre, json, protocol, report } = office(undefined, { v1 });
    const bearer = 'Bearer secret';
    const poll = () => json(call('GET', '/v1/applications/A-1/approval', '', bearer));
    expect((await poll()).status).toBe(404);
    const asked = await json(call('POST', '/v1/applications', JSON.stringify({ application: 'A-1', record }), bearer));
    expect(asked.status).toBe(200);
    expect((await poll()).body).toEqual({ status: 'PENDING' });
    const statement = centre.approve('A-1');
    expect((await poll()).body).toEqual({ status: 'APPROVED', statement });
    const result = { application: 'A-1', booklet: 'X1', outcome: 'PRINTED', report: report('printed', {}) };
    expect((await json(call('POST', '/v1/results', JSON.stringify(result), bearer))).status).toBe(200);
    expect(protocol.results).toHaveLength(1);
    expect(centre.reports.list()).toHaveLength(1);
    expect((await json(call('GET', '/v1/applications/A-1/approval', '', 'Bearer other'))).status).toBe(401);
  });

  it('and version 2 come and go', async () => {
    const { feed, protocol } = office(undefined, { v1, versions: { v1: true, v2: false } });
    expect((await feed()).status).toBe(404);
    controlCentre(protocol, { do: 'versions', v2: true });
    expect((await feed()).status).toBe(200);
  });
});

describe('the controls', () => {
  it('do everything by JSON', () => {
    const { protocol, centre } = office();
    const control = (command: object): unknown => controlCentre(protocol, JSON.parse(JSON.stringify(command)));
    expect(control({ do: 'roots' })).toMatchObject({ threshold: 2, roots: [{ kid: 'root-a', alg: 'Ed25519' }, {}] });
    control({ do: 'request', application: 'A-1', record, station: 'kng-01' });
    control({ do: 'request', application: 'A-2', record, station: 'kng-01' });
    expect(control({ do: 'approve', application: 'A-1', booklet: 'X1' })).toHaveProperty('statement');
    expect(control({ do: 'approve-all' })).toHaveProperty('statements.length', 1);
    expect(control({ do: 'reject', application: 'A-2' })).toHaveProperty('statement');
    expect(control({ do: 'revoke', approval: 'a' })).toHaveProperty('statement');
    expect(() => control({ do: 'revoke' })).toThrow(RangeError);
    expect(control({ do: 'policy', preset: 'automatic', change: { perHour: 5 } })).toMatchObject({
      mode: 'automatic',
      perHour: 5,
    });
    expect(control({ do: 'fault', fault: { kind: 'slow', ms: 5 } })).toMatchObject({
      faults: [{ kind: 'slow', ms: 5 }],
    });
    expect(control({ do: 'state' })).toMatchObject({
      applications: { requested: 0, approved: 1, rejected: 1 },
      policy: 'automatic',
    });
    expect(control({ do: 'heal' })).toEqual({ faults: [] });
    expect(control({ do: 'publish-bundle', expiresInSeconds: 60 })).toHaveProperty('signatures');
    expect(bundleInForce({ centre, now: NOW })).toMatchObject({ version: 2, expires: NOW + 60 });
    expect(JSON.parse(JSON.stringify(control({ do: 'applications' })))).toHaveLength(2);
    expect(() => control({ do: 'nothing' })).toThrow(RangeError);
  });
});

describe('a restart', () => {
  it('keeps the keys, and goes on above the last bundle', () => {
    const directory = mkdtempSync(join(tmpdir(), 'centre-'));
    try {
      const [first, second] = [keptIdentity(directory, seeded(1)), keptIdentity(directory, seeded(2))];
      expect(Buffer.from(second.seed).equals(Buffer.from(first.seed))).toBe(true);
      expect(second.firstVersion).toBeGreaterThan(first.firstVersion);
      const before = simulatedCentre(first).centre;
      const after = simulatedCentre(second).centre;
      expect(after.issuer.rootsFile()).toEqual(before.issuer.rootsFile());
      const old = before.feed.page(new Set(['*']), null, 10)?.cursor ?? '';
      expect(after.feed.page(new Set(['*']), old, 10)).toBeNull();
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
