import type { FastifyRequest } from 'fastify';
import { problem, Refusal } from '../domain/errors.ts';
import { type Act, type Actor, mayDo, type Role } from '../domain/people.ts';
import { requireAct } from '../station/core.ts';
import type { Station } from '../station/station.ts';
import type { Api } from './server.ts';
import { Sessions, type SignedIn } from './sessions.ts';

/** Who may make a call: whoever may do the act (domain/people.ts), everybody who is signed in, or anybody. */
export type Callers = Act | 'signed-in' | 'anybody';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route below `/api/v1` says it. */
    act?: Callers;
    /** `false`: what a screen asks by itself does not keep its session alive. */
    activity?: boolean;
  }
  interface FastifyRequest {
    /** Set before the body is read, on every route that is not for anybody. */
    session: SignedIn | null;
  }
}

export type Person = Actor & { readonly kind: 'person' };

export interface Access {
  readonly sessions: Sessions;
  /** The session that the request was let in with. */
  session(request: FastifyRequest): SignedIn;
  /** The signed-in person as the one who acts. */
  actor(request: FastifyRequest): Person;
  /** Whether the session goes on: not closed, not idled out, its person not disabled. */
  goesOn(session: SignedIn): boolean;
  /** Lets a scope's requests in only for those whom each of its routes names. */
  guard(scope: Api): void;
}

export const SESSION_COOKIE = 'session';

export function accessFor(station: Station): Access {
  const { core } = station;
  const sessions = new Sessions(core.world, core.settings.session.idleMinutes);

  /** A person who was disabled meanwhile is out at once. */
  const find = (token: string, touch: boolean): SignedIn | null => {
    const session = sessions.find(token, touch);
    if (session !== null && core.journal.person(session.person)?.disabled !== false) {
      sessions.close(token);
      return null;
    }
    return session;
  };

  /** @throws Refusal PST-603 not signed in, PST-408 no role for it */
  const admit = (request: FastifyRequest, callers: Callers, touch: boolean): void => {
    if (callers === 'anybody') return;
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    const token = bearer ?? request.cookies[SESSION_COOKIE];
    const session = token === undefined ? null : find(token, touch);
    if (session === null) throw new Refusal(problem('PST-603', 'no session'));
    if (callers !== 'signed-in') requireAct(actorOf(session), callers);
    request.session = session;
  };

  const session = (request: FastifyRequest): SignedIn => {
    if (request.session === null) throw new Refusal(problem('PST-603', 'no session'));
    return request.session;
  };

  return {
    sessions,
    session,
    actor: (request) => actorOf(session(request)),
    goesOn: ({ token }) => find(token, false) !== null,
    guard(scope) {
      scope.addHook('onRoute', ({ url, config }) => {
        if (config?.act === undefined) throw new Error(`${url} does not say who may call it`);
      });
      // Before the body: who may not call is not listened to any further.
      scope.addHook('onRequest', async (request) => {
        const { act = 'signed-in', activity = true } = request.routeOptions.config;
        admit(request, act, activity);
      });
    },
  };
}

const actorOf = ({ person, roles }: SignedIn): Person => ({ kind: 'person', name: person, roles });

export const mayCall = (roles: readonly Role[], callers: Callers): boolean =>
  callers === 'anybody' || callers === 'signed-in' || mayDo(roles, callers);
