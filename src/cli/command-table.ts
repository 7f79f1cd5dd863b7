/** All commands: how they are typed, what they do, where they are. A command's code is loaded when it is called. */
import type { Command } from './command.ts';

export interface CommandEntry {
  /** The words that call it. */
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  load(): Promise<Command>;
}

/** Hides a command's own type of arguments: `read` and `run` of one command always go together. */
const entry = <Arguments>(
  name: string,
  usage: string,
  summary: string,
  load: () => Promise<{ readonly command: Command<Arguments> }>,
): CommandEntry => ({
  name,
  usage: `${name}${usage === '' ? '' : ` ${usage}`}`,
  summary,
  load: async () => (await load()).command as Command,
});

export const COMMANDS: readonly CommandEntry[] = [
  entry(
    'demo',
    '[--port N] [--data DIR] [--no-open]',
    'a whole simulated office on this machine: centre, printers, applicants, people',
    () => import('./commands/demo.ts'),
  ),
  entry(
    'serve',
    '-c FILE',
    'the service of one station; SIGTERM finishes or parks what is safe',
    () => import('./commands/serve.ts'),
  ),
  entry(
    'config check',
    '-c FILE',
    'names every fault of a station.yaml: where it stands and what is allowed',
    () => import('./commands/config-check.ts'),
  ),
  entry(
    'identity',
    '-c FILE',
    "the station's public key, to be enrolled at the centre; makes the key at the first call",
    () => import('./commands/identity.ts'),
  ),
  entry(
    'user',
    '(add NAME --role ROLE [--role ROLE]... --pin-stdin | list | disable NAME) -c FILE',
    'the people of the station; a PIN is the first line of standard input',
    () => import('./commands/user.ts'),
  ),
  entry(
    'submit',
    'RECORD.json... -c FILE [--priority normal|urgent|emergency --reason TEXT] [--family ID]',
    'takes records in, byte for byte; refuses each bad one with the path and the reason',
    () => import('./commands/submit.ts'),
  ),
  entry(
    'statements',
    '(import | export) FILE -c FILE',
    'takes in what the centre signed, or gives out what waits to be reported to it; FILE may be -',
    () => import('./commands/statements.ts'),
  ),
  entry(
    'status',
    'APPLICATION -c FILE',
    'what an applicant may be told, as one line: the stage and the expected day',
    () => import('./commands/status.ts'),
  ),
  entry(
    'journal',
    'rebuild-check -c FILE',
    'folds all entries of the journal anew and names every difference',
    () => import('./commands/journal.ts'),
  ),
  entry(
    'mock printer',
    '(--pty [--link PATH] | --tcp PORT) [--seed N] [--fault JSON]... [--pace realistic|quick] [--control SOCKET]',
    'a stand-alone simulated printer for test harnesses; JSON lines on standard input or the socket steer it',
    async () => ({ command: (await import('./commands/mock.ts')).printer }),
  ),
  entry(
    'mock centre',
    '[--port N] [--seed-dir DIR] [--policy manual|automatic] [--roots FILE] [--control SOCKET]',
    'a stand-alone simulated centre; says where it is and which roots to pin, and is steered in the same way',
    async () => ({ command: (await import('./commands/mock.ts')).centre }),
  ),
];
