/** The documents beside the machines. Run by itself, it writes them: `node test/machines/diagrams.ts`. */
import { writeFileSync } from 'node:fs';
import type { AnyStateMachine } from 'xstate';
import { centralLinkMachine } from '../../machines/central-link.ts';
import { documentOf } from '../../machines/diagram.ts';
import { jobMachine } from '../../machines/job.ts';
import { printerMachine } from '../../machines/printer.ts';

export interface MachineDocument {
  readonly name: string;
  readonly machine: AnyStateMachine;
  readonly file: URL;
}

export const MACHINES: readonly MachineDocument[] = Object.entries({
  printer: printerMachine,
  job: jobMachine,
  'central-link': centralLinkMachine,
}).map(([name, machine]) => ({ name, machine, file: new URL(`../../machines/${name}.md`, import.meta.url) }));

export const textOf = ({ name, machine }: MachineDocument): string => documentOf(machine, `${name}.ts`);

if (import.meta.main) for (const document of MACHINES) writeFileSync(document.file, textOf(document));
