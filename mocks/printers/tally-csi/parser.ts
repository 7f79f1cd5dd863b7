/**
 * The printer's own reading of the host's bytes (Tally T5023/T5023+ Programming Guide; ESC * and ESC $ as in Epson
 * ESC/P). Reads byte by byte what a cable delivers: its state outlives the host's session, so a graphics command that
 * was cut off swallows whatever comes next.
 */

/** `from` and `to` are positions in the stream of all received bytes. */
export interface Command {
  readonly name: CommandName;
  /** The number in front of a CSI command's final bytes, ESC $'s steps, or a character's code. */
  readonly n: number | null;
  /** Whole 24-pin columns, 3 bytes each, of `columns`; the raw bytes of `unknown`. */
  readonly data: Uint8Array;
  readonly from: number;
  readonly to: number;
}

export type CommandName =
  | 'control-point'
  | 'control-point-started'
  | 'ask-messages'
  | 'ask-parameters'
  | 'ask-width'
  | 'passbook-mode'
  | 'leading-edge'
  | 'dual-station'
  | 'position-from-top'
  | 'position-from-bottom'
  | 'horizontal'
  /** Head of ESC *: `n` columns follow, in pieces as they arrive. */
  | 'graphics'
  | 'columns'
  | 'eject'
  | 'carriage-return'
  | 'line-feed'
  | 'initialise'
  | 'off-line'
  | 'character'
  | 'unknown';

/** Intermediate and final byte after `CSI n`. */
const CSI_COMMANDS: ReadonlyMap<string, CommandName> = new Map([
  ['!t', 'control-point'],
  [')t', 'control-point-started'],
  ['"z', 'ask-messages'],
  ['#z', 'ask-parameters'],
  ['"t', 'ask-width'],
  ['$t', 'passbook-mode'],
  ['%t', 'leading-edge'],
  ['*t', 'dual-station'],
  ['!p', 'position-from-top'],
  ['"p', 'position-from-bottom'],
]);

/** 24-pin column graphics, 180 x 180 dpi (Epson LQ-400/800, ESC * m = 39). */
const GRAPHICS_180 = 39;
const NONE = new Uint8Array(0);

type Reading =
  | { readonly in: 'ground' }
  | { readonly in: 'escape' }
  | { readonly in: 'csi' }
  | { readonly in: 'horizontal' }
  | { readonly in: 'graphics-header' }
  | { readonly in: 'graphics'; left: number };

export class TallyParser {
  #reading: Reading = { in: 'ground' };
  /** Bytes of the command begun, or of a graphics column begun. */
  #held: number[] = [];
  #from = 0;

  /** Whether a new command could begin with the next byte. */
  get atRest(): boolean {
    return this.#reading.in === 'ground';
  }

  /** Graphics bytes that the command begun still swallows. */
  get graphicsLeft(): number {
    return this.#reading.in === 'graphics' ? this.#reading.left : 0;
  }

  /**
   * Reads from `bytes` until one command is complete or nothing is left. `position` is where `bytes` begins in the
   * stream. Of graphics it gives the whole columns that are there, without waiting for the rest.
   */
  read(bytes: Uint8Array, position: number): { readonly used: number; readonly command: Command | null } {
    if (this.#reading.in === 'graphics') return this.#columns(this.#reading, bytes, position);
    for (let used = 0; used < bytes.length; ) {
      const command = this.#byte(bytes[used]!, position + used);
      used++;
      if (command !== null) return { used, command };
    }
    return { used: bytes.length, command: null };
  }

  #columns(graphics: { left: number }, bytes: Uint8Array, position: number): { used: number; command: Command | null } {
    const used = Math.min(graphics.left, bytes.length);
    const all = new Uint8Array(this.#held.length + used);
    all.set(this.#held);
    all.set(bytes.subarray(0, used), this.#held.length);
    const from = position - this.#held.length;
    const whole = all.length - (all.length % 3);
    graphics.left -= used;
    this.#held = [...all.subarray(whole)];
    if (graphics.left === 0) this.#rest();
    if (whole === 0) return { used, command: null };
    return { used, command: { name: 'columns', n: null, data: all.slice(0, whole), from, to: from + whole } };
  }

  #byte(byte: number, at: number): Command | null {
    if (this.#held.length === 0) this.#from = at;
    this.#held.push(byte);
    switch (this.#reading.in) {
      case 'ground':
        return this.#ground(byte, at);
      case 'escape':
        if (byte === 0x40) return this.#done('initialise', null, at);
        if (byte === 0x5b) this.#reading = { in: 'csi' };
        else if (byte === 0x24) this.#reading = { in: 'horizontal' };
        else if (byte === 0x2a) this.#reading = { in: 'graphics-header' };
        else if (byte === 0x1b) this.#held = [byte];
        else return this.#unknown(at);
        return null;
      case 'csi':
        return this.#csi(byte, at);
      case 'horizontal':
        return this.#held.length < 4 ? null : this.#done('horizontal', this.#held[2]! + 256 * this.#held[3]!, at);
      case 'graphics-header':
        return this.#graphicsHeader(at);
      case 'graphics':
        return null;
    }
  }

  #ground(byte: number, at: number): Command | null {
    switch (byte) {
      case 0x1b:
        this.#reading = { in: 'escape' };
        return null;
      case 0x0a:
        return this.#done('line-feed', null, at);
      case 0x0c:
        return this.#done('eject', null, at);
      case 0x0d:
        return this.#done('carriage-return', null, at);
      case 0x13:
        return this.#done('off-line', null, at);
      case 0x00:
      case 0x11:
        this.#rest();
        return null;
      default:
        return byte >= 0x20 && byte !== 0x7f ? this.#done('character', byte, at) : this.#unknown(at);
    }
  }

  /** `CSI`, parameter bytes 30-3F, intermediate bytes 20-2F, one final byte 40-7E (ECMA-48 s5.4). */
  #csi(byte: number, at: number): Command | null {
    if (byte >= 0x20 && byte <= 0x3f && this.#held.length < 16) return null;
    const text = String.fromCharCode(...this.#held.slice(2));
    const match = /^(\d{0,5})([ -/]{0,2}[@-~])$/.exec(text);
    const name = match === null ? undefined : CSI_COMMANDS.get(match[2]!);
    if (name === undefined) return this.#unknown(at);
    return this.#done(name, match![1] === '' ? null : Number(match![1]), at);
  }

  #graphicsHeader(at: number): Command | null {
    const [, , mode, low, high] = this.#held;
    if (mode !== undefined && mode !== GRAPHICS_180) return this.#unknown(at);
    if (high === undefined) return null;
    const columns = low! + 256 * high;
    const command = this.#done('graphics', columns, at);
    if (columns > 0) this.#reading = { in: 'graphics', left: columns * 3 };
    return command;
  }

  #done(name: CommandName, n: number | null, at: number): Command {
    this.#rest();
    return { name, n, data: NONE, from: this.#from, to: at + 1 };
  }

  #unknown(at: number): Command {
    const data = Uint8Array.from(this.#held);
    this.#rest();
    return { name: 'unknown', n: null, data, from: this.#from, to: at + 1 };
  }

  #rest(): void {
    this.#reading = { in: 'ground' };
    this.#held = [];
  }
}
