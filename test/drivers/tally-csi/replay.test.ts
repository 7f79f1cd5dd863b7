import { describe, expect, it } from 'vitest';
import type { PrinterDriver } from '../../../drivers/driver.ts';
import { createPrinterDriver } from '../../../drivers/registry.ts';
import { NOT_AS_RECORDED, replayTransport } from '../../../drivers/transports/replay.ts';
import { type TraceRecord, traced } from '../../../drivers/transports/trace.ts';
import type { Fault } from '../../../mocks/faults.ts';
import { VirtualTime } from '../../../mocks/printers/time.ts';
import type { Bitmap } from '../../../src/domain/bitmap.ts';
import { GEOMETRY, inTime, samplePage, simulatedBench } from './simulated-bench.ts';

const PAGE = samplePage(5, 200, 80);

async function attempt(time: VirtualTime, driver: PrinterDriver, page: Bitmap, insert: () => void) {
  let number = 500;
  const connected = await inTime(
    time,
    driver.connect(() => number++),
  );
  if (!connected.ok) throw new Error(JSON.stringify(connected.failure));
  insert();
  const outcome = await inTime(
    time,
    connected.session.print({ attempt: 'a', acknowledgement: 600, page }, () => {}),
  );
  const reason = outcome.outcome === 'printed' ? 'open' : await connected.session.closed;
  return { outcome: outcome.outcome, why: outcome.reason, handedOver: outcome.evidence.bytesHandedOver, reason };
}

async function record(fault: Fault | null) {
  const time = new VirtualTime();
  const records: TraceRecord[] = [];
  const clock = { now: () => time.now(), monotonic: () => time.now(), synchronised: () => true };
  const at = simulatedBench({
    time,
    bytesPerSecond: 1920,
    open: (printer) =>
      traced(() => printer.connectMemory(), { clock, record: (one) => records.push(one), incoming: 'verbatim' }),
  });
  if (fault) at.printer.addFault(fault);
  const result = await attempt(time, at.driver, PAGE, () => at.printer.insertBooklet({ number: 'B1', pageTopMm: 88 }));
  return { records, result };
}

/** Plays it through a file's text, as support would get it. */
async function replay(records: readonly TraceRecord[], page = PAGE) {
  const time = new VirtualTime();
  const lines = records.map((one) => JSON.stringify(one)).join('\n');
  const read = lines.split('\n').map((line) => JSON.parse(line) as TraceRecord);
  const driver = createPrinterDriver(
    { driver: 'tally-csi', geometry: GEOMETRY, flowControl: 'rtscts' },
    {
      open: replayTransport(read, time),
      clock: { now: () => time.now(), monotonic: () => time.now(), synchronised: () => true },
      timers: time,
      trace: () => {},
    },
  );
  return attempt(time, driver, page, () => {});
}

describe('a recorded session', () => {
  it.each<[string, Fault | null, string]>([
    ['a good print', null, 'printed'],
    ['an error in the page', { kind: 'error', trigger: { at: 'byte', n: 1400 } }, 'unknown'],
    ['a lost acknowledgement', { kind: 'ack-lost', trigger: { at: 'command', n: 1, name: 'eject' } }, 'unknown'],
    ['an unplug', { kind: 'unplug', trigger: { at: 'byte', n: 1600 } }, 'unknown'],
  ])('of %s comes to the same when it is played to the driver again', async (_, fault, outcome) => {
    const { records, result } = await record(fault);
    expect(result.outcome).toBe(outcome);
    const again = await replay(records);
    expect({ outcome: again.outcome, why: again.why }).toEqual({ outcome: result.outcome, why: result.why });
    expect(JSON.stringify(records)).not.toContain(Buffer.from([0x1b, 0x2a, 39]).toString('hex'));
  });

  it('notices when the driver says something else than it said then', async () => {
    const { records } = await record(null);
    expect(await replay(records, samplePage(6, 200, 80))).toMatchObject({
      outcome: 'unknown',
      reason: NOT_AS_RECORDED,
    });
  });
});
