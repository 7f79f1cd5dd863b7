import { Readable } from 'node:stream';
import { runCommandLine } from '../../src/cli/command-line.ts';
import type { Terminal } from '../../src/cli/terminal.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, with a terminal that only listens. */
export async function typed(words: readonly string[], more: Partial<Terminal> = {}): Promise<Said> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await runCommandLine(words, {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    redraw: () => undefined,
    input: Readable.from([]),
    watched: false,
    language: 'en',
    stopped: () => new Promise(() => {}),
    user: 'tester',
    ...more,
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}
