import { type Plug, simulatorTransport } from '../../drivers/transports/simulator.ts';
import type { Connection, TransportFailure } from '../../drivers/transports/transport.ts';
import { fail, ok, type Result } from '../../src/domain/result.ts';
import type { SimTime } from '../printers/time.ts';
import type { SerialLine } from './line.ts';

/** As much as an operating system still sends after a port was closed. */
const KERNEL_BUFFER = 4096;

/** The device's end of a line within this process, for `simulatorTransport`. */
export function plugOf(line: SerialLine): Plug {
  return {
    plugIn(host) {
      const attached = line.attach({
        toHost: (bytes) => host.receive(bytes.slice()),
        // A write settles only when its bytes were taken: nothing needs to be held off.
        clearToSend: () => {},
        cut: (reason) => host.unplugged(reason),
      });
      if (!attached.ok)
        return attached.failure === 'busy'
          ? fail({ kind: 'busy', detail: 'the simulated line is open already' })
          : fail({ kind: 'not-found', detail: 'the simulated line is not plugged in' });
      const session = attached.value;
      return ok({
        write: (bytes) => new Promise((resolve) => session.write(bytes.slice(), resolve)),
        discard: () => session.discard(),
        unplug: () => session.detach(KERNEL_BUFFER),
      });
    },
  };
}

/** Opens the line as drivers do it; the opening takes as long as its faults say. */
export async function connectMemory(line: SerialLine, time: SimTime): Promise<Result<Connection, TransportFailure>> {
  const delay = line.takeOpeningDelay();
  if (delay > 0) await new Promise<void>((resolve) => time.after(delay, resolve));
  return simulatorTransport(plugOf(line), time)();
}
