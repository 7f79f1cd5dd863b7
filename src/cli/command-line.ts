/** `passport-station COMMAND ...`: finds the command, runs it, and turns whatever it ends with into an exit code. */
import { userInfo } from 'node:os';
import { problem, Refusal } from '../domain/errors.ts';
import { type ExitCode, UsageFault } from './command.ts';
import { COMMANDS, type CommandEntry } from './command-table.ts';
import { printProblem, type Terminal } from './terminal.ts';
import { helpText, usageOf } from './usage.ts';
import { version } from './version.ts';

/** The command line of this process. */
export const main = (words: readonly string[]): Promise<ExitCode> => runCommandLine(words, processTerminal());

export async function runCommandLine(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const json = beforeEnd(words).includes('--json');
  if (words[0] === '--version' || words[0] === 'version') {
    terminal.out(json ? JSON.stringify({ version: version(), node: process.version }) : version());
    return 0;
  }
  const entry = COMMANDS.find(({ name }) => name.split(' ').every((word, index) => words[index] === word));
  if (asksForHelp(words)) {
    const asked = words[0] === 'help' ? COMMANDS.find(({ name }) => name === words.slice(1).join(' ')) : entry;
    terminal.out(asked === undefined ? helpText(COMMANDS) : usageOf(asked));
    return 0;
  }
  try {
    if (entry === undefined) throw new UsageFault(unknown(words));
    const command = await entry.load();
    return await command.run(command.read(words.slice(entry.name.split(' ').length)), terminal);
  } catch (error) {
    return ended(error, entry, terminal, json);
  }
}

const beforeEnd = (words: readonly string[]): readonly string[] => {
  const end = words.indexOf('--');
  return end === -1 ? words : words.slice(0, end);
};

const asksForHelp = (words: readonly string[]): boolean =>
  words[0] === 'help' || beforeEnd(words).some((word) => word === '--help' || word === '-h');

function unknown(words: readonly string[]): string {
  const [first] = words;
  if (first === undefined) return 'a command is missing';
  const group = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  if (group.length === 0) return `there is no command "${first}"`;
  return `after "${first}" comes ${group.map(({ name }) => `"${name.slice(first.length + 1)}"`).join(' or ')}`;
}

function ended(error: unknown, entry: CommandEntry | undefined, terminal: Terminal, json: boolean): ExitCode {
  if (error instanceof UsageFault) {
    printProblem(problem('PST-703', error.message), terminal, json);
    if (!json) terminal.err(`\n${entry === undefined ? helpText(COMMANDS) : usageOf(entry)}`);
    return 2;
  }
  if (error instanceof Refusal) printProblem(error.problem, terminal, json);
  else {
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    printProblem(problem('PST-706', detail), terminal, json);
    if (error instanceof Error && process.env.PASSPORT_STATION_DEBUG !== undefined) terminal.err(error.stack ?? '');
  }
  return 1;
}

function processTerminal(): Terminal {
  // A reader that has seen enough (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  const locale = process.env.LC_ALL || process.env.LC_MESSAGES || process.env.LANG || '';
  return {
    out: (line) => void process.stdout.write(`${line}\n`),
    err: (line) => void process.stderr.write(`${line}\n`),
    // ECMA-48: CR, then EL 2 (erase the line).
    redraw: (line) => void process.stderr.write(`\r\u001b[2K${line}`),
    input: process.stdin,
    watched: process.stderr.isTTY === true,
    language: /^id(_|\.|$)/.test(locale) ? 'id' : 'en',
    stopped: () =>
      new Promise((resolve) => {
        for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve());
      }),
    user: userName(),
  };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user id without a name.
    return String(process.getuid?.() ?? 'unknown');
  }
}
