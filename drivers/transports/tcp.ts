import { lookup } from 'node:dns/promises';
import { createConnection, type Socket } from 'node:net';
import { fail, ok, type Result } from '../../src/domain/result.ts';
import type { Timers } from '../../src/domain/world.ts';
import { within } from './deadline.ts';
import { lockDevice } from './identity-lock.ts';
import { createInbox } from './inbox.ts';
import { type Address, CLOSED_BY_US, type Connection, type OpenTransport, type TransportFailure } from './transport.ts';

export type TcpAddress = Extract<Address, { kind: 'tcp' }>;

/** Milliseconds. */
export const TCP_TIMING = {
  open: 5_000,
  close: 1_000,
  /** First probe on a silent line: a cable pulled out says nothing. */
  keepAlive: 10_000,
} as const;

/** Opens raw TCP lines (port 9100, serial device servers). The lock covers this machine only. */
export function tcpTransport(address: TcpAddress, timers: Timers): OpenTransport {
  return async () => {
    const resolved = await within(timers, TCP_TIMING.open, lookup(address.host).then(ok, fail));
    if (!resolved.timely) return fail({ kind: 'timed-out', detail: `${address.host} was not found in time` });
    if (!resolved.value.ok)
      return fail({ kind: 'not-found', detail: `${address.host}: ${textOf(resolved.value.failure)}` });
    const host = resolved.value.value.address;
    const lock = await lockDevice(`tcp:${host}:${address.port}`);
    if (!lock.ok) return lock;
    const opened = await openSocket(host, address.port, timers);
    if (!opened.ok) {
      lock.value();
      return opened;
    }
    return ok(connectionOn(opened.value, timers, lock.value));
  };
}

async function openSocket(host: string, port: number, timers: Timers): Promise<Result<Socket, TransportFailure>> {
  // Half-open is allowed so that our end can still say goodbye in order when the device has hung up first.
  const socket = createConnection({ host, port, noDelay: true, allowHalfOpen: true });
  socket.setKeepAlive(true, TCP_TIMING.keepAlive);
  const opened = await within(
    timers,
    TCP_TIMING.open,
    new Promise<NodeJS.ErrnoException | null>((resolve) => {
      socket.once('connect', () => resolve(null));
      socket.once('error', resolve);
    }),
  );
  if (opened.timely && opened.value === null) return ok(socket);
  socket.on('error', () => {
    // Given up already.
  });
  socket.destroy();
  if (!opened.timely)
    return fail({ kind: 'timed-out', detail: `${host}:${port} did not answer in ${TCP_TIMING.open} ms` });
  const code = opened.value?.code;
  const kind = code === 'ETIMEDOUT' ? 'timed-out' : code === 'EACCES' ? 'permission-denied' : 'not-found';
  return fail({ kind, detail: textOf(opened.value) });
}

function connectionOn(socket: Socket, timers: Timers, releaseLock: () => void): Connection {
  const inbox = createInbox();
  let reason: string | null = null;
  let settle: (reason: string) => void = () => {};
  const closed = new Promise<string>((resolve) => {
    settle = resolve;
  });
  const end = (why: string) => {
    if (reason !== null) return;
    reason = why;
    settle(why);
  };
  /** Nothing goes out any more: the device is free for the next connection. */
  const drop = () => {
    socket.destroy();
    releaseLock();
  };
  const gone = new Promise<void>((resolve) => {
    socket.once('close', () => {
      end('the connection closed');
      drop();
      resolve();
    });
  });
  socket.on('data', (chunk: Buffer) => {
    if (reason === null) inbox.put(new Uint8Array(chunk));
  });
  socket.on('error', (error) => {
    end(textOf(error));
    drop();
  });
  // Without its answers nothing can be confirmed any more, even where it would still take bytes.
  socket.on('end', () => {
    end('the device hung up');
    drop();
  });

  return {
    send: async (bytes, deadline) => {
      if (reason !== null) return fail({ kind: 'closed', detail: reason, handedOver: 0 });
      const handedOver = bytes.length;
      const work = new Promise<Error | null>((resolve) => {
        socket.write(bytes, (error) => resolve(error ?? null));
      });
      const done = await within(timers, deadline, Promise.race([work, closed]));
      if (!done.timely) return fail({ kind: 'timed-out', detail: 'the device takes no bytes', handedOver });
      if (done.value === null) return ok(undefined);
      return fail({ kind: 'closed', detail: reason ?? textOf(done.value), handedOver });
    },
    onBytes: inbox.onBytes,
    discard: async () => {
      if (reason !== null) return;
      // The kernel's send buffer can only be dropped together with the connection.
      end('reset by us');
      socket.resetAndDestroy();
    },
    close: async () => {
      end(CLOSED_BY_US);
      if (!socket.destroyed) socket.end();
      await within(timers, TCP_TIMING.close, gone);
      drop();
    },
    closed,
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
