/**
 * The other end of the line, in a process of its own: a simulated printer on a loopback port that notes when bytes come,
 * and a port that only notes. Both by the monotonic clock that all processes of a machine share.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { QUICK_TIMING, realTime, simulateTallyPrinter } from '../../../mocks/index.ts';

/** Milliseconds of the machine's monotonic clock, comparable between processes. */
export const machineTime = (): number => Number(process.hrtime.bigint()) / 1e6;

/** A stretch of bytes as it came. */
export interface Arrival {
  readonly at: number;
  readonly bytes: number;
}

/** A request over HTTP, sent from here: the one who presses the key is not the station's process. */
export interface Press {
  readonly port: number;
  readonly path: string;
  readonly token: string;
  readonly body: string;
}

type Order =
  | { readonly do: 'insert'; readonly number: string }
  | { readonly do: 'remove' }
  | { readonly do: 'arrivals' }
  | { readonly do: 'press'; readonly press: Press }
  | { readonly do: 'stop' };
type Answer = { readonly arrivals: readonly Arrival[]; readonly pressedAt: number; readonly status: number };

export interface Counter {
  /** Of the simulated printer. */
  readonly printerPort: number;
  /** Of the line that only notes. */
  readonly barePort: number;
  insert(number: string): Promise<void>;
  remove(): Promise<void>;
  /** What came since the last call, on either port. */
  arrivals(): Promise<readonly Arrival[]>;
  /** Sends the request and gives when, after its answer has come. */
  press(press: Press): Promise<{ readonly pressedAt: number; readonly status: number }>;
  stop(): Promise<void>;
}

export async function openCounter(): Promise<Counter> {
  const child = fork(fileURLToPath(import.meta.url), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const [ports] = (await once(child, 'message')) as [{ printerPort: number; barePort: number }];
  const tell = async (order: Order): Promise<Answer> => {
    child.send(order);
    const [answer] = (await once(child, 'message')) as [Answer | { readonly failure: string }];
    if ('failure' in answer) throw new Error(answer.failure);
    return answer;
  };
  return {
    ...ports,
    insert: async (number) => void (await tell({ do: 'insert', number })),
    remove: async () => void (await tell({ do: 'remove' })),
    arrivals: async () => (await tell({ do: 'arrivals' })).arrivals,
    press: (press) => tell({ do: 'press', press }),
    async stop() {
      child.send({ do: 'stop' });
      await once(child, 'exit');
    },
  };
}

async function serveCounter(): Promise<void> {
  let arrivals: Arrival[] = [];
  const note = (bytes: Uint8Array) => arrivals.push({ at: machineTime(), bytes: bytes.length });
  const printer = simulateTallyPrinter({ time: realTime(), seed: 1, timing: QUICK_TIMING });
  const receive = printer.device.receive.bind(printer.device);
  printer.device.receive = (bytes, altered) => {
    note(bytes);
    receive(bytes, altered);
  };
  const mount = await printer.listenTcp();
  const bare = createServer((socket) => socket.on('data', note));
  bare.listen(0, '127.0.0.1');
  await once(bare, 'listening');
  const agent = new Agent({ keepAlive: true });

  const press = ({ port, path, token, body }: Press): Promise<Pick<Answer, 'pressedAt' | 'status'>> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const pressedAt = machineTime();
      const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
        answer.resume().on('end', () => resolve({ pressedAt, status: answer.statusCode ?? 0 }));
      });
      sent.on('error', reject).end(body);
    });

  const carryOut = async (order: Exclude<Order, { do: 'stop' }>): Promise<Answer> => {
    const answer: Answer = { arrivals: [], pressedAt: 0, status: 0 };
    switch (order.do) {
      case 'insert': {
        const inserted = printer.insertBooklet({ number: order.number });
        if (!inserted.ok) throw new Error(inserted.failure);
        return answer;
      }
      case 'remove':
        printer.removeBooklet();
        return answer;
      case 'arrivals': {
        const came = arrivals;
        arrivals = [];
        return { ...answer, arrivals: came };
      }
      case 'press':
        return { ...answer, ...(await press(order.press)) };
    }
  };
  process.on('message', (order: Order) => {
    if (order.do === 'stop') process.exit(0);
    carryOut(order).then(
      (answer) => process.send?.(answer),
      (error: Error) => process.send?.({ failure: error.message }),
    );
  });
  process.send?.({ printerPort: mount.port, barePort: (bare.address() as { port: number }).port });
}

if (import.meta.main) await serveCounter();
