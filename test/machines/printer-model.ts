/** What can happen to a printer: the inputs it may start with, and the events of each situation in sensible forms. */
import type { SnapshotFrom } from 'xstate';
import {
  type DeviceState,
  type PrinterEvent,
  type PrinterFacts,
  type PrinterInput,
  printerMachine,
  type Resolution,
} from '../../machines/printer.ts';
import { operationOf } from '../../machines/printer-view.ts';
import { type Exploration, statesIn } from './exploration.ts';

export type Printer = typeof printerMachine;
type Snapshot = SnapshotFrom<Printer>;

const NOTHING: PrinterFacts = { lock: null, binding: null, owesReadBack: null };
const lock = (resolved: Resolution | null, deviceEmpty: boolean) => ({ attempt: 'a1', resolved, deviceEmpty });

/** What the journal may hold when the station starts. */
const STARTS: readonly PrinterFacts[] = [
  NOTHING,
  { ...NOTHING, binding: 'b1' },
  { ...NOTHING, owesReadBack: 'a1' },
  { ...NOTHING, lock: lock(null, false) },
  { ...NOTHING, lock: lock(null, true) },
  { ...NOTHING, lock: lock('spoiled', false) },
  // Not printed, but nothing has yet shown that the device is empty.
  { ...NOTHING, lock: lock('blank', false), binding: 'b1' },
];

const inputOf = (facts: PrinterFacts, bookletSensor: boolean): PrinterInput => ({
  facts,
  expected: { model: 'right', serial: null },
  bookletSensor,
  delays: { reconnectFirst: 500, reconnectLongest: 30_000 },
});

/** The journal takes the lock away when both are there, in either order. */
const settled = (facts: PrinterFacts): PrinterFacts =>
  facts.lock?.resolved != null && facts.lock.deviceEmpty ? { ...facts, lock: null } : facts;

const shownEmpty = (facts: PrinterFacts): PrinterFacts =>
  facts.lock === null ? facts : settled({ ...facts, lock: { ...facts.lock, deviceEmpty: true } });

/** What people may decide about these facts. `blank` needs the empty device first. */
function decisions(facts: PrinterFacts): PrinterFacts[] {
  const { lock: open } = facts;
  if (open === null || open.resolved !== null)
    return facts.owesReadBack === null ? [] : [{ ...facts, owesReadBack: null }];
  const say = (resolved: Resolution, more: Partial<PrinterFacts>) =>
    settled({ ...facts, ...more, lock: { ...open, resolved } });
  return [
    say('printed', { binding: null, owesReadBack: 'a1' }),
    say('printed', { binding: null }),
    say('spoiled', { binding: null }),
    ...(open.deviceEmpty ? [say('blank', { binding: 'b1' })] : []),
  ];
}

const device = (booklet: DeviceState['booklet'], ...blocking: string[]): DeviceState => ({
  booklet,
  blocking,
  waitingForOperator: false,
});

const devicesOf = (sensor: boolean): readonly DeviceState[] =>
  sensor
    ? [device('present'), device('notPresent'), device('unknown'), device('jammed', 'media-jam')]
    : [device('unknown'), device('unknown', 'cover-open')];

const TIMER = 'xstate.after.reconnect.printer.operation.disconnected';

/** One list for each kind of event, so that none can be forgotten: the compiler asks for every member. */
const forms = ({ context }: Snapshot): { [Type in PrinterEvent['type']]: Extract<PrinterEvent, { type: Type }>[] } => {
  const { facts, bookletSensor } = context;
  const devices = devicesOf(bookletSensor);
  const right = { model: 'right', serial: 'S1' };
  return {
    START: [{ type: 'START' }],
    CONNECTED: [
      ...devices.map((found) => ({ type: 'CONNECTED' as const, identity: right, device: found })),
      { type: 'CONNECTED', identity: { model: 'wrong', serial: 'S2' }, device: devices[0]! },
    ],
    CONNECT_FAILED: [
      { type: 'CONNECT_FAILED', reason: 'no-answer', device: null },
      { type: 'CONNECT_FAILED', reason: 'no-answer', device: devices.at(-1)! },
    ],
    DISCONNECTED: [{ type: 'DISCONNECTED', reason: 'unplugged' }],
    RETRY_CONNECT: [{ type: 'RETRY_CONNECT' }],
    // A barrier that was answered shows that the device holds nothing; a device without one shows nothing.
    RECONCILED: [
      { type: 'RECONCILED', facts: shownEmpty(facts) },
      { type: 'RECONCILED', facts },
    ],
    STATUS: devices.map((found) => ({ type: 'STATUS', device: found })),
    BOUND: [{ type: 'BOUND', binding: 'b1' }],
    UNBOUND: [{ type: 'UNBOUND' }],
    PRINT: [{ type: 'PRINT' }],
    INTENT_DURABLE: [{ type: 'INTENT_DURABLE' }],
    INTENT_REFUSED: [
      { type: 'INTENT_REFUSED', facts: { ...NOTHING, binding: 'b1' } },
      { type: 'INTENT_REFUSED', facts: NOTHING },
    ],
    SENT: [{ type: 'SENT' }],
    WAITING_FOR_OPERATOR: [{ type: 'WAITING_FOR_OPERATOR' }],
    CONTINUING: [{ type: 'CONTINUING' }],
    OUTCOME: [
      { type: 'OUTCOME', outcome: 'printed', facts: { ...NOTHING, owesReadBack: 'a1' } },
      { type: 'OUTCOME', outcome: 'printed', facts: NOTHING },
      { type: 'OUTCOME', outcome: 'not-printed', facts: { ...NOTHING, lock: lock('blank', false), binding: 'b1' } },
      { type: 'OUTCOME', outcome: 'not-printed', facts: { ...NOTHING, binding: 'b1' } },
      { type: 'OUTCOME', outcome: 'unknown', facts: { ...NOTHING, lock: lock(null, false) } },
    ],
    READ_BACK: [
      { type: 'READ_BACK', facts },
      { type: 'READ_BACK', facts: { ...facts, owesReadBack: null } },
    ],
    RESOLVED: [facts, ...decisions(facts)].map((next) => ({ type: 'RESOLVED', facts: next })),
    BOOKLET_INSERTED: [{ type: 'BOOKLET_INSERTED' }],
    BOOKLET_REMOVED: [{ type: 'BOOKLET_REMOVED' }],
    PURGED: [{ type: 'PURGED', facts: shownEmpty(facts) }],
    ATTENDED: [{ type: 'ATTENDED' }],
    EJECT: [{ type: 'EJECT' }],
    CANCEL: [{ type: 'CANCEL' }],
    PAUSE: [{ type: 'PAUSE' }],
    RESUME: [{ type: 'RESUME' }],
    DRAIN: [{ type: 'DRAIN' }],
  };
};

export const printerExploration: Exploration<Printer> = {
  machine: printerMachine,
  inputs: STARTS.flatMap((facts) => [inputOf(facts, true), inputOf(facts, false)]),
  events: (snapshot) => [...Object.values(forms(snapshot)).flat(), { type: TIMER } as unknown as PrinterEvent],
  alike: ({ value, context }) => {
    const { facts, device: seen, tries, bookletOut, bookletSensor, sessionLost } = context;
    const operation = operationOf({ value } as Snapshot);
    // Which device answered matters only in the moment; whether the booklet went out, only where it is waited for.
    const known = [
      bookletSensor,
      operation === 'disconnected' && tries > 0,
      operation.startsWith('printing') && sessionLost,
      ['readingBack', 'reconciling', 'disconnected', 'connecting'].includes(operation) && bookletOut,
    ];
    return JSON.stringify([statesIn(value), facts, seen.booklet, seen.blocking.length, ...known]);
  },
};
