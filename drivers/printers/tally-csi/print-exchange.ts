import type { OutcomeReason } from '../../driver.ts';
import type { EncodedPage } from './encoder.ts';
import type { DeviceMessage } from './messages.ts';

/**
 * One print as pure steps: what was said and what happened in, what to do out.
 *
 * 1. `loading`: the head of the job goes out, which cannot ink. Only when the device has answered its control point,
 *    that is when a document is in, does the first page byte leave the host: until then a failure is `not-printed`.
 * 2. `page`: chunk by chunk, the next one when the line has taken the one before it and the device is not in STOP.
 * 3. `confirming`: all is handed over; only the answer to the last control point means `printed`.
 */
export interface PrintPlan {
  readonly page: EncodedPage;
  readonly loading: number;
  readonly printed: number;
}

export interface PrintState {
  readonly phase: 'loading' | 'page' | 'confirming' | 'ended';
  /** Bytes given to the line, whether or not it took them. */
  readonly handedOver: number;
  /** A chunk was given to the line and is not taken yet. */
  readonly inFlight: boolean;
  /** The device is in STOP: it keeps the job and waits for a person. */
  readonly held: boolean;
}

export type PrintEvent =
  | { readonly kind: 'message'; readonly message: DeviceMessage }
  /** The line took the chunk in flight. */
  | { readonly kind: 'taken' }
  /** The line ended; `handedOver` corrects the count of bytes where the line knows better than the upper bound. */
  | { readonly kind: 'lost'; readonly handedOver: number | null }
  | { readonly kind: 'expired' }
  | { readonly kind: 'abandoned' };

export type PrintAction =
  | { readonly do: 'send'; readonly from: number; readonly to: number; readonly content: 'command' | 'page' }
  | { readonly do: 'deadline'; readonly of: 'load' | 'chunk' | 'acknowledge' }
  | { readonly do: 'hold' }
  | { readonly do: 'release' }
  | { readonly do: 'report'; readonly progress: 'sending' | 'sent' }
  | { readonly do: 'finish'; readonly reason: OutcomeReason };

export interface PrintStep {
  readonly state: PrintState;
  readonly actions: readonly PrintAction[];
}

/** Bytes: a quarter of a second at 9600 baud, and what one error can leave in host buffers. */
export const CHUNK_BYTES = 256;

export function beginPrint(plan: PrintPlan, held: boolean): PrintStep {
  const { loadEnd } = plan.page;
  const hold: PrintAction[] = held ? [{ do: 'hold' }] : [];
  return {
    state: { phase: 'loading', handedOver: loadEnd, inFlight: true, held },
    actions: [...hold, { do: 'deadline', of: 'load' }, { do: 'send', from: 0, to: loadEnd, content: 'command' }],
  };
}

export function stepPrint(plan: PrintPlan, state: PrintState, event: PrintEvent): PrintStep {
  if (state.phase === 'ended') return { state, actions: [] };
  switch (event.kind) {
    case 'message':
      return heard(plan, state, event.message);
    case 'taken':
      return taken(plan, { ...state, inFlight: false });
    case 'lost':
      return finish({ ...state, handedOver: event.handedOver ?? state.handedOver }, 'connection-lost');
    case 'expired':
      return finish(state, 'timed-out');
    case 'abandoned':
      return finish(state, 'session-closed');
  }
}

function heard(plan: PrintPlan, state: PrintState, message: DeviceMessage): PrintStep {
  if (message.kind === 'acknowledgement') {
    // Our number before our control point was handed over cannot be an answer to it: the device is not to be believed.
    const handedOver = (end: number) => state.handedOver >= end;
    if (message.number === plan.printed) {
      return finish(state, handedOver(plan.page.bytes.length) ? 'acknowledged' : 'protocol-violation');
    }
    if (message.number === plan.loading && state.phase === 'loading') {
      return sendNext(plan, { ...state, phase: 'page' });
    }
    return { state, actions: [] };
  }
  if (message.kind !== 'status') return { state, actions: [] };
  switch (message.status) {
    case 'error':
      return finish(state, 'device-error');
    case 'stop':
      return { state: { ...state, held: true }, actions: state.held ? [] : [{ do: 'hold' }] };
    case 'online': {
      if (!state.held) return { state, actions: [] };
      const next = sendNext(plan, { ...state, held: false });
      return { state: next.state, actions: [{ do: 'release' }, ...next.actions] };
    }
  }
}

function taken(plan: PrintPlan, state: PrintState): PrintStep {
  if (state.handedOver < plan.page.bytes.length) {
    const next = sendNext(plan, state);
    return { state: next.state, actions: [{ do: 'report', progress: 'sending' }, ...next.actions] };
  }
  return {
    state: { ...state, phase: 'confirming' },
    actions: [
      { do: 'report', progress: 'sent' },
      { do: 'deadline', of: 'acknowledge' },
    ],
  };
}

function sendNext(plan: PrintPlan, state: PrintState): PrintStep {
  const { bytes, tailStart } = plan.page;
  const from = state.handedOver;
  if (state.phase !== 'page' || state.inFlight || state.held || from >= bytes.length) return { state, actions: [] };
  const content = from < tailStart ? 'page' : 'command';
  const to = Math.min(from + CHUNK_BYTES, content === 'page' ? tailStart : bytes.length);
  return {
    state: { ...state, handedOver: to, inFlight: true },
    actions: [
      { do: 'deadline', of: 'chunk' },
      { do: 'send', from, to, content },
    ],
  };
}

function finish(state: PrintState, reason: OutcomeReason): PrintStep {
  return { state: { ...state, phase: 'ended' }, actions: [{ do: 'finish', reason }] };
}
