import { realpath, stat } from 'node:fs/promises';
import type { SerialPort } from 'serialport';
import { fail, ok, type Result } from '../../src/domain/result.ts';
import type { CancelTimer, Timers } from '../../src/domain/world.ts';
import { within } from './deadline.ts';
import { lockDevice } from './identity-lock.ts';
import { createInbox } from './inbox.ts';
import {
  type Address,
  CLOSED_BY_US,
  type Connection,
  type OpenTransport,
  type SendFailure,
  type TransportFailure,
} from './transport.ts';

export type SerialAddress = Extract<Address, { kind: 'serial' }>;

/** Milliseconds. */
export const SERIAL_TIMING = {
  open: 5_000,
  /** One flush; a discard makes up to `DISCARD_ROUNDS` of them. */
  flush: 500,
  close: 3_000,
  /** How often the device node is looked at: a hung-up tty may read as silence for ever (pitfall 8). */
  presence: 1_000,
} as const;

const DISCARD_ROUNDS = 3;

/**
 * Opens serial lines by `serialport`: 8 data bits, no parity, one stop bit, no BREAK ever. `hupcl` is not
 * set; serialport 13 does not clear it either (serialport_unix.cpp), so DTR falls at close where the system's setting
 * says so: `stty -hupcl` in the udev rule where a device minds. With `xonxoff` the device may hold us; we never send DC1 or DC3 by ourselves.
 */
export function serialTransport(address: SerialAddress, timers: Timers): OpenTransport {
  return async () => {
    let device: string;
    try {
      device = await realpath(address.path);
    } catch (error) {
      return fail(failureOf(error));
    }
    const lock = await lockDevice(`serial:${device}`);
    if (!lock.ok) return lock;
    const opened = await openPort(address, device, timers, lock.value);
    if (!opened.ok) return opened;
    return ok(await connectionOn(opened.value, device, timers, lock.value));
  };
}

/** The lock goes back when the port has really closed, or has failed to open. */
async function openPort(
  address: SerialAddress,
  device: string,
  timers: Timers,
  releaseLock: () => void,
): Promise<Result<SerialPort, TransportFailure>> {
  // Loaded here so that a station without serial devices needs no native binding.
  const { SerialPort } = await import('serialport');
  let port: SerialPort;
  try {
    port = new SerialPort({
      path: device,
      baudRate: address.baudRate,
      autoOpen: false,
      hupcl: false,
      rtscts: address.flowControl === 'rtscts',
      xon: address.flowControl === 'xonxoff',
    });
  } catch (error) {
    releaseLock();
    return fail(failureOf(error));
  }
  port.on('error', () => {
    // Every call has its own callback; without a listener an error event would end the process.
  });
  const opening = new Promise<Error | null>((resolve) => port.open((error) => resolve(error ?? null)));
  const opened = await within(timers, SERIAL_TIMING.open, opening);
  if (!opened.timely) {
    void opening.then((error) => {
      if (error) releaseLock();
      else port.close(() => releaseLock());
    });
    return fail({ kind: 'timed-out', detail: `${device} did not open in ${SERIAL_TIMING.open} ms` });
  }
  if (opened.value) {
    releaseLock();
    return fail(failureOf(opened.value));
  }
  keepListening(port);
  return ok(port);
}

/** What serialport's Unix bindings wait with; not there on Windows. */
interface Poller {
  poll(events: number): void;
  listenerCount(event: 'readable' | 'writable'): number;
}
const READABLE = 1;
const WRITABLE = 2;

/**
 * In serialport 13 a write that waits for room replaces the wait for bytes to read, and the other way round
 * (bindings-cpp `Poller::poll` starts libuv with the newest event alone; measured): a device that holds us by flow
 * control could not tell why. Each wait is made to keep the other one.
 */
function keepListening(port: SerialPort): void {
  const poller = (port.port as { readonly poller?: Poller } | undefined)?.poller;
  if (!poller) return;
  const pollFor = poller.poll.bind(poller);
  poller.poll = (events) => {
    const waiting =
      (poller.listenerCount('readable') > 0 ? READABLE : 0) | (poller.listenerCount('writable') > 0 ? WRITABLE : 0);
    pollFor(events | waiting);
  };
}

async function connectionOn(
  port: SerialPort,
  device: string,
  timers: Timers,
  releaseLock: () => void,
): Promise<Connection> {
  const inbox = createInbox();
  let reason: string | null = null;
  let settle: (reason: string) => void = () => {};
  const closed = new Promise<string>((resolve) => {
    settle = resolve;
  });
  let cancelPresence: CancelTimer = () => {};
  let writesPending = 0;

  const end = (why: string) => {
    if (reason !== null) return;
    reason = why;
    cancelPresence();
    settle(why);
  };

  /** Resolves when the port has closed; the object is never used again. */
  let hungUp: Promise<void> | null = null;
  const hangUp = (): Promise<void> => {
    hungUp ??= new Promise((resolve) => {
      const gone = () => {
        port.destroy();
        releaseLock();
        resolve();
      };
      if (port.isOpen) port.close(gone);
      else if (port.closing) port.once('close', gone);
      else gone();
    });
    return hungUp;
  };

  port.on('data', (chunk: Buffer) => {
    if (reason === null) inbox.put(new Uint8Array(chunk));
  });
  // Fires twice for one failure at times (pitfall 3): both handlers act once.
  port.on('close', (error?: Error | null) => {
    end(error ? error.message : 'the port closed');
    void hangUp();
  });

  const identity = await identityOf(device);
  const watchPresence = () => {
    cancelPresence = timers.after(SERIAL_TIMING.presence, () => {
      void identityOf(device).then((now) => {
        if (reason !== null) return;
        if (now === identity) return watchPresence();
        end(`${device} is gone`);
        void hangUp();
      });
    });
  };
  watchPresence();

  const write = (bytes: Uint8Array): Promise<Error | null> => {
    writesPending++;
    return new Promise<Error | null>((resolve) => {
      port.write(Buffer.from(bytes), undefined, (error) => resolve(error ?? null));
    }).finally(() => {
      writesPending--;
    });
  };
  const drain = (): Promise<Error | null> => new Promise((resolve) => port.drain((error) => resolve(error ?? null)));

  const send = async (bytes: Uint8Array, deadline: number | null): Promise<Result<void, SendFailure>> => {
    if (reason !== null || !port.isOpen) return fail({ kind: 'closed', detail: reason ?? 'closing', handedOver: 0 });
    // From here on any byte may have left: what an error leaves behind in the kernel is not told.
    const handedOver = bytes.length;
    const work = write(bytes).then((error) => error ?? (reason === null ? drain() : null));
    const done = await within(timers, deadline, Promise.race([work, closed]));
    if (!done.timely) {
      return fail({ kind: 'timed-out', detail: `${device} does not take bytes`, handedOver });
    }
    if (done.value === null && reason === null) return ok(undefined);
    const detail = reason ?? (done.value instanceof Error ? done.value.message : 'closed');
    return fail({ kind: 'closed', detail, handedOver });
  };

  const flush = (): Promise<void> =>
    new Promise((resolve) => {
      if (port.isOpen) port.flush(() => resolve());
      else resolve();
    });

  return {
    send,
    onBytes: inbox.onBytes,
    discard: async () => {
      // A write that waits for room goes on into the room that a flush makes: what it still had is flushed again.
      for (let round = 0; round < DISCARD_ROUNDS && reason === null; round++) {
        await within(timers, SERIAL_TIMING.flush, flush());
        if (writesPending === 0) return;
        await within(timers, SERIAL_TIMING.flush / 10, closed);
      }
    },
    close: async () => {
      end(CLOSED_BY_US);
      // A port that does not close (a hanging tcdrain) keeps its lock: it may still have bytes in it.
      await within(timers, SERIAL_TIMING.close, hangUp());
    },
    closed,
  };
}

/** Device and inode numbers: another device under the same path is another device. */
async function identityOf(device: string): Promise<string | null> {
  try {
    const { dev, ino, rdev } = await stat(device);
    return `${dev}:${ino}:${rdev}`;
  } catch {
    return null;
  }
}

/** serialport tells causes in its texts only. */
function failureOf(error: unknown): TransportFailure {
  const detail = error instanceof Error ? error.message : String(error);
  if (/ENOENT|ENXIO|ENODEV|no such (file|device)/i.test(detail)) return { kind: 'not-found', detail };
  if (/EACCES|EPERM|permission denied|not permitted/i.test(detail)) return { kind: 'permission-denied', detail };
  if (/EBUSY|cannot lock|busy/i.test(detail)) return { kind: 'busy', detail };
  return { kind: 'failed', detail };
}
