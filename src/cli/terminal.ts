/** What a command sees of the terminal or the program that called it. */
import type { Readable } from 'node:stream';
import { ERRORS, type Problem } from '../domain/errors.ts';

export interface Terminal {
  /** One line to standard output. */
  out(line: string): void;
  /** One line to standard error. */
  err(line: string): void;
  /** Rewrites the last line of standard error, for a progress bar; `''` takes it away. Only where it is watched. */
  redraw(line: string): void;
  readonly input: Readable;
  /** Whether a person watches standard error, so that a progress bar makes sense. */
  readonly watched: boolean;
  readonly language: 'id' | 'en';
  /** Settles when somebody asks this process to end: SIGTERM, SIGINT, SIGHUP. */
  stopped(): Promise<void>;
  /** The person at this machine, for `local:<user>`. */
  readonly user: string;
}

/** Prints a refusal: code, what is wrong, every place, what to do. `json`: as one line. */
export function printProblem(refused: Problem, terminal: Terminal, json: boolean): void {
  const { title, remedy } = ERRORS[refused.code][terminal.language];
  if (json) {
    terminal.err(JSON.stringify({ ...refused, title, remedy }));
    return;
  }
  terminal.err(`${refused.code} ${title}${refused.detail === '' ? '' : `: ${refused.detail}`}`);
  for (const { path, message } of refused.errors ?? []) terminal.err(`  ${path === '' ? '' : `${path}: `}${message}`);
  terminal.err(remedy);
}
