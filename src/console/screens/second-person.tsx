import { useSignal } from '@preact/signals';
import type { SignOff } from '../../api/shapes.ts';
import { call } from '../client.ts';
import { ActButton, Acts, useAct } from '../parts/act.tsx';
import { Field } from '../parts/field.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { has, person } from '../state/session.ts';
import { keepSignOff, station } from '../state/station.ts';
import { clock } from '../state/time.ts';
import { words } from '../words/words.ts';

interface SecondPersonProps {
  readonly signOff: SignOff;
  readonly onSigned?: () => void;
}

/** The second half of a two-person act: the exact text, and a signature given afresh for it (domain.md, "People"). */
export function SecondPerson({ signOff, onSigned }: SecondPersonProps) {
  const said = words.value.signOff;
  const own = signOff.requestedBy === person.value;
  const user = useSignal(own ? '' : (person.value ?? ''));
  const pin = useSignal('');
  const fault = useSignal<string | null>(null);
  const path = `/sign-offs/${encodeURIComponent(signOff.id)}`;
  const closed = () => keepSignOff({ id: signOff.id, closed: true });
  const sign = useAct<{ user: string; pin: string }, unknown>(
    (body, key) => call('POST', `${path}/sign`, { body, key }),
    () => {
      onSigned?.();
      closed();
    },
  );
  const withdraw = useAct<null, unknown>((_, key) => call('DELETE', path, { key }), closed);
  return (
    <form
      class="second-person"
      aria-labelledby={`sign-${signOff.id}`}
      onSubmit={(event) => {
        event.preventDefault();
        const who = user.value.trim();
        if (who === '' || pin.value === '') fault.value = said.missing;
        else if (who === signOff.requestedBy) fault.value = said.same;
        else {
          fault.value = null;
          void sign.run({ user: who, pin: pin.value });
          pin.value = '';
        }
      }}
    >
      <h2 id={`sign-${signOff.id}`}>{said.title}</h2>
      {fault.value === null ? (
        <ProblemNote failure={sign.failure ?? withdraw.failure} />
      ) : (
        <ProblemNote failure={null}>{fault.value}</ProblemNote>
      )}
      <p>{said.lead}</p>
      <blockquote class="act-text" lang={station.value?.language}>
        {signOff.text}
      </blockquote>
      <p class="muted">
        {said.requested(signOff.requestedBy, clock(signOff.requestedAt))} · {said.expires(clock(signOff.expires))}
      </p>
      {!has('supervisor') && <p>{said.supervisor}</p>}
      <div class="side-by-side">
        <Field
          label={said.user}
          value={user.value}
          onInput={(value) => {
            user.value = value;
          }}
        />
        <Field
          label={said.pin}
          kind="password"
          autocomplete="one-time-code"
          value={pin.value}
          onInput={(value) => {
            pin.value = value;
          }}
        />
      </div>
      <Acts split>
        <ActButton busy={withdraw.busy} onPress={() => void withdraw.run(null)}>
          {said.withdraw}
        </ActButton>
        <ActButton look="next" submit busy={sign.busy}>
          {said.sign}
        </ActButton>
      </Acts>
    </form>
  );
}
