/** The running service: a station, its API, and what it says of itself. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
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
  const log = options.log === undefined ? null : pino({ base: null }, options.log);
  const { listen } = config;
  const tls =
    listen.tls === null
      ? null
      : { cert: readFileSync(listen.tls.cert, 'utf8'), key: readFileSync(listen.tls.key, 'utf8') };
  const api = await createApi({
    station,
    version: options.version,
    listen: { host: listen.host, port: listen.port, tls },
    ...(options.bench === undefined ? {} : { bench: options.bench(station) }),
  });
  try {
    await api.listen({ host: listen.host, port: listen.port });
  } catch (error) {
    station.core.journal.close();
    await api.close();
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    return fail(problem('PST-708', `${listen.host}:${listen.port}: ${code}`));
  }
  const control = await openControlSocket(station);
  if (!control.ok) {
    await api.close();
    station.core.journal.close();
    return control;
  }
  const { port } = api.server.address() as AddressInfo;
  const address = `${tls === null ? 'http' : 'https'}://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${port}`;
  try {
    station.start();
  } catch (error) {
    await control.value.close();
    await api.close();
    station.core.journal.close();
    if (error instanceof Refusal) return fail(error.problem);
    throw error;
  }
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
}
