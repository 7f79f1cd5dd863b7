import type { Config } from '../config/config.ts';
import type { Calendar } from '../domain/deadline.ts';
import { type Problem, problem, Refusal } from '../domain/errors.ts';
import { type Act, type Actor, mayDo } from '../domain/people.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { World } from '../domain/world.ts';
import type { Journal, Transaction } from '../journal/journal.ts';
import type { RootSet } from '../trust/bundle.ts';
import type { StationIdentity } from '../trust/identity.ts';
import type { Bundles } from './bundles.ts';
import type { StationClock } from './clock.ts';

/** What the acts work with: everything that is handed in, nothing that is hidden. */
export interface Core {
  readonly settings: Config;
  readonly world: World;
  readonly journal: Journal;
  readonly identity: StationIdentity;
  readonly pinned: RootSet;
  readonly clock: StationClock;
  readonly bundles: Bundles;
}

/** A decision: reads and appends inside one transaction, throws a `Refusal` to write nothing. */
export type Decision<Value> = (tx: Transaction) => Value;

/** Lets only a person with a role for the act through; the command line of this machine may do what a supervisor may. */
export function requireAct(actor: Actor, act: Act): void {
  const roles =
    actor.kind === 'person' ? actor.roles : actor.kind === 'local' ? (['operator', 'supervisor'] as const) : [];
  if (actor.kind !== 'station' && !mayDo(roles, act))
    throw new Refusal(problem('PST-408', `${act} is not for ${roles.join(', ') || 'this person'}`));
}

/** Carries out one decision as one transaction; a refusal comes back as a value. */
export function perform<Value>(
  core: Pick<Core, 'journal'>,
  actor: Actor,
  name: string,
  decide: Decision<Value>,
): Result<Value, Problem> {
  try {
    return ok(core.journal.transact(name, actor, decide));
  } catch (error) {
    if (error instanceof Refusal) return fail(error.problem);
    throw error;
  }
}

export const calendarOf = (settings: Config): Calendar => ({
  timezone: settings.station.timezone,
  workingDays: settings.deadline.workingDays,
  holidays: settings.deadline.holidays,
});
