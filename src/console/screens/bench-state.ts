import { signal } from '@preact/signals';
import { type Answer, call, get } from '../client.ts';

/** The simulated office as the bench tells it: hands, hazards and the centre. Only on a simulated station. */

export interface BenchPrinter {
  readonly id: string;
  readonly powered: boolean;
  readonly coverOpen: boolean;
  readonly booklet: { readonly number: string } | null;
  readonly deviceState: 'online' | 'stop' | 'error';
  readonly plugged: boolean;
}

export interface BenchState {
  readonly printers: readonly BenchPrinter[];
  readonly centre: { readonly state: 'up' | 'down' | 'slow'; readonly pending: readonly string[] };
  readonly trays: readonly string[];
}

export const bench = signal<BenchState | null>(null);
/** Grows whenever the page on a booklet may look different. */
export const pictureAge = signal(0);

export async function loadBench(): Promise<void> {
  const answer = await get<BenchState>('/bench');
  if (answer.ok) bench.value = answer.value.body;
}

export const HANDS = [
  'insert-booklet',
  'remove-booklet',
  'press-start',
  'press-stop',
  'close-cover',
  'clear-jam',
  'clear-error',
  'power-on',
  'replug',
] as const;
export const HAZARDS = ['open-cover', 'jam', 'power-off', 'unplug'] as const;
export type BenchAct = (typeof HANDS)[number] | (typeof HAZARDS)[number];

/** Whether hands could do this now: an act without effect is not offered. */
export function possible(printer: BenchPrinter, act: BenchAct): boolean {
  switch (act) {
    case 'insert-booklet':
      return printer.booklet === null;
    case 'remove-booklet':
      return printer.booklet !== null;
    case 'open-cover':
      return !printer.coverOpen;
    case 'close-cover':
      return printer.coverOpen;
    case 'press-stop':
      return printer.powered && printer.deviceState === 'online';
    case 'press-start':
      return printer.powered && printer.deviceState === 'stop';
    case 'clear-error':
    case 'clear-jam':
      return printer.powered && printer.deviceState === 'error';
    case 'jam':
      return printer.powered && printer.deviceState !== 'error';
    case 'power-off':
      return printer.powered;
    case 'power-on':
      return !printer.powered;
    case 'unplug':
      return printer.plugged;
    case 'replug':
      return !printer.plugged;
    default: {
      const missing: never = act;
      return missing;
    }
  }
}

export const doAtPrinter = (
  printer: string,
  body: { do: BenchAct; number?: string },
  key: string,
): Promise<Answer<unknown>> => call('POST', `/bench/printers/${encodeURIComponent(printer)}`, { body, key });

export type CentreAct = 'up' | 'down' | 'slow' | 'approve' | 'approve-all' | 'reject' | 'revoke';

export const doAtCentre = (body: { do: CentreAct; application?: string }, key: string): Promise<Answer<unknown>> =>
  call('POST', '/bench/centre', { body, key });
