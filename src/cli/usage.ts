/** `passport-station help` and what is said after wrong usage. */
import type { CommandEntry } from './command-table.ts';

const END = `Every command takes --json for machine-readable output and --help.
Exit codes: 0 done, 1 refused or failed, with a coded message (PST-NNN) on standard error, 2 wrong usage.`;

export function helpText(commands: readonly CommandEntry[]): string {
  const lines = commands.map(({ usage, summary }) => `  ${usage}\n      ${summary}`);
  return ['passport-station COMMAND ...', '', ...lines, '', '  help | --version', '', END].join('\n');
}

export const usageOf = ({ usage, summary }: CommandEntry): string =>
  `passport-station ${usage}\n    ${summary}\n\n${END}`;
