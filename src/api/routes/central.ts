import { problem, Refusal } from '../../domain/errors.ts';
import { statementTexts } from '../../domain/statement-texts.ts';
import { receiveStatement } from '../../station/desk.ts';
import type { Routing } from '../server.ts';
import { central as centralShape, list, outboxItem, statementsAnswer, statementsRequest } from '../shapes.ts';
import { centralView, outboxView } from '../views.ts';

const MOST = 1000;

export function centralRoutes({ app, station, answers }: Routing): void {
  const { core } = station;

  // The console asks this while its person is at work: it counts as activity.
  app.get('/central', { config: { act: 'station.read' }, schema: { response: { 200: centralShape } } }, () =>
    centralView(station),
  );
  app.get(
    '/outbox',
    { config: { act: 'station.read', activity: false }, schema: { response: { 200: list(outboxItem) } } },
    () => {
      const rows = [...core.journal.outbox('refused', 100), ...core.journal.outbox('waiting', 100)];
      return { items: rows.map(outboxView), next: null };
    },
  );
  app.post(
    '/statements',
    {
      config: { act: 'statement.import' },
      schema: {
        consumes: ['application/json', 'text/plain'],
        body: statementsRequest,
        response: { 200: statementsAnswer },
      },
    },
    (request, reply) => {
      const texts = statementTexts(request.body);
      if (texts.length > MOST) throw new Refusal(problem('PST-601', `at most ${MOST} statements at a time`));
      return answers.carryOut(
        request,
        reply,
        'import',
        (tx) => texts.map((text) => receiveStatement(core, tx, text, 'import')),
        (results) => ({ status: 200, body: { results } }),
      );
    },
  );
}
