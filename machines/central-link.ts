import { assign, setup } from 'xstate';

/** How the line to the centre stands (central.md, back-off; domain.md, "Outage, backlog, catch-up"). */
export interface CentralLinkContext {
  /** Failures of the feed in a row. */
  readonly failures: number;
  /** Monotonic milliseconds of the last failure, `null` when there was none yet. */
  readonly lastFailureAt: number | null;
  /** What the last failure was, for people. */
  readonly reason: string | null;
}

export type CentralLinkEvent =
  | { type: 'PROBE' }
  /** `at`: monotonic milliseconds. */
  | { type: 'SUCCEEDED'; at: number }
  /** Only the feed is always under way, so only its failures can tell that the line is down. */
  | { type: 'FAILED'; at: number; reason: string; of: 'feed' | 'reports' | 'time' };

/** Milliseconds after a failure in which successes count as `degraded` rather than `online`. */
export const DEGRADED_WINDOW = 5 * 60_000;
/** Failures of the feed in a row after which the line counts as offline. */
export const OFFLINE_AFTER = 3;

export const centralLinkMachine = setup({
  types: { context: {} as CentralLinkContext, events: {} as CentralLinkEvent },
  guards: {
    failedLately: ({ context, event }) =>
      event.type === 'SUCCEEDED' &&
      context.lastFailureAt !== null &&
      event.at - context.lastFailureAt < DEGRADED_WINDOW,
    tooOften: ({ context, event }) =>
      event.type === 'FAILED' && event.of === 'feed' && context.failures + 1 >= OFFLINE_AFTER,
    ofFeed: ({ event }) => event.type === 'FAILED' && event.of === 'feed',
  },
  actions: {
    count: assign(({ context, event }) =>
      event.type === 'FAILED'
        ? {
            failures: context.failures + (event.of === 'feed' ? 1 : 0),
            lastFailureAt: event.at,
            reason: event.reason,
          }
        : event.type === 'SUCCEEDED'
          ? { failures: 0 }
          : {},
    ),
    forgetReason: assign({ reason: null, lastFailureAt: null }),
  },
}).createMachine({
  id: 'central-link',
  context: { failures: 0, lastFailureAt: null, reason: null },
  initial: 'offline',
  states: {
    offline: {
      on: {
        PROBE: 'probing',
        SUCCEEDED: { target: 'online', actions: ['count', 'forgetReason'] },
        FAILED: { actions: 'count' },
      },
    },
    probing: {
      on: {
        PROBE: {},
        // The first answer after an outage ends it; what failed before is past.
        SUCCEEDED: { target: 'online', actions: ['count', 'forgetReason'] },
        FAILED: [{ guard: 'ofFeed', target: 'offline', actions: 'count' }, { actions: 'count' }],
      },
    },
    online: {
      on: {
        PROBE: {},
        SUCCEEDED: { actions: ['count', 'forgetReason'] },
        FAILED: [
          { guard: 'tooOften', target: 'offline', actions: 'count' },
          { target: 'degraded', actions: 'count' },
        ],
      },
    },
    degraded: {
      on: {
        PROBE: {},
        SUCCEEDED: [
          { guard: 'failedLately', actions: 'count' },
          { target: 'online', actions: ['count', 'forgetReason'] },
        ],
        FAILED: [{ guard: 'tooOften', target: 'offline', actions: 'count' }, { actions: 'count' }],
      },
    },
  },
});

/**
 * Milliseconds to wait before the next try: exponential with full jitter from 1 s to 60 s; the centre's own
 * `Retry-After` is a lower bound. `random` is in [0, 1).
 */
export function backOff(failures: number, random: number, retryAfterMs: number | null): number {
  const ceiling = Math.min(60_000, 1_000 * 2 ** Math.min(16, Math.max(0, failures - 1)));
  return Math.max(retryAfterMs ?? 0, Math.round(1_000 + random * (ceiling - 1_000)));
}
