import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markByEntry } from '../../src/domain/clock-mark.ts';
import {
  anchorByAct,
  anchorBySystem,
  type ClockFacts,
  highWater,
  markBySigned,
  readClock,
} from '../../src/trust/clock.ts';
import { offlineAllowance } from '../../src/trust/limits.ts';

const T = 1_790_000_000;
const facts = (changes: Partial<ClockFacts> = {}): ClockFacts => ({
  system: T,
  monotonic: 1000,
  synchronised: false,
  anchor: null,
  mark: { signed: T - 3600, local: T - 60 },
  ...changes,
});

describe('the clock', () => {
  it('is untrusted in a boot without anything', () => {
    expect(readClock(facts())).toEqual({ class: 'untrusted', now: T, because: 'unknown-since-boot' });
  });

  it('is trusted when the system clock is synchronised and not behind the mark', () => {
    expect(readClock(facts({ synchronised: true }))).toEqual({ class: 'trusted', now: T, because: 'synchronised' });
  });

  it.each([
    [1, 'holdover'],
    [120, 'holdover'],
    [121, 'untrusted'],
    [86_400, 'untrusted'],
  ])('synchronised but %i s behind the mark: %s', (behind, expected) => {
    const reading = readClock(facts({ synchronised: true, mark: { signed: T + behind, local: T } }));
    expect(reading.class).toBe(expected);
    if (expected !== 'untrusted') expect(reading.now).toBe(T + behind);
  });

  it('goes on by monotonic time when synchronisation is lost, whatever the system clock does', () => {
    const anchor = anchorBySystem(facts({ synchronised: true }));
    expect(anchor).toEqual({ source: 'synchronised', time: T, monotonic: 1000 });
    const later = facts({ anchor, monotonic: 1500, system: T - 999_999 });
    expect(readClock(later)).toEqual({ class: 'holdover', now: T + 500, because: 'monotonic' });
    expect(anchorBySystem(later)).toBe(anchor);
  });

  it('is trusted after the centre has answered our nonce, in this boot', () => {
    const act = anchorByAct('nonce', T + 30, facts({ system: 0 }));
    if (act === null) throw new Error('refused');
    expect(readClock(facts({ ...act, system: 0, monotonic: 1010 }))).toEqual({
      class: 'trusted',
      now: T + 40,
      because: 'nonce',
    });
    expect(act.mark).toEqual({ signed: T + 30, local: T - 60 });
    // The next boot has no anchor, but the mark.
    expect(readClock(facts({ mark: act.mark, system: 0 })).class).toBe('untrusted');
  });

  it('after sleep goes by the synchronised system clock, when that is ahead of the nonce', () => {
    const anchor = { source: 'nonce', time: T, monotonic: 1000 } as const;
    expect(readClock(facts({ anchor, synchronised: true, system: T + 7200 })).now).toBe(T + 7200);
    expect(readClock(facts({ anchor, synchronised: false, system: T + 7200 })).now).toBe(T);
    expect(readClock(facts({ anchor, synchronised: true, system: T - 7200 })).now).toBe(T);
  });

  it('is holdover after two people have attested it', () => {
    const act = anchorByAct('attested', T + 5, facts());
    if (act === null) throw new Error('refused');
    expect(readClock(facts(act))).toEqual({ class: 'holdover', now: T + 5, because: 'attested' });
  });

  it('that ran a year ahead is set right again by the centre', () => {
    const mark = { signed: T, local: T + 365 * 86_400 };
    expect(readClock(facts({ mark, synchronised: true })).class).toBe('untrusted');
    const act = anchorByAct('nonce', T + 10, facts({ mark }));
    if (act === null) throw new Error('refused');
    expect(act.mark).toEqual({ signed: T + 10, local: T + 10 });
    expect(readClock(facts(act))).toMatchObject({ class: 'trusted', now: T + 10 });
  });

  it('is never set behind what the centre has signed', () => {
    expect(anchorByAct('attested', T - 121, facts({ mark: { signed: T, local: 0 } }))).toBeNull();
    expect(anchorByAct('nonce', T - 121, facts({ mark: { signed: T, local: 0 } }))).toBeNull();
    expect(anchorByAct('attested', T - 120, facts({ mark: { signed: T, local: 0 } }))).not.toBeNull();
  });

  it('mark moves forward only, and not by what is said under an untrusted clock', () => {
    const mark = { signed: 10, local: 20 };
    expect(highWater(mark)).toBe(20);
    expect(markBySigned(mark, 30)).toEqual({ signed: 30, local: 20 });
    expect(markBySigned(mark, 5)).toEqual(mark);
    expect(markByEntry(mark, 30, 'holdover')).toEqual({ signed: 10, local: 30 });
    expect(markByEntry(mark, 15, 'trusted')).toEqual(mark);
    expect(markByEntry(mark, 99, 'untrusted')).toEqual(mark);
  });

  it('while it may be used is never behind the mark (I11)', () => {
    const second = fc.integer({ min: T - 100_000, max: T + 100_000 });
    const anchor = fc.record({
      source: fc.constantFrom('nonce' as const, 'attested' as const, 'synchronised' as const),
      time: second,
      monotonic: fc.integer({ min: 0, max: 1000 }),
    });
    const any = fc.record({
      system: second,
      monotonic: fc.integer({ min: 1000, max: 100_000 }),
      synchronised: fc.boolean(),
      anchor: fc.option(anchor),
      mark: fc.record({ signed: second, local: second }),
    });
    fc.assert(
      fc.property(any, (some) => {
        const reading = readClock(some);
        if (reading.class !== 'untrusted') expect(reading.now).toBeGreaterThanOrEqual(highWater(some.mark));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the offline limits', () => {
  const limits = { offlineDays: 14, offlinePrints: 2000 };
  const contact = { limits, lastContact: T };

  it('count down in time and in prints', () => {
    expect(offlineAllowance({ ...contact, printsSince: 1999, now: T + 14 * 86_400 - 1 })).toEqual({
      exhausted: false,
      secondsLeft: 1,
      printsLeft: 1,
    });
    expect(offlineAllowance({ ...contact, printsSince: 2000, now: T }).exhausted).toBe(true);
    expect(offlineAllowance({ ...contact, printsSince: 0, now: T + 14 * 86_400 }).exhausted).toBe(true);
  });
});
