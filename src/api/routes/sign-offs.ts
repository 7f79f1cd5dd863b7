import { z } from 'zod';
import { problem, Refusal } from '../../domain/errors.ts';
import { mayDo } from '../../domain/people.ts';
import { signIn } from '../../station/acts/people.ts';
import { signAct } from '../../station/acts/two-person.ts';
import { withdraw } from '../../station/sign-offs.ts';
import type { Routing } from '../server.ts';
import { list, signOff as signOffShape, signRequest } from '../shapes.ts';
import { isOpen, signOffView } from '../views.ts';

const id = z.object({ id: z.string().max(64) });

export function signOffRoutes({ app, station, access, answers }: Routing): void {
  const { core } = station;

  app.get(
    '/sign-offs',
    { config: { act: 'sign-off.sign', activity: false }, schema: { response: { 200: list(signOffShape) } } },
    () => {
      const now = core.world.clock.now();
      const open = core.journal.openSignOffs().filter((row) => isOpen(row, now));
      return { items: open.map(signOffView), next: null };
    },
  );

  /** The second person signs in afresh for it: by name and PIN, at the screen of whoever may sign. */
  app.post(
    '/sign-offs/:id/sign',
    {
      config: { act: 'sign-off.sign' },
      schema: { 'x-checks-pin': true, params: id, body: signRequest, response: { 200: signOffShape } },
    },
    async (request, reply) => {
      const { user = access.session(request).person, pin } = request.body;
      const second = await signIn(core, user, pin);
      if (!second.ok) {
        if (second.failure.retryAfter !== null) reply.header('retry-after', String(second.failure.retryAfter));
        throw new Refusal(second.failure.problem);
      }
      const { name, roles } = second.value;
      if (!mayDo(roles, 'sign-off.sign')) throw new Refusal(problem('PST-408', 'this role signs nothing'));
      return answers.carryOut(
        request,
        reply,
        'sign',
        signAct(core, request.params.id, roles),
        (row) => ({ status: 200, body: signOffView(row) }),
        // Nothing that a PIN could be guessed from is kept.
        { actor: { kind: 'person', name, roles }, sameness: name },
      );
    },
  );

  app.delete(
    '/sign-offs/:id',
    { config: { act: 'sign-off.sign' }, schema: { params: id, response: { 204: z.undefined() } } },
    (request, reply) => {
      answers.carryOut(request, reply, 'withdraw', withdraw(request.params.id), () => ({ status: 204, body: null }));
      return reply.send();
    },
  );
}
