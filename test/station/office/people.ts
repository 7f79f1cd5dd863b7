import type { PrinterEvent } from '../../../machines/printer.ts';
import type { ConfirmStepName } from '../../../machines/printer-view.ts';
import { type Problem, problem, Refusal } from '../../../src/domain/errors.ts';
import { type Act, type Actor, mayDo, type Role } from '../../../src/domain/people.ts';
import type { Result } from '../../../src/domain/result.ts';
import type { AttemptRow, BindingRow, JobRow, SignOffRow } from '../../../src/journal/queries.ts';
import { receiveBooklets, requestSpoil } from '../../../src/station/acts/booklets.ts';
import { cancelJob, checkQuality, handOver, holdJob, receiveJob, referJob } from '../../../src/station/acts/jobs.ts';
import { signIn } from '../../../src/station/acts/people.ts';
import { compareReadBack, type ReadBackOutcome } from '../../../src/station/acts/printing.ts';
import { release } from '../../../src/station/acts/release.ts';
import { type Resolution, type Resolved, resolve } from '../../../src/station/acts/resolution.ts';
import { signAct } from '../../../src/station/acts/two-person.ts';
import { type Decision, perform, requireAct } from '../../../src/station/core.ts';
import { hashPin } from '../../../src/station/credentials.ts';
import { type Received, receiveStatement } from '../../../src/station/desk.ts';
import type { Station } from '../../../src/station/station.ts';
import { recordOf } from './applicants.ts';

/** Who works in a test office. The roles are those of the demo. */
export const STAFF = {
  sari: { pin: '271828', roles: ['operator'] },
  budi: { pin: '314159', roles: ['operator', 'quality'] },
  dewi: { pin: '161803', roles: ['supervisor', 'quality'] },
  tono: { pin: '141421', roles: ['technician'] },
} as const satisfies Record<string, { readonly pin: string; readonly roles: readonly Role[] }>;
export type StaffName = keyof typeof STAFF;

const INTAKE = {
  priority: 'normal',
  priorityReason: null,
  family: null,
  travelDate: null,
  intakeAt: null,
  referredFrom: null,
} as const;

/** Stretching four PINs costs a fifth of a second: once a process, not once an office. */
const stretched = new Map<StaffName, Promise<string>>();
const stretchedPin = (name: StaffName): Promise<string> => {
  let pin = stretched.get(name);
  if (pin === undefined) {
    pin = hashPin(STAFF[name].pin, { bytes: (length) => new Uint8Array(length).fill(7), id: () => name });
    stretched.set(name, pin);
  }
  return pin;
};

/** Puts the staff into the journal, with their real credentials. */
export async function hire(station: Station): Promise<void> {
  for (const name of Object.keys(STAFF) as StaffName[]) {
    const pin = await stretchedPin(name);
    given(
      perform(station.core, { kind: 'local', name: 'test' }, 'hire', (tx) => {
        tx.keepCredential(name, pin);
        tx.append('person-added', name, { name, roles: [...STAFF[name].roles] });
      }),
    );
  }
}

/** What a call answers, or the refusal that it threw. */
export function given<Value>(result: Result<Value, Problem>): Value {
  if (!result.ok) throw new Refusal(result.failure);
  return result.value;
}

/** The problem with which `act` was refused. @throws Error where it was not refused */
export async function refusal(act: () => unknown): Promise<Problem> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Refusal) return error.problem;
    throw error;
  }
  throw new Error('was not refused');
}

type Told = Extract<Parameters<ReturnType<Station['printer']>['tell']>[0], PrinterEvent>['type'];

/**
 * One person at the station's screens. Every act asks for the role, as the API does, and throws the `Refusal` that the
 * screen would show. `station` gives the one that runs now.
 */
export interface Person {
  readonly name: StaffName;
  readonly actor: Actor & { readonly kind: 'person' };
  /** Checks name and PIN as at the screen. */
  signsIn(pin?: string): Promise<void>;
  receivesBooklets(from: string, to: string): void;
  /** The n-th fictitious applicant, or a record's own bytes. */
  submits(applicant: number | Uint8Array): JobRow;
  imports(text: string): Received;
  releases(...jobs: string[]): void;
  holds(job: string): void;
  cancels(job: string): void;
  refers(job: string): void;
  binds(printer: string, job: string, booklet: string): BindingRow;
  unbinds(printer: string): void;
  /** Presses print for what is bound, or for `binding`; resolves when the intent is durable. */
  prints(printer: string, binding?: string): Promise<AttemptRow>;
  tells(printer: string, type: Told): void;
  confirms(printer: string, step: ConfirmStepName): void;
  readsBack(attempt: string, lines: readonly [string, string], source?: 'reader' | 'keyed'): ReadBackOutcome;
  resolves(attempt: string, outcome: Resolution, reason?: string): Resolved;
  asksToSpoil(booklet: string, reason?: string): SignOffRow;
  /** Signs as the second person, with the PIN asked for afresh. */
  signs(signOff: string, pin?: string): Promise<void>;
  checksQuality(job: string, result: 'pass' | 'fail'): JobRow;
  handsOver(job: string): JobRow;
}

const CONFIRMED = {
  'booklet-inserted': 'BOOKLET_INSERTED',
  'booklet-removed': 'BOOKLET_REMOVED',
  attended: 'ATTENDED',
} as const;

export function personAt(station: () => Station, name: StaffName): Person {
  const { roles, pin: ownPin } = STAFF[name];
  const actor = { kind: 'person', name, roles } as const;
  const does = <Value>(act: Act, title: string, decide: () => Decision<Value>): Value => {
    requireAct(actor, act);
    return given(perform(station().core, actor, title, decide()));
  };
  const core = () => station().core;
  return {
    name,
    actor,
    async signsIn(pin = ownPin) {
      const signed = await signIn(core(), name, pin);
      if (!signed.ok) throw new Refusal(signed.failure.problem);
    },
    receivesBooklets: (from, to) =>
      void does('booklet.receive', 'receive-booklets', () => receiveBooklets(core(), from, to, 'DELIVERY-1')),
    submits: (who) =>
      does('job.receive', 'receive', () => receiveJob(core(), typeof who === 'number' ? recordOf(who) : who, INTAKE))
        .job,
    imports: (text) => does('statement.import', 'import', () => (tx) => receiveStatement(core(), tx, text, 'import')),
    releases: (...jobs) => void does('job.release', 'release', () => release(core(), jobs)),
    holds: (job) => void does('job.hold', 'hold', () => holdJob(job, 'a document is missing')),
    cancels: (job) => void does('job.cancel', 'cancel', () => cancelJob(core(), job, 'withdrawn')),
    refers: (job) => void does('job.refer', 'refer', () => referJob(core(), job, 'PNK', 'urgent travel')),
    binds: (printer, job, booklet) =>
      does('printer.bind', 'bind', () => station().printer(printer).binds(job, booklet)),
    unbinds(printer) {
      requireAct(actor, 'printer.bind');
      given(station().printer(printer).unbind(actor, 'undone'));
    },
    async prints(printer, binding = core().journal.liveBinding(printer)?.id ?? 'nothing') {
      requireAct(actor, 'printer.print');
      return given(await station().printer(printer).print(actor, binding));
    },
    tells(printer, type) {
      requireAct(actor, 'printer.control');
      given(station().printer(printer).tell({ type }));
    },
    confirms(printer, step) {
      requireAct(actor, 'printer.confirm');
      const runner = station().printer(printer);
      if (!runner.view.asks.includes(step)) throw new Refusal(problem('PST-504', `${step} is not asked for`));
      given(step === 'purged' ? runner.confirmPurged(actor) : runner.tell({ type: CONFIRMED[step] }));
    },
    readsBack: (attempt, lines, source = 'reader') =>
      does('attempt.read-back', 'read-back', () => compareReadBack(core(), attempt, lines, source)),
    resolves: (attempt, outcome, reason = 'looked at') =>
      does('attempt.resolve', 'resolve', () => resolve(core(), attempt, outcome, reason)),
    asksToSpoil: (booklet, reason = 'looked at') =>
      does('booklet.spoil', 'spoil', () => requestSpoil(core(), booklet, reason)),
    async signs(signOff, pin = ownPin) {
      const signed = await signIn(core(), name, pin);
      if (!signed.ok) throw new Refusal(signed.failure.problem);
      if (!mayDo(roles, 'sign-off.sign')) throw new Refusal(problem('PST-408', 'this role signs nothing'));
      given(perform(core(), actor, 'sign', signAct(core(), signOff, signed.value.roles)));
    },
    checksQuality: (job, result) =>
      does('job.quality', 'quality', () => checkQuality(core(), job, result, result === 'pass' ? [] : ['smudged'])),
    handsOver: (job) => does('job.hand-over', 'hand-over', () => handOver(core(), job, 'holder', 'identity card')),
  };
}
