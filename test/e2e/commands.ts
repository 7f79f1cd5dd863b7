/** The program as people start it: real processes, real files, JSON lines. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** Runs a command to its end; rejects with what it wrote where it fails. */
export async function run(words: readonly string[], input = ''): Promise<string> {
  const running = promisify(execFile)(process.execPath, [MAIN, ...words], { maxBuffer: 64 * 1024 * 1024 });
  running.child.stdin?.end(input);
  return (await running).stdout;
}

export interface Running {
  readonly process: ChildProcess;
  /** The JSON line with which it said that it is ready. */
  readonly ready: Record<string, unknown>;
  /** Everything that it wrote to standard error so far. */
  errors(): string;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

/** Starts a command that stays, and waits for its `{"ready":true,...}`. */
export async function start(words: readonly string[]): Promise<Running> {
  const child = spawn(process.execPath, [MAIN, ...words], { stdio: ['pipe', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (bytes: Buffer) => errors.push(bytes.toString()));
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const ready = new Promise<Record<string, unknown>>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return;
      const said = JSON.parse(line) as Record<string, unknown>;
      if (said.ready === true) resolve(said);
    });
    void ended.then(([code]) => reject(new Error(`${words.join(' ')} ended with ${code}: ${errors.join('')}`)));
  });
  return {
    process: child,
    ready: await ready,
    errors: () => errors.join(''),
    async stop() {
      child.kill('SIGTERM');
      const [code] = await ended;
      return code;
    },
  };
}

/** A JSON-lines control socket: one line asked, one line answered. */
export async function steer(path: string): Promise<{
  ask(command: Record<string, unknown>): Promise<Record<string, unknown>>;
  close(): void;
}> {
  const socket = connect(path);
  await once(socket, 'connect');
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: socket }).on('line', (line) => waiting.shift()?.(line));
  return {
    ask: (command) =>
      new Promise((resolve) => {
        waiting.push((line) => resolve(JSON.parse(line) as Record<string, unknown>));
        socket.write(`${JSON.stringify(command)}\n`);
      }),
    close: () => socket.destroy(),
  };
}
