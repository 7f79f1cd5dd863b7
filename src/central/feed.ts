import { backOff } from '../../machines/central-link.ts';
import { problem } from '../domain/errors.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { World } from '../domain/world.ts';
import { type FeedPage, readPage } from './answers.ts';
import type { CentralDesk } from './desk.ts';
import { again, failed, fraction, type Next } from './direction.ts';
import { DEADLINE, type Line } from './line.ts';
import { createPortion } from './portion.ts';

/** Statements asked for at once: so many are judged and stored in well under 0.1 s, in which nobody else is served. */
export const PAGE = 100;
/** Milliseconds between two questions that the centre answers at once with nothing new. */
const SHORTEST_POLL = 1_000;

export interface FeedSetup {
  readonly world: Pick<World, 'clock' | 'random'>;
  readonly desk: Pick<CentralDesk, 'cursor' | 'receive'>;
  readonly line: Line;
  readonly station: string;
  readonly waitSeconds: number;
}

/** What is wrong with this try, and when the next one may be. */
type NoPage = { readonly retry: Next };

/** Reads the feed by long poll (central.md, "Central API v2"): each call is one page. */
export function createFeed({ world, desk, line, station, waitSeconds }: FeedSetup): () => Promise<Next> {
  const portion = createPortion(PAGE);
  const path = `/v2/stations/${encodeURIComponent(station)}/feed`;
  /** Cursors in a row that the centre did not know. */
  let forgotten = 0;

  const ask = async (cursor: string | null, wait: number): Promise<Result<FeedPage, NoPage>> => {
    const after = cursor === null ? '' : `after=${encodeURIComponent(cursor)}&`;
    const answer = await line.ask('feed', {
      method: 'GET',
      path: `${path}?${after}wait=${wait}&limit=${portion.size()}`,
      timeout: wait * 1_000 + DEADLINE,
    });
    if (!answer.ok) {
      const { status, retryAfter } = answer.failure;
      if (status === 410 && cursor !== null) return fail({ retry: startOver() });
      line.failed('feed', answer.failure.problem);
      // Too large, too slow, cut off: where nothing came, less may come through.
      if (status === null) portion.smaller();
      return fail({ retry: failed(retryAfter) });
    }
    const page = readPage(answer.value);
    if (page.ok) return ok(page.value);
    line.failed('feed', page.failure.problem);
    const less = page.failure.tooLarge && portion.size() > 1;
    if (less) portion.smaller();
    return fail({ retry: less ? again(SHORTEST_POLL) : failed() });
  };

  /** Statements are idempotent: what comes again does no harm. */
  const startOver = (): Next => {
    line.succeeded();
    desk.receive([], null);
    forgotten += 1;
    if (forgotten === 1) return again();
    line.failed('feed', problem('PST-803', 'feed: the centre does not know the cursors that it gave'));
    return again(backOff(forgotten - 1, fraction(world.random), null));
  };

  return async () => {
    const cursor = desk.cursor();
    // While it is not known whether the line stands, an answer at once tells it; a long poll would keep people waiting.
    const { state, failures } = line.state();
    const wait = failures === 0 && (state === 'online' || state === 'degraded') ? waitSeconds : 0;
    const asked = world.clock.monotonic();
    const page = await ask(cursor, wait);
    if (!page.ok) return page.failure.retry;
    const came = world.clock.monotonic();
    line.succeeded();
    desk.receive(page.value.statements, page.value.cursor);
    portion.larger();
    if (cursor !== null) forgotten = 0;
    // Rest as long as the page has kept the station busy: half the time is the counter's, however long the backlog.
    const busy = world.clock.monotonic() - came;
    const stoodStill = page.value.cursor === cursor && wait === waitSeconds;
    return again(Math.max(busy, stoodStill ? SHORTEST_POLL - (came - asked) : 0));
  };
}
