import { describe, expect, it } from 'vitest';
import { type CentreFault, channelTo } from '../../mocks/central/index.ts';
import type { CentralAnswer } from '../../src/domain/world.ts';
import { verifyStatement } from '../../src/trust/verify.ts';
import { contextOf, statementWorld } from '../trust/world.ts';
import { claimsOf, office } from './central-office.ts';

describe('faults', () => {
  it('strike by time, by number of requests, for so long and so often', async () => {
    const { call, fault, time } = office();
    const status = async (): Promise<unknown> => {
      const reply = await call('GET', '/v2/health');
      return reply.kind === 'reset' ? 'reset' : reply.status;
    };
    fault({ kind: 'server-error', status: 502, trigger: { at: 'time', ms: 1000 }, forMs: 1000 });
    expect(await status()).toBe(200);
    await time.pass(1000);
    expect(await status()).toBe(502);
    await time.pass(1000);
    expect(await status()).toBe(200);
    fault({ kind: 'down', how: 'reset', trigger: { at: 'command', n: 2, name: 'health' }, times: 2 });
    expect([await status(), await status(), await status(), await status()]).toEqual([200, 'reset', 'reset', 200]);
    expect(() => fault({ kind: 'dwon', how: 'reset' } as unknown as CentreFault)).toThrow(RangeError);
  });

  it('of the answer: 429, nonsense, cut, too large', async () => {
    const { call, centre, feed, fault } = office();
    fault({ kind: 'too-many-requests', retryAfterSeconds: 7, times: 1 });
    expect(await feed()).toMatchObject({ status: 429, headers: { 'retry-after': '7' } });
    fault({ kind: 'not-json', times: 1 });
    await expect(feed()).rejects.toThrow(SyntaxError);
    fault({ kind: 'oversized', times: 1 });
    const large = await call('GET', '/v2/stations/kng-01/feed');
    expect(large.kind === 'answer' && large.body.length).toBe(9 * 1024 * 1024);
    fault({ kind: 'truncated', times: 1 });
    const cut = await call('GET', '/v2/stations/kng-01/feed');
    expect(cut.kind === 'answer' && cut.cutAt !== null && cut.cutAt < cut.body.length).toBe(true);
    expect(centre.faults.list()).toHaveLength(4);
    centre.faults.clear();
    expect((await feed()).status).toBe(200);
  });

  it('of the statements: order, repetition, nonsense between, damage; the good ones are all there', async () => {
    const { centre, feed, fault } = office();
    for (let i = 0; i < 10; i++) centre.revoke({ booklet: `X${i}` });
    const good: readonly unknown[] = (await feed()).body.statements;
    fault({ kind: 'random-order', seed: 3 });
    const shuffled: readonly unknown[] = (await feed()).body.statements;
    expect(shuffled).not.toEqual(good);
    expect(new Set(shuffled.map((s) => JSON.stringify(s)))).toEqual(new Set(good.map((s) => JSON.stringify(s))));
    centre.faults.clear();
    fault({ kind: 'duplicates' });
    expect((await feed()).body.statements.length).toBeGreaterThan(good.length);
    centre.faults.clear();
    fault({ kind: 'malformed-statements' });
    const mixed: readonly unknown[] = (await feed()).body.statements;
    expect(mixed).toEqual(expect.arrayContaining([...good]));
    expect(mixed.length).toBeGreaterThan(good.length);
    centre.faults.clear();
    fault({ kind: 'wrong-signature' });
    const damaged: readonly unknown[] = (await feed()).body.statements;
    const context = contextOf({ ...statementWorld(), centre, issuer: centre.issuer });
    const results = damaged.filter((s) => typeof s === 'string').map((text) => verifyStatement(text, context).result);
    expect(new Set(results)).toEqual(new Set(['bad-signature']));
    expect(results).toHaveLength(10);
  });

  it('lost answer: the reports are there though the station does not know', async () => {
    const { centre, call, fault, report, send } = office();
    fault({ kind: 'lost-answer', call: 'reports', times: 1 });
    const text = report('printed', {});
    expect(await call('POST', '/v2/stations/kng-01/reports', JSON.stringify({ reports: [text] }))).toEqual({
      kind: 'reset',
    });
    expect(centre.reports.list()).toHaveLength(1);
    expect((await send(text)).body.accepted).toEqual(['r-0']);
    expect(centre.reports.list()).toHaveLength(1);
  });

  it('slow: by the simulated clock', async () => {
    const { call, fault, time } = office();
    fault({ kind: 'slow', ms: 3000 });
    let done = false;
    const reply = call('GET', '/v2/health').then(() => {
      done = true;
    });
    await time.pass(2999);
    expect(done).toBe(false);
    await time.pass(1);
    await reply;
    expect(done).toBe(true);
  });

  it('a centre with a wrong clock says so under our nonce', async () => {
    const { call, fault, json } = office();
    const at = async (): Promise<string> =>
      claimsOf((await json(call('GET', '/v2/time?nonce=n-1'))).body.statement).time;
    expect(await at()).toBe('2026-09-21T14:13:20Z');
    fault({ kind: 'clock-off', seconds: 3600 });
    expect(await at()).toBe('2026-09-21T15:13:20Z');
  });
});

describe('the channel without a network', () => {
  const request = (path: string, timeout = 5000) => ({ method: 'GET' as const, path, authorization: '', timeout });
  const ask = (world: ReturnType<typeof office>, path = '/v2/health'): Promise<CentralAnswer> =>
    channelTo(world.protocol).request(request(path), new AbortController().signal);

  it('answers, and is unreachable in every way that a network has', async () => {
    const world = office();
    expect(await ask(world)).toEqual({ kind: 'answer', status: 200, body: '{"status":"ok"}', retryAfter: null });
    for (const fault of [
      { kind: 'down', how: 'refuse' },
      { kind: 'down', how: 'reset' },
      { kind: 'truncated' },
      { kind: 'oversized' },
      { kind: 'lost-answer' },
    ] as const) {
      world.fault(fault);
      expect(await ask(world)).toMatchObject({ kind: 'unreachable' });
      world.centre.faults.clear();
    }
    world.fault({ kind: 'too-many-requests', retryAfterSeconds: 9 });
    expect(await ask(world)).toMatchObject({ status: 429, retryAfter: 9_000 });
  });

  it('gives up at its timeout, and when told to', async () => {
    const world = office();
    world.fault({ kind: 'slow', ms: 10_000 });
    const late = ask(world);
    await world.time.pass(5000);
    expect(await late).toEqual({ kind: 'unreachable', detail: 'timed out' });
    const stop = new AbortController();
    const given = channelTo(world.protocol).request(request('/v2/health'), stop.signal);
    stop.abort();
    expect(await given).toEqual({ kind: 'unreachable', detail: 'given up' });
  });

  it('is as slow as the line', async () => {
    const world = office();
    world.fault({ kind: 'throttled', bytesPerSecond: 5 });
    const started = world.time.now();
    const slow = ask(world);
    let at = 0;
    void slow.then(() => {
      at = world.time.now() - started;
    });
    await world.time.pass(4000);
    expect(await slow).toMatchObject({ kind: 'answer', status: 200 });
    expect(at).toBeGreaterThan(0);
    expect(at).toBe((15 * 1000) / 5);
  });
});
