import { z } from 'zod';
import type { Problem } from '../../domain/errors.ts';
import { problem, Refusal } from '../../domain/errors.ts';
import type { Result } from '../../domain/result.ts';
import { unbind } from '../../station/acts/printing.ts';
import type { Routing } from '../server.ts';
import {
  bindingRequest,
  binding as bindingShape,
  type CONFIRM_STEPS,
  confirmRequest,
  list,
  printAccepted,
  printer as printerShape,
  printRequest,
} from '../shapes.ts';
import { bindingView, printerView } from '../views.ts';

const id = z.object({ id: z.string().max(64) });
const accepted = z.object({ state: z.string() });

function given<Value>(result: Result<Value, Problem>): Value {
  if (!result.ok) throw new Refusal(result.failure);
  return result.value;
}

const EVENT_OF = {
  'booklet-inserted': 'BOOKLET_INSERTED',
  'booklet-removed': 'BOOKLET_REMOVED',
  attended: 'ATTENDED',
} as const satisfies Partial<Record<(typeof CONFIRM_STEPS)[number], string>>;

const COMMANDS = {
  cancel: 'CANCEL',
  eject: 'EJECT',
  'retry-connect': 'RETRY_CONNECT',
  pause: 'PAUSE',
  resume: 'RESUME',
} as const;

export function printerRoutes({ app, station, answers }: Routing): void {
  const looking = { act: 'printer.read', activity: false } as const;
  app.get('/printers', { config: looking, schema: { response: { 200: list(printerShape) } } }, () => ({
    items: [...station.printers.keys()].map((printer) => printerView(station, printer)),
    next: null,
  }));
  app.get('/printers/:id', { config: looking, schema: { params: id, response: { 200: printerShape } } }, (request) =>
    printerView(station, station.printer(request.params.id).id),
  );

  app.post(
    '/printers/:id/bindings',
    {
      config: { act: 'printer.bind' },
      schema: { params: id, body: bindingRequest, response: { 201: bindingShape } },
    },
    (request, reply) => {
      const runner = station.printer(request.params.id);
      const { job, booklet } = request.body;
      return answers.carryOut(request, reply, 'bind', runner.binds(job, booklet), (row) => ({
        status: 201,
        body: bindingView(row),
      }));
    },
  );
  app.delete(
    '/printers/:id/bindings/current',
    { config: { act: 'printer.bind' }, schema: { params: id, response: { 204: z.undefined() } } },
    (request, reply) => {
      const runner = station.printer(request.params.id);
      answers.carryOut(
        request,
        reply,
        'unbind',
        (tx) => {
          // The machine's word first, as with `binds`.
          if (runner.view.state.startsWith('printing'))
            throw new Refusal(problem('PST-502', 'the page is being printed', { reason: 'printing' }));
          unbind(runner.id, `undone by ${tx.actor}`)(tx);
        },
        () => ({ status: 204, body: null }),
      );
      return reply.send();
    },
  );

  app.post(
    '/printers/:id/print',
    {
      config: { act: 'printer.print' },
      schema: { params: id, body: printRequest, response: { 202: printAccepted } },
    },
    async (request, reply) => {
      const runner = station.printer(request.params.id);
      const { binding } = request.body;
      const attempt = await answers.attempt(
        request,
        binding,
        async (who) => given(await runner.print(who, binding)).id,
      );
      reply.code(202);
      return { attempt };
    },
  );

  for (const [path, type] of Object.entries(COMMANDS) as [
    keyof typeof COMMANDS,
    (typeof COMMANDS)[keyof typeof COMMANDS],
  ][])
    app.post(
      `/printers/:id/${path}`,
      { config: { act: 'printer.control' }, schema: { params: id, response: { 202: accepted } } },
      (request, reply) => {
        const runner = station.printer(request.params.id);
        return answers.once(request, reply, () => {
          given(runner.tell({ type }));
          return { status: 202, body: { state: runner.view.state } };
        });
      },
    );

  app.post(
    '/printers/:id/confirm',
    {
      config: { act: 'printer.confirm' },
      schema: { params: id, body: confirmRequest, response: { 202: accepted } },
    },
    (request, reply) => {
      const runner = station.printer(request.params.id);
      const { step } = request.body;
      return answers.once(request, reply, (who) => {
        if (!runner.view.asks.includes(step))
          throw new Refusal(problem('PST-504', `${step} while ${runner.view.state}`, { reason: runner.view.state }));
        given(step === 'purged' ? runner.confirmPurged(who) : runner.tell({ type: EVENT_OF[step] }));
        return { status: 202, body: { state: runner.view.state } };
      });
    },
  );
}
