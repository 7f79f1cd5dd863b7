import { createECDH } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type BundleContent, type GeneralJws, signGeneral, signingKey } from '../../mocks/central/index.ts';
import {
  acceptBundle,
  type BundleContext,
  bundleEndsInDays,
  isBundleExpired,
  looksLikeBundle,
  parsePinnedRoots,
  reopenBundle,
} from '../../src/trust/bundle.ts';
import { verifyStatement } from '../../src/trust/verify.ts';
import { bundleInForce, contextOf, jsonBytes, NOW, pinnedRoots, type StatementWorld, statementWorld } from './world.ts';

const accept = (world: StatementWorld, bundle: unknown, changes: Partial<BundleContext> = {}) =>
  acceptBundle(jsonBytes(bundle), { current: null, pinned: pinnedRoots(world.issuer), now: world.now, ...changes });

const reasonOf = (result: ReturnType<typeof accept>): string => (result.ok ? 'accepted' : result.failure.reason);
const root = (world: StatementWorld, name: string) => signingKey(world.issuer.seed, `root-${name}`);
const next = (world: StatementWorld, changes: Partial<BundleContent> = {}): BundleContent => ({
  ...world.issuer.bundle,
  version: 2,
  ...changes,
});
/** The payload of a bundle as an object that a test may spoil, signed anew by both roots. */
function respoiled(world: StatementWorld, spoil: (payload: Record<string, never>) => unknown): GeneralJws {
  const { payload } = world.issuer.signBundle(world.issuer.bundle);
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
  spoil(claims);
  return signGeneral([root(world, 'a'), root(world, 'b')], 'passport-trust+jws', claims);
}

/** Encodings of points of small order, the non-canonical ones among them. */
const SMALL_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].flatMap((hex) => {
  const signBit = Buffer.from(hex, 'hex');
  signBit[31] = (signBit[31] ?? 0) | 0x80;
  return [hex, signBit.toString('hex')];
});
const okp = (hex: string) => ({ kty: 'OKP', crv: 'Ed25519', x: Buffer.from(hex, 'hex').toString('base64url') });
const OFF_CURVE = `02${'00'.repeat(31)}`;

describe('a first bundle', () => {
  it('is accepted when the pinned threshold of roots signed it', () => {
    const world = statementWorld();
    const result = accept(world, world.centre.bundle());
    expect(result).toMatchObject({ ok: true, value: { version: 1, threshold: 2, limits: { offlineDays: 14 } } });
  });

  it.each([
    ['one root', ['a'], 'too-few-signatures'],
    ['the same root twice', ['a', 'a'], 'too-few-signatures'],
    ['a root that is not pinned', ['a', 'z'], 'too-few-signatures'],
    ['both and a stranger', ['a', 'z', 'b'], 'accepted'],
  ])('signed by %s', (_, names, expected) => {
    const world = statementWorld();
    const signed = world.issuer.signBundle(
      world.issuer.bundle,
      names.map((name) => root(world, name)),
    );
    expect(reasonOf(accept(world, signed))).toBe(expected);
  });

  it('counts no forged signature, wherever it stands', () => {
    const world = statementWorld();
    const good = world.issuer.signBundle(world.issuer.bundle);
    for (const forged of [0, 1]) {
      const signatures = good.signatures.map((entry, i) =>
        i === forged ? { ...entry, signature: Buffer.alloc(64, 7).toString('base64url') } : entry,
      );
      expect(reasonOf(accept(world, { ...good, signatures }))).toBe('too-few-signatures');
    }
    // A good signature under the other root's kid is none either.
    const [first, second] = good.signatures;
    const swapped = [
      { protected: first?.protected, signature: second?.signature },
      { protected: second?.protected, signature: second?.signature },
    ];
    expect(reasonOf(accept(world, { ...good, signatures: swapped }))).toBe('too-few-signatures');
  });

  it('is not changed after signing', () => {
    const world = statementWorld();
    const good = world.issuer.signBundle(world.issuer.bundle);
    const payload = Buffer.from(
      Buffer.from(good.payload, 'base64url').toString('utf8').replace('"offlineDays":14', '"offlineDays":99'),
    ).toString('base64url');
    expect(reasonOf(accept(world, { ...good, payload }))).toBe('too-few-signatures');
  });

  it('roots may sign with ES256', () => {
    const world = statementWorld();
    const es256 = signingKey(world.issuer.seed, 'root-es', 'ES256');
    const roots = [root(world, 'a'), es256];
    const pinned = parsePinnedRoots(
      jsonBytes({ threshold: 2, roots: roots.map(({ kid, alg, jwk }) => ({ kid, alg, jwk })) }),
    );
    if (!pinned.ok) throw new Error(pinned.failure.detail);
    const signed = world.issuer.signBundle({ ...world.issuer.bundle, roots });
    expect(reasonOf(accept(world, signed, { pinned: pinned.value }))).toBe('accepted');
  });

  it('expires a minute after its time', () => {
    const world = statementWorld();
    const signed = world.issuer.signBundle({ ...world.issuer.bundle, expires: NOW + 10 });
    expect(reasonOf(accept(world, signed, { now: NOW + 69 }))).toBe('accepted');
    expect(reasonOf(accept(world, signed, { now: NOW + 70 }))).toBe('expired');
  });
});

describe('the next bundle', () => {
  const current = (world: StatementWorld) => ({ current: bundleInForce(world) });

  it('has a higher version', () => {
    const world = statementWorld();
    expect(reasonOf(accept(world, world.issuer.signBundle(next(world)), current(world)))).toBe('accepted');
    expect(reasonOf(accept(world, world.centre.bundle(), current(world)))).toBe('already-current');
    const otherOne = world.issuer.signBundle(
      next(world, { version: 1, limits: { offlineDays: 99, offlinePrints: 1 } }),
    );
    expect(reasonOf(accept(world, otherOne, current(world)))).toBe('rollback');
    world.centre.publishBundle();
    world.centre.publishBundle();
    const third = { current: bundleInForce(world) };
    expect(third.current.version).toBe(3);
    expect(reasonOf(accept(world, world.issuer.signBundle(next(world)), third))).toBe('rollback');
  });

  it('is signed by the roots in force, not by the pinned ones of old', () => {
    const world = statementWorld();
    const newRoots = [root(world, 'c'), root(world, 'd')];
    const moved = world.issuer.nextBundle({ roots: newRoots });
    const second = accept(world, moved, current(statementWorld()));
    if (!second.ok) throw new Error(second.failure.detail);
    const third = next(world, { version: 3, roots: newRoots });
    const by = (names: string[]) =>
      world.issuer.signBundle(
        third,
        names.map((name) => root(world, name)),
      );
    expect(reasonOf(accept(world, by(['c', 'd']), { current: second.value }))).toBe('accepted');
    expect(reasonOf(accept(world, by(['a', 'b']), { current: second.value }))).toBe('too-few-signatures');
    expect(reasonOf(accept(world, by(['a', 'c']), { current: second.value }))).toBe('too-few-signatures');
  });

  it.each([
    [['a', 'b', 'c', 'd'], 'accepted'],
    [['a', 'b'], 'too-few-new-signatures'],
    [['a', 'b', 'c'], 'too-few-new-signatures'],
    [['c', 'd'], 'too-few-signatures'],
    [['a', 'c', 'd'], 'too-few-signatures'],
  ])('with other roots needs enough of both: %s', (names, expected) => {
    const world = statementWorld();
    const content = next(world, { roots: [root(world, 'c'), root(world, 'd')] });
    const signed = world.issuer.signBundle(
      content,
      names.map((name) => root(world, name)),
    );
    expect(reasonOf(accept(world, signed, current(world)))).toBe(expected);
  });

  it('with a higher threshold needs that many', () => {
    const world = statementWorld();
    const content = next(world, { threshold: 3, roots: [root(world, 'a'), root(world, 'b'), root(world, 'c')] });
    const by = (names: string[]) =>
      world.issuer.signBundle(
        content,
        names.map((name) => root(world, name)),
      );
    expect(reasonOf(accept(world, by(['a', 'b']), current(world)))).toBe('too-few-new-signatures');
    expect(reasonOf(accept(world, by(['a', 'b', 'c']), current(world)))).toBe('accepted');
  });
});

describe('a weak key refuses the whole file', () => {
  it.each([...SMALL_ORDER, OFF_CURVE])('%s', (hex) => {
    const world = statementWorld();
    const asKey = respoiled(world, ({ keys }: Record<string, unknown>) =>
      Object.assign((keys as { jwk: unknown }[])[0] ?? {}, { jwk: okp(hex) }),
    );
    expect(reasonOf(accept(world, asKey))).toBe('weak-key');
    const asRoot = respoiled(world, ({ roots }: Record<string, unknown>) =>
      (roots as unknown[]).push({ kid: 'root-weak', jwk: okp(hex) }),
    );
    expect(reasonOf(accept(world, asRoot))).toBe('weak-key');
    const file = { threshold: 1, roots: [{ kid: 'root-weak', alg: 'Ed25519', jwk: okp(hex) }] };
    expect(parsePinnedRoots(jsonBytes(file))).toMatchObject({ ok: false, failure: { reason: 'weak-key' } });
  });

  it('P-256 off the curve', () => {
    const world = statementWorld();
    const ecdh = createECDH('prime256v1');
    const point = ecdh.generateKeys();
    const half = (from: number): string => point.subarray(from, from + 32).toString('base64url');
    const swapped = { kty: 'EC', crv: 'P-256', x: half(33), y: half(1) };
    const right = { kty: 'EC', crv: 'P-256', x: half(1), y: half(33) };
    const withKey = (jwk: unknown) =>
      respoiled(world, ({ keys }: Record<string, unknown>) =>
        (keys as unknown[]).push({ kid: 'new', alg: 'ES256', jwk, use: ['time'], offices: ['*'], nbf: 1, exp: 2 }),
      );
    expect(reasonOf(accept(world, withKey(swapped)))).toBe('weak-key');
    expect(reasonOf(accept(world, withKey(right)))).toBe('accepted');
  });
});

describe('a bundle that is not in the one form', () => {
  const spoilt: readonly (readonly [string, (payload: Record<string, unknown>) => unknown])[] = [
    ['unknown member', (p) => Object.assign(p, { note: 'x' })],
    ['no version', (p) => delete p.version],
    ['version 0', (p) => Object.assign(p, { version: 0 })],
    ['version a fraction', (p) => Object.assign(p, { version: 1.5 })],
    ['version a text', (p) => Object.assign(p, { version: '2' })],
    ['no limits', (p) => delete p.limits],
    ['expires a number', (p) => Object.assign(p, { expires: NOW })],
    ['expires on 30 February', (p) => Object.assign(p, { expires: '2027-02-30T00:00:00Z' })],
    ['threshold 0', (p) => Object.assign(p, { threshold: 0 })],
    ['threshold above its roots', (p) => Object.assign(p, { threshold: 3 })],
    ['no roots', (p) => Object.assign(p, { roots: [] })],
    [
      'a root under two kids',
      (p) => {
        const [first] = p.roots as { kid: string }[];
        (p.roots as unknown[]).push({ ...first, kid: 'root-x' });
      },
    ],
    [
      'two roots under one kid',
      (p) => {
        const [first, second] = p.roots as { kid: string }[];
        Object.assign(second ?? {}, { kid: first?.kid });
      },
    ],
    [
      'two keys under one kid',
      (p) => {
        const [first, second] = p.keys as { kid: string }[];
        Object.assign(second ?? {}, { kid: first?.kid });
      },
    ],
    ['a key whose alg is another', (p) => Object.assign((p.keys as object[])[0] ?? {}, { alg: 'ES256' })],
    ['a key of alg EdDSA', (p) => Object.assign((p.keys as object[])[0] ?? {}, { alg: 'EdDSA' })],
    ['a key for reports', (p) => Object.assign((p.keys as object[])[0] ?? {}, { use: ['report'] })],
    ['a key for nothing', (p) => Object.assign((p.keys as object[])[0] ?? {}, { use: [] })],
    ['a private key', (p) => Object.assign((p.keys as { jwk: object }[])[0]?.jwk ?? {}, { d: 'AAAA' })],
    ['a symmetric key', (p) => Object.assign((p.keys as object[])[0] ?? {}, { jwk: { kty: 'oct', k: 'AAAA' } })],
    ['a P-384 key', (p) => Object.assign((p.keys as { jwk: object }[])[1]?.jwk ?? {}, { crv: 'P-384' })],
  ];
  it.each(spoilt)('%s', (_, spoil) => {
    const world = statementWorld();
    expect(reasonOf(accept(world, respoiled(world, spoil)))).toBe('malformed');
    expect(
      reasonOf(
        accept(
          world,
          respoiled(world, () => undefined),
        ),
      ),
    ).toBe('accepted');
  });

  it('another envelope', () => {
    const world = statementWorld();
    const good = world.issuer.signBundle(world.issuer.bundle);
    const [first] = good.signatures;
    const flattened = { payload: good.payload, ...first };
    expect(reasonOf(accept(world, flattened))).toBe('malformed');
    expect(reasonOf(accept(world, { ...good, signatures: [] }))).toBe('malformed');
    expect(reasonOf(accept(world, { ...good, extra: 1 }))).toBe('malformed');
    const unprotected = good.signatures.map((entry) => ({ ...entry, header: { kid: 'root-a' } }));
    expect(reasonOf(accept(world, { ...good, signatures: unprotected }))).toBe('malformed');
    expect(reasonOf(accept(world, { ...good, payload: `${good.payload}==` }))).toBe('malformed');
    const otherType = signGeneral([root(world, 'a'), root(world, 'b')], 'passport-approval+jws', {});
    expect(reasonOf(accept(world, otherType))).toBe('malformed');
  });

  it('names twice, though the last one is good', () => {
    const world = statementWorld();
    const text = JSON.stringify(world.issuer.signBundle(world.issuer.bundle));
    const doubled = Buffer.from(text.replace('{', '{"payload":"e30",'));
    const context = { current: null, pinned: pinnedRoots(world.issuer), now: world.now };
    expect(acceptBundle(doubled, context)).toMatchObject({ ok: false, failure: { reason: 'malformed' } });
  });

  it('larger than 1 MiB', () => {
    const world = statementWorld();
    const context = { current: null, pinned: pinnedRoots(world.issuer), now: world.now };
    const text = JSON.stringify(world.centre.bundle());
    expect(acceptBundle(Buffer.from(text.padEnd(1024 * 1024)), context).ok).toBe(true);
    expect(acceptBundle(Buffer.from(text.padEnd(1024 * 1024 + 1)), context).ok).toBe(false);
  });
});

describe('the file of pinned roots', () => {
  it.each([
    ['no threshold', { roots: [] }],
    ['threshold above its roots', { threshold: 3 }],
    ['unknown member', { note: 1 }],
  ])('with %s is refused', (_, change) => {
    const file = { ...(statementWorld().issuer.rootsFile() as object), ...change };
    expect(parsePinnedRoots(jsonBytes(file)).ok).toBe(false);
  });

  it('counts one key under two kids once, so it is refused', () => {
    const key = signingKey(Buffer.alloc(32, 1), 'a');
    const roots = [
      { kid: 'a', alg: key.alg, jwk: key.jwk },
      { kid: 'b', alg: key.alg, jwk: key.jwk },
    ];
    expect(parsePinnedRoots(jsonBytes({ threshold: 2, roots })).ok).toBe(false);
    expect(parsePinnedRoots(jsonBytes({ threshold: 1, roots: roots.slice(1) })).ok).toBe(true);
  });
});

describe('a bundle in force', () => {
  it('can be opened again from the station’s own keeping, after its time too', () => {
    const world = statementWorld();
    const kept = jsonBytes(world.centre.bundle());
    const opened = reopenBundle(kept);
    if (!opened.ok) throw new Error(opened.failure.detail);
    expect(opened.value.digest).toBe(bundleInForce(world).digest);
    const cut = world.issuer.signBundle(world.issuer.bundle, [root(world, 'a')]);
    expect(reopenBundle(jsonBytes(cut))).toMatchObject({ ok: false, failure: { reason: 'too-few-signatures' } });
  });

  it('warns in its last 14 days and verifies to its end', () => {
    const world = statementWorld();
    const { expires } = bundleInForce(world);
    const bundle = bundleInForce(world);
    expect(bundleEndsInDays(bundle, expires - 15 * 86_400)).toBeNull();
    expect(bundleEndsInDays(bundle, expires - 14 * 86_400)).toBe(14);
    expect(bundleEndsInDays(bundle, expires + 5)).toBe(0);
    expect(isBundleExpired(bundle, expires + 59)).toBe(false);
    expect(isBundleExpired(bundle, expires + 60)).toBe(true);
    const time = world.issuer.time('*', 'n');
    expect(verifyStatement(time, contextOf(world)).result).toBe('valid');
    expect(verifyStatement(time, contextOf(world, { now: expires + 60 })).result).toBe('superseded-bundle');
  });

  it('is told from a statement by its first character', () => {
    const world = statementWorld();
    expect(looksLikeBundle(JSON.stringify(world.centre.bundle()))).toBe(true);
    expect(looksLikeBundle(world.issuer.time('*', 'n'))).toBe(false);
  });
});
