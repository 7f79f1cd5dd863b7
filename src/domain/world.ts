/**
 * Everything that decides "when", "which number" or "what came in from outside" is handed in, so that a simulation can
 * put a seeded world in its place (architecture.md, the one rule of effects). Production builds one in `src/station/world.ts`.
 */

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z by the system clock. May jump either way. */
  now(): number;
  /** Milliseconds since an arbitrary start. Never goes back. */
  monotonic(): number;
  /** Whether the operating system says that its clock is synchronised. */
  synchronised(): boolean;
}

/** Ends a pending timer; harmless when called twice or too late. */
export type CancelTimer = () => void;

export interface Timers {
  /** Calls `callback` once after `milliseconds`. */
  after(milliseconds: number, callback: () => void): CancelTimer;
}

export interface Randomness {
  bytes(length: number): Uint8Array;
  /** A fresh identifier of 1-64 characters of `a-z 0-9 -`, usable as a `jti`. */
  id(): string;
}

export interface CentralRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query below `central.url`, beginning with a slash. */
  readonly path: string;
  readonly authorization: string;
  /** JSON text. */
  readonly body?: string;
  /** Milliseconds from sending until the whole answer is there. */
  readonly timeout: number;
}

export type CentralAnswer =
  /** `retryAfter`: milliseconds. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: string; readonly retryAfter: number | null }
  /** No usable answer: refused, timed out, cut off, too large. `detail` is for support. */
  | { readonly kind: 'unreachable'; readonly detail: string };

export interface CentralChannel {
  request(request: CentralRequest, signal: AbortSignal): Promise<CentralAnswer>;
}

export interface World {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Randomness;
  readonly central: CentralChannel;
  /**
   * Called between a commit and its effects, with a stable name. Production does nothing here; crash tests end the
   * process at the n-th call, the simulation cuts the power.
   */
  boundary(name: string): void;
}
