/** A station on this machine's disk for benchmarks: real journal and key, the simulated centre's bundle in force, the time known. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatedCentre } from '../../../mocks/index.ts';
import { parseConfig } from '../../../src/config/config.ts';
import { centralDesk } from '../../../src/station/central-desk.ts';
import { openStation } from '../../../src/station/open.ts';
import type { Station } from '../../../src/station/station.ts';

/** Fewer rounds, same figures (`npm run bench --quick`). */
export const QUICK = process.env.BENCH_QUICK === '1';

/** A folder on a real disk: durability is part of what is measured, and /tmp may be memory. */
export function benchFolder(name: string): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), `bench-${name}-`));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** `printers`: the `connection` of each, as in station.yaml. Not started: nothing moves yet. */
export function openBenchStation(folder: string, centre: SimulatedCentre, printers: readonly string[]): Station {
  const file = join(folder, 'station.yaml');
  writeFileSync(join(folder, 'roots.json'), JSON.stringify(centre.issuer.rootsFile()));
  const config = parseConfig(
    `station: { id: bench-01, office: KNG, timezone: Asia/Pontianak, language: en }
simulated: true
listen: { host: 127.0.0.1, port: 0 }
data: ./data
central: { protocol: none }
trust: { roots: ./roots.json }
quality: { readBack: optional }
printers:
${printers.map((connection, at) => `  - { id: counter-${at + 1}, driver: tally-csi, connection: { ${connection} } }`).join('\n')}
`,
    file,
  );
  if (!config.ok) throw new Error(JSON.stringify(config.failure));
  const opened = openStation(config.value, { version: 'bench' });
  if (!opened.ok) throw new Error(opened.failure.detail);
  const station = opened.value;
  const desk = centralDesk(station.core);
  desk.receive([JSON.stringify(centre.bundle())], null);
  desk.timeAnswered('bench', centre.issuer.time('station:bench-01', 'bench'));
  const { core } = station;
  if (core.clock.reading(core.journal).class !== 'trusted') throw new Error('the time is not known');
  return station;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
