/** The real world: the one place of the service where time passes and numbers are drawn (architecture.md). */
import { randomBytes, randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import type { CentralChannel, Clock, Randomness, Timers, World } from '../domain/world.ts';

/** Touched by systemd-timesyncd after each successful synchronisation (systemd-timesyncd.service(8), "Files"). */
const TIMESYNC_MARK = '/run/systemd/timesync/synchronized';
/**
 * Milliseconds for which one synchronisation counts: three of timesyncd's longest poll intervals (2048 s by
 * timesyncd.conf(5), `PollIntervalMaxSec=`).
 */
const SYNCHRONISATION_LASTS = 3 * 2048 * 1000;
/** Node fires a longer timer at once. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * Whether the operating system says that its clock is synchronised. Only systemd-timesyncd says so by a file; the
 * kernel's own word (adjtimex(2)) cannot be had without native code, and what chrony leaves on disk proves nothing about
 * now. So with another daemon this is `false`: the station then waits for the centre's signed time or for two people.
 */
function synchronised(mark: string, now: number): boolean {
  const touched = statSync(mark, { throwIfNoEntry: false })?.mtimeMs;
  return touched !== undefined && touched <= now && now - touched < SYNCHRONISATION_LASTS;
}

/** `mark`: the file that the time daemon touches; another one in tests. */
export const realClock = (mark: string = TIMESYNC_MARK): Clock => ({
  now: () => Date.now(),
  monotonic: () => performance.now(),
  synchronised: () => {
    try {
      return synchronised(mark, Date.now());
    } catch {
      return false;
    }
  },
});

/** A pending timer keeps the process alive. */
export const realTimers: Timers = {
  after(milliseconds, callback) {
    let timer: NodeJS.Timeout;
    const wait = (left: number): void => {
      const step = Math.min(left, LONGEST_TIMEOUT);
      timer = setTimeout(() => (left > step ? wait(left - step) : callback()), step);
    };
    wait(Math.max(0, milliseconds));
    return () => clearTimeout(timer);
  },
};

export const realRandomness: Randomness = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  id: () => randomUUID(),
};

/** What `serve` runs in. `boundary` is for crash tests; production passes nothing there. */
export const realWorld = (central: CentralChannel, boundary: World['boundary'] = () => {}): World => ({
  clock: realClock(),
  timers: realTimers,
  random: realRandomness,
  central,
  boundary,
});
