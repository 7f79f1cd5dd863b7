import { fail } from '../../src/domain/result.ts';
import type { Timers } from '../../src/domain/world.ts';
import { serialTransport } from './serial.ts';
import { type Plug, simulatorTransport } from './simulator.ts';
import { tcpTransport } from './tcp.ts';
import type { Address, OpenTransport } from './transport.ts';

export interface TransportContext {
  readonly timers: Timers;
  /** Finds a simulated device by its name; absent on a station that is not simulated. */
  readonly simulators?: (name: string) => Plug | undefined;
}

/** The way to open a configured address. Nothing is opened or looked for until it is called. */
export function transportFor(address: Address, context: TransportContext): OpenTransport {
  switch (address.kind) {
    case 'serial':
      return serialTransport(address, context.timers);
    case 'tcp':
      return tcpTransport(address, context.timers);
    case 'simulator': {
      return async () => {
        const plug = context.simulators?.(address.name);
        if (!plug) return fail({ kind: 'not-found', detail: `no simulated device is called ${address.name}` });
        return simulatorTransport(plug, context.timers)();
      };
    }
  }
}
