import type { BookletPosition, PrinterStatus, StateReason } from '../../driver.ts';
import type { DeviceMessage, GlobalStatus } from './messages.ts';

/** What the device has said about itself. It cannot be asked for its status: what it has not said is `null`. */
export interface DeviceFacts {
  readonly global: { readonly status: GlobalStatus; readonly raw: string } | null;
  readonly paper: { readonly covered: boolean; readonly raw: string } | null;
}

export const NOTHING_KNOWN: DeviceFacts = { global: null, paper: null };

export function observe(facts: DeviceFacts, message: DeviceMessage): DeviceFacts {
  switch (message.kind) {
    case 'status':
      return { ...facts, global: { status: message.status, raw: message.raw } };
    case 'paper':
      return { ...facts, paper: { covered: message.covered, raw: message.raw } };
    default:
      return facts;
  }
}

/**
 * The device's words in those of IPP and XFS. STOP is "STOP key, or printing unit opened, or document request" (p224):
 * the last is told by the sensor while something is printed, the first two cannot be told apart and are `paused`. All are ended by a person only.
 */
export function statusOf(facts: DeviceFacts, busy: boolean): PrinterStatus {
  const booklet: BookletPosition = facts.paper === null ? 'unknown' : facts.paper.covered ? 'present' : 'notPresent';
  const { global } = facts;
  switch (global?.status) {
    case 'stop':
      return { state: 'stopped', reasons: [stopReason(facts, busy, global.raw)], booklet, waitingForOperator: true };
    case 'error': {
      const reason: StateReason = { keyword: 'other', severity: 'error', raw: global.raw };
      return { state: 'stopped', reasons: [reason], booklet, waitingForOperator: false };
    }
    case 'online':
      return { state: busy ? 'processing' : 'idle', reasons: [], booklet, waitingForOperator: false };
    case undefined: {
      const reason: StateReason = { keyword: 'other', severity: 'report', raw: 'no CSI n ! z yet' };
      return { state: busy ? 'processing' : 'idle', reasons: [reason], booklet, waitingForOperator: false };
    }
  }
}

function stopReason(facts: DeviceFacts, busy: boolean, raw: string): StateReason {
  // Only a print asks for a document: an idle printer without one was stopped by its key or its cover.
  return busy && facts.paper?.covered === false
    ? { keyword: 'media-needed', severity: 'error', raw: `${raw}, ${facts.paper.raw}` }
    : { keyword: 'paused', severity: 'warning', raw };
}

/** The session is over: nothing is known of the device any more. */
export function disconnectedStatus(reason: string): PrinterStatus {
  return {
    state: 'stopped',
    reasons: [{ keyword: 'connecting-to-device', severity: 'error', raw: reason }],
    booklet: 'unknown',
    waitingForOperator: false,
  };
}
