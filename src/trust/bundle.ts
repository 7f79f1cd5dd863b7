/**
 * The trust bundle (central.md, "Trust bundle"): which keys speak for the centre, signed by a threshold of roots. The first
 * roots are pinned in a file at the station; every later bundle must be signed by enough of the roots in force.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { fail, ok, type Result } from '../domain/result.ts';
import { KEY_USES, type KeyUse, PARTY, type Seconds } from '../domain/statement.ts';
import { type JsonValue, parseStrictJson } from '../domain/strict-json.ts';
import { firstIssue } from './claims.ts';
import { instant } from './instant.ts';
import { canonicalBase64url, parseHeader } from './jws.ts';
import { ALGORITHMS, type Algorithm, importKey, isSignedBy, type PublicKey, publicJwk } from './keys.ts';

/** Bytes of a bundle as it travels (central.md: at most 1 MiB). */
export const MAX_BUNDLE = 1024 * 1024;
const MAX_ROOTS_FILE = 64 * 1024;
const BUNDLE_TYPE = 'passport-trust+jws';
/** Seconds by which the two clocks may differ at `nbf`, `exp` and a bundle's `expires` (central.md). */
export const LEEWAY: Seconds = 60;

export interface Root extends PublicKey {
  readonly kid: string;
}

/** Who may sign a bundle: at least `threshold` different ones of these. */
export interface RootSet {
  readonly threshold: number;
  readonly roots: ReadonlyMap<string, Root>;
}

/** A key of the centre, imported once, so that each verification costs no more than the bare signature. */
export interface StatementKey extends PublicKey {
  readonly kid: string;
  readonly use: ReadonlySet<KeyUse>;
  /** Office codes, or `*` for all. */
  readonly offices: ReadonlySet<string>;
  readonly nbf: Seconds;
  readonly exp: Seconds;
}

export interface OfflineLimits {
  readonly offlineDays: number;
  readonly offlinePrints: number;
}

export interface TrustBundle extends RootSet {
  readonly version: number;
  readonly issued: Seconds;
  readonly expires: Seconds;
  readonly keys: ReadonlyMap<string, StatementKey>;
  readonly revoked: {
    readonly approvals: ReadonlySet<string>;
    readonly booklets: ReadonlySet<string>;
    readonly stations: ReadonlySet<string>;
    readonly keys: ReadonlySet<string>;
  };
  readonly limits: OfflineLimits;
  /** SHA-256 of the payload's bytes, hexadecimal: two bundles of one version can be told apart. */
  readonly digest: string;
}

export const BUNDLE_REFUSALS = [
  'malformed',
  'weak-key',
  'too-few-signatures',
  'too-few-new-signatures',
  'rollback',
  'already-current',
  'expired',
] as const;
export interface BundleRefusal {
  readonly reason: (typeof BUNDLE_REFUSALS)[number];
  /** For support; carries no key and no personal data. */
  readonly detail: string;
}

const kid = z
  .string()
  .min(1)
  .max(128)
  .regex(/^\P{Cc}+$/u);
const whole = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const rootEntry = z.strictObject({ kid, alg: z.enum(ALGORITHMS).optional(), jwk: publicJwk });
const rootSet = { threshold: whole.min(1), roots: z.array(rootEntry).min(1).max(64) };
const bundlePayload = z.strictObject({
  version: whole.min(1),
  issued: instant,
  expires: instant,
  ...rootSet,
  keys: z
    .array(
      z.strictObject({
        kid,
        alg: z.enum(ALGORITHMS),
        jwk: publicJwk,
        use: z.array(z.enum(KEY_USES)).min(1),
        offices: z.array(z.union([z.literal('*'), z.string().regex(PARTY)])).min(1),
        nbf: whole,
        exp: whole,
      }),
    )
    .max(1000),
  revoked: z.strictObject({
    approvals: z.array(z.string()),
    booklets: z.array(z.string()),
    stations: z.array(z.string()),
    keys: z.array(z.string()),
  }),
  limits: z.strictObject({ offlineDays: whole, offlinePrints: whole }),
});
const rootsFile = z.strictObject(rootSet);
const generalJws = z.strictObject({
  payload: z.string(),
  signatures: z
    .array(z.strictObject({ protected: z.string(), signature: z.string() }))
    .min(1)
    .max(64),
});

type Refused = { readonly ok: false; readonly failure: BundleRefusal };
const refuse = (reason: BundleRefusal['reason'], detail: string): Refused => fail({ reason, detail });

function read<Shape>(schema: z.ZodType<Shape>, json: JsonValue, what: string): Result<Shape, BundleRefusal> {
  const parsed = schema.safeParse(json);
  if (parsed.success) return ok(parsed.data);
  const { path, message } = firstIssue(parsed.error);
  return refuse('malformed', `${what}: ${path}: ${message}`);
}

function json(bytes: Uint8Array, maxBytes: number, what: string): Result<JsonValue, BundleRefusal> {
  const parsed = parseStrictJson(bytes, { maxBytes });
  if (parsed.ok) return parsed;
  return refuse('malformed', `${what}: ${parsed.failure.path}: ${parsed.failure.message}`);
}

/** Imports keys by `kid`. The same kid twice, an alg that is not the key's, or one weak key refuses all of them. */
function importAll<Entry extends { kid: string; alg?: Algorithm | undefined; jwk: z.infer<typeof publicJwk> }>(
  entries: readonly Entry[],
  what: string,
): Result<Map<string, PublicKey>, BundleRefusal> {
  const keys = new Map<string, PublicKey>();
  for (const [index, { kid, alg, jwk }] of entries.entries()) {
    const imported = importKey(jwk);
    if (!imported.ok) return refuse('weak-key', `${what}[${index}] ${imported.failure}`);
    if (alg !== undefined && alg !== imported.value.alg)
      return refuse('malformed', `${what}[${index}] is no ${alg} key`);
    if (keys.has(kid)) return refuse('malformed', `${what}[${index}] has the kid of another`);
    keys.set(kid, imported.value);
  }
  return ok(keys);
}

/** One key under two kids would count twice towards the threshold, so it refuses the whole set. */
function rootSetOf(shape: z.infer<typeof rootsFile>): Result<RootSet, BundleRefusal> {
  const imported = importAll(shape.roots, 'roots');
  if (!imported.ok) return imported;
  const distinct = new Set([...imported.value.values()].map((root) => root.thumbprint));
  if (distinct.size !== imported.value.size) return refuse('malformed', 'roots: one key under two kids');
  if (shape.threshold > distinct.size) return refuse('malformed', 'threshold: more than there are roots');
  const roots = new Map([...imported.value].map(([kid, key]) => [kid, { kid, ...key }]));
  return ok({ threshold: shape.threshold, roots });
}

/** Reads the file of pinned roots: `{"threshold":1,"roots":[{"kid":"root-a","alg":"Ed25519","jwk":{...}}]}` (station.md). */
export function parsePinnedRoots(bytes: Uint8Array): Result<RootSet, BundleRefusal> {
  const parsed = json(bytes, MAX_ROOTS_FILE, 'roots file');
  if (!parsed.ok) return parsed;
  const shape = read(rootsFile, parsed.value, 'roots file');
  return shape.ok ? rootSetOf(shape.value) : shape;
}

interface RootSignature {
  readonly kid: string;
  readonly alg: string;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

interface ReadBundle {
  readonly bundle: TrustBundle;
  readonly signatures: readonly RootSignature[];
}

/** Everything about a bundle that can be told without knowing which roots are in force. */
function readBundle(bytes: Uint8Array): Result<ReadBundle, BundleRefusal> {
  const outer = json(bytes, MAX_BUNDLE, 'bundle');
  if (!outer.ok) return outer;
  const envelope = read(generalJws, outer.value, 'bundle');
  if (!envelope.ok) return envelope;
  const payload = canonicalBase64url(envelope.value.payload);
  if (payload === null) return refuse('malformed', 'payload: is not canonical base64url');
  const signatures: RootSignature[] = [];
  for (const [index, entry] of envelope.value.signatures.entries()) {
    const headerBytes = canonicalBase64url(entry.protected);
    const signature = canonicalBase64url(entry.signature);
    if (headerBytes === null || signature === null) {
      return refuse('malformed', `signatures[${index}]: is not canonical base64url`);
    }
    const header = parseHeader(headerBytes);
    if (!header.ok)
      return refuse('malformed', `signatures[${index}] ${header.failure.path}: ${header.failure.message}`);
    if (header.value.typ !== BUNDLE_TYPE)
      return refuse('malformed', `signatures[${index}]: is not of type ${BUNDLE_TYPE}`);
    const signed = Buffer.from(`${entry.protected}.${envelope.value.payload}`, 'latin1');
    signatures.push({ kid: header.value.kid, alg: header.value.alg, signed, signature });
  }
  const claims = json(payload, MAX_BUNDLE, 'payload');
  if (!claims.ok) return claims;
  const shape = read(bundlePayload, claims.value, 'payload');
  if (!shape.ok) return shape;
  const roots = rootSetOf(shape.value);
  if (!roots.ok) return roots;
  const imported = importAll(shape.value.keys, 'keys');
  if (!imported.ok) return imported;
  const keys = new Map<string, StatementKey>();
  for (const { kid, use, offices, nbf, exp } of shape.value.keys) {
    const key = imported.value.get(kid);
    if (key !== undefined) keys.set(kid, { ...key, kid, use: new Set(use), offices: new Set(offices), nbf, exp });
  }
  const { version, issued, expires, revoked, limits } = shape.value;
  const bundle: TrustBundle = {
    ...roots.value,
    version,
    issued,
    expires,
    keys,
    revoked: {
      approvals: new Set(revoked.approvals),
      booklets: new Set(revoked.booklets),
      stations: new Set(revoked.stations),
      keys: new Set(revoked.keys),
    },
    limits,
    digest: createHash('sha256').update(payload).digest('hex'),
  };
  return ok({ bundle, signatures });
}

/**
 * How many different roots of the set have signed well. Every signature is verified by itself; a library's "any one is
 * valid" would let one good root carry forged ones, and one root signing twice is still one.
 */
function goodRoots(set: RootSet, signatures: readonly RootSignature[]): number {
  const good = new Set<string>();
  for (const { kid, alg, signed, signature } of signatures) {
    const root = set.roots.get(kid);
    if (root !== undefined && root.alg === alg && isSignedBy(root, signed, signature)) good.add(root.thumbprint);
  }
  return good.size;
}

export interface BundleContext {
  /** The bundle in force, or null before the first one. */
  readonly current: TrustBundle | null;
  /** The roots pinned in the station's file: in force until there is a bundle. */
  readonly pinned: RootSet;
  readonly now: Seconds;
}

/**
 * Judges a bundle that arrived, as general JWS text. Only after `ok` may it be stored and put in force (CVE-2025-2888: a
 * version that is remembered before every check has passed locks out the good ones).
 *
 * `already-current` is the bundle in force once more: harmless. Every other refusal is to be audited.
 */
export function acceptBundle(bytes: Uint8Array, context: BundleContext): Result<TrustBundle, BundleRefusal> {
  const parsed = readBundle(bytes);
  if (!parsed.ok) return parsed;
  const { bundle, signatures } = parsed.value;
  const inForce = context.current ?? context.pinned;
  const good = goodRoots(inForce, signatures);
  if (good < inForce.threshold) {
    return refuse('too-few-signatures', `${good} of ${inForce.threshold} roots in force have signed`);
  }
  const own = goodRoots(bundle, signatures);
  if (own < bundle.threshold) {
    return refuse('too-few-new-signatures', `${own} of ${bundle.threshold} of its own roots have signed`);
  }
  if (context.current !== null && bundle.version <= context.current.version) {
    return bundle.digest === context.current.digest
      ? refuse('already-current', `version ${bundle.version} is in force`)
      : refuse('rollback', `version ${bundle.version} does not follow ${context.current.version}`);
  }
  if (isBundleExpired(bundle, context.now)) return refuse('expired', 'its time is over');
  return ok(bundle);
}

/**
 * Opens a bundle that was accepted earlier and has been in the station's own keeping: at a restart, its expiry does not
 * matter, and the roots that once let it in are gone; its own roots must still have signed it.
 */
export function reopenBundle(bytes: Uint8Array): Result<TrustBundle, BundleRefusal> {
  const parsed = readBundle(bytes);
  if (!parsed.ok) return parsed;
  const { bundle, signatures } = parsed.value;
  const own = goodRoots(bundle, signatures);
  return own < bundle.threshold ? refuse('too-few-signatures', `${own} of ${bundle.threshold} roots`) : ok(bundle);
}

/** With the leeway of RFC 7519 s4.1.4: on or after `expires` + 60 s it is over. */
export const isBundleExpired = (bundle: TrustBundle, now: Seconds): boolean => now >= bundle.expires + LEEWAY;

const WARN_BEFORE: Seconds = 14 * 86_400;

/** Whole days left of a bundle that ends within 14 days (central.md), else null. */
export function bundleEndsInDays(bundle: TrustBundle, now: Seconds): number | null {
  const left = bundle.expires - now;
  return left > WARN_BEFORE ? null : Math.max(0, Math.floor(left / 86_400));
}

/** Whether a line of a file or an element of a feed is meant as a bundle: general JWS is an object, a statement is not. */
export const looksLikeBundle = (text: string): boolean => text.trimStart().startsWith('{');
