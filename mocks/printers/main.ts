import { chmodSync } from 'node:fs';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Fault } from '../faults.ts';
import { control } from './control.ts';
import { type SimulatedPrinter, simulateTallyPrinter } from './simulated-printer.ts';
import { QUICK_TIMING, type TallyTiming } from './tally-csi/works.ts';
import { realTime } from './time.ts';

export interface MockPrinterOptions {
  readonly protocol: 'tally-csi';
  readonly mount: 'pty' | 'tcp';
  /** A stable name for the pty. */
  readonly link?: string;
  /** Of the TCP mount; default a free one. */
  readonly port?: number;
  readonly seed: number;
  readonly faults?: readonly Fault[];
  /** `realistic` (default): a page takes about half a minute. `quick`: a fraction of a second. */
  readonly pace?: 'realistic' | 'quick';
  readonly geometry?: { readonly needleMm?: number; readonly leftMm?: number };
  /** Where JSON lines come in: standard input, or a Unix socket at this path. */
  readonly control: 'stdio' | { readonly socket: string };
  /** Default the process's own. */
  readonly input?: Readable;
  readonly output?: Writable;
}

export interface RunningMockPrinter {
  readonly printer: SimulatedPrinter;
  /** The pty's path or `host:port`. */
  readonly address: string;
  /** Settles when standard input has ended (`control: stdio`); a socket never ends it. */
  readonly inputEnded: Promise<void>;
  close(): Promise<void>;
}

/**
 * The `mock printer` command: a simulated printer for somebody else's test harness. Prints one line
 * `{"ready":true,"protocol":...,"mount":...,"address":...}` when a host can connect, then answers each line of control
 * with one line. Rejects with a plain message when the mount cannot be had.
 */
export async function runMockPrinter(options: MockPrinterOptions): Promise<RunningMockPrinter> {
  const output = options.output ?? process.stdout;
  const timing: Partial<TallyTiming> = options.pace === 'quick' ? QUICK_TIMING : {};
  const printer = simulateTallyPrinter({
    time: realTime(),
    seed: options.seed,
    timing,
    ...(options.geometry === undefined ? {} : { geometry: options.geometry }),
  });
  for (const fault of options.faults ?? []) printer.addFault(fault);
  const mount = await mountOn(printer, options);
  const say = (line: string) => output.write(`${line}\n`);

  let stopControl = async () => {};
  let inputEnded = new Promise<void>(() => {});
  if (options.control === 'stdio') {
    const lines = createInterface({ input: options.input ?? process.stdin });
    lines.on('line', (line) => say(control(printer, line)));
    inputEnded = new Promise((resolve) => lines.once('close', () => resolve()));
    stopControl = async () => lines.close();
  } else stopControl = await listenForControl(printer, options.control.socket);

  const { protocol, mount: kind } = options;
  say(JSON.stringify({ ready: true, protocol, mount: kind, address: mount.address, control: options.control }));
  return {
    printer,
    address: mount.address,
    inputEnded,
    async close() {
      await stopControl();
      await mount.close();
      printer.powerOff();
    },
  };
}

async function mountOn(
  printer: SimulatedPrinter,
  options: MockPrinterOptions,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  if (options.mount === 'tcp') {
    const tcp = await printer.listenTcp(options.port);
    return { address: `${tcp.host}:${tcp.port}`, close: () => tcp.close() };
  }
  const pty = printer.openPty(options.link);
  if (!pty.ok) throw new Error(pty.failure);
  return { address: pty.value.path, close: async () => pty.value.close() };
}

/** JSON lines over a Unix socket that only its owner may open; any number of clients. */
async function listenForControl(printer: SimulatedPrinter, path: string): Promise<() => Promise<void>> {
  const clients = new Set<Readable & { destroy(): void }>();
  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => client.destroy());
    client.on('close', () => clients.delete(client));
    createInterface({ input: client }).on('line', (line) => client.write(`${control(printer, line)}\n`));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return async () => {
    for (const client of clients) client.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
}
