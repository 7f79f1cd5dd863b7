import type { CancelTimer } from '../../src/domain/world.ts';

/** The only time a simulator knows. Milliseconds. */
export interface SimTime {
  /** Since an arbitrary start; never goes back. */
  now(): number;
  /** Calls `callback` once after `milliseconds`; the answer cancels it and is harmless when too late. */
  after(milliseconds: number, callback: () => void): CancelTimer;
}

/** The machine's own time: for the mock command, the demo, and tests over real ptys and sockets. */
export function realTime(): SimTime {
  return {
    now: () => performance.now(),
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}

interface Appointment {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
  cancelled: boolean;
}

const earlier = (a: Appointment, b: Appointment): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);

/** Time that stands still until it is told to go on. Timers due at the same moment fire in the order they were made. */
export class VirtualTime implements SimTime {
  #now = 0;
  #order = 0;
  /** A binary heap, the earliest first. */
  readonly #heap: Appointment[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): CancelTimer {
    const appointment = {
      due: this.#now + Math.max(0, milliseconds),
      order: this.#order++,
      callback,
      cancelled: false,
    };
    this.#push(appointment);
    return () => {
      appointment.cancelled = true;
    };
  }

  /** Lets `milliseconds` pass, firing what falls due on the way. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    while (this.#fireNext(end)) {
      /* each call fires one timer */
    }
    this.#now = end;
  }

  /** As `advance`, but lets promise callbacks run after each timer: for code that awaits. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    do await settled();
    while (this.#fireNext(end));
    this.#now = end;
  }

  /** Fires timers until none is left; throws after `limit` of them, because some simulated things never end. */
  runOut(limit = 1_000_000): void {
    for (let fired = 0; this.#fireNext(Number.POSITIVE_INFINITY); fired++)
      if (fired >= limit) throw new Error(`simulated time does not run out after ${limit} timers`);
  }

  #fireNext(end: number): boolean {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (!top.cancelled && top.due > end) return false;
      this.#pop();
      if (top.cancelled) continue;
      this.#now = Math.max(this.#now, top.due);
      top.callback();
      return true;
    }
    return false;
  }

  #push(appointment: Appointment): void {
    const heap = this.#heap;
    let at = heap.push(appointment) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!earlier(appointment, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = appointment;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && earlier(heap[child + 1]!, heap[child]!)) child++;
      if (!earlier(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

/** Promise callbacks that are ready, and those that they make ready, have run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
