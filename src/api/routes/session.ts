import { z } from 'zod';
import { Refusal } from '../../domain/errors.ts';
import { signIn } from '../../station/acts/people.ts';
import { SESSION_COOKIE } from '../access.ts';
import type { Routing } from '../server.ts';
import { session, sessionRequest, station as stationShape } from '../shapes.ts';
import { stationView, timeText } from '../views.ts';

export function sessionRoutes({ app, station, access, version }: Routing): void {
  app.get('/station', { config: { act: 'anybody' }, schema: { response: { 200: stationShape } } }, () =>
    stationView(station, version),
  );

  app.post(
    '/session',
    { config: { act: 'anybody' }, schema: { 'x-checks-pin': true, body: sessionRequest, response: { 200: session } } },
    async (request, reply) => {
      const { user, pin } = request.body;
      const person = await signIn(station.core, user, pin);
      if (!person.ok) {
        if (person.failure.retryAfter !== null) reply.header('retry-after', String(person.failure.retryAfter));
        throw new Refusal(person.failure.problem);
      }
      const opened = access.sessions.open(person.value.name, person.value.roles);
      reply.setCookie(SESSION_COOKIE, opened.token, {
        path: '/',
        httpOnly: true,
        sameSite: 'strict',
        secure: station.core.settings.listen.tls !== null,
      });
      return {
        token: opened.token,
        person: opened.person,
        roles: [...opened.roles],
        expires: timeText(opened.expires),
      };
    },
  );

  /** Who is signed in; does not count as activity. */
  app.get(
    '/session',
    { config: { act: 'signed-in', activity: false }, schema: { response: { 200: session.omit({ token: true }) } } },
    (request) => {
      const { person, roles, expires } = access.session(request);
      return { person, roles: [...roles], expires: timeText(expires) };
    },
  );

  app.delete(
    '/session',
    { config: { act: 'signed-in' }, schema: { response: { 204: z.undefined() } } },
    (request, reply) => {
      access.sessions.close(access.session(request).token);
      reply.clearCookie(SESSION_COOKIE, { path: '/' });
      return reply.code(204).send();
    },
  );
}
