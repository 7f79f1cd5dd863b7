/** Whether the files that a configuration names are there: what the schema cannot see. */
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FieldError } from '../domain/errors.ts';
import type { Config } from './config.ts';

const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);

function readable(path: string, file: string | null | undefined, allowed: string): FieldError[] {
  if (file === null || file === undefined) return [];
  try {
    accessSync(file, constants.R_OK);
    return statSync(file).isFile() ? [] : [{ path, message: `${file} is not a file: ${allowed}` }];
  } catch (error) {
    return [{ path, message: `${file} cannot be read (${reasonOf(error)}): ${allowed}` }];
  }
}

/** The directory itself is created at the first start; until then the folder around it must be there. */
function writableDirectory(path: string, directory: string): FieldError[] {
  try {
    const there = statSync(directory, { throwIfNoEntry: false });
    if (there !== undefined && !there.isDirectory())
      return [{ path, message: `${directory} is not a directory: a directory that the service may write` }];
    accessSync(there === undefined ? nearestFolder(directory) : directory, constants.W_OK | constants.X_OK);
    return [];
  } catch (error) {
    return [
      { path, message: `${directory} cannot be written (${reasonOf(error)}): a directory that the service may write` },
    ];
  }
}

function nearestFolder(directory: string): string {
  const parent = dirname(directory);
  return parent === directory || statSync(parent, { throwIfNoEntry: false }) !== undefined
    ? parent
    : nearestFolder(parent);
}

/** Faults in the files named; they depend on the machine, so `config check` and `serve` ask, the parser does not. */
export function fileFaults(config: Config): FieldError[] {
  const central = config.central.protocol === 'none' ? null : config.central;
  return [
    ...readable('listen.tls.cert', config.listen.tls?.cert, 'a certificate chain in PEM'),
    ...readable('listen.tls.key', config.listen.tls?.key, 'a private key in PEM'),
    ...writableDirectory('data', config.data),
    ...readable('central.ca', central?.ca, 'a CA certificate in PEM'),
    ...readable('central.v1.tokenFile', central?.v1?.tokenFile, 'a file with the bearer token'),
    ...readable('trust.roots', config.trust.roots, 'the pinned roots of the centre (JSON)'),
  ];
}
