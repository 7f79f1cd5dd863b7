/**
 * Rules between sections of station.yaml. They read the file as it was written, not as it was parsed, so that they speak
 * also when another key is wrong: a person mends the whole file at once.
 */
import { type ConnectionKind, kindsNamed } from './connection.ts';

/** One breach of a rule: where, and what is allowed there. */
export interface Breach {
  readonly path: readonly (string | number)[];
  readonly allowed: string;
}

interface Device {
  readonly path: readonly (string | number)[];
  readonly id: unknown;
  readonly connection: Readonly<Record<string, unknown>>;
  readonly kind: ConnectionKind | undefined;
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function devicesOf(file: Readonly<Record<string, unknown>>): Device[] {
  return (['printers', 'readers'] as const).flatMap((list) => {
    const entries: readonly unknown[] = Array.isArray(file[list]) ? file[list] : [];
    return entries.map((entry, index) => {
      const written = isMapping(entry) ? entry : {};
      const connection = isMapping(written.connection) ? written.connection : {};
      return { path: [list, index], id: written.id, connection, kind: kindsNamed(connection)[0] };
    });
  });
}

/** Entries that repeat what an earlier one has; `undefined` repeats nothing. */
function repeated(devices: readonly Device[], key: (device: Device) => string | undefined): Device[] {
  const seen = new Set<string>();
  return devices.filter((device) => {
    const found = key(device);
    if (found === undefined || !seen.has(found)) {
      if (found !== undefined) seen.add(found);
      return false;
    }
    return true;
  });
}

export function breachesOf(file: unknown): Breach[] {
  if (!isMapping(file)) return [];
  const devices = devicesOf(file);
  const sameId = repeated(devices, ({ id }) => (typeof id === 'string' ? id : undefined));
  const sameLine = repeated(devices, ({ connection, kind }) =>
    kind === undefined ? undefined : `${kind} ${JSON.stringify(connection[kind])}`,
  );
  const simulators = file.simulated === true ? [] : devices.filter(({ kind }) => kind === 'simulator');
  return [
    ...sameId.map(({ path }) => ({ path: [...path, 'id'], allowed: 'an id that no other printer or reader has' })),
    ...sameLine.map(({ path }) => ({
      path: [...path, 'connection'],
      allowed: 'a line that no other printer or reader uses',
    })),
    ...simulators.map(({ path }) => ({
      path: [...path, 'connection', 'simulator'],
      allowed: 'a real line; simulators only where the file says "simulated: true"',
    })),
  ];
}
