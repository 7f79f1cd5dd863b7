import { afterEach, describe, expect, it } from 'vitest';
import type { PrinterSession, PrintOutcome } from '../../../drivers/driver.ts';
import { transportFor } from '../../../drivers/transports/open.ts';
import type { Address, FlowControl } from '../../../drivers/transports/transport.ts';
import type { SimulatedPrinter } from '../../../mocks/printers/simulated-printer.ts';
import type { TallyPrinter } from '../../../mocks/printers/tally-csi/device.ts';
import { QUICK_TIMING } from '../../../mocks/printers/tally-csi/works.ts';
import { realTime } from '../../../mocks/printers/time.ts';
import { REAL, until } from '../real-time.ts';
import { inkOn, type SimulatedBench, samplePage, simulatedBench } from './simulated-bench.ts';

const PAGE = samplePage(5, 300, 120);
const SHORT = { settle: 30, barrier: 1_500, load: 700, chunk: 700, acknowledge: 700, eject: 700 } as const;

type Mount = (printer: SimulatedPrinter<TallyPrinter>) => Promise<{ address: Address; close(): Promise<void> | void }>;

const pty =
  (flowControl: FlowControl): Mount =>
  async (printer) => {
    const mount = printer.openPty();
    if (!mount.ok) throw new Error(mount.failure);
    const { value } = mount;
    return {
      // A replugged pty has another name: asked for at each opening.
      get address(): Address {
        return { kind: 'serial', path: value.path, baudRate: 19_200, flowControl };
      },
      close: () => value.close(),
    };
  };
const tcp: Mount = async (printer) => {
  const mount = await printer.listenTcp();
  return { address: { kind: 'tcp', host: mount.host, port: mount.port }, close: () => mount.close() };
};

let closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.reverse()) await close();
  closing = [];
});

async function bench(mount: Mount, flowControl: 'rtscts' | 'xonxoff' = 'rtscts'): Promise<SimulatedBench> {
  let mounted: Awaited<ReturnType<Mount>> | null = null;
  const made = simulatedBench({
    time: realTime(),
    tally: { timing: QUICK_TIMING },
    flowControl,
    timing: SHORT,
    open: () => () => transportFor(mounted!.address, REAL)(),
  });
  await until(() => made.printer.state().status === 'online');
  mounted = await mount(made.printer);
  closing.push(() => mounted?.close());
  return made;
}

async function connected(at: SimulatedBench): Promise<PrinterSession> {
  const result = await at.driver.connect(at.nextAcknowledgement);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  closing.push(() => result.session.close());
  return result.session;
}

const print = (at: SimulatedBench, session: PrinterSession, onBytes: (accepted: number) => void = () => {}) =>
  session.print({ attempt: 'a', acknowledgement: at.nextAcknowledgement(), page: PAGE }, (progress) => {
    if (progress.kind === 'sending') onBytes(progress.bytesAccepted);
    if (progress.kind === 'sent') onBytes(progress.bytesTotal);
  });

function truthful(at: SimulatedBench, outcome: PrintOutcome) {
  const booklet = at.printer.booklets.get('B1');
  const ink = booklet ? inkOn(booklet, PAGE) : 'none';
  if (outcome.outcome === 'printed') expect(ink).toBe('exact');
  if (outcome.outcome === 'not-printed') expect(ink).toBe('none');
}

const MOUNTS: [string, Mount, 'rtscts' | 'xonxoff'][] = [
  ['a pty', pty('rtscts'), 'rtscts'],
  ['a pty with XON/XOFF', pty('xonxoff'), 'xonxoff'],
  ['TCP', tcp, 'rtscts'],
];

describe.each(MOUNTS)('on %s', (name, mount, flowControl) => {
  it('prints two booklets, exactly', async () => {
    const at = await bench(mount, flowControl);
    const session = await connected(at);
    for (const number of ['B1', 'B2']) {
      at.printer.insertBooklet({ number, pageTopMm: 88 });
      expect(await print(at, session)).toMatchObject({ outcome: 'printed' });
      expect(inkOn(at.printer.booklets.get(number)!, PAGE)).toBe('exact');
      at.printer.removeBooklet();
    }
    expect(at.printer.device.violations).toEqual([]);
  });

  it('waits for the booklet', async () => {
    const at = await bench(mount, flowControl);
    const session = await connected(at);
    const done = print(at, session);
    await until(() => session.status().waitingForOperator);
    await new Promise((resolve) => setTimeout(resolve, SHORT.load * 1.5));
    at.printer.insertBooklet({ number: 'B1', pageTopMm: 88 });
    expect(await done).toMatchObject({ outcome: 'printed' });
  });

  it.each([
    ['before the page', 0, 'not-printed'],
    ['in the page', 700, 'unknown'],
    ['near its end', 2_000, 'unknown'],
  ])('unplugged %s: says what it can know, and prints after replugging', async (_, moment, expected) => {
    const at = await bench(mount, flowControl);
    const session = await connected(at);
    if (moment > 0) at.printer.insertBooklet({ number: 'B1', pageTopMm: 88 });
    let pulled = false;
    const done = print(at, session, (accepted) => {
      if (pulled || moment === 0 || accepted < moment) return;
      pulled = true;
      at.printer.unplug();
    });
    if (moment === 0) {
      await until(() => session.status().waitingForOperator);
      at.printer.unplug();
    }
    const outcome = await done;
    truthful(at, outcome);
    expect(outcome).toMatchObject({ outcome: expected, reason: 'connection-lost' });
    await session.closed;
    if (at.printer.device.booklet === null) at.printer.insertBooklet({ number: 'B1', pageTopMm: 88 });
    await new Promise((resolve) => setTimeout(resolve, 300));
    at.printer.removeBooklet();
    at.printer.clearError();
    at.printer.replug();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const next = await connected(at);
    at.printer.insertBooklet({ number: 'B2', pageTopMm: 88 });
    expect(await print(at, next)).toMatchObject({ outcome: 'printed' });
    expect(inkOn(at.printer.booklets.get('B2')!, PAGE)).toBe('exact');
  });

  it.each([
    ['error', 'device-error'],
    ['silent', 'timed-out'],
    ['busy-for-ever', 'timed-out'],
    ['never-drains', 'timed-out'],
  ] as const)('%s in the page is unknown', async (kind, reason) => {
    const at = await bench(mount, flowControl);
    const session = await connected(at);
    at.printer.insertBooklet({ number: 'B1', pageTopMm: 88 });
    at.printer.addFault({ kind, trigger: { at: 'byte', n: 900 } });
    const outcome = await print(at, session);
    expect(outcome, at.trace.join('\n')).toMatchObject({ outcome: 'unknown', reason });
    truthful(at, outcome);
    await session.closed;
  });

  it('a STOP in the page is waited out', async () => {
    const at = await bench(mount, flowControl);
    const session = await connected(at);
    at.printer.insertBooklet({ number: 'B1', pageTopMm: 88 });
    at.printer.addFault({ kind: 'stop', trigger: { at: 'state', state: 'printing', n: 2 } });
    const done = print(at, session);
    await until(() => session.status().waitingForOperator);
    await new Promise((resolve) => setTimeout(resolve, SHORT.acknowledge * 1.2));
    at.printer.pressStart();
    const outcome = await done;
    expect(outcome).toMatchObject({ outcome: 'printed' });
    truthful(at, outcome);
  });

  it(`has one host only (${name})`, async () => {
    const at = await bench(mount, flowControl);
    await connected(at);
    expect(await at.driver.connect(at.nextAcknowledgement)).toMatchObject({
      ok: false,
      failure: { kind: 'transport', failure: { kind: 'busy' } },
    });
  });
});
