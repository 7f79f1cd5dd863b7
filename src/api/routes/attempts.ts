import { z } from 'zod';
import { problem, Refusal } from '../../domain/errors.ts';
import { compareReadBack } from '../../station/acts/printing.ts';
import { resolve } from '../../station/acts/resolution.ts';
import type { Routing } from '../server.ts';
import {
  attempt as attemptShape,
  readBackAnswer,
  readBackRequest,
  resolutionRequest,
  signOff as signOffShape,
} from '../shapes.ts';
import { attemptView, signOffView } from '../views.ts';

const id = z.object({ id: z.string().max(64) });

export function attemptRoutes({ app, station, access }: Routing): void {
  const { core } = station;

  app.get('/attempts/:id', { schema: { params: id, response: { 200: attemptShape } } }, (request) => {
    access.actor(request, 'job.read');
    const row = core.journal.attempt(request.params.id);
    if (row === undefined) throw new Refusal(problem('PST-406', request.params.id));
    return attemptView(station, row);
  });

  app.post(
    '/attempts/:id/read-back',
    { schema: { params: id, body: readBackRequest, response: { 200: readBackAnswer } } },
    (request, reply) => {
      const { lines, source } = request.body;
      return access.carryOut(
        request,
        reply,
        'attempt.read-back',
        'read-back',
        compareReadBack(core, request.params.id, lines, source),
        ({ match, differences }) => ({
          status: 200,
          body: match ? { match } : { match, differences: differences.map((one) => ({ ...one })) },
        }),
      );
    },
  );

  app.post(
    '/attempts/:id/resolution',
    { schema: { params: id, body: resolutionRequest, response: { 200: attemptShape, 202: signOffShape } } },
    (request, reply) => {
      const { outcome, reason } = request.body;
      return access.carryOut(
        request,
        reply,
        'attempt.resolve',
        'resolve',
        resolve(core, request.params.id, outcome, reason),
        (resolved): { status: number; body: z.infer<typeof attemptShape> | z.infer<typeof signOffShape> } =>
          resolved.kind === 'done'
            ? { status: 200, body: attemptView(station, resolved.attempt) }
            : { status: 202, body: signOffView(resolved.signOff) },
      );
    },
  );
}
