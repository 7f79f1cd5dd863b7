import { problem, Refusal } from '../../domain/errors.ts';
import { statementTexts } from '../../domain/statement-texts.ts';
import { receiveStatement } from '../../station/desk.ts';
import type { Routing } from '../server.ts';
import { central as centralShape, list, outboxItem, statementsAnswer, statementsRequest } from '../shapes.ts';
import { centralView, outboxView } from '../views.ts';

const MOST = 1000;

export function centralRoutes({ app, station, access }: Routing): void {
  const { core } = station;

  app.get('/central', { schema: { response: { 200: centralShape } } }, (request) => {
    access.actor(request, 'station.read', false);
    return centralView(station);
  });
  app.get('/outbox', { schema: { response: { 200: list(outboxItem) } } }, (request) => {
    access.actor(request, 'station.read', false);
    const rows = [...core.journal.outbox('refused', 100), ...core.journal.outbox('waiting', 100)];
    return { items: rows.map(outboxView), next: null };
  });
  app.post(
    '/statements',
    { schema: { body: statementsRequest, response: { 200: statementsAnswer } } },
    (request, reply) => {
      const texts = statementTexts(request.body);
      if (texts.length > MOST) throw new Refusal(problem('PST-601', `at most ${MOST} statements at a time`));
      return access.carryOut(
        request,
        reply,
        'statement.import',
        'import',
        (tx) => texts.map((text) => receiveStatement(core, tx, text, 'import')),
        (results) => ({ status: 200, body: { results } }),
      );
    },
  );
}
