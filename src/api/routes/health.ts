import { Gauge, Registry } from 'prom-client';
import { PRINTER_STATES } from '../../station/reading.ts';
import type { Routing } from '../server.ts';

const isLoopback = (ip: string): boolean => ip === '127.0.0.1' || ip === '::1' || ip === '::ffff:127.0.0.1';

/** At the root, for the machine's own watchers (station.md). No document numbers in labels. */
export function healthRoutes({ app, station }: Routing): void {
  const registry = new Registry();
  new Gauge({
    name: 'passport_station_printer_state',
    help: '1 for the state that the printer is in',
    labelNames: ['printer', 'state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [printer, runner] of station.printers)
        for (const state of PRINTER_STATES) this.set({ printer, state }, runner.view.state === state ? 1 : 0);
    },
  });
  new Gauge({
    name: 'passport_station_jobs',
    help: 'jobs by state',
    labelNames: ['state'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [state, count] of Object.entries(station.core.journal.jobCounts())) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'passport_station_outbox_waiting',
    help: 'reports that the centre has not accepted yet',
    registers: [registry],
    collect() {
      this.set(station.core.journal.outboxCounts().waiting);
    },
  });

  const local = { schema: { hide: true } } as const;
  app.get('/healthz', local, (request, reply) => (isLoopback(request.ip) ? { status: 'ok' } : reply.callNotFound()));
  app.get('/readyz', local, (request, reply) => {
    if (!isLoopback(request.ip)) return reply.callNotFound();
    const { failure } = station.core.journal;
    return failure === null
      ? { status: 'ready' }
      : reply.code(503).send({ status: 'journal-failing', detail: failure.detail });
  });
  app.get('/metrics', local, async (request, reply) =>
    isLoopback(request.ip) ? reply.type(registry.contentType).send(await registry.metrics()) : reply.callNotFound(),
  );
}
