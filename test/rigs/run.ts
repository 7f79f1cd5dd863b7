/**
 * `npm run test:rigs [NAME...]`: runs every `*.rig.ts` of this folder, each in a process of its own. What cannot run here
 * is named with the packages that it lacks, counted, and never counts as passed. `--packages` prints all packages.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Rig } from './rig.ts';

/** Milliseconds until a rig that hangs is ended. */
const DEADLINE = 8 * 60_000;

const load = async (name: string): Promise<Rig> => ((await import(`./${name}.rig.ts`)) as { rig: Rig }).rig;

function present(command: string): boolean {
  const places = isAbsolute(command)
    ? [command]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, command));
  return places.some((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function runAll(rigs: readonly (readonly [name: string, rig: Rig])[]): number {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, rig] of rigs) {
    const missing = rig.needs.filter(({ command }) => !present(command)).map(({ debian }) => debian);
    if (missing.length > 0) {
      count.skipped += 1;
      process.stdout.write(
        `SKIPPED ${name}: ${rig.proves}\n        missing: apt-get install --no-install-recommends ${missing.join(' ')}\n`,
      );
      continue;
    }
    process.stdout.write(`RUN     ${name}: ${rig.proves}\n`);
    const { status, signal } = spawnSync(process.execPath, [import.meta.filename, '--only', name], {
      stdio: 'inherit',
      timeout: DEADLINE,
    });
    if (status === 0) count.passed += 1;
    else count.failed += 1;
    process.stdout.write(
      `${status === 0 ? 'PASSED ' : 'FAILED '} ${name}${signal === null ? '' : ` (ended by ${signal})`}\n`,
    );
  }
  process.stdout.write(`rigs: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped\n`);
  return count.failed === 0 ? 0 : 1;
}

const { values, positionals } = parseArgs({
  options: { only: { type: 'string' }, packages: { type: 'boolean' } },
  allowPositionals: true,
});
if (values.only !== undefined) await (await load(values.only)).run();
else {
  const all = readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.rig.ts'))
    .map((file) => file.slice(0, -'.rig.ts'.length));
  const unknown = positionals.filter((name) => !all.includes(name));
  if (unknown.length > 0) throw new Error(`there is no rig ${unknown.join(', ')}; there are ${all.join(', ')}`);
  const names = positionals.length === 0 ? all : positionals;
  const rigs = await Promise.all(names.map(async (name) => [name, await load(name)] as const));
  if (values.packages === true) {
    const packages = new Set(rigs.flatMap(([, { needs }]) => needs.map(({ debian }) => debian)));
    process.stdout.write(`${[...packages].sort().join(' ')}\n`);
  } else process.exitCode = runAll(rigs);
}
