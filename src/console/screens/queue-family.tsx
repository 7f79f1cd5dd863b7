import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Family } from '../../api/shapes.ts';
import { call, get } from '../client.ts';
import { ActButton, Acts, useAct } from '../parts/act.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { has } from '../state/session.ts';
import { jobs, keepJobs } from '../state/station.ts';
import { words } from '../words/words.ts';

/** A family as one group: how far it is, and whether its members wait for each other. */
export function FamilyBar({ id, onAll }: { readonly id: string; readonly onAll: () => void }) {
  const said = words.value.queue;
  const family = useSignal<Family | null>(null);
  const path = `/families/${encodeURIComponent(id)}`;
  // A member's own progress changes the family's: look again whenever one of them moved.
  const states = [...jobs.value.values()].filter((job) => job.family === id).map((job) => job.state);
  useEffect(() => {
    void get<Family>(path).then((answer) => {
      if (!answer.ok) return;
      family.value = answer.value.body;
      keepJobs(answer.value.body.members);
    });
  }, [path, states.join()]);
  const change = useAct<Family['policy'], Family>(
    (policy, key) => call('POST', path, { body: { policy }, key }),
    ({ body }) => {
      family.value = body;
    },
  );
  const { value } = family;
  return (
    <div class="family-bar">
      <ProblemNote failure={change.failure} />
      <p>
        <span class="strong">{said.family(id)}</span>
        {value !== null && (
          <>
            {' · '}
            <span class="figure">{said.familyApproved(value.approved, value.members.length)}</span>
            {' · '}
            {said[value.policy]}
          </>
        )}
      </p>
      <Acts>
        {value !== null && has('supervisor') && (
          <ActButton
            busy={change.busy}
            onPress={() => void change.run(value.policy === 'apart' ? 'together' : 'apart')}
          >
            {value.policy === 'apart' ? said.together : said.apart}
          </ActButton>
        )}
        <ActButton onPress={onAll}>{said.familyAll}</ActButton>
      </Acts>
    </div>
  );
}
