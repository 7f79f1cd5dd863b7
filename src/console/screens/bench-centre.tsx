import { useSignal } from '@preact/signals';
import { ActButton, Acts, useAct } from '../parts/act.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { words } from '../words/words.ts';
import { type BenchState, type CentreAct, doAtCentre, loadBench } from './bench-state.ts';

const LINK_ACTS = ['up', 'slow', 'down'] as const;
const SHOWN = 8;

/** The simulated centre: its health, and what waits for its answer. */
export function BenchCentre({ state }: { readonly state: BenchState }) {
  const said = words.value.bench;
  const revoke = useSignal('');
  const act = useAct<{ do: CentreAct; application?: string }, unknown>(doAtCentre, () => void loadBench());
  const { centre } = state;
  return (
    <section class="bench-centre" aria-labelledby="bench-centre">
      <h2 id="bench-centre">
        {said.centre}: {said.centreState[centre.state]}
      </h2>
      <ProblemNote failure={act.failure} />
      <Acts>
        {LINK_ACTS.filter((one) => one !== centre.state).map((one) => (
          <ActButton key={one} busy={act.busy} onPress={() => void act.run({ do: one })}>
            {said.centreAct[one]}
          </ActButton>
        ))}
      </Acts>
      <h3>
        {said.pending} <span class="figure muted">{centre.pending.length}</span>
      </h3>
      {centre.pending.length === 0 ? (
        <p class="muted">{said.pendingNone}</p>
      ) : (
        <>
          <ul class="pending">
            {centre.pending.slice(0, SHOWN).map((application) => (
              <li key={application}>
                <span class="figure">{application}</span>
                <Acts>
                  <ActButton busy={act.busy} onPress={() => void act.run({ do: 'approve', application })}>
                    {said.approve}
                  </ActButton>
                  <ActButton busy={act.busy} onPress={() => void act.run({ do: 'reject', application })}>
                    {said.reject}
                  </ActButton>
                </Acts>
              </li>
            ))}
          </ul>
          <Acts>
            <ActButton busy={act.busy} onPress={() => void act.run({ do: 'approve-all' })}>
              {said.approveAll}
            </ActButton>
          </Acts>
        </>
      )}
      <form
        class="revoke"
        onSubmit={(event) => {
          event.preventDefault();
          const application = revoke.value.trim();
          if (application !== '') void act.run({ do: 'revoke', application });
        }}
      >
        <label for="revoke">{said.revoke}</label>
        <input
          id="revoke"
          type="text"
          autocomplete="off"
          placeholder={words.value.counter.application}
          value={revoke.value}
          onInput={(event) => {
            revoke.value = event.currentTarget.value;
          }}
        />
        <ActButton submit busy={act.busy}>
          {said.revokeAct}
        </ActButton>
      </form>
    </section>
  );
}
