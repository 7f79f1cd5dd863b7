import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type {
  Attempt,
  Central,
  Job,
  JobHolder,
  LiveEvent,
  OutboxItem,
  Printer,
  ProblemBody,
  SignOff,
  Station,
} from '../../src/api/shapes.ts';
import type { BenchState } from '../../src/console/screens/bench-state.ts';
import type { Role } from '../../src/domain/people.ts';

/** The state that a test writes down; the fake answers every read from it and decides nothing itself. */
export interface FakeState {
  station: Station;
  printers: Printer[];
  jobs: Job[];
  holders: Record<string, JobHolder>;
  attempts: Attempt[];
  signOffs: SignOff[];
  central: Central;
  outbox: OutboxItem[];
  bench: BenchState;
  families: Record<string, 'apart' | 'together'>;
}

export interface RecordedCall {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly key: string | undefined;
}

export interface FakeAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}
type Script = (call: RecordedCall) => FakeAnswer;

export interface FakeApi {
  readonly url: string;
  readonly state: FakeState;
  /** Every unsafe call, oldest first. */
  readonly calls: RecordedCall[];
  /** Answers one unsafe call, for example `POST /printers/counter-1/print`; later scripts win. */
  answer(method: string, path: string, script: Script): void;
  /** Sends one live event to every open page. */
  tell(event: LiveEvent | { readonly event: 'heartbeat'; readonly data: { readonly now: string } }): void;
  /** Ends every live stream and refuses new ones until `revive`. */
  silence(): void;
  revive(): void;
  /** Requests that no rule of the fake knows; a test asserts that there are none. */
  readonly unknown: string[];
  close(): Promise<void>;
}

export interface FakeOptions {
  readonly folder: string;
  readonly state: FakeState;
  readonly person: string;
  readonly roles: readonly Role[];
  /** Idle time of the session, milliseconds. */
  readonly idleMs?: number;
}

export const PIN = '480213';

/** What the real station sends too: no inline script or style, nothing from elsewhere, trusted types. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'; " +
  "require-trusted-types-for 'script'; trusted-types 'none'";

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.otf': 'font/otf',
};

export const problemOf = (status: number, code: string, title: string, remedy: string): FakeAnswer => {
  const body: ProblemBody = { type: 'about:blank', status, code, title, detail: title, remedy };
  return { status, body };
};

/** Starts the fake on loopback. */
export async function startFakeApi(options: FakeOptions): Promise<FakeApi> {
  const { state } = options;
  const calls: RecordedCall[] = [];
  const unknown: string[] = [];
  const scripts = new Map<string, Script>();
  const streams = new Set<ServerResponse>();
  let silent = false;
  let signedIn = false;
  let number = 0;

  const send = (response: ServerResponse, answer: FakeAnswer): void => {
    response.writeHead(answer.status, { 'Content-Type': 'application/json', ...answer.headers });
    response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
  };

  const serveFile = (path: string, response: ServerResponse): void => {
    const name = path === '/' ? 'index.html' : normalize(path).replace(/^[/\\.]+/, '');
    try {
      const content = readFileSync(join(options.folder, name));
      response.writeHead(200, {
        'Content-Type': TYPES[extname(name)] ?? 'application/octet-stream',
        'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      });
      response.end(content);
    } catch {
      unknown.push(path);
      response.writeHead(404).end();
    }
  };

  const unsafe = async (request: IncomingMessage, path: string, response: ServerResponse): Promise<void> => {
    const text = await readAll(request);
    const isJson = request.headers['content-type'] === 'application/json';
    const body: unknown = text === '' ? null : isJson ? JSON.parse(text) : text;
    const call = { method: request.method ?? '', path, body, key: request.headers['idempotency-key']?.toString() };
    calls.push(call);
    const script = scripts.get(`${call.method} ${path}`);
    if (script !== undefined) return send(response, script(call));
    if (path === '/session' && call.method === 'DELETE') {
      signedIn = false;
      return send(response, { status: 204 });
    }
    if (path === '/session') {
      const { pin } = body as { pin: string };
      if (pin !== PIN) return send(response, problemOf(401, 'PST-601', 'Sign-in refused', 'Check name and PIN.'));
      const expires = new Date(Date.parse(state.station.now) + (options.idleMs ?? 300_000)).toISOString();
      signedIn = true;
      return send(response, {
        status: 200,
        body: { token: 'in the cookie', person: options.person, roles: options.roles, expires },
        headers: { 'Set-Cookie': 'session=x; HttpOnly; SameSite=Strict; Path=/' },
      });
    }
    unknown.push(`${call.method} ${path}`);
    return send(response, problemOf(404, 'PST-600', 'No such call', 'Tell the makers.'));
  };

  const stream = (response: ServerResponse): void => {
    if (silent) {
      response.writeHead(503).end();
      return;
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    response.write(`: hello\n\nevent: heartbeat\ndata: ${JSON.stringify({ now: state.station.now })}\n\n`);
    streams.add(response);
    response.on('close', () => streams.delete(response));
  };

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (!pathname.startsWith('/api/v1/')) return serveFile(pathname, response);
    const path = pathname.slice('/api/v1'.length);
    if (path === '/events') return stream(response);
    if (request.method !== 'GET') return void unsafe(request, path, response);
    if (path.endsWith('/picture.png')) {
      response.writeHead(200, { 'Content-Type': 'image/svg+xml' });
      return void response.end(PICTURE);
    }
    if (path === '/session') {
      const expires = new Date(Date.parse(state.station.now) + (options.idleMs ?? 300_000)).toISOString();
      const { person, roles } = options;
      if (signedIn) return send(response, { status: 200, body: { person, roles, expires } });
      return send(response, problemOf(401, 'PST-603', 'You are not signed in', 'Sign in again.'));
    }
    const body = read(state, path, searchParams);
    if (body !== undefined) return send(response, { status: 200, body });
    unknown.push(`GET ${path}`);
    return send(response, problemOf(404, 'PST-600', 'No such thing', 'Tell the makers.'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    state,
    calls,
    unknown,
    answer: (method, path, script) => scripts.set(`${method} ${path}`, script),
    tell: ({ event, data }) => {
      number += 1;
      for (const open of streams) open.write(`id: ${number}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    silence: () => {
      silent = true;
      for (const open of streams) open.destroy();
    },
    revive: () => {
      silent = false;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function read(state: FakeState, path: string, query: URLSearchParams): unknown {
  const [, kind, id, more, deeper] = path.split('/').map(decodeURIComponent);
  if (kind === 'station') return state.station;
  if (kind === 'central') return state.central;
  if (kind === 'outbox') return { items: state.outbox, next: null };
  if (kind === 'sign-offs') return { items: state.signOffs, next: null };
  if (kind === 'printers' && id === undefined) return { items: state.printers, next: null };
  if (kind === 'bench' && id === undefined) return state.bench;
  if (kind === 'bench' && deeper === 'mrz') return { lines: READ_LINES };
  if (kind === 'jobs' && id === undefined) {
    const wanted = query.get('state');
    return { items: state.jobs.filter((job) => wanted === null || job.state === wanted), next: null };
  }
  if (kind === 'jobs' && more === 'holder') return state.holders[id ?? ''];
  if (kind === 'jobs') return state.jobs.find((job) => job.id === id);
  if (kind === 'attempts') return state.attempts.find((attempt) => attempt.id === id);
  if (kind === 'families') {
    const members = state.jobs.filter((job) => job.family === id);
    const approved = members.filter((job) => job.approval !== null).length;
    return { id, policy: state.families[id ?? ''] ?? 'apart', members, approved };
  }
  return undefined;
}

async function readAll(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** The lines of Doc 9303-4's own specimen. */
export const READ_LINES: [string, string] = [
  'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<',
  'L898902C36UTO7408122F1204159ZE184226B<<<<<10',
];

const PICTURE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1250 880"><rect width="1250" height="880" fill="#fff"/>
<rect x="60" y="150" width="350" height="450" fill="none" stroke="#222" stroke-width="3"/>
<g font-family="monospace" font-size="34" fill="#222"><text x="460" y="190">ERIKSSON</text><text x="460" y="260">ANNA MARIA</text>
<text x="460" y="330">12 AUG 1974</text><text x="460" y="400">UTO</text>
<text x="60" y="740" textLength="1130">${READ_LINES[0].replaceAll('<', '&lt;')}</text>
<text x="60" y="810" textLength="1130">${READ_LINES[1].replaceAll('<', '&lt;')}</text></g></svg>`;
