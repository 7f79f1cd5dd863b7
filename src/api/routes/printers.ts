import { z } from 'zod';
import type { Problem } from '../../domain/errors.ts';
import { problem, Refusal } from '../../domain/errors.ts';
import type { Result } from '../../domain/result.ts';
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

export function printerRoutes({ app, station, access }: Routing): void {
  app.get('/printers', { schema: { response: { 200: list(printerShape) } } }, (request) => {
    access.actor(request, 'printer.read', false);
    return { items: [...station.printers.keys()].map((printer) => printerView(station, printer)), next: null };
  });
  app.get('/printers/:id', { schema: { params: id, response: { 200: printerShape } } }, (request) => {
    access.actor(request, 'printer.read', false);
    return printerView(station, station.printer(request.params.id).id);
  });

  app.post(
    '/printers/:id/bindings',
    { schema: { params: id, body: bindingRequest, response: { 201: bindingShape } } },
    (request, reply) => {
      access.actor(request, 'printer.bind');
      const runner = station.printer(request.params.id);
      const { job, booklet } = request.body;
      return access.carryOut(request, reply, 'printer.bind', 'bind', runner.binds(job, booklet), (row) => ({
        status: 201,
        body: bindingView(row),
      }));
    },
  );
  app.delete(
    '/printers/:id/bindings/current',
    { schema: { params: id, response: { 204: z.undefined() } } },
    (request, reply) => {
      const who = access.actor(request, 'printer.bind');
      given(station.printer(request.params.id).unbind(who, `undone by ${who.name}`));
      return reply.code(204).send();
    },
  );

  app.post(
    '/printers/:id/print',
    { schema: { params: id, body: printRequest, response: { 202: printAccepted } } },
    async (request, reply) => {
      const who = access.actor(request, 'printer.print');
      const attempt = given(await station.printer(request.params.id).print(who, request.body.binding));
      reply.code(202);
      return { attempt: attempt.id };
    },
  );

  for (const [path, type] of Object.entries(COMMANDS) as [
    keyof typeof COMMANDS,
    (typeof COMMANDS)[keyof typeof COMMANDS],
  ][])
    app.post(`/printers/:id/${path}`, { schema: { params: id, response: { 202: accepted } } }, (request, reply) => {
      access.actor(request, 'printer.control');
      const runner = station.printer(request.params.id);
      given(runner.tell({ type }));
      reply.code(202);
      return { state: runner.view.state };
    });

  app.post(
    '/printers/:id/confirm',
    { schema: { params: id, body: confirmRequest, response: { 202: accepted } } },
    (request, reply) => {
      const who = access.actor(request, 'printer.confirm');
      const runner = station.printer(request.params.id);
      const { step } = request.body;
      if (!runner.view.asks.includes(step))
        throw new Refusal(problem('PST-504', `${step} while ${runner.view.state}`, { reason: runner.view.state }));
      given(step === 'purged' ? runner.confirmPurged(who) : runner.tell({ type: EVENT_OF[step] }));
      reply.code(202);
      return { state: runner.view.state };
    },
  );
}
