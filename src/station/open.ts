import { readFileSync } from 'node:fs';
import type { Plug } from '../../drivers/transports/simulator.ts';
import { httpChannel } from '../central/channel.ts';
import type { Config } from '../config/config.ts';
import { type Problem, problem, Refusal } from '../domain/errors.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { CentralChannel, World } from '../domain/world.ts';
import { openJournal } from '../journal/journal.ts';
import { parsePinnedRoots, type RootSet } from '../trust/bundle.ts';
import { createStation, type Station } from './station.ts';
import { openStationKey } from './station-key.ts';
import { realTimers, realWorld } from './world.ts';

export interface Opening {
  readonly version: string;
  readonly simulators?: (name: string) => Plug | undefined;
  readonly trace?: (printer: string, direction: 'in' | 'out' | 'note', text: string) => void;
  /** Of crash tests; production passes none. */
  readonly boundary?: World['boundary'];
}

/** A station that is configured without a line to the centre never calls this. */
const NO_CENTRE: CentralChannel = {
  request: async () => ({ kind: 'unreachable', detail: 'central.protocol is none' }),
};

/**
 * Opens what a configuration names (key, pinned roots, journal) and puts the station together. Nothing moves yet.
 * Fails with PST-301..303 (journal), PST-705 (key), PST-707 (roots).
 */
export function openStation(config: Config, opening: Opening): Result<Station, Problem> {
  const pinned = readRoots(config.trust.roots);
  if (!pinned.ok) return pinned;
  const { central } = config;
  const channel =
    central.protocol === 'none'
      ? NO_CENTRE
      : httpChannel({
          url: central.url,
          ca: central.ca === null ? null : readFileSync(central.ca, 'utf8'),
          timers: realTimers,
        });
  const world = realWorld(channel, opening.boundary);
  const identity = openStationKey(config.data, config.station, world.random);
  if (!identity.ok) return identity;
  try {
    const journal = openJournal(config.data, world);
    return ok(createStation({ config, world, journal, identity: identity.value, pinned: pinned.value, ...opening }));
  } catch (error) {
    if (error instanceof Refusal) return fail(error.problem);
    throw error;
  }
}

function readRoots(file: string): Result<RootSet, Problem> {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    return fail(problem('PST-707', `${file}: ${(error as NodeJS.ErrnoException).code ?? 'unreadable'}`));
  }
  const roots = parsePinnedRoots(bytes);
  return roots.ok ? roots : fail(problem('PST-707', `${file}: ${roots.failure.detail}`));
}
