/** Lets a simulated centre keep its identity over restarts: one small file. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Randomness } from '../../src/domain/world.ts';

export interface KeptIdentity {
  readonly seed: Uint8Array;
  /** The version that the trust bundle starts with: higher than all that any run before can have published. */
  readonly firstVersion: number;
}

/** How many bundles one run may publish. */
const VERSIONS_PER_RUN = 10_000;

/** The identity kept in this directory; made there on the first call. Simulated keys only: the file protects nothing. */
export function keptIdentity(directory: string, random: Randomness): KeptIdentity {
  const file = join(directory, 'centre.json');
  const { seed, runs } = keptIn(file) ?? { seed: Buffer.from(random.bytes(32)), runs: 0 };
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(file, `${JSON.stringify({ seed: seed.toString('hex'), runs: runs + 1 })}\n`, { mode: 0o600 });
  return { seed, firstVersion: runs * VERSIONS_PER_RUN + 1 };
}

function keptIn(file: string): { seed: Buffer; runs: number } | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const { seed, runs } = JSON.parse(text);
  return { seed: Buffer.from(seed, 'hex'), runs };
}
