import { initialTransition, transition } from 'xstate';
import { type CentralLinkEvent, centralLinkMachine } from '../../machines/central-link.ts';
import { type Problem, problem } from '../domain/errors.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { CentralAnswer, CentralRequest, World } from '../domain/world.ts';
import type { CentralDesk, CentralLinkState } from './desk.ts';

/** What one exchange with the centre is about. */
export type Topic = 'feed' | 'reports' | 'time';

/** Milliseconds from sending until the whole answer is there, beyond what the centre may hold it (central.md, limits). */
export const DEADLINE = 30_000;

export interface NoAnswer {
  /** HTTP status, `null` where no answer came. */
  readonly status: number | null;
  /** Milliseconds that the centre asked to be left alone, or `null`. */
  readonly retryAfter: number | null;
  readonly problem: Problem;
}

/** The one way from both directions to the centre: it keeps the books on how the line stands. */
export interface Line {
  /** The body of the answer with status 200. Rejects when the link was stopped meanwhile. */
  ask(topic: Topic, request: Omit<CentralRequest, 'authorization'>): Promise<Result<string, NoAnswer>>;
  /** A good answer came. */
  succeeded(): void;
  failed(topic: Topic, problem: Problem): void;
  state(): CentralLinkState;
}

export interface LineSetup {
  readonly world: World;
  readonly desk: Pick<CentralDesk, 'hello'>;
  readonly signal: AbortSignal;
  /** Called after every change of `state()`. */
  readonly changed: () => void;
  /** Called when the line is back after it was away. */
  readonly recovered: () => void;
}

export function createLine({ world, desk, signal, changed, recovered }: LineSetup): Line {
  let [snapshot] = initialTransition(centralLinkMachine);
  let since = world.clock.now();
  let lastContact: number | null = null;

  const away = () => snapshot.value === 'offline' || snapshot.value === 'probing';

  const send = (event: CentralLinkEvent) => {
    const before = snapshot;
    const wasAway = away();
    [snapshot] = transition(centralLinkMachine, snapshot, event);
    // An outage lasts through all probes: people want to know since when the line is away.
    if (snapshot.value !== before.value && !(wasAway && away())) since = world.clock.now();
    if (event.type !== 'PROBE' || snapshot.value !== before.value) changed();
    if (wasAway && !away()) recovered();
  };

  return {
    async ask(topic, request) {
      signal.throwIfAborted();
      const authorization = `Bearer ${desk.hello()}`;
      if (away()) send({ type: 'PROBE' });
      world.boundary(`effect:before:central-${topic}`);
      const answer = await world.central.request({ ...request, authorization }, signal);
      world.boundary(`effect:after:central-${topic}`);
      signal.throwIfAborted();
      return judge(topic, answer);
    },
    succeeded() {
      lastContact = world.clock.now();
      send({ type: 'SUCCEEDED', at: world.clock.monotonic() });
    },
    failed(topic, { code, detail }) {
      send({ type: 'FAILED', at: world.clock.monotonic(), reason: `${code}: ${detail}`, of: topic });
    },
    state: () => ({
      state: snapshot.value,
      since,
      reason: snapshot.context.reason,
      lastContact,
      failures: snapshot.context.failures,
    }),
  };
}

function judge(topic: Topic, answer: CentralAnswer): Result<string, NoAnswer> {
  if (answer.kind === 'unreachable')
    return fail({ status: null, retryAfter: null, problem: problem('PST-801', `${topic}: ${answer.detail}`) });
  const { status, body, retryAfter } = answer;
  if (status === 200) return ok(body);
  const because = (code: Problem['code'], words: string) =>
    fail({ status, retryAfter, problem: problem(code, `${topic}: ${words} (HTTP ${status})`) });
  if (status === 401 || status === 403) return because('PST-802', 'the centre does not accept this station');
  if (status === 429 || status >= 500) return because('PST-804', 'the centre is busy or out of order');
  return because('PST-803', 'unexpected answer');
}
