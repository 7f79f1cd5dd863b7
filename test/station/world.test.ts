import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { realClock, realRandomness, realTimers } from '../../src/station/world.ts';

test('the clock counts as synchronised only while the time daemon keeps saying so', () => {
  const folder = mkdtempSync(join(tmpdir(), 'world-'));
  try {
    const mark = join(folder, 'synchronized');
    const clock = realClock(mark);
    expect(clock.synchronised()).toBe(false);
    writeFileSync(mark, '');
    const touchedAgo = (seconds: number): boolean => {
      const at = (clock.now() - seconds * 1000) / 1000;
      utimesSync(mark, at, at);
      return clock.synchronised();
    };
    expect(touchedAgo(1)).toBe(true);
    expect(touchedAgo(6_000)).toBe(true);
    expect(touchedAgo(6_200)).toBe(false);
    expect(touchedAgo(-3_600)).toBe(false);
    expect(realClock(join(mark, 'below-a-file')).synchronised()).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a timer longer than the runtime can wait for does not fire at once', () => {
  vi.useFakeTimers();
  try {
    const month = 31 * 24 * 3_600_000;
    let fired = 0;
    realTimers.after(month, () => {
      fired += 1;
    });
    const cancel = realTimers.after(month, () => {
      fired += 100;
    });
    vi.advanceTimersByTime(25 * 24 * 3_600_000);
    cancel();
    cancel();
    vi.advanceTimersByTime(6 * 24 * 3_600_000 - 1);
    expect(fired).toBe(0);
    vi.advanceTimersByTime(1);
    expect(fired).toBe(1);
  } finally {
    vi.useRealTimers();
  }
});

test('random bytes have the length asked for, and identifiers fit a jti', () => {
  expect(realRandomness.bytes(32)).toHaveLength(32);
  expect(realRandomness.bytes(32)).not.toEqual(realRandomness.bytes(32));
  expect(realRandomness.id()).toMatch(/^[a-z0-9-]{1,64}$/);
  expect(realRandomness.id()).not.toBe(realRandomness.id());
});
