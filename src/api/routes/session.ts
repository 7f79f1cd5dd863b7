import { z } from 'zod';
import { signIn } from '../../station/acts/people.ts';
import { SESSION_COOKIE } from '../access.ts';
import { languageOf, sendProblem } from '../problems.ts';
import type { Routing } from '../server.ts';
import { session, sessionRequest, station as stationShape } from '../shapes.ts';
import { stationView, timeText } from '../views.ts';

export function sessionRoutes({ app, station, access, version }: Routing): void {
  app.get('/station', { schema: { response: { 200: stationShape } } }, () => stationView(station, version));

  app.post('/session', { schema: { body: sessionRequest, response: { 200: session } } }, async (request, reply) => {
    const { user, pin } = request.body;
    const person = await signIn(station.core, user, pin);
    if (!person.ok) {
      if (person.failure.retryAfter !== null) reply.header('retry-after', String(person.failure.retryAfter));
      return sendProblem(
        reply,
        person.failure.problem,
        languageOf(request, station.core.settings.station.language),
      ) as never;
    }
    const opened = access.sessions.open(person.value.name, person.value.roles);
    reply.setCookie(SESSION_COOKIE, opened.token, {
      path: '/',
      httpOnly: true,
      sameSite: 'strict',
      secure: station.core.settings.listen.tls !== null,
    });
    return { token: opened.token, person: opened.person, roles: [...opened.roles], expires: timeText(opened.expires) };
  });

  /** Who is signed in; does not count as activity. */
  app.get('/session', { schema: { response: { 200: session.omit({ token: true }) } } }, (request) => {
    const { person, roles, expires } = access.signedIn(request, false);
    return { person, roles: [...roles], expires: timeText(expires) };
  });

  app.delete('/session', { schema: { response: { 204: z.undefined() } } }, (request, reply) => {
    access.sessions.close(access.signedIn(request).token);
    reply.clearCookie(SESSION_COOKIE, { path: '/' });
    return reply.code(204).send();
  });
}
