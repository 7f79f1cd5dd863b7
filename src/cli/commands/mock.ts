/** Stand-alone simulators for test harnesses: JSON lines on standard input or a socket steer them (testing.md). */
import {
  AUTOMATIC,
  type CentreCommand,
  CentreProtocol,
  type CentreServer,
  controlCentre,
  keptIdentity,
  MANUAL,
  SimulatedCentre,
  serveCentre,
} from '../../../mocks/central/index.ts';
import { FAULT_KINDS, type Fault } from '../../../mocks/faults.ts';
import { type MockPrinterOptions, runMockPrinter } from '../../../mocks/printers/main.ts';
import { problem, Refusal } from '../../domain/errors.ts';
import type { Timers } from '../../domain/world.ts';
import { realClock, realRandomness, realTimers } from '../../station/world.ts';
import { type Command, noWords, oneOf, reads, UsageFault, wholeNumber } from '../command.ts';
import { writeLines } from '../files.ts';
import { answerLines } from '../line-socket.ts';
import { linesOf } from '../lines.ts';

const PRINTER_OPTIONS = {
  protocol: { type: 'string' },
  pty: { type: 'boolean' },
  link: { type: 'string' },
  tcp: { type: 'string' },
  seed: { type: 'string' },
  fault: { type: 'string', multiple: true },
  pace: { type: 'string' },
  control: { type: 'string' },
} as const;

/** `{"kind":...,"trigger":{"at":...}}`; the simulator itself checks what belongs to the kind. */
function faultOf(text: string): Fault {
  let fault: Partial<Fault> | null = null;
  try {
    fault = JSON.parse(text) as Partial<Fault> | null;
  } catch {
    // Said below.
  }
  if (typeof fault?.trigger?.at !== 'string')
    throw new UsageFault(`--fault takes JSON with kind and trigger, not ${text}`);
  oneOf(String(fault.kind), 'the kind of --fault', FAULT_KINDS);
  return fault as Fault;
}

function mountOf(values: {
  pty?: boolean;
  link?: string;
  tcp?: string;
}): Pick<MockPrinterOptions, 'mount' | 'link' | 'port'> {
  if ((values.pty === true) === (values.tcp !== undefined))
    throw new UsageFault('one of --pty and --tcp PORT is needed');
  if (values.tcp !== undefined) {
    if (values.link !== undefined) throw new UsageFault('--link belongs to --pty');
    return { mount: 'tcp', port: wholeNumber(values.tcp, '--tcp', 0, 65535) };
  }
  return { mount: 'pty', ...(values.link === undefined ? {} : { link: values.link }) };
}

export const readMockPrinter = reads(PRINTER_OPTIONS, (values, words): MockPrinterOptions => {
  noWords(words);
  return {
    protocol: oneOf(values.protocol ?? 'tally-csi', '--protocol', ['tally-csi']),
    ...mountOf(values),
    seed: wholeNumber(values.seed ?? '1', '--seed', 0, 2 ** 32 - 1),
    faults: (values.fault ?? []).map(faultOf),
    pace: oneOf(values.pace ?? 'realistic', '--pace', ['realistic', 'quick']),
    control: values.control === undefined ? 'stdio' : { socket: values.control },
  };
});

const notStarted = (error: Error): never => {
  throw new Refusal(problem('PST-709', error.message));
};

export const printer: Command<MockPrinterOptions> = {
  read: readMockPrinter,

  async run(options, terminal) {
    const stopped = terminal.stopped();
    const running = await runMockPrinter({ ...options, input: terminal.input }).catch(notStarted);
    await Promise.race([running.inputEnded, stopped]);
    await running.close();
    return 0;
  },
};

export interface MockCentreArguments {
  /** 0 takes a free one. */
  readonly port: number;
  /** Where the centre keeps its identity over restarts; `null`: another centre each time. */
  readonly seedDir: string | null;
  readonly policy: 'manual' | 'automatic';
  readonly control: 'stdio' | { readonly socket: string };
  /** Where to write the roots for a station to pin. */
  readonly roots: string | null;
}

const CENTRE_OPTIONS = {
  port: { type: 'string' },
  'seed-dir': { type: 'string' },
  policy: { type: 'string' },
  control: { type: 'string' },
  roots: { type: 'string' },
} as const;

export const readMockCentre = reads(CENTRE_OPTIONS, (values, words): MockCentreArguments => {
  noWords(words);
  return {
    port: wholeNumber(values.port ?? '0', '--port', 0, 65535),
    seedDir: values['seed-dir'] ?? null,
    policy: oneOf(values.policy ?? 'manual', '--policy', ['manual', 'automatic']),
    control: values.control === undefined ? 'stdio' : { socket: values.control },
    roots: values.roots ?? null,
  };
});

/** Bytes of one line of control. */
const LONGEST_CONTROL = 1024 * 1024;

/** Timers of which none is left after `stop`: what the centre still meant to decide must not keep the process. */
function stoppableTimers(): Timers & { stop(): void } {
  const pending = new Set<() => void>();
  return {
    after(milliseconds, callback) {
      const cancel = realTimers.after(milliseconds, () => {
        pending.delete(cancel);
        callback();
      });
      pending.add(cancel);
      return () => {
        pending.delete(cancel);
        cancel();
      };
    },
    stop() {
      for (const cancel of pending) cancel();
    },
  };
}

/** One command of `CentreCommand` as JSON; `{"ok":true,"result":...}` or `{"ok":false,"error":"..."}`, with its `id`. */
const controlOf = (protocol: CentreProtocol, server: CentreServer) => async (line: string) => {
  let id: unknown;
  try {
    const { id: given, ...order } = JSON.parse(line) as CentreCommand & { readonly id?: unknown };
    id = given;
    const result = controlCentre(protocol, order as CentreCommand);
    // A fault may have opened or closed the door.
    await server.refresh();
    return JSON.stringify({ id, ok: true, result });
  } catch (error) {
    return JSON.stringify({ id, ok: false, error: (error as Error).message });
  }
};

export const centre: Command<MockCentreArguments> = {
  read: readMockCentre,

  async run({ port, seedDir, policy, control, roots }, terminal) {
    const stopped = terminal.stopped();
    const timers = stoppableTimers();
    const identity = seedDir === null ? { seed: realRandomness.bytes(32) } : keptIdentity(seedDir, realRandomness);
    const simulated = new SimulatedCentre({
      ...identity,
      world: { clock: realClock(), timers, random: realRandomness },
      policy: policy === 'automatic' ? AUTOMATIC : MANUAL,
    });
    const protocol = new CentreProtocol(simulated);
    const pinned = simulated.issuer.rootsFile();
    if (roots !== null) writeLines(roots, [JSON.stringify(pinned)], terminal);
    const server = await serveCentre(protocol, { port }).catch(notStarted);
    const answer = controlOf(protocol, server);
    const ready = JSON.stringify({ ready: true, url: server.url, roots: pinned, control });
    try {
      if (control === 'stdio') {
        terminal.out(ready);
        await Promise.race([stopped, answerInput()]);
      } else {
        const socket = await answerLines(control.socket, answer).catch(notStarted);
        terminal.out(ready);
        await stopped;
        await socket.close();
      }
    } finally {
      terminal.input.destroy();
      await server.close();
      timers.stop();
    }
    return 0;

    async function answerInput(): Promise<void> {
      for await (const line of linesOf(terminal.input, LONGEST_CONTROL)) terminal.out(await answer(line));
    }
  },
};
