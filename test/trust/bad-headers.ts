/** Form, header, key and signature. */

import { sign } from 'node:crypto';
import { signingKey } from '../../mocks/central/index.ts';
import { STATEMENT_TYPES } from '../../src/domain/statement.ts';
import { goodClaims, hmac, strayBits } from './forge.ts';
import { type BadApproval, badText } from './rows.ts';
import type { StatementWorld } from './world.ts';

const rootOf = (world: StatementWorld) => signingKey(world.issuer.seed, 'root-a');
const stranger = (world: StatementWorld, kid: string) => signingKey(Buffer.alloc(32, 9), kid, world.keys.ed25519.alg);
/** One space of JSON white space after the object: shifts the length, so that stray bits exist; changes no meaning. */
const spaced = (text: string): string => (Buffer.byteLength(text) % 3 === 0 ? `${text} ` : text);
const padded = (part: string): string => part + '='.repeat((4 - (part.length % 4)) % 4);

/** In base64 a tilde as third byte of a group is a `-` or `+`. */
const tilde = (world: StatementWorld) => signingKey(world.issuer.seed, '~~~');
const HEADER = JSON.stringify({ alg: 'Ed25519', kid: 'central-1', typ: STATEMENT_TYPES.approval });
/** Bytes of claims that make a text of 64 KiB: beside the payload it has a header, a signature of 86, and two dots. */
const MOST = Math.floor(((64 * 1024 - Buffer.from(HEADER).toString('base64url').length - 86 - 2) * 3) / 4);

const form = (): readonly BadApproval[] => [
  badText('malformed', 'empty text', { text: () => '' }),
  badText('malformed', 'one part', { text: (text) => text.replaceAll('.', '') }),
  badText('malformed', 'two parts', { text: (text) => text.slice(0, text.lastIndexOf('.')) }),
  badText('malformed', 'four parts', { text: (text) => `${text}.` }),
  badText('malformed', 'a dot in front', { text: (text) => `.${text}` }),
  badText('malformed', 'a space behind', { text: (text) => `${text} ` }),
  badText('malformed', 'a space in front', { text: (text) => ` ${text}` }),
  badText('malformed', 'a line feed behind', { text: (text) => `${text}\n` }),
  badText('malformed', 'a byte order mark in front', { text: (text) => `\ufeff${text}` }),
  badText('malformed', 'in quotes', { text: (text) => `"${text}"` }),
  badText('malformed', 'a line feed within the payload', { parts: (h, p) => [h, `${p.slice(0, 9)}\n${p.slice(9)}`] }),
  badText('malformed', 'a space within the header', { parts: (h, p) => [`${h.slice(0, 4)} ${h.slice(4)}`, p] }),
  badText(
    'malformed',
    'header with padding',
    { headerText: spaced, parts: (h, p) => [padded(h), p] },
    { headerText: spaced },
  ),
  badText(
    'malformed',
    'payload with padding',
    { claimsText: spaced, parts: (h, p) => [h, padded(p)] },
    { claimsText: spaced },
  ),
  badText('malformed', 'signature with padding', { text: (text) => `${text}==` }),
  badText(
    'malformed',
    'header with stray bits',
    { headerText: spaced, parts: (h, p) => [strayBits(h), p] },
    { headerText: spaced },
  ),
  badText(
    'malformed',
    'payload with stray bits',
    { claimsText: spaced, parts: (h, p) => [h, strayBits(p)] },
    { claimsText: spaced },
  ),
  badText('malformed', 'signature with stray bits', {
    text: (text) => text.slice(0, text.lastIndexOf('.') + 1) + strayBits(text.slice(text.lastIndexOf('.') + 1)),
  }),
  badText('malformed', 'a part that no bytes have', { text: (text) => `${text}AAA` }),
  badText(
    'malformed',
    'base64 instead of base64url',
    (world) => ({ key: tilde(world), parts: (h, p) => [h.replace(/-/g, '+').replace(/_/g, '/'), p] }),
    (world) => ({ key: tilde(world) }),
    { bundle: (world) => ({ keys: [world.issuer.listed(tilde(world))] }) },
  ),
  badText('malformed', 'a letter outside ASCII', { text: (text) => text.replace('A', 'Å') }),
  badText(
    'malformed',
    'larger than 64 KiB',
    { claimsText: (text) => text.padEnd(MOST + 1) },
    { claimsText: (text) => text.padEnd(MOST) },
  ),
  badText('malformed', 'flattened JSON instead of compact', {
    text: (text) => {
      const [header, payload, signature] = text.split('.');
      return JSON.stringify({ protected: header, payload, signature });
    },
  }),
  badText('malformed', 'general JSON instead of compact', {
    text: (text) => {
      const [header, payload, signature] = text.split('.');
      return JSON.stringify({ payload, signatures: [{ protected: header, signature }] });
    },
  }),
];

const headers = (): readonly BadApproval[] => [
  badText('malformed', 'header is a list', { headerText: (text) => `[${text}]` }),
  badText('malformed', 'header is null', { headerText: () => 'null' }),
  badText('malformed', 'header is a text', { headerText: () => '"Ed25519"' }),
  badText('malformed', 'header is no JSON', { headerText: (text) => text.slice(0, -1) }),
  badText('malformed', 'header is followed by more', { headerText: (text) => `${text}{}` }),
  badText('malformed', 'header begins with a byte order mark', { headerText: (text) => `\ufeff${text}` }),
  badText('malformed', 'header has alg twice', { headerText: (text) => text.replace('{', '{"alg":"Ed25519",') }),
  badText('malformed', 'header has kid twice', { headerText: (text) => text.replace('{', '{"kid":"central-1",') }),
  badText('malformed', 'header has alg twice, once escaped', {
    headerText: (text) => text.replace('{', '{"\\u0061lg":"Ed25519",'),
  }),
  ...(['alg', 'kid', 'typ'] as const).flatMap((name) => [
    badText('malformed', `header without ${name}`, { header: { [name]: undefined } }),
    badText('malformed', `header ${name} is null`, { header: { [name]: null } }),
    badText('malformed', `header ${name} is a number`, { header: { [name]: 1 } }),
    badText('malformed', `header ${name} is a list`, (world) => ({
      header: { [name]: [{ alg: 'Ed25519', kid: world.keys.ed25519.kid, typ: STATEMENT_TYPES.approval }[name]] },
    })),
  ]),
  badText('malformed', 'kid is empty', { header: { kid: '' } }),
  badText('malformed', 'kid is endless', { header: { kid: 'k'.repeat(129) } }),
  badText('malformed', 'header jwk', (world) => ({
    key: { ...stranger(world, 'central-1') },
    header: { jwk: stranger(world, 'central-1').jwk },
  })),
  badText('malformed', 'header jwk of the right key', (world) => ({ header: { jwk: world.keys.ed25519.jwk } })),
  badText('malformed', 'header jku', { header: { jku: 'https://127.0.0.1/keys.json' } }),
  badText('malformed', 'header x5u', { header: { x5u: 'https://127.0.0.1/chain.pem' } }),
  badText('malformed', 'header x5c', { header: { x5c: ['MIIB'] } }),
  badText('malformed', 'header x5t', { header: { x5t: 'AAAA' } }),
  badText('malformed', 'header x5t#S256', { header: { 'x5t#S256': 'AAAA' } }),
  badText('malformed', 'header crit', { header: { crit: ['exp'] } }),
  badText('malformed', 'header crit, empty', { header: { crit: [] } }),
  badText('malformed', 'header b64', { header: { b64: true } }),
  badText('malformed', 'header b64 and crit', { header: { b64: false, crit: ['b64'] } }),
  badText('malformed', 'header cty', { header: { cty: 'JWT' } }),
  badText('malformed', 'header zip', { header: { zip: 'DEF' } }),
  badText('malformed', 'header nonce', { header: { nonce: 'n' } }),
  badText('malformed', 'header __proto__', { headerText: (text) => text.replace('{', '{"__proto__":{},') }),
  badText('malformed', 'header member with an empty name', { header: { '': '' } }),
  badText('malformed', 'header member in capitals', { header: { ALG: 'Ed25519' } }),
  badText('malformed', 'typ JWT', { header: { typ: 'JWT' } }),
  badText('malformed', 'typ without +jws', { header: { typ: 'passport-approval' } }),
  badText('malformed', 'typ with application/', { header: { typ: 'application/passport-approval+jws' } }),
  badText('malformed', 'typ in other letters', { header: { typ: 'Passport-Approval+JWS' } }),
  badText('malformed', 'typ of a trust bundle', { header: { typ: 'passport-trust+jws' } }),
  badText('malformed', 'typ of Object.prototype', { header: { typ: 'constructor' } }),
  ...(['rejection', 'revocation', 'billing', 'payment', 'time', 'receipt', 'witness', 'report'] as const).map((kind) =>
    badText('malformed', `typ of a ${kind}`, { header: { typ: STATEMENT_TYPES[kind] } }),
  ),
];

const algorithms = (): readonly BadApproval[] => [
  badText('unsupported-alg', 'alg none without signature', {
    header: { alg: 'none' },
    signature: () => Buffer.alloc(0),
  }),
  badText('unsupported-alg', 'alg none with the good signature', { header: { alg: 'none' } }),
  badText('unsupported-alg', 'alg None', { header: { alg: 'None' }, signature: () => Buffer.alloc(0) }),
  badText('unsupported-alg', 'alg empty', { header: { alg: '' } }),
  ...['HS256', 'HS384', 'HS512'].map((alg) =>
    badText('unsupported-alg', `alg ${alg} with the public key as secret`, (world) => ({
      header: { alg },
      signature: (_, signed) => hmac(Buffer.from(world.keys.ed25519.jwk.x ?? '', 'base64url'), signed),
    })),
  ),
  ...['EdDSA', 'Ed448', 'RS256', 'PS256', 'ES256K', 'ES384', 'ES512', 'ed25519', 'ED25519', 'es256', 'Ed25519 '].map(
    (alg) => badText('unsupported-alg', `alg ${alg}`, { header: { alg } }),
  ),
  badText('unsupported-alg', 'ES256 for an Ed25519 key', { header: { alg: 'ES256' } }),
  badText(
    'unsupported-alg',
    'Ed25519 for an ES256 key',
    (world) => ({ key: world.keys.es256, header: { alg: 'Ed25519' } }),
    (world) => ({ key: world.keys.es256 }),
  ),
];

const keys = (): readonly BadApproval[] => [
  badText('unknown-key', 'kid of nobody', { header: { kid: 'central-9' } }),
  badText('unknown-key', 'kid in other letters', { header: { kid: 'Central-1' } }),
  badText('unknown-key', 'kid with a space', { header: { kid: 'central-1 ' } }),
  badText('unknown-key', 'kid of Object.prototype', { header: { kid: '__proto__' } }),
  badText('unknown-key', 'signed by a root', (world) => ({ key: rootOf(world) })),
  badText('unknown-key', 'signed by a stranger under its own kid', (world) => ({ key: stranger(world, 'stranger') })),
  badText('unknown-key', 'kid is a path', { header: { kid: '../../keys/central-1' } }),
  ...(['rejection', 'revocation', 'billing', 'payment', 'time', 'receipt', 'witness'] as const).map((use) =>
    badText(
      'wrong-key-use',
      `key for ${use} only`,
      (world) => ({ key: signingKey(world.issuer.seed, 'other-use') }),
      (world) => ({ key: signingKey(world.issuer.seed, 'approvals') }),
      {
        bundle: ({ issuer }) => ({
          keys: [
            issuer.listed(signingKey(issuer.seed, 'other-use'), { use: [use] }),
            issuer.listed(signingKey(issuer.seed, 'approvals'), { use: ['approval'] }),
          ],
        }),
      },
    ),
  ),
  badText(
    'wrong-key-use',
    'key for another office',
    (world) => ({ key: signingKey(world.issuer.seed, 'pnk') }),
    (world) => ({ key: signingKey(world.issuer.seed, 'kng') }),
    {
      bundle: ({ issuer }) => ({
        keys: [
          issuer.listed(signingKey(issuer.seed, 'pnk'), { offices: ['PNK', 'KNG2'] }),
          issuer.listed(signingKey(issuer.seed, 'kng'), { offices: ['PNK', 'KNG'] }),
        ],
      }),
    },
  ),
  badText(
    'wrong-key-use',
    'key for another office, approval for all',
    (world) => ({
      key: signingKey(world.issuer.seed, 'pnk'),
      claims: { aud: '*' },
    }),
    {},
    {
      bundle: ({ issuer }) => ({
        keys: [issuer.listed(issuer.signer), issuer.listed(signingKey(issuer.seed, 'pnk'), { offices: ['PNK'] })],
      }),
    },
  ),
  badText(
    'wrong-key-use',
    'signed a second before the time of its key',
    (world) => ({ claims: { iat: world.now - 101 } }),
    (world) => ({ claims: { iat: world.now - 100 } }),
    { bundle: ({ issuer, now }) => ({ keys: [issuer.listed(issuer.signer, { nbf: now - 100 })] }) },
  ),
  badText(
    'wrong-key-use',
    'signed when the time of its key was over',
    (world) => ({ claims: { iat: world.now - 100 } }),
    (world) => ({ claims: { iat: world.now - 101 } }),
    { bundle: ({ issuer, now }) => ({ keys: [issuer.listed(issuer.signer, { exp: now - 100 })] }) },
  ),
];

const signatures = (): readonly BadApproval[] => [
  ...[0, 1, 31, 32, 62, 63].map((at) =>
    badText('bad-signature', `bit flipped in signature byte ${at}`, {
      signature: (good) => Buffer.from(good.map((byte, i) => (i === at ? byte ^ 1 : byte))),
    }),
  ),
  badText('bad-signature', 'no signature', { signature: () => Buffer.alloc(0) }),
  badText('bad-signature', 'all-zero signature', { signature: () => Buffer.alloc(64) }),
  badText('bad-signature', 'signature cut', { signature: (good) => good.subarray(0, 63) }),
  badText('bad-signature', 'signature with a byte more', {
    signature: (good) => Buffer.concat([good, Buffer.alloc(1)]),
  }),
  badText('bad-signature', 'signature twice', { signature: (good) => Buffer.concat([good, good]) }),
  badText('bad-signature', 'halves of the signature swapped', {
    signature: (good) => Buffer.concat([good.subarray(32), good.subarray(0, 32)]),
  }),
  badText('bad-signature', 'signed by a stranger under a known kid', (world) => ({
    key: stranger(world, 'central-1'),
  })),
  badText('bad-signature', 'signed by a root under a known kid', (world) => ({
    key: rootOf(world),
    header: { kid: 'central-1' },
  })),
  badText('bad-signature', 'signature of another approval', (world) => ({
    signature: (_, signed) => {
      const [header] = signed.split('.');
      const other = Buffer.from(JSON.stringify({ ...goodClaims(world), jti: 'apr-2' })).toString('base64url');
      return signatureOver(world, `${header}.${other}`);
    },
  })),
  badText('bad-signature', 'payload changed after signing', {
    text: (text) => {
      const [header, payload = '', signature] = text.split('.');
      const claims = Buffer.from(payload, 'base64url').toString('utf8').replace('"booklet":null', '"booklet":"X1"');
      return `${header}.${Buffer.from(claims).toString('base64url')}.${signature}`;
    },
  }),
  badText('bad-signature', 'white space added to the header after signing', {
    text: (text) => {
      const [header = '', ...rest] = text.split('.');
      return [Buffer.from(`${Buffer.from(header, 'base64url')} `).toString('base64url'), ...rest].join('.');
    },
  }),
  badText('bad-signature', 'signature over the payload alone', (world) => ({
    signature: (_, signed) => signatureOver(world, signed.split('.')[1] ?? ''),
  })),
  badText(
    'bad-signature',
    'ES256 signature in DER',
    (world) => ({ key: world.keys.es256, signature: (good) => derOf(good) }),
    (world) => ({ key: world.keys.es256 }),
  ),
  badText(
    'bad-signature',
    'ES256 signature all zero',
    (world) => ({ key: world.keys.es256, signature: () => Buffer.alloc(64) }),
    (world) => ({ key: world.keys.es256 }),
  ),
  badText(
    'bad-signature',
    'ES256 bit flipped',
    (world) => ({
      key: world.keys.es256,
      signature: (good) => Buffer.concat([good.subarray(0, 63), Buffer.from([(good[63] ?? 0) ^ 1])]),
    }),
    (world) => ({ key: world.keys.es256 }),
  ),
  badText(
    'bad-signature',
    'kid of another good key',
    (world) => ({
      key: signingKey(world.issuer.seed, 'central-3'),
      header: { kid: 'central-1' },
    }),
    (world) => ({ key: signingKey(world.issuer.seed, 'central-3') }),
    {
      bundle: ({ issuer }) => ({
        keys: [issuer.listed(issuer.signer), issuer.listed(signingKey(issuer.seed, 'central-3'))],
      }),
    },
  ),
];

function signatureOver(world: StatementWorld, text: string): Buffer {
  const { privateKey } = world.keys.ed25519;
  return sign(null, Buffer.from(text), privateKey);
}

/** RFC 3279 s2.2.3: SEQUENCE of two INTEGERs. */
function derOf(raw: Buffer): Buffer {
  const integer = (bytes: Buffer): Buffer => {
    const positive = (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
    return Buffer.concat([Buffer.from([2, positive.length]), positive]);
  };
  const body = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

export const headerRows = (): readonly BadApproval[] => [
  ...form(),
  ...headers(),
  ...algorithms(),
  ...keys(),
  ...signatures(),
];
