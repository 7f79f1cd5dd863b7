import type { Clock, Timers } from '../../src/domain/world.ts';

/** The machine's own time, for real ptys and sockets. */
export const REAL: { readonly clock: Clock; readonly timers: Timers } = {
  clock: { now: () => Date.now(), monotonic: () => performance.now(), synchronised: () => true },
  timers: {
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  },
};

/** Waits until `condition` holds; fails after `limit` milliseconds. */
export async function until(condition: () => boolean, limit = 5_000): Promise<void> {
  const end = performance.now() + limit;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`does not come true in ${limit} ms`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
