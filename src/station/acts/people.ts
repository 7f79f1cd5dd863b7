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

/** Wrong tries under a name, the last of them at `at` (milliseconds since the epoch). */
interface Tries {
  readonly wrong: number;
  readonly at: number | null;
}

/** Names that nobody here has, or that are disabled: they pause like any other, so that trying does not tell who works here. */
const strangers = new WeakMap<Core, Map<string, Tries>>();
const MOST_STRANGERS = 1000;

function strangersAt(core: Core): Map<string, Tries> {
  const known = strangers.get(core) ?? new Map<string, Tries>();
  strangers.set(core, known);
  return known;
}

function countStranger(core: Core, name: string): void {
  const names = strangersAt(core);
  const wrong = (names.get(name)?.wrong ?? 0) + 1;
  names.delete(name);
  names.set(name, { wrong, at: core.world.clock.now() });
  const [oldest] = names.keys();
  if (names.size > MOST_STRANGERS && oldest !== undefined) names.delete(oldest);
}

/**
 * Checks a name and PIN afresh. The count of wrong PINs is in the journal, so that the pause survives a restart.
 * While sign-in pauses a right PIN is answered like a wrong one.
 */
export async function signIn(core: Core, name: string, pin: string): Promise<Result<PersonRow, SignInRefusal>> {
  const found = core.journal.person(name);
  const known = found?.disabled === false ? found : undefined;
  const tries = known === undefined ? strangersAt(core).get(name) : triesOf(known);
  const now = core.world.clock.now();
  const pause = pauseLeft(tries, now);
  if (pause > 0 && !isAhead(tries, now)) return paused(pause);
  const good = await pinMatches(pin, known?.pin ?? null);
  const wrong = fail({ problem: problem('PST-413', 'name or PIN is wrong'), retryAfter: null });
  if (known === undefined) {
    countStranger(core, name);
    return pause > 0 ? paused(pause) : wrong;
  }
  const actor: Actor = { kind: 'person', name, roles: known.roles };
  // Many tries at once must not outrun the pause, nor tell by their answers which of them was right: the count is
  // looked at again inside the transaction, whatever the PIN was.
  const written = perform(core, actor, good ? 'sign-in' : 'sign-in-failed', (tx) => {
    const person = tx.person(name) as PersonRow;
    const left = pauseLeft(triesOf(person), tx.at);
    const right = good && !person.disabled;
    if (left === 0) tx.append(right ? 'signed-in' : 'sign-in-failed', name, { name });
    // After the clock was set back nobody can tell when the pause ends: it begins anew, so that it does end.
    else if (isAhead(triesOf(person), tx.at)) tx.append('sign-in-failed', name, { name });
    return { person, left, right };
  });
  if (!written.ok) return fail({ problem: written.failure, retryAfter: null });
  const { person, left, right } = written.value;
  if (left > 0) return paused(left);
  return right ? ok(person) : wrong;
}

const paused = (seconds: number) => fail({ problem: problem('PST-414', `${seconds} s left`), retryAfter: seconds });

const triesOf = ({ wrong, wrong_at }: PersonRow): Tries => ({ wrong, at: wrong_at });

/** Whole seconds; never more than the whole pause, wherever the clock stands. */
function pauseLeft(tries: Tries | undefined, now: number): number {
  if (tries === undefined || tries.at === null) return 0;
  const whole = signInDelaySeconds(tries.wrong);
  return Math.min(whole, Math.max(0, Math.ceil((tries.at - now) / 1000 + whole)));
}

/** Whether the clock was set back behind the last wrong try. */
const isAhead = (tries: Tries | undefined, now: number): boolean => (tries?.at ?? now) > now;
