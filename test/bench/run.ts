/**
 * `npm run bench [NAME...] [--quick]`: every benchmark of this folder, one after the other. Each prints one JSON line per
 * figure with the ratio to its baseline of the same run. `--quick` sets BENCH_QUICK=1: fewer rounds, same figures.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({ options: { quick: { type: 'boolean' } }, allowPositionals: true });
const all = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
  .map((file) => file.slice(0, -3));
const unknown = positionals.filter((name) => !all.includes(name));
if (unknown.length > 0) throw new Error(`there is no benchmark ${unknown.join(', ')}; there are ${all.join(', ')}`);

const failed: string[] = [];
for (const name of positionals.length === 0 ? all : positionals) {
  const { status, stdout } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], {
    env: { ...process.env, ...(values.quick === true ? { BENCH_QUICK: '1' } : {}) },
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    timeout: 10 * 60_000,
  });
  process.stdout.write(stdout);
  if (status !== 0 || !stdout.split('\n').some((line) => line.startsWith('{'))) failed.push(name);
}
if (failed.length > 0) throw new Error(`no figure from ${failed.join(', ')}`);
