/**
 * What time it is at the station, and how far that can be relied on (central.md, "Clock"). Pure: the facts are handed in.
 *
 * Two marks, not one: the centre's word (`signed`) is never taken back, whereas what the station itself once believed (`local`)
 * can have come from a system clock that ran a year ahead, and is corrected by the acts that end `untrusted`.
 */
import type { Mark } from '../domain/clock-mark.ts';
import type { ClockClass, Seconds } from '../domain/statement.ts';

/** How far behind the mark a clock may be (central.md). */
export const BEHIND: Seconds = 120;

export const highWater = (mark: Mark): Seconds => Math.max(mark.signed, mark.local);

/** A moment of this boot at which the time was known. Dies with the boot: the monotonic clock does. */
export interface Anchor {
  /** `nonce`: the centre answered our fresh nonce. `attested`: two people signed. `synchronised`: the system clock was. */
  readonly source: 'nonce' | 'attested' | 'synchronised';
  readonly time: Seconds;
  /** The monotonic clock at that moment, seconds. */
  readonly monotonic: Seconds;
}

export interface ClockFacts {
  /** The system clock, seconds; may have jumped either way. */
  readonly system: Seconds;
  /** Seconds of the monotonic clock of this boot. */
  readonly monotonic: Seconds;
  /** Whether the operating system says that its clock is synchronised. */
  readonly synchronised: boolean;
  readonly anchor: Anchor | null;
  readonly mark: Mark;
}

export interface ClockReading {
  readonly class: ClockClass;
  /** The time for all checks. Never behind the mark while it may be used, so a clock that goes back widens nothing (I11). */
  readonly now: Seconds;
  /** Why, for people and support. */
  readonly because: 'nonce' | 'synchronised' | 'attested' | 'monotonic' | 'behind-the-mark' | 'unknown-since-boot';
}

const anchored = (anchor: Anchor, monotonic: Seconds): Seconds => anchor.time + (monotonic - anchor.monotonic);

/** The station's clock from the facts. */
export function readClock(facts: ClockFacts): ClockReading {
  const { anchor, mark, monotonic, synchronised, system } = facts;
  const least = highWater(mark);
  const reading = (clock: ClockClass, time: Seconds, because: ClockReading['because']): ClockReading =>
    time < least - BEHIND
      ? { class: 'untrusted', now: time, because: 'behind-the-mark' }
      : { class: clock, now: clock === 'untrusted' ? time : Math.max(time, least), because };
  if (anchor?.source === 'nonce') {
    // The later of two good clocks: a monotonic clock may stand still while the machine sleeps, and late narrows.
    const since = anchored(anchor, monotonic);
    return reading('trusted', synchronised ? Math.max(since, system) : since, 'nonce');
  }
  if (synchronised && system >= least - BEHIND) {
    // "Not behind the mark" is trusted; behind it by less than the tolerance only carries on.
    return reading(system >= least ? 'trusted' : 'holdover', system, 'synchronised');
  }
  if (anchor !== null) {
    return reading('holdover', anchored(anchor, monotonic), anchor.source === 'attested' ? 'attested' : 'monotonic');
  }
  return reading('untrusted', system, 'unknown-since-boot');
}

/** A verified statement moves the centre's mark: its `iat`, or the later time that a time statement states. */
export const markBySigned = (mark: Mark, time: Seconds): Mark => ({ ...mark, signed: Math.max(mark.signed, time) });

/** Remembers that the clock is synchronised now, so that time goes on from here when the service later is not. */
export function anchorBySystem(facts: ClockFacts): Anchor | null {
  const { anchor, monotonic, system } = facts;
  const { because } = readClock(facts);
  return because === 'synchronised' ? { source: 'synchronised', time: system, monotonic } : anchor;
}

/**
 * An act that ends `untrusted`: the centre has answered our fresh nonce, or two people have signed the time. It holds from now
 * on, and takes back the station's own mark where that was ahead of it; null where it contradicts what the centre has
 * signed before. The caller makes both durable, with an audit entry that says how far the mark moved.
 */
export function anchorByAct(
  source: 'nonce' | 'attested',
  time: Seconds,
  facts: Pick<ClockFacts, 'monotonic' | 'mark'>,
): { readonly anchor: Anchor; readonly mark: Mark } | null {
  const { monotonic, mark } = facts;
  if (time < mark.signed - BEHIND) return null;
  const signed = source === 'nonce' ? Math.max(mark.signed, time) : mark.signed;
  return { anchor: { source, time, monotonic }, mark: { signed, local: Math.min(mark.local, time) } };
}
