/** No change to a good statement leaves it good, and an independent library judges its signatures the same way. */
import fc from 'fast-check';
import {
  CompactSign,
  calculateJwkThumbprint,
  compactVerify,
  exportJWK,
  generalVerify,
  generateKeyPair,
  importJWK,
  importPKCS8,
} from 'jose';
import { describe, expect, it } from 'vitest';
import { type SigningKey, signingKey } from '../../mocks/central/index.ts';
import { STATEMENT_TYPES } from '../../src/domain/statement.ts';
import { importKey, isSignedBy, publicJwk } from '../../src/trust/keys.ts';
import { verifyApproval, verifyStatement } from '../../src/trust/verify.ts';
import { forge, goodClaims } from './forge.ts';
import { contextOf, factsOf, statementWorld } from './world.ts';

const world = statementWorld();
const context = contextOf(world);
const facts = factsOf(world);

/** One good statement of every kind of the centre, and an approval by each algorithm. */
function goodTexts(): readonly string[] {
  const { issuer, application, record } = world;
  const aud = 'office:KNG';
  const reason = { code: 'SIM', text: 'Ä "quoted" reason' };
  return [
    issuer.approval({ aud, application, record }),
    forge(world, { key: world.keys.es256, claims: { aud: ['office:PNK', aud], booklet: world.booklet } }),
    issuer.rejection({ aud, application, record, reason }),
    issuer.revocation('*', { approval: 'apr-1' }, reason),
    issuer.billing({ aud, application, billingCode: '820260921000001', amount: 350_000, currency: 'IDR' }),
    issuer.payment({ aud, application, billingCode: '820260921000001', receipt: 'NTPN-1' }),
    issuer.time('station:kng-01', 'nonce-1'),
    issuer.receipt('station:kng-01', ['r-1', 'r-2']),
    issuer.witness('station:kng-01', { origin: 'kng-01', size: 100, root: Buffer.alloc(32, 5).toString('base64') }),
  ];
}

const good = goodTexts();
const keyOf = (text: string): SigningKey =>
  JSON.parse(Buffer.from(text.split('.')[0] ?? '', 'base64url').toString()).alg === 'ES256'
    ? world.keys.es256
    : world.keys.ed25519;

async function joseAccepts(text: string, key: SigningKey): Promise<boolean> {
  const publicKey = await importJWK({ ...key.jwk } as Parameters<typeof importJWK>[0], key.alg);
  return compactVerify(text, publicKey, { algorithms: [key.alg] }).then(
    () => true,
    () => false,
  );
}

describe('a good statement', () => {
  it.each(good.map((text, i) => [i, text]))('number %i is valid here and for jose', async (_, text) => {
    expect(verifyStatement(text, context)).toMatchObject({ result: 'valid' });
    expect(await joseAccepts(text, keyOf(text))).toBe(true);
  });

  it('may be signed by jose, Ed25519 and ES256', async () => {
    for (const key of [world.keys.ed25519, world.keys.es256]) {
      const pem = key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
      const text = await new CompactSign(Buffer.from(JSON.stringify(goodClaims(world))))
        .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: STATEMENT_TYPES.approval })
        .sign(await importPKCS8(pem, key.alg));
      expect(verifyApproval(text, context, facts)).toMatchObject({ result: 'valid' });
    }
  });

  it('is never valid with one character changed, taken away or put in', () => {
    const change = fc.record({
      which: fc.nat(good.length - 1),
      at: fc.nat(),
      act: fc.constantFrom('replace', 'delete', 'insert', 'swap'),
      with: fc.oneof(fc.constantFrom(...'ABab09-_.=+/ \n{}"'), fc.string({ minLength: 1, maxLength: 1 })),
    });
    fc.assert(
      fc.property(change, ({ which, at, act, with: character }) => {
        const text = good[which] ?? '';
        const i = at % text.length;
        const changed = {
          replace: text.slice(0, i) + character + text.slice(i + 1),
          delete: text.slice(0, i) + text.slice(i + 1),
          insert: text.slice(0, i) + character + text.slice(i),
          swap: text.slice(0, i) + (text[i + 1] ?? '') + (text[i] ?? '') + text.slice(i + 2),
        }[act];
        fc.pre(changed !== text);
        expect(verifyStatement(changed, context).result).not.toBe('valid');
      }),
      { numRuns: 4000 },
    );
  });

  it('is never valid with a bit of header, payload or signature flipped, and jose agrees about the signature', async () => {
    const flip = fc.record({ which: fc.nat(good.length - 1), part: fc.nat(2), at: fc.nat(), bit: fc.nat(7) });
    await fc.assert(
      fc.asyncProperty(flip, async ({ which, part, at, bit }) => {
        const parts = (good[which] ?? '').split('.').map((p) => Buffer.from(p, 'base64url'));
        const bytes = parts[part] ?? Buffer.alloc(1);
        const i = at % bytes.length;
        bytes[i] = (bytes[i] ?? 0) ^ (1 << bit);
        const text = parts.map((p) => p.toString('base64url')).join('.');
        const { result } = verifyStatement(text, context);
        expect(result).not.toBe('valid');
        if (await joseAccepts(text, keyOf(good[which] ?? ''))) expect(result).not.toBe('bad-signature');
      }),
      { numRuns: 600 },
    );
  });

  it('every cut of it is refused', () => {
    const [text = ''] = good;
    for (let end = 0; end < text.length; end++) {
      expect(verifyStatement(text.slice(0, end), context).result).not.toBe('valid');
    }
  });

  it('anything else is refused and never throws', () => {
    const part = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('base64url'));
    const json = fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'));
    const header = fc.constantFrom(...good.map((text) => text.split('.')[0] ?? ''));
    const anything = fc.oneof(
      fc.string(),
      fc.tuple(fc.oneof(part, json, header), fc.oneof(part, json), part).map((parts) => parts.join('.')),
    );
    fc.assert(
      fc.property(anything, (text) => {
        const { result } = verifyStatement(text, context);
        expect(['malformed', 'unsupported-alg', 'unknown-key', 'wrong-key-use', 'bad-signature']).toContain(result);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('a signature', () => {
  it('is judged as jose judges it, right and wrong, by the right and another key', async () => {
    const arbitrary = fc.record({
      alg: fc.constantFrom('Ed25519' as const, 'ES256' as const),
      signer: fc.constantFrom('one', 'two'),
      judge: fc.constantFrom('one', 'two'),
      claims: fc.jsonValue(),
      flip: fc.option(fc.nat(511)),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ alg, signer, judge, claims, flip }) => {
        const seed = Buffer.alloc(32, 3);
        const { privateKey } = signingKey(seed, signer, alg);
        const pem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
        const text = await new CompactSign(Buffer.from(JSON.stringify(claims)))
          .setProtectedHeader({ alg })
          .sign(await importPKCS8(pem, alg));
        const end = text.lastIndexOf('.');
        const signature = Buffer.from(text.slice(end + 1), 'base64url');
        if (flip !== null) signature[flip >> 3] = (signature[flip >> 3] ?? 0) ^ (1 << (flip & 7));
        const other = signingKey(seed, judge, alg);
        const key = importKey(publicJwk.parse(other.jwk));
        if (!key.ok) throw new Error(key.failure);
        const ours = isSignedBy(key.value, Buffer.from(text.slice(0, end)), signature);
        expect(ours).toBe(signer === judge && flip === null);
        expect(ours).toBe(await joseAccepts(`${text.slice(0, end + 1)}${signature.toString('base64url')}`, other));
      }),
      { numRuns: 300 },
    );
  });

  it('any key that is made properly can be imported', async () => {
    for (let i = 0; i < 100; i++) {
      expect(importKey(publicJwk.parse(signingKey(Buffer.alloc(32, i), 'k').jwk)).ok).toBe(true);
      expect(importKey(publicJwk.parse(signingKey(Buffer.alloc(32, i), 'k', 'ES256').jwk)).ok).toBe(true);
    }
    const { publicKey } = await generateKeyPair('Ed25519', { extractable: true });
    const jwk = await exportJWK(publicKey);
    expect(importKey(publicJwk.parse(jwk))).toMatchObject({
      ok: true,
      value: { thumbprint: await calculateJwkThumbprint(jwk) },
    });
  });
});

describe('a trust bundle', () => {
  it('that the simulated centre signs is good for jose, signature by signature', async () => {
    const { payload, signatures } = world.issuer.signBundle(world.issuer.bundle);
    for (const [i, signature] of signatures.entries()) {
      const root = world.issuer.pinned.roots[i];
      if (root === undefined) throw new Error('no such root');
      const key = await importJWK({ ...root.jwk } as Parameters<typeof importJWK>[0], root.alg);
      await expect(generalVerify({ payload, signatures: [signature] }, key)).resolves.toBeTruthy();
    }
    expect(signatures).toHaveLength(2);
  });
});
