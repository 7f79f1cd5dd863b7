/** What the simulated centre can say: each method signs one statement. Nothing is remembered here but keys and versions. */
import type { Clock, Randomness } from '../../src/domain/world.ts';
import { type SigningKey, signingKey } from './keys.ts';
import { type GeneralJws, type Json, signCompact, signGeneral } from './signing.ts';

export type StatementKind =
  | 'approval'
  | 'rejection'
  | 'revocation'
  | 'billing'
  | 'payment'
  | 'time'
  | 'receipt'
  | 'witness';

const ALL_USES: readonly StatementKind[] = [
  'approval',
  'rejection',
  'revocation',
  'billing',
  'payment',
  'time',
  'receipt',
  'witness',
];

/** A key as the trust bundle lists it. */
export interface ListedKey {
  readonly key: SigningKey;
  readonly use: readonly StatementKind[];
  readonly offices: readonly string[];
  readonly nbf: number;
  readonly exp: number;
}

export interface BundleContent {
  readonly version: number;
  /** Seconds since 1970, like all times here. */
  readonly issued: number;
  readonly expires: number;
  readonly threshold: number;
  readonly roots: readonly SigningKey[];
  readonly keys: readonly ListedKey[];
  readonly revoked: Readonly<Record<'approvals' | 'booklets' | 'stations' | 'keys', readonly string[]>>;
  readonly limits: { readonly offlineDays: number; readonly offlinePrints: number };
}

export interface RecordDigest {
  readonly sha256: string;
  readonly bytes: number;
}

export interface IssuerOptions {
  /** 32 bytes: the centre's identity. */
  readonly seed: Uint8Array;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Randomness;
  /** How many roots there are, and how many of them must sign a bundle; 2 of 2. */
  readonly roots?: number;
  readonly threshold?: number;
  /** Version of the first trust bundle; a centre that was here before goes on above its last. */
  readonly firstVersion?: number;
}

/** Seconds that an approval lasts unless told otherwise: 90 days. */
const APPROVAL_LIFETIME = 90 * 86_400;
const BUNDLE_LIFETIME = 180 * 86_400;

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

export class Issuer {
  readonly seed: Uint8Array;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #random: Randomness;
  /** The bundle in force at the centre. */
  bundle: BundleContent;
  /** The roots that stations have pinned: those of the first bundle. */
  readonly pinned: { readonly threshold: number; readonly roots: readonly SigningKey[] };
  /** The key for statements; change it after a roll-over. */
  signer: SigningKey;

  constructor({ seed, clock, random, roots = 2, threshold = roots, firstVersion = 1 }: IssuerOptions) {
    this.seed = seed;
    this.#clock = clock;
    this.#random = random;
    const keys = Array.from({ length: roots }, (_, i) => signingKey(seed, `root-${String.fromCharCode(97 + i)}`));
    this.pinned = { threshold, roots: keys };
    this.signer = signingKey(seed, 'central-1');
    const now = this.now();
    this.bundle = {
      version: firstVersion,
      issued: now,
      expires: now + BUNDLE_LIFETIME,
      threshold,
      roots: keys,
      keys: [this.listed(this.signer), this.listed(signingKey(seed, 'central-2', 'ES256'))],
      revoked: { approvals: [], booklets: [], stations: [], keys: [] },
      limits: { offlineDays: 14, offlinePrints: 2000 },
    };
  }

  /** Whole seconds of the centre's clock. */
  now(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  /** A key with every use, for every office, from a day before now and for two years. */
  listed(key: SigningKey, limits: Partial<Omit<ListedKey, 'key'>> = {}): ListedKey {
    const now = this.now();
    return { key, use: ALL_USES, offices: ['*'], nbf: now - 86_400, exp: now + 730 * 86_400, ...limits };
  }

  /** The file that a station pins: `trust.roots` of station.yaml. */
  rootsFile(): Json {
    const { threshold, roots } = this.pinned;
    return { threshold, roots: roots.map(({ kid, alg, jwk }) => ({ kid, alg, jwk })) };
  }

  /** Signs any bundle with any roots, right or wrong. */
  signBundle(content: BundleContent, signers: readonly SigningKey[] = content.roots): GeneralJws {
    const claims: Json = {
      version: content.version,
      issued: iso(content.issued),
      expires: iso(content.expires),
      threshold: content.threshold,
      roots: content.roots.map(({ kid, jwk }) => ({ kid, jwk })),
      keys: content.keys.map(({ key, use, offices, nbf, exp }) => ({
        kid: key.kid,
        alg: key.alg,
        jwk: key.jwk,
        use,
        offices,
        nbf,
        exp,
      })),
      revoked: content.revoked,
      limits: content.limits,
    };
    return signGeneral(signers, 'passport-trust+jws', claims);
  }

  /** Puts the next version in force. Where it changes the roots, the old and the new ones sign. */
  nextBundle(changes: Partial<Omit<BundleContent, 'version'>> = {}): GeneralJws {
    const before = this.bundle;
    const now = this.now();
    const renewed = { issued: now, expires: now + BUNDLE_LIFETIME };
    this.bundle = { ...before, ...renewed, ...changes, version: before.version + 1 };
    const added = before.roots.filter((old) => !this.bundle.roots.some((root) => root.kid === old.kid));
    return this.signBundle(this.bundle, [...this.bundle.roots, ...added]);
  }

  /** Signs any claims: `iss`, `jti` and `iat` are filled in unless they are given. */
  sign(kind: StatementKind, claims: Readonly<Record<string, Json | undefined>>): string {
    const own = { iss: 'central', jti: this.#random.id(), iat: this.now() };
    return signCompact(this.signer, `passport-${kind}+jws`, { ...own, ...claims });
  }

  approval(claims: {
    readonly aud: string | readonly string[];
    readonly application: string;
    readonly record: RecordDigest;
    readonly booklet?: string | null;
    readonly replaces?: string | null;
    readonly jti?: string;
    readonly iat?: number;
    readonly nbf?: number;
    readonly exp?: number;
    readonly bundle?: number;
  }): string {
    const now = this.now();
    const { sha256, bytes } = claims.record;
    return this.sign('approval', {
      nbf: now,
      exp: now + APPROVAL_LIFETIME,
      booklet: null,
      replaces: null,
      bundle: this.bundle.version,
      ...claims,
      record: { sha256, bytes },
    });
  }

  rejection(claims: {
    readonly aud: string | readonly string[];
    readonly application: string;
    readonly record: RecordDigest;
    readonly reason: { readonly code: string; readonly text: string };
  }): string {
    const { sha256, bytes } = claims.record;
    return this.sign('rejection', { ...claims, record: { sha256, bytes } });
  }

  revocation(
    aud: string | readonly string[],
    target: { readonly approval: string } | { readonly booklet: string } | { readonly station: string },
    reason: { readonly code: string; readonly text: string },
  ): string {
    return this.sign('revocation', { aud, ...target, reason });
  }

  billing(claims: {
    readonly aud: string | readonly string[];
    readonly application: string;
    readonly billingCode: string;
    readonly amount: number;
    readonly currency: string;
    readonly exp?: number;
  }): string {
    return this.sign('billing', { exp: this.now() + 7 * 86_400, ...claims });
  }

  payment(claims: {
    readonly aud: string | readonly string[];
    readonly application: string;
    readonly billingCode: string;
    readonly receipt: string;
  }): string {
    return this.sign('payment', { ...claims, paidAt: iso(this.now()) });
  }

  /** The answer to a nonce; `off` seconds make a centre whose clock is wrong. */
  time(aud: string, nonce: string, off = 0): string {
    const now = this.now() + off;
    return this.sign('time', { aud, nonce, iat: now, time: iso(now) });
  }

  receipt(aud: string, accepted: readonly string[]): string {
    return this.sign('receipt', { aud, accepted });
  }

  witness(aud: string, checkpoint: { readonly origin: string; readonly size: number; readonly root: string }): string {
    return this.sign('witness', { aud, ...checkpoint });
  }
}
