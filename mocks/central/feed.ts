/** Everything that the centre has published, and how far each station has read. */
import type { Json } from './signing.ts';

export interface Published {
  /** A compact JWS, or a trust bundle as general JWS. */
  readonly statement: Json;
  readonly aud: readonly string[];
}

export interface FeedPage {
  readonly cursor: string;
  readonly statements: readonly Json[];
}

export class Feed {
  readonly #published: Published[] = [];
  readonly #waiting = new Set<() => void>();
  /** Cursors of an earlier epoch are unknown. */
  #epoch: number;

  /** A centre that was started again begins another epoch. */
  constructor(epoch = 1) {
    this.#epoch = epoch;
  }

  publish(statement: Json, aud: string | readonly string[]): void {
    this.#published.push({ statement, aud: typeof aud === 'string' ? [aud] : aud });
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  get size(): number {
    return this.#published.length;
  }

  forgetCursors(): void {
    this.#epoch += 1;
  }

  /** Calls once when the next statement is published; the answer takes the wish back. */
  onNext(wake: () => void): () => void {
    this.#waiting.add(wake);
    return () => this.#waiting.delete(wake);
  }

  /** What follows the cursor for these audiences; null where the cursor is unknown. */
  page(audiences: ReadonlySet<string>, after: string | null, limit: number): FeedPage | null {
    const start = after === null ? 0 : this.#position(after);
    if (start === null) return null;
    const statements: Json[] = [];
    let at = start;
    for (; at < this.#published.length && statements.length < limit; at++) {
      const entry = this.#published[at];
      if (entry?.aud.some((party) => audiences.has(party))) statements.push(entry.statement);
    }
    return { cursor: this.#cursor(at), statements };
  }

  /** Statements for these audiences, from the start: what a centre that repeats itself draws from. */
  all(audiences: ReadonlySet<string>): readonly Json[] {
    return this.#published.filter(({ aud }) => aud.some((party) => audiences.has(party))).map((p) => p.statement);
  }

  #cursor(position: number): string {
    return Buffer.from(`${this.#epoch}:${position}`).toString('base64url');
  }

  #position(cursor: string): number | null {
    const [, epoch, position] = /^(\d+):(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
    return Number(epoch) === this.#epoch && Number(position) <= this.#published.length ? Number(position) : null;
  }
}
