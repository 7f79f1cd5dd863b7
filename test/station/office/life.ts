import type { Plug, PlugLine } from '../../../drivers/transports/simulator.ts';
import { fail, ok } from '../../../src/domain/result.ts';
import type { CentralChannel, Randomness, World } from '../../../src/domain/world.ts';
import type { OfficeTime } from './time.ts';

/** Thrown by `World.boundary` where the power was cut: nothing of that life goes on behind it. */
export class PowerCut extends Error {
  constructor(boundary: string) {
    super(`the power was cut at ${boundary}`);
    this.name = 'PowerCut';
  }
}

/** The office's wall clock as the station's operating system tells it; tests set it wrong. */
export interface OfficeClock {
  /** Milliseconds since 1970 when the office's time was 0. */
  readonly epoch: number;
  /** Milliseconds that the system clock is ahead of the true time. */
  skew: number;
  synchronised: boolean;
}

export interface LifeSetup {
  readonly time: OfficeTime;
  readonly clock: OfficeClock;
  readonly random: Randomness;
  readonly central: CentralChannel;
  readonly boundary: (name: string) => void;
}

/**
 * One life of the station's process, from its start to its end: the `World` that it gets, and its cables. After `end`
 * nothing that the process began comes back to it: no timer, no answer, no byte. That is what a killed process is.
 */
export interface Life {
  readonly world: World;
  /** The process's way to a device. */
  plug(device: Plug): Plug;
  /** `killed`: the operating system closes the ports and sends what it had taken. `mains`: that is lost too. */
  end(how: 'killed' | 'mains'): void;
  readonly over: boolean;
}

export function beginLife({ time, clock, random, central, boundary }: LifeSetup): Life {
  let over = false;
  const born = time.now();
  const open = new Set<PlugLine>();
  const alive = <Value>(work: Promise<Value>): Promise<Value> =>
    new Promise((resolve, reject) => {
      work.then(
        (value) => {
          if (!over) resolve(value);
        },
        (error: unknown) => {
          if (!over) reject(error);
        },
      );
    });
  return {
    world: {
      clock: {
        now: () => Math.floor(clock.epoch + time.now() + clock.skew),
        monotonic: () => time.now() - born,
        synchronised: () => clock.synchronised,
      },
      timers: {
        after: (milliseconds, callback) =>
          time.after(milliseconds, () => {
            if (!over) callback();
          }),
      },
      random,
      central: { request: (request, signal) => alive(central.request(request, signal)) },
      boundary: (name) => {
        if (!over) boundary(name);
        if (over) throw new PowerCut(name);
      },
    },
    plug: (device) => ({
      plugIn: (host) => {
        if (over) return fail({ kind: 'failed', detail: 'the station is off' });
        const plugged = device.plugIn({
          receive: (bytes) => {
            if (!over) host.receive(bytes);
          },
          unplugged: (reason) => {
            open.delete(line);
            if (!over) host.unplugged(reason);
          },
        });
        if (!plugged.ok) return plugged;
        const line = plugged.value;
        open.add(line);
        return ok({
          write: (bytes) => alive(line.write(bytes)),
          discard: () => line.discard(),
          unplug: () => {
            open.delete(line);
            line.unplug();
          },
        });
      },
    }),
    end(how) {
      over = true;
      for (const line of open) {
        if (how === 'mains') line.discard();
        line.unplug();
      }
      open.clear();
    },
    get over() {
      return over;
    },
  };
}
