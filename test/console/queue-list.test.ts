import { describe, expect, it } from 'vitest';
import { actsOn, countsOf, queueOf } from '../../src/console/screens/queue-list.ts';
import { JOB_STATES } from '../../src/domain/job.ts';
import { ago, job, NOW } from './office.ts';

const now = Date.parse(NOW);
const all = { filter: 'all', family: null, search: '' } as const;

describe('the queue', () => {
  it('is first in, first out within a priority', () => {
    const jobs = [
      job('approved', { id: 'young', receivedAt: ago(10) }),
      job('approved', { id: 'old', receivedAt: ago(500) }),
      job('approved', { id: 'urgent', receivedAt: ago(1), priority: 'urgent' }),
      job('approved', { id: 'emergency', receivedAt: ago(1), priority: 'emergency' }),
    ];
    expect(queueOf(jobs, all, now).map(({ id }) => id)).toEqual(['emergency', 'urgent', 'old', 'young']);
  });

  it('puts what is overdue before all others', () => {
    const jobs = [
      job('approved', { id: 'emergency', priority: 'emergency' }),
      job('awaiting-approval', { id: 'late', deadline: ago(5) }),
    ];
    expect(queueOf(jobs, all, now).map(({ id }) => id)).toEqual(['late', 'emergency']);
  });

  it('keeps a family together behind its first member', () => {
    const jobs = [
      job('approved', { id: 'a', family: 'F', receivedAt: ago(300) }),
      job('approved', { id: 'b', receivedAt: ago(200) }),
      job('awaiting-approval', { id: 'c', family: 'F', receivedAt: ago(100) }),
    ];
    expect(queueOf(jobs, all, now).map(({ id }) => id)).toEqual(['a', 'c', 'b']);
  });

  it('finds by a part of the application or booklet number', () => {
    const jobs = [job('bound', { id: 'x', booklet: 'A7654321' }), job('approved', { id: 'y' })];
    expect(queueOf(jobs, { ...all, search: ' 6543' }, now).map(({ id }) => id)).toEqual(['x']);
  });

  it('counts every job of the backlog in its stage and none that is done', () => {
    const jobs = JOB_STATES.map((state) => job(state, { deadline: null }));
    const counts = countsOf(jobs, now);
    expect(counts).toMatchObject({ all: 12, work: 6, approved: 1, held: 1, overdue: 0 });
  });

  it('offers no act on a job that is under way or done', () => {
    for (const state of ['bound', 'printing', 'in-doubt', 'printed', 'ready', 'handed-over', 'cancelled'] as const)
      expect(actsOn(job(state))).toEqual([]);
    expect(actsOn(job('held'))).toContain('resume');
    expect(actsOn(job('approved'))).not.toContain('resume');
  });
});
