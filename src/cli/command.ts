/** The frame that every command fits in: how it reads its arguments, and what it may use. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { Terminal } from './terminal.ts';

/** 0 done, 1 refused or failed with a coded message on standard error, 2 wrong usage (station.md, "Commands"). */
export type ExitCode = 0 | 1 | 2;

/** Wrong usage: what was typed cannot be a command. Ends with code 2 and the command's usage. */
export class UsageFault extends Error {}

export interface Command<Arguments = unknown> {
  /** Throws `UsageFault`. */
  read(words: readonly string[]): Arguments;
  /** Throws `Refusal` for what a person, a file or a device caused. */
  run(given: Arguments, terminal: Terminal): Promise<ExitCode>;
}

/** Every command takes these. `help` is answered before a command reads its arguments. */
const COMMON = { json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;

/** `-c FILE`, for the commands of one station. */
export const STATION = { config: { type: 'string', short: 'c' } } as const;

type Values<Options extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: Options & typeof COMMON; allowPositionals: true; strict: true }>
>['values'];

/** Makes the reader of a command's arguments from its options; unknown and repeated single options are usage faults. */
export const reads =
  <const Options extends ParseArgsOptionsConfig, Arguments>(
    options: Options,
    settle: (values: Values<Options>, words: readonly string[]) => Arguments,
  ) =>
  (words: readonly string[]): Arguments => {
    const all = { ...COMMON, ...options };
    const { values, positionals, tokens } = parsed(words, all);
    const seen = new Set<string>();
    for (const token of tokens) {
      if (token.kind !== 'option') continue;
      if (seen.has(token.name) && !all[token.name]?.multiple) throw new UsageFault(`--${token.name} is given twice`);
      seen.add(token.name);
    }
    return settle(values as Values<Options>, positionals);
  };

function parsed(words: readonly string[], options: ParseArgsOptionsConfig) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true, strict: true, tokens: true });
  } catch (error) {
    // Node's own text, up to its advice about `--`, names the option at fault.
    if (String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS'))
      throw new UsageFault((error as Error).message.split('. ')[0]);
    throw error;
  }
}

export function required(value: string | undefined, what: string): string {
  if (value === undefined || value === '') throw new UsageFault(`${what} is missing`);
  return value;
}

export const stationFile = (values: { readonly config?: string }): string => required(values.config, '-c FILE');

export function noWords(words: readonly string[]): void {
  if (words[0] !== undefined) throw new UsageFault(`"${words[0]}" is not expected here`);
}

/** Exactly one word, such as a name or a file. */
export function oneWord(words: readonly string[], what: string): string {
  noWords(words.slice(1));
  return required(words[0], what);
}

export function wholeNumber(value: string, what: string, least: number, most: number): number {
  const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= least && number <= most))
    throw new UsageFault(`${what} takes a whole number from ${least} to ${most}`);
  return number;
}

export function oneOf<const Word extends string>(value: string, what: string, allowed: readonly Word[]): Word {
  const found = allowed.find((word) => word === value);
  if (found === undefined) throw new UsageFault(`${what} takes one of ${allowed.join(', ')}`);
  return found;
}
