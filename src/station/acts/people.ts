import { type Problem, problem, Refusal } from '../../domain/errors.ts';
import { type Actor, pinFault, type Role, signInDelaySeconds } from '../../domain/people.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { PersonRow } from '../../journal/queries.ts';
import { type Core, type Decision, perform } from '../core.ts';
import { hashPin, pinMatches } from '../credentials.ts';

/** 1-64 of letters, digits, `.`, `-` and `_`: a name that fits in a log line and a URL. */
const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** @returns PST-416 a weak PIN or an unusable name, PST-415 the name is taken */
export async function addPerson(
  core: Core,
  actor: Actor,
  name: string,
  roles: readonly Role[],
  pin: string,
): Promise<Result<PersonRow, Problem>> {
  const fault = pinFault(pin) ?? (NAME.test(name) ? null : 'a name has 1-64 of A-Z a-z 0-9 . _ -');
  if (fault !== null) return fail(problem('PST-416', fault));
  const stored = await hashPin(pin, core.world.random);
  return perform(core, actor, 'add-person', (tx) => {
    if (tx.person(name) !== undefined) throw new Refusal(problem('PST-415', name));
    tx.keepCredential(name, stored);
    tx.append('person-added', name, { name, roles: [...roles] });
    return tx.person(name) as PersonRow;
  });
}

export const disablePerson =
  (name: string): Decision<PersonRow> =>
  (tx) => {
    if (tx.person(name) === undefined) throw new Refusal(problem('PST-420', name));
    tx.append('person-disabled', name, { name });
    return tx.person(name) as PersonRow;
  };

/** A refused sign-in; `retryAfter` in whole seconds where sign-in pauses. */
export interface SignInRefusal {
  readonly problem: Problem;
  readonly retryAfter: number | null;
}

/**
 * Checks a name and PIN afresh. The count of wrong PINs is in the journal, so that the pause survives a restart.
 */
export async function signIn(core: Core, name: string, pin: string): Promise<Result<PersonRow, SignInRefusal>> {
  const known = core.journal.person(name);
  const pause = known === undefined ? 0 : pauseLeft(known, core.world.clock.now());
  if (pause > 0) return fail({ problem: problem('PST-414', `${pause} s left`), retryAfter: pause });
  const good = await pinMatches(pin, known === undefined || known.disabled ? null : known.pin);
  const actor: Actor = { kind: 'person', name, roles: known?.roles ?? [] };
  if (!good) {
    if (known !== undefined && !known.disabled)
      perform(core, actor, 'sign-in-failed', (tx) => tx.append('sign-in-failed', name, { name }));
    return fail({ problem: problem('PST-413', 'name or PIN is wrong'), retryAfter: null });
  }
  // Two tries at once must not outrun the pause: the count is looked at again inside the transaction.
  const written = perform(core, actor, 'sign-in', (tx) => {
    const now = tx.person(name) as PersonRow;
    if (pauseLeft(now, tx.at) > 0) throw new Refusal(problem('PST-414', 'paused'));
    tx.append('signed-in', name, { name });
    return now;
  });
  return written.ok ? ok(written.value) : fail({ problem: written.failure, retryAfter: null });
}

const pauseLeft = (person: PersonRow, now: number): number =>
  person.wrong_at === null
    ? 0
    : Math.max(0, Math.ceil((person.wrong_at + signInDelaySeconds(person.wrong) * 1000 - now) / 1000));
