import type { Job } from '../api/shapes.ts';

/** What has become of a job's booklet, in the words that the counter uses (console.md, rule 3). */
export type Fate = 'printed' | 'unused' | 'doubt' | 'spoiled';

/** From the job's state after the booklet was bound to it; `null` while the booklet is still being worked on. */
export function fateOf(state: Job['state']): Fate | null {
  switch (state) {
    case 'printed':
    case 'quality-check':
    case 'ready':
    case 'handed-over':
      return 'printed';
    case 'in-doubt':
      return 'doubt';
    case 'quality-failed':
      return 'spoiled';
    case 'bound':
    case 'printing':
      return null;
    case 'received':
    case 'awaiting-payment':
    case 'approved':
    case 'released':
    case 'rejected':
    case 'held':
    case 'cancelled':
    case 'referred':
      return 'unused';
    // Only a spoiled booklet sends a job back to the centre after it had one.
    case 'awaiting-approval':
      return 'spoiled';
    default:
      return unreachable(state);
  }
}

const unreachable = (state: never): never => {
  throw new Error(`no fate for ${String(state)}`);
};
