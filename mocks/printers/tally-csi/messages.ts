import type { CancelTimer } from '../../../src/domain/world.ts';
import type { SimTime } from '../time.ts';

/** What the printer says (Programming Guide pp 223-233). CSI = `1B 5B`, parameters ASCII decimal. */
export type Message =
  /** Control point reached: everything sent before it was carried out. */
  | { readonly kind: 'acknowledgement'; readonly n: number }
  /** Control point II: the last mechanical task before it has begun. The same form as the request is assumed. */
  | { readonly kind: 'started'; readonly n: number }
  /** Global printer status: 0 ONLINE, 1 STOP, 2 ERROR. */
  | { readonly kind: 'status'; readonly code: number }
  /** Special printer message: `1;4` paper, `2;4` no paper, `20;1` and `20;2` the USER keys. */
  | { readonly kind: 'special'; readonly n: number; readonly m: number }
  | { readonly kind: 'parameters'; readonly values: readonly number[] }
  /** Document width in 1/180 inch. */
  | { readonly kind: 'width'; readonly n: number };

const FORM: { readonly [Kind in Message['kind']]: (message: Extract<Message, { kind: Kind }>) => string } = {
  acknowledgement: ({ n }) => `${n}!t`,
  started: ({ n }) => `${n})t`,
  status: ({ code }) => `${code}!z`,
  special: ({ n, m }) => `${n};${m}"z`,
  parameters: ({ values }) => `${values.join(';')}#z`,
  width: ({ n }) => `${n}"t`,
};

export function encodeMessage(message: Message): Uint8Array {
  const form = FORM[message.kind] as (message: Message) => string;
  return Uint8Array.from(`\x1b[${form(message)}`, (character) => character.charCodeAt(0));
}

/** The printer's message buffer: about 30, then new messages are dropped (p223). */
const CAPACITY = 30;

export type MessageFault =
  | { readonly kind: 'ack-lost' | 'ack-duplicated' | 'ack-late' }
  | { readonly kind: 'truncated-reply'; readonly keep: number }
  | { readonly kind: 'message-queue-overflow'; readonly count: number };

/** Sends one message after another while a host listens; keeps them while none does. */
export class MessageQueue {
  readonly #time: SimTime;
  /** Milliseconds from wanting to say something to the first byte. */
  readonly #delay: number;
  readonly #waiting: Uint8Array[] = [];
  /** Acknowledgements held back for the host's next session. */
  readonly #late: Uint8Array[] = [];
  readonly #faults: MessageFault[] = [];
  #listener: ((bytes: Uint8Array) => void) | null = null;
  #sending: CancelTimer | null = null;
  #dropped = 0;

  constructor(time: SimTime, delay: number) {
    this.#time = time;
    this.#delay = delay;
  }

  /** Messages lost because the buffer was full. */
  get dropped(): number {
    return this.#dropped;
  }

  /** One listener at a time; `null` while the host does not listen. */
  listen(listener: ((bytes: Uint8Array) => void) | null): void {
    this.#listener = listener;
    if (listener !== null) this.#waiting.push(...this.#late.splice(0));
    this.#next();
  }

  /** Spoils one of the next messages. */
  spoil(fault: MessageFault): void {
    this.#faults.push(fault);
  }

  say(message: Message): void {
    const fault = this.#faultFor(message);
    const bytes = encodeMessage(message);
    if (fault?.kind === 'ack-lost') return;
    if (fault?.kind === 'ack-late') {
      this.#late.push(bytes);
      return;
    }
    if (fault?.kind === 'message-queue-overflow' || this.#waiting.length >= CAPACITY) {
      this.#dropped++;
      return;
    }
    this.#waiting.push(fault?.kind === 'truncated-reply' ? bytes.slice(0, fault.keep) : bytes);
    if (fault?.kind === 'ack-duplicated') this.#waiting.push(bytes);
    this.#next();
  }

  /** Power lost: nothing is kept. */
  clear(): void {
    this.#sending?.();
    this.#sending = null;
    this.#waiting.length = 0;
    this.#late.length = 0;
  }

  #faultFor(message: Message): MessageFault | undefined {
    const at = this.#faults.findIndex(({ kind }) => !kind.startsWith('ack-') || message.kind === 'acknowledgement');
    const fault = this.#faults[at];
    if (fault === undefined) return undefined;
    if (fault.kind === 'message-queue-overflow' && fault.count > 1)
      this.#faults[at] = { ...fault, count: fault.count - 1 };
    else this.#faults.splice(at, 1);
    return fault;
  }

  #next(): void {
    if (this.#sending !== null || this.#listener === null || this.#waiting.length === 0) return;
    this.#sending = this.#time.after(this.#delay, () => {
      this.#sending = null;
      const listener = this.#listener;
      const bytes = listener === null ? undefined : this.#waiting.shift();
      if (bytes !== undefined) listener?.(bytes);
      this.#next();
    });
  }
}
