/** The link to the centre (central.md): two directions over one line, each with one request at a time. */
import { type Problem, problem, Refusal } from '../domain/errors.ts';
import type { CentralLink, CentralLinkSetup, CentralLinkState } from './desk.ts';
import { type Direction, runDirection } from './direction.ts';
import { createFeed } from './feed.ts';
import { createLine, type Line, type Topic } from './line.ts';
import { createOutbox } from './outbox.ts';
import { createTimeExchange } from './time-exchange.ts';

export type {
  CentralDesk,
  CentralLink,
  CentralLinkSetup,
  CentralLinkState,
  RefusedReport,
  WaitingReport,
} from './desk.ts';

/** One run of the link, from `start` to `stop`. */
interface Run {
  readonly line: Line;
  readonly feed: Direction;
  readonly outbox: Direction;
  readonly abort: AbortController;
}

/** What a step threw, for people: a refusal in its own words, of anything else only the kind (it may quote data). */
function problemOf(error: unknown): Problem {
  if (error instanceof Refusal) return error.problem;
  return problem('PST-706', error instanceof Error ? error.name : typeof error);
}

/**
 * Builds a link that stands still until `start()`. Whatever goes wrong, at the centre, on the line or at the desk, it
 * shows in `state()` and is tried again; nothing is lost, since all that is durable is the desk's.
 */
export function createCentralLink({ world, desk, station, waitSeconds }: CentralLinkSetup): CentralLink {
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of [...listeners]) listener();
  };
  let run: Run | null = null;
  let last: CentralLinkState = {
    state: 'offline',
    since: world.clock.now(),
    reason: null,
    lastContact: null,
    failures: 0,
  };

  const begin = (): Run => {
    const abort = new AbortController();
    const { signal } = abort;
    const recovered = () => {
      run?.outbox.hurry();
      run?.outbox.nudge();
    };
    const line = createLine({ world, desk, signal, changed, recovered });
    const exchangeTime = createTimeExchange({ world, desk, line });
    const readFeed = createFeed({ world, desk, line, station, waitSeconds });
    const sendReports = createOutbox({ world, desk, line, station });
    const direction = (topic: Topic, step: Parameters<typeof runDirection>[0]['step']) =>
      runDirection({ world, signal, step, stumbled: (error) => line.failed(topic, problemOf(error)) });
    const feed = direction('feed', async () => {
      await exchangeTime();
      return readFeed();
    });
    return { abort, line, feed, outbox: direction('reports', sendReports) };
  };

  return {
    start() {
      run ??= begin();
    },
    async stop() {
      if (run === null) return;
      const { abort, line, feed, outbox } = run;
      abort.abort();
      await Promise.all([feed.ended, outbox.ended]);
      last = line.state();
      run = null;
    },
    nudge: () => run?.outbox.nudge(),
    state: () => run?.line.state() ?? last,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
