import type { ConfirmStep } from '../../api/shapes.ts';
import { call } from '../client.ts';
import { type Act, ActButton, useAct } from '../parts/act.tsx';
import { has } from '../state/session.ts';
import { words } from '../words/words.ts';

const at = (printer: string, act: string): string => `/printers/${encodeURIComponent(printer)}/${act}`;

/** Tells the machine what no sensor tells. */
export const useConfirm = (printer: string): Act<ConfirmStep> =>
  useAct((step, key) => call('POST', at(printer, 'confirm'), { body: { step }, key }));

export type ControlName = 'cancel' | 'eject' | 'retry-connect' | 'pause' | 'resume';

/** Acts on the printer itself. */
export const useControl = (printer: string): Act<ControlName> =>
  useAct((name, key) => call('POST', at(printer, name), { key }));

/** Undoes a binding before anything was printed. */
export const useUnbind = (printer: string): Act<null> =>
  useAct((_, key) => call('DELETE', at(printer, 'bindings/current'), { key }));

export const useBind = (printer: string): Act<{ job: string; booklet: string }> =>
  useAct((body, key) => call('POST', at(printer, 'bindings'), { body, key }));

export const usePrint = (printer: string): Act<{ binding: string }> =>
  useAct((body, key) => call('POST', at(printer, 'print'), { body, key }));

/** The reason that stands beside an operator's act for everybody else. */
export const operatorRefusal = (): string | null => (has('operator') ? null : words.value.counter.operatorOnly);

/** Technicians may work on the printer itself, not on jobs. */
export const controlRefusal = (): string | null =>
  has('operator', 'technician') ? null : words.value.counter.operatorOnly;

/** "It is out", "It is inserted", ...: the button of a step that the machine asks a person for. */
export function ConfirmButton({
  act,
  step,
  label,
  look = 'next',
}: {
  readonly act: Act<ConfirmStep>;
  readonly step: ConfirmStep;
  readonly label: string;
  readonly look?: 'next' | 'plain';
}) {
  return (
    <ActButton look={look} busy={act.busy} onPress={() => void act.run(step)}>
      {label}
    </ActButton>
  );
}
