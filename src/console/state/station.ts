import { computed, signal } from '@preact/signals';
import type { Attempt, Central, Job, JobHolder, Printer, SignOff, Station } from '../../api/shapes.ts';
import { get, getAll } from '../client.ts';
import type { LastWork } from '../fate.ts';

/** What this page knows of the station. Every value is a snapshot that the station sent; nothing is computed ahead. */

export const station = signal<Station | null>(null);
export const printers = signal<ReadonlyMap<string, Printer>>(new Map());
export const jobs = signal<ReadonlyMap<string, Job>>(new Map());
export const signOffs = signal<ReadonlyMap<string, SignOff>>(new Map());
export const central = signal<Central | null>(null);
export const attempts = signal<ReadonlyMap<string, Attempt>>(new Map());
/** Personal data: only while a job is worked on, gone with the lock. */
export const holders = signal<ReadonlyMap<string, JobHolder>>(new Map());

export const printerList = computed(() => [...printers.value.values()].toSorted((a, b) => a.id.localeCompare(b.id)));

const withEntry = <Value>(map: ReadonlyMap<string, Value>, key: string, value: Value): ReadonlyMap<string, Value> =>
  new Map(map).set(key, value);

const without = <Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> => {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
};

/** Of each printer: the booklet it was last concerned with. A printer forgets; the person still asks what became of it. */
const lastWork = signal<ReadonlyMap<string, { readonly booklet: string | null; readonly attempt: string | null }>>(
  new Map(),
);

function rememberWork(printer: Printer): void {
  const { binding, attempt } = printer;
  if (binding === null && attempt === null) return;
  const before = lastWork.value.get(printer.id);
  const same = before !== undefined && (before.attempt === null || before.attempt === attempt);
  const booklet = binding?.booklet ?? (same ? before.booklet : null);
  lastWork.value = withEntry(lastWork.value, printer.id, { booklet, attempt });
}

export function lastWorkAt(printer: string): LastWork | null {
  const work = lastWork.value.get(printer);
  if (work === undefined) return null;
  const booklet = work.booklet ?? (work.attempt === null ? undefined : attempts.value.get(work.attempt)?.booklet);
  return booklet === undefined ? null : { booklet, attempt: work.attempt };
}

export const keepPrinter = (printer: Printer): void => {
  rememberWork(printer);
  const before = printers.value.get(printer.id);
  printers.value = withEntry(printers.value, printer.id, printer);
  // What was known of an attempt is old once its printer has moved on.
  if (before !== undefined && before.state !== printer.state && before.attempt !== null)
    attempts.value = without(attempts.value, before.attempt);
};

export const keepJobs = (some: readonly Job[]): void => {
  const next = new Map(jobs.value);
  for (const job of some) next.set(job.id, job);
  jobs.value = next;
};

export const keepSignOff = (data: SignOff | { readonly id: string; readonly closed: true }): void => {
  signOffs.value = 'closed' in data ? without(signOffs.value, data.id) : withEntry(signOffs.value, data.id, data);
};

/** Drops all that only a signed-in person may see. */
export const forgetAll = (): void => {
  printers.value = new Map();
  jobs.value = new Map();
  signOffs.value = new Map();
  attempts.value = new Map();
  holders.value = new Map();
  lastWork.value = new Map();
  central.value = null;
};

export async function loadStation(): Promise<Station | null> {
  const answer = await get<Station>('/station');
  if (answer.ok) station.value = answer.value.body;
  return station.value;
}

/** Printers, sign-offs and the centre: what every screen's frame shows. `false` where the station did not answer. */
export async function loadFrame(): Promise<boolean> {
  const [printerAnswer, signOffAnswer, centralAnswer] = await Promise.all([
    get<{ items: Printer[] }>('/printers'),
    get<{ items: SignOff[] }>('/sign-offs'),
    get<Central>('/central'),
  ]);
  if (printerAnswer.ok) {
    const { items } = printerAnswer.value.body;
    printers.value = new Map(items.map((printer) => [printer.id, printer]));
    for (const printer of items) rememberWork(printer);
  }
  if (signOffAnswer.ok) signOffs.value = new Map(signOffAnswer.value.body.items.map((item) => [item.id, item]));
  if (centralAnswer.ok) central.value = centralAnswer.value.body;
  return printerAnswer.ok;
}

/** At most this many jobs of one stage are kept in the page. */
export const JOBS_PER_STAGE = 1000;

/** Loads the jobs of these stages; `whole` is false where a stage holds more than the page keeps. */
export async function loadJobs(states: readonly Job['state'][]): Promise<{ whole: boolean }> {
  const pages = await Promise.all(states.map((state) => getAll<Job>(`/jobs?state=${state}`, JOBS_PER_STAGE)));
  const loaded = new Set(states);
  const next = new Map([...jobs.value].filter(([, job]) => !loaded.has(job.state)));
  for (const [i, page] of pages.entries()) {
    if (page === null) for (const job of jobs.value.values()) if (job.state === states[i]) next.set(job.id, job);
    for (const job of page?.items ?? []) next.set(job.id, job);
  }
  jobs.value = next;
  return { whole: pages.every((page) => page?.whole ?? true) };
}

export async function loadJob(id: string): Promise<void> {
  const answer = await get<Job>(`/jobs/${encodeURIComponent(id)}`);
  if (answer.ok) keepJobs([answer.value.body]);
}

export async function loadAttempt(id: string): Promise<void> {
  const answer = await get<Attempt>(`/attempts/${encodeURIComponent(id)}`);
  if (answer.ok) attempts.value = withEntry(attempts.value, id, answer.value.body);
}

export async function loadHolder(job: string): Promise<void> {
  const answer = await get<JobHolder>(`/jobs/${encodeURIComponent(job)}/holder`);
  if (answer.ok) holders.value = withEntry(holders.value, job, answer.value.body);
}

export const forgetHolder = (job: string): void => {
  holders.value = without(holders.value, job);
};

const RANK: Record<Job['priority'], number> = { emergency: 0, urgent: 1, normal: 2 };

/** First in, first out within a priority (domain.md). */
export const byTurn = (a: Job, b: Job): number =>
  RANK[a.priority] - RANK[b.priority] || a.receivedAt.localeCompare(b.receivedAt) || a.id.localeCompare(b.id);

/** The released jobs in their turn. */
export const released = computed(() =>
  [...jobs.value.values()].filter((job) => job.state === 'released').toSorted(byTurn),
);

/** The job that a printer is concerned with. */
export function jobAt(printer: Printer): Job | null {
  if (printer.binding !== null) return jobs.value.get(printer.binding.job) ?? null;
  const { attempt } = printer;
  if (attempt === null) return null;
  for (const job of jobs.value.values()) if (job.attempts.includes(attempt)) return job;
  return null;
}

/** The number of the booklet that a printer is concerned with. */
export const bookletAt = (printer: Printer): string | null =>
  printer.binding?.booklet ??
  (printer.attempt === null ? null : (attempts.value.get(printer.attempt)?.booklet ?? jobAt(printer)?.booklet ?? null));
