import type { CancelTimer } from '../../../src/domain/world.ts';
import { DOT_MM } from '../booklet.ts';
import type { SimTime } from '../time.ts';
import type { Line, Mechanism } from './mechanism.ts';

/** Durations in milliseconds, of the order of a 24-pin passbook printer's (protocols.md 1.2). */
export interface TallyTiming {
  /** From power on to the first status message. */
  readonly bootMs: number;
  /** Reading one byte out of the buffer. */
  readonly perByteMs: number;
  /** Pulling a document in and measuring its edges. */
  readonly feedInMs: number;
  /** Starting and stopping a vertical movement, and each 1/180 inch of it. */
  readonly moveMs: number;
  readonly perDotMs: number;
  /** One line at least, and each of its columns. */
  readonly lineMs: number;
  readonly perColumnMs: number;
  /** Into how many stretches a line is cut that are inked one after the other. */
  readonly stretches: number;
  readonly ejectMs: number;
  /** From wanting to say something to the first byte. */
  readonly replyMs: number;
}

export const REALISTIC_TIMING: TallyTiming = {
  bootMs: 3000,
  perByteMs: 0.01,
  feedInMs: 1200,
  moveMs: 35,
  perDotMs: 0.43,
  lineMs: 80,
  perColumnMs: 0.46,
  stretches: 4,
  ejectMs: 900,
  replyMs: 2,
};

/** The same order of events in a hundredth of the time: for tests in real time. */
export const QUICK_TIMING: TallyTiming = {
  bootMs: 20,
  perByteMs: 0,
  feedInMs: 10,
  moveMs: 0.4,
  perDotMs: 0.004,
  lineMs: 0.8,
  perColumnMs: 0.004,
  stretches: 2,
  ejectMs: 8,
  replyMs: 0.5,
};

export type WorksState = 'idle' | 'awaiting-document' | 'feeding' | 'moving' | 'printing' | 'ejecting';

export type Task =
  | { readonly kind: 'print'; readonly line: Line }
  /** To a base line, in 1/180 inch from the leading or trailing edge. */
  | { readonly kind: 'position'; readonly from: 'top' | 'bottom'; readonly dots: number }
  | { readonly kind: 'line-feed'; readonly dots: number }
  | { readonly kind: 'measure'; readonly measured: (dots: number) => void }
  | { readonly kind: 'eject' }
  /** Takes no time: a message in its place between the movements. */
  | { readonly kind: 'instant'; readonly run: () => void };

export interface WorksEvents {
  entered(state: WorksState): void;
  /** Ink met paper: bytes `fromByte..toByte` made `dots` new dots. */
  inked(line: Line, dots: number): void;
  failed(cause: 'outside-document'): void;
  /** No document: nothing moves before `documentInserted`. */
  needsDocument(): void;
  /** The sensor may have changed. */
  documentMoved(): void;
  /** There is room for another movement, or everything is done. */
  roomMade(): void;
}

/** First base line when a document is pulled in without a position: 1/6 inch. */
const FIRST_LINE = 30;
/** Movements that may wait behind the running one: the printer reads ahead. */
const LOOK_AHEAD = 2;

/** Carries tasks out one after the other, taking time over it. */
export class Works {
  readonly #time: SimTime;
  readonly #mechanism: Mechanism;
  readonly #timing: TallyTiming;
  readonly #events: WorksEvents;
  readonly #queue: { readonly task: Task; readonly atStart: (() => void)[] }[] = [];
  #running = false;
  #paused = false;
  #timer: CancelTimer | null = null;
  /** What goes on when the pause ends. */
  #held: (() => void) | null = null;
  /** What goes on when a document comes. */
  #awaiting: (() => void) | null = null;
  /** Counts cancellations, so that what was begun before one does not go on after it. */
  #epoch = 0;

  constructor(time: SimTime, mechanism: Mechanism, timing: TallyTiming, events: WorksEvents) {
    this.#time = time;
    this.#mechanism = mechanism;
    this.#timing = timing;
    this.#events = events;
  }

  /** Another number after each `cancel`. */
  get epoch(): number {
    return this.#epoch;
  }

  get idle(): boolean {
    return !this.#running && this.#queue.length === 0;
  }

  get room(): boolean {
    return this.#queue.filter(({ task }) => task.kind !== 'instant').length < LOOK_AHEAD;
  }

  add(task: Task): void {
    this.#queue.push({ task, atStart: [] });
    this.#next();
  }

  /** Runs `callback` when the last movement handed in has begun. */
  whenLastStarts(callback: () => void): void {
    const last = this.#queue.findLast(({ task }) => task.kind !== 'instant');
    if (last === undefined) callback();
    else last.atStart.push(callback);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    const held = this.#held;
    this.#held = null;
    if (held !== null) held();
    else this.#next();
  }

  documentInserted(): void {
    const goOn = this.#awaiting;
    this.#awaiting = null;
    if (goOn !== null) this.#go(goOn);
  }

  /** Forgets everything that is not done. What has been inked stays. */
  cancel(): void {
    this.#epoch++;
    this.#timer?.();
    this.#timer = null;
    this.#held = null;
    this.#awaiting = null;
    this.#queue.length = 0;
    this.#running = false;
  }

  #next(): void {
    if (this.#running || this.#paused) return;
    const entry = this.#queue.shift();
    if (entry === undefined) return;
    this.#running = true;
    const epoch = this.#epoch;
    for (const callback of entry.atStart) callback();
    if (epoch === this.#epoch) this.#begin(entry.task);
  }

  #begin(task: Task): void {
    const done = () => this.#finish();
    switch (task.kind) {
      case 'instant':
        task.run();
        done();
        return;
      case 'eject':
        this.#eject(done);
        return;
      case 'measure':
        this.#withDocument(() => {
          // Whole steps only: the manual's example gives 1062 for 150 mm.
          task.measured(Math.floor((this.#mechanism.booklet?.widthMm ?? 0) / DOT_MM));
          done();
        });
        return;
      case 'position':
        this.#withDocument(() => {
          const height = this.#mechanism.booklet?.height ?? 0;
          this.#moveTo(task.from === 'top' ? task.dots : height - task.dots, done);
        });
        return;
      case 'line-feed':
        this.#withDocument(() => this.#moveTo(this.#mechanism.base + task.dots, done));
        return;
      case 'print':
        this.#withDocument(() => {
          if (this.#enter('printing')) this.#stretch(task.line, 0, done);
        });
        return;
    }
  }

  #finish(): void {
    this.#running = false;
    if (this.#queue.length === 0) this.#events.entered('idle');
    this.#next();
    this.#events.roomMade();
  }

  /** Pulls the document in first when it is not in yet, or asks for one. */
  #withDocument(then: () => void): void {
    const mechanism = this.#mechanism;
    if (mechanism.place === 'inside') {
      then();
      return;
    }
    if (mechanism.place === 'slot') {
      if (!this.#enter('feeding')) return;
      this.#after(this.#timing.feedInMs, () => {
        mechanism.place = 'inside';
        mechanism.base = FIRST_LINE;
        this.#events.documentMoved();
        then();
      });
      return;
    }
    this.#awaiting = () => this.#withDocument(then);
    if (this.#enter('awaiting-document')) this.#events.needsDocument();
  }

  #moveTo(base: number, done: () => void): void {
    const mechanism = this.#mechanism;
    const distance = Math.abs(base - mechanism.base);
    if (distance === 0) {
      done();
      return;
    }
    if (!this.#enter('moving')) return;
    this.#after(this.#timing.moveMs + distance * this.#timing.perDotMs, () => {
      if (base < 0 || base > (mechanism.booklet?.height ?? 0)) return this.#events.failed('outside-document');
      mechanism.base = base;
      done();
    });
  }

  #stretch(line: Line, index: number, done: () => void): void {
    const { lineMs, perColumnMs, stretches } = this.#timing;
    const length = line.end - line.first;
    const from = line.first + Math.floor((length * index) / stretches);
    const to = line.first + Math.floor((length * (index + 1)) / stretches);
    this.#after(Math.max(lineMs, length * perColumnMs) / stretches, () => {
      const struck = this.#mechanism.strike(line, from, to);
      if (struck.hits > 0) this.#events.inked(line, struck.dots);
      if (struck.outside) this.#events.failed('outside-document');
      else if (index + 1 < stretches) this.#stretch(line, index + 1, done);
      else done();
    });
  }

  #eject(done: () => void): void {
    const mechanism = this.#mechanism;
    if (mechanism.place !== 'inside' && mechanism.place !== 'slot') {
      done();
      return;
    }
    if (!this.#enter('ejecting')) return;
    this.#after(this.#timing.ejectMs, () => {
      mechanism.place = 'out';
      this.#events.documentMoved();
      done();
    });
  }

  /** Tells the state; `false` when whoever was told put an end to the task. */
  #enter(state: WorksState): boolean {
    const epoch = this.#epoch;
    this.#events.entered(state);
    return epoch === this.#epoch;
  }

  #after(milliseconds: number, then: () => void): void {
    this.#timer = this.#time.after(milliseconds, () => {
      this.#timer = null;
      this.#go(then);
    });
  }

  #go(then: () => void): void {
    if (this.#paused) this.#held = then;
    else then();
  }
}
