import { createHash } from 'node:crypto';
import type { Result } from '../../../src/domain/result.ts';
import type { DriverContext } from '../../driver.ts';
import type { Connection, Content, SendFailure } from '../../transports/transport.ts';
import { createDecoder } from './decoder.ts';
import type { DeviceMessage } from './messages.ts';

/** A connection that speaks messages: decodes what comes in, and tells the trace of everything but page data. */
export interface Line {
  send(bytes: Uint8Array, deadline: number | null, content: Content): Promise<Result<void, SendFailure>>;
  /** One listener at a time; what nobody listens to is traced only. */
  onMessage(listener: (message: DeviceMessage) => void): void;
  /** Whether anything came in that is no message of this protocol. */
  heardNoise(): boolean;
  /** Throws away what is unsent, then closes. */
  abort(): Promise<void>;
  close(): Promise<void>;
  readonly closed: Promise<string>;
}

export function createLine(connection: Connection, trace: DriverContext['trace'], xonXoff: boolean): Line {
  const decode = createDecoder({ stripFlowBytes: xonXoff });
  let listener: ((message: DeviceMessage) => void) | null = null;
  let noise = false;
  connection.onBytes((chunk) => {
    for (const decoded of decode(chunk)) {
      if (decoded.ok) {
        trace('in', decoded.message.raw);
        listener?.(decoded.message);
      } else {
        noise = true;
        const { reason, bytes } = decoded.undecodable;
        trace('in', `${reason}: ${hex(bytes)}`);
      }
    }
  });
  return {
    send: (bytes, deadline, content) => {
      trace('out', content === 'page' ? `page data, ${bytes.length} bytes, sha256 ${sha256(bytes)}` : hex(bytes));
      return connection.send(bytes, deadline, content);
    },
    onMessage: (next) => {
      listener = next;
    },
    heardNoise: () => noise,
    abort: async () => {
      await connection.discard();
      await connection.close();
    },
    close: () => connection.close(),
    closed: connection.closed,
  };
}

/** Hexadecimal; a run of NULs at the beginning only counted. */
const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replace(/^(?:00)+/, (nuls) => `${nuls.length / 2} x 00, `);
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
