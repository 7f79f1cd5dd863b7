import { z } from 'zod';
import { problem, Refusal } from '../../domain/errors.ts';
import { mayDo } from '../../domain/people.ts';
import { signIn } from '../../station/acts/people.ts';
import { signAct } from '../../station/acts/two-person.ts';
import { perform } from '../../station/core.ts';
import { withdraw } from '../../station/sign-offs.ts';
import { languageOf, sendProblem } from '../problems.ts';
import type { Routing } from '../server.ts';
import { list, signOff as signOffShape, signRequest } from '../shapes.ts';
import { signOffView } from '../views.ts';

const id = z.object({ id: z.string().max(64) });

export function signOffRoutes({ app, station, access }: Routing): void {
  const { core } = station;

  app.get('/sign-offs', { schema: { response: { 200: list(signOffShape) } } }, (request) => {
    access.actor(request, 'sign-off.sign', false);
    const now = core.world.clock.now();
    return {
      items: core.journal
        .openSignOffs()
        .filter(({ expires }) => expires > now)
        .map(signOffView),
      next: null,
    };
  });

  /** The second person signs in afresh for it: by name and PIN, at whoever's screen. */
  app.post(
    '/sign-offs/:id/sign',
    { schema: { params: id, body: signRequest, response: { 200: signOffShape } } },
    async (request, reply) => {
      const session = access.signedIn(request);
      const second = await signIn(core, request.body.user ?? session.person, request.body.pin);
      if (!second.ok) {
        if (second.failure.retryAfter !== null) reply.header('retry-after', String(second.failure.retryAfter));
        return sendProblem(reply, second.failure.problem, languageOf(request, core.settings.station.language)) as never;
      }
      const { name, roles } = second.value;
      if (!mayDo(roles, 'sign-off.sign')) throw new Refusal(problem('PST-408', 'this role signs nothing'));
      const done = perform(core, { kind: 'person', name, roles }, 'sign', signAct(core, request.params.id, roles));
      if (!done.ok) throw new Refusal(done.failure);
      return signOffView(done.value);
    },
  );

  app.delete('/sign-offs/:id', { schema: { params: id, response: { 204: z.undefined() } } }, (request, reply) => {
    access.carryOut(request, reply, 'sign-off.sign', 'withdraw', withdraw(request.params.id), () => ({
      status: 204,
      body: null,
    }));
    return reply.code(204).send();
  });
}
