/** The real program in its own process: what a person at the machine and systemd do. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Said } from './terminal.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Runs a command to its end; `input: null` gives it a standard input that has ended already. */
export async function run(words: readonly string[], input: string | null = null): Promise<Said> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    stdio: [input === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, LANG: 'C', LC_ALL: 'C' },
  });
  const said = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said.err += text;
  });
  child.stdin?.end(input);
  const [code] = await once(child, 'close');
  return { code, out: said.out.trimEnd(), err: said.err.trimEnd() };
}

export interface Started {
  readonly child: ChildProcess;
  /** The one line that says that it is ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** The next line of standard output, as JSON. */
  next(): Promise<Readonly<Record<string, unknown>>>;
  /** Sends the signal and waits for the end. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** Starts a command that stays, and waits until it says that it is ready. It is gone when the test ends. */
export async function start(words: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [MAIN, ...words, ...(words[0] === 'mock' ? [] : ['--json'])], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse(String((await lines.next()).value));
  const end = (signal: 'SIGTERM' | 'SIGKILL') => {
    child.kill(signal);
    return ended;
  };
  return { child, ready: await next(), next, end };
}
