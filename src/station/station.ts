import { createPrinterDriver } from '../../drivers/registry.ts';
import { transportFor } from '../../drivers/transports/open.ts';
import type { Plug } from '../../drivers/transports/simulator.ts';
import type { CentralLink } from '../central/desk.ts';
import { createCentralLink } from '../central/link.ts';
import type { Config, PrinterConfig } from '../config/config.ts';
import { problem, Refusal } from '../domain/errors.ts';
import type { Actor } from '../domain/people.ts';
import type { World } from '../domain/world.ts';
import type { Entry } from '../journal/entries.ts';
import type { Journal } from '../journal/journal.ts';
import type { RootSet } from '../trust/bundle.ts';
import type { StationIdentity } from '../trust/identity.ts';
import { callInDoubt } from './acts/printing.ts';
import { Bundles } from './bundles.ts';
import { centralDesk } from './central-desk.ts';
import { StationClock } from './clock.ts';
import { type Core, perform } from './core.ts';
import { retryInTime, retryKept, waitsForTime } from './desk.ts';
import { PrinterRunner } from './printer-runner.ts';

/** One thing of which the outside has an outdated picture now. */
export type Change =
  | { readonly kind: 'printer'; readonly id: string }
  | { readonly kind: 'job'; readonly id: string }
  | { readonly kind: 'sign-off'; readonly id: string }
  | { readonly kind: 'central' }
  | { readonly kind: 'booklets' };

export interface StationSetup {
  readonly config: Config;
  readonly world: World;
  readonly journal: Journal;
  readonly identity: StationIdentity;
  readonly pinned: RootSet;
  /** Simulated devices of the same process, by name; only where the station is `simulated`. */
  readonly simulators?: (name: string) => Plug | undefined;
  /** Steps and bytes of the devices, without page data. */
  readonly trace?: (printer: string, direction: 'in' | 'out' | 'note', text: string) => void;
  readonly version: string;
}

export interface Station {
  readonly core: Core;
  readonly link: CentralLink | null;
  readonly printers: ReadonlyMap<string, PrinterRunner>;
  /** @throws Refusal PST-501 */
  printer(id: string): PrinterRunner;
  onChange(listener: (change: Change) => void): () => void;
  start(): void;
  /** Finishes or parks what is safe, then closes the journal (station.md, `serve`). */
  stop(): Promise<void>;
}

const STATION: Actor = { kind: 'station' };
/** Milliseconds that a page under way may take when the service is told to stop. */
const PATIENCE = 90_000;
/** Milliseconds between looks at statements that time may have cured. */
const RETRY_KEPT = 60_000;

/**
 * Puts the parts together: machines decide, the journal makes it durable, the runners act (architecture.md). Nothing
 * moves before `start`.
 */
export function createStation(setup: StationSetup): Station {
  const { config, journal } = setup;
  const clock = new StationClock(setup.world);
  journal.time = () => stationTime(clock, journal, setup.world);
  const world: World = {
    ...setup.world,
    // What this machine believes of the time is a fact for the station's clock only: everybody else goes by that one.
    clock: { ...setup.world.clock, now: () => journal.time().at },
  };
  const core: Core = {
    settings: config,
    world,
    journal,
    identity: setup.identity,
    pinned: setup.pinned,
    clock,
    bundles: new Bundles(),
  };
  const listeners = new Set<(change: Change) => void>();
  const changed = (change: Change) => {
    for (const listener of listeners) listener(change);
  };
  const printers = new Map(
    config.printers.map((printer) => [
      printer.id,
      new PrinterRunner(core, printer, driverFor(printer, setup), () => changed({ kind: 'printer', id: printer.id })),
    ]),
  );
  const link =
    config.central.protocol === 'none'
      ? null
      : createCentralLink({
          world,
          desk: centralDesk(core),
          station: config.station.id,
          waitSeconds: config.central.waitSeconds,
        });
  link?.onChange(() => changed({ kind: 'central' }));
  let stopListening: () => void = () => undefined;
  let stopRetrying: () => void = () => undefined;

  const committed = (entries: readonly Entry[]) => {
    for (const runner of printers.values()) runner.factsChanged();
    if (entries.some(({ reports }) => reports.length > 0)) link?.nudge();
    for (const change of changesOf(entries, core)) changed(change);
  };

  const retryLater = () => {
    stopRetrying = world.timers.after(RETRY_KEPT, () => {
      if (waitsForTime(core)) perform(core, STATION, 'retry-kept', (tx) => retryInTime(core, tx));
      retryLater();
    });
  };

  return {
    core,
    link,
    printers,
    printer(id) {
      const runner = printers.get(id);
      if (runner === undefined) throw new Refusal(problem('PST-501', `printer ${id}`));
      return runner;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    start() {
      // First of all, before any device is touched (journal.md, Start-up).
      journal.transact('start', STATION, (tx) => {
        tx.append('station-started', config.station.id, { version: setup.version });
        callInDoubt(core)(tx);
        retryKept(core, tx);
      });
      for (const runner of printers.values()) runner.factsChanged();
      stopListening = journal.onCommitted(committed);
      for (const runner of printers.values()) runner.start();
      link?.start();
      retryLater();
    },
    async stop() {
      stopRetrying();
      await link?.stop();
      await Promise.all([...printers.values()].map((runner) => runner.stop(PATIENCE)));
      stopListening();
      perform(core, STATION, 'stop', (tx) => tx.append('station-stopped', config.station.id, {}));
      journal.close();
    },
  };
}

/** In milliseconds, which only this machine's clock has: taken from it where it agrees in the second. */
function stationTime(clock: StationClock, journal: Journal, { clock: machine }: World) {
  if (!journal.isOpen) return { at: machine.now(), class: 'untrusted' } as const;
  const { class: reliance, now } = clock.reading(journal);
  const system = machine.now();
  const agrees = reliance === 'untrusted' || Math.floor(system / 1000) === now;
  return { at: agrees ? system : now * 1000, class: reliance };
}

function driverFor(printer: PrinterConfig, { world, simulators, trace }: StationSetup) {
  const open = transportFor(printer.connection, {
    timers: world.timers,
    ...(simulators === undefined ? {} : { simulators }),
  });
  return createPrinterDriver(
    {
      driver: printer.driver,
      geometry: printer.geometry,
      flowControl: printer.connection.kind === 'serial' ? printer.connection.flowControl : 'none',
    },
    {
      open,
      clock: world.clock,
      timers: world.timers,
      trace: (direction, text) => trace?.(printer.id, direction, text),
    },
  );
}

/** Which pictures of the outside a set of entries makes old. */
function changesOf(entries: readonly Entry[], core: Core): Change[] {
  const changes = new Map<string, Change>();
  const add = (change: Change) => changes.set(JSON.stringify(change), change);
  for (const entry of entries) {
    const { data } = entry;
    const job = 'job' in data ? data.job : 'attempt' in data ? core.journal.attempt(data.attempt)?.job : undefined;
    if (job !== undefined) add({ kind: 'job', id: job });
    if (entry.kind.startsWith('sign-off')) add({ kind: 'sign-off', id: entry.subject });
    if (entry.kind.startsWith('booklet') || entry.kind.startsWith('attempt') || entry.kind.startsWith('job-'))
      add({ kind: 'booklets' });
    if (entry.kind === 'booklet-spoiled') {
      const attempt = core.journal.attemptsOfBooklet(entry.subject)[0];
      if (attempt !== undefined) add({ kind: 'job', id: attempt.job });
    }
    if (
      ['bundle-accepted', 'time-learnt', 'reports-answered', 'feed-read'].includes(entry.kind) ||
      entry.reports.length > 0
    )
      add({ kind: 'central' });
  }
  return [...changes.values()];
}
