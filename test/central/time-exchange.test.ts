import { describe, expect, test } from 'vitest';
import { answer, createRig, unreachable } from './rig.ts';

describe('the time exchange', () => {
  test('asks with a fresh nonce before the feed, only when the clock wants it', async () => {
    const rig = createRig();
    rig.desk.wantsTime = true;
    rig.on.time = ({ query }) => answer({ statement: `time for ${query.get('nonce')}` });
    rig.link.start();
    await rig.pass(0.1);
    const nonces = rig.asked('time').map(({ query }) => query.get('nonce')!);
    expect(rig.asked()[0]).toMatchObject({
      topic: 'time',
      method: 'GET',
      timeout: 30_000,
      authorization: 'Bearer hello-1',
    });
    expect(nonces).toHaveLength(1);
    expect(nonces[0]).toMatch(/^[\w-]{22}$/);
    expect(rig.desk.times).toEqual([{ nonce: nonces[0], statement: `time for ${nonces[0]}` }]);
    await rig.pass(100);
    expect(rig.asked('time')).toHaveLength(1);
    rig.desk.wantsTime = true;
    await rig.pass(30);
    expect(new Set(rig.asked('time').map(({ path }) => path)).size).toBe(2);
    await rig.link.stop();
  });

  test.each([
    ['no answer', unreachable()],
    ['an error', answer('', 500)],
    ['no JSON', answer('now')],
    ['an unknown member', answer({ statement: 't', time: 1 })],
    ['no text', answer({ statement: null })],
  ])('a centre that gives %s still serves the feed, and is asked again with growing pauses', async (_what, reply) => {
    const rig = createRig({ waitSeconds: 1 });
    rig.desk.wantsTime = true;
    rig.on.time = () => reply;
    rig.link.start();
    await rig.pass(300);
    expect(rig.desk.times).toEqual([]);
    expect(rig.asked('feed').length).toBeGreaterThan(200);
    expect(rig.asked('time').length).toBeGreaterThan(5);
    expect(rig.asked('time').length).toBeLessThan(40);
    expect(rig.link.state()).toMatchObject({ state: 'degraded', failures: 0 });
    await rig.link.stop();
  });

  test('honours Retry-After by itself', async () => {
    const rig = createRig({ waitSeconds: 1 });
    rig.desk.wantsTime = true;
    rig.on.time = () => answer('', 429, 100_000);
    rig.link.start();
    await rig.pass(99);
    expect(rig.asked('time')).toHaveLength(1);
    await rig.pass(3);
    expect(rig.asked('time')).toHaveLength(2);
    await rig.link.stop();
  });

  test('an answer that does not satisfy the clock is not asked for in a tight circle', async () => {
    const rig = createRig({ waitSeconds: 1 });
    rig.desk.timeAnswered = () => {};
    rig.desk.wantsTime = true;
    rig.link.start();
    await rig.pass(300);
    expect(rig.asked('time').length).toBeLessThan(40);
    await rig.link.stop();
  });
});
