/** The central API, v2 and v1 (central.md), from request to reply, with the faults in force. No sockets here. */
import { type Application, digestIn, type SimulatedCentre } from './centre.ts';
import type { CentreCall, Strikes } from './faults.ts';
import type { Json } from './signing.ts';
import { spoilStatements } from './spoiling.ts';

export interface CentreRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly authorization: string | null;
  readonly body: string;
}

export type CentreReply =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** Only so many bytes of the body arrive, then the connection dies; null for all. */
      readonly cutAt: number | null;
      /** How fast the body trickles; null for at once. */
      readonly bytesPerSecond: number | null;
    }
  /** The connection dies without an answer. */
  | { readonly kind: 'reset' };

export interface ProtocolOptions {
  /** Which versions are served; a version that is not answers 404. */
  readonly versions?: { v1: boolean; v2: boolean };
  /** The bearer token of the station that uses v1, and which station that is. */
  readonly v1?: { readonly token: string; readonly station: string };
}

const MAX_WAIT_SECONDS = 120;
const MAX_LIMIT = 1000;
const OVERSIZE = 9 * 1024 * 1024;

type Answer = Extract<CentreReply, { kind: 'answer' }>;

const answer = (status: number, body: Json, headers: Readonly<Record<string, string>> = {}): Answer => ({
  kind: 'answer',
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
  cutAt: null,
  bytesPerSecond: null,
});
const notFound = (): Answer => answer(404, { error: 'not found' });

interface Route {
  readonly call: CentreCall;
  readonly station: string | null;
  readonly application: string | null;
}

function routeOf(method: string, path: string): Route | null {
  const [, station, what] = /^\/v2\/stations\/([A-Za-z0-9._-]+)\/(feed|reports)$/.exec(path) ?? [];
  if (station !== undefined && method === (what === 'feed' ? 'GET' : 'POST')) {
    return { call: what === 'feed' ? 'feed' : 'reports', station, application: null };
  }
  if (method === 'GET' && path === '/v2/time') return { call: 'time', station: null, application: null };
  if (method === 'GET' && path === '/v2/health') return { call: 'health', station: null, application: null };
  const polled = /^\/v1\/applications\/([A-Z0-9-]+)\/approval$/.exec(path)?.[1];
  if (method === 'GET' && polled !== undefined) return { call: 'v1', station: null, application: polled };
  const posts = path === '/v1/applications' || path === '/v1/results';
  return method === 'POST' && posts ? { call: 'v1', station: null, application: null } : null;
}

export class CentreProtocol {
  readonly centre: SimulatedCentre;
  readonly versions: { v1: boolean; v2: boolean };
  readonly #v1: ProtocolOptions['v1'];
  /** Results that came over v1, as they came. */
  readonly results: Readonly<Record<string, unknown>>[] = [];

  constructor(centre: SimulatedCentre, { versions = { v1: true, v2: true }, v1 }: ProtocolOptions = {}) {
    this.centre = centre;
    this.versions = versions;
    this.#v1 = v1;
  }

  /** Answers one request. A long poll ends early when `signal` says that the station has hung up. */
  async handle(request: CentreRequest, signal: AbortSignal): Promise<CentreReply> {
    const url = new URL(request.path, 'http://centre.invalid');
    const route = routeOf(request.method, url.pathname);
    if (route === null || !this.versions[route.call === 'v1' ? 'v1' : 'v2']) return notFound();
    const strikes = this.centre.faults.strike(route.call);
    if (strikes.of('down') !== null) return { kind: 'reset' };
    const slow = strikes.of('slow');
    if (slow !== null) await this.#pause(slow.fault.ms, signal);
    const failure = failureOf(strikes);
    if (failure !== null) return failure;
    const reply = await this.#route(route, url.searchParams, request, strikes, signal);
    return distort(reply, strikes);
  }

  #route(
    route: Route,
    query: URLSearchParams,
    request: CentreRequest,
    strikes: Strikes,
    signal: AbortSignal,
  ): Promise<Answer> | Answer {
    if (route.call === 'v1') return this.#handleV1(route, request);
    if (route.call === 'health') return answer(200, { status: 'ok' });
    const { reports, issuer } = this.centre;
    const stranger = reports.refuseHello(request.authorization, route.station, issuer.now());
    if (stranger !== null) return answer(401, { error: stranger });
    if (route.call === 'time') return this.#time(query, request, strikes);
    if (route.call === 'reports') return this.#reports(route.station ?? '', request.body);
    return this.#feed(route.station ?? '', query, strikes, signal);
  }

  #time(query: URLSearchParams, request: CentreRequest, strikes: Strikes): Answer {
    const nonce = query.get('nonce');
    if (nonce === null || nonce === '' || nonce.length > 128) return answer(400, { error: 'needs a nonce' });
    const off = strikes.of('clock-off')?.fault.seconds ?? 0;
    const statement = this.centre.issuer.time(`station:${speakerOf(request.authorization)}`, nonce, off);
    const damaged = spoilStatements([statement], () => [], strikes)[0];
    return answer(200, { statement: typeof damaged === 'string' ? damaged : statement });
  }

  #reports(station: string, body: string): Answer {
    const texts = listIn(body, 'reports');
    if (texts === null) return answer(400, { error: 'needs {"reports":[...]}' });
    const { accepted, refused } = this.centre.reports.take(station, texts);
    return answer(200, { accepted, refused: refused.map((entry) => ({ ...entry })) });
  }

  async #feed(station: string, query: URLSearchParams, strikes: Strikes, signal: AbortSignal): Promise<Answer> {
    const wait = Number(query.get('wait') ?? '0');
    const limit = Number(query.get('limit') ?? String(MAX_LIMIT));
    if (!Number.isFinite(wait) || wait < 0 || !Number.isSafeInteger(limit) || limit < 1) {
      return answer(400, { error: 'wait or limit is no number' });
    }
    if (strikes.of('forget-cursors') !== null) {
      this.centre.feed.forgetCursors();
      this.centre.faults.clear('forget-cursors');
    }
    const audiences = this.centre.audiences(station);
    const deadline = this.centre.world.clock.now() + Math.min(wait, MAX_WAIT_SECONDS) * 1000;
    for (;;) {
      const page = this.centre.feed.page(audiences, query.get('after'), Math.min(limit, MAX_LIMIT));
      if (page === null) return answer(410, { error: 'unknown cursor' });
      const left = deadline - this.centre.world.clock.now();
      if (page.statements.length > 0 || left <= 0 || signal.aborted) {
        const statements = spoilStatements(page.statements, () => this.centre.feed.all(audiences), strikes);
        return answer(200, { cursor: page.cursor, statements });
      }
      await this.#nextPublished(left, signal);
    }
  }

  #handleV1(route: Route, request: CentreRequest): Answer {
    if (this.#v1 === undefined || request.authorization !== `Bearer ${this.#v1.token}`) {
      return answer(401, { error: 'unknown token' });
    }
    if (route.application !== null) return this.#poll(this.centre.applications.get(route.application));
    const body = objectIn(request.body);
    const { application } = body ?? {};
    if (body === null || typeof application !== 'string') return answer(400, { error: 'needs an application' });
    const record = digestIn(body.record);
    if (request.path.startsWith('/v1/results')) {
      this.results.push(body);
      if (typeof body.report === 'string') this.centre.reports.take(this.#v1.station, [body.report]);
      return answer(200, { status: 'OK' });
    }
    if (record === null) return answer(400, { error: 'needs a record digest' });
    this.centre.request(application, record, this.#v1.station);
    return answer(200, { status: 'PENDING' });
  }

  #poll(entry: Application | undefined): Answer {
    if (entry === undefined) return notFound();
    if (entry.state === 'requested' || entry.decision === null) return answer(200, { status: 'PENDING' });
    const status = entry.state === 'approved' ? 'APPROVED' : 'REJECTED';
    return answer(200, { status, statement: entry.decision });
  }

  #nextPublished(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        forget();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.centre.world.timers.after(milliseconds, done);
      const forget = this.centre.feed.onNext(done);
      signal.addEventListener('abort', done);
    });
  }

  #pause(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.centre.world.timers.after(milliseconds, done);
      if (signal.aborted) done();
      else signal.addEventListener('abort', done);
    });
  }
}

function failureOf(strikes: Strikes): Answer | null {
  const busy = strikes.of('too-many-requests');
  if (busy !== null) {
    return answer(429, { error: 'too many requests' }, { 'retry-after': String(busy.fault.retryAfterSeconds ?? 30) });
  }
  const broken = strikes.of('server-error');
  return broken === null ? null : answer(broken.fault.status ?? 503, { error: 'simulated fault' });
}

/** What the line and the things between do to a good answer. */
function distort(reply: Answer, strikes: Strikes): CentreReply {
  if (strikes.of('lost-answer') !== null) return { kind: 'reset' };
  let { body } = reply;
  if (strikes.of('not-json') !== null) body = '<html><body>Please sign in to the network</body></html>';
  const large = strikes.of('oversized');
  if (large !== null) {
    const padding = Math.max(0, (large.fault.bytes ?? OVERSIZE) - body.length);
    // White space before the end: valid JSON, only too much of it.
    body = body.slice(0, -1) + ' '.repeat(padding) + body.slice(-1);
  }
  const cut = strikes.of('truncated');
  const cutAt = cut === null ? null : Math.floor(body.length * cut.random());
  return { ...reply, body, cutAt, bytesPerSecond: strikes.of('throttled')?.fault.bytesPerSecond ?? null };
}

/** The station that a hello, checked before, names. */
function speakerOf(authorization: string | null): string {
  const claims = Buffer.from(authorization?.split('.')[1] ?? '', 'base64url').toString('utf8');
  return String(objectIn(claims)?.iss ?? '').replace(/^station:/, '');
}

function objectIn(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function listIn(body: string, name: string): readonly unknown[] | null {
  const list = objectIn(body)?.[name];
  return Array.isArray(list) ? list : null;
}
