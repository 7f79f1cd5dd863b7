import { z } from 'zod';
import { BOOKLET_STATES } from '../../domain/booklet.ts';
import { problem, Refusal } from '../../domain/errors.ts';
import { receiveBooklets, requestSpoil } from '../../station/acts/booklets.ts';
import type { Routing } from '../server.ts';
import {
  bookletList,
  bookletNumber,
  booklet as bookletShape,
  bookletsAnswer,
  bookletsRequest,
  reasonRequest,
  signOff as signOffShape,
} from '../shapes.ts';
import { bookletView, signOffView } from '../views.ts';

const number = z.object({ number: bookletNumber });
const query = z.strictObject({
  state: z.enum(BOOKLET_STATES).optional(),
  cursor: z.string().max(9).default(''),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

export function bookletRoutes({ app, station, answers }: Routing): void {
  const { core } = station;

  app.get(
    '/booklets',
    { config: { act: 'booklet.read' }, schema: { querystring: query, response: { 200: bookletList } } },
    (request) => {
      const { state, cursor, limit } = request.query;
      const rows = core.journal.booklets(state ?? null, limit + 1, cursor);
      const counts = core.journal.bookletCounts();
      return {
        items: rows.slice(0, limit).map(bookletView),
        next: rows.length > limit ? (rows[limit - 1]?.number ?? null) : null,
        counts: Object.fromEntries(BOOKLET_STATES.map((one) => [one, counts[one] ?? 0])) as Record<
          (typeof BOOKLET_STATES)[number],
          number
        >,
      };
    },
  );

  app.post(
    '/booklets',
    { config: { act: 'booklet.receive' }, schema: { body: bookletsRequest, response: { 201: bookletsAnswer } } },
    (request, reply) => {
      const { from, to, delivery } = request.body.receive;
      return answers.carryOut(
        request,
        reply,
        'receive-booklets',
        receiveBooklets(core, from, to, delivery),
        ({ received }) => ({ status: 201, body: { received, from, to } }),
      );
    },
  );

  app.get(
    '/booklets/:number',
    { config: { act: 'booklet.read' }, schema: { params: number, response: { 200: bookletShape } } },
    (request) => {
      const row = core.journal.booklet(request.params.number);
      if (row === undefined) throw new Refusal(problem('PST-404', `booklet ${request.params.number}`));
      return bookletView(row);
    },
  );

  app.post(
    '/booklets/:number/spoil',
    {
      config: { act: 'booklet.spoil' },
      schema: { params: number, body: reasonRequest, response: { 202: signOffShape } },
    },
    (request, reply) =>
      answers.carryOut(
        request,
        reply,
        'request-spoil',
        requestSpoil(core, request.params.number, request.body.reason),
        (row) => ({ status: 202, body: signOffView(row) }),
      ),
  );
}
