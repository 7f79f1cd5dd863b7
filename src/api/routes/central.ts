import { problem, Refusal } from '../../domain/errors.ts';
import { receiveStatement } from '../../station/desk.ts';
import type { Routing } from '../server.ts';
import { central as centralShape, list, outboxItem, statementsAnswer, statementsRequest } from '../shapes.ts';
import { centralView, outboxView } from '../views.ts';

/** One statement per line, or `{"statements":[...]}` (central.md, "Files, sticks and QR codes"). */
export function statementTexts(body: string | { statements: readonly unknown[] }): string[] {
  if (typeof body === 'string') {
    if (body.trimStart().startsWith('{')) {
      try {
        const parsed = JSON.parse(body) as { statements?: unknown };
        if (Array.isArray(parsed.statements)) return statementTexts({ statements: parsed.statements });
      } catch {
        // One statement per line, then.
      }
    }
    return body
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
  }
  return body.statements.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
}

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
