/** Where the station's own key lives: `keys/station.pem` of the data directory, readable by its owner only. */
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Problem, problem } from '../domain/errors.ts';
import { fail, type Result } from '../domain/result.ts';
import type { Randomness } from '../domain/world.ts';
import { createIdentity, exportIdentity, openIdentity, type StationIdentity } from '../trust/identity.ts';

/** What the key is made for: the names in the identity. */
interface StationName {
  readonly id: string;
  readonly office: string;
}

/**
 * Opens the key, or makes it at the first call (central.md, "Reports"). An existing key is never replaced: the centre
 * knows the station by it. `data`: the data directory, created 0700.
 */
export function openStationKey(
  data: string,
  station: StationName,
  random: Randomness,
): Result<StationIdentity, Problem> {
  const file = join(data, 'keys', 'station.pem');
  try {
    const opened = openIdentity(station.id, station.office, readPem(file) ?? makePem(file, station, random));
    return opened.ok ? opened : fail(problem('PST-705', `${file} ${opened.failure}`));
  } catch (error) {
    return fail(problem('PST-705', `${file}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`));
  }
}

function readPem(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Writes a new key so that a power cut leaves either the whole key or none, and of two processes one key wins. */
function makePem(file: string, station: StationName, random: Randomness): string {
  const folder = dirname(file);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const whole = `${file}.${random.id()}`;
  const pem = exportIdentity(createIdentity(station.id, station.office, random.bytes(32)));
  const handle = openSync(whole, 'wx', 0o600);
  try {
    writeSync(handle, pem);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(whole, file);
    // Also the folders that may be new: the centre will know the station by this key for good.
    for (const above of [folder, dirname(folder), dirname(dirname(folder))]) syncFolder(above);
    return pem;
  } catch (error) {
    const winner = (error as NodeJS.ErrnoException).code === 'EEXIST' ? readPem(file) : null;
    if (winner === null) throw error;
    return winner;
  } finally {
    rmSync(whole);
  }
}

function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
