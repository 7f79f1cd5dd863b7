import { JOB_STATES, type JobState } from '../domain/job.ts';
import { type PersonalisationRecord, parseRecord } from '../domain/record.ts';
import type { JobRow } from '../station/reading.ts';
import type { Station } from '../station/station.ts';

/** Records that one search reads at most: those of jobs at work first, then of ended ones, the newest first. */
const MOST_READ = 5000;
const MOST_FOUND = 50;
/** Records read without letting anything else go on; one takes some tenths of a millisecond. */
const AT_A_TIME = 25;

const ENDED: readonly JobState[] = ['handed-over', 'cancelled', 'referred'];
const AT_WORK = JOB_STATES.filter((state) => !ENDED.includes(state));

const comparable = (text: string): string => text.normalize('NFC').toLocaleUpperCase('en');
const nameOf = ({ holder }: PersonalisationRecord): string =>
  comparable(`${holder.primaryIdentifier} ${holder.secondaryIdentifier ?? ''}`);

/** Jobs whose holder's name has `name` in it. Names are nowhere but in the records: there is no index of them (I10). */
export async function jobsByName({ core: { journal, world } }: Station, name: string): Promise<JobRow[]> {
  const wanted = comparable(name);
  const found: JobRow[] = [];
  const carries = ({ id }: JobRow): boolean => {
    const record = parseRecord(journal.recordBytes(id) ?? new Uint8Array());
    return record.ok && nameOf(record.value.record).includes(wanted);
  };
  for (const [read, row] of candidates(journal).entries()) {
    if (found.length === MOST_FOUND) break;
    if (read > 0 && read % AT_A_TIME === 0) await new Promise<void>((resolve) => world.timers.after(0, resolve));
    if (carries(row)) found.push(row);
  }
  return found;
}

function candidates(journal: Station['core']['journal']): JobRow[] {
  const atWork = journal.jobs({ states: AT_WORK, limit: MOST_READ }).items;
  const left = MOST_READ - atWork.length;
  if (left === 0) return atWork;
  const counts = journal.jobCounts();
  const ended = ENDED.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const newest = journal.jobs({ states: ENDED, limit: left, after: String(Math.max(0, ended - left)) }).items;
  return [...atWork, ...newest.toReversed()];
}
