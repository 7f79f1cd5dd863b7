import { fail, ok, type Result } from '../../src/domain/result.ts';
import type { CancelTimer } from '../../src/domain/world.ts';
import type { Direction, FaultEngine, FaultOf, Randomly } from '../faults.ts';
import type { LineDevice } from '../printers/device.ts';
import type { SimTime } from '../printers/time.ts';

/** The host's end of a line, as a mount gives it. */
export interface HostEnd {
  toHost(bytes: Uint8Array): void;
  /** CTS: whether the host may go on sending. What it sends all the same is kept and sent later. */
  clearToSend(clear: boolean): void;
  /** The line is gone; nothing more comes. */
  cut(reason: string): void;
}

/** One stretch of time in which a host has the line open. */
export interface LineSession {
  /**
   * Puts bytes on the line. `settled` is told how many of them the device received: all, or fewer when the rest was
   * discarded or the line was cut.
   */
  write(bytes: Uint8Array, settled?: (received: number) => void): void;
  /** Forgets what the device has not received. */
  discard(): void;
  /** The host goes away. Bytes on the line still arrive, at most `keep` of them (default all), unless discarded. */
  detach(keep?: number): void;
}

export interface LineOptions {
  readonly time: SimTime;
  readonly device: LineDevice;
  readonly faults: FaultEngine;
  /** Default: as fast as the device takes them. 19,200 baud with 8N1 is 1920. */
  readonly bytesPerSecond?: number;
  /**
   * Default `rtscts`. With `xonxoff` the device also sends DC3 and DC1; what was under way before the host obeyed waits
   * on the line, because a pty or a socket holds far more of it than a real cable.
   */
  readonly flowControl?: 'rtscts' | 'xonxoff';
}

type Queued =
  | { readonly kind: 'session' }
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      offset: number;
      readonly settled: ((received: number) => void) | undefined;
    };

/** So small that the device can raise its hand before its buffer overruns. */
const STRETCH = 256;
const DC1 = Uint8Array.of(0x11);
const DC3 = Uint8Array.of(0x13);

const BYTE_FAULTS = ['bit-flip', 'dropped-byte', 'duplicated-byte', 'garbage', 'nul-noise'] as const;
const LINE_FAULTS = [
  'unplug',
  'slow-open',
  'opens-then-dies',
  'slow-drip',
  'xoff-no-xon',
  'split-chunks',
  'merged-chunks',
] as const;
type ByteFault = FaultOf<(typeof BYTE_FAULTS)[number]>;
type SpoiltByte = Exclude<ByteFault, { readonly kind: 'garbage' | 'nul-noise' }>;
type LineFault = FaultOf<(typeof LINE_FAULTS)[number]>;

/** The cable between one host and one device, with everything that can happen to bytes on the way. */
export class SerialLine {
  readonly #options: LineOptions;
  readonly #queue: Queued[] = [];
  readonly #plugListeners = new Set<(plugged: boolean) => void>();
  readonly #spoiling: { readonly [Way in Direction]: { fault: SpoiltByte; random: Randomly }[] } = {
    'to-device': [],
    'to-host': [],
  };
  #host: HostEnd | null = null;
  #plugged = true;
  #opensAfter = 0;
  #diesAfter: number | null = null;
  #bytesPerSecond: number;
  #pace: CancelTimer | null = null;
  #moving = false;
  #clear = true;
  #saidOff = false;
  #xoffForEver = false;
  #split = false;
  #mergeFor: number | null = null;
  #merged: Uint8Array[] = [];

  constructor(options: LineOptions) {
    this.#options = options;
    this.#bytesPerSecond = options.bytesPerSecond ?? Number.POSITIVE_INFINITY;
    options.device.onFlow(() => this.#flowChanged());
    options.faults.carriesOut(BYTE_FAULTS, (fault, random) => this.#spoil(fault as ByteFault, random));
    options.faults.carriesOut(LINE_FAULTS, (fault) => this.#carryOut(fault as LineFault));
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  get taken(): boolean {
    return this.#host !== null;
  }

  /** Milliseconds that the next opening takes; read once. */
  takeOpeningDelay(): number {
    const delay = this.#opensAfter;
    this.#opensAfter = 0;
    return delay;
  }

  /** Told when the line is pulled out or put back. */
  onPlug(listener: (plugged: boolean) => void): () => void {
    this.#plugListeners.add(listener);
    return () => this.#plugListeners.delete(listener);
  }

  attach(host: HostEnd): Result<LineSession, 'unplugged' | 'busy'> {
    if (!this.#plugged) return fail('unplugged');
    if (this.#host !== null) return fail('busy');
    this.#host = host;
    this.#clear = true;
    this.#queue.push({ kind: 'session' });
    const mine = () => this.#host === host;
    if (this.#diesAfter !== null) {
      this.#options.time.after(this.#diesAfter, () => {
        if (mine()) this.#cut('the device went away');
      });
      this.#diesAfter = null;
    }
    this.#options.device.listen((bytes) => this.#fromDevice(bytes));
    this.#move();
    return ok({
      write: (bytes, settled) => {
        if (mine() && bytes.length > 0) {
          this.#queue.push({ kind: 'bytes', bytes, offset: 0, settled });
          this.#move();
        } else settled?.(0);
      },
      discard: () => {
        if (!mine()) return;
        this.#forgetBytes();
        this.#tellClear();
      },
      detach: (keep = Number.POSITIVE_INFINITY) => {
        if (!mine()) return;
        this.#forgetBytes(keep);
        this.#letGo();
      },
    });
  }

  unplug(): void {
    if (!this.#plugged) return;
    this.#plugged = false;
    this.#cut('unplugged');
    for (const listener of this.#plugListeners) listener(false);
  }

  replug(): void {
    if (this.#plugged) return;
    this.#plugged = true;
    for (const listener of this.#plugListeners) listener(true);
  }

  #cut(reason: string): void {
    const host = this.#host;
    this.#letGo();
    this.#forgetBytes();
    host?.cut(reason);
  }

  #letGo(): void {
    this.#host = null;
    this.#merged = [];
    this.#options.device.listen(null);
  }

  /** Drops what the device has not received, but for the first `keep` bytes. */
  #forgetBytes(keep = 0): void {
    let left = keep;
    for (const queued of this.#queue.splice(0)) {
      if (queued.kind === 'session') {
        this.#queue.push(queued);
        continue;
      }
      const kept = Math.min(left, queued.bytes.length - queued.offset);
      left -= kept;
      if (queued.offset + kept === queued.bytes.length) this.#queue.push(queued);
      else {
        queued.settled?.(queued.offset);
        if (kept > 0) {
          const bytes = queued.bytes.subarray(queued.offset, queued.offset + kept);
          this.#queue.push({ kind: 'bytes', bytes, offset: 0, settled: undefined });
        }
      }
    }
  }

  // To the device

  #move(): void {
    if (this.#moving) return;
    this.#moving = true;
    while (this.#pace === null) {
      const next = this.#queue[0];
      if (next === undefined) break;
      if (next.kind === 'session') {
        this.#queue.shift();
        this.#options.device.sessionBegins();
      } else if (this.#mayPass()) this.#moveSome(next);
      else break;
    }
    this.#moving = false;
    this.#tellClear();
  }

  #mayPass(): boolean {
    return this.#options.device.flowReady && !this.#xoffForEver;
  }

  #moveSome(next: Extract<Queued, { kind: 'bytes' }>): void {
    const { faults, time } = this.#options;
    const until = faults.bytesUntilNext('to-device');
    if (until <= 0) {
      faults.bytePending('to-device');
      return;
    }
    const paced = Number.isFinite(this.#bytesPerSecond);
    const most = paced ? Math.max(1, Math.min(64, Math.floor(this.#bytesPerSecond / 20))) : STRETCH;
    const count = Math.min(next.bytes.length - next.offset, most, until);
    const bytes = next.bytes.subarray(next.offset, next.offset + count);
    next.offset += count;
    if (next.offset === next.bytes.length) this.#queue.shift();
    if (paced)
      this.#pace = time.after((count * 1000) / this.#bytesPerSecond, () => {
        this.#pace = null;
        this.#move();
      });
    faults.bytesPassed('to-device', count);
    const { altered, bytes: arrived } = this.#spoiled('to-device', bytes);
    this.#options.device.receive(arrived, altered);
    if (next.offset === next.bytes.length) next.settled?.(next.offset);
  }

  #flowChanged(): void {
    if (this.#options.flowControl === 'xonxoff' && !this.#xoffForEver) {
      const off = !this.#options.device.flowReady;
      if (off !== this.#saidOff) this.#host?.toHost(off ? DC3 : DC1);
      this.#saidOff = off;
    }
    this.#move();
  }

  #tellClear(): void {
    const clear = this.#queue.length === 0;
    if (clear === this.#clear) return;
    this.#clear = clear;
    this.#host?.clearToSend(clear);
  }

  // To the host

  #fromDevice(message: Uint8Array): void {
    const { faults } = this.#options;
    let rest = message;
    while (rest.length > 0) {
      const until = faults.bytesUntilNext('to-host');
      if (until <= 0) {
        faults.bytePending('to-host');
        continue;
      }
      const count = Math.min(until, rest.length);
      faults.bytesPassed('to-host', count);
      this.#deliver(this.#spoiled('to-host', rest.subarray(0, count)).bytes);
      rest = rest.subarray(count);
    }
  }

  #deliver(bytes: Uint8Array): void {
    if (this.#split) for (const byte of bytes) this.#host?.toHost(Uint8Array.of(byte));
    else if (this.#mergeFor === null) this.#host?.toHost(bytes);
    else {
      if (this.#merged.length === 0) this.#options.time.after(this.#mergeFor, () => this.#deliverMerged());
      this.#merged.push(bytes);
    }
  }

  #deliverMerged(): void {
    const bytes = Uint8Array.from(Buffer.concat(this.#merged));
    this.#merged = [];
    if (bytes.length > 0) this.#host?.toHost(bytes);
  }

  // Faults

  #spoiled(direction: Direction, bytes: Uint8Array): { readonly bytes: Uint8Array; readonly altered: boolean } {
    const spoiling = this.#spoiling[direction];
    if (spoiling.length === 0 || bytes.length === 0) return { bytes, altered: false };
    let first = bytes[0] ?? 0;
    const arrived: number[] = [];
    let kept = true;
    for (const { fault, random } of spoiling.splice(0)) {
      if (fault.kind === 'bit-flip') first ^= 1 << Math.floor(random() * 8);
      else if (fault.kind === 'dropped-byte') kept = false;
      else arrived.push(first);
    }
    if (kept) arrived.push(first);
    return { bytes: Uint8Array.from([...arrived, ...bytes.subarray(1)]), altered: true };
  }

  #spoil(fault: ByteFault, random: Randomly): void {
    const direction = fault.direction ?? 'to-host';
    if (fault.kind !== 'garbage' && fault.kind !== 'nul-noise') {
      this.#spoiling[direction].push({ fault, random });
      return;
    }
    const noise = Uint8Array.from({ length: fault.count ?? 7 }, () =>
      fault.kind === 'garbage' ? Math.floor(random() * 256) : 0,
    );
    if (direction === 'to-device') this.#options.device.receive(noise, true);
    else this.#deliver(noise);
  }

  #carryOut(fault: LineFault): void {
    const { time } = this.#options;
    switch (fault.kind) {
      case 'unplug':
        this.unplug();
        if (fault.replugAfterMs !== undefined) time.after(fault.replugAfterMs, () => this.replug());
        break;
      case 'slow-open':
        this.#opensAfter = fault.ms;
        break;
      case 'opens-then-dies':
        this.#diesAfter = fault.ms ?? 200;
        break;
      case 'slow-drip':
        this.#bytesPerSecond = fault.bytesPerSecond ?? 20;
        break;
      case 'xoff-no-xon':
        this.#xoffForEver = true;
        this.#host?.toHost(DC3);
        break;
      case 'split-chunks':
        this.#split = true;
        break;
      case 'merged-chunks':
        this.#mergeFor = fault.ms ?? 50;
        break;
    }
  }
}
