import type { OutcomeReason, PrintOutcome } from '../../driver.ts';

/**
 * The three-valued rule (devices.md, Contract). `printed` only by the device's own acknowledgement of everything;
 * `not-printed` only where no byte that can ink was handed over, so that nothing of it can have reached the device
 * (`inkPossible`: such a byte was, or what was handed over may have been taken for one); everything else is `unknown`, a device error included: it tells what will not be printed any more, not what was.
 */
export function outcomeOf(reason: OutcomeReason, inkPossible: boolean): PrintOutcome['outcome'] {
  if (reason === 'acknowledged') return 'printed';
  return inkPossible ? 'unknown' : 'not-printed';
}
