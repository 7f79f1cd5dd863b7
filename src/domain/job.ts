/** The life of one application at this station (domain.md, "A job's life"). The rules between the states are `machines/job.ts`. */
export const JOB_STATES = [
  'received',
  'awaiting-payment',
  'awaiting-approval',
  'approved',
  'released',
  'bound',
  'printing',
  'in-doubt',
  'printed',
  'quality-check',
  'quality-failed',
  'ready',
  'handed-over',
  'rejected',
  'held',
  'cancelled',
  'referred',
] as const;
export type JobState = (typeof JOB_STATES)[number];

/** RFC 8011 s5.3.7 `job-state`. */
export type IppJobState =
  | 'pending'
  | 'pending-held'
  | 'processing'
  | 'processing-stopped'
  | 'canceled'
  | 'aborted'
  | 'completed';

const IPP: Record<JobState, IppJobState> = {
  received: 'pending-held',
  'awaiting-payment': 'pending-held',
  'awaiting-approval': 'pending-held',
  approved: 'pending-held',
  released: 'pending',
  bound: 'pending',
  printing: 'processing',
  'in-doubt': 'processing-stopped',
  printed: 'processing',
  'quality-check': 'processing',
  'quality-failed': 'processing-stopped',
  ready: 'completed',
  'handed-over': 'completed',
  rejected: 'aborted',
  held: 'pending-held',
  cancelled: 'canceled',
  referred: 'canceled',
};

export const ippJobState = (state: JobState): IppJobState => IPP[state];

export const PRIORITIES = ['normal', 'urgent', 'emergency'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What the office adds beside the record; not signed (domain.md). Times RFC 3339. */
export interface Intake {
  readonly priority: Priority;
  /** Why it is not `normal`. */
  readonly priorityReason: string | null;
  /** Group id of a family that applied together. */
  readonly family: string | null;
  /** `YYYY-MM-DD`. */
  readonly travelDate: string | null;
  readonly intakeAt: string | null;
  /** The office that sent this case here. */
  readonly referredFrom: string | null;
}

export const ATTEMPT_STATES = [
  'intended',
  'sending',
  'confirming',
  'printed',
  'not-printed',
  'in-doubt',
  'spoiled',
] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];
