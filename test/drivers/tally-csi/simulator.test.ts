import { describe, expect, it } from 'vitest';
import type { PrinterSession, PrintOutcome, PrintProgress } from '../../../drivers/driver.ts';
import type { Fault, FaultTrigger } from '../../../mocks/faults.ts';
import type { TallyOptions } from '../../../mocks/printers/tally-csi/options.ts';
import { VirtualTime } from '../../../mocks/printers/time.ts';
import { connectSimulated, inkOn, inTime, type SimulatedBench, samplePage, simulatedBench } from './simulated-bench.ts';

const FIRST = samplePage(5, 200, 80);
const SECOND = samplePage(11, 180, 90);
const BYTES_PER_SECOND = 1920;
/** No more paper than the pages need: looking at it takes the tests' time. */
const SMALL = { pageTopMm: 88, widthMm: 30, heightMm: 102 };

/**
 * Somebody who looks after the printer every two seconds, as people do: closes, starts, clears, puts back what is
 * out. The impatient one switches a printer that is held off and on.
 */
function attendant(time: VirtualTime, bench: SimulatedBench, booklet: string, impatient = false) {
  let there = true;
  const look = () => {
    if (!there) return;
    const { stops, error } = bench.printer.device.snapshot();
    if (impatient && (stops.includes('cover') || stops.includes('key'))) {
      bench.printer.powerOff();
      bench.printer.closeCover();
      bench.printer.powerOn();
    } else if (stops.includes('cover')) bench.printer.closeCover();
    else if (stops.includes('key') || stops.includes('off-line')) bench.printer.pressStart();
    else if (stops.includes('document-request')) bench.printer.insertBooklet({ number: booklet });
    else if (error !== null && bench.printer.device.snapshot().place !== 'jammed') bench.printer.clearError();
    time.after(2_000, look);
  };
  time.after(2_000, look);
  return () => {
    there = false;
  };
}

interface Run {
  readonly outcome: PrintOutcome;
  readonly progress: readonly PrintProgress[];
}

async function printOn(time: VirtualTime, bench: SimulatedBench, session: PrinterSession, page = FIRST): Promise<Run> {
  const progress: PrintProgress[] = [];
  const outcome = await inTime(
    time,
    session.print({ attempt: 'a', acknowledgement: bench.nextAcknowledgement(), page }, (one) => progress.push(one)),
  );
  return { outcome, progress };
}

const honest = (bench: SimulatedBench) => bench.printer.device.violations.filter(({ disturbed }) => !disturbed);

describe('on the simulated printer', () => {
  it('inks exactly the page and says printed, in a press of flow control and at wire speed', async () => {
    const time = new VirtualTime();
    const bench = simulatedBench({ time, bytesPerSecond: BYTES_PER_SECOND });
    const session = await connectSimulated(time, bench);
    bench.printer.insertBooklet({ number: 'B1', pageTopMm: 88 });
    const page = samplePage(5);
    const { outcome } = await printOn(time, bench, session, page);
    expect(outcome).toMatchObject({ outcome: 'printed', reason: 'acknowledged' });
    expect(inkOn(bench.printer.booklets.get('B1')!, page)).toBe('exact');
    expect(bench.printer.device.violations).toEqual([]);
    expect(bench.printer.state()).toMatchObject({ place: 'out', bufferUsed: 0 });
  });

  it('inks exactly the page over XON/XOFF, with no DC3 to the printer', async () => {
    const time = new VirtualTime();
    const bench = simulatedBench({ time, bytesPerSecond: BYTES_PER_SECOND, flowControl: 'xonxoff' });
    const session = await connectSimulated(time, bench);
    bench.printer.insertBooklet({ number: 'B1', pageTopMm: 88 });
    const { outcome } = await printOn(time, bench, session);
    expect(outcome.outcome).toBe('printed');
    expect(inkOn(bench.printer.booklets.get('B1')!, FIRST)).toBe('exact');
    expect(bench.printer.device.violations).toEqual([]);
  });

  it('asks for a booklet, waits for it for hours, then prints', async () => {
    const time = new VirtualTime();
    const bench = simulatedBench({ time });
    const session = await connectSimulated(time, bench);
    time.after(5 * 3_600_000, () => bench.printer.insertBooklet({ number: 'B1', pageTopMm: 88 }));
    const progress: PrintProgress[] = [];
    const outcome = await inTime(
      time,
      session.print({ attempt: 'a', acknowledgement: 77, page: FIRST }, (one) => progress.push(one)),
      6 * 3_600_000,
    );
    expect(outcome.outcome).toBe('printed');
    expect(progress).toContainEqual({
      kind: 'waiting-for-operator',
      reasons: [{ keyword: 'media-needed', severity: 'error', raw: 'CSI 1 ! z, CSI 2;4 " z' }],
    });
    expect(inkOn(bench.printer.booklets.get('B1')!, FIRST)).toBe('exact');
  });

  it('ejects', async () => {
    const time = new VirtualTime();
    const bench = simulatedBench({ time });
    const session = await connectSimulated(time, bench);
    bench.printer.insertBooklet({ number: 'B1' });
    expect(await inTime(time, session.eject(bench.nextAcknowledgement()))).toMatchObject({ ok: true });
    expect(bench.printer.state()).toMatchObject({ place: 'out' });
  });

  it('does not answer while the printer is off, and connects when it is on', async () => {
    const time = new VirtualTime();
    const bench = simulatedBench({ time, tally: { startsOff: true } });
    const dead = await inTime(time, bench.driver.connect(bench.nextAcknowledgement));
    expect(dead).toMatchObject({ ok: false, failure: { kind: 'no-answer' } });
    bench.printer.powerOn();
    await time.pass(4_000);
    await connectSimulated(time, bench);
  });
});

/** Everything that can happen in the middle, at many moments; a long fault ends by the attendant or a power cycle. */
const FAULTS: readonly (Omit<Fault, 'trigger'> & { kind: Fault['kind']; impatient?: boolean })[] = [
  { kind: 'unplug', replugAfterMs: 700 },
  { kind: 'silent', ms: 200_000 },
  { kind: 'never-drains', ms: 200_000 },
  { kind: 'garbage', count: 9 },
  { kind: 'bit-flip' },
  { kind: 'dropped-byte' },
  { kind: 'duplicated-byte' },
  { kind: 'split-chunks' },
  { kind: 'merged-chunks', ms: 400 },
  { kind: 'ack-lost' },
  { kind: 'ack-duplicated' },
  { kind: 'ack-late' },
  { kind: 'truncated-reply' },
  { kind: 'busy-for-ever' },
  { kind: 'message-queue-overflow', count: 3 },
  { kind: 'unknown-status' },
  { kind: 'stop' },
  { kind: 'error' },
  { kind: 'cover-open' },
  { kind: 'stop', impatient: true },
  { kind: 'cover-open', impatient: true },
  { kind: 'power-loss', bootAfterMs: 400 },
  { kind: 'jam' },
  { kind: 'booklet-removed' },
] as readonly (Omit<Fault, 'trigger'> & { kind: Fault['kind']; impatient?: boolean })[];

const MOMENTS: readonly FaultTrigger[] = [
  ...[1, 9, 17, 24, 60, 300, 701, 1100, 1500].map((n) => ({ at: 'byte', n }) as const),
  ...[1, 6, 13, 30].map((n) => ({ at: 'byte', n, direction: 'to-host' }) as const),
  ...[5, 1_500, 2_000].map((ms) => ({ at: 'time', ms }) as const),
  { at: 'state', state: 'feeding' },
  { at: 'state', state: 'printing', n: 1 },
  { at: 'state', state: 'printing', n: 3 },
  { at: 'state', state: 'ejecting' },
  { at: 'command', n: 1, name: 'eject' },
  { at: 'command', n: 3, name: 'control-point' },
];

const READINGS: readonly Partial<TallyOptions>[] = [
  {},
  { lineAtControlPoint: 'printed', bytesDuringError: 'keep', commandCutByError: 'awaited' },
];

/**
 * One attempt under a fault, then what people do about it, then the next person's booklet. `bookletStays`: the spoiled
 * booklet is still in the printer when the next session begins.
 */
async function attemptUnder(fault: Fault, tally: Partial<TallyOptions>, bookletStays: boolean, impatient: boolean) {
  const time = new VirtualTime();
  const bench = simulatedBench({ time, bytesPerSecond: BYTES_PER_SECOND, tally });
  const { printer } = bench;
  const session = await connectSimulated(time, bench);
  printer.insertBooklet({ number: 'B1', ...SMALL });
  await time.pass(100);
  printer.addFault(fault);
  const leave = attendant(time, bench, 'B1', impatient);
  const { outcome } = await printOn(time, bench, session);
  const inkThen = inkOn(printer.booklets.get('B1')!, FIRST);

  if (outcome.outcome !== 'printed') await session.closed;
  else await session.close();
  if (!bookletStays && printer.device.booklet !== null) printer.removeBooklet();
  await time.pass(10_000);
  const powerCycle = async () => {
    if (printer.device.booklet !== null) printer.removeBooklet();
    printer.powerOff();
    await time.pass(1_000);
    printer.powerOn();
    await time.pass(10_000);
  };
  let powerCycles = 0;
  let next: PrinterSession | null = null;
  for (let tries = 0; next === null; tries++) {
    if (tries > 6) throw new Error('no session in the end');
    if (tries === 3) {
      powerCycles++;
      await powerCycle();
    }
    const connected = await inTime(time, bench.driver.connect(bench.nextAcknowledgement));
    if (connected.ok) next = connected.session;
    else await time.pass(3_000);
  }
  leave();
  const inkBefore = printer.booklets.get('B1')!.picture().data.slice();
  if (printer.device.booklet !== null) {
    if (bookletStays) await inTime(time, next.eject(bench.nextAcknowledgement()));
    printer.removeBooklet();
  }
  await time.pass(5_000);
  if (next.status().state === 'stopped') {
    await next.close();
    await powerCycle();
    next = await connectSimulated(time, bench);
  }
  printer.insertBooklet({ number: 'B2', ...SMALL });
  const leaveAgain = attendant(time, bench, 'B2');
  const second = await printOn(time, bench, next, SECOND);
  leaveAgain();
  return { bench, outcome, inkThen, inkBefore, second, powerCycles };
}

describe('whatever happens at whatever moment', () => {
  const seen = new Set<string>();

  for (const { kind, impatient = false, ...rest } of FAULTS) {
    it(`${kind}${impatient ? ', then off and on' : ''}: printed only with all the ink, not-printed only with none, and the next booklet is clean`, async () => {
      for (const [at, trigger] of MOMENTS.entries()) {
        const fault = { kind, ...rest, trigger } as Fault;
        const run = await attemptUnder(fault, READINGS[at % 2]!, at % 3 !== 0, impatient);
        const { bench, outcome, inkThen } = run;
        const first = bench.printer.booklets.get('B1')!;
        const second = bench.printer.booklets.get('B2')!;
        const story = `${kind} ${JSON.stringify(trigger)}: ${outcome.reason}\n${bench.trace.slice(-60).join('\n')}`;
        seen.add(outcome.outcome);
        if (outcome.outcome === 'printed') expect(inkThen, story).toBe('exact');
        if (outcome.outcome === 'not-printed') expect(first.blank, story).toBe(true);
        // Nothing came out later, neither on this booklet once a new session stood, nor on the next one.
        expect(Buffer.from(first.picture().data).equals(Buffer.from(run.inkBefore)), story).toBe(true);
        expect(inkOn(second, SECOND), story).not.toBe('other');
        if (run.second.outcome.outcome === 'printed') expect(inkOn(second, SECOND), story).toBe('exact');
        if (run.second.outcome.outcome === 'not-printed') expect(second.blank, story).toBe(true);
        expect(new Set(second.inkLog.map((entry) => entry.session)).size, story).toBeLessThanOrEqual(1);
        // A cut line alone, wherever it was cut, is mended by plugging it in.
        if (kind === 'unplug') expect(run.powerCycles, story).toBe(0);
        // A device that lost power in the middle of a command reads the rest of it as characters: not the host's doing.
        if (kind !== 'power-loss' && !impatient) expect(honest(bench), story).toEqual([]);
      }
    });
  }

  it('has met all three outcomes on the way', () => {
    expect([...seen].sort()).toEqual(['not-printed', 'printed', 'unknown']);
  });
});
