/** The station's own key, with which it signs what it reports (central.md, "Reports"). */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { fail, ok, type Result } from '../domain/result.ts';
import { type ReportKind, type Seconds, STATEMENT_TYPES } from '../domain/statement.ts';
import { thumbprintOf } from './keys.ts';

/** What `identity --json` prints: the centre enrols a station with it. */
export interface PublicIdentity {
  readonly station: string;
  readonly office: string;
  /** RFC 7638 thumbprint of the key. */
  readonly kid: string;
  readonly jwk: { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string };
}

export interface StationIdentity extends PublicIdentity {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** RFC 8410 s7: the PKCS #8 wrapping of a 32-byte Ed25519 private key. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

function identityOf(station: string, office: string, privateKey: KeyObject): StationIdentity {
  const publicKey = createPublicKey(privateKey);
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
  return { station, office, kid: thumbprintOf(jwk), jwk, privateKey, publicKey };
}

/** Makes the identity of a new station from 32 random bytes of the `World` (RFC 8032 s5.1.5). */
export function createIdentity(station: string, office: string, seed: Uint8Array): StationIdentity {
  if (seed.length !== 32) throw new RangeError('an Ed25519 private key is 32 bytes');
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  return identityOf(station, office, key);
}

/** PKCS #8 PEM of the private key, for a file that only its owner may read. */
export const exportIdentity = ({ privateKey }: StationIdentity): string =>
  privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();

/** Opens the PEM written by `exportIdentity`. */
export function openIdentity(station: string, office: string, pem: string): Result<StationIdentity, string> {
  try {
    const key = createPrivateKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? ok(identityOf(station, office, key)) : fail('is not an Ed25519 key');
  } catch {
    return fail('is not a private key in PEM');
  }
}

export const publicIdentity = ({ station, office, kid, jwk }: StationIdentity): PublicIdentity => ({
  station,
  office,
  kid,
  jwk,
});

export interface ReportClaims {
  readonly jti: string;
  readonly iat: Seconds;
  readonly seq: number;
  readonly kind: Exclude<ReportKind, 'hello'>;
  /** By kind: `application`, `record`, `approval`, `booklet`, `attempt`, `outcome`, `checkpoint`, ... */
  readonly content: Readonly<Record<string, unknown>>;
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function signCompact({ kid, privateKey }: StationIdentity, claims: Readonly<Record<string, unknown>>): string {
  const header = { alg: 'Ed25519', kid, typ: STATEMENT_TYPES.report };
  const signed = `${base64url(header)}.${base64url(claims)}`;
  return `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** A report as compact JWS. Ed25519 is deterministic: the same claims give the same text. */
export function signReport(identity: StationIdentity, { jti, iat, seq, kind, content }: ReportClaims): string {
  return signCompact(identity, { ...content, iss: `station:${identity.station}`, jti, iat, seq, kind });
}

/** The bearer token of a request to the centre: a report of kind `hello`, good for 2 minutes, never stored. */
export const signHello = (identity: StationIdentity, { jti, iat }: { jti: string; iat: Seconds }): string =>
  signCompact(identity, { iss: `station:${identity.station}`, jti, iat, kind: 'hello' });
