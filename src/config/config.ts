/** station.yaml -> what the service works with: every value present, every path absolute (station.md). */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { PageGeometry } from '../../drivers/driver.ts';
import type { Address } from '../../drivers/transports/transport.ts';
import { type FieldError, type Problem, problem } from '../domain/errors.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import { type DeviceAddress, resolveAddress } from './connection.ts';
import { type Finding, findingOfBreach, findingsOfIssue, inOrder, type Source } from './findings.ts';
import { breachesOf } from './rules.ts';
import { type StationFile, stationFile } from './schema.ts';

export type CentralConfig =
  /** Statements come by file, stick or QR code only. */
  | { readonly protocol: 'none' }
  | {
      readonly protocol: 'v2' | 'v1' | 'auto';
      /** Without a slash at the end. */
      readonly url: string;
      /** File with the pinned CA certificate (PEM); `null` where `url` is http to this machine itself. */
      readonly ca: string | null;
      /** Seconds that the centre may hold a feed request. */
      readonly waitSeconds: number;
      /** Set where `protocol` may come to v1. */
      readonly v1: { readonly tokenFile: string; readonly pollsPerSecond: number } | null;
    };

export interface PrinterConfig {
  readonly id: string;
  readonly driver: StationFile['printers'][number]['driver'];
  readonly connection: Address;
  readonly geometry: PageGeometry;
  /** What the device must tell of itself; `null`: any. */
  readonly identity: { readonly model: string | null; readonly serial: string | null };
}

export interface ReaderConfig {
  readonly id: string;
  readonly driver: StationFile['readers'][number]['driver'];
  readonly connection: DeviceAddress;
}

export interface Config {
  /** The file that it was read from; paths below are absolute. */
  readonly file: string;
  readonly station: {
    /** As in `station:<id>` of the statements. */
    readonly id: string;
    /** As in `office:<code>`. */
    readonly office: string;
    /** IANA name. */
    readonly timezone: string;
    readonly language: 'id' | 'en';
  };
  /** All devices and the centre are simulators: only State UTO, SPECIMEN on every page and screen. */
  readonly simulated: boolean;
  readonly listen: {
    readonly host: string;
    readonly port: number;
    readonly tls: { readonly cert: string; readonly key: string } | null;
  };
  /** Directory of journal.db, keys/ and backups. */
  readonly data: string;
  readonly central: CentralConfig;
  readonly trust: { readonly roots: string };
  readonly release: 'supervisor' | 'automatic';
  readonly billing: { readonly required: boolean };
  /** Working days from payment to the book, and the days that are none beside Saturday and Sunday (`YYYY-MM-DD`). */
  readonly deadline: { readonly workingDays: number; readonly holidays: readonly string[] };
  readonly quality: { readonly separatePerson: boolean; readonly readBack: 'required' | 'optional' };
  readonly stock: { readonly gate: boolean };
  readonly retention: { readonly daysAfterHandOver: number };
  readonly session: { readonly idleMinutes: number };
  readonly page: {
    readonly mrzEmptyOptionalCheckDigit: '0' | '<';
    /** By letter, what stands for it in the MRZ instead of the table of Doc 9303-3. */
    readonly transliteration: Readonly<Record<string, string>>;
  };
  readonly printers: readonly PrinterConfig[];
  readonly readers: readonly ReaderConfig[];
}

/** Reads the file. The failure names every fault with its place, see `configProblem`. */
export function loadConfig(file: string): Result<Config, Problem> {
  const text = readConfigText(file);
  if (!text.ok) return text;
  const parsed = parseConfig(text.value, file);
  return parsed.ok ? parsed : fail(configProblem(file, parsed.failure));
}

export function readConfigText(file: string): Result<string, Problem> {
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)));
  } catch (error) {
    const reason =
      error instanceof TypeError ? 'is not UTF-8 text' : ((error as NodeJS.ErrnoException).code ?? String(error));
    return fail(problem('PST-702', `${file}: ${reason}`));
  }
}

/** Faults of the text, with their places, and of the files that it names (`fileFaults`), which have none. */
export const configProblem = (file: string, faults: readonly (Finding | FieldError)[]): Problem =>
  problem('PST-701', `${file}: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'}`, {
    errors: faults.map((fault) => ({
      path: fault.path,
      message: 'line' in fault ? `${fault.message} (line ${fault.line}:${fault.column})` : fault.message,
    })),
  });

/** Parses the text of a station.yaml that stands, or would stand, at `file`. */
export function parseConfig(text: string, file: string): Result<Config, readonly Finding[]> {
  const source = parseSource(text);
  if (!source.ok) return source;
  const parsed = stationFile.safeParse(source.value.value);
  const findings = [
    ...(parsed.error?.issues ?? []).flatMap((issue) => findingsOfIssue(source.value, issue)),
    ...breachesOf(source.value.value).map((breach) => findingOfBreach(source.value, breach)),
  ];
  if (!parsed.success || findings.length > 0) return fail(inOrder(findings));
  return ok(settled(parsed.data, resolve(file)));
}

function parseSource(text: string): Result<Source, readonly Finding[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
  const faults = [...document.errors, ...document.warnings].map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return { path: '', line, column: col, message: `is not YAML as expected: ${message}` };
  });
  if (faults.length > 0) return fail(faults);
  try {
    return ok({ document, lines, value: document.toJS() as unknown });
  } catch (error) {
    return fail([{ path: '', line: 1, column: 1, message: `is not YAML as expected: ${(error as Error).message}` }]);
  }
}

function settled(written: StationFile, file: string): Config {
  const folder = dirname(file);
  const at = (path: string): string => resolve(folder, path);
  const { tls } = written.listen;
  return {
    ...written,
    file,
    listen: { ...written.listen, tls: tls === undefined ? null : { cert: at(tls.cert), key: at(tls.key) } },
    data: at(written.data),
    central: settledCentral(written.central, at),
    trust: { roots: at(written.trust.roots) },
    printers: written.printers.map(({ identity, ...printer }) => ({
      ...printer,
      connection: resolveAddress(printer.connection, folder),
      identity: { model: identity.model ?? null, serial: identity.serial ?? null },
    })),
    readers: written.readers.map((reader) => ({ ...reader, connection: resolveAddress(reader.connection, folder) })),
  };
}

function settledCentral(written: StationFile['central'], at: (path: string) => string): CentralConfig {
  const { protocol, url, ca, waitSeconds, v1 } = written;
  if (protocol === 'none' || url === undefined) return { protocol: 'none' };
  return {
    protocol,
    url: url.replace(/\/+$/, ''),
    ca: ca === undefined ? null : at(ca),
    waitSeconds,
    v1: v1 === undefined ? null : { tokenFile: at(v1.tokenFile), pollsPerSecond: v1.pollsPerSecond },
  };
}
