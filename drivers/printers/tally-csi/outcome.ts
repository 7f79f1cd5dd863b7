import type { OutcomeReason, PrintOutcome } from '../../driver.ts';

/**
 * The three-valued rule (devices.md, Contract). `printed` only by the device's own acknowledgement of everything;
 * `not-printed` only where no byte that can ink was handed over, so that nothing of it can have reached the device;
 * everything else is `unknown`, a device error included: it tells what will not be printed any more, not what was.
 */
export function outcomeOf(reason: OutcomeReason, inkByteHandedOver: boolean): PrintOutcome['outcome'] {
  if (reason === 'acknowledged') return 'printed';
  return inkByteHandedOver ? 'unknown' : 'not-printed';
}
