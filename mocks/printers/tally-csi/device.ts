import { fail, ok, type Result } from '../../../src/domain/result.ts';
import type { CancelTimer } from '../../../src/domain/world.ts';
import { FaultEngine, seededRandom } from '../../faults.ts';
import type { Booklet } from '../booklet.ts';
import type { HandFailure, InsertHow, PrinterDevice } from '../device.ts';
import type { SimTime } from '../time.ts';
import { Condition, type ErrorCause, type Status, type StopCause } from './condition.ts';
import { carryOutDeviceFaults } from './device-faults.ts';
import { FirmwareWatch } from './firmware-watch.ts';
import { Interpreter, type Violation, type ViolationKind } from './interpreter.ts';
import { type Line, Mechanism } from './mechanism.ts';
import { type Message, MessageQueue } from './messages.ts';
import { OTHER_DEVICE, T5023, type TallyOptions } from './options.ts';
import { type Command, TallyParser } from './parser.ts';
import { ReceiveBuffer } from './receive-buffer.ts';
import { REALISTIC_TIMING, type TallyTiming, Works, type WorksState } from './works.ts';

/**
 * A Tally T5023 passbook printer: takes the host's bytes, answers with bytes, inks booklets. Everything that happens
 * follows from the bytes, the hands, the faults and the time that is handed in.
 */
export class TallyPrinter implements PrinterDevice {
  readonly faults: FaultEngine;
  readonly violations: Violation[] = [];
  readonly #time: SimTime;
  readonly #options: TallyOptions;
  readonly #timing: TallyTiming;
  readonly #mechanism: Mechanism;
  readonly #works: Works;
  readonly #messages: MessageQueue;
  readonly #interpreter: Interpreter;
  readonly #condition = new Condition();
  readonly #buffer = new ReceiveBuffer();
  readonly #firmware = new FirmwareWatch();
  readonly #flowListeners = new Set<(ready: boolean) => void>();
  readonly #changeListeners = new Set<() => void>();
  /** First byte of each host session, in the stream of all received bytes. */
  readonly #sessions: number[] = [];
  #parser = new TallyParser();
  #state: WorksState = 'idle';
  /** Read, not yet carried out; and the one that the fault engine was told of. */
  #command: Command | null = null;
  #announced: Command | null = null;
  #pumping = false;
  #reading: CancelTimer | null = null;
  /** Milliseconds of reading not yet waited for. */
  #owed = 0;
  #saidCode: number | null = null;
  #saidSensor = false;
  #saidFlow = false;
  #disturbed = false;
  #parameters: readonly number[];
  #nextWrongWay = false;

  constructor(options: TallyOptions) {
    this.#options = options;
    this.#time = options.time;
    this.#timing = { ...REALISTIC_TIMING, ...options.timing };
    this.#parameters = options.parameters ?? T5023;
    const ribbon = seededRandom((options.seed ?? 1) + 0x7a11);
    this.#mechanism = new Mechanism({ needleMm: 0, leftMm: 0, ...options.geometry }, ribbon);
    this.#messages = new MessageQueue(this.#time, this.#timing.replyMs);
    this.#works = new Works(this.#time, this.#mechanism, this.#timing, {
      entered: (state) => this.#enter(state),
      inked: (line, dots) => this.#recordInk(line, dots),
      failed: (cause) => this.#fail(cause),
      needsDocument: () => this.#requestDocument(),
      documentMoved: () => this.#tellSensor(),
      roomMade: () => this.#pump(),
    });
    this.#interpreter = new Interpreter({
      works: this.#works,
      parameters: () => this.#parameters,
      sensorCovered: () => this.#mechanism.sensorCovered,
      printsLineAtControlPoint: options.lineAtControlPoint === 'printed',
      say: (message) => this.#say(message),
      violation: (kind, detail, byte) => this.#violation(kind, detail, byte),
      inStep: () => {
        this.#disturbed = false;
      },
      offLine: () => this.#stop('off-line'),
    });
    this.faults = new FaultEngine(this.#time, options.seed ?? 1);
    this.#offerFaults();
    if (options.startsOff !== true) this.powerOn();
  }

  // The line

  receive(bytes: Uint8Array, altered = false): void {
    if (altered) this.#disturbed = true;
    const { power, error } = this.#condition;
    if (power !== 'on' || (error !== null && this.#options.bytesDuringError !== 'keep')) {
      this.#buffer.pass(bytes.length);
      return;
    }
    const firmware = this.#firmware.find(bytes);
    if (firmware >= 0) {
      this.#violation(
        'firmware-load',
        '1b 07 4c: the printer waits for firmware',
        this.#buffer.received + firmware - 2,
      );
      this.#forget();
      this.#buffer.pass(bytes.length);
      this.#condition.power = 'firmware-load';
      this.#changed();
      return;
    }
    const lost = this.#buffer.put(bytes);
    if (lost > 0) {
      this.#violation('overrun', `${lost} bytes found no room`, this.#buffer.received - lost);
      this.#fail('overrun');
      return;
    }
    this.#tellFlow();
    this.#pump();
  }

  listen(listener: ((bytes: Uint8Array) => void) | null): void {
    this.#messages.listen(listener);
  }

  sessionBegins(): void {
    if (!this.#parser.atRest || this.#interpreter.lineWaiting) this.#disturbed = true;
    this.#sessions.push(this.#buffer.received);
  }

  get flowReady(): boolean {
    return this.#condition.listens && this.#buffer.accepting;
  }

  onFlow(listener: (ready: boolean) => void): () => void {
    this.#flowListeners.add(listener);
    return () => this.#flowListeners.delete(listener);
  }

  // The hands

  get booklet(): Booklet | null {
    return this.#mechanism.booklet;
  }

  insertBooklet(booklet: Booklet, how: InsertHow = {}): Result<void, HandFailure> {
    const mechanism = this.#mechanism;
    if (mechanism.place !== 'none') return fail(`a booklet is there already (${mechanism.place})`);
    booklet.wrongWay = how.wrongWay ?? this.#nextWrongWay;
    this.#nextWrongWay = false;
    mechanism.booklet = booklet;
    mechanism.below = how.below ?? null;
    mechanism.place = 'slot';
    this.#tellSensor();
    if (this.#condition.power === 'on') this.#works.documentInserted();
    this.#unstop('document-request');
    return ok(undefined);
  }

  removeBooklet(): Result<Booklet, HandFailure> {
    const mechanism = this.#mechanism;
    const { booklet, place } = mechanism;
    if (booklet === null) return fail('no booklet is there');
    const torn = place === 'inside' || this.#state === 'feeding';
    mechanism.booklet = null;
    mechanism.below = null;
    mechanism.place = 'none';
    if (torn) this.#fail('document-lost');
    this.#tellSensor();
    return ok(booklet);
  }

  openCover(): void {
    this.#stop('cover');
  }

  closeCover(): void {
    this.#unstop('cover');
  }

  pressStop(): void {
    if (this.#condition.power === 'on') this.#stop('key');
  }

  pressStart(): void {
    this.#condition.stops.delete('off-line');
    this.#unstop('key');
  }

  /** A USER key, told to the host only after it enabled them with `CSI n * t`. */
  pressUser(key: 1 | 2): void {
    if (this.#interpreter.userKeys) this.#say({ kind: 'special', n: 20, m: key });
  }

  clearError(): Result<void, HandFailure> {
    if (this.#condition.error === null) return fail('there is no error');
    if (this.#mechanism.place === 'jammed') return fail('the booklet is stuck: take it out first');
    if (this.#condition.stops.has('cover')) return fail('the cover is open');
    this.#condition.error = null;
    this.#settle();
    return ok(undefined);
  }

  powerOff(): void {
    this.#condition.losePower();
    this.#forget();
    this.#messages.clear();
    this.#firmware.reset();
    this.#parser = new TallyParser();
    this.#parameters = this.#options.parameters ?? T5023;
    this.#disturbed = false;
    this.#changed();
  }

  powerOn(): void {
    const condition = this.#condition;
    if (condition.power !== 'off') return;
    condition.power = 'booting';
    this.#changed();
    this.#time.after(this.#timing.bootMs, () => {
      if (condition.power !== 'booting') return;
      condition.power = 'on';
      this.#saidCode = null;
      this.#saidSensor = this.#mechanism.sensorCovered;
      if (this.#mechanism.place === 'jammed') condition.error = 'jam';
      this.#settle();
    });
  }

  // What can be seen

  get status(): Status {
    return this.#condition.status;
  }

  snapshot() {
    return {
      protocol: 'tally-csi',
      status: this.status,
      works: this.#state,
      stops: [...this.#condition.stops],
      error: this.#condition.error,
      place: this.#mechanism.place,
      booklet: this.booklet?.number ?? null,
      blank: this.booklet?.blank ?? null,
      flowReady: this.flowReady,
      bufferUsed: this.#buffer.used,
      graphicsBytesAwaited: this.#parser.graphicsLeft,
      lineWaiting: this.#interpreter.lineWaiting,
      messagesDropped: this.#messages.dropped,
      bytesReceived: this.#buffer.received,
      violations: this.violations.length,
    } as const;
  }

  onChange(listener: () => void): () => void {
    this.#changeListeners.add(listener);
    return () => this.#changeListeners.delete(listener);
  }

  // Inside

  /** Reads and carries out what is in the buffer, as far as the works have room. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    while (this.#condition.runs && this.#reading === null && this.#works.room) {
      this.#command ??= this.#read();
      const command = this.#command;
      if (command === null) {
        if (this.#buffer.used === 0) break;
        continue;
      }
      if (this.#owed >= 1) {
        this.#waitForReading();
        break;
      }
      if (command !== this.#announced && command.name !== 'columns') {
        this.#announced = command;
        this.faults.command(command.name);
        continue;
      }
      this.#command = null;
      this.#interpreter.carryOut(command);
    }
    this.#pumping = false;
    this.#tellFlow();
  }

  #read(): Command | null {
    const { used, command } = this.#parser.read(this.#buffer.peek(), this.#buffer.position);
    this.#buffer.drop(used);
    this.#owed += used * this.#timing.perByteMs;
    return command;
  }

  #waitForReading(): void {
    this.#reading = this.#time.after(this.#owed, () => {
      this.#reading = null;
      this.#pump();
    });
    this.#owed = 0;
  }

  #enter(state: WorksState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#changed();
    this.faults.state(state);
  }

  #stop(cause: StopCause): void {
    this.#condition.stops.add(cause);
    this.#settle();
  }

  #unstop(cause: StopCause): void {
    this.#condition.stops.delete(cause);
    this.#settle();
  }

  #requestDocument(): void {
    this.#stop('document-request');
    this.#say({ kind: 'special', n: 2, m: 4 });
  }

  /** Cancels everything that is not carried out and locks the input until a hand clears it (p224-225). */
  #fail(cause: ErrorCause): void {
    const condition = this.#condition;
    if (condition.power !== 'on' || condition.error !== null) return;
    condition.error = cause;
    condition.stops.delete('document-request');
    this.#forget();
    if (this.#options.commandCutByError !== 'awaited') this.#parser = new TallyParser();
    this.#disturbed = true;
    this.#settle();
  }

  #forget(): void {
    this.#works.cancel();
    this.#interpreter.reset();
    this.#buffer.clear();
    this.#command = null;
    this.#reading?.();
    this.#reading = null;
    this.#owed = 0;
    this.#state = 'idle';
  }

  /** Tells what has changed, then halts or goes on accordingly. */
  #settle(): void {
    const { code, power, status } = this.#condition;
    if (!this.#condition.runs) this.#works.pause();
    if (power === 'on' && code !== this.#saidCode) {
      this.#saidCode = code;
      this.#say({ kind: 'status', code });
      this.faults.state(status);
    }
    this.#changed();
    if (!this.#condition.runs) return;
    this.#works.resume();
    this.#pump();
  }

  #tellSensor(): void {
    const covered = this.#mechanism.sensorCovered;
    if (covered !== this.#saidSensor && this.#options.announcesSensor !== false)
      this.#say({ kind: 'special', n: covered ? 1 : 2, m: 4 });
    this.#saidSensor = covered;
    this.#changed();
  }

  #say(message: Message): void {
    if (this.#condition.speaks) this.#messages.say(message);
  }

  #tellFlow(): void {
    const ready = this.flowReady;
    if (ready === this.#saidFlow) return;
    this.#saidFlow = ready;
    for (const listener of this.#flowListeners) listener(ready);
  }

  #changed(): void {
    this.#tellFlow();
    for (const listener of this.#changeListeners) listener();
  }

  #recordInk(line: Line, dots: number): void {
    const { fromByte, toByte } = line;
    const session = this.#sessions.findLastIndex((first) => first <= fromByte) + 1;
    this.booklet?.record({ at: this.#time.now(), session, fromByte, toByte, dots });
  }

  #violation(kind: ViolationKind, detail: string, byte: number): void {
    this.violations.push({ kind, detail, at: this.#time.now(), byte, disturbed: this.#disturbed });
    this.#changed();
  }

  #offerFaults(): void {
    carryOutDeviceFaults(this.faults, {
      time: this.#time,
      condition: this.#condition,
      messages: this.#messages,
      fail: (cause) => this.#fail(cause),
      jam: () => {
        if (this.#mechanism.booklet === null || this.#mechanism.place === 'out') return;
        this.#mechanism.place = 'jammed';
        this.#fail('jam');
      },
      pressStop: () => this.pressStop(),
      openCover: () => this.openCover(),
      tearBookletOut: () => this.removeBooklet(),
      powerOff: () => this.powerOff(),
      powerOn: () => this.powerOn(),
      nextBookletWrongWay: () => {
        this.#nextWrongWay = true;
      },
      ribbonMisses: (share) => {
        this.#mechanism.ribbonMisses = share;
      },
      otherIdentity: () => {
        this.#parameters = OTHER_DEVICE;
      },
      sayStatus: (code) => this.#say({ kind: 'status', code }),
      settle: () => this.#settle(),
    });
  }
}
