import type { Clock, Timers } from '../../src/domain/world.ts';

/** Time that passes only by `pass`; promises run out between timers. */
export interface VirtualTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Lets `milliseconds` go by, timers in order. */
  pass(milliseconds: number): Promise<void>;
  /** Lets everything run that waits for no timer. */
  settle(): Promise<void>;
}

export function createVirtualTime(): VirtualTime {
  let now = 0;
  let pending: { at: number; run: () => void }[] = [];
  // One turn of the event loop: every promise that waits for nothing else has run by then.
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return {
    clock: { now: () => now, monotonic: () => now, synchronised: () => true },
    timers: {
      after: (milliseconds, run) => {
        const timer = { at: now + milliseconds, run };
        pending.push(timer);
        return () => {
          pending = pending.filter((one) => one !== timer);
        };
      },
    },
    settle,
    pass: async (milliseconds) => {
      const until = now + milliseconds;
      await settle();
      for (;;) {
        const next = pending.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        now = Math.max(now, next.at);
        pending = pending.filter((one) => one !== next);
        next.run();
        await settle();
      }
      now = until;
    },
  };
}
