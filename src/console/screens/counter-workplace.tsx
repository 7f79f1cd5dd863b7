import { useEffect, useRef } from 'preact/hooks';
import type { Job, Printer } from '../../api/shapes.ts';
import { type Fate, fateOf } from '../fate.ts';
import { ToneMark } from '../parts/icon.tsx';
import { RawCodes } from '../parts/raw.tsx';
import { Stepper } from '../parts/steps.tsx';
import { type Situation, situationOf, stepOf, toneOf } from '../situation.ts';
import { focusWork } from '../state/guard.ts';
import { staleSince } from '../state/live.ts';
import { has } from '../state/session.ts';
import {
  attempts,
  bookletAt,
  forgetHolder,
  holders,
  jobAt,
  jobs,
  lastWorkAt,
  loadAttempt,
  loadHolder,
  loadJob,
  released,
} from '../state/station.ts';
import { age, clock } from '../state/time.ts';
import { words } from '../words/words.ts';
import { Busy, InDoubt, Interrupted, Offline, Paused, Starting, Unknown, Wrong } from './counter-interrupted.tsx';
import { ReadBack } from './counter-read-back.tsx';
import { Free, Insert, Print, Remove } from './counter-steps.tsx';
import { titleOf } from './counter-words.ts';

/** What a panel of the workplace gets. */
export interface PanelProps<Kind extends Situation['kind'] = Situation['kind']> {
  readonly printer: Printer;
  readonly situation: Extract<Situation, { kind: Kind }>;
  readonly booklet: string | null;
  /** What is known to have become of the booklet. */
  readonly fate: Fate | null;
}

/** The work at one printer: its situation in large, the steps, and the one panel that belongs to it. */
export function Workplace({ printer }: { readonly printer: Printer }) {
  const situation = situationOf(printer);
  const job = jobAt(printer);
  const heading = useRef<HTMLHeadingElement>(null);
  const work = lastWorkAt(printer.id);
  const fate = work === null ? null : fateOf(work, attempts.value);
  const booklet = bookletAt(printer) ?? (situation.kind === 'remove' ? (work?.booklet ?? null) : null);
  const step = situation.kind === 'remove' && fate !== 'printed' ? null : stepOf(situation);
  const title = titleOf(situation, booklet, released.value.length > 0);

  useLoaded(printer, job, work?.attempt ?? null);

  // Each new situation is read out, and no key pressed for the one before acts on this one.
  const first = useRef(true);
  useEffect(() => {
    if (!first.current) focusWork(heading.current);
    first.current = false;
  }, [situation.kind]);

  const tone = toneOf(situation);
  const said = words.value;
  const holder = job === null ? null : (holders.value.get(job.id) ?? null);

  return (
    <section class="workplace" aria-labelledby="workplace-title">
      <header class={`situation ${tone}`}>
        <p class="situation-line">
          <span class="strong">{printer.id}</span>
          <span class="state-word">
            <ToneMark tone={tone} />
            {said.situation[situation.kind].name}
          </span>
          <span class="muted">{said.counter.since(clock(printer.since))}</span>
        </p>
        <h1 id="workplace-title" tabIndex={-1} ref={heading}>
          {title}
        </h1>
        {job !== null && (
          <p class="subject">
            {holder !== null && (
              <span class="holder">
                {[holder.primaryIdentifier, holder.secondaryIdentifier].filter(Boolean).join(', ')}
              </span>
            )}
            <span class="muted">
              {said.counter.application} <span class="figure">{job.application}</span>
              {job.priority !== 'normal' && <> · {said.priority[job.priority]}</>}
            </span>
          </p>
        )}
        {job === null && situation.kind === 'free' && <NextJob />}
      </header>
      {step !== null && <Stepper current={step} insertSensed={printer.bookletSensor} />}
      <div class="panel">
        <Panel printer={printer} situation={situation} booklet={booklet} fate={fate} />
      </div>
      <footer class="workplace-foot">
        {situation.kind === 'free' && work !== null && fate !== null && staleSince.value === null && (
          <LastBook booklet={work.booklet} fate={fate} />
        )}
        <RawCodes printer={printer} />
      </footer>
    </section>
  );
}

function NextJob() {
  const next = released.value[0];
  const said = words.value;
  if (next === undefined) return <p class="subject muted">{said.counter.noJob}</p>;
  return (
    <p class="subject">
      <span class="muted">{said.counter.nextJob}</span> <span class="figure strong">{next.application}</span>
      {next.priority !== 'normal' && <span class="strong">{said.priority[next.priority]}</span>}
      <span class="muted">{age(next.receivedAt)}</span>
    </p>
  );
}

/** Says what became of the book that was last worked on here (console.md, rule 3). */
function LastBook({ booklet, fate }: { readonly booklet: string; readonly fate: Fate }) {
  const said = words.value.book;
  return (
    <p class="last-book" role="status">
      <ToneMark tone={fate === 'printed' ? 'calm' : fate === 'doubt' ? 'now' : 'off'} />
      <span>
        {said.fate[fate](booklet)} {said.next[fate]}
      </span>
    </p>
  );
}

/** Loads what the situation speaks of: the job, the attempt, and the holder's name while the job is worked on. */
function useLoaded(printer: Printer, job: Job | null, lastAttempt: string | null): void {
  const attempt = printer.attempt ?? lastAttempt;
  const known = attempt === null || attempts.value.has(attempt);
  useEffect(() => {
    if (attempt !== null && !known) void loadAttempt(attempt);
  }, [attempt, known]);
  const attemptJob = printer.attempt === null ? null : (attempts.value.get(printer.attempt)?.job ?? null);
  const jobId = printer.binding?.job ?? job?.id ?? attemptJob;
  useEffect(() => {
    if (jobId !== null && !jobs.value.has(jobId)) void loadJob(jobId);
  }, [jobId]);
  useEffect(() => {
    if (jobId === null || !has('operator', 'quality', 'supervisor')) return undefined;
    void loadHolder(jobId);
    return () => forgetHolder(jobId);
  }, [jobId]);
}

/** One panel for each kind of situation; a kind without a panel does not compile. */
function Panel({ printer, situation, booklet, fate }: PanelProps) {
  const at = { printer, booklet, fate };
  switch (situation.kind) {
    case 'free':
      return <Free {...at} situation={situation} />;
    case 'insert':
      return <Insert {...at} situation={situation} />;
    case 'print':
      return <Print {...at} situation={situation} />;
    case 'printing':
      return <Busy {...at} situation={situation} />;
    case 'waiting':
    case 'attention':
      return <Interrupted {...at} situation={situation} />;
    case 'read-back':
      return <ReadBack {...at} situation={situation} />;
    case 'remove':
      return <Remove {...at} situation={situation} />;
    case 'in-doubt':
      return <InDoubt {...at} situation={situation} />;
    case 'paused':
      return <Paused {...at} situation={situation} />;
    case 'disconnected':
      return <Offline {...at} situation={situation} />;
    case 'starting':
      return <Starting {...at} situation={situation} />;
    case 'wrong-device':
      return <Wrong {...at} situation={situation} />;
    case 'unknown':
      return <Unknown />;
    default: {
      const missing: never = situation;
      return missing;
    }
  }
}
