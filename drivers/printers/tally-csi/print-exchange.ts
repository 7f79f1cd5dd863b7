import type { OutcomeReason } from '../../driver.ts';
import type { EncodedPage, PointNumbers } from './encoder.ts';
import type { DeviceMessage } from './messages.ts';

/**
 * One print as pure steps: what was said and what happened in, what to do out.
 *
 * 1. `loading`: the head of the job goes out, which cannot ink. Only when the device has answered its control point,
 *    that is when a document is in, does the first page byte leave the host: until then a failure is `not-printed`.
 * 2. `page`: chunk by chunk, the next one when the line has taken the one before it. In STOP the band begun is sent to
 *    its end, so that an unanswered control point lies behind all that the device holds: a person who switches the
 *    device off and on again loses it, and the page cannot pass for printed.
 * 3. `confirming`: all is handed over; only the answer to the last control point, after those to all others, means
 *    `printed`.
 */
export interface PrintPlan {
  readonly page: EncodedPage;
  readonly numbers: PointNumbers;
}

export interface PrintState {
  readonly phase: 'loading' | 'page' | 'confirming' | 'ended';
  /** Bytes given to the line, whether or not it took them. */
  readonly handedOver: number;
  /** Control points answered, the last one not counted. */
  readonly passed: number;
  /** A chunk was given to the line and is not taken yet. */
  readonly inFlight: boolean;
  /** The device is in STOP: it keeps the job and waits for a person. */
  readonly held: boolean;
  /** The device started anew while bytes were on their way: what it got of a command's rest it took for characters. */
  readonly torn: boolean;
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
  const head = plan.page.points[0]!;
  const hold: PrintAction[] = held ? [{ do: 'hold' }] : [];
  return {
    state: { phase: 'loading', handedOver: head, passed: 0, inFlight: true, held, torn: false },
    actions: [...hold, { do: 'deadline', of: 'load' }, { do: 'send', from: 0, to: head, content: 'command' }],
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
  if (message.kind === 'acknowledgement') return acknowledged(plan, state, message.number);
  if (message.kind !== 'status') return { state, actions: [] };
  switch (message.status) {
    case 'error':
      return finish(state, 'device-error');
    case 'stop':
      return { state: { ...state, held: true }, actions: state.held ? [] : [{ do: 'hold' }] };
    case 'online': {
      // Said at each change and after initialisation (p224): with no STOP before it the device has started anew, and
      // what it had of the page is gone.
      if (!state.held) return finish({ ...state, torn: state.inFlight }, 'device-error');
      const next = sendNext(plan, { ...state, held: false });
      return { state: next.state, actions: [{ do: 'release' }, ...next.actions] };
    }
  }
}

function acknowledged(plan: PrintPlan, state: PrintState, number: number): PrintStep {
  const { points, bytes } = plan.page;
  if (number === plan.numbers.printed) {
    // Before all of the page was handed over, or without the answers that must come before it, it cannot be true.
    const whole = state.handedOver === bytes.length && state.passed === points.length;
    return finish(state, whole ? 'acknowledged' : 'protocol-violation');
  }
  const awaited = points[state.passed];
  const isNext = number === plan.numbers.turns[state.passed % 2 === 0 ? 0 : 1];
  if (!isNext || awaited === undefined || state.handedOver < awaited) return { state, actions: [] };
  const passed = { ...state, passed: state.passed + 1 };
  return state.phase === 'loading' ? sendNext(plan, { ...passed, phase: 'page' }) : { state: passed, actions: [] };
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
  const { bytes, points, tailStart } = plan.page;
  const from = state.handedOver;
  const resting = state.held && points.includes(from);
  if (state.phase !== 'page' || state.inFlight || resting || from >= bytes.length) return { state, actions: [] };
  const content = from < tailStart ? 'page' : 'command';
  const end = points.find((point) => point > from) ?? (content === 'page' ? tailStart : bytes.length);
  const to = Math.min(from + CHUNK_BYTES, end);
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
