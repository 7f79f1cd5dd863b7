#!/usr/bin/env node
/**
 * Entry of the command line. The installed package may be started by a machine's own, older Node (`npx`, a global
 * install): the command then goes on in the Node that came along as the npm package `node`. Until that is settled
 * nothing newer than Node 18 may be used here.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;
const majorOf = (version: string): number => Number.parseInt(version, 10);

/** The executable of the npm package `node` beside this program, when it is new enough. */
function bundledNode(): string | null {
  try {
    const manifest = createRequire(import.meta.url).resolve('node/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    const executable = join(dirname(manifest), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return majorOf(version) >= NEEDED && existsSync(executable) ? executable : null;
  } catch {
    return null;
  }
}

/** Runs this same command line in another Node; its signals and its end are passed on. */
function continueIn(executable: string): void {
  const child = spawn(executable, [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    // A terminal's Ctrl-C reaches the child by itself; a second one would mean "at once".
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.on('error', (error) => {
    process.stderr.write(`PST-704 ${executable}: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exitCode = code ?? 1;
    else {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    }
  });
}

if (majorOf(process.versions.node) >= NEEDED) {
  const { main } = await import('./cli/command-line.ts');
  process.exitCode = await main(process.argv.slice(2));
} else {
  const executable = bundledNode();
  if (executable !== null) continueIn(executable);
  else {
    const { ERRORS } = await import('./domain/errors.ts');
    const { title, remedy } = ERRORS['PST-704'].en;
    process.stderr.write(`PST-704 ${title}: this is ${process.version}.\n${remedy}\n`);
    process.exitCode = 1;
  }
}
