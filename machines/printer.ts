import { and, assign, setup, stateIn } from 'xstate';

/**
 * One printer (machines.md). Pure: it decides, the station's runner acts. A printer always starts in `disconnected`
 * with the journal's facts and goes through `reconciling`; no snapshot is ever restored.
 */

/** What the people found out about an attempt in doubt. */
export type Resolution = 'printed' | 'blank' | 'spoiled';

export interface Lock {
  readonly attempt: string;
  readonly resolved: Resolution | null;
  /** Whether the device is shown to hold nothing of the attempt: its own answer, or a person's `purged` step. */
  readonly deviceEmpty: boolean;
}

/** What the journal knows about this printer; read afresh at every `reconciling`. */
export interface PrinterFacts {
  readonly lock: Lock | null;
  /** A job bound here and not yet printed. */
  readonly binding: string | null;
  /** An attempt that was printed here and whose read-back is still owed. */
  readonly owesReadBack: string | null;
}

export interface DeviceState {
  readonly booklet: 'unknown' | 'present' | 'notPresent' | 'jammed' | 'entering' | 'retracted';
  /** Keywords of reasons with severity `error`. */
  readonly blocking: readonly string[];
  readonly waitingForOperator: boolean;
}

export interface PrinterInput {
  readonly facts: PrinterFacts;
  /** What the configuration says the device must be; `null` members are not checked. */
  readonly expected: { readonly model: string | null; readonly serial: string | null };
  readonly bookletSensor: boolean;
  /** Milliseconds. */
  readonly delays: { readonly reconnectFirst: number; readonly reconnectLongest: number };
}

export interface PrinterContext extends PrinterInput {
  readonly identity: { readonly model: string; readonly serial: string | null } | null;
  readonly device: DeviceState;
  /** Rung of the recovery ladder: connects that failed in a row. */
  readonly tries: number;
  readonly lastFailure: string | null;
  /** The printed booklet has already been seen leaving. */
  readonly bookletOut: boolean;
  /** The session ended while a page was under way: whatever the outcome, what follows begins with a connect. */
  readonly sessionLost: boolean;
}

export type PrinterEvent =
  | { type: 'START' }
  | { type: 'CONNECTED'; identity: { model: string; serial: string | null }; device: DeviceState }
  | { type: 'CONNECT_FAILED'; reason: string; device: DeviceState | null }
  | { type: 'DISCONNECTED'; reason: string }
  | { type: 'RETRY_CONNECT' }
  | { type: 'RECONCILED'; facts: PrinterFacts }
  | { type: 'STATUS'; device: DeviceState }
  | { type: 'BOUND'; binding: string }
  | { type: 'UNBOUND' }
  | { type: 'PRINT' }
  | { type: 'INTENT_DURABLE' }
  /** The last check before the intent said no; `facts` tell whether the binding still stands. */
  | { type: 'INTENT_REFUSED'; facts: PrinterFacts }
  | { type: 'SENT' }
  | { type: 'WAITING_FOR_OPERATOR' }
  | { type: 'CONTINUING' }
  | { type: 'OUTCOME'; outcome: 'printed' | 'not-printed' | 'unknown'; facts: PrinterFacts }
  | { type: 'READ_BACK'; facts: PrinterFacts }
  | { type: 'RESOLVED'; facts: PrinterFacts }
  | { type: 'BOOKLET_INSERTED' }
  | { type: 'BOOKLET_REMOVED' }
  /** A person switched the device off and on with no booklet inside: it holds nothing now. */
  | { type: 'PURGED'; facts: PrinterFacts }
  | { type: 'ATTENDED' }
  | { type: 'EJECT' }
  | { type: 'CANCEL' }
  | { type: 'PAUSE' }
  | { type: 'RESUME' }
  | { type: 'DRAIN' };

export type PrinterEventType = PrinterEvent['type'];

const UNKNOWN_DEVICE: DeviceState = { booklet: 'unknown', blocking: [], waitingForOperator: false };

const present = (device: DeviceState) => device.booklet === 'present';

/** Effects: named here, carried out by the runner after the journal has what they rest on. */
const effect = () => undefined;

/**
 * With no page on its way a new session does no harm, and it asks the device afresh: the way out wherever what was last
 * heard of it is no longer true (a message got lost, a printer on a serial line was switched off).
 */
const ASK_AFRESH = {
  RETRY_CONNECT: '#printer.operation.connecting',
  ATTENDED: '#printer.operation.connecting',
} as const;

export const printerMachine = setup({
  types: { context: {} as PrinterContext, events: {} as PrinterEvent, input: {} as PrinterInput },
  delays: {
    reconnect: ({ context }) =>
      Math.min(
        context.delays.reconnectLongest,
        context.delays.reconnectFirst * 2 ** Math.min(16, Math.max(0, context.tries - 1)),
      ),
  },
  actions: {
    connect: effect,
    closeSession: effect,
    reconcile: effect,
    writeIntent: effect,
    send: effect,
    abort: effect,
    eject: effect,
    keepDevice: assign(({ event }) => ('device' in event && event.device ? { device: event.device } : {})),
    keepFacts: assign(({ event }) => ('facts' in event ? { facts: event.facts } : {})),
    keepIdentity: assign(({ event }) => (event.type === 'CONNECTED' ? { identity: event.identity } : {})),
    keepBinding: assign(({ context, event }) =>
      event.type === 'BOUND' ? { facts: { ...context.facts, binding: event.binding } } : {},
    ),
    forgetBinding: assign(({ context }) => ({ facts: { ...context.facts, binding: null } })),
    /** One rung further: what the device last said no longer holds, only what it said while refusing. */
    countFailure: assign(({ context, event }) => ({
      tries: context.tries + 1,
      lastFailure: 'reason' in event ? event.reason : event.type === 'OUTCOME' ? event.outcome : null,
      device: event.type === 'CONNECT_FAILED' && event.device ? event.device : UNKNOWN_DEVICE,
    })),
    forgetFailures: assign({ tries: 0, lastFailure: null, sessionLost: false }),
    loseSession: assign({ sessionLost: true, device: UNKNOWN_DEVICE }),
    bookletWentOut: assign({ bookletOut: true }),
    bookletMayBeIn: assign({ bookletOut: false }),
  },
  guards: {
    rightDevice: ({ context }) =>
      (context.expected.model === null || context.expected.model === context.identity?.model) &&
      (context.expected.serial === null || context.expected.serial === context.identity?.serial),
    failedBefore: ({ context }) => context.tries > 0,
    locked: ({ context }) => context.facts.lock !== null,
    owesReadBack: ({ context }) => context.facts.owesReadBack !== null,
    isBound: ({ context }) => context.facts.binding !== null,
    arrives: ({ context, event }) =>
      event.type === 'STATUS' &&
      present(event.device) &&
      !present(context.device) &&
      context.device.booklet !== 'unknown',
    leaves: ({ event }) => event.type === 'STATUS' && event.device.booklet === 'notPresent',
    /** Only where the sensor cannot have shown it: there is none, or the booklet lay inside before anybody looked. */
    insertionUnsensed: ({ context }) => !context.bookletSensor || context.device.booklet !== 'notPresent',
    removalUnsensed: ({ context }) => !context.bookletSensor || !present(context.device),
    nothingInside: ({ context }) => !present(context.device),
    admitted: stateIn({ admission: 'open' }),
    mayPrint: ({ context }) => context.device.blocking.length === 0,
    notHeld: ({ context }) => !context.device.waitingForOperator,
    readBackOwed: ({ event }) => 'facts' in event && event.facts.owesReadBack !== null,
    bookletIsOut: ({ context }) =>
      context.bookletOut || (context.bookletSensor && context.device.booklet === 'notPresent'),
    sessionWasLost: ({ context }) => context.sessionLost,
    printed: ({ event }) => event.type === 'OUTCOME' && event.outcome === 'printed',
    stillBound: ({ event }) => 'facts' in event && event.facts.binding !== null,
    lockSettled: ({ context }) =>
      context.facts.lock === null || (context.facts.lock.resolved !== null && context.facts.lock.deviceEmpty),
  },
}).createMachine({
  id: 'printer',
  context: ({ input }) => ({
    ...input,
    identity: null,
    device: UNKNOWN_DEVICE,
    tries: 0,
    lastFailure: null,
    bookletOut: false,
    sessionLost: false,
  }),
  type: 'parallel',
  states: {
    operation: {
      initial: 'disconnected',
      on: {
        // Facts that people add while the device is away, or in states that have no step of their own for them.
        RESOLVED: { actions: 'keepFacts' },
        PURGED: { actions: 'keepFacts' },
        READ_BACK: { actions: 'keepFacts' },
        UNBOUND: { actions: 'forgetBinding' },
        STATUS: { actions: 'keepDevice' },
      },
      states: {
        disconnected: {
          on: {
            START: 'connecting',
            RETRY_CONNECT: 'connecting',
            ATTENDED: 'connecting',
            PURGED: { target: 'connecting', actions: 'keepFacts' },
          },
          after: { reconnect: { target: 'connecting', guard: 'failedBefore' } },
        },
        connecting: {
          entry: 'connect',
          on: {
            CONNECTED: { target: 'identifying', actions: ['keepIdentity', 'keepDevice', 'forgetFailures'] },
            CONNECT_FAILED: { target: 'disconnected', actions: 'countFailure' },
          },
        },
        identifying: { always: [{ guard: 'rightDevice', target: 'reconciling' }, { target: 'wrongDevice' }] },
        wrongDevice: {
          entry: 'closeSession',
          on: { RETRY_CONNECT: 'connecting', DISCONNECTED: {} },
        },
        reconciling: {
          entry: 'reconcile',
          on: {
            RECONCILED: { target: 'deciding', actions: 'keepFacts' },
            DISCONNECTED: { target: 'disconnected', actions: 'countFailure' },
          },
        },
        deciding: {
          always: [
            { guard: 'locked', target: 'locked' },
            { guard: 'owesReadBack', target: 'readingBack' },
            { guard: 'isBound', target: 'awaitingBooklet' },
            { guard: 'nothingInside', target: 'idle' },
            { target: 'presenting' },
          ],
        },
        idle: {
          on: {
            ...ASK_AFRESH,
            // A booklet that lies inside already is nobody's: which one it is must be seen from outside first.
            BOUND: {
              guard: and(['admitted', 'mayPrint', 'notHeld', 'nothingInside']),
              target: 'awaitingBooklet',
              actions: 'keepBinding',
            },
            EJECT: { actions: 'eject' },
            DISCONNECTED: { target: 'disconnected', actions: 'countFailure' },
          },
        },
        awaitingBooklet: {
          entry: 'bookletMayBeIn',
          on: {
            ...ASK_AFRESH,
            STATUS: [{ guard: 'arrives', target: 'ready', actions: 'keepDevice' }, { actions: 'keepDevice' }],
            BOOKLET_INSERTED: { guard: 'insertionUnsensed', target: 'ready' },
            UNBOUND: [
              { guard: 'nothingInside', target: 'idle', actions: 'forgetBinding' },
              { target: 'presenting', actions: 'forgetBinding' },
            ],
            EJECT: { actions: 'eject' },
            DISCONNECTED: { target: 'disconnected', actions: 'countFailure' },
          },
        },
        ready: {
          on: {
            ...ASK_AFRESH,
            PRINT: { guard: and(['admitted', 'mayPrint']), target: 'printing' },
            STATUS: [{ guard: 'leaves', target: 'awaitingBooklet', actions: 'keepDevice' }, { actions: 'keepDevice' }],
            UNBOUND: { target: 'presenting', actions: 'forgetBinding' },
            EJECT: { actions: 'eject' },
            BOOKLET_REMOVED: { guard: 'removalUnsensed', target: 'awaitingBooklet' },
            DISCONNECTED: { target: 'disconnected', actions: 'countFailure' },
          },
        },
        printing: {
          initial: 'intending',
          entry: 'bookletMayBeIn',
          on: {
            OUTCOME: [
              {
                guard: and(['printed', 'sessionWasLost']),
                target: 'disconnected',
                actions: ['keepFacts', 'countFailure'],
              },
              { guard: 'printed', target: 'settling', actions: 'keepFacts' },
              // The driver has ended the session: only a fresh barrier shows that the device holds nothing.
              { target: 'disconnected', actions: ['keepFacts', 'countFailure'] },
            ],
            CANCEL: { actions: 'abort' },
            // The driver's own outcome follows and says what is known.
            DISCONNECTED: { actions: 'loseSession' },
            UNBOUND: {},
          },
          states: {
            intending: {
              entry: 'writeIntent',
              on: {
                INTENT_DURABLE: { target: 'sending', actions: 'send' },
                INTENT_REFUSED: [
                  {
                    guard: 'sessionWasLost',
                    target: '#printer.operation.disconnected',
                    actions: ['keepFacts', 'countFailure'],
                  },
                  { guard: 'stillBound', target: '#printer.operation.ready', actions: 'keepFacts' },
                  { target: '#printer.operation.presenting', actions: 'keepFacts' },
                ],
                CANCEL: {},
              },
            },
            sending: { on: { SENT: 'confirming', WAITING_FOR_OPERATOR: 'awaitingOperator.sending' } },
            awaitingOperator: {
              initial: 'sending',
              states: {
                sending: { on: { CONTINUING: '#printer.operation.printing.sending', SENT: 'confirming' } },
                confirming: { on: { CONTINUING: '#printer.operation.printing.confirming' } },
              },
            },
            confirming: { on: { WAITING_FOR_OPERATOR: 'awaitingOperator.confirming' } },
          },
        },
        settling: {
          always: [{ guard: 'owesReadBack', target: 'readingBack' }, { target: 'presenting' }],
        },
        readingBack: {
          on: {
            ...ASK_AFRESH,
            READ_BACK: [
              { guard: 'readBackOwed', actions: 'keepFacts' },
              { target: 'presenting', actions: 'keepFacts' },
            ],
            // A spoil also ends the wait for a read-back.
            RESOLVED: [
              { guard: 'readBackOwed', actions: 'keepFacts' },
              { target: 'presenting', actions: 'keepFacts' },
            ],
            STATUS: [{ guard: 'leaves', actions: ['keepDevice', 'bookletWentOut'] }, { actions: 'keepDevice' }],
            BOOKLET_REMOVED: { guard: 'removalUnsensed', actions: 'bookletWentOut' },
            EJECT: { actions: 'eject' },
            DISCONNECTED: { target: 'disconnected', actions: 'countFailure' },
          },
        },
        presenting: {
          always: { guard: 'bookletIsOut', target: 'idle' },
          on: {
            ...ASK_AFRESH,
            STATUS: { actions: 'keepDevice' },
            BOOKLET_REMOVED: { guard: 'removalUnsensed', target: 'idle' },
            EJECT: { actions: 'eject' },
            DISCONNECTED: { target: 'disconnected', actions: 'countFailure' },
          },
        },
        locked: {
          initial: 'inDoubt',
          states: { inDoubt: {} },
          always: { guard: 'lockSettled', target: 'unlocking' },
          on: {
            ...ASK_AFRESH,
            EJECT: { actions: 'eject' },
            DISCONNECTED: { target: 'disconnected', actions: 'countFailure' },
          },
        },
        unlocking: {
          entry: 'reconcile',
          on: {
            RECONCILED: [
              { guard: 'readBackOwed', target: 'readingBack', actions: 'keepFacts' },
              { guard: 'stillBound', target: 'awaitingBooklet', actions: 'keepFacts' },
              { target: 'presenting', actions: 'keepFacts' },
            ],
            DISCONNECTED: { target: 'disconnected', actions: 'countFailure' },
          },
        },
      },
    },
    admission: {
      initial: 'open',
      states: {
        open: { on: { PAUSE: 'paused', DRAIN: 'draining' } },
        paused: { on: { RESUME: 'open', DRAIN: 'draining' } },
        draining: {},
      },
    },
  },
});
