/** Strict schemas of the claims of each kind of statement (central.md, table of `typ`). Unknown members are refused. */
import { z } from 'zod';
import { BOOKLET_NUMBER } from '../domain/booklet.ts';
import type { FieldError } from '../domain/errors.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import {
  APPLICATION,
  JTI,
  PARTY,
  REPORT_KINDS,
  STATEMENT_TYPES,
  type Statement,
  type StatementKind,
} from '../domain/statement.ts';
import { type JsonValue, jsonPath } from '../domain/strict-json.ts';
import { instant } from './instant.ts';
import { canonicalBase64url } from './jws.ts';

/** 9999-12-31T23:59:59Z: a later time is a mistake in the unit. */
const LAST_INSTANT = 253_402_300_799;

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const time = z.number().int().min(0).max(LAST_INSTANT);
const jti = z.string().regex(JTI);
const application = z.string().regex(APPLICATION);
const booklet = z.string().regex(BOOKLET_NUMBER);
const party = z.string().regex(PARTY);
const line = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^\P{Cc}+$/u);
const text = z.string().max(1000);
const record = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: count });
const audience = z.string().regex(/^(?:\*|(?:office|station):[A-Za-z0-9._-]{1,64})$/);
const reason = z.strictObject({ code: line(64), text });
const amount = z.union([
  z.number().min(0).max(Number.MAX_SAFE_INTEGER).transform(String),
  z.string().regex(/^\d{1,15}(?:\.\d{1,4})?$/),
]);
const sha256Base64 = z.string().refine((value) => {
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === value;
}, 'is not 32 bytes in base64');

const fromCentre = {
  iss: z.literal('central'),
  jti,
  iat: time,
  aud: z
    .union([audience, z.array(audience).min(1).max(1000)])
    .transform((value) => (typeof value === 'string' ? [value] : value)),
};

const revocation = z
  .strictObject({
    ...fromCentre,
    approval: jti.optional(),
    booklet: booklet.optional(),
    station: party.optional(),
    reason: z.union([reason, text.transform((value) => ({ code: null, text: value }))]),
  })
  .transform(({ approval, booklet, station, ...rest }, context) => {
    const targets = [
      ...(approval === undefined ? [] : [{ approval }]),
      ...(booklet === undefined ? [] : [{ booklet }]),
      ...(station === undefined ? [] : [{ station }]),
    ];
    const [target] = targets;
    if (target !== undefined && targets.length === 1) return { ...rest, target };
    context.addIssue({ code: 'custom', message: 'names not exactly one of approval, booklet, station' });
    return z.NEVER;
  });

const report = z
  .looseObject({
    iss: z.string().regex(/^station:[A-Za-z0-9._-]{1,64}$/),
    jti,
    iat: time,
    seq: count.optional(),
    kind: z.enum(REPORT_KINDS),
  })
  .transform(({ iss, jti, iat, seq, kind, ...content }, context) => {
    if ((kind === 'hello') === (seq === undefined)) return { iss, jti, iat, report: kind, seq: seq ?? null, content };
    context.addIssue({ code: 'custom', message: 'needs a seq, or is a hello, which has none' });
    return z.NEVER;
  });

const SCHEMAS = {
  approval: z.strictObject({
    ...fromCentre,
    nbf: time,
    exp: time,
    application,
    record,
    booklet: booklet.nullable().default(null),
    replaces: jti.nullable().default(null),
    bundle: count,
  }),
  rejection: z.strictObject({ ...fromCentre, application, record, reason }),
  revocation,
  billing: z.strictObject({
    ...fromCentre,
    application,
    billingCode: line(64),
    amount,
    currency: z.string().regex(/^[A-Z]{3}$/),
    exp: time,
  }),
  payment: z.strictObject({ ...fromCentre, application, billingCode: line(64), receipt: line(128), paidAt: instant }),
  time: z.strictObject({ ...fromCentre, nonce: line(128), time: instant }),
  receipt: z.strictObject({ ...fromCentre, accepted: z.array(jti).max(10_000) }),
  witness: z.strictObject({ ...fromCentre, origin: line(256), size: count, root: sha256Base64 }),
  report,
} as const satisfies Record<StatementKind, z.ZodType>;

const KIND_OF_TYPE: ReadonlyMap<string, StatementKind> = new Map(
  Object.entries(STATEMENT_TYPES).map(([kind, typ]) => [typ, kind as StatementKind]),
);

/** The kind that a header's `typ` stands for; null for any other text, another spelling included. */
export const kindOfType = (typ: string): StatementKind | null => KIND_OF_TYPE.get(typ) ?? null;

/** Reads the claims of one kind. The failure names the path and the rule; it quotes no value. */
export function parseClaims(kind: StatementKind, claims: JsonValue): Result<Statement, FieldError> {
  const parsed = SCHEMAS[kind].safeParse(claims);
  if (parsed.success) return ok({ kind, ...parsed.data } as Statement);
  return fail(firstIssue(parsed.error));
}

/** The first complaint of a schema as path and message. */
export function firstIssue(error: z.ZodError): FieldError {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).reduce<string>(
    (parent, step) => jsonPath(parent, typeof step === 'number' ? step : String(step)),
    '',
  );
  return { path, message: issue?.message ?? 'is not acceptable' };
}

/** `jti` of a text that was refused, for showing and alarming only: nothing about it has been verified. */
export function claimedJti(text: string): string | null {
  const payload = canonicalBase64url(text.split('.', 3)[1] ?? '');
  const found = payload === null ? null : /"jti"\s*:\s*"([A-Za-z0-9._-]{1,64})"/.exec(payload.toString('utf8'));
  return found?.[1] ?? null;
}
