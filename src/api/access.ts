import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem, Refusal } from '../domain/errors.ts';
import type { Act, Actor } from '../domain/people.ts';
import { type Decision, perform, requireAct } from '../station/core.ts';
import type { Station } from '../station/station.ts';
import { Sessions, type SignedIn } from './sessions.ts';

/** Milliseconds for which the answer to an Idempotency-Key is kept. */
const KEEP_ANSWERS = 7 * 86_400_000;

export interface Access {
  readonly sessions: Sessions;
  /** @throws Refusal PST-603 not signed in, PST-408 no role for the act */
  actor(request: FastifyRequest, act: Act, touch?: boolean): Actor & { kind: 'person' };
  signedIn(request: FastifyRequest, touch?: boolean): SignedIn;
  /**
   * Carries out one act as one transaction and answers. With an `Idempotency-Key`, the answer is kept in the same
   * transaction, and asking again gives it again.
   */
  carryOut<Value, Body>(
    request: FastifyRequest,
    reply: Pick<FastifyReply, 'code'>,
    act: Act,
    name: string,
    decide: Decision<Value>,
    answer: (value: Value) => { status: number; body: Body },
  ): Body;
}

export const SESSION_COOKIE = 'session';

export function accessFor(station: Station): Access {
  const { core } = station;
  const sessions = new Sessions(core.world, core.settings.session.idleMinutes);

  const signedIn = (request: FastifyRequest, touch = true): SignedIn => {
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    const token = bearer ?? request.cookies[SESSION_COOKIE];
    const session = token === undefined ? null : sessions.find(token, touch);
    if (session === null) throw new Refusal(problem('PST-603', 'no session'));
    // A person who was disabled meanwhile is out at once.
    if (core.journal.person(session.person)?.disabled !== false) {
      sessions.close(session.token);
      throw new Refusal(problem('PST-603', 'no session'));
    }
    return session;
  };

  const actor = (request: FastifyRequest, act: Act, touch = true): Actor & { kind: 'person' } => {
    const { person, roles } = signedIn(request, touch);
    const who = { kind: 'person', name: person, roles } as const;
    requireAct(who, act);
    return who;
  };

  return {
    sessions,
    signedIn,
    actor,
    carryOut<Value, Body>(
      request: FastifyRequest,
      reply: Pick<FastifyReply, 'code'>,
      act: Act,
      name: string,
      decide: Decision<Value>,
      answer: (value: Value) => { status: number; body: Body },
    ): Body {
      const who = actor(request, act);
      const key = idempotencyKey(request);
      const done = perform(core, who, name, (tx): { status: number; body: Body } => {
        if (key === null) return answer(decide(tx));
        const fingerprint = fingerprintOf(request);
        const known = tx.answer(key, who.name);
        if (known !== undefined) {
          if (known.body !== fingerprint) throw new Refusal(problem('PST-606', 'the key came with another request'));
          return {
            status: known.status,
            body: JSON.parse(known.answer) as Body,
          };
        }
        const given = answer(decide(tx));
        tx.forgetAnswersBefore(tx.at - KEEP_ANSWERS);
        tx.keepAnswer(key, who.name, fingerprint, given.status, JSON.stringify(given.body));
        return given;
      });
      if (!done.ok) throw new Refusal(done.failure);
      const { status, body } = done.value;
      reply.code(status);
      return body;
    },
  };
}

function idempotencyKey(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(key))
    throw new Refusal(problem('PST-601', 'Idempotency-Key has 1-128 visible ASCII characters'));
  return key;
}

const fingerprintOf = (request: FastifyRequest): string =>
  createHash('sha256')
    .update(`${request.method} ${request.url}\n${JSON.stringify(request.body ?? null)}`)
    .digest('hex');

const namesOf = (host: string): string[] =>
  ['127.0.0.1', '::1', 'localhost'].includes(host)
    ? ['127.0.0.1', '[::1]', 'localhost']
    : [host.includes(':') ? `[${host}]` : host];

/** DNS rebinding: only the names under which this station listens are answered. */
export const isOurHost = (host: string | undefined, listen: string, port: number): boolean =>
  host !== undefined && namesOf(listen).some((name) => host === `${name}:${port}` || host === name);

/** Cross-site requests: a browser says where the page came from. */
export const isOurOrigin = (origin: string | undefined, listen: string, port: number): boolean =>
  origin === undefined ||
  namesOf(listen).some((name) => origin === `http://${name}:${port}` || origin === `https://${name}:${port}`);
