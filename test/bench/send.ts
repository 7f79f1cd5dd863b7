/**
 * What the driver costs on the wire: a page printed through the driver and real serialport, against the same bytes
 * written straight to the same pty (`cat page > port`), at an emulated 19,200 baud. Prints one JSON line.
 */
import { open } from 'node:fs/promises';
import { encodePage } from '../../drivers/printers/tally-csi/encoder.ts';
import { createPrinterDriver } from '../../drivers/registry.ts';
import { serialTransport } from '../../drivers/transports/serial.ts';
import { simulateTallyPrinter } from '../../mocks/printers/simulated-printer.ts';
import { QUICK_TIMING } from '../../mocks/printers/tally-csi/works.ts';
import { realTime } from '../../mocks/printers/time.ts';
import { REAL, until } from '../drivers/real-time.ts';
import { GEOMETRY, samplePage } from '../drivers/tally-csi/simulated-bench.ts';

/** 19,200 baud, 8N1. */
const BYTES_PER_SECOND = 1920;
const QUICK = process.env.BENCH_QUICK === '1';
const ROUNDS = QUICK ? 1 : 3;
const PAGE = samplePage(5, 600, QUICK ? 120 : 400);

const printer = simulateTallyPrinter({
  time: realTime(),
  bytesPerSecond: BYTES_PER_SECOND,
  geometry: GEOMETRY,
  timing: QUICK_TIMING,
});
await until(() => printer.state().status === 'online');
const mount = printer.openPty();
if (!mount.ok) {
  console.log(JSON.stringify({ bench: 'send', skipped: mount.failure }));
  process.exit(0);
}
const { path } = mount.value;
const received = () => printer.device.snapshot().bytesReceived;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

let booklets = 0;
const newBooklet = () => {
  if (printer.device.booklet !== null) printer.removeBooklet();
  printer.insertBooklet({ number: `B${booklets++}`, pageTopMm: GEOMETRY.pageTopMm });
};

const settings = { geometry: GEOMETRY, avoidFlowBytes: false, lineDots: null };
const encoded = encodePage(PAGE, settings, { turns: [1, 2], printed: 3 });
if (!encoded.ok) throw new Error(encoded.failure);
const { bytes } = encoded.value;

/** Milliseconds until the device has all bytes that are written straight to the port. */
async function straight(): Promise<number> {
  newBooklet();
  const total = received() + bytes.length;
  const port = await open(path, 'w');
  const from = performance.now();
  await port.writeFile(bytes);
  await arrival(total);
  const took = performance.now() - from;
  await port.close();
  await until(() => printer.state().place === 'out');
  return took;
}

const driver = createPrinterDriver(
  { driver: 'tally-csi', geometry: GEOMETRY, flowControl: 'rtscts' },
  {
    open: serialTransport({ kind: 'serial', path, baudRate: 19_200, flowControl: 'rtscts' }, REAL.timers),
    ...REAL,
    trace: () => {},
  },
);
let number = 10;

/** The same by the driver, and until it knows that the page is printed. */
async function driven(): Promise<{ arrived: number; known: number }> {
  newBooklet();
  const connected = await driver.connect(() => number++);
  if (!connected.ok) throw new Error(JSON.stringify(connected.failure));
  const total = received() + bytes.length;
  const from = performance.now();
  const printing = connected.session.print({ attempt: 'a', acknowledgement: 9, page: PAGE }, () => {});
  // Numbers of control points differ in length by a byte or two.
  await arrival(total);
  const arrived = performance.now() - from;
  const outcome = await printing;
  if (outcome.outcome !== 'printed') throw new Error(outcome.reason);
  const known = performance.now() - from;
  await connected.session.close();
  return { arrived, known };
}

async function arrival(total: number): Promise<void> {
  while (received() < total) await new Promise((resolve) => setTimeout(resolve, 2));
}

const straights: number[] = [];
const drivens: { arrived: number; known: number }[] = [];
for (let round = 0; round < ROUNDS; round++) {
  // The driver first: serialport makes the port raw, which a plain open does not.
  drivens.push(await driven());
  straights.push(await straight());
}
mount.value.close();
const wire = median(straights);
const arrived = median(drivens.map((one) => one.arrived));
console.log(
  JSON.stringify({
    bench: 'send',
    bytes: bytes.length,
    bytesPerSecond: BYTES_PER_SECOND,
    straightMs: Math.round(wire),
    drivenMs: Math.round(arrived),
    printedMs: Math.round(median(drivens.map((one) => one.known))),
    overheadPercent: Math.round((arrived / wire - 1) * 1000) / 10,
    wanted: 'overhead <= 3 %',
    ratio: Math.round((arrived / wire) * 1000) / 1000,
  }),
);
process.exit(0);
