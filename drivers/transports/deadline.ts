import type { Timers } from '../../src/domain/world.ts';

export type Timely<Value> = { readonly timely: true; readonly value: Value } | { readonly timely: false };

/**
 * Waits for `work` for at most `milliseconds` (`null`: for as long as it takes). The work itself is not stopped: its
 * late result is dropped, a late rejection too.
 */
export function within<Value>(
  timers: Timers,
  milliseconds: number | null,
  work: Promise<Value>,
): Promise<Timely<Value>> {
  if (milliseconds === null) return work.then((value) => ({ timely: true, value }));
  return new Promise((resolve, reject) => {
    const cancel = timers.after(milliseconds, () => resolve({ timely: false }));
    work.then(
      (value) => {
        cancel();
        resolve({ timely: true, value });
      },
      (error: unknown) => {
        cancel();
        reject(error);
      },
    );
  });
}

export function pause(timers: Timers, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    timers.after(milliseconds, resolve);
  });
}
