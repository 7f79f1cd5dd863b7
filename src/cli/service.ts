/** The running service: a station, its API, and what it says of itself. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type Logger, pino } from 'pino';
import type { Bench } from '../api/routes/bench.ts';
import { type Api, createApi } from '../api/server.ts';
import type { Config } from '../config/config.ts';
import { type Problem, problem, Refusal } from '../domain/errors.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import { type Opening, openStation } from '../station/open.ts';
import type { Station } from '../station/station.ts';
import { openControlSocket } from './control-socket.ts';
import { logEvents } from './log-events.ts';

export interface Service {
  readonly station: Station;
  readonly api: Api;
  /** Where the console is. */
  readonly address: string;
  stop(): Promise<void>;
}

export interface ServiceOptions extends Opening {
  /** Made for the station before it listens; only of a simulated office. */
  readonly bench?: (station: Station) => Bench;
  /** Where log lines go; absent: nowhere. */
  readonly log?: { write(line: string): void };
}

/** Starts everything; fails with the coded problem that stopped it, and leaves nothing open then. */
export async function startService(config: Config, options: ServiceOptions): Promise<Result<Service, Problem>> {
  const opened = openStation(config, options);
  if (!opened.ok) return opened;
  const station = opened.value;
  const open: (() => unknown)[] = [() => station.core.journal.close()];
  try {
    const log = options.log === undefined ? null : pino({ base: null }, options.log);
    const api = await apiOf(station, config, options, log);
    open.push(() => api.close());
    const address = await listen(api, config);
    const control = await openControlSocket(station);
    if (!control.ok) throw new Refusal(control.failure);
    open.push(() => control.value.close());
    station.start();
    if (log !== null) logEvents(station, log, address);
    return ok({
      station,
      api,
      address,
      async stop() {
        // First of all: once the journal is free, the path may belong to the next service.
        await control.value.close();
        await station.stop();
        await api.close();
      },
    });
  } catch (error) {
    for (const close of open.reverse()) await close();
    if (error instanceof Refusal) return fail(error.problem);
    throw error;
  }
}

function apiOf(
  station: Station,
  { listen: { host, port, tls } }: Config,
  { version, bench }: ServiceOptions,
  log: Logger | null,
) {
  const files = tls && { cert: readFileSync(tls.cert, 'utf8'), key: readFileSync(tls.key, 'utf8') };
  return createApi({
    station,
    version,
    listen: { host, port, tls: files },
    ...(bench === undefined ? {} : { bench: bench(station) }),
    // The kind of the fault and where it was, never what a request held.
    unexpected: (error, where) =>
      log?.error({ event: 'api-fault', where, error: error instanceof Error ? error.name : typeof error }),
  });
}

/** @returns the address to type into a browser. @throws Refusal PST-708 */
async function listen(api: Api, { listen: { host, port, tls } }: Config): Promise<string> {
  try {
    await api.listen({ host, port });
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new Refusal(problem('PST-708', `${host}:${port}: ${code}`));
  }
  const { port: bound } = api.server.address() as AddressInfo;
  return `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${bound}`;
}
