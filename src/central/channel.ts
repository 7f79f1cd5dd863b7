/** The line to the centre over HTTP/1.1 (central.md, limits): bounded in time and size, pinned to one CA. */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { CentralAnswer, CentralChannel, CentralRequest, Timers } from '../domain/world.ts';

/** Milliseconds until the connection must stand, TLS included. */
const CONNECT_DEADLINE = 5_000;
/** Bytes of an answer's body. */
export const MAX_ANSWER = 8 * 1024 * 1024;

export interface HttpChannelOptions {
  /** `central.url` of the configuration, without a slash at the end. */
  readonly url: string;
  /** PEM of the only CA that is trusted for https; `null` for http to this machine itself. */
  readonly ca: string | null;
  readonly timers: Timers;
}

export interface HttpChannel extends CentralChannel {
  /** Ends idle connections, so that the process can end. */
  close(): void;
}

/** The request fails before its answer began on a connection that was kept open: the other side had just closed it. */
class StaleConnection extends Error {}

/**
 * A channel to one centre. Redirects are not followed: they are answers like any other, and useless ones. `retryAfter`
 * is milliseconds. A request that met a connection which the centre had closed meanwhile is sent once more on a fresh
 * one; all calls are idempotent, and the caller would send them again anyway.
 */
export function httpChannel({ url, ca, timers }: HttpChannelOptions): HttpChannel {
  const base = new URL(url);
  const secure = base.protocol === 'https:';
  if (secure && ca === null) throw new RangeError('https to the centre needs its pinned CA');
  const agent = secure
    ? new HttpsAgent({
        keepAlive: true,
        maxSockets: 4,
        minVersion: 'TLSv1.2',
        rejectUnauthorized: true,
        ca: ca ?? [],
      })
    : new HttpAgent({ keepAlive: true, maxSockets: 4 });
  const send = secure ? httpsRequest : httpRequest;

  const once = (asked: CentralRequest, signal: AbortSignal): Promise<CentralAnswer> =>
    new Promise((resolve, reject) => {
      const body = asked.body === undefined ? undefined : Buffer.from(asked.body);
      const options: RequestOptions = {
        agent,
        signal,
        method: asked.method,
        headers: {
          accept: 'application/json',
          authorization: asked.authorization,
          ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }),
        },
      };
      const request = send(`${url}${asked.path}`, options);
      let answering = false;
      const cancelConnect = timers.after(CONNECT_DEADLINE, () => end(`no connection within ${CONNECT_DEADLINE} ms`));
      const end = (detail: string): void => {
        cancelConnect();
        request.destroy();
        resolve({ kind: 'unreachable', detail });
      };
      request.once('socket', (socket) => {
        if (!socket.connecting) cancelConnect();
        else socket.once(secure ? 'secureConnect' : 'connect', cancelConnect);
      });
      request.once('response', (response) => {
        answering = true;
        readBody(response).then((read) => {
          if (typeof read === 'string') return end(read);
          const status = response.statusCode ?? 0;
          resolve({ kind: 'answer', status, body: read.text, retryAfter: retryAfter(response) });
        });
      });
      request.once('error', (error: NodeJS.ErrnoException) => {
        if (request.reusedSocket && !answering && !signal.aborted) reject(new StaleConnection());
        end(error.code ?? error.message);
      });
      request.end(body);
    });

  const bounded = async (asked: CentralRequest, given: AbortSignal): Promise<CentralAnswer> => {
    const deadline = new AbortController();
    const cancel = timers.after(asked.timeout, () => deadline.abort());
    const signal = AbortSignal.any([given, deadline.signal]);
    try {
      const answer = await once(asked, signal).catch((error: unknown) => {
        if (error instanceof StaleConnection) return once(asked, signal);
        throw error;
      });
      if (answer.kind === 'unreachable' && given.aborted) return { kind: 'unreachable', detail: 'given up' };
      if (answer.kind === 'unreachable' && deadline.signal.aborted) {
        return { kind: 'unreachable', detail: `no whole answer within ${asked.timeout} ms` };
      }
      return answer;
    } catch (error) {
      return {
        kind: 'unreachable',
        detail: error instanceof StaleConnection ? 'ECONNRESET' : (error as Error).message,
      };
    } finally {
      cancel();
    }
  };

  return { request: bounded, close: () => agent.destroy() };
}

/** The body as text, or why there is none. Reads no more than `MAX_ANSWER`, whatever length the headers promise. */
async function readBody(response: IncomingMessage): Promise<{ text: string } | string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MAX_ANSWER) return `answer larger than ${MAX_ANSWER} bytes`;
      chunks.push(chunk);
    }
    if (!response.complete) return 'answer cut off';
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)) };
  } catch (error) {
    return error instanceof TypeError ? 'answer is not UTF-8' : 'answer cut off';
  }
}

/** RFC 9110 s10.2.3 in milliseconds. A date counts from the answer's own `Date`: the station's clock may be wrong. */
function retryAfter({ headers }: IncomingMessage): number | null {
  const value = headers['retry-after'];
  if (value === undefined) return null;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const wait = Date.parse(value) - Date.parse(headers.date ?? '');
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}
