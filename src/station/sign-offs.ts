import { problem, Refusal } from '../domain/errors.ts';
import type { Role } from '../domain/people.ts';
import type { Transaction } from '../journal/journal.ts';
import type { SignOffRow } from '../journal/queries.ts';
import type { Core, Decision } from './core.ts';

/** Two-person acts (domain.md): one person asks, another one signs the exact text, and the act happens in that transaction. */

/** Milliseconds that a request waits for its second person. */
export const SIGN_OFF_LIFETIME = 15 * 60_000;

/** What an act does once both have signed; it judges again whether it may, for the world has moved on. */
export type CarryOut = (
  core: Core,
  tx: Transaction,
  payload: Record<string, unknown>,
  people: readonly string[],
) => void;

export type TwoPersonAct = 'attempt.resolve' | 'booklet.spoil';

/** Writes the request down; asking again for the same act on the same subject gives the one that is open. */
export function requestSignOff(
  core: Core,
  tx: Transaction,
  act: TwoPersonAct,
  subject: string,
  text: string,
  payload: Record<string, unknown>,
): SignOffRow {
  closeExpired(tx);
  const open = tx.openSignOffs().filter((one) => one.act === act && one.subject === subject);
  for (const one of open) {
    if (one.text === text && one.requested_by === tx.actor) return one;
    // A new wording of the same act takes the old one's place: nobody signs what is no longer meant.
    tx.append('sign-off-closed', one.id, { id: one.id, why: 'withdrawn' });
  }
  const id = core.world.random.id();
  tx.append('sign-off-requested', id, { id, act, text, subject, payload, expires: tx.at + SIGN_OFF_LIFETIME });
  return tx.signOff(id) as SignOffRow;
}

function closeExpired(tx: Transaction): void {
  for (const one of tx.openSignOffs())
    if (one.expires <= tx.at) tx.append('sign-off-closed', one.id, { id: one.id, why: 'expired' });
}

/**
 * The second person signs. `tx.actor` is that person, whose credential was just checked afresh.
 * @throws Refusal PST-410 not open, PST-409 the same person, or no supervisor among the two
 */
export const sign =
  (core: Core, acts: Readonly<Record<string, CarryOut>>, id: string, roles: readonly Role[]): Decision<SignOffRow> =>
  (tx) => {
    const row = tx.signOff(id);
    if (row === undefined || row.state !== 'open' || row.expires <= tx.at) throw new Refusal(problem('PST-410', id));
    if (row.requested_by === tx.actor) throw new Refusal(problem('PST-409', 'the second person is the first'));
    const first = tx.person(row.requested_by);
    if (first?.disabled === true)
      throw new Refusal(problem('PST-410', 'who asked for it may do nothing here any more'));
    if (!roles.includes('supervisor') && first?.roles.includes('supervisor') !== true)
      throw new Refusal(problem('PST-409', 'neither of the two is a supervisor'));
    if (!roles.some((role) => role === 'operator' || role === 'quality' || role === 'supervisor'))
      throw new Refusal(problem('PST-408', 'this role signs nothing'));
    tx.append('sign-off-signed', id, { id, by: tx.actor });
    const carryOut = acts[row.act];
    if (carryOut === undefined) throw new Error(`no act ${row.act}`);
    carryOut(core, tx, JSON.parse(row.payload) as Record<string, unknown>, [row.requested_by, tx.actor]);
    return tx.signOff(id) as SignOffRow;
  };

export const withdraw =
  (id: string): Decision<void> =>
  (tx) => {
    const row = tx.signOff(id);
    if (row === undefined || row.state !== 'open') throw new Refusal(problem('PST-410', id));
    tx.append('sign-off-closed', id, { id, why: row.expires <= tx.at ? 'expired' : 'withdrawn' });
  };
