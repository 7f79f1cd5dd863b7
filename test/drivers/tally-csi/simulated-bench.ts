import type { PrinterDriver, PrinterSession } from '../../../drivers/driver.ts';
import type { Timing } from '../../../drivers/printers/tally-csi/timing.ts';
import { createPrinterDriver } from '../../../drivers/registry.ts';
import type { FlowControl, OpenTransport } from '../../../drivers/transports/transport.ts';
import type { Booklet } from '../../../mocks/printers/booklet.ts';
import { type SimulatedPrinter, simulateTallyPrinter } from '../../../mocks/printers/simulated-printer.ts';
import type { TallyPrinter } from '../../../mocks/printers/tally-csi/device.ts';
import type { TallyOptions } from '../../../mocks/printers/tally-csi/options.ts';
import type { SimTime, VirtualTime } from '../../../mocks/printers/time.ts';
import { addInk, type Bitmap, blankBitmap, inkAt } from '../../../src/domain/bitmap.ts';

/** Where the simulated machine's needles and booklets are, and what the driver is told of it. */
export const GEOMETRY = { pageTopMm: 88, needleMm: -1.5, leftMm: 7 } as const;

export interface SimulatedBench {
  readonly printer: SimulatedPrinter<TallyPrinter>;
  readonly driver: PrinterDriver;
  readonly trace: string[];
  nextAcknowledgement(): number;
}

export interface SimulatedBenchOptions {
  readonly time: SimTime;
  readonly tally?: Partial<TallyOptions>;
  readonly bytesPerSecond?: number;
  readonly flowControl?: 'rtscts' | 'xonxoff';
  /** Default: in memory. Asked for once the printer is there. */
  readonly open?: (printer: SimulatedPrinter<TallyPrinter>) => OpenTransport;
  readonly timing?: Partial<Timing>;
}

export function simulatedBench(options: SimulatedBenchOptions): SimulatedBench {
  const { time } = options;
  const printer = simulateTallyPrinter({
    time,
    geometry: { needleMm: GEOMETRY.needleMm, leftMm: GEOMETRY.leftMm },
    flowControl: options.flowControl ?? 'rtscts',
    ...(options.bytesPerSecond === undefined ? {} : { bytesPerSecond: options.bytesPerSecond }),
    ...options.tally,
  });
  const trace: string[] = [];
  let counter = 9_990;
  const flowControl: FlowControl = options.flowControl ?? 'rtscts';
  return {
    printer,
    driver: createPrinterDriver(
      { driver: 'tally-csi', geometry: GEOMETRY, flowControl, timing: options.timing ?? {} },
      {
        open: options.open?.(printer) ?? (() => printer.connectMemory()),
        clock: { now: () => time.now(), monotonic: () => time.now(), synchronised: () => true },
        timers: time,
        trace: (direction, text) => trace.push(`${Math.round(time.now())} ${direction} ${text}`),
      },
    ),
    trace,
    nextAcknowledgement: () => {
      counter = (counter + 1) % 10_000;
      return counter;
    },
  };
}

/** Lets time pass until `work` is done, at most `limit` milliseconds of it. */
export async function inTime<Value>(time: VirtualTime, work: Promise<Value>, limit = 3_600_000): Promise<Value> {
  let done: { value: Value } | null = null;
  void work.then((value) => {
    done = { value };
  });
  for (let passed = 0; passed <= limit; passed += 100) {
    await time.pass(100);
    if (done !== null) return (done as { value: Value }).value;
  }
  throw new Error(`not done in ${limit} ms`);
}

export async function connectSimulated(time: VirtualTime, bench: SimulatedBench): Promise<PrinterSession> {
  const connected = await inTime(time, bench.driver.connect(bench.nextAcknowledgement));
  if (!connected.ok) throw new Error(JSON.stringify(connected.failure));
  return connected.session;
}

/** A page with a frame, slanted strokes, and columns made of the bytes that no printer must see. */
export function samplePage(seed: number, width = 885, height = 620): Bitmap {
  const page = blankBitmap(width, height, 180);
  for (let x = 0; x < width; x++) {
    addInk(page, x, 0);
    addInk(page, x, height - 1);
    addInk(page, x, (x * seed) % height);
    addInk(page, x, (x * 3 + seed * 7) % height);
  }
  const evil = [0x1b, 0x07, 0x4c, 0x11, 0x13, 0x0c];
  for (let at = 0; at < 120; at++) {
    for (let bit = 0; bit < 8; bit++) {
      if (evil[at % 6]! & (0x80 >> bit))
        addInk(page, Math.floor(width / 3) + Math.floor(at / 3), 48 + (at % 3) * 8 + bit);
    }
  }
  return page;
}

/** `exact`, `none`, `part` of the page and nothing else, or `other`: dots that the page does not have. */
export function inkOn(booklet: Booklet, page: Bitmap): 'exact' | 'none' | 'part' | 'other' {
  const picture = booklet.picture();
  const top = Math.round((GEOMETRY.pageTopMm * 180) / 25.4);
  let missing = 0;
  let there = 0;
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const inked = inkAt(picture, x, y);
      const wanted = y >= top && x < page.width && y - top < page.height && inkAt(page, x, y - top);
      if (inked && !wanted) return 'other';
      if (inked) there++;
      else if (wanted) missing++;
    }
  }
  if (there === 0) return 'none';
  return missing === 0 ? 'exact' : 'part';
}
