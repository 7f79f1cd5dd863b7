/** Files that are named on the command line; `-` is standard input or output. */
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { problem, Refusal } from '../domain/errors.ts';
import type { Terminal } from './terminal.ts';

const unusable = (name: string, error: unknown): never => {
  throw new Refusal(problem('PST-712', `${name}: ${(error as NodeJS.ErrnoException).code ?? 'unusable'}`));
};

/**
 * The bytes of a file, of a pipe too, at most one more than `most`: enough for the reader to see that it is too large.
 * @throws Refusal PST-712
 */
export function readBytes(file: string, most: number): Uint8Array {
  const buffer = Buffer.alloc(most + 1);
  let length = 0;
  try {
    const handle = openSync(file, 'r');
    try {
      for (let read = -1; read !== 0 && length < buffer.length; length += read)
        read = readSync(handle, buffer, length, buffer.length - length, null);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    unusable(file, error);
  }
  return buffer.subarray(0, length);
}

/** @throws Refusal PST-712 also where there is more than `most` bytes */
export async function readText(file: string, terminal: Terminal, most: number): Promise<string> {
  const name = file === '-' ? 'standard input' : file;
  const bytes = file === '-' ? await readAll(terminal, most) : readBytes(file, most);
  if (bytes.length > most) throw new Refusal(problem('PST-712', `${name}: has more than ${most} bytes`));
  return Buffer.from(bytes).toString('utf8');
}

async function readAll({ input }: Terminal, most: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    chunks.push(Buffer.from(chunk));
    length += chunk.length;
    if (length > most) break;
  }
  return Buffer.concat(chunks);
}

/** Writes lines, on the disk when it returns: a stick is pulled right afterwards. @throws Refusal PST-712 */
export function writeLines(file: string, lines: readonly string[], terminal: Terminal): void {
  if (file === '-') {
    for (const line of lines) terminal.out(line);
    return;
  }
  try {
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''), { mode: 0o600, flush: true });
  } catch (error) {
    unusable(file, error);
  }
}
