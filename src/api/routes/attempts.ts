import { z } from 'zod';
import { problem, Refusal } from '../../domain/errors.ts';
import { compareReadBack, differencesFrom, type ReadBackOutcome } from '../../station/acts/printing.ts';
import { resolve } from '../../station/acts/resolution.ts';
import type { Routing } from '../server.ts';
import {
  type Attempt,
  attempt as attemptShape,
  type ReadBackAnswer,
  readBackAnswer,
  readBackRequest,
  resolutionRequest,
  type SignOff,
  signOff as signOffShape,
} from '../shapes.ts';
import { attemptView, signOffView } from '../views.ts';

const id = z.object({ id: z.string().max(64) });

export function attemptRoutes({ app, station, answers }: Routing): void {
  const { core } = station;

  app.get(
    '/attempts/:id',
    { config: { act: 'job.read' }, schema: { params: id, response: { 200: attemptShape } } },
    (request) => {
      const row = core.journal.attempt(request.params.id);
      if (row === undefined) throw new Refusal(problem('PST-406', 'no such attempt'));
      return attemptView(station, row);
    },
  );

  app.post(
    '/attempts/:id/read-back',
    {
      config: { act: 'attempt.read-back' },
      schema: { params: id, body: readBackRequest, response: { 200: readBackAnswer } },
    },
    (request, reply) => {
      const { lines, source } = request.body;
      const answer = ({ match, differences }: ReadBackOutcome): ReadBackAnswer =>
        match ? { match } : { match, differences: differences.map((one) => ({ ...one })) };
      return answers.carryOut(
        request,
        reply,
        'read-back',
        compareReadBack(core, request.params.id, lines, source),
        (outcome) => ({ status: 200, body: answer(outcome) }),
        // What differs is a part of the page: it is found again, not kept.
        { again: (tx) => answer(differencesFrom(core, tx, request.params.id, lines)) },
      );
    },
  );

  app.post(
    '/attempts/:id/resolution',
    {
      config: { act: 'attempt.resolve' },
      schema: { params: id, body: resolutionRequest, response: { 200: attemptShape, 202: signOffShape } },
    },
    (request, reply) => {
      const { outcome, reason } = request.body;
      return answers.carryOut(
        request,
        reply,
        'resolve',
        resolve(core, request.params.id, outcome, reason),
        (resolved): { status: number; body: Attempt | SignOff } =>
          resolved.kind === 'done'
            ? { status: 200, body: attemptView(station, resolved.attempt) }
            : { status: 202, body: signOffView(resolved.signOff) },
      );
    },
  );
}
