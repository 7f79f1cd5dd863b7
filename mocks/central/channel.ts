/** The way to the simulated centre without a network: what a station in a simulation is given as `World.central`. */
import type { CentralAnswer, CentralChannel } from '../../src/domain/world.ts';
import type { CentreProtocol, CentreReply } from './protocol.ts';

/** A station's own limit for an answer (central.md). */
const MAX_ANSWER = 8 * 1024 * 1024;

const unreachable = (detail: string): CentralAnswer => ({ kind: 'unreachable', detail });

function arrive(reply: CentreReply): CentralAnswer {
  if (reply.kind === 'reset') return unreachable('connection reset');
  if (reply.cutAt !== null) return unreachable('answer cut off');
  if (reply.body.length > MAX_ANSWER) return unreachable('answer too large');
  const retryAfter = reply.headers['retry-after'];
  return {
    kind: 'answer',
    status: reply.status,
    body: reply.body,
    retryAfter: retryAfter === undefined ? null : Number(retryAfter) * 1000,
  };
}

/** All time is the centre's simulated time; the same requests in the same order give the same answers. */
export function channelTo(protocol: CentreProtocol): CentralChannel {
  const { faults, world } = protocol.centre;
  return {
    request({ method, path, authorization, body = '', timeout }, signal) {
      if (faults.refusesConnections()) return Promise.resolve(unreachable('connection refused'));
      const hangUp = new AbortController();
      return new Promise((resolve) => {
        const settle = (answer: CentralAnswer): void => {
          cancel();
          signal.removeEventListener('abort', aborted);
          resolve(answer);
          hangUp.abort();
        };
        const aborted = (): void => settle(unreachable('given up'));
        const cancel = world.timers.after(timeout, () => settle(unreachable('timed out')));
        if (signal.aborted) {
          aborted();
          return;
        }
        signal.addEventListener('abort', aborted);
        void protocol.handle({ method, path, authorization, body }, hangUp.signal).then((reply) => {
          const slow = reply.kind === 'answer' && reply.bytesPerSecond !== null;
          if (hangUp.signal.aborted) return;
          if (slow)
            world.timers.after((reply.body.length * 1000) / (reply.bytesPerSecond ?? 1), () => settle(arrive(reply)));
          else settle(arrive(reply));
        });
      });
    },
  };
}
