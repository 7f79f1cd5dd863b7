import type { Fault } from '../../../mocks/faults.ts';
import type { SimulatedPrinter } from '../../../mocks/printers/simulated-printer.ts';
import type { TallyPrinter } from '../../../mocks/printers/tally-csi/device.ts';
import type { Situation } from '../../../src/console/situation.ts';
import type { TestOffice } from '../office.ts';

/**
 * When a fault strikes: when the screen shows a situation for the first time, or `before connect`, `idle`, and `intent`:
 * the intent is durable and no byte of the print has left. What happens inside a print is timed by the fault's trigger.
 */
export type Moment = 'before connect' | 'idle' | 'intent' | Situation['kind'];

export interface Scene {
  readonly device: SimulatedPrinter<TallyPrinter>;
  readonly office: TestOffice;
  /** The second job, released and waiting. */
  readonly other: string;
}
export type Act = (scene: Scene) => void | Promise<void>;

export interface FaultCase {
  readonly fault: string;
  readonly when: string;
  readonly moment: Moment;
  readonly act: Act;
  /** What became of the first attempt. */
  readonly outcome: Outcome;
  /**
   * What the screen showed beside the main path, in order: kinds of situations (console/situation.ts), those of the main
   * path only with a cause.
   */
  readonly shows: readonly string[];
  /** The device says that a page came out which did not: only people can see it, and the book is spoiled. */
  readonly flawed: boolean;
}

export type Outcome = 'printed' | 'not-printed' | 'in-doubt';

/** Faults without their trigger, one by one in a union. */
type Kind = Fault extends infer One ? (One extends Fault ? Omit<One, 'trigger'> : never) : never;
type Trigger = Fault['trigger'];

export const FIRST_BYTES: Trigger = { at: 'byte', n: 3 };
export const BEFORE_INK: Trigger = { at: 'state', state: 'feeding' };
export const FIRST_PAGE_BYTES: Trigger = { at: 'byte', n: 60 };
export const MID_PAGE: Trigger = { at: 'byte', n: 15_000 };
export const MID_LINE: Trigger = { at: 'state', state: 'printing', n: 9 };
export const LAST_BYTE: Trigger = { at: 'command', n: 1, name: 'eject' };
export const EJECTING: Trigger = { at: 'state', state: 'ejecting' };
export const NOW: Trigger = { at: 'time', ms: 0 };

export const fault = (kind: Kind, trigger: Trigger = NOW): Fault => ({ ...kind, trigger }) as Fault;

type Row = readonly [moment: Moment, act: Act, when: string, outcome: Outcome, ...shows: string[]];
type PrintRow = readonly [trigger: Trigger, when: string, outcome: Outcome, ...shows: string[]];

export const cases = (name: string, ...rows: readonly Row[]): FaultCase[] =>
  rows.map(([moment, act, when, outcome, ...shows]) => ({
    fault: name,
    when,
    moment,
    act,
    outcome,
    shows,
    flawed: false,
  }));

/** A fault inside the print, at some of its moments. */
export const inPrint = (name: string, kind: Kind, ...rows: readonly PrintRow[]): FaultCase[] =>
  cases(
    name,
    ...rows.map(
      ([trigger, when, outcome, ...shows]): Row => [
        'print',
        ({ device }) => device.addFault(fault(kind, trigger)),
        when,
        outcome,
        ...shows,
      ],
    ),
  );

export const flawed = (them: readonly FaultCase[]): FaultCase[] => them.map((one) => ({ ...one, flawed: true }));

export const now =
  (kind: Kind): Act =>
  ({ device }) =>
    device.addFault(fault(kind));
