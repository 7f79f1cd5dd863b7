import { describe, expect, test } from 'vitest';
import { ERRORS } from '../../src/domain/errors.ts';
import { reports } from './desk.ts';
import { answer, createRig, inTurn, page, unreachable } from './rig.ts';

const gapsOf = (times: readonly number[]) => times.slice(1).map((at, i) => at - times[i]!);

describe('the state of the line', () => {
  test('is offline until it starts, probing while it is not known, online with the first good answer', async () => {
    const rig = createRig();
    expect(rig.link.state()).toEqual({
      state: 'offline',
      since: rig.at(0),
      reason: null,
      lastContact: null,
      failures: 0,
    });
    rig.on.feed = inTurn(
      ({ query }, signal) => rig.hold(300, () => page(query.get('after') ?? 'c'), signal),
      rig.on.feed,
    );
    rig.link.start();
    await rig.pass(0.1);
    expect(rig.link.state()).toMatchObject({ state: 'probing', since: rig.at(0), lastContact: null });
    await rig.pass(1);
    expect(rig.link.state()).toEqual({
      state: 'online',
      since: rig.at(300),
      reason: null,
      lastContact: rig.at(300),
      failures: 0,
    });
    expect(rig.path()).toEqual(['probing', 'online']);
    await rig.link.stop();
  });

  test('keeps the beginning of an outage through all probes', async () => {
    const rig = createRig();
    rig.link.start();
    await rig.pass(10);
    rig.on.feed = () => unreachable();
    await rig.pass(600);
    const { state, since, failures, lastContact, reason } = rig.link.state();
    expect(['offline', 'probing']).toContain(state);
    expect(reason).toBe('PST-801: feed: connection refused');
    expect(failures).toBeGreaterThan(10);
    expect(lastContact).toBe(rig.at(20_000));
    // The long poll that was under way ended well after 20 s; then came three failures in a row with short back-offs.
    expect(since - rig.at(0)).toBeLessThan(30_000);
    await rig.link.stop();
  });

  test('is degraded while the last five minutes saw failures but also successes', async () => {
    const rig = createRig();
    rig.on.feed = inTurn(page('c'), page('d'), unreachable('connection reset'), rig.on.feed);
    rig.link.start();
    await rig.pass(1.1);
    expect(rig.link.state()).toMatchObject({
      state: 'degraded',
      failures: 0,
      reason: 'PST-801: feed: connection reset',
    });
    const { since } = rig.link.state();
    await rig.pass(290);
    expect(rig.link.state()).toMatchObject({ state: 'degraded', since });
    await rig.pass(30);
    expect(rig.link.state()).toMatchObject({ state: 'online', reason: null });
    expect(rig.path()).toEqual(['probing', 'online', 'degraded', 'online']);
    await rig.link.stop();
  });

  test('is not offline when only the reports fail', async () => {
    const rig = createRig();
    rig.desk.waiting = reports(1);
    rig.on.reports = () => answer('', 500);
    rig.link.start();
    await rig.pass(900);
    expect(rig.path()).toEqual(['probing', 'online', 'degraded']);
    expect(rig.link.state().reason).toMatch(/^PST-804: reports: /);
    expect(rig.asked('reports').length).toBeGreaterThan(10);
    await rig.link.stop();
  });

  test('a long poll is asked only on a line that stands: the end of an outage shows at once', async () => {
    const rig = createRig();
    rig.on.feed = inTurn(unreachable(), unreachable(), rig.on.feed);
    rig.link.start();
    await rig.pass(10);
    expect(rig.asked('feed').map(({ query }) => query.get('wait'))).toEqual(['0', '0', '0', '20']);
    await rig.link.stop();
  });

  test.each([401, 403])('says clearly when the centre does not accept the station (HTTP %i)', async (status) => {
    const rig = createRig();
    rig.on.feed = () => answer('', status);
    rig.link.start();
    await rig.pass(10);
    expect(rig.link.state().reason).toBe(`PST-802: feed: the centre does not accept this station (HTTP ${status})`);
    expect(ERRORS['PST-802'].en.remedy).toMatch(/clock.*enrolled/);
    expect(rig.desk.hellos).toBe(rig.asked().length);
    await rig.link.stop();
  });

  test.each([404, 501, 302, 400, 204])(
    'an answer that is not in the contract (HTTP %i) is a failure',
    async (status) => {
      const rig = createRig();
      rig.on.feed = () => answer('{"cursor":"c","statements":[]}', status);
      rig.link.start();
      await rig.pass(10);
      expect(rig.desk.pages).toEqual([]);
      expect(rig.link.state().reason).toContain(`HTTP ${status}`);
      await rig.link.stop();
    },
  );
});

describe('back-off', () => {
  test('is exponential with full jitter, from 1 s to 60 s', async () => {
    const longest = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    const early: number[] = [];
    for (let seed = 1; seed <= 40; seed++) {
      const rig = createRig({ seed });
      rig.on.feed = () => unreachable();
      rig.link.start();
      await rig.pass(700);
      const gaps = gapsOf(rig.asked('feed').map(({ at }) => at)).slice(0, 10);
      expect(gaps).toHaveLength(10);
      gaps.forEach((gap, i) => {
        expect(gap).toBeGreaterThanOrEqual(1_000);
        expect(gap).toBeLessThanOrEqual(Math.min(60_000, 1_000 * 2 ** i));
        longest[i] = Math.max(longest[i]!, gap);
      });
      early.push(gaps[9]!);
      await rig.link.stop();
    }
    // Full jitter: the whole range is used, not a band below the ceiling.
    longest.forEach((gap, i) => {
      expect(gap).toBeGreaterThan(0.8 * Math.min(60_000, 1_000 * 2 ** i));
    });
    expect(Math.min(...early)).toBeLessThan(15_000);
  });

  test.each([429, 503])('leaves the centre alone for as long as it asks (HTTP %i)', async (status) => {
    const rig = createRig();
    rig.on.feed = inTurn(answer('', status, 45_000), rig.on.feed);
    rig.link.start();
    await rig.pass(44.9);
    expect(rig.asked('feed')).toHaveLength(1);
    await rig.pass(0.2);
    expect(rig.asked('feed').length).toBeGreaterThan(1);
    await rig.link.stop();
  });

  test('a slip in Retry-After does not silence the station for days', async () => {
    const rig = createRig();
    rig.on.feed = inTurn(answer('', 429, 1e15), rig.on.feed);
    rig.link.start();
    await rig.pass(3_601);
    expect(rig.link.state().state).toBe('online');
    await rig.link.stop();
  });

  test('new reports do not break a back-off', async () => {
    const rig = createRig();
    rig.desk.waiting = reports(1);
    rig.on.reports = () => answer('', 429, 30_000);
    rig.link.start();
    for (let second = 0; second < 29; second++) {
      rig.link.nudge();
      await rig.pass(1);
    }
    expect(rig.asked('reports')).toHaveLength(1);
    await rig.link.stop();
  });

  test('when the line comes back, reports go at once, unless the centre asked for a pause', async () => {
    for (const paused of [false, true]) {
      const rig = createRig();
      rig.desk.waiting = reports(1);
      let up = false;
      const { feed: goodFeed, reports: goodReports } = rig.on;
      rig.on.feed = (request, signal) => (up ? goodFeed(request, signal) : unreachable());
      rig.on.reports = (request, signal) =>
        up ? goodReports(request, signal) : paused ? answer('', 503, 600_000) : unreachable();
      rig.link.start();
      await rig.pass(300);
      up = true;
      await rig.pass(61);
      const back = rig.states.find(({ state }) => state === 'online')!;
      const firstGood = rig.asked('reports').find(({ at }) => rig.at(at) >= back.since);
      expect(firstGood === undefined ? null : rig.at(firstGood.at)).toBe(paused ? null : back.since);
      await rig.link.stop();
    }
  });
});

describe('the link as a whole', () => {
  test('never has two questions of one direction open', async () => {
    const rig = createRig();
    rig.desk.wantsTime = true;
    rig.desk.waiting = reports(120);
    const { reports: take, feed } = rig.on;
    rig.on.reports = (request, signal) =>
      rig.hold(700, () => take(request, signal) as ReturnType<typeof unreachable>, signal);
    rig.on.time = (_request, signal) => {
      expect(rig.most.feed).toBe(0);
      return rig.hold(500, () => answer({ statement: 't' }), signal);
    };
    rig.on.feed = feed;
    rig.link.start();
    for (let i = 0; i < 40; i++) {
      rig.link.nudge();
      await rig.pass(0.2);
    }
    expect(rig.most).toEqual({ feed: 1, reports: 1, time: 1 });
    expect(rig.desk.accepted).toHaveLength(120);
    await rig.link.stop();
  });

  test('marks every effect before and after', async () => {
    const rig = createRig();
    rig.desk.wantsTime = true;
    rig.desk.waiting = reports(1);
    rig.on.feed = inTurn(page('c1'), rig.on.feed);
    rig.link.start();
    await rig.pass(0.1);
    expect(new Set(rig.boundaries)).toEqual(
      new Set(
        ['time', 'feed', 'reports'].flatMap((topic) => [
          `effect:before:central-${topic}`,
          `effect:after:central-${topic}`,
        ]),
      ),
    );
    await rig.link.stop();
  });

  test('stop hangs up a long poll, cuts a back-off, and nothing reaches the desk afterwards', async () => {
    const rig = createRig();
    rig.desk.waiting = reports(1);
    rig.on.reports = () => unreachable();
    let late: (() => void) | null = null;
    rig.on.feed = inTurn(page('c1', 'a'), () => new Promise((resolve) => (late = () => resolve(page('c2', 'late')))));
    rig.link.start();
    await rig.pass(5);
    const stopped = rig.link.stop();
    // This channel ignores the signal: the answer comes although nobody waits for it.
    late!();
    await stopped;
    await rig.pass(600);
    expect(rig.desk.statements()).toEqual(['a']);
    const questions = rig.asked().length;
    await rig.pass(600);
    expect(rig.asked()).toHaveLength(questions);
  });

  test('can be started again after a stop, and twice is once', async () => {
    const rig = createRig();
    rig.link.start();
    rig.link.start();
    await rig.pass(5);
    await rig.link.stop();
    await rig.link.stop();
    const before = rig.asked('feed').length;
    expect(rig.most.feed).toBe(1);
    rig.link.start();
    await rig.pass(5);
    expect(rig.asked('feed').length).toBeGreaterThan(before);
    expect(rig.link.state().state).toBe('online');
    await rig.link.stop();
  });

  test('a stop before the first question asks nothing', async () => {
    const rig = createRig();
    rig.link.start();
    await rig.link.stop();
    await rig.pass(5);
    expect(rig.asked()).toEqual([]);
  });

  test('an unexpected failure of the desk shows, without what it may quote, and does not end the link', async () => {
    const rig = createRig();
    const store = rig.desk.receive.bind(rig.desk);
    let faults = 2;
    rig.desk.receive = (statements, cursor) => {
      if (faults-- > 0) throw new TypeError('ERIKSSON');
      store(statements, cursor);
    };
    rig.on.feed = inTurn(page('c1', 'a'), page('c1', 'a'), page('c1', 'a'), rig.on.feed);
    rig.link.start();
    await rig.pass(0.5);
    expect(rig.link.state().reason).toBe('PST-706: TypeError');
    await rig.pass(10);
    expect(rig.desk.statements()).toEqual(['a']);
    await rig.link.stop();
  });

  test('a listener that was taken off hears nothing more', async () => {
    const rig = createRig();
    let heard = 0;
    const off = rig.link.onChange(() => heard++);
    rig.link.start();
    await rig.pass(1);
    expect(heard).toBeGreaterThan(0);
    off();
    const before = heard;
    await rig.pass(60);
    expect(heard).toBe(before);
    await rig.link.stop();
  });
});
