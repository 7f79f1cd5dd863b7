import type { World } from '../domain/world.ts';
import { Transaction } from '../journal/journal.ts';
import type { Queries } from '../journal/queries.ts';
import {
  type Anchor,
  anchorByAct,
  anchorBySystem,
  type ClockFacts,
  type ClockReading,
  readClock,
} from '../trust/clock.ts';

/** One look at this machine's clocks. */
type Look = Pick<ClockFacts, 'system' | 'monotonic' | 'synchronised'>;

/** The station's clock: the rules of src/trust/clock.ts over this boot's facts and the journal's marks. */
export class StationClock {
  readonly #world: World;
  readonly #looks = new WeakMap<Transaction, Look>();
  #anchor: Anchor | null = null;

  constructor(world: World) {
    this.#world = world;
  }

  facts(journal: Queries): ClockFacts {
    return { ...this.#look(journal), anchor: this.#anchor, mark: journal.marks() };
  }

  /** A transaction is one moment, however much it has to judge. */
  #look(journal: Queries): Look {
    if (!(journal instanceof Transaction)) return this.#lookNow();
    let look = this.#looks.get(journal);
    if (look === undefined) {
      look = this.#lookNow();
      this.#looks.set(journal, look);
    }
    return look;
  }

  #lookNow(): Look {
    const { clock } = this.#world;
    return {
      system: Math.floor(clock.now() / 1000),
      monotonic: Math.floor(clock.monotonic() / 1000),
      synchronised: clock.synchronised(),
    };
  }

  reading(journal: Queries): ClockReading {
    const facts = this.facts(journal);
    this.#anchor = anchorBySystem(facts);
    return readClock({ ...facts, anchor: this.#anchor });
  }

  /**
   * Takes a time that the centre gave for our nonce, or that two people attested. Returns what to write down, `null`
   * where it contradicts what the centre signed before; call the returned `adopt` after the commit.
   */
  learn(
    journal: Queries,
    source: 'nonce' | 'attested',
    time: number,
  ): { data: { source: 'nonce' | 'attested'; time: number; behind: number }; adopt: () => void } | null {
    const facts = this.facts(journal);
    const learnt = anchorByAct(source, time, facts);
    if (learnt === null) return null;
    return {
      data: { source, time, behind: Math.max(0, facts.mark.local - time) },
      adopt: () => {
        this.#anchor = learnt.anchor;
      },
    };
  }
}
