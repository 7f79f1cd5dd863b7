import { problem, Refusal } from '../domain/errors.ts';
import { ippJobState } from '../domain/job.ts';
import { intendedMrz, recordOf } from '../station/pages.ts';
import type { AttemptRow, BindingRow, BookletRow, Entry, JobRow, OutboxRow, SignOffRow } from '../station/reading.ts';
import type { Station } from '../station/station.ts';
import type * as shapes from './shapes.ts';

/** What the outside sees of the journal's rows and of the machines. */

export const timeText = (at: number): string => new Date(at).toISOString();
const optionalTime = (at: number | null): string | null => (at === null ? null : timeText(at));

export function jobView(station: Station, row: JobRow): shapes.Job {
  return {
    id: row.id,
    application: row.application,
    state: row.state,
    ippState: ippJobState(row.state),
    family: row.family,
    priority: row.priority,
    travelDate: row.travel_date,
    receivedAt: timeText(row.received_at),
    deadline: optionalTime(row.deadline),
    stateReason: row.state_reason,
    approval: row.approval,
    booklet: row.booklet,
    printer: row.printer,
    release: row.release_reference,
    recordSha256: row.record_sha256,
    attempts: station.core.journal.attemptsOf(row.id).map(({ id }) => id),
  };
}

export function attemptView(station: Station, row: AttemptRow): shapes.Attempt {
  return {
    id: row.id,
    job: row.job,
    booklet: row.booklet,
    printer: row.printer,
    approval: row.approval,
    number: row.number,
    state: row.state,
    operator: row.operator,
    intendedAt: timeText(row.intended_at),
    pageSha256: row.page_sha256,
    reason: row.reason,
    readBack: row.read_back,
    resolution: row.resolution,
    evidence: station.core.journal.evidence(row.id).map(({ at, kind, text }) => ({ at: timeText(at), kind, text })),
  };
}

/** One line of a job's history, for people: what happened, without the machinery. */
function historyText(entry: Entry): string {
  const { data } = entry;
  const words: string[] = [];
  for (const member of [
    'reason',
    'text',
    'reference',
    'booklet',
    'approval',
    'outcome',
    'result',
    'priority',
    'office',
  ])
    if (member in data) {
      const value = (data as Record<string, unknown>)[member];
      if (typeof value === 'string' && value !== '') words.push(value);
    }
  return words.join(' · ');
}

export function jobDetailView(station: Station, row: JobRow): shapes.JobDetail {
  const { journal } = station.core;
  const attempts = journal.attemptsOf(row.id);
  return {
    ...jobView(station, row),
    attemptDetails: attempts.map((attempt) => attemptView(station, attempt)),
    history: journal.history([row.id, ...attempts.map(({ id }) => id)]).map((entry) => ({
      seq: entry.seq,
      at: timeText(entry.at),
      actor: entry.actor,
      kind: entry.kind,
      text: historyText(entry),
    })),
  };
}

/** @throws Refusal PST-421 once the data are erased */
export function holderView(station: Station, row: JobRow): shapes.JobHolder {
  if (station.core.journal.recordBytes(row.id) === undefined) throw new Refusal(problem('PST-421', `job ${row.id}`));
  const { holder } = recordOf(station.core.journal, row.id);
  const mrz =
    row.booklet === null ? null : intendedMrz(station.core.settings, station.core.journal, row.id, row.booklet);
  return {
    primaryIdentifier: holder.primaryIdentifier,
    secondaryIdentifier: holder.secondaryIdentifier ?? null,
    dateOfBirth: holder.dateOfBirth,
    mrz: mrz === null ? null : [mrz[0], mrz[1]],
  };
}

export const bindingView = ({ id, job, booklet, printer }: BindingRow): shapes.Binding => ({
  id,
  job,
  booklet,
  printer,
});

export function printerView(station: Station, id: string): shapes.Printer {
  const runner = station.printer(id);
  const { view } = runner;
  const { journal } = station.core;
  const live = journal.liveBinding(id);
  const away: shapes.Printer['reasons'] =
    view.status === null
      ? [{ keyword: 'connecting-to-device', severity: 'error', raw: view.recovery.lastFailure ?? '' }]
      : [];
  return {
    id,
    driver: runner.settings.driver,
    state: view.state,
    since: timeText(view.since),
    ippState:
      view.state.startsWith('printing') && view.state !== 'printing.awaitingOperator'
        ? 'processing'
        : view.status === null || view.state === 'attention' || view.state.startsWith('locked')
          ? 'stopped'
          : view.status.state,
    reasons: [...away, ...(view.status?.reasons ?? []).map((reason) => ({ ...reason }))],
    booklet: view.status?.booklet ?? 'unknown',
    identity: view.identity === null ? null : { model: view.identity.model, serial: view.identity.serial },
    bookletSensor: runner.driver.capabilities.bookletSensor,
    binding: live === undefined ? null : bindingView(live),
    attempt: view.attempt ?? null,
    progress: view.progress,
    asks: view.asks,
    paused: view.paused,
    lock: view.facts.lock === null ? null : { ...view.facts.lock },
    recovery: view.recovery,
  };
}

/** One that has expired is over, also where nobody has written that down yet. */
export const isOpen = ({ state, expires }: SignOffRow, now: number): boolean => state === 'open' && expires > now;

export const signOffView = (row: SignOffRow): shapes.SignOff => ({
  id: row.id,
  act: row.act,
  text: row.text,
  requestedBy: row.requested_by,
  requestedAt: timeText(row.requested_at),
  expires: timeText(row.expires),
  subject: row.subject,
});

export const bookletView = (row: BookletRow): shapes.Booklet => ({
  number: row.number,
  state: row.state,
  delivery: row.delivery,
  receivedAt: timeText(row.received_at),
  job: row.job,
});

export const outboxView = (row: OutboxRow): shapes.OutboxItem => ({
  seq: row.seq,
  jti: row.jti,
  kind: row.kind,
  queuedAt: timeText(row.at),
  state: row.state === 'refused' ? 'refused' : 'waiting',
  reason: row.reason,
});

export function centralView(station: Station): shapes.Central {
  const { core, link } = station;
  const state = link?.state();
  const { bundle_version: version, bundle_expires: expires, last_contact: contact } = core.journal.station();
  const counts = core.journal.jobCounts();
  return {
    state: state?.state ?? 'none',
    since: timeText(state?.since ?? core.world.clock.now()),
    reason: state?.reason ?? null,
    lastContact: optionalTime(state?.lastContact ?? (contact === null ? null : contact * 1000)),
    clock: core.clock.reading(core.journal).class,
    bundle: version === null || expires === null ? null : { version, expires: timeText(expires * 1000) },
    outbox: core.journal.outboxCounts(),
    jobsWaiting: (counts['awaiting-approval'] ?? 0) + (counts['awaiting-payment'] ?? 0),
  };
}

export function familyView(station: Station, id: string): shapes.Family | null {
  const { journal } = station.core;
  const family = journal.family(id);
  if (family === undefined) return null;
  const members = journal.jobs({ family: id, limit: 1000 }).items;
  return {
    id,
    policy: family.policy,
    members: members.map((job) => jobView(station, job)),
    approved: members.filter((job) => job.approval !== null).length,
  };
}

export function stationView(station: Station, version: string): shapes.Station {
  const { settings, world } = station.core;
  return {
    id: settings.station.id,
    office: settings.station.office,
    timezone: settings.station.timezone,
    language: settings.station.language,
    simulated: settings.simulated,
    release: settings.release,
    version,
    now: timeText(world.clock.now()),
  };
}
