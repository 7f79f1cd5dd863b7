/** How the people at the simulated centre decide. Data; the decisions fall at random inside families, each by itself. */
import type { Randomly } from '../faults.ts';

/** Seconds, from and to; the moment is drawn evenly between. */
export type Span = readonly [number, number];

export interface ApprovalPolicy {
  /** `manual`: nobody decides until told to. */
  readonly mode: 'manual' | 'automatic';
  /** From the request to the decision. */
  readonly delaySeconds: Span;
  /** The share of requests that is rejected, 0..1. */
  readonly rejectShare: number;
  /** At most so many decisions an hour (degraded throughput); null for no limit. */
  readonly perHour: number | null;
  /** A spoiled book gets a new approval by itself, with `replaces`. */
  readonly replaceSpoiled: boolean;
  /** What a passport costs; the payment follows after `paidAfterSeconds`, or never where that is null. */
  readonly billing: { readonly amount: number; readonly currency: string; readonly paidAfterSeconds: Span | null };
  /** Audit checkpoints are answered with a witness statement. */
  readonly witness: boolean;
}

export const MANUAL: ApprovalPolicy = {
  mode: 'manual',
  delaySeconds: [0, 0],
  rejectShare: 0,
  perHour: null,
  replaceSpoiled: false,
  billing: { amount: 350_000, currency: 'IDR', paidAfterSeconds: [0, 0] },
  witness: true,
};

export const AUTOMATIC: ApprovalPolicy = { ...MANUAL, mode: 'automatic', delaySeconds: [1, 10], replaceSpoiled: true };

/** A moment in the span, in milliseconds. */
export const within = ([from, to]: Span, random: Randomly): number => (from + random() * (to - from)) * 1000;
