/** The clock's high-water mark (central.md, "Clock"): what time it can no longer be before. */
import type { ClockClass, Seconds } from './statement.ts';

/** Durable. */
export interface Mark {
  /** Latest `iat` of any verified statement, or time of a verified time statement. */
  readonly signed: Seconds;
  /** Time of the last audit entry that was made under a clock that was not `untrusted`. */
  readonly local: Seconds;
}

/** An audit entry moves the station's own mark, unless it was made at a time that nobody vouches for. */
export const markByEntry = (mark: Mark, time: Seconds, under: ClockClass): Mark =>
  under === 'untrusted' ? mark : { ...mark, local: Math.max(mark.local, time) };
