import type { SimTime } from '../time.ts';
import type { MechanismGeometry } from './mechanism.ts';
import type { TallyTiming } from './works.ts';

export interface TallyOptions {
  readonly time: SimTime;
  readonly seed?: number;
  readonly geometry?: Partial<MechanismGeometry>;
  readonly timing?: Partial<TallyTiming>;
  /** `CSI n # z` answer, 8 numbers (p233): station, 4 = document, width in 1/10 in, feed, eject, OCR, MSR, type. */
  readonly parameters?: readonly number[];
  /** Bytes that come while the input is locked by ERROR: the manual does not say. Default `discard`. */
  readonly bytesDuringError?: 'discard' | 'keep';
  /** A command that ERROR cut in two: the manual does not say whether its rest is still awaited. Default `forgotten`. */
  readonly commandCutByError?: 'forgotten' | 'awaited';
  /**
   * What a control point does to a line begun and not ended by CR, LF, FF or a position. The manual does not say, so the
   * default is the dangerous reading: `kept` for whatever ends it next, though the control point is acknowledged.
   */
  readonly lineAtControlPoint?: 'kept' | 'printed';
  /** Whether sensor changes are told without being asked for. Default true. */
  readonly announcesSensor?: boolean;
  /** Default: switched on at once. */
  readonly startsOff?: boolean;
}

/** A T5023: document station, 9.4 in, feed and eject channel 1, neither OCR nor magnetic stripe. */
export const T5023 = [0, 4, 94, 1, 1, 0, 0, 5023] as const;
/** Somebody plugged the journal printer in instead. */
export const OTHER_DEVICE = [1, 4, 80, 2, 2, 0, 0, 5040] as const;
