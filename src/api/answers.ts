import { createHmac, hkdfSync } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem, Refusal } from '../domain/errors.ts';
import type { Actor } from '../domain/people.ts';
import { type Core, type Decision, perform } from '../station/core.ts';
import type { Access, Person } from './access.ts';

/** Milliseconds for which the answer to an Idempotency-Key is kept. */
const KEEP_ANSWERS = 7 * 86_400_000;

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

interface Repetition<Body> {
  /**
   * Makes the answer again instead of keeping it: for answers with personal data, which nothing beside the record may
   * hold on to (I10).
   */
  readonly again?: Decision<Body>;
  /** Who acts, where it is not the one who is signed in. */
  readonly actor?: Person;
  /** What makes two requests the same one, where the body holds a secret. Default the body. */
  readonly sameness?: unknown;
}

type Tx = Parameters<Decision<unknown>>[0];

export interface Answers {
  /**
   * Carries out one act as one transaction and answers. With an `Idempotency-Key` the answer is kept in the same
   * transaction, and asking again gives it again.
   * @throws Refusal what the decision threw, PST-606 where the key came with another request
   */
  carryOut<Value, Body>(
    request: FastifyRequest,
    reply: Pick<FastifyReply, 'code'>,
    name: string,
    decide: Decision<Value>,
    answer: (value: Value) => Answer<Body>,
    repetition?: Repetition<Body>,
  ): Body;
  /**
   * The same for what a machine does at once, outside any transaction: its answer is kept afterwards. Between the two a
   * crash may come, so only what does no harm when it happens twice may be done so.
   */
  once<Body>(request: FastifyRequest, reply: Pick<FastifyReply, 'code'>, act: (who: Person) => Answer<Body>): Body;
  /**
   * For a print: before it, the key is durably tied to the attempt that it asks for, the n-th of its job. Repeated, it
   * gives that attempt, whatever has become of it since, and never another one.
   */
  attempt(request: FastifyRequest, binding: string, print: (who: Person) => Promise<string>): Promise<string>;
}

export function answersFor(core: Core, access: Access): Answers {
  const { journal } = core;
  // Keyed, so that what is kept of a body (a proof shown, two lines read) cannot be found out by guessing.
  const der = core.identity.privateKey.export({ format: 'der', type: 'pkcs8' });
  const key = Buffer.from(hkdfSync('sha256', der, '', 'fingerprints of requests', 32));
  const fingerprintOf = (request: FastifyRequest, sameness: unknown = request.body ?? null): string =>
    createHmac('sha256', key)
      .update(`${request.method} ${request.url}\n${JSON.stringify(sameness)}`)
      .digest('hex');

  const known = (tx: Pick<Tx, 'answer'>, repeated: string, who: Actor & { name: string }, fingerprint: string) => {
    const kept = tx.answer(repeated, who.name);
    if (kept !== undefined && kept.body !== fingerprint)
      throw new Refusal(problem('PST-606', 'the key came with another request'));
    return kept;
  };
  const keep = (tx: Tx, repeated: string, fingerprint: string, { status, body }: Answer<unknown>): void => {
    tx.forgetAnswersBefore(tx.at - KEEP_ANSWERS);
    tx.keepAnswer(repeated, tx.actor, fingerprint, status, JSON.stringify(body));
  };
  const transact = <Value>(who: Person, name: string, decide: Decision<Value>): Value => {
    const done = perform(core, who, name, decide);
    if (!done.ok) throw new Refusal(done.failure);
    return done.value;
  };
  /** Prints that are on their way to their intent, by person and key: the second call waits for the first. */
  const underWay = new Map<string, Promise<string>>();

  return {
    carryOut(request, reply, name, decide, answer, repetition = {}) {
      const { again, actor: who = access.actor(request), sameness } = repetition;
      const repeated = keyOf(request);
      const { status, body } = transact(who, name, (tx) => {
        if (repeated === null) return answer(decide(tx));
        const fingerprint = fingerprintOf(request, sameness);
        const kept = known(tx, repeated, who, fingerprint);
        if (kept !== undefined)
          return { status: kept.status, body: again === undefined ? JSON.parse(kept.answer) : again(tx) };
        const given = answer(decide(tx));
        keep(tx, repeated, fingerprint, again === undefined ? given : { ...given, body: null });
        return given;
      });
      reply.code(status);
      return body;
    },

    once(request, reply, act) {
      const who = access.actor(request);
      const repeated = keyOf(request);
      const kept = repeated === null ? undefined : known(journal, repeated, who, fingerprintOf(request));
      const given = kept === undefined ? act(who) : { status: kept.status, body: JSON.parse(kept.answer) };
      if (repeated !== null && kept === undefined)
        transact(who, 'keep-answer', (tx) => keep(tx, repeated, fingerprintOf(request), given));
      reply.code(given.status);
      return given.body;
    },

    async attempt(request, binding, print) {
      const who = access.actor(request);
      const repeated = keyOf(request);
      const job = journal.binding(binding)?.job;
      if (repeated === null || job === undefined) return print(who);
      const number = claim(repeated, who, fingerprintOf(request), job);
      const made = journal.attemptsOf(job).find((one) => one.binding === binding && one.number === number);
      if (made !== undefined) return made.id;
      const name = `${who.name} ${repeated}`;
      const printing = underWay.get(name) ?? print(who).finally(() => underWay.delete(name));
      underWay.set(name, printing);
      return printing;
    },
  };

  /** The number of the attempt that this key stands for. */
  function claim(repeated: string, who: Person, fingerprint: string, job: string): number {
    const numberIn = (kept: { answer: string }) => (JSON.parse(kept.answer) as { number: number }).number;
    const kept = known(journal, repeated, who, fingerprint);
    if (kept !== undefined) return numberIn(kept);
    return transact(who, 'claim-attempt', (tx) => {
      const number = tx.attemptsOf(job).length + 1;
      keep(tx, repeated, fingerprint, { status: 202, body: { number } });
      return number;
    });
  }
}

/** @throws Refusal PST-601 */
function keyOf(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key))
    throw new Refusal(problem('PST-601', 'Idempotency-Key has 1-128 visible ASCII characters'));
  return key;
}
