import { createActor, type Actor as MachineActor } from 'xstate';
import type {
  ConnectFailure,
  PrinterDriver,
  PrinterSession,
  PrinterStatus,
  PrintOutcome,
  PrintProgress,
} from '../../drivers/driver.ts';
import { type DeviceState, type PrinterEvent, printerMachine } from '../../machines/printer.ts';
import {
  admissionOf,
  operationOf,
  type PrinterSnapshot,
  printerAsks,
  printerState,
} from '../../machines/printer-view.ts';
import { type Problem, problem, Refusal } from '../domain/errors.ts';
import type { Actor } from '../domain/people.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import type { AttemptRow, BindingRow } from '../journal/queries.ts';
import { bind, intend, printerFacts, recordOutcome, unbind } from './acts/printing.ts';
import { type Core, type Decision, perform } from './core.ts';
import { type RenderedPage, renderPage } from './pages.ts';

const STATION: Actor = { kind: 'station' };

/** Acknowledgement numbers reserved at a time: one entry pays for many. They wrap at 10,000 (`CSI n ! t`, n 0-9999). */
const SEQUENCE_BLOCK = 100;
const SEQUENCE_SIZE = 10_000;
/** Of them at hand before a driver is called, so that it never waits for the disk: more than a connect or a page takes. */
const SEQUENCE_AT_HAND = 10;

/** Milliseconds between tries to write an outcome down while the disk does not take it. */
const OUTCOME_RETRY = 2_000;

export interface PrinterSettings {
  readonly id: string;
  readonly driver: string;
  /** What the device must tell of itself; `null`: any. */
  readonly identity: { readonly model: string | null; readonly serial: string | null };
}

/** Somebody pressed print; the intent is not durable yet. */
interface PrintRequest {
  readonly actor: Actor;
  readonly binding: string;
  readonly result: Promise<Result<AttemptRow, Problem>>;
  readonly settle: (result: Result<AttemptRow, Problem>) => void;
}

/**
 * Runs one printer's machine: carries out its effects, after the journal has what they rest on, and turns what the
 * device answers into events. It decides nothing by itself.
 */
export class PrinterRunner {
  readonly id: string;
  readonly settings: PrinterSettings;
  readonly driver: PrinterDriver;
  readonly #core: Core;
  readonly #actor: MachineActor<typeof printerMachine>;
  readonly #changed: () => void;
  #session: PrinterSession | null = null;
  #sequence: { next: number; reserved: number };
  #page: { binding: string; page: Promise<RenderedPage> } | null = null;
  #request: PrintRequest | null = null;
  #intended: { attempt: AttemptRow; page: RenderedPage } | null = null;
  #sending: Promise<void> | null = null;
  #progress: { bytesAccepted: number; bytesTotal: number } | null = null;
  #status: PrinterStatus | null = null;
  #since: number;
  #shown = '';
  #stopping = false;
  /** Behind `stop` the journal is closed: nothing may be asked of it any more. */
  #stopped = false;

  constructor(core: Core, settings: PrinterSettings, driver: PrinterDriver, changed: () => void) {
    this.id = settings.id;
    this.settings = settings;
    this.driver = driver;
    this.#core = core;
    this.#changed = changed;
    this.#since = core.world.clock.now();
    const { sequence } = core.journal.printer(this.id);
    this.#sequence = { next: sequence + 1, reserved: sequence };
    const { timers } = core.world;
    const cancels = new Map<number, () => void>();
    let timerId = 0;
    this.#actor = createActor(
      printerMachine.provide({
        actions: {
          connect: () => void this.#connect(),
          closeSession: () => void this.#session?.close(),
          reconcile: () => this.#soon('reconcile', () => this.#reconcile()),
          writeIntent: () => void this.#writeIntent(),
          send: () => {
            this.#sending = this.#send();
          },
          abort: () => void this.#session?.close(),
          eject: () => void this.#eject(),
        },
      }),
      {
        input: {
          facts: printerFacts(core.journal, this.id),
          expected: settings.identity,
          bookletSensor: driver.capabilities.bookletSensor,
          delays: { reconnectFirst: 500, reconnectLongest: 30_000 },
        },
        clock: {
          setTimeout: (callback: () => void, milliseconds: number) => {
            timerId += 1;
            const id = timerId;
            cancels.set(
              id,
              timers.after(milliseconds, () => {
                cancels.delete(id);
                callback();
              }),
            );
            return id;
          },
          clearTimeout: (id: number) => {
            cancels.get(id)?.();
            cancels.delete(id);
          },
        },
      },
    );
    this.#actor.subscribe(() => this.#notify());
  }

  start(): void {
    this.#actor.start();
    this.#warmPage();
    this.#happened({ type: 'START' });
  }

  /** Finishes what is being printed, at most for `patience` milliseconds, then ends the session. */
  async stop(patience: number): Promise<void> {
    this.#stopping = true;
    this.#happened({ type: 'DRAIN' });
    const until = this.#core.world.clock.monotonic() + patience;
    while (operationOf(this.snapshot).startsWith('printing') && this.#core.world.clock.monotonic() < until)
      await new Promise<void>((resolve) => this.#core.world.timers.after(50, resolve));
    await this.#session?.close();
    // A page that was cut off has its outcome now, and it is written down while the journal is open.
    await this.#sending;
    this.#actor.stop();
    this.#stopped = true;
  }

  get snapshot(): PrinterSnapshot {
    return this.#actor.getSnapshot() as PrinterSnapshot;
  }

  get view() {
    const { snapshot } = this;
    const { context } = snapshot;
    return {
      state: printerState(snapshot),
      since: this.#since,
      status: this.#status,
      identity: context.identity,
      facts: context.facts,
      attempt: this.#intended?.attempt.id ?? context.facts.lock?.attempt ?? context.facts.owesReadBack,
      progress: this.#progress,
      asks: printerAsks(snapshot),
      paused: admissionOf(snapshot) !== 'open',
      recovery: { tries: context.tries, lastFailure: context.lastFailure },
    };
  }

  // ---- what people ask for -------------------------------------------------------------------------------------

  /** The decision to bind here: the machine's word first, then the journal's rules, in one transaction. */
  binds(job: string, booklet: string): Decision<BindingRow> {
    return (tx) => {
      const refused = this.#whyNotBind(this.snapshot);
      if (refused !== null) throw new Refusal(refused);
      return bind(this.#core, this.id, job, booklet)(tx);
    };
  }

  #whyNotBind(snapshot: PrinterSnapshot): Problem | null {
    if (snapshot.context.facts.lock !== null)
      return problem('PST-503', `attempt ${snapshot.context.facts.lock.attempt}`, { reason: 'printer-locked' });
    return snapshot.can({ type: 'BOUND', binding: '' }) ? null : busy(snapshot);
  }

  unbind(actor: Actor, reason: string): Result<void, Problem> {
    if (operationOf(this.snapshot).startsWith('printing'))
      return fail(problem('PST-502', 'the page is being printed', { reason: 'printing' }));
    return perform(this.#core, actor, 'unbind', unbind(this.id, reason));
  }

  /** Resolves once the intent is durable, or refused. The same binding asked for twice is one print. */
  async print(actor: Actor, binding: string): Promise<Result<AttemptRow, Problem>> {
    if (this.#request?.binding === binding) return this.#request.result;
    const live = this.#core.journal.liveBinding(this.id);
    const intended = this.#intended?.attempt;
    if (intended !== undefined && intended.binding === binding && live?.id === binding) return ok(intended);
    if (live?.id !== binding) return fail(problem('PST-505', `binding ${binding}`));
    if (!this.snapshot.can({ type: 'PRINT' })) return fail(busy(this.snapshot));
    const { promise: result, resolve } = Promise.withResolvers<Result<AttemptRow, Problem>>();
    const settle = (settled: Result<AttemptRow, Problem>) => {
      this.#request = null;
      resolve(settled);
    };
    this.#request = { actor, binding, result, settle };
    this.#happened({ type: 'PRINT' });
    return result;
  }

  /** One event of a person, only where the machine has a step for it. */
  tell(
    event: Extract<
      PrinterEvent,
      {
        type:
          | 'BOOKLET_INSERTED'
          | 'BOOKLET_REMOVED'
          | 'ATTENDED'
          | 'EJECT'
          | 'CANCEL'
          | 'PAUSE'
          | 'RESUME'
          | 'RETRY_CONNECT';
      }
    >,
  ): Result<void, Problem> {
    if (!this.snapshot.can(event))
      return fail(
        problem('PST-504', `${event.type} while ${printerState(this.snapshot)}`, {
          reason: printerState(this.snapshot),
        }),
      );
    this.#happened(event);
    return ok(undefined);
  }

  /** A person switched the device off and on with no booklet inside (devices.md, "No page may come out later"). */
  confirmPurged(actor: Actor): Result<void, Problem> {
    const { lock } = printerFacts(this.#core.journal, this.id);
    if (lock === null || !printerAsks(this.snapshot).includes('purged'))
      return fail(problem('PST-504', 'the printer does not ask for it', { reason: printerState(this.snapshot) }));
    return perform(this.#core, actor, 'purged', (tx) => {
      tx.append('printer-empty', this.id, {
        printer: this.id,
        attempt: lock.attempt,
        how: 'person',
        text: `${tx.actor} switched the printer off and on with no booklet inside`,
      });
    });
  }

  /** Called after every commit: the machine learns what the journal has decided. */
  factsChanged(): void {
    const was = this.snapshot.context.facts;
    const facts = printerFacts(this.#core.journal, this.id);
    if (was.binding !== facts.binding) {
      if (facts.binding === null) this.#happened({ type: 'UNBOUND' });
      else if (was.binding === null && was.lock === null) this.#happened({ type: 'BOUND', binding: facts.binding });
    }
    // The proof may be what the lock still waited for: then it is gone with it.
    const shownEmpty = was.lock?.deviceEmpty === false && facts.lock?.deviceEmpty !== false;
    if (shownEmpty) this.#happened({ type: 'PURGED', facts });
    if (JSON.stringify(was) !== JSON.stringify(facts)) this.#happened({ type: 'RESOLVED', facts });
    this.#warmPage();
  }

  // ---- effects -------------------------------------------------------------------------------------------------

  #happened(event: PrinterEvent): void {
    if (this.#actor.getSnapshot().status === 'active') this.#actor.send(event);
  }

  #soon(name: string, effect: () => void): void {
    this.#core.world.timers.after(0, () => {
      if (this.#stopping) return;
      this.#core.world.boundary(`effect:${name}`);
      effect();
    });
  }

  /** Before every call of the driver that draws numbers. Fails where the disk takes none: then it is not called. */
  #reserveNumbers(): Result<void, Problem> {
    const { next, reserved } = this.#sequence;
    if (next + SEQUENCE_AT_HAND <= reserved + 1) return ok(undefined);
    const sequence = reserved + SEQUENCE_BLOCK;
    const written = perform(this.#core, STATION, 'reserve-sequence', (tx) => {
      tx.append('printer-sequence-reserved', this.id, { printer: this.id, sequence });
    });
    if (written.ok) this.#sequence.reserved = sequence;
    return written;
  }

  /** Next acknowledgement number: never one that an earlier session may still answer with. @throws Refusal PST-304 */
  #nextAcknowledgement = (): number => {
    if (this.#sequence.next > this.#sequence.reserved) {
      const reserved = this.#reserveNumbers();
      if (!reserved.ok) throw new Refusal(reserved.failure);
    }
    const number = this.#sequence.next % SEQUENCE_SIZE;
    this.#sequence.next += 1;
    return number;
  };

  async #connect(): Promise<void> {
    const before = this.#session;
    this.#session = null;
    this.#core.world.boundary('effect:connect');
    await before?.close();
    if (this.#stopping) return;
    const reserved = this.#reserveNumbers();
    if (!reserved.ok) {
      const { code, detail } = reserved.failure;
      this.#status = null;
      this.#happened({ type: 'CONNECT_FAILED', reason: `${code}: ${detail}`, device: null });
      return;
    }
    const connected = await this.driver.connect(this.#nextAcknowledgement);
    if (this.#stopping) {
      if (connected.ok) await connected.session.close();
      return;
    }
    if (!connected.ok) {
      const { failure } = connected;
      this.#status = failure.kind === 'no-answer' ? withoutSession(failure.status, failure.detail) : null;
      this.#happened({
        type: 'CONNECT_FAILED',
        reason: connectReason(failure),
        device: this.#status && deviceOf(this.#status),
      });
      return;
    }
    const { session } = connected;
    this.#session = session;
    this.#status = session.status();
    session.onStatus((status) => {
      if (this.#session !== session) return;
      this.#status = status;
      this.#happened({ type: 'STATUS', device: deviceOf(status) });
      this.#notify();
    });
    void session.closed.then((reason) => {
      if (this.#session !== session) return;
      this.#session = null;
      this.#status = null;
      this.#happened({ type: 'DISCONNECTED', reason });
    });
    const { model, serial } = session.identity;
    this.#happened({ type: 'CONNECTED', identity: { model, serial }, device: deviceOf(this.#status) });
  }

  /** The barrier of this session was answered, so the device holds nothing of an earlier one: that is written down first. */
  #reconcile(): void {
    const { lock } = printerFacts(this.#core.journal, this.id);
    const session = this.#session;
    if (session === null) return;
    if (lock !== null && !lock.deviceEmpty) {
      const written = perform(this.#core, STATION, 'device-empty', (tx) =>
        tx.append('printer-empty', this.id, {
          printer: this.id,
          attempt: lock.attempt,
          how: 'device',
          text: 'a new session began and the device answered its barrier: it holds nothing of an earlier one',
        }),
      );
      if (!written.ok) {
        this.#core.world.timers.after(OUTCOME_RETRY, () => {
          if (!this.#stopping) this.#reconcile();
        });
        return;
      }
    }
    this.#happened({ type: 'RECONCILED', facts: printerFacts(this.#core.journal, this.id) });
  }

  /** The page of what is bound is made before anybody presses print. */
  #warmPage(): void {
    const live = this.#core.journal.liveBinding(this.id);
    if (live === undefined) {
      this.#page = null;
      return;
    }
    if (this.#page?.binding === live.id) return;
    const page = renderPage(
      this.#core.settings,
      this.#core.journal,
      live.job,
      live.booklet,
      this.driver.capabilities.dpi,
    );
    this.#page = { binding: live.id, page };
    // What went wrong once may go well when somebody presses print.
    page.catch(() => {
      if (this.#page?.page === page) this.#page = null;
    });
  }

  async #writeIntent(): Promise<void> {
    const request = this.#request;
    if (request === null) return;
    const refuse = (refused: Problem) => {
      this.#happened({ type: 'INTENT_REFUSED', facts: printerFacts(this.#core.journal, this.id) });
      this.#tellIfGone();
      request.settle(fail(refused));
    };
    try {
      this.#warmPage();
      const warmed = this.#page;
      const session = this.#session;
      if (warmed === null || session === null) return refuse(problem('PST-502', 'the printer went away'));
      const page = await warmed.page;
      const reserved = this.#reserveNumbers();
      if (!reserved.ok) return refuse(reserved.failure);
      const acknowledgement = this.#nextAcknowledgement();
      const written = perform(
        this.#core,
        request.actor,
        'intent',
        intend(this.#core, {
          printer: this.id,
          binding: warmed.binding,
          pageSha256: page.sha256,
          acknowledgement,
          device: { model: session.identity.model, serial: session.identity.serial },
        }),
      );
      if (!written.ok) return refuse(written.failure);
      this.#intended = { attempt: written.value, page };
      this.#happened({ type: 'INTENT_DURABLE' });
      request.settle(written);
    } catch (error) {
      if (error instanceof Refusal) return refuse(error.problem);
      refuse(problem('PST-502', `the page could not be made: ${(error as Error).message}`));
    }
  }

  async #send(): Promise<void> {
    const intended = this.#intended;
    if (intended === null) return;
    const { attempt, page } = intended;
    this.#core.world.boundary('effect:send');
    const session = this.#session;
    const outcome: PrintOutcome =
      session === null
        ? NOTHING_SENT
        : await session.print(
            { attempt: attempt.id, acknowledgement: attempt.acknowledgement, page: page.bitmap },
            (progress) => this.#onProgress(attempt, progress),
          );
    this.#core.world.boundary('effect:sent');
    this.#settle(attempt, outcome);
  }

  #onProgress(attempt: AttemptRow, progress: PrintProgress): void {
    switch (progress.kind) {
      case 'sending':
        if (this.#progress === null) this.#note(attempt, 'sending', 'the first bytes were accepted');
        this.#progress = { bytesAccepted: progress.bytesAccepted, bytesTotal: progress.bytesTotal };
        this.#notify();
        return;
      case 'sent':
        this.#progress = { bytesAccepted: progress.bytesTotal, bytesTotal: progress.bytesTotal };
        this.#note(attempt, 'confirming', `all ${progress.bytesTotal} bytes accepted`);
        this.#happened({ type: 'SENT' });
        return;
      case 'waiting-for-operator':
        this.#note(attempt, null, `waits for the operator: ${progress.reasons.map(({ raw }) => raw).join(', ')}`);
        this.#happened({ type: 'WAITING_FOR_OPERATOR' });
        return;
      case 'continuing':
        this.#note(attempt, null, 'goes on');
        this.#happened({ type: 'CONTINUING' });
    }
  }

  /** Progress is written as it comes, outside the device's way: a disk that does not take it holds nothing up. */
  #note(attempt: AttemptRow, state: 'sending' | 'confirming' | null, text: string): void {
    this.#core.world.timers.after(0, () => {
      if (this.#stopped || this.#core.journal.attempt(attempt.id)?.reason !== null) return;
      perform(this.#core, STATION, 'progress', (tx) =>
        tx.append('attempt-progressed', attempt.id, { attempt: attempt.id, state, text }),
      );
    });
  }

  /** Until the outcome is durable nothing else happens at this printer. */
  #settle(attempt: AttemptRow, outcome: PrintOutcome): void {
    const written = perform(
      this.#core,
      STATION,
      'outcome',
      recordOutcome(this.#core, attempt.id, outcome, this.driver.capabilities.completion),
    );
    if (!written.ok) {
      if (written.failure.code !== 'PST-304') throw new Refusal(written.failure);
      // What a disk does not take of a station that stops is called in doubt by the next start.
      if (!this.#stopping) this.#core.world.timers.after(OUTCOME_RETRY, () => this.#settle(attempt, outcome));
      return;
    }
    this.#intended = null;
    this.#progress = null;
    if (outcome.outcome !== 'printed') {
      // The driver has ended the session; what its `closed` says later is of the past.
      this.#session = null;
      this.#status = null;
    }
    this.#happened({ type: 'OUTCOME', outcome: outcome.outcome, facts: printerFacts(this.#core.journal, this.id) });
    this.#tellIfGone();
  }

  /** While a page is on its way the machine waits for the outcome only: a session that ended meanwhile is told now. */
  #tellIfGone(): void {
    if (this.#session === null) this.#happened({ type: 'DISCONNECTED', reason: 'the session has ended' });
  }

  async #eject(): Promise<void> {
    this.#core.world.boundary('effect:eject');
    if (this.#reserveNumbers().ok) await this.#session?.eject(this.#nextAcknowledgement());
  }

  #notify(): void {
    const shown = JSON.stringify([this.snapshot.value, this.snapshot.context.facts, this.snapshot.context.tries]);
    if (shown !== this.#shown) {
      this.#shown = shown;
      this.#since = this.#core.world.clock.now();
    }
    this.#changed();
  }
}

/** Why the printer takes nothing on now: that somebody paused it says more than where it rests. */
function busy(snapshot: PrinterSnapshot): Problem {
  const admission = admissionOf(snapshot);
  const state = admission === 'open' ? printerState(snapshot) : admission;
  return problem('PST-502', `the printer is ${state}`, { reason: `printer-${state}` });
}

const NOTHING_SENT: PrintOutcome = {
  outcome: 'not-printed',
  reason: 'connection-lost',
  evidence: { bytesTotal: 0, bytesHandedOver: 0, pageByteHandedOver: false, messages: [] },
};

/** What a device says that does not answer: it is there, but nothing can be done with it. */
const withoutSession = (status: PrinterStatus, raw: string): PrinterStatus => ({
  ...status,
  state: 'stopped',
  reasons: [{ keyword: 'connecting-to-device', severity: 'error', raw }, ...status.reasons],
});

const deviceOf = (status: PrinterStatus): DeviceState => ({
  booklet: status.booklet,
  blocking: status.reasons.filter(({ severity }) => severity === 'error').map(({ keyword }) => keyword),
  waitingForOperator: status.waitingForOperator,
});

function connectReason(failure: ConnectFailure): string {
  switch (failure.kind) {
    case 'transport':
      return `${failure.failure.kind}: ${failure.failure.detail}`;
    case 'no-answer':
      return `no-answer: ${failure.detail}`;
    case 'not-understood':
      return `not-understood: ${failure.detail}`;
  }
}
