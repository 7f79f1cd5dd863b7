import { backOff } from '../../machines/central-link.ts';
import type { World } from '../domain/world.ts';
import { readTimeAnswer } from './answers.ts';
import type { CentralDesk } from './desk.ts';
import { fraction } from './direction.ts';
import { DEADLINE, type Line } from './line.ts';

/** Bytes of a nonce: nobody guesses it, so an answer cannot have been made before the question. */
const NONCE_BYTES = 16;

export interface TimeExchangeSetup {
  readonly world: Pick<World, 'clock' | 'random'>;
  readonly desk: Pick<CentralDesk, 'timeWanted' | 'timeAnswered'>;
  readonly line: Line;
}

/**
 * Asks the centre for the time with a fresh nonce when the clock wants it (central.md, "Clock"). Each call asks at most
 * once. It backs off by itself, so that a centre without the time still serves the feed.
 */
export function createTimeExchange({ world, desk, line }: TimeExchangeSetup): () => Promise<void> {
  let tries = 0;
  let notBefore = 0;
  return async () => {
    if (!desk.timeWanted()) {
      tries = 0;
      return;
    }
    if (tries > 0 && world.clock.monotonic() < notBefore) return;
    tries += 1;
    const nonce = Buffer.from(world.random.bytes(NONCE_BYTES)).toString('base64url');
    const answer = await line.ask('time', { method: 'GET', path: `/v2/time?nonce=${nonce}`, timeout: DEADLINE });
    const retryAfter = answer.ok ? null : answer.failure.retryAfter;
    notBefore = world.clock.monotonic() + backOff(tries, fraction(world.random), retryAfter);
    if (!answer.ok) return line.failed('time', answer.failure.problem);
    const statement = readTimeAnswer(answer.value);
    if (!statement.ok) return line.failed('time', statement.failure);
    line.succeeded();
    desk.timeAnswered(nonce, statement.value);
  };
}
