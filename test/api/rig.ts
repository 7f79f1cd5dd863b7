/**
 * The API as it is: the real Fastify application over the real station of a test office (journal in a folder of its
 * own, simulated printer and centre). Calls go through the whole of it, from the header to the journal and back.
 */
import { scryptSync } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createApi } from '../../src/api/server.ts';
import type { Binding, Job, ProblemBody } from '../../src/api/shapes.ts';
import type { Role } from '../../src/domain/people.ts';
import { perform } from '../../src/station/core.ts';
import { given, type OfficeOptions, openOffice, recordOf, STAFF, type TestOffice } from '../station/office.ts';

/** One person for each role alone, beside the office's staff, who have several. */
export const ALONE = {
  otto: 'operator',
  qadir: 'quality',
  sinta: 'supervisor',
  agus: 'auditor',
  tina: 'technician',
} as const satisfies Record<string, Role>;
export const PIN_ALONE = '602214';
export type Name = keyof typeof ALONE | keyof typeof STAFF;
export const pinOf = (name: Name): string => (name in STAFF ? STAFF[name as keyof typeof STAFF].pin : PIN_ALONE);

export const HOST = '127.0.0.1:8080';
export const LISTEN = { host: '127.0.0.1', port: 8080, tls: null };

export interface Answered<Body = unknown> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  /** As it came; `null` where there was none. */
  readonly body: Body;
  readonly text: string;
}

/** Milliseconds without an act after which a session is not used any more. */
const IDLE = 4 * 60_000;

type Headers = Readonly<Record<string, string>>;
type Method = 'GET' | 'POST' | 'DELETE' | 'HEAD' | 'PUT' | 'PATCH' | 'OPTIONS';

export interface Call {
  /** Sent as JSON; a string or bytes as they are. */
  readonly body?: unknown;
  readonly headers?: Headers;
}

/** Somebody who calls the API below `/api/v1`. */
export class Caller {
  readonly #call: (method: Method, path: string, call: Call) => Promise<Answered>;

  constructor(call: (method: Method, path: string, call: Call) => Promise<Answered>) {
    this.#call = call;
  }

  call<Body>(method: Method, path: string, call: Call = {}): Promise<Answered<Body>> {
    return this.#call(method, `/api/v1${path}`, call) as Promise<Answered<Body>>;
  }
  get = <Body = unknown>(path: string, headers: Headers = {}) => this.call<Body>('GET', path, { headers });
  post = <Body = unknown>(path: string, body?: unknown, headers: Headers = {}) =>
    this.call<Body>('POST', path, { ...(body === undefined ? {} : { body }), headers });
  delete = <Body = unknown>(path: string, headers: Headers = {}) => this.call<Body>('DELETE', path, { headers });
}

export class Rig {
  readonly office: TestOffice;
  /** Errors that the API calls its own fault; every test file asserts that there are none. */
  readonly faults: string[];
  readonly anybody = new Caller((method, path, call) => this.send(method, path, call));
  #app: Awaited<ReturnType<typeof createApi>>;
  #host = HOST;
  readonly #tokens = new Map<Name, { readonly token: Promise<string>; readonly usedAt: number }>();

  constructor(office: TestOffice, app: Awaited<ReturnType<typeof createApi>>, faults: string[]) {
    this.office = office;
    this.#app = app;
    this.faults = faults;
  }

  get app() {
    return this.#app;
  }

  /** The person, signed in with the own PIN at the first call, and again where the session has idled out since. */
  as(name: Name): Caller {
    return new Caller(async (method, path, call) => {
      const headers = { authorization: `Bearer ${await this.token(name)}`, ...call.headers };
      return this.send(method, path, { ...call, headers });
    });
  }

  token(name: Name): Promise<string> {
    const now = this.office.time.now();
    const known = this.#tokens.get(name);
    const token = known !== undefined && now - known.usedAt < IDLE ? known.token : this.signIn(name);
    this.#tokens.set(name, { token, usedAt: now });
    return token;
  }

  async signIn(name: Name): Promise<string> {
    const { status, body } = await this.anybody.post<{ token: string }>('/session', { user: name, pin: pinOf(name) });
    if (status !== 200) throw new Error(`${name} cannot sign in: ${JSON.stringify(body)}`);
    return body.token;
  }

  async send(method: Method, path: string, { body, headers = {} }: Call = {}): Promise<Answered> {
    const plain = typeof body === 'string' || Buffer.isBuffer(body);
    const answer = await this.#app.inject({
      method,
      url: path,
      headers: {
        host: this.#host,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: plain ? body : JSON.stringify(body) }),
    });
    const json = String(answer.headers['content-type'] ?? '').includes('json');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: json && answer.payload !== '' ? answer.json() : null,
      text: answer.payload,
    };
  }

  /** For what needs a socket: a port of the operating system's choice on loopback, opened once. Gives the address. */
  async listening(): Promise<string> {
    if (!this.#app.server.listening) this.#host = new URL(await this.#app.listen({ host: '127.0.0.1', port: 0 })).host;
    return `http://${this.#host}`;
  }

  /** The process dies, or is stopped; the next one opens the same journal. Nobody is signed in at it. */
  async restart(how: 'killed' | 'stopped' | 'already over' = 'killed'): Promise<void> {
    if (how === 'killed') this.office.crash();
    else if (how === 'stopped') await this.office.stop();
    await this.#app.close();
    this.#tokens.clear();
    this.office.boot();
    this.#host = HOST;
    this.#app = await apiOf(this.office, this.faults);
  }

  async close(): Promise<void> {
    await this.#app.close();
    await this.office.close();
  }

  // ---- the ground truth ----------------------------------------------------------------------------------------

  /** Rows of every table, as another reader of the file sees them. */
  rows(): Record<string, number> {
    const db = new DatabaseSync(join(this.office.directory, 'data/journal.db'), { readOnly: true });
    const tables = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`).all();
    const counts = tables.map(({ name }) => {
      const { n } = db.prepare(`SELECT count(*) AS n FROM "${String(name)}"`).get() as { n: number };
      return [String(name), n] as const;
    });
    db.close();
    return Object.fromEntries(counts);
  }

  // ---- the way of a book ---------------------------------------------------------------------------------------

  /** Applicant `n` handed in by Sari. */
  async submitted(n: number, intake?: object): Promise<Job> {
    const { status, body } = await this.as('sari').post<Job>('/jobs', submission(n, intake));
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body;
  }

  /** Handed in, and approved by the centre over the line. */
  async approved(n: number, intake?: object): Promise<Job> {
    const { centre } = this.office;
    const job = await this.submitted(n, intake);
    await this.office.until('the centre knows the application', () => centre.applications.has(job.application));
    centre.approve(job.application);
    await this.office.until('approved', () => this.office.jobState(job.id) === 'approved');
    return job;
  }

  /** Approved, and released by Dewi. */
  async released(n: number, intake?: object): Promise<Job> {
    const job = await this.approved(n, intake);
    expectStatus(await this.as('dewi').post('/releases', { jobs: [job.id] }), 201);
    return job;
  }

  /** Bound at the counter, the booklet inside, the printer ready. */
  async bound(job: Job, booklet: string, by: Name = 'sari'): Promise<Binding> {
    const answer = await this.as(by).post<Binding>('/printers/counter-1/bindings', { job: job.id, booklet });
    expectStatus(answer, 201);
    this.office.inserts('counter-1', booklet);
    await this.office.until('ready', () => this.office.state() === 'ready');
    return answer.body;
  }

  /** Pressed print; the intent is durable, the page on its way. Gives the attempt. */
  async printing(binding: Binding, by: Name = 'sari'): Promise<string> {
    const answer = await this.as(by).post<{ attempt: string }>('/printers/counter-1/print', {
      binding: binding.id,
    });
    expectStatus(answer, 202);
    return answer.body.attempt;
  }

  /** Released, bound, printed: the read-back is owed. */
  async printed(n: number, booklet: string, by: Name = 'sari'): Promise<{ job: Job; attempt: string }> {
    const job = await this.released(n);
    const attempt = await this.printing(await this.bound(job, booklet, by), by);
    await this.office.until('printed', () => this.office.jobState(job.id) === 'printed');
    return { job, attempt };
  }

  /** Printed, read back from the ink, and waiting for the quality check. */
  async readBack(n: number, booklet: string, by: Name = 'sari'): Promise<{ job: Job; attempt: string }> {
    const printed = await this.printed(n, booklet, by);
    const lines = this.office.readsMrz(booklet);
    expectStatus(
      await this.as('sari').post(`/attempts/${printed.attempt}/read-back`, { lines, source: 'reader' }),
      200,
    );
    await this.office.until('in quality check', () => this.office.jobState(printed.job.id) === 'quality-check');
    return printed;
  }

  /** The printer's line is pulled in the middle of the page: nobody knows what the booklet carries. */
  async inDoubt(n: number, booklet: string, by: Name = 'sari'): Promise<{ job: Job; attempt: string }> {
    const job = await this.released(n);
    const attempt = await this.printing(await this.bound(job, booklet, by), by);
    await this.office.until('on the wire', () => this.office.state() === 'printing.sending');
    await this.office.pass(2_000);
    this.office.printer().unplug();
    await this.office.until('in doubt', () => this.office.jobState(job.id) === 'in-doubt');
    return { job, attempt };
  }
}

export const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

export const submission = (n: number, intake?: object) => ({
  record: base64url(recordOf(n)),
  ...(intake === undefined ? {} : { intake }),
});

export function expectStatus(answer: Answered, status: number): void {
  if (answer.status !== status) throw new Error(`${answer.status} instead of ${status}: ${answer.text.slice(0, 500)}`);
}

export const problemIn = (answer: Answered): ProblemBody => answer.body as ProblemBody;

/** As `src/station/credentials.ts` keeps PINs, but stretched less: these people sign in a thousand times. */
function quickly(pin: string): string {
  const salt = Buffer.alloc(16, 9);
  return `scrypt$1024$${salt.toString('base64url')}$${scryptSync(pin, salt, 32, { N: 1024 }).toString('base64url')}`;
}

function hireAlone({ station }: TestOffice): void {
  given(
    perform(station.core, { kind: 'local', name: 'test' }, 'hire', (tx) => {
      for (const [name, role] of Object.entries(ALONE)) {
        tx.keepCredential(name, quickly(PIN_ALONE));
        tx.append('person-added', name, { name, roles: [role] });
      }
      for (const [name, { pin }] of Object.entries(STAFF)) tx.keepCredential(name, quickly(pin));
    }),
  );
}

const apiOf = (office: TestOffice, faults: string[]) =>
  createApi({
    station: office.station,
    version: '1.2.3',
    listen: LISTEN,
    unexpected: (error, where) => void faults.push(`${where}: ${error.stack}`),
  });

/** A running office with its API; devices are quick, for no test here is about them. */
export async function openRig(options: OfficeOptions = {}): Promise<Rig> {
  const office = await openOffice({ bytesPerSecond: null, ...options });
  hireAlone(office);
  const faults: string[] = [];
  return new Rig(office, await apiOf(office, faults), faults);
}
