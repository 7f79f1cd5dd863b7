/** The bodies that the centre answers with (central.md, "Central API v2"), read strictly; failures say why. */
import { type FieldError, type Problem, problem } from '../domain/errors.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import { isJsonObject, type JsonObject, parseStrictJson } from '../domain/strict-json.ts';
import type { RefusedReport } from './desk.ts';
import { elementsOf, membersOf } from './json-source.ts';

/** Statements in one page (central.md, limits). */
export const MOST_STATEMENTS = 1_000;
/** Bytes of an answer (central.md, limits). */
export const MOST_BYTES = 8 * 1024 * 1024;
/** Characters of a cursor: it must fit into a request line. */
const LONGEST_CURSOR = 2_048;
/** Characters of what the centre says about a report that it refuses. */
const LONGEST_REASON = 500;

export interface FeedPage {
  readonly cursor: string;
  /** Texts of compact JWS, or source texts of whatever stood in their place. */
  readonly statements: readonly string[];
}

export interface UnusablePage {
  /** The page may be usable when less is asked for. */
  readonly tooLarge: boolean;
  readonly problem: Problem;
}

const unusable = (detail: string, errors?: readonly FieldError[]): Problem =>
  problem('PST-803', detail, errors === undefined ? {} : { errors });

const notOne = (what: string, { path, message }: FieldError): Problem =>
  unusable(`the answer is not ${what}: ${path === '' ? '' : `${path} `}${message}`, [{ path, message }]);

/** A page of the feed. Its envelope must be exact; what its elements are worth is judged later, one by one. */
export function readPage(body: string): Result<FeedPage, UnusablePage> {
  const refuse = (message: string, path = '') =>
    fail({ tooLarge: false, problem: notOne('a page of the feed', { path, message }) });
  const tooLarge = (detail: string) => fail({ tooLarge: true, problem: unusable(detail) });
  if (body.length > MOST_BYTES) return tooLarge(`a page of more than ${MOST_BYTES} bytes`);
  let page: unknown;
  try {
    page = JSON.parse(body);
  } catch {
    return refuse('is not JSON');
  }
  if (typeof page !== 'object' || page === null || Array.isArray(page)) return refuse('is not an object');
  const members = membersOf(body);
  if (
    members
      .map(({ name }) => name)
      .toSorted()
      .join() !== 'cursor,statements'
  )
    return refuse('must have the members cursor and statements, each once');
  const { cursor, statements } = page as Record<string, unknown>;
  if (typeof cursor !== 'string' || cursor === '' || cursor.length > LONGEST_CURSOR)
    return refuse('is not a usable cursor', 'cursor');
  if (!Array.isArray(statements)) return refuse('is not a list', 'statements');
  if (statements.length > MOST_STATEMENTS) return tooLarge(`a page of ${statements.length} statements`);
  const source = members.find(({ name }) => name === 'statements')!.source;
  return ok({
    cursor,
    statements: elementsOf(source).map((part) => (part.startsWith('"') ? (JSON.parse(part) as string) : part)),
  });
}

/** An object with exactly these members. */
function readObject(body: string, what: string, names: readonly string[]): Result<JsonObject, Problem> {
  const parsed = parseStrictJson(Buffer.from(body), { maxBytes: MOST_BYTES });
  if (!parsed.ok) return fail(notOne(what, parsed.failure));
  const { value } = parsed;
  if (!isJsonObject(value) || Object.keys(value).toSorted().join() !== names.join())
    return fail(notOne(what, { path: '', message: `must have exactly the members ${names.join(' and ')}` }));
  return ok(value);
}

export interface ReportsAnswer {
  readonly accepted: ReadonlySet<string>;
  readonly refused: readonly RefusedReport[];
}

/**
 * What the centre said about the reports `asked`, by `jti`. Others are left out, and so are those of which it says both:
 * a report leaves the outbox only when the centre clearly has it.
 */
export function readReportsAnswer(body: string, asked: ReadonlySet<string>): Result<ReportsAnswer, Problem> {
  const what = 'an answer to reports';
  const read = readObject(body, what, ['accepted', 'refused']);
  if (!read.ok) return read;
  const { accepted, refused } = read.value;
  if (!Array.isArray(accepted) || !accepted.every((jti) => typeof jti === 'string'))
    return fail(notOne(what, { path: 'accepted', message: 'is not a list of texts' }));
  if (!Array.isArray(refused)) return fail(notOne(what, { path: 'refused', message: 'is not a list' }));
  const reasons = new Map<string, string>();
  for (const entry of refused) {
    if (!isJsonObject(entry) || typeof entry.jti !== 'string' || typeof entry.reason !== 'string')
      return fail(notOne(what, { path: 'refused', message: 'has an entry without jti and reason' }));
    reasons.set(entry.jti, entry.reason.slice(0, LONGEST_REASON));
  }
  const yes = new Set<string>(accepted);
  return ok({
    accepted: new Set([...asked].filter((jti) => yes.has(jti) && !reasons.has(jti))),
    refused: [...asked].flatMap((jti) => {
      const reason = yes.has(jti) ? undefined : reasons.get(jti);
      return reason === undefined ? [] : [{ jti, reason }];
    }),
  });
}

/** The text of the statement in the answer to a nonce. */
export function readTimeAnswer(body: string): Result<string, Problem> {
  const read = readObject(body, 'an answer to a nonce', ['statement']);
  if (!read.ok) return read;
  const { statement } = read.value;
  return typeof statement === 'string'
    ? ok(statement)
    : fail(notOne('an answer to a nonce', { path: 'statement', message: 'is not a text' }));
}
