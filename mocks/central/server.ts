/** The simulated centre on a loopback port. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { CentreProtocol, CentreReply } from './protocol.ts';

const MAX_BODY = 16 * 1024 * 1024;
/** Twenty steps a second make a trickle smooth enough. */
const TRICKLE_STEP_MS = 50;

export interface CentreServer {
  /** `http://127.0.0.1:<port>`: `central.url` of station.yaml. The same after every outage. */
  readonly url: string;
  /** To be called after faults were changed: opens or closes the door. */
  refresh(): Promise<void>;
  close(): Promise<void>;
}

/** Serves the protocol on `127.0.0.1`; port 0 takes a free one. */
export async function serveCentre(protocol: CentreProtocol, { port = 0 } = {}): Promise<CentreServer> {
  const { faults, world } = protocol.centre;
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    void respond(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const hangUp = new AbortController();
    response.on('close', () => hangUp.abort());
    const body = await bodyOf(request);
    if (body === null) {
      request.socket.resetAndDestroy();
      return;
    }
    const { method = '', url = '/', headers } = request;
    const authorization = headers.authorization ?? null;
    const reply = await protocol.handle({ method, path: url, authorization, body }, hangUp.signal);
    send(reply, response, request.socket);
  }

  function send(reply: CentreReply, response: ServerResponse, socket: Socket): void {
    if (reply.kind === 'reset') {
      socket.resetAndDestroy();
      return;
    }
    const bytes = Buffer.from(reply.body);
    response.writeHead(reply.status, { ...reply.headers, 'content-length': bytes.length });
    const end = reply.cutAt ?? bytes.length;
    const finish = (): void => {
      if (reply.cutAt === null) response.end();
      else socket.destroy();
    };
    const step = reply.bytesPerSecond === null ? end : Math.max(1, (reply.bytesPerSecond * TRICKLE_STEP_MS) / 1000);
    const trickle = (from: number): void => {
      if (response.destroyed) return;
      const to = Math.min(end, Math.ceil(from + step));
      response.write(bytes.subarray(from, to), () => {
        if (to >= end) finish();
        else world.timers.after(TRICKLE_STEP_MS, () => trickle(to));
      });
    };
    trickle(0);
  }

  let open = false;
  let closed = false;
  let cancelWatch = (): void => {};
  await listen(server, port);
  open = true;
  const { port: bound } = server.address() as AddressInfo;

  async function refresh(): Promise<void> {
    cancelWatch();
    if (closed) return;
    const refuses = faults.refusesConnections();
    if (refuses && open) {
      open = false;
      for (const socket of sockets) socket.resetAndDestroy();
      await new Promise((resolve) => server.close(resolve));
    } else if (!refuses && !open) {
      await listen(server, bound);
      open = true;
    }
    const change = faults.nextChange();
    if (change !== null) cancelWatch = world.timers.after(change, () => void refresh());
  }

  return {
    url: `http://127.0.0.1:${bound}`,
    refresh,
    async close() {
      closed = true;
      cancelWatch();
      for (const socket of sockets) socket.destroy();
      if (open) await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The whole body as text; null where it is too large or the station hangs up in the middle. */
async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      if (!Buffer.isBuffer(chunk)) continue;
      size += chunk.length;
      if (size > MAX_BODY) return null;
      chunks.push(chunk);
    }
  } catch {
    return null;
  }
  return Buffer.concat(chunks).toString('utf8');
}
