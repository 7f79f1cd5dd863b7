import { FAULT_KINDS, type Fault } from '../../../mocks/faults.ts';
import { type MockPrinterOptions, runMockPrinter } from '../../../mocks/printers/main.ts';
import { problem, Refusal } from '../../domain/errors.ts';
import { type Command, noWords, oneOf, reads, UsageFault, wholeNumber } from '../command.ts';

const OPTIONS = {
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

export const readMock = reads(OPTIONS, (values, words): MockPrinterOptions => {
  const [kind = '', ...rest] = words;
  oneOf(kind, 'mock', ['printer']);
  noWords(rest);
  return {
    protocol: oneOf(values.protocol ?? 'tally-csi', '--protocol', ['tally-csi']),
    ...mountOf(values),
    seed: wholeNumber(values.seed ?? '1', '--seed', 0, 2 ** 32 - 1),
    faults: (values.fault ?? []).map(faultOf),
    pace: oneOf(values.pace ?? 'realistic', '--pace', ['realistic', 'quick']),
    control: values.control === undefined ? 'stdio' : { socket: values.control },
  };
});

export const command: Command<MockPrinterOptions> = {
  read: readMock,

  async run(options, terminal) {
    const running = await runMockPrinter({ ...options, input: terminal.input }).catch((error: Error) => {
      throw new Refusal(problem('PST-709', error.message));
    });
    await Promise.race([running.inputEnded, terminal.stopped()]);
    await running.close();
    return 0;
  },
};
