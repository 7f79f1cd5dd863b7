/** Public keys of roots, of the centre and of stations: imported once, refused when they are weak. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { z } from 'zod';
import { fail, ok, type Result } from '../domain/result.ts';
import { canonicalBase64url } from './jws.ts';

/** RFC 9864 `Ed25519`, RFC 7518 s3.4 `ES256`; nothing else, and no `EdDSA`, which names two curves. */
export const ALGORITHMS = ['Ed25519', 'ES256'] as const;
export type Algorithm = (typeof ALGORITHMS)[number];

export const isAlgorithm = (alg: string): alg is Algorithm => ALGORITHMS.some((known) => known === alg);

const notes = { kid: z.string().optional(), use: z.literal('sig').optional(), key_ops: z.array(z.string()).optional() };

/** RFC 8037 s2 and RFC 7518 s6.2, public members only: a file with a private key in it is refused. */
export const publicJwk = z.discriminatedUnion('kty', [
  z.strictObject({
    ...notes,
    kty: z.literal('OKP'),
    crv: z.literal('Ed25519'),
    x: z.string(),
    alg: z.literal('Ed25519').optional(),
  }),
  z.strictObject({
    ...notes,
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: z.string(),
    y: z.string(),
    alg: z.literal('ES256').optional(),
  }),
]);
export type PublicJwk = z.infer<typeof publicJwk>;

export interface PublicKey {
  readonly alg: Algorithm;
  readonly key: KeyObject;
  /** RFC 7638 thumbprint, SHA-256, base64url: the same key has the same one under any `kid`. */
  readonly thumbprint: string;
}

const P = 2n ** 255n - 19n;
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
/** RFC 8032 y coordinates of the points whose order divides 8. */
const SMALL_ORDER_Y = new Set([
  0n,
  1n,
  P - 1n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  55188659117513257062467267217118295137698188065244968500265048394206261417927n,
]);

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % P;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

/**
 * Why 32 bytes are no usable Ed25519 public key (RFC 8032 s5.1.3), or null. Runtimes import any 32 bytes, and some accept
 * an all-zero signature for a key of small order. These are checks of public numbers; nothing secret is computed here.
 */
export function weakEd25519(bytes: Uint8Array): string | null {
  if (bytes.length !== 32) return 'is not 32 bytes';
  const littleEndian = BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
  const y = littleEndian & (2n ** 255n - 1n);
  if (y >= P) return 'is not in canonical form';
  if (SMALL_ORDER_Y.has(y)) return 'is of small order';
  // On the curve when x^2 = (y^2 - 1) / (d y^2 + 1) has a root: u v is a square exactly when u / v is (Euler's criterion).
  const ySquared = (y * y) % P;
  const u = (ySquared + P - 1n) % P;
  const v = (D * ySquared + 1n) % P;
  return power(u * v, (P - 1n) / 2n) === 1n ? null : 'is off the curve';
}

/** Imports a public key. The failure is the reason as text. */
export function importKey(jwk: PublicJwk): Result<PublicKey, string> {
  const x = canonicalBase64url(jwk.x);
  if (x === null) return fail('has an x that is not canonical base64url');
  if (jwk.kty === 'OKP') {
    const weakness = weakEd25519(x);
    if (weakness !== null) return fail(weakness);
  } else if (x.length !== 32 || canonicalBase64url(jwk.y)?.length !== 32) {
    return fail('has coordinates that are not 32 bytes in canonical base64url');
  }
  // RFC 7638 s3.2: the required members only, in lexicographic order, without white space.
  const required = jwk.kty === 'OKP' ? { kty: jwk.kty, crv: jwk.crv, x: jwk.x } : { ...coordinates(jwk) };
  try {
    const key = createPublicKey({ key: required, format: 'jwk' });
    return ok({ alg: jwk.kty === 'OKP' ? 'Ed25519' : 'ES256', key, thumbprint: thumbprintOf(required) });
  } catch {
    return fail('is off the curve');
  }
}

const coordinates = (jwk: Extract<PublicJwk, { kty: 'EC' }>) => ({ kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y });

/** RFC 7638 thumbprint of the required members of a public key, SHA-256, base64url. */
export function thumbprintOf(required: Readonly<Record<string, string>>): string {
  const ordered = Object.fromEntries(Object.entries(required).sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHash('sha256').update(JSON.stringify(ordered)).digest('base64url');
}

/** Whether `signature` over `signed` is good under this key; ES256 in the raw form of RFC 7518 s3.4. */
export function isSignedBy(key: PublicKey, signed: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  return key.alg === 'Ed25519'
    ? verify(null, signed, key.key, signature)
    : verify('sha256', signed, { key: key.key, dsaEncoding: 'ieee-p1363' }, signature);
}
