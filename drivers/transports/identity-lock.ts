import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { fail, ok, type Result } from '../../src/domain/result.ts';
import type { TransportFailure } from './transport.ts';

/** Gives the lock back; harmless when called twice. */
export type ReleaseLock = () => void;

const held = new Set<string>();

/**
 * Takes the machine-wide lock on a device, keyed by its identity (`serial:/dev/ttyUSB0` after all links are resolved).
 * It has to come before any open: a second open that is refused has already changed the first one's line settings
 * (device-libraries.md 1, pitfall 6).
 *
 * On Linux the lock is a bound abstract socket: the kernel refuses a second holder in any process of the same network
 * namespace and takes it back when the holder dies, however it dies, so that no stale lock can remain. Elsewhere only
 * this process is covered, and serialport's own flock.
 */
export async function lockDevice(identity: string): Promise<Result<ReleaseLock, TransportFailure>> {
  if (held.has(identity)) return fail({ kind: 'busy', detail: `${identity} is in use by this process` });
  held.add(identity);
  const taken = process.platform === 'linux' ? await bindAbstract(identity) : ok(null);
  if (!taken.ok) {
    held.delete(identity);
    return taken;
  }
  let released = false;
  return ok(() => {
    if (released) return;
    released = true;
    taken.value?.close();
    held.delete(identity);
  });
}

function bindAbstract(identity: string): Promise<Result<Server, TransportFailure>> {
  // Hashed because an abstract name has at most 107 bytes.
  const name = `\0passport-station.device.${createHash('sha256').update(identity).digest('hex').slice(0, 40)}`;
  const server = createServer((visitor) => visitor.destroy());
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      resolve(
        fail({
          kind: taken ? 'busy' : 'failed',
          detail: taken ? `${identity} is in use by another process` : `no lock on ${identity}: ${error.message}`,
        }),
      );
    });
    server.listen({ path: name, exclusive: true }, () => {
      server.unref();
      resolve(ok(server));
    });
  });
}
