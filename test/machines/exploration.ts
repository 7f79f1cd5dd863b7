/**
 * Walks a machine over shortest paths (xstate/graph): from every situation that can be reached, every event in every
 * sensible form is sent once, and each of these steps is given to the rules.
 */
import { type AnyStateMachine, type EventFromLogic, type InputFrom, type SnapshotFrom, transition } from 'xstate';
import { getShortestPaths } from 'xstate/graph';
import { regionsOf } from '../../machines/diagram.ts';

export interface Step<Machine extends AnyStateMachine> {
  readonly from: SnapshotFrom<Machine>;
  readonly event: EventFromLogic<Machine>;
  readonly to: SnapshotFrom<Machine>;
  /** Names of the effects and of all other actions that are not built in. */
  readonly effects: readonly string[];
  /** How `from` was reached. */
  readonly path: readonly EventFromLogic<Machine>[];
}

export interface Exploration<Machine extends AnyStateMachine> {
  readonly machine: Machine;
  readonly inputs: readonly InputFrom<Machine>[];
  /** Every event that can come in this situation, in each form that makes a difference. */
  readonly events: (snapshot: SnapshotFrom<Machine>) => readonly EventFromLogic<Machine>[];
  /** Two situations with the same text behave alike: what may be left out of the context is left out here. */
  readonly alike: (snapshot: SnapshotFrom<Machine>) => string;
}

/** The states that a snapshot is in, one of each region: dotted paths below the machine. */
export function statesIn(value: unknown, above = ''): string[] {
  if (typeof value === 'string') return [above === '' ? value : `${above}.${value}`];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) =>
    statesIn(inner, above === '' ? key : `${above}.${key}`),
  );
}

/** Every step of the machine, from all inputs. */
export function* explore<Machine extends AnyStateMachine>(of: Exploration<Machine>): Generator<Step<Machine>> {
  const { machine, inputs, events, alike } = of;
  const seen = new Set<string>();
  for (const input of inputs) {
    const paths = getShortestPaths(machine, {
      input,
      events: events as never,
      serializeState: alike as never,
      // What an earlier input has led to is known.
      stopWhen: (snapshot) => seen.has(alike(snapshot as SnapshotFrom<Machine>)),
    });
    for (const { state, steps } of paths) {
      const from = state as SnapshotFrom<Machine>;
      const key = alike(from);
      if (seen.has(key)) continue;
      seen.add(key);
      // The first step of a path is the start itself.
      const path = steps.map(({ event }) => event as EventFromLogic<Machine>).slice(1);
      for (const event of events(from)) {
        const [to, actions] = transition(machine, from, event);
        yield { from, event, to, effects: actions.map(({ type }) => type), path };
      }
    }
  }
}

export interface Coverage {
  readonly situations: number;
  readonly steps: number;
  readonly covered: number;
  readonly all: number;
  /** `state event` pairs that no step showed. */
  readonly missing: readonly string[];
}

/** Which pairs of state and event the steps have shown, of all that the machine has. */
export function coverageOf<Machine extends AnyStateMachine>(
  machine: Machine,
  steps: Iterable<Step<Machine>>,
  alike: (snapshot: SnapshotFrom<Machine>) => string,
): Coverage {
  const all = new Set(
    regionsOf(machine).flatMap(({ states }) =>
      states.flatMap((state) => (machine.events as string[]).map((event) => `${state} ${event}`)),
    ),
  );
  const shown = new Set<string>();
  const situations = new Set<string>();
  let count = 0;
  for (const { from, event } of steps) {
    count += 1;
    situations.add(alike(from));
    for (const state of statesIn((from as { value: unknown }).value)) shown.add(`${state} ${event.type}`);
  }
  const missing = [...all].filter((pair) => !shown.has(pair));
  return { situations: situations.size, steps: count, covered: all.size - missing.length, all: all.size, missing };
}

export const told = (name: string, { situations, steps, covered, all }: Coverage): string =>
  `${name}: ${covered} of ${all} pairs of state and event covered, by ${steps} steps from ${situations} situations`;
