import { useEffect } from 'preact/hooks';
import type { Job, SignOff } from '../../api/shapes.ts';
import { ToneMark } from '../parts/icon.tsx';
import { connection } from '../state/live.ts';
import { address, route } from '../state/route.ts';
import { attempts, jobs, loadAttempt, loadJobs, printerList, signOffs } from '../state/station.ts';
import { clock } from '../state/time.ts';
import { words } from '../words/words.ts';
import { DoubtCase } from './in-doubt-case.tsx';
import { SecondPerson } from './second-person.tsx';

/** What people have to settle: attempts in doubt first, then acts that wait for their second person. */
export function InDoubtScreen() {
  const epoch = connection.value;
  useEffect(() => {
    void loadJobs(['in-doubt']);
  }, [epoch]);
  const said = words.value;
  const doubts = doubtfulAttempts();
  const known = new Set(doubts.map(({ attempt }) => attempt));
  const others = [...signOffs.value.values()].filter((one) => !known.has(one.subject));
  const { item } = route.value;
  const chosen = item ?? doubts[0]?.attempt ?? others[0]?.id ?? null;
  const unknown = doubts.map(({ attempt }) => attempt).filter((attempt) => !attempts.value.has(attempt));
  const signOff = chosen === null ? undefined : signOffs.value.get(chosen);

  useEffect(() => {
    for (const attempt of unknown) void loadAttempt(attempt);
  }, [unknown.join()]);

  if (doubts.length === 0 && others.length === 0 && item === null) {
    return (
      <div class="screen empty">
        <ToneMark tone="calm" />
        <h1 tabIndex={-1}>{said.doubt.empty}</h1>
        <p class="muted">{said.doubt.emptyText}</p>
      </div>
    );
  }
  return (
    <div class="screen two-parts">
      <nav class="side" aria-label={said.doubt.list}>
        <h1 tabIndex={-1}>{said.doubt.title}</h1>
        <ul class="pick-list">
          {doubts.map(({ attempt, job }) => (
            <li key={attempt}>
              <a href={address('doubt', attempt)} aria-current={attempt === chosen ? 'true' : undefined}>
                <ToneMark tone="now" />
                <span>
                  <span class="strong figure">{attempts.value.get(attempt)?.booklet ?? job?.booklet ?? '…'}</span>
                  <span class="muted">
                    {attempts.value.get(attempt)?.printer ?? job?.printer ?? ''}
                    {attempts.value.has(attempt) && `, ${clock(attempts.value.get(attempt)?.intendedAt ?? '')}`}
                  </span>
                </span>
              </a>
            </li>
          ))}
        </ul>
        {others.length > 0 && <h2>{said.signOff.list}</h2>}
        <ul class="pick-list">
          {others.map((one) => (
            <li key={one.id}>
              <a href={address('doubt', one.id)} aria-current={one.id === chosen ? 'true' : undefined}>
                <ToneMark tone="soon" />
                <span>
                  <span class="strong">{actName(one)}</span>
                  <span class="muted figure">{one.subject}</span>
                </span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <section class="part">
        {signOff !== undefined && !known.has(signOff.subject) ? (
          <SecondPerson key={signOff.id} signOff={signOff} />
        ) : chosen !== null ? (
          <DoubtCase key={chosen} attempt={chosen} />
        ) : (
          <p class="muted">{said.doubt.choose}</p>
        )}
      </section>
    </div>
  );
}

export function actName(signOff: SignOff): string {
  const said = words.value.signOff.acts;
  return signOff.act in said ? said[signOff.act as keyof typeof said] : said.other;
}

/** The attempts nobody knows the outcome of, from the jobs and from the printers' locks. */
export function doubtfulAttempts(): { readonly attempt: string; readonly job: Job | null }[] {
  const found = new Map<string, Job | null>();
  for (const job of jobs.value.values()) {
    const last = job.attempts.at(-1);
    if (job.state === 'in-doubt' && last !== undefined) found.set(last, job);
  }
  for (const { lock } of printerList.value)
    if (lock !== null && lock.resolved === null && !found.has(lock.attempt)) found.set(lock.attempt, null);
  return [...found].map(([attempt, job]) => ({ attempt, job }));
}
