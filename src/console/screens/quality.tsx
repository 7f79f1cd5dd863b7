import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Job } from '../../api/shapes.ts';
import { ToneMark } from '../parts/icon.tsx';
import { connection } from '../state/live.ts';
import { address, route } from '../state/route.ts';
import { forgetHolder, jobs, loadHolder, loadJobs } from '../state/station.ts';
import { words } from '../words/words.ts';
import { CheckBook, FailedBook, HandOver } from './quality-book.tsx';

const SHOWN = ['quality-check', 'quality-failed', 'ready'] as const;

/** What lies on the table after printing: to check, failed, to hand over. */
export function QualityScreen() {
  const said = words.value.quality;
  const epoch = connection.value;
  const last = useSignal<string | null>(null);
  useEffect(() => {
    void loadJobs(SHOWN);
  }, [epoch]);
  const groups = {
    'quality-check': { title: said.check, jobs: inState('quality-check') },
    'quality-failed': { title: said.failed, jobs: inState('quality-failed') },
    ready: { title: said.ready, jobs: inState('ready') },
  };
  const all = SHOWN.flatMap((state) => groups[state].jobs);
  const chosen = all.find((job) => job.id === route.value.item) ?? all[0] ?? null;

  const chosenId = chosen?.id ?? null;
  useEffect(() => {
    if (chosenId === null) return undefined;
    void loadHolder(chosenId);
    return () => forgetHolder(chosenId);
  }, [chosenId]);

  return (
    <div class="screen two-parts">
      <nav class="side" aria-label={said.title}>
        <h1 tabIndex={-1}>{said.title}</h1>
        {SHOWN.filter((state) => groups[state].jobs.length > 0).map((state) => (
          <div key={state}>
            <h2>
              {groups[state].title} <span class="figure muted">{groups[state].jobs.length}</span>
            </h2>
            <ul class="pick-list">
              {groups[state].jobs.map((job) => (
                <li key={job.id}>
                  <a href={address('quality', job.id)} aria-current={job.id === chosen?.id ? 'true' : undefined}>
                    <ToneMark tone={state === 'quality-failed' ? 'soon' : state === 'ready' ? 'calm' : 'next'} />
                    <span>
                      <span class="strong figure">{job.booklet ?? '…'}</span>
                      <span class="muted figure">{job.application}</span>
                    </span>
                  </a>
                </li>
              ))}
            </ul>
          </div>
        ))}
      </nav>
      <section class="part">
        {last.value !== null && (
          <p class="last-book" role="status">
            <ToneMark tone="calm" />
            <span>{last.value}</span>
          </p>
        )}
        {chosen === null ? (
          <>
            <p class="large">{said.empty}</p>
            <p class="muted">{said.emptyText}</p>
          </>
        ) : (
          <Book
            key={`${chosen.id} ${chosen.state}`}
            job={chosen}
            onDone={(text) => {
              last.value = text;
            }}
          />
        )}
      </section>
    </div>
  );
}

const inState = (state: Job['state']): Job[] =>
  [...jobs.value.values()]
    .filter((job) => job.state === state)
    .toSorted((a, b) => a.receivedAt.localeCompare(b.receivedAt));

function Book({ job, onDone }: { readonly job: Job; readonly onDone: (text: string) => void }) {
  if (job.state === 'quality-check') return <CheckBook job={job} onDone={onDone} />;
  if (job.state === 'ready') return <HandOver job={job} onDone={onDone} />;
  return <FailedBook job={job} />;
}
