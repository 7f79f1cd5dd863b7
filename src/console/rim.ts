/** The browser's own clock, timers and randomness: the one file of the console that reaches for them. */
export interface Rim {
  /** Milliseconds since 1970 by the browser's clock, which may be wrong: see `state/time.ts`. */
  now(): number;
  /** Calls once after the given milliseconds; returns the way to stop it. */
  after(milliseconds: number, act: () => void): () => void;
  /** Calls again and again; returns the way to stop it. */
  every(milliseconds: number, act: () => void): () => void;
  /** A fresh key for `Idempotency-Key`. */
  newKey(): string;
}

export const rim: Rim = {
  now: () => Date.now(),
  after: (milliseconds, act) => {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  },
  every: (milliseconds, act) => {
    const timer = setInterval(act, milliseconds);
    return () => clearInterval(timer);
  },
  newKey: () => crypto.randomUUID(),
};
