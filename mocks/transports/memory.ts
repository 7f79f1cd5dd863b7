import type { Connection, SendFailure, TransportFailure } from '../../drivers/transports/transport.ts';
import { fail, ok, type Result } from '../../src/domain/result.ts';
import type { SimTime } from '../printers/time.ts';
import type { LineSession, SerialLine } from './line.ts';

/** As much as an operating system takes ahead of the line. */
const PIECE = 4096;

/** Opens the line within this process, as a transport that a driver can be given. */
export async function connectMemory(line: SerialLine, time: SimTime): Promise<Result<Connection, TransportFailure>> {
  const delay = line.takeOpeningDelay();
  if (delay > 0) await new Promise<void>((resolve) => time.after(delay, resolve));
  const connection = new MemoryConnection(time);
  const session = line.attach({
    toHost: (bytes) => connection.arrived(bytes),
    // Sending waits until its bytes were taken, so nothing needs to be held off.
    clearToSend: () => {},
    cut: (reason) => connection.ended(reason),
  });
  if (!session.ok)
    return session.failure === 'busy'
      ? fail({ kind: 'busy', detail: 'the simulated line is open already' })
      : fail({ kind: 'not-found', detail: 'the simulated line is not plugged in' });
  connection.begin(session.value);
  return ok(connection);
}

class MemoryConnection implements Connection {
  readonly closed: Promise<string>;
  readonly #time: SimTime;
  #session: LineSession | null = null;
  #end: (reason: string) => void = () => {};
  #endReason: string | null = null;
  #listener: ((bytes: Uint8Array) => void) | null = null;
  #early: Uint8Array[] = [];
  /** Settles sends under way when the line ends. */
  readonly #sending = new Set<(reason: string) => void>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(time: SimTime) {
    this.#time = time;
    this.closed = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  begin(session: LineSession): void {
    this.#session = session;
  }

  arrived(bytes: Uint8Array): void {
    const copy = bytes.slice();
    if (this.#listener === null) this.#early.push(copy);
    else this.#listener(copy);
  }

  ended(reason: string): void {
    if (this.#endReason !== null) return;
    this.#endReason = reason;
    this.#session = null;
    for (const settle of [...this.#sending]) settle(reason);
    this.#end(reason);
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener;
    for (const bytes of this.#early.splice(0)) listener(bytes);
  }

  send(bytes: Uint8Array, deadline: number | null): Promise<Result<void, SendFailure>> {
    const sent = this.#last.then(() => this.#send(bytes.slice(), deadline));
    this.#last = sent;
    return sent;
  }

  async discard(): Promise<void> {
    this.#session?.discard();
  }

  async close(): Promise<void> {
    this.#session?.discard();
    this.#session?.detach();
    this.ended('closed by us');
  }

  #send(bytes: Uint8Array, deadline: number | null): Promise<Result<void, SendFailure>> {
    const session = this.#session;
    if (session === null)
      return Promise.resolve(fail({ kind: 'closed', detail: this.#endReason ?? 'not open', handedOver: 0 }));
    return new Promise((resolve) => {
      let handedOver = 0;
      let settled = false;
      const settle = (result: Result<void, SendFailure>) => {
        if (settled) return;
        settled = true;
        cancel?.();
        this.#sending.delete(ended);
        resolve(result);
      };
      const ended = (reason: string) => settle(fail({ kind: 'closed', detail: reason, handedOver }));
      this.#sending.add(ended);
      const cancel =
        deadline === null
          ? null
          : this.#time.after(deadline, () =>
              settle(fail({ kind: 'timed-out', detail: `not taken within ${deadline} ms`, handedOver })),
            );
      const goOn = () => {
        if (settled) return;
        if (handedOver >= bytes.length) {
          settle(ok(undefined));
          return;
        }
        const piece = bytes.subarray(handedOver, handedOver + PIECE);
        handedOver += piece.length;
        session.write(piece, goOn);
      };
      goOn();
    });
  }
}
