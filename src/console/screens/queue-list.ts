import type { Job } from '../../api/shapes.ts';
import { byTurn } from '../state/station.ts';

/** Pure: which jobs the queue shows, and in which order. */

/** The stages of the backlog, as the queue counts them. */
export const WAITING = ['received', 'awaiting-payment', 'awaiting-approval', 'approved', 'released', 'held'] as const;
/** What is between the booklet and the shelf. */
export const AT_WORK = ['bound', 'printing', 'in-doubt', 'printed', 'quality-check', 'quality-failed'] as const;
export const BACKLOG: readonly Job['state'][] = [...WAITING, ...AT_WORK];

export type QueueFilter = 'all' | 'overdue' | 'work' | (typeof WAITING)[number];

export const isOverdue = (job: Job, now: number): boolean => job.deadline !== null && Date.parse(job.deadline) < now;

const isAtWork = (job: Job): boolean => (AT_WORK as readonly string[]).includes(job.state);

const passes = (job: Job, filter: QueueFilter, now: number): boolean => {
  switch (filter) {
    case 'all':
      return true;
    case 'overdue':
      return isOverdue(job, now);
    case 'work':
      return isAtWork(job);
    default:
      return job.state === filter;
  }
};

export interface QueueView {
  readonly filter: QueueFilter;
  readonly family: string | null;
  /** Part of an application or booklet number. */
  readonly search: string;
}

/** Overdue jobs first, then first in, first out within a priority; families stay together behind their first member. */
export function queueOf(jobs: readonly Job[], view: QueueView, now: number): Job[] {
  const wanted = view.search.trim().toUpperCase();
  const shown = jobs
    .filter((job) => BACKLOG.includes(job.state))
    .filter((job) => passes(job, view.filter, now))
    .filter((job) => view.family === null || job.family === view.family)
    .filter((job) => wanted === '' || job.application.includes(wanted) || (job.booklet ?? '').includes(wanted))
    .toSorted((a, b) => Number(isOverdue(b, now)) - Number(isOverdue(a, now)) || byTurn(a, b));
  const groups = Map.groupBy(shown, (job) => job.family ?? `job ${job.id}`);
  return [...groups.values()].flat();
}

/** How many jobs each filter would show. */
export function countsOf(jobs: readonly Job[], now: number): Record<QueueFilter, number> {
  const backlog = jobs.filter((job) => BACKLOG.includes(job.state));
  const count = (filter: QueueFilter) => backlog.filter((job) => passes(job, filter, now)).length;
  return {
    all: backlog.length,
    overdue: count('overdue'),
    work: count('work'),
    received: count('received'),
    'awaiting-payment': count('awaiting-payment'),
    'awaiting-approval': count('awaiting-approval'),
    approved: count('approved'),
    released: count('released'),
    held: count('held'),
  };
}

export type JobAct = 'hold' | 'resume' | 'cancel' | 'refer' | 'priority';

const WAITS: ReadonlySet<Job['state']> = new Set([
  'received',
  'awaiting-payment',
  'awaiting-approval',
  'approved',
  'released',
]);

/** The acts that a job's state allows (domain.md, "A job's life"). */
export function actsOn(job: Job): readonly JobAct[] {
  if (job.state === 'held') return ['resume', 'cancel', 'refer', 'priority'];
  return WAITS.has(job.state) ? ['hold', 'priority', 'refer', 'cancel'] : [];
}
