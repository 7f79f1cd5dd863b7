/**
 * Signing as the centre does it. With `node:crypto`, not `jose`: `jose` signs in the thread pool, and a simulation whose
 * outcome hangs on which thread ends first cannot be replayed. The tests let `jose` judge everything that is signed here.
 */
import { type KeyObject, sign, verify } from 'node:crypto';
import type { SigningKey } from './keys.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json | undefined };

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function rawSignature(key: SigningKey, text: string): string {
  const bytes = Buffer.from(text);
  const signature =
    key.alg === 'Ed25519'
      ? sign(null, bytes, key.privateKey)
      : sign('sha256', bytes, { key: key.privateKey, dsaEncoding: 'ieee-p1363' });
  return signature.toString('base64url');
}

/** Compact JWS with the header `alg`, `kid`, `typ`. */
export function signCompact(key: SigningKey, typ: string, claims: Json): string {
  const text = `${encode({ alg: key.alg, kid: key.kid, typ })}.${encode(claims)}`;
  return `${text}.${rawSignature(key, text)}`;
}

export interface GeneralJws {
  readonly payload: string;
  readonly signatures: readonly { readonly protected: string; readonly signature: string }[];
}

/** General JWS with one signature per key (RFC 7515 s7.2.1). */
export function signGeneral(keys: readonly SigningKey[], typ: string, claims: Json): GeneralJws {
  const payload = encode(claims);
  const signatures = keys.map((key) => {
    const header = encode({ alg: key.alg, kid: key.kid, typ });
    return { protected: header, signature: rawSignature(key, `${header}.${payload}`) };
  });
  return { payload, signatures };
}

export interface OpenedReport {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

const objectIn = (part: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
};

/** Takes apart what a station has signed, without judging it; null for what is no compact JWS over an object. */
export function openReport(text: string): OpenedReport | null {
  const [header, claims, signature, ...more] = text.split('.');
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0) return null;
  const opened = { header: objectIn(header), claims: objectIn(claims) };
  return opened.header === null || opened.claims === null ? null : { header: opened.header, claims: opened.claims };
}

/** Whether the Ed25519 key of a station has signed this compact JWS. */
export function stationSigned(text: string, key: KeyObject): boolean {
  const end = text.lastIndexOf('.');
  return verify(null, Buffer.from(text.slice(0, end)), key, Buffer.from(text.slice(end + 1), 'base64url'));
}
