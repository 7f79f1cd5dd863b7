import { describe, expect, test } from 'vitest';
import { answer, createRig, inTurn, page, unreachable } from './rig.ts';

const limits = (rig: ReturnType<typeof createRig>) => rig.asked('feed').map(({ query }) => Number(query.get('limit')));

describe('the feed', () => {
  test('is read from the start, by long poll, with a fresh token for every question', async () => {
    const rig = createRig({ station: 'loket 1/a' });
    rig.on.feed = inTurn(page('c&1=', 'a', 'b'), rig.on.feed);
    rig.link.start();
    await rig.pass(0.1);
    const [first, second] = rig.asked('feed');
    expect(first?.path).toBe('/v2/stations/loket%201%2Fa/feed?wait=0&limit=100');
    expect(second?.path).toBe('/v2/stations/loket%201%2Fa/feed?after=c%261%3D&wait=20&limit=100');
    expect([first?.timeout, second?.timeout]).toEqual([30_000, 50_000]);
    expect([first?.authorization, second?.authorization]).toEqual(['Bearer hello-1', 'Bearer hello-2']);
    expect(rig.desk.pages).toEqual([{ statements: ['a', 'b'], cursor: 'c&1=' }]);
    await rig.link.stop();
  });

  test('gives every element to the desk as it came, so that one bad statement blocks no other', async () => {
    const rig = createRig();
    const odd = '{"payload":"e30","payload":"e31", "signatures":[{"a":"]}\\""}]}';
    const body = `{"statements":[ "a.b.c" ,${odd}, null,17 ,[1,[2]],"q\\"]\\u0041",""], "cursor":"c1"}`;
    rig.on.feed = inTurn(answer(body), rig.on.feed);
    rig.link.start();
    await rig.pass(1);
    expect(rig.desk.pages[0]?.statements).toEqual(['a.b.c', odd, 'null', '17', '[1,[2]]', 'q"]A', '']);
    await rig.link.stop();
  });

  test.each([
    ['no JSON', '<html>sign in</html>'],
    ['cut off', '{"cursor":"c1","stat'],
    ['no object', '[]'],
    ['null', 'null'],
    ['an unknown member', '{"cursor":"c1","statements":[],"more":true}'],
    ['a member twice', '{"cursor":"c1","cursor":"c2","statements":[]}'],
    ['no cursor', '{"statements":[]}'],
    ['a cursor that is no text', '{"cursor":7,"statements":[]}'],
    ['an empty cursor', '{"cursor":"","statements":[]}'],
    ['a cursor beyond any request line', JSON.stringify({ cursor: 'c'.repeat(2049), statements: [] })],
    ['statements that are no list', '{"cursor":"c1","statements":"a"}'],
  ])('a page with %s is refused and asked for again', async (_what, body) => {
    const rig = createRig();
    rig.on.feed = inTurn(answer(body), page('c1', 'a'), rig.on.feed);
    rig.link.start();
    await rig.pass(0.5);
    expect(rig.desk.pages).toEqual([]);
    expect(rig.link.state()).toMatchObject({ state: 'offline', reason: expect.stringMatching(/^PST-803: /) });
    await rig.pass(1);
    expect(rig.desk.pages).toEqual([{ statements: ['a'], cursor: 'c1' }]);
    expect(rig.link.state().state).toBe('online');
    await rig.link.stop();
  });

  test('a page of too many statements is asked again with half the limit, down to one, and grows again', async () => {
    const rig = createRig();
    let sent = 0;
    const hold = rig.on.feed;
    rig.on.feed = (request, signal) => {
      if (Number(request.query.get('limit')) > 1 && sent === 0)
        return page('big', ...Array.from({ length: 1001 }, () => 'x'));
      sent += 1;
      return sent > 10 ? hold(request, signal) : page(`c${sent}`, `s${sent}`);
    };
    rig.link.start();
    await rig.pass(7.5);
    expect(limits(rig).slice(0, 14)).toEqual([100, 50, 25, 12, 6, 3, 1, 2, 4, 8, 16, 32, 64, 100]);
    expect(rig.desk.statements().slice(0, 2)).toEqual(['s1', 's2']);
    await rig.link.stop();
  });

  test('1,000 statements in a page are within the limits', async () => {
    const rig = createRig();
    const many = Array.from({ length: 1000 }, (_, i) => `s${i}`);
    rig.on.feed = inTurn(page('c1', ...many), rig.on.feed);
    rig.link.start();
    await rig.pass(1);
    expect(rig.desk.statements()).toEqual(many);
    await rig.link.stop();
  });

  test('a page that stays too large even alone is backed off from, not asked for without end', async () => {
    const rig = createRig();
    rig.on.feed = () => answer(' '.repeat(8 * 1024 * 1024 + 1));
    rig.link.start();
    await rig.pass(600);
    expect(limits(rig).at(-1)).toBe(1);
    expect(rig.asked('feed').length).toBeLessThan(40);
    await rig.link.stop();
  });

  test('an answer that never gets through whole is asked for in smaller portions', async () => {
    const rig = createRig();
    rig.on.feed = inTurn(unreachable('answer too large'), unreachable('answer cut off'), page('c1', 'a'), rig.on.feed);
    rig.link.start();
    await rig.pass(20);
    expect(limits(rig).slice(0, 3)).toEqual([100, 50, 25]);
    await rig.link.stop();
  });

  test('a cursor that the centre no longer knows sends the link back to the start', async () => {
    const rig = createRig();
    rig.on.feed = inTurn(page('old', 'a'), answer('', 410), page('new', 'a', 'b'), rig.on.feed);
    rig.link.start();
    await rig.pass(0.5);
    expect(rig.desk.pages).toEqual([
      { statements: ['a'], cursor: 'old' },
      { statements: [], cursor: null },
      { statements: ['a', 'b'], cursor: 'new' },
    ]);
    expect(rig.asked('feed').map(({ query }) => query.get('after'))).toEqual([null, 'old', null, 'new']);
    expect(rig.path()).toEqual(['probing', 'online']);
    await rig.link.stop();
  });

  test('a centre that forgets every cursor is not asked in a tight circle', async () => {
    const rig = createRig();
    rig.on.feed = ({ query }) => (query.get('after') === null ? page('c', 'a') : answer('', 410));
    rig.link.start();
    await rig.pass(60);
    expect(rig.asked('feed').length).toBeLessThan(30);
    expect(rig.states.some(({ reason }) => reason?.includes('cursors'))).toBe(true);
    await rig.link.stop();
  });

  test('a centre that does not hold the question open is asked once a second at most', async () => {
    const rig = createRig();
    rig.on.feed = () => page('same');
    rig.link.start();
    await rig.pass(60);
    expect(rig.asked('feed').length).toBeLessThanOrEqual(63);
    expect(rig.asked('feed').length).toBeGreaterThan(55);
    await rig.link.stop();
  });

  test('with waitSeconds 0 the feed is polled once a second', async () => {
    const rig = createRig({ waitSeconds: 0 });
    rig.link.start();
    await rig.pass(30);
    expect(rig.asked('feed').length).toBeGreaterThan(28);
    expect(rig.asked('feed').length).toBeLessThanOrEqual(32);
    await rig.link.stop();
  });

  test('a page that the journal cannot store is asked for again, and the centre is not blamed as unreachable', async () => {
    const rig = createRig();
    rig.desk.full = 4;
    rig.on.feed = ({ query }, signal) =>
      query.get('after') === null ? page('c1', 'a') : rig.hold(20_000, () => page('c1'), signal);
    rig.link.start();
    await rig.pass(1.5);
    expect(rig.link.state()).toMatchObject({ state: 'degraded', reason: 'PST-304: no space left' });
    await rig.pass(60);
    expect(rig.desk.pages[0]).toEqual({ statements: ['a'], cursor: 'c1' });
    expect(rig.asked('feed').filter(({ query }) => query.get('after') === null)).toHaveLength(5);
    expect(rig.path()).not.toContain('offline');
    await rig.link.stop();
  });

  test('the backlog is drained page by page, and all that waits has its turn between two pages', async () => {
    const rig = createRig();
    const PAGES = 30;
    const turns: number[] = [];
    const counter = () => {
      turns.push(rig.desk.pages.length);
      if (rig.desk.pages.length < PAGES) rig.time.after(0, counter);
    };
    rig.time.after(0, counter);
    rig.on.feed = ({ query }, signal) => {
      const n = Number(query.get('after') ?? '0');
      return n < PAGES ? page(String(n + 1), `s${n + 1}`) : rig.hold(20_000, () => page(String(n)), signal);
    };
    rig.link.start();
    await rig.pass(1);
    expect(rig.desk.pages).toHaveLength(PAGES);
    // The counter got in after every single page.
    expect(new Set(turns).size).toBeGreaterThanOrEqual(PAGES);
    await rig.link.stop();
  });

  test('a slow journal gets the link to rest as long as it has worked', async () => {
    const rig = createRig();
    const store = rig.desk.receive.bind(rig.desk);
    rig.desk.receive = (statements, cursor) => {
      store(statements, cursor);
      rig.time.advance(400);
    };
    rig.on.feed = ({ query }) => page(String(Number(query.get('after') ?? '0') + 1), 's');
    rig.link.start();
    await rig.pass(8);
    const starts = rig.asked('feed').map(({ at }) => at);
    const gaps = starts.slice(1).map((at, i) => at - starts[i]!);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(800);
    await rig.link.stop();
  });
});
