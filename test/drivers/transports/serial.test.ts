import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SERIAL_TIMING, serialTransport } from '../../../drivers/transports/serial.ts';
import type { Connection, FlowControl } from '../../../drivers/transports/transport.ts';
import { type KernelPty, openKernelPty } from '../../../mocks/transports/kernel-pty.ts';
import { REAL, until } from '../real-time.ts';

let pty: KernelPty;
let gone = false;
let received = Buffer.alloc(0);
let folder: string;

beforeEach(() => {
  const made = openKernelPty();
  if (!made.ok) throw new Error(made.failure);
  pty = made.value;
  gone = false;
  received = Buffer.alloc(0);
  pty.stream.on('error', () => {});
  folder = mkdtempSync(join(tmpdir(), 'serial-'));
});
afterEach(() => {
  if (!gone) pty.destroy();
  rmSync(folder, { recursive: true });
});

const listen = () =>
  pty.stream.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
const unplug = () => {
  gone = true;
  pty.destroy();
};
const open = (path = pty.path, flowControl: FlowControl = 'none') =>
  serialTransport({ kind: 'serial', path, baudRate: 19_200, flowControl }, REAL.timers)();
async function opened(flowControl: FlowControl = 'none'): Promise<Connection> {
  const result = await open(pty.path, flowControl);
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}
const every = Uint8Array.from({ length: 1024 }, (_, at) => at & 0xff);

describe('serial line on a real pty', () => {
  it('carries every byte value both ways', async () => {
    listen();
    const line = await opened();
    let heard = Buffer.alloc(0);
    line.onBytes((chunk) => {
      heard = Buffer.concat([heard, chunk]);
    });
    expect(await line.send(every, 1000)).toEqual({ ok: true, value: undefined });
    await until(() => received.equals(Buffer.from(every)));
    pty.stream.write(Buffer.from(every));
    await until(() => heard.equals(Buffer.from(every)));
    await line.close();
    await line.close();
    await expect(line.closed).resolves.toBe('closed by us');
    expect(await line.send(every, 1000)).toMatchObject({ ok: false, failure: { kind: 'closed', handedOver: 0 } });
  });

  it('is held by XOFF and released by XON, and passes neither on', async () => {
    listen();
    const line = await opened('xonxoff');
    let heard = '';
    line.onBytes((chunk) => {
      heard += Buffer.from(chunk).toString('latin1');
    });
    pty.stream.write('\x13');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const sending = line.send(Uint8Array.of(65, 66, 67), 5000);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(received.length).toBe(0);
    pty.stream.write('\x11ok');
    expect(await sending).toMatchObject({ ok: true });
    await until(() => received.toString() === 'ABC' && heard === 'ok');
    await line.close();
  });

  it('hears the device while the device holds a write', async () => {
    listen();
    const line = await opened('xonxoff');
    let heard = '';
    line.onBytes((chunk) => {
      heard += Buffer.from(chunk).toString('latin1');
    });
    pty.stream.write('\x13');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const sending = line.send(new Uint8Array(256).fill(0x41), null);
    for (const word of ['why', ' and', ' why', ' not']) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      pty.stream.write(word);
    }
    await until(() => heard === 'why and why not');
    expect(received.length).toBe(0);
    pty.stream.write('\x11');
    expect(await sending).toMatchObject({ ok: true });
    await until(() => received.length === 256);
    await line.close();
  });

  it('locks the device before it is opened, by whatever name it is asked for', async () => {
    const line = await opened();
    const link = join(folder, 'printer');
    symlinkSync(pty.path, link);
    expect(await open(link)).toMatchObject({ ok: false, failure: { kind: 'busy' } });
    await line.close();
    const again = await open(link);
    expect(again.ok).toBe(true);
    if (again.ok) await again.value.close();
  });

  it('names why it did not open', async () => {
    expect(await open(join(folder, 'none'))).toMatchObject({ ok: false, failure: { kind: 'not-found' } });
    const file = await open(new URL(import.meta.url).pathname);
    expect(file.ok).toBe(false);
    // The lock of what did not open is free again.
    expect(await open(new URL(import.meta.url).pathname)).not.toMatchObject({ failure: { kind: 'busy' } });
  });

  it('gives up on a device that takes nothing; what is discarded never comes out', async () => {
    pty.stream.pause();
    const line = await opened();
    const huge = new Uint8Array(1024 * 1024).fill(0x55);
    const sent = await line.send(huge, 300);
    expect(sent).toMatchObject({ ok: false, failure: { kind: 'timed-out', handedOver: huge.length } });
    const started = performance.now();
    await line.discard();
    await line.close();
    expect(performance.now() - started).toBeLessThan(4 * SERIAL_TIMING.flush + SERIAL_TIMING.close);
    listen();
    pty.stream.resume();
    await new Promise((resolve) => setTimeout(resolve, 200));
    // What the pty's far end already had is the most that arrives; the kernel holds at most 64 KiB of it.
    expect(received.length).toBeLessThanOrEqual(65_536);
  });

  it('discards a chunk that the device has not taken to the last byte', async () => {
    const line = await opened('xonxoff');
    listen();
    pty.stream.write('\x13');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const sending = line.send(new Uint8Array(256).fill(0x41), null);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await line.discard();
    await line.close();
    expect(await sending).toMatchObject({ ok: false });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(received.length).toBe(0);
  });

  it.each([
    ['while nothing is sent', async () => {}],
    ['while a write waits', async (line: Connection) => void line.send(new Uint8Array(1024 * 1024), null)],
  ])('notices an unplug %s, once, and frees the lock', async (_, before) => {
    pty.stream.pause();
    const line = await opened();
    let ends = 0;
    void line.closed.then(() => ends++);
    await before(line);
    await new Promise((resolve) => setTimeout(resolve, 30));
    unplug();
    await line.closed;
    await line.close();
    expect(await line.send(every, null)).toMatchObject({ ok: false, failure: { kind: 'closed', handedOver: 0 } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ends).toBe(1);
  });

  it('never sends the bytes of an old connection on a new one', async () => {
    pty.stream.pause();
    const first = await opened();
    void first.send(new Uint8Array(200_000).fill(0x58), null);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await first.discard();
    await first.close();
    const second = await opened();
    listen();
    pty.stream.resume();
    await new Promise((resolve) => setTimeout(resolve, 50));
    received = Buffer.alloc(0);
    await second.send(Uint8Array.of(1, 2, 3), 1000);
    await until(() => received.length >= 3);
    expect([...received]).toEqual([1, 2, 3]);
    await second.close();
  });
});
