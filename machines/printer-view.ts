import type { SnapshotFrom } from 'xstate';
import type { DeviceState, Lock, printerMachine } from './printer.ts';

/** How a printer's state is told outward (station.md, `GET /printers`). */

export type PrinterSnapshot = SnapshotFrom<typeof printerMachine>;

export const PRINTER_STATES = [
  'disconnected',
  'connecting',
  'identifying',
  'reconciling',
  'wrongDevice',
  'idle',
  'attention',
  'awaitingBooklet',
  'ready',
  'printing.intending',
  'printing.sending',
  'printing.awaitingOperator',
  'printing.confirming',
  'readingBack',
  'presenting',
  'locked.inDoubt',
] as const;
export type PrinterStateName = (typeof PRINTER_STATES)[number];

export type ConfirmStepName = 'booklet-inserted' | 'booklet-removed' | 'purged' | 'attended';

/** The machine's own state, dotted, below `operation`. */
export function operationOf(snapshot: PrinterSnapshot): string {
  const parts: string[] = [];
  let value: unknown = (snapshot.value as { operation: unknown }).operation;
  while (typeof value === 'object' && value !== null) {
    const [key, inner] = Object.entries(value)[0] as [string, unknown];
    parts.push(key);
    value = inner;
  }
  parts.push(String(value));
  return parts.join('.');
}

export const admissionOf = (snapshot: PrinterSnapshot): 'open' | 'paused' | 'draining' =>
  (snapshot.value as { admission: 'open' | 'paused' | 'draining' }).admission;

/**
 * Until people have found out what became of the attempt, and then until the device is shown to hold nothing of it. An
 * attempt that the driver itself knows as not printed (`blank` with the device not shown empty) was never in doubt.
 */
const standsOpen = (lock: Lock): boolean => lock.resolved === null || (lock.resolved !== 'blank' && !lock.deviceEmpty);

const needsHands = (device: DeviceState): boolean => device.blocking.length > 0 || device.waitingForOperator;

/** The worst wins: an open lock is what people must see first, also while the device is away. */
export function printerState(snapshot: PrinterSnapshot): PrinterStateName {
  const operation = operationOf(snapshot);
  const { lock } = snapshot.context.facts;
  if (lock !== null && !operation.startsWith('printing') && standsOpen(lock)) return 'locked.inDoubt';
  if (operation.startsWith('printing.awaitingOperator')) return 'printing.awaitingOperator';
  switch (operation) {
    case 'idle':
      return needsHands(snapshot.context.device) || snapshot.context.device.booklet === 'present'
        ? 'attention'
        : 'idle';
    case 'deciding':
    case 'unlocking':
      return 'reconciling';
    case 'settling':
      return 'presenting';
    default:
      return operation as PrinterStateName;
  }
}

/** What only a person can tell the machine now. */
export function printerAsks(snapshot: PrinterSnapshot): ConfirmStepName[] {
  const { context } = snapshot;
  const operation = operationOf(snapshot);
  const asks: ConfirmStepName[] = [];
  if (snapshot.can({ type: 'BOOKLET_INSERTED' }) && operation === 'awaitingBooklet') asks.push('booklet-inserted');
  if (snapshot.can({ type: 'BOOKLET_REMOVED' })) asks.push('booklet-removed');
  const away = context.tries > 0 && (operation === 'disconnected' || operation === 'connecting');
  if (context.facts.lock !== null && !context.facts.lock.deviceEmpty && away) asks.push('purged');
  const held = ['idle', 'awaitingBooklet', 'ready'].includes(operation) && needsHands(context.device);
  if (held || printerState(snapshot) === 'attention' || (operation === 'disconnected' && away)) asks.push('attended');
  return asks;
}
