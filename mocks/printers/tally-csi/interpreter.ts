import { CARRIAGE_DOTS, LineBuffer } from './mechanism.ts';
import type { Message } from './messages.ts';
import type { Command } from './parser.ts';
import type { Works } from './works.ts';

/** Something that a correct host never does. */
export type ViolationKind =
  /** `ESC BEL L`: the printer is now waiting for firmware. */
  | 'firmware-load'
  | 'unknown-sequence'
  | 'parameter'
  /** Characters instead of graphics: the page is always graphics, so these are stray bytes that become ink. */
  | 'characters'
  | 'passbook-mode-missing'
  /** A control point with a line still in the line buffer: its acknowledgement does not speak for that line. */
  | 'line-left-at-control-point'
  | 'beyond-carriage'
  /** A DC3 meant as XOFF took the printer off-line. */
  | 'dc3'
  /** Bytes came in though the printer had said that it is not ready, until its buffer overran. */
  | 'overrun';

export interface Violation {
  readonly kind: ViolationKind;
  readonly detail: string;
  /** Milliseconds of the simulator's time. */
  readonly at: number;
  /** Position in the stream of all received bytes. */
  readonly byte: number;
  /** The line had been cut or had altered bytes since the host last proved to be in step: not held against the host. */
  readonly disturbed: boolean;
}

export interface InterpreterPort {
  readonly works: Works;
  readonly parameters: () => readonly number[];
  readonly sensorCovered: () => boolean;
  readonly printsLineAtControlPoint: boolean;
  say(message: Message): void;
  violation(kind: ViolationKind, detail: string, byte: number): void;
  /** A control point is passed: what the host sent so far was understood. */
  inStep(): void;
  offLine(): void;
}

const LINE_FEED_DOTS = 30;
const CHARACTER_DOTS = 18;

const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');

/** A made-up glyph: which pins depends on the code, so that stray bytes can be told apart in the picture. */
function glyph(code: number): Uint8Array {
  const columns = new Uint8Array(CHARACTER_DOTS * 3);
  if (code !== 0x20) for (let at = 6; at < 42; at++) columns[at] = at % 3 === 2 ? 0 : (code * (at + 7)) & 0xff;
  return columns;
}

/** Turns commands into lines, movements and answers. Holds what ESC @ resets: modes, carriage column, line buffer. */
export class Interpreter {
  readonly #port: InterpreterPort;
  readonly #line = new LineBuffer();
  #column = 0;
  #passbook = false;
  #userKeys = false;
  #inText = false;

  constructor(port: InterpreterPort) {
    this.#port = port;
  }

  /** Whether the line buffer holds something that was not printed yet. */
  get lineWaiting(): boolean {
    return !this.#line.empty;
  }

  get userKeys(): boolean {
    return this.#userKeys;
  }

  reset(): void {
    this.#line.clear();
    this.#column = 0;
    this.#passbook = false;
    this.#userKeys = false;
    this.#inText = false;
  }

  carryOut(command: Command): void {
    const { works } = this.#port;
    const wasText = this.#inText;
    this.#inText = command.name === 'character';
    switch (command.name) {
      case 'graphics':
        this.#expectPassbook(command);
        return;
      case 'columns':
        this.#put(command);
        return;
      case 'character':
        if (!wasText) this.#port.violation('characters', `characters from 0x${command.n?.toString(16)}`, command.from);
        this.#put({ ...command, data: glyph(command.n ?? 0) });
        return;
      case 'horizontal':
        if ((command.n ?? 0) * 3 < CARRIAGE_DOTS) this.#column = (command.n ?? 0) * 3;
        else this.#port.violation('beyond-carriage', `ESC $ ${command.n}`, command.from);
        return;
      case 'carriage-return':
        this.#printLine();
        this.#column = 0;
        return;
      case 'line-feed':
        if (this.#printLine()) works.add({ kind: 'line-feed', dots: LINE_FEED_DOTS });
        return;
      case 'eject':
        if (!this.#printLine()) return;
        this.#column = 0;
        works.add({ kind: 'eject' });
        return;
      case 'position-from-top':
      case 'position-from-bottom':
        this.#position(command);
        return;
      case 'control-point':
      case 'control-point-started':
        this.#controlPoint(command);
        return;
      case 'ask-messages':
        this.#later(() => this.#port.say({ kind: 'special', n: this.#port.sensorCovered() ? 1 : 2, m: 4 }));
        return;
      case 'ask-parameters':
        this.#askParameters(command);
        return;
      case 'ask-width':
        works.add({ kind: 'measure', measured: (n) => this.#port.say({ kind: 'width', n }) });
        return;
      case 'passbook-mode':
        this.#passbook = true;
        return;
      case 'dual-station':
        this.#userKeys = (command.n ?? 0) > 0;
        return;
      case 'leading-edge':
        return;
      case 'initialise':
        this.reset();
        return;
      case 'off-line':
        this.#port.violation('dc3', 'DC3 takes the printer off-line', command.from);
        this.#port.offLine();
        return;
      case 'unknown':
        this.#port.violation('unknown-sequence', hex(command.data), command.from);
        return;
    }
  }

  #expectPassbook(command: Command): void {
    if (!this.#passbook) this.#port.violation('passbook-mode-missing', 'graphics without CSI $ t', command.from);
  }

  #put(command: Command): void {
    const lost = this.#line.add(this.#column, command.data, command.from, command.to);
    if (lost > 0) this.#port.violation('beyond-carriage', `${lost} columns`, command.from);
    this.#column = Math.min(CARRIAGE_DOTS, this.#column + command.data.length / 3);
  }

  /** `false` when printing it put an end to everything: the rest of the command is cancelled with it. */
  #printLine(): boolean {
    const { works } = this.#port;
    const { epoch } = works;
    const line = this.#line.take();
    if (line !== null) works.add({ kind: 'print', line });
    return works.epoch === epoch;
  }

  #position(command: Command): void {
    if (command.n === null || command.n < 1) {
      this.#port.violation('parameter', `${command.name} ${command.n}: counts from 1`, command.from);
      return;
    }
    if (!this.#printLine()) return;
    const from = command.name === 'position-from-top' ? 'top' : 'bottom';
    this.#port.works.add({ kind: 'position', from, dots: command.n });
  }

  #controlPoint(command: Command): void {
    const { n } = command;
    if (n === null || n > 9999) {
      this.#port.violation('parameter', `${command.name} ${n}: 0 to 9999`, command.from);
      return;
    }
    if (command.name === 'control-point-started') {
      this.#port.works.whenLastStarts(() => this.#port.say({ kind: 'started', n }));
      return;
    }
    if (this.#line.empty) this.#port.inStep();
    else {
      this.#port.violation('line-left-at-control-point', `control point ${n}`, command.from);
      if (this.#port.printsLineAtControlPoint && !this.#printLine()) return;
    }
    this.#later(() => this.#port.say({ kind: 'acknowledgement', n }));
  }

  #askParameters(command: Command): void {
    const withType = command.n === 1;
    const all = this.#port.parameters();
    this.#later(() => this.#port.say({ kind: 'parameters', values: withType ? all : all.slice(0, 7) }));
  }

  #later(run: () => void): void {
    this.#port.works.add({ kind: 'instant', run });
  }
}
