import { createHash } from 'node:crypto';
import type { Clock } from '../../src/domain/world.ts';
import type { Connection, OpenTransport } from './transport.ts';

/**
 * One line of a recording. `t` is milliseconds of the monotonic clock since the connection opened. What may be personal
 * is there as length and SHA-256 only: enough to see what went where and to compare, not to read.
 */
export type TraceRecord =
  | { readonly t: number; readonly kind: 'in' | 'out'; readonly hex: string }
  | { readonly t: number; readonly kind: 'in' | 'out'; readonly length: number; readonly sha256: string }
  | { readonly t: number; readonly kind: 'discard' }
  | { readonly t: number; readonly kind: 'closed'; readonly reason: string };

export interface TraceSettings {
  readonly clock: Clock;
  readonly record: (record: TraceRecord) => void;
  /** What the device says: printers say nothing personal, readers do. */
  readonly incoming: 'verbatim' | 'hashed';
}

/** Records every byte of a transport's connections. Outgoing bytes are verbatim only where marked as `command`. */
export function traced(open: OpenTransport, settings: TraceSettings): OpenTransport {
  return async () => {
    const opened = await open();
    return opened.ok ? { ok: true, value: tracedConnection(opened.value, settings) } : opened;
  };
}

function tracedConnection(connection: Connection, settings: TraceSettings): Connection {
  const { clock, record, incoming } = settings;
  const openedAt = clock.monotonic();
  const now = () => Math.round((clock.monotonic() - openedAt) * 10) / 10;
  const bytesRecord = (kind: 'in' | 'out', bytes: Uint8Array, verbatim: boolean): TraceRecord =>
    verbatim
      ? { t: now(), kind, hex: Buffer.from(bytes).toString('hex') }
      : { t: now(), kind, length: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  void connection.closed.then((reason) => record({ t: now(), kind: 'closed', reason }));
  return {
    send: (bytes, deadline, content) => {
      record(bytesRecord('out', bytes, content === 'command'));
      return connection.send(bytes, deadline, content);
    },
    onBytes: (listener) => {
      connection.onBytes((bytes) => {
        record(bytesRecord('in', bytes, incoming === 'verbatim'));
        listener(bytes);
      });
    },
    discard: () => {
      record({ t: now(), kind: 'discard' });
      return connection.discard();
    },
    close: () => connection.close(),
    closed: connection.closed,
  };
}
