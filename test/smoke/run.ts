/**
 * `npm run test:smoke`: the README's second command as a person types it. Starts `npm start`, waits for the address that
 * it prints, fetches the health answer and the console page with all that it refers to, ends it by its process id, and
 * wants a clean end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START_WITHIN = 60_000;
const END_WITHIN = 20_000;

const within = <Value>(promise: Promise<Value>, milliseconds: number, what: string): Promise<Value> =>
  Promise.race([
    promise,
    new Promise<never>((_, reject) => {
      setTimeout(() => reject(new Error(`${what} within ${milliseconds / 1000} s`)), milliseconds).unref();
    }),
  ]);

/** The first loopback address on standard output. */
const printedAddress = (child: ChildProcess, said: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    child.stdout?.on('data', (bytes: Buffer) => {
      said.push(String(bytes));
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(said.join(''));
      if (address !== null) resolve(address[0]);
    });
    child.stderr?.on('data', (bytes: Buffer) => said.push(String(bytes)));
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it printed an address`)));
  });

async function fetched(url: string, type: string): Promise<string> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const text = await response.text();
  const given = response.headers.get('content-type') ?? '';
  if (response.status !== 200 || !given.includes(type)) throw new Error(`${url}: ${response.status} ${given}`);
  if (text === '') throw new Error(`${url} is empty`);
  return text;
}

async function lookAt(address: string): Promise<number> {
  await fetched(`${address}/healthz`, '');
  const page = await fetched(`${address}/`, 'text/html');
  const parts = [...page.matchAll(/(?:src|href)="(\.?\/[^"]+\.(?:js|css))"/g)].map(([, path = '']) => path);
  if (!page.includes('id="console"') || parts.length === 0) throw new Error('the page at / is not the console');
  for (const path of parts) await fetched(new URL(path, address).href, path.endsWith('.js') ? 'javascript' : 'css');
  return parts.length;
}

/** Resolves when no process of the group is left. */
async function gone(): Promise<void> {
  for (;;) {
    try {
      process.kill(-(child.pid as number), 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const started = performance.now();
const said: string[] = [];
const child = spawn('npm', ['start', '--', '--port', '0', '--no-open'], {
  cwd: ROOT,
  stdio: ['ignore', 'pipe', 'pipe'],
  // A process group of its own, so that it can be ended as a terminal's Ctrl+C ends it: npm, its shell and the program.
  detached: true,
});
function endAll(signal: NodeJS.Signals): void {
  try {
    process.kill(-(child.pid as number), signal);
  } catch {
    // All of it has ended already.
  }
}
const ended = new Promise<string>((resolve) => child.once('exit', (code, signal) => resolve(signal ?? String(code))));
try {
  const address = await within(printedAddress(child, said), START_WITHIN, 'no address');
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const parts = await lookAt(address);
  endAll('SIGINT');
  const end = await within(ended, END_WITHIN, 'did not end after Ctrl+C');
  // npm says that it was interrupted, which is no fault; what counts is that nothing of it is left.
  if (end !== '0' && end !== 'SIGINT' && end !== '130') throw new Error(`ended with ${end}`);
  await within(gone(), END_WITHIN, 'the office still runs after Ctrl+C');
  process.stdout.write(`smoke: ${address} after ${seconds} s, healthy, console with ${parts} files, clean end\n`);
} catch (error) {
  endAll('SIGKILL');
  process.stderr.write(`${said.join('')}\nsmoke: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
