/** A desk that keeps everything in memory and remembers what it was asked: what a journal must see of the link. */

import type { CentralDesk, RefusedReport, WaitingReport } from '../../src/central/link.ts';
import { problem, Refusal } from '../../src/domain/errors.ts';

export class MemoryDesk implements CentralDesk {
  /** Every page in the order in which it was stored. */
  readonly pages: { readonly statements: readonly string[]; readonly cursor: string | null }[] = [];
  readonly accepted: string[] = [];
  readonly refused: RefusedReport[] = [];
  readonly times: { readonly nonce: string; readonly statement: string }[] = [];
  waiting: WaitingReport[] = [];
  wantsTime = false;
  /** How many more pages the journal refuses to store. */
  full = 0;
  hellos = 0;
  #cursor: string | null = null;

  cursor(): string | null {
    return this.#cursor;
  }

  receive(statements: readonly string[], cursor: string | null): void {
    if (this.full > 0) {
      this.full -= 1;
      throw new Refusal(problem('PST-304', 'no space left'));
    }
    this.pages.push({ statements, cursor });
    this.#cursor = cursor;
  }

  statements(): readonly string[] {
    return this.pages.flatMap(({ statements }) => statements);
  }

  waitingReports(limit: number): readonly WaitingReport[] {
    return this.waiting.slice(0, limit);
  }

  reportsAnswered(accepted: readonly string[], refused: readonly RefusedReport[]): void {
    this.accepted.push(...accepted);
    this.refused.push(...refused);
    const gone = new Set([...accepted, ...refused.map(({ jti }) => jti)]);
    this.waiting = this.waiting.filter(({ jti }) => !gone.has(jti));
  }

  hello(): string {
    this.hellos += 1;
    return `hello-${this.hellos}`;
  }

  timeWanted(): boolean {
    return this.wantsTime;
  }

  timeAnswered(nonce: string, statement: string): void {
    this.times.push({ nonce, statement });
    this.wantsTime = false;
  }
}

/** Reports `r1`, `r2`, ... of about `bytes` bytes each. */
export const reports = (count: number, bytes = 200): WaitingReport[] =>
  Array.from({ length: count }, (_, i) => ({ jti: `r${i + 1}`, text: `r${i + 1}.${'x'.repeat(bytes)}` }));
