import type { ProblemBody } from '../api/shapes.ts';
import type { Result } from '../domain/result.ts';
import { language } from './words/words.ts';

/** What can go wrong with a call, as a value: the station refused it, or did not answer at all. */
export type Failure =
  | { readonly kind: 'problem'; readonly problem: ProblemBody; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'no-answer' };

export interface Answered<Body> {
  readonly status: number;
  readonly body: Body;
}
export type Answer<Body> = Result<Answered<Body>, Failure>;

const ROOT = '/api/v1';

let sessionRefused: () => void = () => undefined;

/** Told when the station answers 401 to anything but a sign-in. */
export const onSessionRefused = (act: () => void): void => {
  sessionRefused = act;
};

interface CallOptions {
  /** Sent as JSON; a string is sent as `text/plain`. */
  readonly body?: unknown;
  /** `Idempotency-Key`: every unsafe call of the console has one. */
  readonly key?: string;
}

type Method = 'GET' | 'POST' | 'DELETE';

/** One call to the station's API. Never throws. */
export async function call<Body>(method: Method, path: string, options: CallOptions = {}): Promise<Answer<Body>> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language.value };
  if (options.key !== undefined) headers['Idempotency-Key'] = options.key;
  const { body } = options;
  if (body !== undefined) headers['Content-Type'] = typeof body === 'string' ? 'text/plain' : 'application/json';
  const request: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (body !== undefined) request.body = typeof body === 'string' ? body : JSON.stringify(body);
  try {
    const response = await fetch(ROOT + path, request);
    const text = await response.text();
    const parsed: unknown = text === '' ? null : JSON.parse(text);
    if (response.ok) return { ok: true, value: { status: response.status, body: parsed as Body } };
    // A sign-off's own PIN may be wrong without the session being over.
    if (response.status === 401 && path !== '/session' && !path.endsWith('/sign')) sessionRefused();
    const problem = problemIn(parsed);
    if (problem === null) return { ok: false, failure: { kind: 'no-answer' } };
    const retryAfter = Number(response.headers.get('Retry-After') ?? Number.NaN);
    const retryAfterSeconds = Number.isFinite(retryAfter) ? retryAfter : null;
    return { ok: false, failure: { kind: 'problem', problem, retryAfterSeconds } };
  } catch {
    return { ok: false, failure: { kind: 'no-answer' } };
  }
}

const problemIn = (body: unknown): ProblemBody | null =>
  typeof body === 'object' && body !== null && 'code' in body && 'title' in body ? (body as ProblemBody) : null;

export const get = <Body>(path: string): Promise<Answer<Body>> => call('GET', path);

/** All items of a list, page by page, up to `limit`. `whole` is false where the list has more. */
export async function getAll<Item>(path: string, limit: number): Promise<{ items: Item[]; whole: boolean } | null> {
  const items: Item[] = [];
  let cursor: string | null = null;
  do {
    const joint = path.includes('?') ? '&' : '?';
    const page: Answer<{ items: Item[]; next: string | null }> = await get(
      `${path}${joint}limit=200${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    if (!page.ok) return null;
    items.push(...page.value.body.items);
    cursor = page.value.body.next;
  } while (cursor !== null && items.length < limit);
  return { items, whole: cursor === null };
}
