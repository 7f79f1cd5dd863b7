/** What goes wrong with a real centre, as data: JSON-able, started by time or by the n-th request, with a seed. */
import type { Clock } from '../../src/domain/world.ts';
import { type Randomly, seededRandom } from '../faults.ts';

export const CENTRE_CALLS = ['feed', 'reports', 'time', 'health', 'v1'] as const;
export type CentreCall = (typeof CENTRE_CALLS)[number];

type FaultKinds =
  /** `refuse`: nobody listens. `reset`: the connection is taken and torn down. */
  | { readonly kind: 'down'; readonly how: 'refuse' | 'reset' }
  /** Every answer comes later by this much. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** A 5xx answer. */
  | { readonly kind: 'server-error'; readonly status?: number }
  | { readonly kind: 'too-many-requests'; readonly retryAfterSeconds?: number }
  /** The statements of a page come in random order. */
  | { readonly kind: 'random-order' }
  /** Statements come again, in the page and from pages before. */
  | { readonly kind: 'duplicates' }
  /** The answer ends in the middle, though its length said more. */
  | { readonly kind: 'truncated' }
  /** The answer is larger than any limit (default 9 MiB). */
  | { readonly kind: 'oversized'; readonly bytes?: number }
  /** Things that are no statements stand between the statements. */
  | { readonly kind: 'malformed-statements' }
  /** The reports are taken, but the answer never arrives. */
  | { readonly kind: 'lost-answer' }
  /** All cursors given out so far are unknown (410); by nature once. */
  | { readonly kind: 'forget-cursors' }
  /** The line carries only so much. */
  | { readonly kind: 'throttled'; readonly bytesPerSecond: number }
  /** Statements arrive with a damaged signature. */
  | { readonly kind: 'wrong-signature' }
  /** The answer is no JSON at all, as from a captive portal. */
  | { readonly kind: 'not-json' }
  /** The centre's clock is off, in time statements. */
  | { readonly kind: 'clock-off'; readonly seconds: number };

export interface FaultTiming {
  /** `time`: `ms` after it was handed in (default at once). `command`: from the `n`-th request, or the `n`-th `name`. */
  readonly trigger?:
    | { readonly at: 'time'; readonly ms: number }
    | { readonly at: 'command'; readonly n: number; readonly name?: CentreCall };
  /** Only requests of this kind; default all that it fits. */
  readonly call?: CentreCall;
  /** Ends so long after it began; default never. */
  readonly forMs?: number;
  /** Strikes at most so often; default without end. */
  readonly times?: number;
  /** The chance to strike at each request, 0..1; default 1. */
  readonly chance?: number;
  readonly seed?: number;
}

export type CentreFault = FaultKinds & FaultTiming;
export type CentreFaultKind = FaultKinds['kind'];
export type CentreFaultOf<Kind extends CentreFaultKind> = Extract<CentreFault, { readonly kind: Kind }>;

export const CENTRE_FAULT_KINDS = [
  'down',
  'slow',
  'server-error',
  'too-many-requests',
  'random-order',
  'duplicates',
  'truncated',
  'oversized',
  'malformed-statements',
  'lost-answer',
  'forget-cursors',
  'throttled',
  'wrong-signature',
  'not-json',
  'clock-off',
] as const satisfies readonly CentreFaultKind[];

interface Standing {
  readonly fault: CentreFault;
  readonly handedIn: number;
  readonly random: Randomly;
  /** Matching requests seen since it was handed in. */
  seen: number;
  /** When it began, ms; null while its trigger waits. */
  began: number | null;
  struck: number;
}

/** The faults that strike one request. */
export class Strikes {
  readonly #faults: readonly { readonly fault: CentreFault; readonly random: Randomly }[];
  constructor(faults: readonly { readonly fault: CentreFault; readonly random: Randomly }[]) {
    this.#faults = faults;
  }

  of<Kind extends CentreFaultKind>(kind: Kind): { fault: CentreFaultOf<Kind>; random: Randomly } | null {
    const found = this.#faults.find(({ fault }) => fault.kind === kind);
    return found === undefined ? null : { fault: found.fault as CentreFaultOf<Kind>, random: found.random };
  }
}

/** Holds the faults in force and decides for each request which of them strike. */
export class CentreFaults {
  readonly #clock: Pick<Clock, 'now'>;
  #standing: Standing[] = [];
  #handedIn = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** @throws RangeError for an unknown kind: a typo must not pass as "survived the fault". */
  add(fault: CentreFault): void {
    if (!CENTRE_FAULT_KINDS.includes(fault.kind)) {
      throw new RangeError(`the simulated centre has no fault ${JSON.stringify(fault.kind)}`);
    }
    const random = seededRandom(fault.seed ?? ++this.#handedIn);
    this.#standing.push({ fault, handedIn: this.#clock.now(), random, seen: 0, began: null, struck: 0 });
  }

  /** Heals the faults of one kind, or all. */
  clear(kind?: CentreFaultKind): void {
    this.#standing = kind === undefined ? [] : this.#standing.filter(({ fault }) => fault.kind !== kind);
  }

  list(): readonly CentreFault[] {
    return this.#standing.map(({ fault }) => fault);
  }

  /** A request of this kind came: which faults strike it. */
  strike(call: CentreCall): Strikes {
    const now = this.#clock.now();
    for (const standing of this.#standing) {
      const { trigger } = standing.fault;
      if (trigger?.at === 'command' && (trigger.name ?? call) === call) standing.seen += 1;
    }
    const striking = this.#standing.filter((standing) => {
      const { call: only, times = Number.POSITIVE_INFINITY, chance = 1 } = standing.fault;
      if (!this.#isOn(standing, now) || (only ?? call) !== call || standing.struck >= times) return false;
      if (standing.random() >= chance) return false;
      standing.struck += 1;
      return true;
    });
    return new Strikes(striking);
  }

  /** Whether nobody listens at this moment. Asked by the server, which then closes its door. */
  refusesConnections(): boolean {
    const now = this.#clock.now();
    return this.#standing.some((s) => s.fault.kind === 'down' && s.fault.how === 'refuse' && this.#isOn(s, now));
  }

  /** Milliseconds until a standing fault begins or ends by itself; null when none does. */
  nextChange(): number | null {
    const now = this.#clock.now();
    const moments = this.#standing.flatMap(({ fault, handedIn, began }) => {
      const start = fault.trigger?.at === 'time' ? handedIn + fault.trigger.ms : (began ?? handedIn);
      return fault.forMs === undefined ? [start] : [start, start + fault.forMs];
    });
    const ahead = moments.filter((moment) => moment > now);
    return ahead.length === 0 ? null : Math.min(...ahead) - now;
  }

  #isOn(standing: Standing, now: number): boolean {
    const { trigger, forMs } = standing.fault;
    if (standing.began === null) {
      if (trigger?.at === 'time' && now < standing.handedIn + trigger.ms) return false;
      if (trigger?.at === 'command' && standing.seen < trigger.n) return false;
      standing.began = trigger?.at === 'time' ? standing.handedIn + trigger.ms : now;
    }
    return forMs === undefined || now < standing.began + forMs;
  }
}
