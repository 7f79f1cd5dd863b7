import { setup } from 'xstate';

/**
 * The life of one application at this station (domain.md, "A job's life"). Used as a pure transition function by the
 * journal: it accepts no event that this machine forbids. Which statement or person may cause an event is decided elsewhere.
 */
export interface JobContext {
  /** Where a held job goes back to. */
  readonly heldFrom: WaitingState | null;
}

export const WAITING_STATES = ['awaiting-payment', 'awaiting-approval', 'approved', 'released', 'rejected'] as const;
export type WaitingState = (typeof WAITING_STATES)[number];

export type JobEvent =
  | { type: 'payment-required' }
  | { type: 'approval-required' }
  | { type: 'paid' }
  | { type: 'approved' }
  | { type: 'rejected' }
  | { type: 'revoked' }
  | { type: 'released' }
  | { type: 'bound' }
  | { type: 'unbound' }
  | { type: 'intended' }
  | { type: 'printed' }
  | { type: 'not-printed' }
  | { type: 'in-doubt' }
  | { type: 'resolved-printed' }
  | { type: 'resolved-blank' }
  | { type: 'read-back-matched' }
  | { type: 'quality-passed' }
  | { type: 'quality-failed' }
  | { type: 'spoiled' }
  | { type: 'handed-over' }
  | { type: 'held' }
  | { type: 'resumed' }
  | { type: 'cancelled' }
  | { type: 'referred' };

export type JobEventType = JobEvent['type'];

const wasHeldIn =
  (state: WaitingState) =>
  ({ context }: { context: JobContext }) =>
    context.heldFrom === state;

const setAside = { held: 'held', cancelled: 'cancelled', referred: 'referred' } as const;

export const jobMachine = setup({
  types: { context: {} as JobContext, events: {} as JobEvent, input: {} as { heldFrom?: WaitingState | null } },
  guards: {
    heldInPayment: wasHeldIn('awaiting-payment'),
    heldInApproval: wasHeldIn('awaiting-approval'),
    heldApproved: wasHeldIn('approved'),
    heldReleased: wasHeldIn('released'),
    heldRejected: wasHeldIn('rejected'),
  },
}).createMachine({
  id: 'job',
  context: ({ input }) => ({ heldFrom: input.heldFrom ?? null }),
  initial: 'received',
  states: {
    received: { on: { 'payment-required': 'awaiting-payment', 'approval-required': 'awaiting-approval' } },
    'awaiting-payment': { on: { ...setAside, paid: 'awaiting-approval', rejected: 'rejected' } },
    'awaiting-approval': { on: { ...setAside, approved: 'approved', rejected: 'rejected' } },
    // A later approval of the same data takes the earlier one's place (central.md: the latest `iat` counts).
    approved: {
      on: {
        ...setAside,
        approved: 'approved',
        released: 'released',
        revoked: 'awaiting-approval',
        rejected: 'rejected',
      },
    },
    released: {
      on: { ...setAside, approved: 'released', bound: 'bound', revoked: 'awaiting-approval', rejected: 'rejected' },
    },
    // A centre may change its mind: a later approval outweighs an earlier rejection (central.md).
    rejected: { on: { ...setAside, approved: 'approved' } },
    bound: {
      on: { unbound: 'released', intended: 'printing', revoked: 'awaiting-approval', rejected: 'rejected' },
    },
    printing: { on: { printed: 'printed', 'not-printed': 'bound', 'in-doubt': 'in-doubt' } },
    'in-doubt': {
      on: { 'resolved-printed': 'printed', 'resolved-blank': 'bound', spoiled: 'awaiting-approval' },
    },
    printed: {
      on: {
        'read-back-matched': 'quality-check',
        spoiled: 'awaiting-approval',
      },
    },
    'quality-check': {
      on: {
        'quality-passed': 'ready',
        'quality-failed': 'quality-failed',
        spoiled: 'awaiting-approval',
      },
    },
    // Ink exists, so the book is neither reprinted nor mended: it is spoiled by two people and a new approval is awaited.
    'quality-failed': { on: { spoiled: 'awaiting-approval' } },
    ready: { on: { 'handed-over': 'handed-over', 'quality-failed': 'quality-failed', spoiled: 'awaiting-approval' } },
    held: {
      on: {
        resumed: [
          { guard: 'heldInPayment', target: 'awaiting-payment' },
          { guard: 'heldInApproval', target: 'awaiting-approval' },
          { guard: 'heldApproved', target: 'approved' },
          { guard: 'heldReleased', target: 'released' },
          { guard: 'heldRejected', target: 'rejected' },
        ],
        cancelled: 'cancelled',
        referred: 'referred',
      },
    },
    'handed-over': { type: 'final' },
    cancelled: { type: 'final' },
    referred: { type: 'final' },
  },
});
