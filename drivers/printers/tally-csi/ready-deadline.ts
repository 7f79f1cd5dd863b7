import type { CancelTimer, Clock, Timers } from '../../../src/domain/world.ts';

/** A deadline that counts only while it is not held. */
export interface ReadyDeadline {
  /** Starts it anew with `milliseconds` of ready time; held or not stays as it is. */
  restart(milliseconds: number): void;
  hold(): void;
  release(): void;
  stop(): void;
}

export function createReadyDeadline(clock: Clock, timers: Timers, expired: () => void): ReadyDeadline {
  let left: number | null = null;
  let since = 0;
  let held = false;
  let cancel: CancelTimer | null = null;

  const disarm = () => {
    cancel?.();
    cancel = null;
  };
  const arm = () => {
    if (left === null || held) return;
    since = clock.monotonic();
    cancel = timers.after(left, () => {
      cancel = null;
      left = null;
      expired();
    });
  };
  return {
    restart: (milliseconds) => {
      disarm();
      left = milliseconds;
      arm();
    },
    hold: () => {
      if (held) return;
      held = true;
      if (cancel !== null && left !== null) left = Math.max(0, left - (clock.monotonic() - since));
      disarm();
    },
    release: () => {
      if (!held) return;
      held = false;
      arm();
    },
    stop: () => {
      disarm();
      left = null;
    },
  };
}
