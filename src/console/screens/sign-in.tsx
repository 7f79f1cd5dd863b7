import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ActButton, useAct } from '../parts/act.tsx';
import { Field } from '../parts/field.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { rim } from '../rim.ts';
import { lastPerson, signedOutBy, signIn } from '../state/session.ts';
import { station } from '../state/station.ts';
import { words } from '../words/words.ts';

/** Sign-in and lock: nothing of any person is on the screen. */
export function SignInScreen() {
  const said = words.value.signIn;
  const user = useSignal(lastPerson.value);
  const pin = useSignal('');
  const missing = useSignal(false);
  const wait = useSignal(0);
  const enter = useAct((body: { user: string; pin: string }, key) => signIn(body.user, body.pin, key));
  const retryAfter = enter.failure?.kind === 'problem' ? enter.failure.retryAfterSeconds : null;

  useEffect(() => {
    wait.value = retryAfter ?? 0;
    if (retryAfter === null) return undefined;
    return rim.every(1000, () => {
      wait.value = Math.max(0, wait.value - 1);
    });
  }, [retryAfter, enter.failure]);

  const locked = signedOutBy.value === 'idle' || signedOutBy.value === 'station';
  return (
    <div class="sign-in">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          missing.value = user.value.trim() === '' || pin.value === '';
          if (missing.value || wait.value > 0) return;
          void enter.run({ user: user.value.trim(), pin: pin.value });
          pin.value = '';
        }}
      >
        <p class="muted">
          {words.value.app.title}
          {station.value === null ? '' : ` · ${station.value.id}`}
        </p>
        <h1 tabIndex={-1}>{locked ? said.locked : said.title}</h1>
        {signedOutBy.value === 'idle' && <p>{said.lockedText}</p>}
        {signedOutBy.value === 'station' && <p>{said.endedText}</p>}
        {missing.value ? (
          <ProblemNote failure={null}>{said.missing}</ProblemNote>
        ) : (
          <ProblemNote failure={enter.failure} />
        )}
        <Field
          label={said.user}
          autocomplete="username"
          autofocus={lastPerson.value === ''}
          value={user.value}
          onInput={(value) => {
            user.value = value;
          }}
        />
        <Field
          label={said.pin}
          kind="password"
          autocomplete="current-password"
          autofocus={lastPerson.value !== ''}
          value={pin.value}
          onInput={(value) => {
            pin.value = value;
          }}
        />
        <div class="acts">
          <ActButton
            look="next"
            submit
            busy={enter.busy}
            refused={wait.value > 0 ? said.retryIn(Math.ceil(wait.value)) : null}
          >
            {said.act}
          </ActButton>
        </div>
      </form>
    </div>
  );
}
