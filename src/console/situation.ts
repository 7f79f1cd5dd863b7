import type { Printer } from '../api/shapes.ts';

/**
 * What stands before the operator at one printer, decided from the machine's state and nothing else. The switch is
 * exhaustive over `PRINTER_STATES`: a new state of machines/printer.ts fails the test that compares the two lists, and
 * without a branch here it does not compile.
 */

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
export type PrinterState = (typeof PRINTER_STATES)[number];

/** How loud a situation may be: grey, quiet, "this is the next act", soon, act now. */
export type Tone = 'off' | 'calm' | 'next' | 'soon' | 'now';

/** What keeps a printer from going on; every one has its own steps for the operator's hands. */
export const CAUSES = [
  'media-jam',
  'cover-open',
  'booklet-inside',
  'media-needed',
  'media-empty',
  'stopped-by-operator',
  'marker-supply-empty',
  'timed-out',
  'other',
] as const;
export type Cause = (typeof CAUSES)[number];

export type PrintingPhase = 'intending' | 'sending' | 'confirming';

export type Situation =
  | { readonly kind: 'disconnected'; readonly trying: boolean; readonly asked: boolean }
  | { readonly kind: 'starting'; readonly phase: 'connecting' | 'identifying' | 'reconciling' }
  | { readonly kind: 'wrong-device' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'free' }
  | { readonly kind: 'attention'; readonly causes: readonly Cause[]; readonly asked: boolean }
  | { readonly kind: 'insert'; readonly causes: readonly Cause[]; readonly asked: boolean }
  | { readonly kind: 'print'; readonly causes: readonly Cause[]; readonly paused: boolean }
  | { readonly kind: 'printing'; readonly phase: PrintingPhase; readonly fraction: number | null }
  | { readonly kind: 'waiting'; readonly causes: readonly Cause[]; readonly asked: boolean }
  | { readonly kind: 'read-back'; readonly asked: boolean }
  | { readonly kind: 'remove'; readonly asked: boolean }
  | {
      readonly kind: 'in-doubt';
      readonly connected: boolean;
      /** The machine asks that the device be switched off and on with no booklet inside. */
      readonly purge: boolean;
      readonly resolved: 'printed' | 'blank' | 'spoiled' | null;
    }
  /** A state that this page does not know: the station is newer than the page. */
  | { readonly kind: 'unknown'; readonly state: string };

const isPrinterState = (state: string): state is PrinterState => (PRINTER_STATES as readonly string[]).includes(state);

const isCause = (keyword: string): keyword is Cause => (CAUSES as readonly string[]).includes(keyword);

/** Reasons that are no task for the operator's hands, or have a situation of their own. */
const SILENT = new Set(['connecting-to-device', 'marker-supply-low']);

/** Several words of RFC 8011 for one thing at the counter: the device's own STOP. */
const SAME_CAUSE: Readonly<Record<string, Cause>> = { paused: 'stopped-by-operator' };

/**
 * What calls for hands, worst first, each once: `errors` are what blocks the next step, `all` also what a warning
 * names. A booklet inside counts only where nobody bound one.
 */
function causesOf(printer: Printer, which: 'errors' | 'all', unbound = false): readonly Cause[] {
  const causes = printer.reasons
    .filter(({ severity }) => severity === 'error' || (which === 'all' && severity === 'warning'))
    .filter(({ keyword }) => !SILENT.has(keyword))
    .map(({ keyword }) => SAME_CAUSE[keyword] ?? (isCause(keyword) ? keyword : 'other'));
  if (printer.booklet === 'jammed') causes.push('media-jam');
  if (unbound && printer.booklet === 'present') causes.push('booklet-inside');
  const jammed = causes.includes('media-jam');
  // Freeing a jam ends with closing the cover.
  return CAUSES.filter((cause) => causes.includes(cause) && !(jammed && cause === 'cover-open'));
}

/** Chooses the one situation of a printer. */
export function situationOf(printer: Printer): Situation {
  const { state } = printer;
  if (!isPrinterState(state)) return { kind: 'unknown', state };
  const retrying = printer.recovery.tries > 0;
  switch (state) {
    case 'disconnected':
      return { kind: 'disconnected', trying: false, asked: printer.asks.includes('attended') };
    case 'connecting':
    case 'identifying':
    case 'reconciling':
      // Between two tries of the recovery ladder the picture must not flicker.
      if (retrying) return { kind: 'disconnected', trying: true, asked: false };
      return { kind: 'starting', phase: state };
    case 'wrongDevice':
      return { kind: 'wrong-device' };
    case 'idle':
      return printer.paused ? { kind: 'paused' } : { kind: 'free' };
    case 'attention':
      return {
        kind: 'attention',
        causes: causesOf(printer, 'all', true),
        asked: printer.asks.includes('attended') || printer.asks.includes('booklet-removed'),
      };
    case 'awaitingBooklet':
      return {
        kind: 'insert',
        causes: causesOf(printer, 'errors').filter((cause) => cause !== 'media-needed' && cause !== 'media-empty'),
        asked: printer.asks.includes('booklet-inserted'),
      };
    case 'ready':
      return { kind: 'print', causes: causesOf(printer, 'errors'), paused: printer.paused };
    case 'printing.intending':
      return { kind: 'printing', phase: 'intending', fraction: null };
    case 'printing.sending':
      return { kind: 'printing', phase: 'sending', fraction: fractionOf(printer) };
    case 'printing.confirming':
      return { kind: 'printing', phase: 'confirming', fraction: 1 };
    case 'printing.awaitingOperator':
      return { kind: 'waiting', causes: causesOf(printer, 'all'), asked: printer.asks.includes('attended') };
    case 'readingBack':
      return { kind: 'read-back', asked: printer.asks.includes('booklet-removed') };
    case 'presenting':
      return { kind: 'remove', asked: printer.asks.includes('booklet-removed') };
    case 'locked.inDoubt':
      return {
        kind: 'in-doubt',
        connected: !printer.reasons.some((reason) => reason.keyword === 'connecting-to-device'),
        purge: printer.asks.includes('purged'),
        resolved: printer.lock?.resolved ?? null,
      };
    default:
      return neverReached(state);
  }
}

/** Does not compile while a case is missing. */
const neverReached = (value: never): never => {
  throw new Error(`no situation for ${String(value)}`);
};

function fractionOf(printer: Printer): number | null {
  const { progress } = printer;
  if (progress === null || progress.bytesTotal <= 0) return null;
  return Math.min(1, progress.bytesAccepted / progress.bytesTotal);
}

/** How loud the situation is. */
export function toneOf(situation: Situation): Tone {
  switch (situation.kind) {
    case 'disconnected':
      return situation.asked ? 'soon' : 'off';
    case 'starting':
    case 'paused':
      return 'off';
    case 'free':
      return 'calm';
    case 'printing':
      return 'calm';
    case 'insert':
    case 'print':
      return situation.causes.length > 0 ? 'soon' : 'next';
    case 'read-back':
    case 'remove':
      return 'next';
    case 'attention':
    case 'wrong-device':
    case 'unknown':
      return 'soon';
    case 'waiting':
      return 'now';
    case 'in-doubt':
      return situation.resolved === null ? 'now' : 'soon';
    default:
      return neverReached(situation);
  }
}

/** The five steps of the main path at the counter. */
export const STEPS = ['scan', 'insert', 'print', 'read-back', 'remove'] as const;
export type Step = (typeof STEPS)[number];

/** Which step the operator stands at, `null` where the main path is interrupted or has not begun. */
export function stepOf(situation: Situation): Step | null {
  switch (situation.kind) {
    case 'free':
      return 'scan';
    case 'insert':
      return 'insert';
    case 'print':
    case 'printing':
    case 'waiting':
      return 'print';
    case 'read-back':
      return 'read-back';
    case 'remove':
      return 'remove';
    case 'disconnected':
    case 'starting':
    case 'wrong-device':
    case 'paused':
    case 'attention':
    case 'in-doubt':
    case 'unknown':
      return null;
    default:
      return neverReached(situation);
  }
}

const URGENCY: Record<Tone, number> = { now: 0, soon: 1, off: 2, next: 3, calm: 4 };

/** Most urgent first, then by id. */
export const byUrgency = (a: Printer, b: Printer): number =>
  URGENCY[toneOf(situationOf(a))] - URGENCY[toneOf(situationOf(b))] || a.id.localeCompare(b.id);

/** The printer that owns the top band, `null` where there is none. */
export const worstOf = (printers: readonly Printer[]): Printer | null => printers.toSorted(byUrgency)[0] ?? null;
