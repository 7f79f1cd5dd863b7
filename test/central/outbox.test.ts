import { describe, expect, test } from 'vitest';
import { reports } from './desk.ts';
import { answer, createRig, inTurn, unreachable } from './rig.ts';

const sentIn = (body: string | undefined) =>
  (JSON.parse(body ?? '') as { reports: string[] }).reports.map((text) => text.split('.')[0]!);
const batches = (rig: ReturnType<typeof createRig>) => rig.asked('reports').map(({ body }) => sentIn(body));

describe('the outbox', () => {
  test('posts what waits, oldest first, in batches', async () => {
    const rig = createRig();
    rig.desk.waiting = reports(120);
    rig.link.start();
    await rig.pass(0.1);
    expect(batches(rig).map((batch) => batch.length)).toEqual([50, 50, 20]);
    expect(rig.desk.accepted).toEqual(reports(120).map(({ jti }) => jti));
    expect(rig.asked('reports')[0]).toMatchObject({
      method: 'POST',
      path: '/v2/stations/loket-1/reports',
      timeout: 30_000,
    });
    await rig.link.stop();
  });

  test('bounds the bytes of a batch, but sends a large report all the same', async () => {
    const rig = createRig();
    rig.desk.waiting = [...reports(5, 100_000), { jti: 'huge', text: `huge.${'x'.repeat(400_000)}` }];
    rig.link.start();
    await rig.pass(0.1);
    expect(batches(rig)).toEqual([['r1', 'r2'], ['r3', 'r4'], ['r5'], ['huge']]);
    await rig.link.stop();
  });

  test('rests until it is nudged', async () => {
    const rig = createRig();
    rig.link.start();
    await rig.pass(100);
    expect(rig.asked('reports')).toEqual([]);
    rig.desk.waiting = reports(1);
    rig.link.nudge();
    await rig.pass(0.1);
    expect(rig.desk.accepted).toEqual(['r1']);
    await rig.link.stop();
  });

  test('a nudge while a batch is under way is not forgotten', async () => {
    const rig = createRig();
    rig.desk.waiting = reports(1);
    const { reports: take } = rig.on;
    rig.on.reports = inTurn(async (request, signal) => {
      const taken = await take(request, signal);
      return rig.hold(500, () => taken, signal);
    }, take);
    rig.link.start();
    await rig.pass(0.1);
    rig.desk.waiting = [...rig.desk.waiting, { jti: 'new', text: 'new.x' }];
    rig.link.nudge();
    await rig.pass(1);
    expect(rig.desk.accepted).toEqual(['r1', 'new']);
    await rig.link.stop();
  });

  test('a lost answer leads to the same reports again', async () => {
    const rig = createRig();
    rig.desk.waiting = reports(3);
    rig.on.reports = inTurn(unreachable('answer cut off'), rig.on.reports);
    rig.link.start();
    await rig.pass(5);
    expect(batches(rig)).toEqual([
      ['r1', 'r2', 'r3'],
      // Fewer at first: perhaps it was too much for the line.
      ['r1'],
      ['r2', 'r3'],
    ]);
    expect(rig.desk.accepted).toEqual(['r1', 'r2', 'r3']);
    await rig.link.stop();
  });

  test('takes what was accepted, hands over what was refused, asks again for the rest', async () => {
    const rig = createRig();
    rig.desk.waiting = reports(4);
    rig.on.reports = inTurn(
      answer({ accepted: ['r1', 'r3'], refused: [{ jti: 'r2', reason: 'malformed' }] }),
      rig.on.reports,
    );
    rig.link.start();
    await rig.pass(0.1);
    expect(batches(rig)).toEqual([['r1', 'r2', 'r3', 'r4'], ['r4']]);
    expect(rig.desk.accepted).toEqual(['r1', 'r3', 'r4']);
    expect(rig.desk.refused).toEqual([{ jti: 'r2', reason: 'malformed' }]);
    expect(rig.states.map(({ reason }) => reason)).toContain('PST-803: reports: no word about 1 of 4 reports');
    await rig.link.stop();
  });

  test('ignores what it did not ask about, and what is both accepted and refused stays', async () => {
    const rig = createRig();
    rig.desk.waiting = reports(60);
    rig.on.reports = ({ body }) => {
      const sent = sentIn(body);
      return answer({
        accepted: [...sent, ...sent, 'r60', 'strange'],
        refused: [
          { jti: 'r1', reason: 'both' },
          { jti: 'r59', reason: 'not asked' },
          { jti: '', reason: 'malformed' },
        ],
      });
    };
    rig.link.start();
    await rig.pass(0.1);
    expect(rig.desk.waiting.map(({ jti }) => jti)).toEqual(['r1', 'r59']);
    expect(rig.desk.refused).toEqual([]);
    expect(rig.desk.accepted).not.toContain('strange');
    expect(rig.desk.accepted).toHaveLength(58);
    expect(new Set(rig.desk.accepted).size).toBe(58);
    await rig.link.stop();
  });

  test.each([
    ['no JSON', 'OK'],
    ['an unknown member', '{"accepted":["r1"],"refused":[],"more":1}'],
    ['a member twice', '{"accepted":[],"accepted":["r1"],"refused":[]}'],
    ['no list', '{"accepted":"r1","refused":[]}'],
    ['jtis that are no text', '{"accepted":[1],"refused":[]}'],
    ['refusals without reason', '{"accepted":["r1"],"refused":[{"jti":"r2"}]}'],
    ['a refusal that is no object', '{"accepted":["r1"],"refused":["r2"]}'],
    ['refused no list', '{"accepted":["r1"],"refused":null}'],
  ])('an answer with %s is not believed', async (_what, body) => {
    const rig = createRig();
    rig.on.reports = inTurn(answer(body), rig.on.reports);
    rig.link.start();
    await rig.pass(0.5);
    rig.desk.waiting = reports(2);
    rig.link.nudge();
    await rig.pass(0.5);
    expect(rig.desk.accepted).toEqual([]);
    expect(rig.link.state().reason).toMatch(/^PST-803: the answer is not an answer to reports: /);
    await rig.pass(1);
    expect(rig.desk.accepted).toEqual(['r1', 'r2']);
    await rig.link.stop();
  });

  test.each([400, 413, 422])(
    'one report that the centre chokes on (HTTP %i) does not block the others',
    async (status) => {
      const rig = createRig();
      rig.desk.waiting = reports(20);
      const { reports: take } = rig.on;
      rig.on.reports = (request, signal) =>
        sentIn(request.body).includes('r7') ? answer('', status) : take(request, signal);
      rig.link.start();
      await rig.pass(900);
      expect(rig.desk.waiting.map(({ jti }) => jti)).toEqual(['r7']);
      const before = rig.asked('reports').length;
      await rig.pass(600);
      const tries = rig.asked('reports').length - before;
      expect(tries).toBeGreaterThan(3);
      expect(tries).toBeLessThan(60);
      // New ones pass it by.
      rig.desk.waiting = [...rig.desk.waiting, { jti: 'new', text: 'new.x' }];
      rig.link.nudge();
      await rig.pass(61);
      expect(rig.desk.waiting.map(({ jti }) => jti)).toEqual(['r7']);
      await rig.link.stop();
    },
  );

  test('a centre that says nothing about the oldest fifty still gets the others', async () => {
    const rig = createRig();
    rig.desk.waiting = reports(130);
    rig.on.reports = ({ body }) =>
      answer({ accepted: sentIn(body).filter((jti) => Number(jti.slice(1)) > 50), refused: [] });
    rig.link.start();
    await rig.pass(300);
    expect(rig.desk.waiting).toHaveLength(50);
    expect(rig.desk.accepted).toHaveLength(80);
    expect(rig.asked('reports').length).toBeLessThan(60);
    await rig.link.stop();
  });
});
