import { createServer, type Server, type Socket } from 'node:net';
import type { LineSession, SerialLine } from './line.ts';

export interface TcpMount {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';

/**
 * Offers the line on a loopback port, as a serial device server does. One host at a time; a second one is turned away.
 * While the line is unplugged the port refuses connections.
 */
export async function listenTcp(line: SerialLine, port = 0): Promise<TcpMount> {
  const hosts = new Set<Socket>();
  let server = await listening(line, hosts, port);
  const bound = (server.address() as { port: number }).port;
  let changing: Promise<unknown> = Promise.resolve();
  const stop = line.onPlug((plugged) => {
    changing = changing.then(async () => {
      if (plugged) server = await listening(line, hosts, bound);
      else await new Promise<void>((resolve) => server.close(() => resolve()));
    });
  });
  return {
    host: LOOPBACK,
    port: bound,
    async close() {
      stop();
      await changing;
      for (const host of hosts) host.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listening(line: SerialLine, hosts: Set<Socket>, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => welcome(line, hosts, socket));
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => resolve(server));
  });
}

function welcome(line: SerialLine, hosts: Set<Socket>, socket: Socket): void {
  socket.setNoDelay(true);
  socket.on('error', () => {
    // 'close' follows and says all that matters: the host is gone.
  });
  let session: LineSession | null = null;
  const attached = line.attach({
    toHost: (bytes) => socket.write(bytes),
    clearToSend: (clear) => (clear ? socket.resume() : socket.pause()),
    cut: () => socket.resetAndDestroy(),
  });
  if (!attached.ok) {
    socket.resetAndDestroy();
    return;
  }
  session = attached.value;
  hosts.add(socket);
  socket.on('data', (bytes) => session?.write(bytes));
  socket.on('close', () => {
    hosts.delete(socket);
    session?.detach();
  });
}
