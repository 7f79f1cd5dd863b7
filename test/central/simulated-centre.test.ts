import { describe, expect, test } from 'vitest';
import { CENTRE_FAULT_KINDS, type CentreFault, type CentreFaultKind, channelTo } from '../../mocks/central/index.ts';
import { seededRandom } from '../../mocks/faults.ts';
import { VirtualTime } from '../../mocks/printers/time.ts';
import { createOffice } from './real-desk.ts';

/** An office in time that stands still until it is told to go on. */
function virtualOffice(seed: number) {
  const time = new VirtualTime();
  const random = seededRandom(seed);
  const begin = Date.UTC(2026, 10, 22, 1);
  const base = {
    clock: { now: () => begin + time.now(), monotonic: () => time.now(), synchronised: () => true },
    timers: time,
    random: {
      bytes: (length: number) => Uint8Array.from({ length }, () => Math.floor(random() * 256)),
      id: () => Math.floor(random() * 2 ** 48).toString(36),
    },
  };
  return { ...createOffice(base, channelTo), random, time };
}

const FAULTS: Record<CentreFaultKind, CentreFault> = {
  down: { kind: 'down', how: 'refuse' },
  slow: { kind: 'slow', ms: 40_000 },
  'server-error': { kind: 'server-error', status: 502 },
  'too-many-requests': { kind: 'too-many-requests', retryAfterSeconds: 30 },
  'random-order': { kind: 'random-order' },
  duplicates: { kind: 'duplicates' },
  truncated: { kind: 'truncated' },
  oversized: { kind: 'oversized' },
  'malformed-statements': { kind: 'malformed-statements' },
  'lost-answer': { kind: 'lost-answer' },
  'forget-cursors': { kind: 'forget-cursors' },
  throttled: { kind: 'throttled', bytesPerSecond: 900 },
  'wrong-signature': { kind: 'wrong-signature' },
  'not-json': { kind: 'not-json' },
  'clock-off': { kind: 'clock-off', seconds: 4_000 },
};

/** A signature damaged on the way makes another text; the cursor has then passed the one that the centre published. */
const arrives = (kind: CentreFaultKind) => kind !== 'wrong-signature';

describe('at the simulated centre', () => {
  test.each(CENTRE_FAULT_KINDS)('%s: everything arrives once it is healed, and has one effect', async (kind) => {
    const office = virtualOffice(11);
    office.publish(250);
    office.desk.report(120);
    office.desk.wantsTime = true;
    office.centre.faults.add(FAULTS[kind]);
    office.link.start();
    for (let minute = 0; minute < 10; minute++) {
      office.publish(3);
      office.desk.report(3);
      office.link.nudge();
      await office.time.pass(60_000);
    }
    office.heal();
    await office.time.pass(200_000);
    expect(office.owed().reports).toBe(0);
    if (arrives(kind)) expect(office.owed().statements).toBe(0);
    expect(office.centre.reports.list()).toHaveLength(150);
    expect(office.centre.reports.gaps('loket-1')).toEqual([]);
    expect(office.desk.accepted).toHaveLength(150);
    expect(office.desk.times).toHaveLength(1);
    expect(office.link.state().failures).toBe(0);
    await office.link.stop();
  });

  test('a slow line that carries a page in no time allowed gets smaller pages until they come through', async () => {
    const office = virtualOffice(12);
    office.publish(250);
    // 100 statements are some 40 KiB; 30 s at this pace carry less than a tenth of them.
    office.centre.faults.add({ kind: 'throttled', bytesPerSecond: 120 });
    office.link.start();
    await office.time.pass(3_600_000);
    expect(office.owed().statements).toBe(0);
    await office.link.stop();
  });

  test('the backlog of a long outage is gone within a minute of the first contact', async () => {
    const office = virtualOffice(13);
    office.link.start();
    await office.time.pass(60_000);
    office.centre.faults.add({ kind: 'down', how: 'refuse' });
    for (let day = 0; day < 2; day++) {
      office.publish(1_000);
      office.desk.report(1_000);
      office.link.nudge();
      await office.time.pass(86_400_000);
    }
    office.heal();
    await office.time.pass(61_000);
    expect(office.owed()).toEqual({ statements: 0, reports: 0 });
    expect(office.centre.reports.list()).toHaveLength(2_000);
    await office.link.stop();
  });

  test('whatever comes over the line in whatever order, nothing is lost and nothing counts twice', async () => {
    for (let seed = 1; seed <= 8; seed++) {
      const office = virtualOffice(seed);
      const { random } = office;
      office.link.start();
      for (let round = 0; round < 25; round++) {
        office.publish(Math.floor(random() * 40));
        office.desk.report(Math.floor(random() * 40));
        if (random() < 0.3) office.desk.wantsTime = true;
        if (random() < 0.2) office.desk.full = 1 + Math.floor(random() * 3);
        const kind = CENTRE_FAULT_KINDS[Math.floor(random() * CENTRE_FAULT_KINDS.length)]!;
        if (arrives(kind)) office.centre.faults.add({ ...FAULTS[kind], chance: random(), seed: seed * 100 + round });
        if (random() < 0.4) office.heal();
        office.link.nudge();
        await office.time.pass(random() * 120_000);
        if (random() < 0.1) {
          await office.link.stop();
          office.link.start();
        }
      }
      office.heal();
      office.desk.full = 0;
      await office.time.pass(300_000);
      expect(office.owed(), `seed ${seed}`).toEqual({ statements: 0, reports: 0 });
      const kept = office.centre.reports.list().length;
      expect(office.desk.accepted, `seed ${seed}`).toHaveLength(kept);
      expect(new Set(office.desk.accepted).size).toBe(kept);
      await office.link.stop();
    }
  });
});
