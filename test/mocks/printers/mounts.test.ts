import type { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { SerialPort } from 'serialport';
import { afterEach, describe, expect, it } from 'vitest';
import { QUICK_TIMING, realTime, type SimulatedPrinter, simulateTallyPrinter } from '../../../mocks/index.ts';
import { csi, job, speckled } from './tally-host.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function until<Value>(look: () => Value, ms = 10_000): Promise<Value> {
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const seen = look();
    if (seen) return seen;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('waited in vain');
}

async function quickPrinter(flowControl: 'rtscts' | 'xonxoff' = 'rtscts'): Promise<SimulatedPrinter> {
  const printer = simulateTallyPrinter({ time: realTime(), timing: QUICK_TIMING, flowControl });
  await until(() => printer.state().status === 'online');
  return printer;
}

/** Collects what a host hears, as text. */
function hearing(source: { on(event: 'data', listener: (bytes: Buffer) => void): unknown }) {
  const heard = { text: '' };
  source.on('data', (bytes) => {
    heard.text += bytes.toString('latin1');
  });
  return heard;
}

/**
 * serialport 13 forgets that it waits for room to write when it begins to wait for bytes to read (`Poller.poll` starts
 * with the new event alone): a write that met a full line while the device spoke then hangs until the device speaks
 * again. Polling for everything that is waited for mends it.
 */
function pollForBoth(port: SerialPort): void {
  const { poller } = port.port as unknown as { poller: EventEmitter & { poll(events?: number): void } };
  const poll = poller.poll.bind(poller);
  poller.poll = (events = 0) =>
    poll(events | (poller.listenerCount('readable') > 0 ? 1 : 0) | (poller.listenerCount('writable') > 0 ? 2 : 0));
}

describe('on a pseudo terminal', () => {
  async function opened(printer: SimulatedPrinter, path: string, options: { xon?: boolean; xoff?: boolean } = {}) {
    const port = new SerialPort({ path, baudRate: 19_200, autoOpen: false, hupcl: false, ...options });
    await new Promise<void>((resolve, reject) => port.open((error) => (error ? reject(error) : resolve())));
    // A write under way when the device vanishes also ends in an 'error'; 'close' is what these tests look at.
    port.on('error', () => {});
    closing.push(() => new Promise<void>((resolve) => (port.isOpen ? port.close(() => resolve()) : resolve())));
    expect(printer.line.taken).toBe(true);
    pollForBoth(port);
    return port;
  }

  function mounted(printer: SimulatedPrinter, link?: string) {
    const mount = printer.openPty(link);
    if (!mount.ok) throw new Error(mount.failure);
    closing.push(() => mount.value.close());
    return mount.value;
  }

  it('prints a page that a real serial port sends, byte for byte', async () => {
    const printer = await quickPrinter();
    const port = await opened(printer, mounted(printer).path);
    const heard = hearing(port);
    const page = speckled();
    printer.insertBooklet({ number: 'X0000001' });
    port.write(job(page, 77));
    await until(() => heard.text.includes('\x1b[77!t'));
    expect(Buffer.compare(printer.dataPage()!.data, page.data)).toBe(0);
    expect(printer.device.violations).toEqual([]);
  });

  it('carries every byte value both ways without the kernel touching it', async () => {
    const printer = await quickPrinter();
    const port = await opened(printer, mounted(printer).path);
    const heard: number[] = [];
    port.on('data', (bytes: Buffer) => heard.push(...bytes));
    printer.addFault({ kind: 'nul-noise', count: 3, trigger: { at: 'time', ms: 0 } });
    port.write(csi('1!t'));
    await until(() => String(heard).endsWith(String([...csi('1!t')])));
    expect(heard.filter((byte) => byte === 0)).toHaveLength(3);
    const before = Number(printer.state().bytesReceived);
    port.write(Uint8Array.from({ length: 256 }, (_, byte) => byte));
    await until(() => printer.state().bytesReceived === before + 256);
  });

  it('holds the host back while it is stopped', async () => {
    const printer = await quickPrinter();
    const port = await opened(printer, mounted(printer).path);
    printer.pressStop();
    let drained = false;
    port.write(new Uint8Array(100_000));
    port.drain(() => {
      drained = true;
    });
    await until(() => Number(printer.state().bytesReceived) > 7000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([drained, Number(printer.state().bytesReceived) <= 8192]).toEqual([false, true]);
    expect(printer.device.violations).toEqual([]);
    printer.pressStart();
    await until(() => printer.state().bytesReceived === 100_000);
    await until(() => drained);
  });

  it('stops a host with DC3 and lets it go on with DC1', async () => {
    const printer = await quickPrinter('xonxoff');
    const port = await opened(printer, mounted(printer).path, { xon: true, xoff: true });
    const heard = hearing(port);
    printer.pressStop();
    let written = false;
    port.write(new Uint8Array(100_000), () => {
      written = true;
    });
    await until(() => Number(printer.state().bytesReceived) > 7000);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(written).toBe(false);
    printer.pressStart();
    await until(() => written && printer.state().bytesReceived === 100_000);
    // The kernel obeys DC3 and DC1 and takes them out of the stream.
    expect(heard.text.replaceAll(/\x1b\[[01]!z/g, '')).toBe('');
  });

  it('an XOFF that no XON follows stops a host for ever', async () => {
    const printer = await quickPrinter('xonxoff');
    const port = await opened(printer, mounted(printer).path, { xon: true, xoff: true });
    printer.addFault({ kind: 'xoff-no-xon', trigger: { at: 'byte', n: 2000 } });
    let written = false;
    port.write(new Uint8Array(200_000), () => {
      written = true;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([written, printer.state().bytesReceived]).toEqual([false, 1999]);
  });

  it('unplugged in the middle of a write: the host sees its device vanish', async () => {
    const printer = await quickPrinter();
    const port = await opened(printer, mounted(printer).path);
    const closed = new Promise((resolve) => port.on('close', resolve));
    const failed = new Promise<unknown>((resolve) => port.on('error', (error) => resolve(error.message)));
    printer.addFault({ kind: 'unplug', trigger: { at: 'byte', n: 3000 } });
    port.write(new Uint8Array(50_000));
    // serialport tells either of the write that failed, or of the disconnection that a read saw first.
    const reason = await Promise.race([closed, failed]);
    expect(String(reason)).toMatch(/EIO|disconnected|bad file descriptor/);
    await closed;
    expect(printer.state()).toMatchObject({ bytesReceived: 2999, plugged: false });
  });

  it('comes back under the same link after a replug', async () => {
    const directory = mkdtempSync(joinPath(tmpdir(), 'mock-printer-'));
    closing.push(() => rmSync(directory, { recursive: true }));
    const link = joinPath(directory, 'printer');
    const printer = await quickPrinter();
    const mount = mounted(printer, link);
    expect(mount.path).toBe(link);
    await opened(printer, link);
    printer.unplug();
    expect(existsSync(link)).toBe(false);
    printer.replug();
    const port = await opened(printer, link);
    const heard = hearing(port);
    port.write(csi('5!t'));
    await until(() => heard.text.includes('\x1b[5!t'));
  });
});

describe('on TCP', () => {
  async function hostOf(port: number): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    closing.push(() => socket.destroy());
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('close', () => reject(new Error('refused')));
    });
    return socket;
  }

  it('prints a page', async () => {
    const printer = await quickPrinter();
    const mount = await printer.listenTcp();
    closing.push(() => mount.close());
    const socket = await hostOf(mount.port);
    const heard = hearing(socket);
    const page = speckled();
    printer.insertBooklet({ number: 'X0000001' });
    socket.write(job(page, 78));
    await until(() => heard.text.includes('\x1b[78!t'));
    expect(Buffer.compare(printer.dataPage()!.data, page.data)).toBe(0);
  });

  it('prints on after the host has hung up: the bytes were under way', async () => {
    const printer = await quickPrinter();
    const mount = await printer.listenTcp();
    closing.push(() => mount.close());
    const socket = await hostOf(mount.port);
    const page = speckled();
    printer.insertBooklet({ number: 'X0000001' });
    socket.end(job(page, 79));
    await until(() => printer.state().place === 'out');
    expect(Buffer.compare(printer.dataPage()!.data, page.data)).toBe(0);
  });

  it('turns a second host away, and everybody while unplugged', async () => {
    const printer = await quickPrinter();
    const mount = await printer.listenTcp();
    closing.push(() => mount.close());
    const first = await hostOf(mount.port);
    await until(() => printer.line.taken);
    const second = connect(mount.port, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => second.once('close', resolve));
    const cut = new Promise((resolve) => first.once('close', resolve));
    printer.unplug();
    await cut;
    await expect(hostOf(mount.port)).rejects.toThrow('refused');
    printer.replug();
    let found: Socket | null = null;
    for (let tries = 0; found === null && tries < 100; tries++) found = await hostOf(mount.port).catch(() => null);
    const socket = found!;
    const heard = hearing(socket);
    socket.write(csi('6!t'));
    await until(() => heard.text.includes('\x1b[6!t'));
  });
});
