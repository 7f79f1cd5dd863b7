import type { Connection, TransportFailure } from '../../drivers/transports/transport.ts';
import type { Bitmap } from '../../src/domain/bitmap.ts';
import type { Result } from '../../src/domain/result.ts';
import type { Fault, FiredFault } from '../faults.ts';
import { type LineOptions, SerialLine } from '../transports/line.ts';
import { connectMemory } from '../transports/memory.ts';
import { openPty, type PtyMount } from '../transports/pty.ts';
import { listenTcp, type TcpMount } from '../transports/tcp.ts';
import { Booklet, type BookletOptions, dataPageInk } from './booklet.ts';
import type { HandFailure, InsertHow, PrinterDevice, PrinterHands } from './device.ts';
import { toPng } from './picture.ts';
import { TallyPrinter } from './tally-csi/device.ts';
import type { TallyOptions } from './tally-csi/options.ts';
import type { SimTime } from './time.ts';

type Cable = Pick<LineOptions, 'bytesPerSecond' | 'flowControl'>;

/**
 * A simulated printer with its cable and the booklets around it: what tests, the mock command and the Bench page hold.
 * The same booklet number is the same booklet: put in again, it still has its ink.
 */
export class SimulatedPrinter<Device extends PrinterDevice = PrinterDevice> implements PrinterHands {
  readonly device: Device;
  readonly line: SerialLine;
  readonly #time: SimTime;
  readonly #booklets = new Map<string, Booklet>();

  constructor(device: Device, time: SimTime, cable: Cable = {}) {
    this.device = device;
    this.#time = time;
    this.line = new SerialLine({ ...cable, time, device, faults: device.faults });
  }

  /** Every booklet that ever was put in, by number. */
  get booklets(): ReadonlyMap<string, Booklet> {
    return this.#booklets;
  }

  insertBooklet(booklet: Booklet | BookletOptions, how: InsertHow = {}): Result<void, HandFailure> {
    const thing = booklet instanceof Booklet ? booklet : (this.#booklets.get(booklet.number) ?? new Booklet(booklet));
    const inserted = this.device.insertBooklet(thing, how);
    if (inserted.ok) this.#booklets.set(thing.number, thing);
    return inserted;
  }

  removeBooklet(): Result<Booklet, HandFailure> {
    return this.device.removeBooklet();
  }

  openCover(): void {
    this.device.openCover();
  }

  closeCover(): void {
    this.device.closeCover();
  }

  pressStop(): void {
    this.device.pressStop();
  }

  pressStart(): void {
    this.device.pressStart();
  }

  clearError(): Result<void, HandFailure> {
    return this.device.clearError();
  }

  powerOff(): void {
    this.device.powerOff();
  }

  powerOn(): void {
    this.device.powerOn();
  }

  unplug(): void {
    this.line.unplug();
  }

  replug(): void {
    this.line.replug();
  }

  /** @throws RangeError for a kind that this printer does not know. */
  addFault(fault: Fault): void {
    this.device.faults.add(fault);
  }

  get faultTrace(): readonly FiredFault[] {
    return this.device.faults.trace;
  }

  /** A transport for a driver in this process: an `OpenTransport` of drivers/transports. */
  connectMemory(): Promise<Result<Connection, TransportFailure>> {
    return connectMemory(this.line, this.#time);
  }

  /** Loopback; `port` 0 takes a free one. Rejects when the port is taken. */
  listenTcp(port = 0): Promise<TcpMount> {
    return listenTcp(this.line, port);
  }

  /** A real pseudo terminal; `link` gives it a stable name. Fails where the platform has no binary for it. */
  openPty(link?: string): Result<PtyMount, string> {
    return openPty(this.line, link);
  }

  /** The data page of booklet `number`, else of the one at the printer; `null` when there is none. */
  dataPage(number?: string): Bitmap | null {
    const booklet = number === undefined ? this.device.booklet : (this.#booklets.get(number) ?? null);
    return booklet === null ? null : dataPageInk(booklet);
  }

  /** As `dataPage`, as a PNG. */
  picture(number?: string): Buffer | null {
    const page = this.dataPage(number);
    return page === null ? null : toPng(page);
  }

  state(): Readonly<Record<string, unknown>> {
    return { ...this.device.snapshot(), plugged: this.line.plugged, hostAttached: this.line.taken };
  }

  /** Told after each change; ask `state()` then. Returns the way to stop. */
  subscribe(listener: () => void): () => void {
    const stops = [this.device.onChange(listener), this.line.onPlug(listener)];
    return () => {
      for (const stop of stops) stop();
    };
  }
}

/** A Tally T5023 with its serial cable. */
export function simulateTallyPrinter(options: TallyOptions & Cable): SimulatedPrinter<TallyPrinter> {
  return new SimulatedPrinter(new TallyPrinter(options), options.time, options);
}
