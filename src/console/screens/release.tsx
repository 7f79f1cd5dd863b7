import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Job, Release } from '../../api/shapes.ts';
import { call } from '../client.ts';
import { ActButton, Acts, useAct } from '../parts/act.tsx';
import { Icon, ToneMark } from '../parts/icon.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { has } from '../state/session.ts';
import { age } from '../state/time.ts';
import { words } from '../words/words.ts';

interface ReleasePageProps {
  readonly jobs: readonly Job[];
  readonly onBack: () => void;
}

/** Counted before it is done, and a page with the reference number after it (toolchain.md section 6, rule 8). */
export function ReleasePage({ jobs, onBack }: ReleasePageProps) {
  const said = words.value.release;
  const done = useSignal<Release | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const release = useAct<readonly string[], Release>(
    (ids, key) => call('POST', '/releases', { body: { jobs: ids }, key }),
    ({ body }) => {
      done.value = body;
    },
  );
  useEffect(() => {
    heading.current?.focus();
  }, [done.value]);

  if (done.value !== null) return <Released release={done.value} jobs={jobs} onBack={onBack} heading={heading} />;
  const verified = jobs.filter((job) => job.approval !== null).length;
  return (
    <div class="screen release">
      <h1 tabIndex={-1} ref={heading}>
        {said.title(jobs.length)}
      </h1>
      <ProblemNote failure={release.failure} />
      <p class="large verified">
        <ToneMark tone={verified === jobs.length ? 'calm' : 'soon'} />
        <span class="figure">{said.verified(verified, jobs.length)}</span>
      </p>
      <p class="muted">{said.text}</p>
      <ol class="release-list">
        {jobs.map((job) => (
          <li key={job.id}>
            <span class="figure">{job.application}</span>
            <span>{job.priority === 'normal' ? '' : words.value.priority[job.priority]}</span>
            <span>{job.family ?? ''}</span>
            <span class="figure muted">{age(job.receivedAt)}</span>
            <span class="approval">
              {job.approval === null ? (
                said.unverified
              ) : (
                <>
                  <Icon name="tick" />
                  <span class="unseen">{words.value.stage.approved}</span>
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
      <div class="foot-bar">
        <Acts split>
          <ActButton onPress={onBack}>{said.back}</ActButton>
          <ActButton
            look="next"
            busy={release.busy}
            refused={has('supervisor') ? null : words.value.queue.supervisorOnly}
            onPress={() => void release.run(jobs.map((job) => job.id))}
          >
            {said.act(jobs.length)}
          </ActButton>
        </Acts>
      </div>
    </div>
  );
}

/** A code, a verification result, or the state the job was found in. */
function reasonOf(code: string): string {
  const { refusal, stage } = words.value;
  return refusal[code] ?? (code in stage ? stage[code as keyof typeof stage] : code);
}

interface ReleasedProps extends ReleasePageProps {
  readonly release: Release;
  readonly heading: { current: HTMLHeadingElement | null };
}

function Released({ release, jobs, onBack, heading }: ReleasedProps) {
  const said = words.value.release;
  const applications = new Map(jobs.map((job) => [job.id, job.application]));
  const any = release.released.length > 0;
  return (
    <div class="screen release">
      <h1 tabIndex={-1} ref={heading}>
        {any ? said.released(release.released.length) : said.none}
      </h1>
      {any && (
        <>
          <p class="muted">{said.reference}</p>
          <p class="reference figure">{release.reference}</p>
          <p class="large">{said.next}</p>
        </>
      )}
      {release.refused.length > 0 && (
        <div class="refused">
          <h2>
            <ToneMark tone="soon" />
            {said.refused(release.refused.length)}
          </h2>
          <ul>
            {release.refused.map(({ job, code }) => (
              <li key={job}>
                <span class="figure">{applications.get(job) ?? job}</span> <span>{reasonOf(code)}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Acts>
        <ActButton look="next" onPress={onBack}>
          {said.back}
        </ActButton>
      </Acts>
    </div>
  );
}
