import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { TCP_TIMING, tcpTransport } from '../../../drivers/transports/tcp.ts';
import type { Connection } from '../../../drivers/transports/transport.ts';
import { REAL, until } from '../real-time.ts';

let servers: Server[] = [];
afterEach(async () => {
  for (const server of servers) server.close();
  servers = [];
});

async function device() {
  const sockets: Socket[] = [];
  let received = '';
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
    });
    socket.on('error', () => {});
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, sockets, received: () => received };
}

async function opened(port: number): Promise<Connection> {
  const result = await tcpTransport({ kind: 'tcp', host: '127.0.0.1', port }, REAL.timers)();
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));

describe('TCP line', () => {
  it('carries bytes both ways and keeps what came before anybody listened', async () => {
    const { port, sockets, received } = await device();
    const line = await opened(port);
    await until(() => sockets.length === 1);
    sockets[0]?.write('early');
    await new Promise((resolve) => setTimeout(resolve, 30));
    let heard = '';
    line.onBytes((chunk) => {
      heard += Buffer.from(chunk).toString('latin1');
    });
    expect(await line.send(bytes('a\0\x11\x13\xff'), 1000)).toEqual({ ok: true, value: undefined });
    await until(() => received() === 'a\0\x11\x13\xff' && heard === 'early');
    sockets[0]?.on('end', () => sockets[0]?.end());
    await line.close();
    await line.close();
    await expect(line.closed).resolves.toBe('closed by us');
    expect(await line.send(bytes('late'), 1000)).toMatchObject({
      ok: false,
      failure: { kind: 'closed', handedOver: 0 },
    });
  });

  it('is closed when the device hangs up, half-closed or broken', async () => {
    const { port, sockets } = await device();
    const line = await opened(port);
    await until(() => sockets.length === 1);
    sockets[0]?.end();
    await expect(line.closed).resolves.toBe('the device hung up');

    const again = await opened(port);
    await until(() => sockets.length === 2);
    sockets[1]?.resetAndDestroy();
    await expect(again.closed).resolves.toMatch(/ECONNRESET|closed/);
  });

  it('gives up on a device that takes nothing, and discards what is left by a reset', async () => {
    const { port, sockets } = await device();
    const line = await opened(port);
    await until(() => sockets.length === 1);
    const socket = sockets[0]!;
    socket.pause();
    const huge = new Uint8Array(16 * 1024 * 1024);
    const sent = await line.send(huge, 200);
    expect(sent).toMatchObject({ ok: false, failure: { kind: 'timed-out', handedOver: huge.length } });
    const broken = new Promise<string | undefined>((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    await line.discard();
    await line.close();
    socket.resume();
    await expect(broken).resolves.toBe('ECONNRESET');
  });

  it('is closed in its own time by a device that does not answer the goodbye', async () => {
    const { port, sockets } = await device();
    const line = await opened(port);
    await until(() => sockets.length === 1);
    const started = performance.now();
    await line.close();
    expect(performance.now() - started).toBeLessThan(TCP_TIMING.close + 1000);
  });

  it('names why it did not open, and has one holder', async () => {
    const { port } = await device();
    const line = await opened(port);
    expect(await tcpTransport({ kind: 'tcp', host: 'localhost', port }, REAL.timers)()).toMatchObject({
      ok: false,
      failure: { kind: expect.stringMatching(/busy|not-found/) },
    });
    await line.discard();
    await line.close();
    for (const server of servers) server.close();
    await until(() => servers.every((server) => !server.listening));
    expect(await tcpTransport({ kind: 'tcp', host: '127.0.0.1', port }, REAL.timers)()).toMatchObject({
      ok: false,
      failure: { kind: 'not-found' },
    });
  });
});
