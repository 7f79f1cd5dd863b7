import type { SimTime } from './printers/time.ts';

/**
 * Faults as data. A simulator hands everything that could set one off to a `FaultEngine` (a byte passes, a command is
 * about to be carried out, a state is entered, time goes by) and carries out what the engine gives back.
 * The list follows device-libraries.md section 8.
 */

export type Direction = 'to-device' | 'to-host';

export type FaultTrigger =
  /** `ms` after the fault was handed in; 0 = now. */
  | { readonly at: 'time'; readonly ms: number }
  /** Just before the `n`-th byte (from 1, counted since the fault was handed in) passes in `direction`, default `to-device`. */
  | { readonly at: 'byte'; readonly n: number; readonly direction?: Direction }
  /** Just before the `n`-th command, or the `n`-th one called `name`, is carried out. */
  | { readonly at: 'command'; readonly n: number; readonly name?: string }
  /** When the device enters `state`, for the `n`-th time (default first). */
  | { readonly at: 'state'; readonly state: string; readonly n?: number };

type FaultKinds =
  // Link
  /** The line goes away. `replugAfterMs`: comes back by itself, on a pty under another path. */
  | { readonly kind: 'unplug'; readonly replugAfterMs?: number }
  /** The next line opens only after `ms`. */
  | { readonly kind: 'slow-open'; readonly ms: number }
  /** The next line opens and dies `ms` later (default 200). */
  | { readonly kind: 'opens-then-dies'; readonly ms?: number }
  /** Present, takes everything, says nothing; for `ms`, else for ever. */
  | { readonly kind: 'silent'; readonly ms?: number }
  /** The line carries only `bytesPerSecond` (default 20) to the device. */
  | { readonly kind: 'slow-drip'; readonly bytesPerSecond?: number }
  /** The device takes no more bytes; for `ms`, else for ever. */
  | { readonly kind: 'never-drains'; readonly ms?: number }
  /** The device sends DC3 and never DC1, and takes no more. */
  | { readonly kind: 'xoff-no-xon' }
  // Bytes. The byte meant is the next one in `direction` (default `to-host`).
  | { readonly kind: 'garbage'; readonly count?: number; readonly direction?: Direction }
  | { readonly kind: 'nul-noise'; readonly count?: number; readonly direction?: Direction }
  | { readonly kind: 'bit-flip'; readonly direction?: Direction }
  | { readonly kind: 'dropped-byte'; readonly direction?: Direction }
  | { readonly kind: 'duplicated-byte'; readonly direction?: Direction }
  /** From now on every byte to the host arrives alone. */
  | { readonly kind: 'split-chunks' }
  /** From now on bytes to the host are collected for `ms` (default 50) and arrive at once. */
  | { readonly kind: 'merged-chunks'; readonly ms?: number }
  // Protocol
  /** The next acknowledgement is never sent, though the thing was done. */
  | { readonly kind: 'ack-lost' }
  | { readonly kind: 'ack-duplicated' }
  /** The next acknowledgement comes only in the host's next session. */
  | { readonly kind: 'ack-late' }
  /** The next message loses all but its first `keep` bytes (default 2). */
  | { readonly kind: 'truncated-reply'; readonly keep?: number }
  /** Takes bytes until its buffer is full, carries nothing out, says nothing; ends with a power cycle. */
  | { readonly kind: 'busy-for-ever' }
  /** The next `count` messages (default 5) find the message queue full. */
  | { readonly kind: 'message-queue-overflow'; readonly count?: number }
  /** Another device's unit parameters. */
  | { readonly kind: 'wrong-identity' }
  /** A status number that the manual does not know (default 7). */
  | { readonly kind: 'unknown-status'; readonly code?: number }
  // Device and power
  | { readonly kind: 'stop' }
  | { readonly kind: 'error' }
  | { readonly kind: 'cover-open' }
  /** `bootAfterMs`: switched on again by itself; the booklet stays where it was. */
  | { readonly kind: 'power-loss'; readonly bootAfterMs?: number }
  // Media
  | { readonly kind: 'jam' }
  | { readonly kind: 'booklet-removed' }
  /** The next booklet goes in the wrong way round. */
  | { readonly kind: 'wrong-way' }
  /** From now on this share (default 0.5) of the dots misses. */
  | { readonly kind: 'ribbon-faint'; readonly share?: number };

export type Fault = FaultKinds & {
  readonly trigger: FaultTrigger;
  /** Of the fault's own randomness; default the engine's. */
  readonly seed?: number;
};
export type FaultKind = FaultKinds['kind'];
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { readonly kind: Kind }>;

/** All kinds, for a person's choice list and for random schedules. */
export const FAULT_KINDS = [
  'unplug',
  'slow-open',
  'opens-then-dies',
  'silent',
  'slow-drip',
  'never-drains',
  'xoff-no-xon',
  'garbage',
  'nul-noise',
  'bit-flip',
  'dropped-byte',
  'duplicated-byte',
  'split-chunks',
  'merged-chunks',
  'ack-lost',
  'ack-duplicated',
  'ack-late',
  'truncated-reply',
  'busy-for-ever',
  'message-queue-overflow',
  'wrong-identity',
  'unknown-status',
  'stop',
  'error',
  'cover-open',
  'power-loss',
  'jam',
  'booklet-removed',
  'wrong-way',
  'ribbon-faint',
] as const satisfies readonly FaultKind[];

export interface FiredFault {
  /** Milliseconds of the simulator's time. */
  readonly at: number;
  readonly fault: Fault;
}

/** Carries a fault out; `random` is the fault's own. */
export type FaultEffect = (fault: Fault, random: Randomly) => void;

/** Uniform in [0, 1). */
export type Randomly = () => number;

/** A small generator (32 bits of state) whose numbers follow from the seed alone. Not for secrets. */
export function seededRandom(seed: number): Randomly {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

interface Waiting {
  readonly fault: Fault;
  /** Bytes, commands or states still to come before it fires. */
  left: number;
}

/** Holds the faults that wait, fires each once, keeps the trace. */
export class FaultEngine {
  readonly trace: FiredFault[] = [];
  readonly #time: SimTime;
  readonly #seed: number;
  readonly #effects = new Map<FaultKind, FaultEffect>();
  readonly #waiting = new Set<Waiting>();
  #handedIn = 0;

  constructor(time: SimTime, seed = 1) {
    this.#time = time;
    this.#seed = seed;
  }

  /** Says who carries out which kinds. A kind that nobody carries out is refused by `add`. */
  carriesOut(kinds: readonly FaultKind[], effect: FaultEffect): void {
    for (const kind of kinds) this.#effects.set(kind, effect);
  }

  /** @throws RangeError for a kind that this simulator does not know: a typo must not pass as "survived the fault". */
  add(fault: Fault): void {
    if (!this.#effects.has(fault.kind))
      throw new RangeError(`this simulator has no fault ${JSON.stringify(fault.kind)}`);
    const { trigger } = fault;
    if (trigger.at === 'time') {
      if (trigger.ms <= 0) this.#fire(fault);
      else this.#time.after(trigger.ms, () => this.#fire(fault));
      return;
    }
    this.#waiting.add({ fault, left: trigger.at === 'state' ? (trigger.n ?? 1) : trigger.n });
  }

  /** How many bytes may pass in `direction` before one sets something off; `Infinity` when none waits. */
  bytesUntilNext(direction: Direction): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { fault, left } of this.#waiting)
      if (fault.trigger.at === 'byte' && (fault.trigger.direction ?? 'to-device') === direction)
        least = Math.min(least, left - 1);
    return least;
  }

  /** `count` bytes pass. Call with at most `bytesUntilNext` bytes, then `bytePending` before the one that fires. */
  bytesPassed(direction: Direction, count: number): void {
    for (const waiting of this.#waiting)
      if (waiting.fault.trigger.at === 'byte' && (waiting.fault.trigger.direction ?? 'to-device') === direction)
        waiting.left -= count;
  }

  /** Fires what waits for the very next byte. */
  bytePending(direction: Direction): void {
    for (const waiting of [...this.#waiting]) {
      const { trigger } = waiting.fault;
      if (trigger.at === 'byte' && (trigger.direction ?? 'to-device') === direction && waiting.left <= 1)
        this.#take(waiting);
    }
  }

  /** A command called `name` is about to be carried out. */
  command(name: string): void {
    for (const waiting of [...this.#waiting]) {
      const { trigger } = waiting.fault;
      if (trigger.at === 'command' && (trigger.name ?? name) === name && --waiting.left <= 0) this.#take(waiting);
    }
  }

  /** The device enters `state`. */
  state(state: string): void {
    for (const waiting of [...this.#waiting]) {
      const { trigger } = waiting.fault;
      if (trigger.at === 'state' && trigger.state === state && --waiting.left <= 0) this.#take(waiting);
    }
  }

  #take(waiting: Waiting): void {
    if (this.#waiting.delete(waiting)) this.#fire(waiting.fault);
  }

  #fire(fault: Fault): void {
    this.trace.push({ at: this.#time.now(), fault });
    const seed = fault.seed ?? this.#seed * 1009 + this.#handedIn++;
    this.#effects.get(fault.kind)?.(fault, seededRandom(seed));
  }
}
