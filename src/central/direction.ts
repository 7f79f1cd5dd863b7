import { backOff } from '../../machines/central-link.ts';
import type { Randomness, World } from '../domain/world.ts';

/** What a direction does after one step. */
export type Next =
  /** Goes on after `rest` milliseconds; also 0 lets everything else that waits come first. */
  | { readonly next: 'again'; readonly rest: number }
  /** Has nothing to do until it is nudged. */
  | { readonly next: 'idle' }
  /** Backs off. `retryAfter`: milliseconds that the centre asked for, or `null`. */
  | { readonly next: 'failed'; readonly retryAfter: number | null };

export const again = (rest = 0): Next => ({ next: 'again', rest });
export const idle: Next = { next: 'idle' };
export const failed = (retryAfter: number | null = null): Next => ({ next: 'failed', retryAfter });

export interface Direction {
  /** There is something to do: ends an idle wait, never a back-off. */
  nudge(): void;
  /** The line has come back: ends a back-off that the centre did not ask for. */
  hurry(): void;
  /** Resolves when the signal was aborted and the last step has ended. */
  readonly ended: Promise<void>;
}

export interface DirectionSetup {
  readonly world: Pick<World, 'timers' | 'random'>;
  readonly signal: AbortSignal;
  /** One exchange with the centre. It throws where the station cannot go on now; then it is taken again later. */
  readonly step: () => Promise<Next>;
  /** Told what a step threw. */
  readonly stumbled: (error: unknown) => void;
}

/** Milliseconds that the centre may ask for at most: a slip there must not silence a station for days. */
const LONGEST_RETRY_AFTER = 3_600_000;

/** A number in [0, 1) for the jitter. */
export const fraction = (random: Randomness): number =>
  new DataView(Uint8Array.from(random.bytes(4)).buffer).getUint32(0) / 2 ** 32;

/** Takes step after step, one at a time, until `signal` is aborted. */
export function runDirection({ world, signal, step, stumbled }: DirectionSetup): Direction {
  let nudged = false;
  let failures = 0;
  let waiting: { readonly because: 'rest' | 'idle' | 'back-off' | 'told'; readonly end: () => void } | null = null;

  const wait = (because: NonNullable<typeof waiting>['because'], milliseconds: number | null): Promise<void> =>
    new Promise((resolve) => {
      const end = () => {
        cancel?.();
        signal.removeEventListener('abort', end);
        waiting = null;
        resolve();
      };
      const cancel = milliseconds === null ? null : world.timers.after(milliseconds, end);
      signal.addEventListener('abort', end);
      waiting = { because, end };
    });

  const take = async (): Promise<Next> => {
    try {
      return await step();
    } catch (error) {
      if (!signal.aborted) stumbled(error);
      return failed();
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      nudged = false;
      const came = await take();
      if (signal.aborted) return;
      failures = came.next === 'failed' ? failures + 1 : 0;
      if (came.next === 'again') await wait('rest', came.rest);
      else if (came.next === 'failed') {
        const told = came.retryAfter === null ? null : Math.min(LONGEST_RETRY_AFTER, Math.max(0, came.retryAfter));
        await wait(told === null ? 'back-off' : 'told', backOff(failures, fraction(world.random), told));
      } else if (!nudged) await wait('idle', null);
    }
  };

  return {
    nudge: () => {
      nudged = true;
      if (waiting?.because === 'idle') waiting.end();
    },
    hurry: () => {
      if (waiting?.because === 'back-off') waiting.end();
    },
    ended: Promise.resolve().then(run),
  };
}
