/** The link over real HTTP on loopback, in real time: what scripts and simulated time cannot show. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type CentreFault, type CentreServer, serveCentre } from '../../mocks/central/index.ts';
import { type HttpChannel, httpChannel } from '../../src/central/channel.ts';
import type { CentralChannel } from '../../src/domain/world.ts';
import { realClock, realRandomness, realTimers } from '../../src/station/world.ts';
import { createOffice } from './real-desk.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function loopbackOffice(waitSeconds = 1) {
  const base = { clock: realClock(), timers: realTimers, random: realRandomness };
  let channel: HttpChannel | null = null;
  const late: CentralChannel = { request: (request, signal) => channel!.request(request, signal) };
  const office = createOffice(base, () => late, waitSeconds);
  const server: CentreServer = await serveCentre(office.protocol);
  channel = httpChannel({ url: server.url, ca: null, timers: realTimers });
  ends.push(
    () => office.link.stop(),
    () => channel?.close(),
    () => server.close(),
  );
  return { ...office, server };
}

const settled = (check: () => void) => vi.waitFor(check, { timeout: 20_000, interval: 20 });

describe('over loopback', () => {
  test('statements, reports and the time go through, new ones without delay', async () => {
    const office = await loopbackOffice(20);
    office.publish(250);
    office.desk.report(120);
    office.desk.wantsTime = true;
    office.link.start();
    await settled(() => expect(office.owed()).toEqual({ statements: 0, reports: 0 }));
    // The feed also brings the trust bundle, as a general JWS in JSON text.
    expect(JSON.parse(office.desk.statements()[0]!)).toHaveProperty('signatures');
    expect(office.desk.times[0]?.statement.split('.')).toHaveLength(3);
    expect(office.link.state()).toMatchObject({ state: 'online', reason: null, failures: 0 });
    // A long poll is under way: what is published now is here long before it would end.
    const before = performance.now();
    office.publish(1);
    office.desk.report(1);
    office.link.nudge();
    await settled(() => expect(office.owed()).toEqual({ statements: 0, reports: 0 }));
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  test.each<[string, CentreFault, RegExp]>([
    ['down', { kind: 'down', how: 'refuse', forMs: 500 }, /^PST-801: .*ECONNREFUSED/],
    ['reset', { kind: 'down', how: 'reset', call: 'feed', times: 2 }, /^PST-801: feed: /],
    ['truncated', { kind: 'truncated', times: 2, seed: 3 }, /^PST-801: .*cut off/],
    ['5xx', { kind: 'server-error', times: 3 }, /^PST-804: .*HTTP 503/],
    ['429', { kind: 'too-many-requests', retryAfterSeconds: 3, times: 2 }, /^PST-804: .*HTTP 429/],
    ['lost answer', { kind: 'lost-answer', call: 'reports', times: 2 }, /^PST-801: reports: /],
    ['oversized', { kind: 'oversized', call: 'feed', times: 2 }, /^PST-801: .*larger than 8388608 bytes/],
    ['not JSON', { kind: 'not-json', times: 2 }, /^PST-803: /],
  ])('%s: shows, passes, and everything arrives once', async (_what, fault, reason) => {
    const office = await loopbackOffice();
    office.publish(30);
    office.desk.report(30);
    office.centre.faults.add(fault);
    await office.server.refresh();
    office.link.start();
    await settled(() => expect(office.owed()).toEqual({ statements: 0, reports: 0 }));
    expect(
      [...office.reasons].some((text) => reason.test(text)),
      [...office.reasons].join('; '),
    ).toBe(true);
    expect(office.centre.reports.list()).toHaveLength(30);
    expect(office.desk.accepted).toHaveLength(30);
  });

  test.each<[string, CentreFault]>([
    ['410', { kind: 'forget-cursors', trigger: { at: 'command', n: 2, name: 'feed' } }],
    ['duplicates', { kind: 'duplicates' }],
    ['random order', { kind: 'random-order' }],
    ['malformed statements mixed in', { kind: 'malformed-statements' }],
    ['slow', { kind: 'slow', ms: 300 }],
  ])('%s: no failure, only more or other pages', async (_what, fault) => {
    const office = await loopbackOffice();
    office.publish(150);
    office.desk.report(30);
    office.centre.faults.add(fault);
    office.link.start();
    await settled(() => expect(office.owed()).toEqual({ statements: 0, reports: 0 }));
    expect([...office.reasons]).toEqual([]);
    expect(office.link.state().state).toBe('online');
  });

  test('Retry-After is honoured to the second', async () => {
    const office = await loopbackOffice();
    office.publish(1);
    office.centre.faults.add({ kind: 'too-many-requests', retryAfterSeconds: 3, call: 'feed', times: 1 });
    const before = performance.now();
    office.link.start();
    await settled(() => expect(office.owed().statements).toBe(0));
    expect(performance.now() - before).toBeGreaterThanOrEqual(2_900);
  });

  test('a station that the centre does not know gets a clear reason', async () => {
    const office = await loopbackOffice();
    office.desk.hello = () => 'not-a-token';
    office.link.start();
    await settled(() => expect(office.link.state().reason).toMatch(/^PST-802: .*HTTP 401/));
  });

  test('stop hangs up the long poll at once', async () => {
    const office = await loopbackOffice(20);
    office.link.start();
    await settled(() => expect(office.link.state().state).toBe('online'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = performance.now();
    await office.link.stop();
    expect(performance.now() - before).toBeLessThan(1_000);
  });

  test('the counter is served while a backlog of 1,000 statements is drained', async () => {
    const office = await loopbackOffice();
    office.publish(1_000);
    office.desk.report(500);
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
    }, 1);
    office.link.start();
    await settled(() => expect(office.owed()).toEqual({ statements: 0, reports: 0 }));
    clearInterval(timer);
    expect(longest).toBeLessThan(500);
  });
});
