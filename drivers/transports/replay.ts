import { createHash } from 'node:crypto';
import { fail, ok } from '../../src/domain/result.ts';
import type { Timers } from '../../src/domain/world.ts';
import { createInbox } from './inbox.ts';
import type { TraceRecord } from './trace.ts';
import { CLOSED_BY_US, type Connection, type OpenTransport } from './transport.ts';

/** The reason of `closed` when what was sent is not what the recording has. */
export const NOT_AS_RECORDED = 'not as recorded';

/**
 * Plays a recording to a driver: what the device said comes at the recorded distance in time, and not before what had
 * been sent until then was sent again. Sent bytes are compared, page data by its hash; chunks may be cut differently.
 * Can be opened once. Recordings of hashed input cannot be played.
 */
export function replayTransport(records: readonly TraceRecord[], timers: Timers): OpenTransport {
  const inbox = createInbox();
  let at = 0;
  let sent: Uint8Array = new Uint8Array(0);
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

  let waiting = false;
  const play = () => {
    while (!waiting && reason === null) {
      const record = records[at];
      if (!record) return;
      if (record.kind === 'out') {
        const length = 'hex' in record ? record.hex.length / 2 : record.length;
        if (sent.length < length) return;
        if (!matches(record, sent.subarray(0, length))) return end(NOT_AS_RECORDED);
        sent = sent.slice(length);
        at++;
      } else if (record.kind === 'discard' || (record.kind === 'closed' && record.reason === CLOSED_BY_US)) at++;
      else {
        waiting = true;
        timers.after(Math.max(0, record.t - (records[at - 1]?.t ?? 0)), () => {
          waiting = false;
          at++;
          if (record.kind === 'closed') end(record.reason);
          else if ('hex' in record && reason === null) inbox.put(new Uint8Array(Buffer.from(record.hex, 'hex')));
          play();
        });
      }
    }
  };

  const connection: Connection = {
    send: async (bytes) => {
      if (reason !== null) return fail({ kind: 'closed', detail: reason, handedOver: 0 });
      const all = new Uint8Array(sent.length + bytes.length);
      all.set(sent);
      all.set(bytes, sent.length);
      sent = all;
      play();
      return reason === null ? ok(undefined) : fail({ kind: 'closed', detail: reason, handedOver: bytes.length });
    },
    onBytes: inbox.onBytes,
    discard: async () => {},
    close: async () => end(CLOSED_BY_US),
    closed,
  };
  let taken = false;
  return async () => {
    if (taken) return fail({ kind: 'busy', detail: 'a recording is played once' });
    if (records.some((record) => record.kind === 'in' && !('hex' in record))) {
      return fail({ kind: 'failed', detail: 'the recording has only hashes of what the device said' });
    }
    taken = true;
    play();
    return ok(connection);
  };
}

function matches(record: Extract<TraceRecord, { kind: 'in' | 'out' }>, bytes: Uint8Array): boolean {
  return 'hex' in record
    ? Buffer.from(bytes).toString('hex') === record.hex
    : createHash('sha256').update(bytes).digest('hex') === record.sha256;
}
