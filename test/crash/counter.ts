/** The people at the counter, over HTTP: they do what the machine asks for, remember what was acknowledged, and go on. */
import { readMrz } from '../../mocks/index.ts';
import type { Attempt, Binding, Job, Printer, SignOff } from '../../src/api/shapes.ts';
import { type CrashWorld, PEOPLE } from './world.ts';

/** The service is gone: what was asked may have happened or not. */
export class StationGone extends Error {}

export interface Remembered {
  /** Everything that was answered with 2xx, in order. */
  readonly acknowledged: { readonly what: string; readonly job: string }[];
  /** The booklet that lies at the printer, or was last there. */
  booklet: string | null;
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

export class Counter {
  readonly #world: CrashWorld;
  readonly #address: string;
  readonly remembered: Remembered;
  #tokens = new Map<string, string>();

  constructor(world: CrashWorld, address: string, remembered: Remembered) {
    this.#world = world;
    this.#address = address;
    this.remembered = remembered;
  }

  async #ask<Answer>(
    person: string | null,
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: Answer }> {
    const token = person === null ? undefined : await this.#token(person);
    try {
      const answer = await fetch(`${this.#address}/api/v1${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(20_000),
      });
      const text = await answer.text();
      return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as Answer };
    } catch (error) {
      throw new StationGone(String(error));
    }
  }

  async #token(person: string): Promise<string> {
    const known = this.#tokens.get(person);
    if (known !== undefined) return known;
    const { status, body } = await this.#ask<{ token: string }>(null, 'POST', '/session', {
      user: person,
      pin: PEOPLE.pin,
    });
    if (status !== 200) throw new Error(`${person} cannot sign in: ${status} ${JSON.stringify(body)}`);
    this.#tokens.set(person, body.token);
    return body.token;
  }

  async #act<Answer>(
    person: string,
    what: string,
    job: string,
    path: string,
    body: unknown,
  ): Promise<{ status: number; body: Answer }> {
    const answer = await this.#ask<Answer>(person, 'POST', path, body);
    if (answer.status < 300) this.remembered.acknowledged.push({ what, job });
    return answer;
  }

  job = async (id: string): Promise<Job> => (await this.#ask<Job>(PEOPLE.operator, 'GET', `/jobs/${id}`)).body;
  attempt = async (id: string): Promise<Attempt> =>
    (await this.#ask<Attempt>(PEOPLE.operator, 'GET', `/attempts/${id}`)).body;
  printer = async (): Promise<Printer> => (await this.#ask<Printer>(PEOPLE.operator, 'GET', '/printers/p1')).body;

  /** Hands the record in; the same record again is the same job. */
  async submit(record: Uint8Array): Promise<string> {
    const body = { record: Buffer.from(record).toString('base64url') };
    const { status, body: job } = await this.#ask<Job>(PEOPLE.operator, 'POST', '/jobs', body);
    if (status !== 200 && status !== 201) throw new Error(`intake: ${status} ${JSON.stringify(job)}`);
    this.remembered.acknowledged.push({ what: 'received', job: job.id });
    return job.id;
  }

  /** Goes on with the job from wherever it stands until it has been handed over. */
  async finish(id: string): Promise<void> {
    const until = Date.now() + 60_000;
    for (let last = ''; ; ) {
      const job = await this.job(id);
      const printer = await this.printer();
      const now = `${job.state} ${printer.state}`;
      if (job.state === 'handed-over') return;
      if (Date.now() > until)
        throw new Error(
          `nothing moves: ${now} ${JSON.stringify(printer)} ${JSON.stringify(this.#world.printer.state())}`,
        );
      await this.#step(job, printer);
      if (now === last) await pause(10);
      last = now;
    }
  }

  async #step(job: Job, printer: Printer): Promise<void> {
    const { supervisor, operator } = PEOPLE;
    if (printer.asks.includes('purged')) return this.#powerCycle();
    // The panel shows an error, for example because the book was taken out to be looked at: clear it at the printer.
    if (
      printer.reasons.some(({ severity }) => severity === 'error') &&
      this.#world.printer.state().status === 'error'
    ) {
      this.#takeOut();
      this.#world.printer.clearError();
      return;
    }
    switch (job.state) {
      case 'approved':
        await this.#act(supervisor, 'released', job.id, '/releases', { jobs: [job.id] });
        return;
      case 'released':
        if (printer.state === 'attention' || printer.state === 'presenting') return this.#takeOut();
        if (printer.state === 'idle') await this.#bind(job);
        return;
      case 'bound':
        return this.#print(job, printer);
      case 'in-doubt':
        return this.#settle(job, printer);
      case 'printed':
        await this.#readBack(job);
        return;
      case 'quality-check':
        await this.#act(supervisor, 'quality', job.id, `/jobs/${job.id}/quality`, { result: 'pass' });
        return;
      case 'ready':
        await this.#act(operator, 'handed-over', job.id, `/jobs/${job.id}/hand-over`, {
          recipient: 'holder',
          proof: 'seen',
        });
        return;
      default:
    }
  }

  async #bind(job: Job): Promise<void> {
    const { body } = await this.#ask<{ items: { number: string }[] }>(
      PEOPLE.operator,
      'GET',
      '/booklets?state=in-stock&limit=1',
    );
    const number = body.items[0]?.number ?? '';
    const bound = await this.#act<Binding>(PEOPLE.operator, 'bound', job.id, '/printers/p1/bindings', {
      job: job.id,
      booklet: number,
    });
    if (bound.status === 201) this.remembered.booklet = number;
  }

  async #print(job: Job, printer: Printer): Promise<void> {
    const inside = this.#world.printer.device.booklet?.number ?? null;
    if (printer.state === 'awaitingBooklet') {
      if (inside === null && job.booklet !== null) this.#world.printer.insertBooklet({ number: job.booklet });
      else if (inside !== null && inside !== job.booklet) this.#takeOut();
      else if (printer.asks.includes('booklet-inserted'))
        await this.#ask(PEOPLE.operator, 'POST', '/printers/p1/confirm', { step: 'booklet-inserted' });
      return;
    }
    if (printer.state === 'ready' && printer.binding !== null)
      await this.#act(PEOPLE.operator, 'print', job.id, '/printers/p1/print', { binding: printer.binding.id });
  }

  #takeOut(): void {
    this.#world.printer.removeBooklet();
  }

  #powerCycle(): Promise<void> {
    this.#world.printer.powerOff();
    this.#takeOut();
    this.#world.printer.powerOn();
    return this.#ask(PEOPLE.operator, 'POST', '/printers/p1/confirm', { step: 'purged' }).then(() => undefined);
  }

  /** The book is looked at and read by the reader, wherever it lies. */
  async #readBack(job: Job): Promise<boolean> {
    const attempt = job.attempts.at(-1) ?? '';
    const page = this.#world.printer.dataPage(job.booklet ?? (await this.attempt(attempt)).booklet);
    if (page === null) return false;
    const { lines } = readMrz(page);
    const { body } = await this.#act<{ match: boolean }>(
      PEOPLE.operator,
      'read-back',
      job.id,
      `/attempts/${attempt}/read-back`,
      {
        lines,
        source: 'reader',
      },
    );
    this.#takeOut();
    return body.match;
  }

  /** Printed where the reader says so, blank where it is blank and the device is empty, else spoiled. */
  async #settle(job: Job, printer: Printer): Promise<void> {
    const attempt = await this.attempt(job.attempts.at(-1) ?? '');
    const booklet = this.#world.printer.booklets.get(attempt.booklet);
    const blank = booklet === undefined || booklet.blank;
    const complete = !blank && (await this.#readBack(job));
    const outcome = complete ? 'printed' : blank ? 'blank' : 'spoiled';
    if (outcome === 'blank' && printer.lock?.deviceEmpty !== true) return this.#ease(printer);
    const asked = await this.#act<SignOff>(
      PEOPLE.operator,
      'resolution',
      job.id,
      `/attempts/${attempt.id}/resolution`,
      {
        outcome,
        reason: 'looked at after the restart',
      },
    );
    if (asked.status !== 202) return;
    await this.#act(PEOPLE.operator, 'signed', job.id, `/sign-offs/${asked.body.id}/sign`, {
      user: PEOPLE.supervisor,
      pin: PEOPLE.pin,
    });
  }

  /** A device that cannot show by itself that it is empty is taken from the mains. */
  async #ease(printer: Printer): Promise<void> {
    if (printer.asks.includes('purged')) await this.#powerCycle();
  }
}
