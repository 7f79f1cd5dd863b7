/**
 * Compact JWS (RFC 7515 s7.1) in one form only: what two parsers could read in two ways is refused, because the exact text
 * is what is stored, compared and carried on sticks and in QR codes.
 */
import type { FieldError } from '../domain/errors.ts';
import { fail, ok, type Result } from '../domain/result.ts';
import { isJsonObject, type JsonValue, parseStrictJson } from '../domain/strict-json.ts';

/** Characters of one statement; all of them are ASCII, so bytes too (central.md: at most 64 KiB). */
export const MAX_STATEMENT = 64 * 1024;

const MAX_KID = 128;

export interface JwsHeader {
  readonly alg: string;
  readonly kid: string;
  readonly typ: string;
}

export interface CompactJws {
  readonly header: JwsHeader;
  readonly payload: JsonValue;
  /** What the signature is over: header and payload as they were sent, with the dot between them. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  /** The payload part as it was sent. */
  readonly payloadText: string;
}

const whole = (message: string): { readonly ok: false; readonly failure: FieldError } => fail({ path: '', message });

/**
 * Bytes of a base64url text (RFC 4648 s5) in its one canonical form: no padding, no white space, no foreign characters, no
 * bits set beyond the last byte. Null where it is not that.
 */
export function canonicalBase64url(text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : null;
}

/** Reads a protected header that has exactly `alg`, `kid` and `typ`, each a text. */
export function parseHeader(bytes: Uint8Array): Result<JwsHeader, FieldError> {
  const json = parseStrictJson(bytes, { maxBytes: MAX_STATEMENT });
  if (!json.ok) return fail({ path: `header.${json.failure.path}`, message: json.failure.message });
  if (!isJsonObject(json.value)) return fail({ path: 'header', message: 'is not an object' });
  const { alg, kid, typ } = json.value;
  if (typeof alg !== 'string' || typeof kid !== 'string' || typeof typ !== 'string') {
    return fail({ path: 'header', message: 'needs alg, kid and typ as texts' });
  }
  if (Object.keys(json.value).length !== 3) {
    return fail({ path: 'header', message: 'has a member beside alg, kid and typ' });
  }
  if (kid === '' || kid.length > MAX_KID) {
    return fail({ path: 'header.kid', message: `needs 1-${MAX_KID} characters` });
  }
  return ok({ alg, kid, typ });
}

/** Takes a compact JWS apart. Whether `alg` is supported and the signature good is not decided here. */
export function parseCompact(text: string): Result<CompactJws, FieldError> {
  if (text.length > MAX_STATEMENT) return whole(`is larger than ${MAX_STATEMENT} bytes`);
  const parts = text.split('.');
  const [headerText, payloadText, signatureText] = parts;
  if (parts.length !== 3 || headerText === undefined || payloadText === undefined || signatureText === undefined) {
    return whole('is not three parts with dots between them');
  }
  const headerBytes = canonicalBase64url(headerText);
  const payloadBytes = canonicalBase64url(payloadText);
  const signature = canonicalBase64url(signatureText);
  if (headerBytes === null || payloadBytes === null || signature === null) return whole('is not canonical base64url');
  const header = parseHeader(headerBytes);
  if (!header.ok) return header;
  const payload = parseStrictJson(payloadBytes, { maxBytes: MAX_STATEMENT });
  if (!payload.ok) return payload;
  const signed = Buffer.from(`${headerText}.${payloadText}`, 'latin1');
  return ok({ header: header.value, payload: payload.value, signed, signature, payloadText });
}
