import { getNextSnapshot } from 'xstate';
import { type JobEvent, type JobEventType, jobMachine, type WaitingState } from '../../../machines/job.ts';
import { problem, Refusal } from '../../domain/errors.ts';
import type { JobState } from '../../domain/job.ts';
import type { Database } from '../database.ts';

interface Standing {
  readonly state: JobState;
  readonly held_from: string | null;
}

/** The machine's answers, each asked for once: it has no memory, and asking costs more than all the rest of an entry. */
const asked = new Map<string, JobState | null>();

/** Where the job machine goes from `state` on `type`; `null` where it does not allow that event. */
export function nextJobState(state: JobState, heldFrom: string | null, type: JobEventType): JobState | null {
  const question = `${state} ${heldFrom} ${type}`;
  let next = asked.get(question);
  if (next === undefined) {
    next = ask(state, heldFrom, type);
    asked.set(question, next);
  }
  return next;
}

function ask(state: JobState, heldFrom: string | null, type: JobEventType): JobState | null {
  const snapshot = jobMachine.resolveState({ value: state, context: { heldFrom: heldFrom as WaitingState | null } });
  const event = { type } as JobEvent;
  if (!snapshot.can(event)) return null;
  return getNextSnapshot(jobMachine, snapshot, event).value as JobState;
}

/**
 * Moves a job along its machine. A held job keeps its place; what happens to it meanwhile moves the place that it will
 * go back to. `approval`: the one that it stands on from here.
 * @throws Refusal PST-305 where the machine forbids the event
 */
export function advance(
  db: Database,
  job: string,
  type: JobEventType,
  reason: string | null = null,
  approval: string | null = null,
): JobState {
  const standing = db.get<Standing>('SELECT state, held_from FROM jobs WHERE id = ?', job);
  if (standing === undefined) throw new Refusal(problem('PST-401', `job ${job}`));
  if (standing.state === 'held' && standing.held_from !== null) {
    const behind = nextJobState(standing.held_from as JobState, null, type);
    if (behind !== null && type !== 'cancelled' && type !== 'referred' && type !== 'released' && type !== 'held') {
      db.run('UPDATE jobs SET held_from = ?, approval = coalesce(?, approval) WHERE id = ?', behind, approval, job);
      return 'held';
    }
  }
  const next = nextJobState(standing.state, standing.held_from, type);
  if (next === null)
    throw new Refusal(
      problem('PST-305', `job ${job} is ${standing.state}: ${type} is not allowed`, { reason: standing.state }),
    );
  const heldFrom = next === 'held' ? standing.state : null;
  db.run(
    'UPDATE jobs SET state = ?, held_from = ?, state_reason = ?, approval = coalesce(?, approval) WHERE id = ?',
    next,
    heldFrom,
    reason,
    approval,
    job,
  );
  return next;
}
