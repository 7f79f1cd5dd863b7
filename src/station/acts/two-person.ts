import type { Role } from '../../domain/people.ts';
import type { Core } from '../core.ts';
import { type CarryOut, sign, type TwoPersonAct } from '../sign-offs.ts';
import { carryOutSpoil } from './booklets.ts';
import { carryOutResolution } from './resolution.ts';

/** Every act that needs two people (domain.md), and what it does when the second one signs. */
const TWO_PERSON_ACTS: Readonly<Record<TwoPersonAct, CarryOut>> = {
  'attempt.resolve': carryOutResolution,
  'booklet.spoil': carryOutSpoil,
};

export const signAct = (core: Core, id: string, roles: readonly Role[]) => sign(core, TWO_PERSON_ACTS, id, roles);
