import { type Plug, type PlugHost, simulatorTransport } from '../../drivers/transports/simulator.ts';
import type { OpenTransport, TransportFailure } from '../../drivers/transports/transport.ts';
import { fail, ok } from '../../src/domain/result.ts';
import type { Timers } from '../../src/domain/world.ts';

/** The far end of a line that does what the test says: no printer, only bytes. */
export interface ScriptedPeer {
  readonly open: OpenTransport;
  /** Everything taken since the line opened last, as Latin-1 text. */
  taken(): string;
  say(text: string): void;
  /** From now on bytes wait (flow control) until `take(true)`. */
  take(taking: boolean): void;
  unplug(reason?: string): void;
  /** The next opening fails. */
  refuse(failure: TransportFailure): void;
  /** Bytes offered that the host threw away again. */
  discarded(): number;
  isOpen(): boolean;
  /** Called after each stretch of bytes was taken. */
  onTaken: (peer: ScriptedPeer, bytes: string) => void;
}

export function scriptedPeer(timers: Timers): ScriptedPeer {
  let host: PlugHost | null = null;
  let text = '';
  let taking = true;
  let refusal: TransportFailure | null = null;
  let waiting: { bytes: Uint8Array; done: (count: number) => void }[] = [];
  let discarded = 0;

  const takeBytes = (bytes: Uint8Array) => {
    const stretch = Buffer.from(bytes).toString('latin1');
    text += stretch;
    peer.onTaken(peer, stretch);
  };
  const release = () => {
    const all = waiting;
    waiting = [];
    for (const { bytes, done } of all) {
      takeBytes(bytes);
      done(bytes.length);
    }
  };
  const dropWaiting = () => {
    for (const { bytes, done } of waiting) {
      discarded += bytes.length;
      done(0);
    }
    waiting = [];
  };
  const plug: Plug = {
    plugIn: (newHost) => {
      if (refusal) return fail(refusal);
      host = newHost;
      text = '';
      return ok({
        write: (bytes) => {
          if (!taking) return new Promise((done) => waiting.push({ bytes, done }));
          takeBytes(bytes);
          return Promise.resolve(bytes.length);
        },
        discard: dropWaiting,
        unplug: () => {
          dropWaiting();
          host = null;
        },
      });
    },
  };
  const peer: ScriptedPeer = {
    open: simulatorTransport(plug, timers),
    taken: () => text,
    say: (said) => host?.receive(Uint8Array.from([...said].map((c) => c.charCodeAt(0)))),
    take: (now) => {
      taking = now;
      if (now) release();
    },
    unplug: (reason = 'unplugged') => {
      const was = host;
      host = null;
      dropWaiting();
      was?.unplugged(reason);
    },
    refuse: (failure) => {
      refusal = failure;
    },
    discarded: () => discarded,
    isOpen: () => host !== null,
    onTaken: () => {},
  };
  return peer;
}
