import { fail, ok, type Result } from '../../src/domain/result.ts';
import type { Timers } from '../../src/domain/world.ts';
import { within } from './deadline.ts';
import { createInbox } from './inbox.ts';
import { CLOSED_BY_US, type Connection, type OpenTransport, type TransportFailure } from './transport.ts';

/** The host's end of a simulated line: what the device's side calls. */
export interface PlugHost {
  /** Bytes of the device, in any chunks. */
  receive(bytes: Uint8Array): void;
  /** The line is gone: cable, power, device. */
  unplugged(reason: string): void;
}

/** The device's end, from one plugging-in to the next. */
export interface PlugLine {
  /** Resolves with how many bytes were taken, later where flow control holds them; fewer than given = the line ended. */
  write(bytes: Uint8Array): Promise<number>;
  /** Drops what was given to `write` and not yet taken by the device. */
  discard(): void;
  /** The host hangs up. */
  unplug(): void;
}

/** A simulated device that lives in the same process (`connection: {simulator: ...}`). */
export interface Plug {
  /** Opens its line; `busy` where it has one already, other failures as its faults say. */
  plugIn(host: PlugHost): Result<PlugLine, TransportFailure>;
}

/** Opens lines to a device in memory. Everything waits through `timers` or on the device, nothing on the event loop. */
export function simulatorTransport(plug: Plug, timers: Timers): OpenTransport {
  return async () => {
    const inbox = createInbox();
    let reason: string | null = null;
    let settle: (reason: string) => void = () => {};
    const closed = new Promise<string>((resolve) => {
      settle = resolve;
    });
    const end = (why: string) => {
      if (reason !== null) return;
      reason = why;
      settle(why);
    };
    const plugged = plug.plugIn({
      receive: (bytes) => {
        if (reason === null) inbox.put(bytes);
      },
      unplugged: end,
    });
    if (!plugged.ok) return plugged;
    const line = plugged.value;
    const connection: Connection = {
      send: async (bytes, deadline) => {
        if (reason !== null) return fail({ kind: 'closed', detail: reason, handedOver: 0 });
        const sent = await within(timers, deadline, Promise.race([line.write(bytes), closed]));
        if (!sent.timely) {
          return fail({ kind: 'timed-out', detail: 'the device does not take bytes', handedOver: bytes.length });
        }
        if (sent.value === bytes.length) return ok(undefined);
        const handedOver = typeof sent.value === 'number' ? sent.value : bytes.length;
        return fail({ kind: 'closed', detail: reason ?? 'the line ended', handedOver });
      },
      onBytes: inbox.onBytes,
      discard: async () => {
        if (reason === null) line.discard();
      },
      close: async () => {
        if (reason !== null) return;
        end(CLOSED_BY_US);
        line.unplug();
      },
      closed,
    };
    return ok(connection);
  };
}
