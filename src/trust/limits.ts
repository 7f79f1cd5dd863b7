/** How long and how much a station may print without the centre (central.md, "Trust bundle", `limits`). */
import type { Seconds } from '../domain/statement.ts';
import type { OfflineLimits } from './bundle.ts';

export interface OfflineFacts {
  readonly limits: OfflineLimits;
  /** When the last fresh time statement or newly accepted bundle came, by the station's clock. */
  readonly lastContact: Seconds;
  /** Prints begun since then. */
  readonly printsSince: number;
  readonly now: Seconds;
}

export interface OfflineAllowance {
  readonly exhausted: boolean;
  readonly secondsLeft: Seconds;
  readonly printsLeft: number;
}

/** What is left of both limits. Exhausted when either is: then nothing prints until the centre is heard again. */
export function offlineAllowance({ limits, lastContact, printsSince, now }: OfflineFacts): OfflineAllowance {
  const secondsLeft = Math.max(0, lastContact + limits.offlineDays * 86_400 - now);
  const printsLeft = Math.max(0, limits.offlinePrints - printsSince);
  return { exhausted: secondsLeft === 0 || printsLeft === 0, secondsLeft, printsLeft };
}
