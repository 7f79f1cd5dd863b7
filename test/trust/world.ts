/** A centre, a station and one job, at one moment: what rows of good and bad statements are made in. */
import { createHash } from 'node:crypto';
import { type Issuer, type SigningKey, SimulatedCentre, signingKey } from '../../mocks/central/index.ts';
import { seededRandom } from '../../mocks/faults.ts';
import { VirtualTime } from '../../mocks/printers/time.ts';
import type { RecordDigest } from '../../src/domain/statement.ts';
import type { Randomness } from '../../src/domain/world.ts';
import { acceptBundle, parsePinnedRoots, type RootSet, type TrustBundle } from '../../src/trust/bundle.ts';
import {
  type ApprovalFacts,
  NO_REVOCATIONS,
  type Revocations,
  type VerificationContext,
  verifyStatement,
} from '../../src/trust/verify.ts';

/** 2026-09-21T14:13:20Z, in seconds. */
export const NOW = 1_790_000_000;

export interface StatementWorld {
  readonly centre: SimulatedCentre;
  readonly issuer: Issuer;
  /** Whole seconds. */
  readonly now: number;
  readonly station: string;
  readonly office: string;
  readonly application: string;
  readonly record: RecordDigest;
  /** The booklet that is bound or about to be bound. */
  readonly booklet: string;
  /** Keys of the bundle in force: an Ed25519 and an ES256 one, both for everything. */
  readonly keys: { readonly ed25519: SigningKey; readonly es256: SigningKey };
}

/** Numbers and ids that follow from the seed. */
export function seeded(seed: number): Randomness {
  const next = seededRandom(seed);
  const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(next() * 256));
  return { bytes, id: () => Buffer.from(bytes(12)).toString('hex') };
}

/** A simulated centre at `NOW`, on a clock that a test moves. */
export function simulatedCentre(options: Partial<ConstructorParameters<typeof SimulatedCentre>[0]> = {}) {
  const time = new VirtualTime();
  const world = { clock: { now: () => NOW * 1000 + time.now() }, timers: time, random: seeded(7) };
  const seed = createHash('sha256').update('simulated centre').digest();
  return { time, centre: new SimulatedCentre({ world, seed, ...options }) };
}

export function statementWorld(): StatementWorld {
  const { centre } = simulatedCentre();
  const bytes = Buffer.from('{"schema":"passport-record/1","application":"1234567890123456"}');
  return {
    centre,
    issuer: centre.issuer,
    now: NOW,
    station: 'kng-01',
    office: 'KNG',
    application: '1234567890123456',
    record: { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length },
    booklet: 'X0000017',
    keys: {
      ed25519: signingKey(centre.issuer.seed, 'central-1'),
      es256: signingKey(centre.issuer.seed, 'central-2', 'ES256'),
    },
  };
}

export const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

export function pinnedRoots(issuer: Issuer): RootSet {
  const roots = parsePinnedRoots(jsonBytes(issuer.rootsFile()));
  if (!roots.ok) throw new Error(roots.failure.detail);
  return roots.value;
}

/** The bundle that the centre has in force, accepted as a first one. */
export function bundleInForce(world: Pick<StatementWorld, 'centre' | 'now'>): TrustBundle {
  const context = { current: null, pinned: pinnedRoots(world.centre.issuer), now: world.now };
  const bundle = acceptBundle(jsonBytes(world.centre.bundle()), context);
  if (!bundle.ok) throw new Error(`${bundle.failure.reason}: ${bundle.failure.detail}`);
  return bundle.value;
}

export function contextOf(world: StatementWorld, changes: Partial<VerificationContext> = {}): VerificationContext {
  return {
    bundle: bundleInForce(world),
    now: world.now,
    clockClass: 'trusted',
    station: world.station,
    office: world.office,
    revocations: NO_REVOCATIONS,
    knownDigest: () => null,
    nonce: null,
    ...changes,
  };
}

export const factsOf = (world: StatementWorld, changes: Partial<ApprovalFacts> = {}): ApprovalFacts => ({
  application: world.application,
  record: world.record,
  booklet: world.booklet,
  alreadyUsed: false,
  spent: null,
  retired: false,
  ...changes,
});

/** The revocations among these texts, each verified first. */
export function revocationsIn(texts: readonly string[], context: VerificationContext): Revocations {
  const targets = texts.map((text) => {
    const verdict = verifyStatement(text, context);
    if (verdict.result !== 'valid' || verdict.statement.kind !== 'revocation') throw new Error('is no good revocation');
    return verdict.statement.target;
  });
  return {
    approval: (jti) => targets.some((target) => 'approval' in target && target.approval === jti),
    booklet: (number) => targets.some((target) => 'booklet' in target && target.booklet === number),
    station: (id) => targets.some((target) => 'station' in target && target.station === id),
  };
}
