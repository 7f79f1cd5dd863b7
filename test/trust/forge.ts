/** Makes approvals with any fault. What is deformed is signed afterwards, so that nothing but the deformity is wrong. */
import { createHmac, sign } from 'node:crypto';
import type { SigningKey } from '../../mocks/central/index.ts';
import type { StatementWorld } from './world.ts';

type Members = Readonly<Record<string, unknown>>;

export interface Forgery {
  /** Members to add or replace; `undefined` takes one away. */
  readonly claims?: Members;
  readonly header?: Members;
  /** Who signs; the header names this key unless it says otherwise. */
  readonly key?: SigningKey;
  /** JSON text in place of the claims or the header. */
  readonly claimsText?: (text: string) => string;
  readonly headerText?: (text: string) => string;
  /** Another encoding of the two signed parts. */
  readonly parts?: (header: string, payload: string) => readonly [string, string];
  /** Another signature, given the good one. */
  readonly signature?: (good: Buffer, signed: string) => Buffer;
  /** The finished text, deformed. */
  readonly text?: (text: string) => string;
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** The approval from which all rows start: usable now for this world's job and booklet. */
export const goodClaims = (world: StatementWorld): Members => ({
  iss: 'central',
  jti: 'apr-1',
  iat: world.now - 10,
  aud: `office:${world.office}`,
  nbf: world.now - 10,
  exp: world.now + 86_400,
  application: world.application,
  record: world.record,
  booklet: null,
  replaces: null,
  bundle: world.issuer.bundle.version,
});

const rawSign = (key: SigningKey, signed: string): Buffer =>
  key.alg === 'Ed25519'
    ? sign(null, Buffer.from(signed), key.privateKey)
    : sign('sha256', Buffer.from(signed), { key: key.privateKey, dsaEncoding: 'ieee-p1363' });

export function forge(world: StatementWorld, forgery: Forgery): string {
  const { key = world.keys.ed25519 } = forgery;
  const same = (text: string): string => text;
  const header = { alg: key.alg, kid: key.kid, typ: 'passport-approval+jws', ...forgery.header };
  const headerText = (forgery.headerText ?? same)(JSON.stringify(header));
  const claimsText = (forgery.claimsText ?? same)(JSON.stringify({ ...goodClaims(world), ...forgery.claims }));
  const encoded = [base64url(headerText), base64url(claimsText)] as const;
  const signed = (forgery.parts?.(...encoded) ?? encoded).join('.');
  const good = rawSign(key, signed);
  const signature = (forgery.signature?.(good, signed) ?? good).toString('base64url');
  return (forgery.text ?? same)(`${signed}.${signature}`);
}

/** HMAC over the signed parts: what a confused verifier would accept with a public key as the secret. */
export const hmac = (secret: string | Buffer, signed: string): Buffer =>
  createHmac('sha256', secret).update(signed).digest();

/** The same bytes in base64url, with bits set beyond the last byte; needs a part that is not a multiple of 3 bytes. */
export function strayBits(part: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  if (part.length % 4 === 0) throw new RangeError('no spare bits');
  return part.slice(0, -1) + alphabet[alphabet.indexOf(part.slice(-1)) + 1];
}
