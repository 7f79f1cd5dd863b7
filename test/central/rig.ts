/** A link between a desk in memory and a centre by script, in time that stands still until it is told to go on. */

import { seededRandom } from '../../mocks/faults.ts';
import { VirtualTime } from '../../mocks/printers/time.ts';
import { type CentralLinkState, createCentralLink } from '../../src/central/link.ts';
import type { CentralAnswer, CentralRequest, World } from '../../src/domain/world.ts';
import { MemoryDesk } from './desk.ts';

type Topic = 'feed' | 'reports' | 'time';
type Reply = CentralAnswer | Promise<CentralAnswer>;
export type Handler = (request: Asked, signal: AbortSignal) => Reply;

export interface Asked extends CentralRequest {
  readonly topic: Topic;
  /** Milliseconds since the start. */
  readonly at: number;
  readonly query: URLSearchParams;
}

export const answer = (body: unknown, status = 200, retryAfter: number | null = null): CentralAnswer => ({
  kind: 'answer',
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  retryAfter,
});
export const unreachable = (detail = 'connection refused'): CentralAnswer => ({ kind: 'unreachable', detail });
export const page = (cursor: string, ...statements: unknown[]): CentralAnswer => answer({ cursor, statements });

/** 2026-11-22T01:00:00Z */
const BEGIN = Date.UTC(2026, 10, 22, 1);

const topicOf = (path: string): Topic =>
  path.startsWith('/v2/time') ? 'time' : path.endsWith('/reports') ? 'reports' : 'feed';

export function createRig({ waitSeconds = 20, station = 'loket-1', seed = 1 } = {}) {
  const time = new VirtualTime();
  const random = seededRandom(seed);
  const desk = new MemoryDesk();
  const asked: Asked[] = [];
  const boundaries: string[] = [];
  const open = { feed: 0, reports: 0, time: 0 };
  const most = { feed: 0, reports: 0, time: 0 };
  const fire = { atBoundary: (_name: string): void => {} };

  /** Holds a question open for as long as it may be; ends at once when the link hangs up. */
  const hold = (milliseconds: number, then: () => CentralAnswer, signal: AbortSignal): Promise<CentralAnswer> =>
    new Promise((resolve) => {
      const cancel = time.after(milliseconds, () => resolve(then()));
      signal.addEventListener('abort', () => {
        cancel();
        resolve(unreachable('given up'));
      });
    });

  const on: Record<Topic, Handler> = {
    feed: ({ query }, signal) =>
      hold(Number(query.get('wait')) * 1000, () => page(query.get('after') ?? 'start'), signal),
    reports: ({ body }) => {
      const { reports } = JSON.parse(body ?? '') as { reports: string[] };
      return answer({ accepted: reports.map((text) => text.split('.')[0]), refused: [] });
    },
    time: () => answer({ statement: 'time' }),
  };

  const world: World = {
    clock: { now: () => BEGIN + time.now(), monotonic: () => time.now(), synchronised: () => true },
    timers: time,
    random: {
      bytes: (length) => Uint8Array.from({ length }, () => Math.floor(random() * 256)),
      id: () => Math.floor(random() * 2 ** 32).toString(36),
    },
    central: {
      async request(request, signal) {
        const { pathname, searchParams: query } = new URL(request.path, 'http://centre.invalid');
        const topic = topicOf(pathname);
        const question = { ...request, topic, at: time.now(), query };
        asked.push(question);
        open[topic] += 1;
        most[topic] = Math.max(most[topic], open[topic]);
        try {
          return await on[topic](question, signal);
        } finally {
          open[topic] -= 1;
        }
      },
    },
    boundary: (name) => {
      boundaries.push(name);
      fire.atBoundary(name);
    },
  };

  const link = createCentralLink({ world, desk, station, waitSeconds });
  const states: CentralLinkState[] = [];
  link.onChange(() => states.push(link.state()));

  return {
    link,
    desk,
    on,
    hold,
    time,
    boundaries,
    /** The most questions of one topic that were open at one time. */
    most,
    fire,
    /** `state()` after every change. */
    states,
    /** The names of the states, each once until the next. */
    path: () => states.map(({ state }) => state).filter((state, i, all) => state !== all[i - 1]),
    asked: (topic?: Topic) => asked.filter((question) => topic === undefined || question.topic === topic),
    at: (milliseconds: number) => BEGIN + milliseconds,
    pass: (seconds: number) => time.pass(seconds * 1000),
  };
}

/** Answers with each reply in turn; the last one for ever. */
export function inTurn(...replies: (CentralAnswer | Handler)[]): Handler {
  let next = 0;
  return (request, signal) => {
    const reply = replies[Math.min(next++, replies.length - 1)]!;
    return typeof reply === 'function' ? reply(request, signal) : reply;
  };
}
