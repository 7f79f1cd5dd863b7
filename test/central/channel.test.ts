import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type HttpChannel, httpChannel, MAX_ANSWER } from '../../src/central/channel.ts';
import type { CentralRequest, Timers } from '../../src/domain/world.ts';
import { realTimers } from '../../src/station/world.ts';

const tls = (name: string): string => readFileSync(new URL(`./tls/${name}`, import.meta.url), 'utf8');

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

async function listening(server: Server | TcpServer, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  ends.push(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return (server.address() as AddressInfo).port;
}

function channelTo(url: string, more: { ca?: string; timers?: Timers } = {}): HttpChannel {
  const channel = httpChannel({ url, ca: more.ca ?? null, timers: more.timers ?? realTimers });
  ends.push(() => channel.close());
  return channel;
}

const centre = async (answer: RequestListener): Promise<HttpChannel> =>
  channelTo(`http://127.0.0.1:${await listening(createServer(answer))}`);

const get: CentralRequest = { method: 'GET', path: '/v2/health', authorization: 'Bearer a', timeout: 3_000 };
const never = new AbortController().signal;

async function read(message: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of message) text += chunk;
  return text;
}

/** Fires nothing by itself: the test says when which deadline has passed. */
function heldTimers(): Timers & { fire(milliseconds: number): void } {
  const pending = new Map<() => void, number>();
  return {
    after(milliseconds, callback) {
      pending.set(callback, milliseconds);
      return () => pending.delete(callback);
    },
    fire(milliseconds) {
      const due = [...pending].filter(([, wait]) => wait === milliseconds);
      if (due.length === 0) throw new Error(`no timer of ${milliseconds} ms is pending`);
      for (const [callback] of due) {
        pending.delete(callback);
        callback();
      }
    },
  };
}

test('sends method, path below the prefix, authorization and body; hands back status and text', async () => {
  const seen: unknown[] = [];
  const port = await listening(
    createServer(async (request, response) => {
      seen.push([
        request.method,
        request.url,
        request.headers.authorization,
        request.headers['content-type'],
        await read(request),
      ]);
      response.writeHead(207, { 'content-type': 'application/json' }).end('{"é":1}');
    }),
  );
  const channel = channelTo(`http://127.0.0.1:${port}/office`);
  const post: CentralRequest = { ...get, method: 'POST', path: '/v2/reports?x=1', body: '{"reports":["ü"]}' };
  expect(await channel.request(post, never)).toEqual({
    kind: 'answer',
    status: 207,
    body: '{"é":1}',
    retryAfter: null,
  });
  await channel.request(get, never);
  expect(seen).toEqual([
    ['POST', '/office/v2/reports?x=1', 'Bearer a', 'application/json', '{"reports":["ü"]}'],
    ['GET', '/office/v2/health', 'Bearer a', undefined, ''],
  ]);
});

test('does not follow a redirect', async () => {
  let calls = 0;
  const channel = await centre((_, response) => {
    calls += 1;
    response.writeHead(302, { location: '/elsewhere' }).end();
  });
  expect(await channel.request(get, never)).toMatchObject({ kind: 'answer', status: 302 });
  expect(calls).toBe(1);
});

test.each([
  ['seconds', { 'retry-after': '120' }, 120_000],
  [
    "a date, counted from the answer's own",
    { 'retry-after': 'Sun, 22 Nov 2026 10:00:30 GMT', date: 'Sun, 22 Nov 2026 10:00:00 GMT' },
    30_000,
  ],
  ['a date in the past', { 'retry-after': 'Sun, 22 Nov 2026 09:00:00 GMT', date: 'Sun, 22 Nov 2026 10:00:00 GMT' }, 0],
  ['nonsense', { 'retry-after': 'soon' }, null],
])('Retry-After: %s', async (_, headers, expected) => {
  const channel = await centre((_request, response) => {
    response.writeHead(503, headers).end();
  });
  expect(await channel.request(get, never)).toMatchObject({ kind: 'answer', status: 503, retryAfter: expected });
});

test('takes an answer of exactly the limit, and cuts one byte more off while it still comes', async () => {
  const exact = await centre((_, response) => response.end(Buffer.alloc(MAX_ANSWER, 0x20)));
  const whole = await exact.request(get, never);
  expect(whole.kind === 'answer' && whole.body.length).toBe(MAX_ANSWER);

  let sent = 0;
  const endless = await centre((_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x20))) sent += 65_536;
      sent += 65_536;
    };
    response.on('drain', more).on('error', () => {});
    more();
  });
  expect(await endless.request(get, never)).toEqual({
    kind: 'unreachable',
    detail: `answer larger than ${MAX_ANSWER} bytes`,
  });
  expect(sent).toBeLessThan(3 * MAX_ANSWER);
});

test('a slow answer ends at the total deadline, also when bytes keep coming', async () => {
  const dripping = await centre((_, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write(' '), 20);
    response.on('close', () => clearInterval(drip));
  });
  expect(await dripping.request({ ...get, timeout: 200 }, never)).toEqual({
    kind: 'unreachable',
    detail: 'no whole answer within 200 ms',
  });
});

test('an answer that ends early is no answer', async () => {
  const promised = await centre((_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{"cursor":', () => response.destroy());
  });
  expect(await promised.request(get, never)).toEqual({ kind: 'unreachable', detail: 'answer cut off' });
  const chunked = await centre((_, response) => {
    response.writeHead(200);
    response.write('{"cursor":', () => response.destroy());
  });
  expect(await chunked.request(get, never)).toEqual({ kind: 'unreachable', detail: 'answer cut off' });
});

test('an answer that is not UTF-8 or not HTTP is no answer', async () => {
  const latin = await centre((_, response) => response.end(Buffer.from([0x22, 0xe9, 0x22])));
  expect(await latin.request(get, never)).toEqual({ kind: 'unreachable', detail: 'answer is not UTF-8' });
  const port = await listening(createTcpServer((socket) => socket.end('220 mail.example ESMTP\r\n')));
  const notHttp = await channelTo(`http://127.0.0.1:${port}`).request(get, never);
  expect(notHttp).toMatchObject({ kind: 'unreachable', detail: expect.stringMatching(/^HPE_/) });
});

test('nobody listening: refused at once', async () => {
  const server = createTcpServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  expect(await channelTo(`http://127.0.0.1:${port}`).request(get, never)).toEqual({
    kind: 'unreachable',
    detail: 'ECONNREFUSED',
  });
});

test('a connection that does not come to stand ends after 5 s, long before the total deadline', async () => {
  // TCP is accepted, TLS never answered.
  let arrived = (): void => {};
  const connected = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const port = await listening(createTcpServer(() => arrived()));
  const timers = heldTimers();
  const channel = channelTo(`https://127.0.0.1:${port}`, { ca: tls('ca.pem'), timers });
  const answer = channel.request({ ...get, timeout: 50_000 }, never);
  await connected;
  timers.fire(5_000);
  expect(await answer).toEqual({ kind: 'unreachable', detail: 'no connection within 5000 ms' });
});

test('the connect deadline no longer runs once the connection stands', async () => {
  let answerNow = (): void => {};
  let asked = (): void => {};
  const arrived = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const port = await listening(
    createServer((_, response: ServerResponse) => {
      answerNow = () => response.end('late');
      asked();
    }),
  );
  const timers = heldTimers();
  const answer = channelTo(`http://127.0.0.1:${port}`, { timers }).request({ ...get, timeout: 50_000 }, never);
  await arrived;
  expect(() => timers.fire(5_000)).toThrow('no timer');
  answerNow();
  expect(await answer).toMatchObject({ kind: 'answer', body: 'late' });
});

test('the caller can give up', async () => {
  const controller = new AbortController();
  const channel = await centre(() => controller.abort());
  expect(await channel.request(get, controller.signal)).toEqual({ kind: 'unreachable', detail: 'given up' });
  expect(await channel.request(get, controller.signal)).toEqual({ kind: 'unreachable', detail: 'given up' });
});

test('keeps the connection, and asks again when the centre had closed it meanwhile', async () => {
  const sockets = new Set<Socket>();
  let requests = 0;
  const channel = await centre((request, response) => {
    requests += 1;
    const known = sockets.has(request.socket);
    sockets.add(request.socket);
    // The third request meets a connection that dies as the request arrives.
    if (known && requests === 3) request.socket.destroy();
    else response.end(String(requests));
  });
  expect(await channel.request(get, never)).toMatchObject({ body: '1' });
  expect(await channel.request(get, never)).toMatchObject({ body: '2' });
  expect(sockets.size).toBe(1);
  expect(await channel.request(get, never)).toMatchObject({ body: '4' });
  expect(sockets.size).toBe(2);
});

test('https: only the pinned CA counts, for the name asked for', async () => {
  const ask = async (host: string, ca: string) => {
    const server = createTlsServer({ cert: tls('server.pem'), key: tls('server-key.pem') }, (_, response) => {
      response.end('ok');
    });
    const port = await listening(server, host === 'localhost' ? '127.0.0.1' : host);
    return channelTo(`https://${host}:${port}`, { ca: tls(ca) }).request(get, never);
  };
  expect(await ask('localhost', 'ca.pem')).toMatchObject({ kind: 'answer', body: 'ok' });
  expect(await ask('localhost', 'other-ca.pem')).toMatchObject({ detail: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  expect(await ask('127.0.0.2', 'ca.pem')).toMatchObject({ detail: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  expect(() => httpChannel({ url: 'https://centre.example', ca: null, timers: realTimers })).toThrow('pinned CA');
});
