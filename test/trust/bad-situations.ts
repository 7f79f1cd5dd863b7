/** Good texts in the wrong situation: bundle, revocation, clock, earlier use, another record or booklet. */

import { forge } from './forge.ts';
import { type BadApproval, badSituation, badText, type Situation } from './rows.ts';
import type { StatementWorld } from './world.ts';

const REASON = { code: 'SIM', text: 'withdrawn' };
const NOTHING = { approvals: [], booklets: [], stations: [], keys: [] };

const revokedByBundle = (list: keyof typeof NOTHING, id: string): Situation => ({
  bundle: () => ({ revoked: { ...NOTHING, [list]: [id] } }),
});
type Target = { readonly approval: string } | { readonly booklet: string } | { readonly station: string };
const revokedByStatement = (target: (world: StatementWorld) => Target): Situation => ({
  revocations: (world) => [world.issuer.revocation('*', target(world), REASON)],
});

const bundles = (): readonly BadApproval[] => [
  badText('superseded-bundle', 'needs the next bundle', { claims: { bundle: 2 } }, { claims: { bundle: 1 } }),
  badText(
    'superseded-bundle',
    'needs a bundle of the far future',
    { claims: { bundle: 999_999 } },
    { claims: { bundle: 0 } },
  ),
  badSituation(
    'superseded-bundle',
    'the bundle expired 60 s ago',
    { bundle: ({ now }) => ({ expires: now + 100 }), laterBy: 160 },
    { bundle: ({ now }) => ({ expires: now + 100 }), laterBy: 159 },
  ),
  badSituation(
    'superseded-bundle',
    'the bundle expired long ago',
    { bundle: ({ now }) => ({ expires: now + 100 }), laterBy: 10_000 },
    { laterBy: 10_000 },
  ),
];

const revocations = (): readonly BadApproval[] => [
  badSituation(
    'revoked',
    'approval revoked by the bundle',
    revokedByBundle('approvals', 'apr-1'),
    revokedByBundle('approvals', 'apr-2'),
  ),
  badSituation(
    'revoked',
    'approval revoked by statement',
    revokedByStatement(() => ({ approval: 'apr-1' })),
    revokedByStatement(() => ({ approval: 'apr-2' })),
  ),
  badSituation(
    'revoked',
    'key revoked by the bundle',
    revokedByBundle('keys', 'central-1'),
    revokedByBundle('keys', 'central-2'),
  ),
  badText(
    'revoked',
    'ES256 key revoked by the bundle',
    (world) => ({ key: world.keys.es256 }),
    {},
    revokedByBundle('keys', 'central-2'),
  ),
  badSituation(
    'revoked',
    'station revoked by the bundle',
    revokedByBundle('stations', 'kng-01'),
    revokedByBundle('stations', 'kng-02'),
  ),
  badSituation(
    'revoked',
    'station revoked by statement',
    revokedByStatement(({ station }) => ({ station })),
    revokedByStatement(() => ({ station: 'kng-02' })),
  ),
  badSituation(
    'revoked',
    'bound booklet revoked by the bundle',
    revokedByBundle('booklets', 'X0000017'),
    revokedByBundle('booklets', 'X0000018'),
  ),
  badSituation(
    'revoked',
    'bound booklet revoked by statement',
    revokedByStatement(({ booklet }) => ({ booklet })),
    revokedByStatement(() => ({ booklet: 'X0000018' })),
  ),
  badSituation(
    'revoked',
    'named booklet revoked by the bundle, none bound yet',
    { ...revokedByBundle('booklets', 'X0000017'), facts: { booklet: null } },
    { ...revokedByBundle('booklets', 'X0000018'), facts: { booklet: null } },
    (world) => ({ claims: { booklet: world.booklet } }),
  ),
  badSituation(
    'revoked',
    'named booklet revoked by statement, none bound yet',
    { ...revokedByStatement(({ booklet }) => ({ booklet })), facts: { booklet: null } },
    { ...revokedByStatement(() => ({ booklet: 'X0000018' })), facts: { booklet: null } },
    (world) => ({ claims: { booklet: world.booklet } }),
  ),
  badSituation('revoked', 'case referred to another office', { facts: { retired: true } }),
];

const use = (): readonly BadApproval[] => [
  badSituation('clock-untrusted', 'clock untrusted', { clockClass: 'untrusted' }, { clockClass: 'holdover' }),
  badSituation('already-used', 'used for another book', { facts: { alreadyUsed: true } }),
  badSituation(
    'already-used',
    'the same jti came with another record',
    { earlier: (world) => [forge(world, { claims: { record: { sha256: 'ab'.repeat(32), bytes: 9 } } })] },
    { earlier: (world) => [forge(world, { claims: { jti: 'apr-2', record: { sha256: 'ab'.repeat(32), bytes: 9 } } })] },
  ),
  badSituation(
    'already-used',
    'the same jti came with another audience',
    { earlier: (world) => [forge(world, { claims: { aud: '*' } })] },
    { earlier: (world) => [forge(world, {})] },
  ),
  badSituation(
    'already-used',
    'the same jti came with the same claims in another order',
    {
      earlier: (world) => [
        forge(world, {
          claimsText: (text) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse())),
        }),
      ],
    },
    { earlier: (world) => [forge(world, {})] },
  ),
  badSituation(
    'already-used',
    'the same jti came as a revocation',
    { earlier: (world) => [revocationWith(world, 'apr-1')] },
    { earlier: (world) => [revocationWith(world, 'apr-2')] },
  ),
  badSituation(
    'already-used',
    'the same jti came from the ES256 key with another end',
    { earlier: (world) => [forge(world, { key: world.keys.es256, claims: { exp: world.now + 9 } })] },
    { earlier: (world) => [forge(world, { key: world.keys.es256 })] },
  ),
  badText('wrong-replaces', 'replaces set where nothing was spent', { claims: { replaces: 'apr-0' } }),
  badText('wrong-replaces', 'replaces itself', { claims: { replaces: 'apr-1' } }),
  badText(
    'wrong-replaces',
    'no replaces after a spoil',
    {},
    { claims: { replaces: 'apr-0' } },
    { facts: { spent: 'apr-0' } },
  ),
  badText(
    'wrong-replaces',
    'replaces another than the spent one',
    { claims: { replaces: 'apr-00' } },
    { claims: { replaces: 'apr-0' } },
    { facts: { spent: 'apr-0' } },
  ),
  badText(
    'wrong-replaces',
    'replaces the spent one in other letters',
    { claims: { replaces: 'APR-0' } },
    { claims: { replaces: 'apr-0' } },
    { facts: { spent: 'apr-0' } },
  ),
  badText(
    'wrong-replaces',
    'replaces absent after a spoil',
    { claims: { replaces: undefined } },
    { claims: { replaces: 'apr-0' } },
    { facts: { spent: 'apr-0' } },
  ),
];

const job = (): readonly BadApproval[] => [
  badText('record-mismatch', 'another application', { claims: { application: '1234567890123457' } }),
  badText('record-mismatch', 'an application with a hyphen', { claims: { application: '12345678-90123456' } }),
  badText('record-mismatch', 'another hash', (world) => ({
    claims: { record: { ...world.record, sha256: 'ab'.repeat(32) } },
  })),
  badText('record-mismatch', 'a hash that differs in the last digit', (world) => ({
    claims: { record: { ...world.record, sha256: world.record.sha256.replace(/.$/, (d) => (d === '0' ? '1' : '0')) } },
  })),
  badText('record-mismatch', 'one byte more', (world) => ({
    claims: { record: { ...world.record, bytes: world.record.bytes + 1 } },
  })),
  badText('record-mismatch', 'one byte less', (world) => ({
    claims: { record: { ...world.record, bytes: world.record.bytes - 1 } },
  })),
  badText('record-mismatch', 'no bytes', (world) => ({ claims: { record: { ...world.record, bytes: 0 } } })),
  badSituation('record-mismatch', 'record changed after the approval', {
    facts: { record: { sha256: 'cd'.repeat(32), bytes: 63 } },
  }),
  badText('booklet-mismatch', 'names another booklet', { claims: { booklet: 'X0000018' } }, (world) => ({
    claims: { booklet: world.booklet },
  })),
  badText('booklet-mismatch', 'names the beginning of the booklet', { claims: { booklet: 'X000001' } }, (world) => ({
    claims: { booklet: world.booklet },
  })),
  badSituation(
    'booklet-mismatch',
    'another booklet is bound',
    { facts: { booklet: 'X0000018' } },
    { facts: { booklet: null } },
    (world) => ({ claims: { booklet: world.booklet } }),
  ),
];

/** Where several things are wrong, the first in the order of central.md is the result. */
const order = (): readonly BadApproval[] => [
  badText('malformed', 'malformed before unsupported alg', { header: { alg: 'none' }, claims: { exp: 'soon' } }),
  badText('unsupported-alg', 'unsupported alg before unknown key', { header: { alg: 'none', kid: 'nobody' } }),
  badText('unknown-key', 'unknown key before expired', (world) => ({
    header: { kid: 'nobody' },
    claims: { exp: world.now - 1000 },
  })),
  badText('bad-signature', 'bad signature before wrong audience', {
    claims: { aud: 'office:PNK' },
    signature: () => Buffer.alloc(64, 1),
  }),
  badText('wrong-audience', 'wrong audience before superseded bundle', { claims: { aud: 'office:PNK', bundle: 9 } }),
  badText(
    'superseded-bundle',
    'superseded bundle before revoked',
    { claims: { bundle: 9, jti: 'apr-7' } },
    {},
    revokedByBundle('approvals', 'apr-7'),
  ),
  badSituation('revoked', 'revoked before clock untrusted', {
    ...revokedByBundle('approvals', 'apr-1'),
    clockClass: 'untrusted',
  }),
  badSituation('clock-untrusted', 'clock untrusted before expired', { clockClass: 'untrusted', laterBy: 90_000 }),
  badText('expired', 'expired before already used', (world) => ({ claims: { exp: world.now - 1000, jti: 'apr-7' } })),
  badText('wrong-replaces', 'wrong replaces before record mismatch', {
    claims: { replaces: 'apr-0', application: 'OTHER' },
  }),
  badText('record-mismatch', 'record mismatch before booklet mismatch', {
    claims: { application: 'OTHER', booklet: 'X1' },
  }),
];

const revocationWith = (world: StatementWorld, jti: string): string =>
  world.issuer.sign('revocation', { jti, aud: '*', approval: 'apr-99', reason: REASON });

export const situationRows = (): readonly BadApproval[] => [
  ...bundles(),
  ...revocations(),
  ...use(),
  ...job(),
  ...order(),
];
