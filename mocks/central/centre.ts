/** The simulated centre: takes in what stations report, decides, signs and publishes. HTTP is `protocol.ts`. */
import type { Clock, Randomness, Timers } from '../../src/domain/world.ts';
import { type Randomly, seededRandom } from '../faults.ts';
import { CentreFaults } from './faults.ts';
import { Feed } from './feed.ts';
import { type BundleContent, Issuer, type IssuerOptions, type RecordDigest } from './issuer.ts';
import { type ApprovalPolicy, MANUAL, within } from './policy.ts';
import { type Enrolment, type KeptReport, ReportBook } from './reports.ts';
import type { GeneralJws, Json } from './signing.ts';

export interface CentreWorld {
  readonly clock: Pick<Clock, 'now'>;
  readonly timers: Timers;
  readonly random: Randomness;
}

export interface CentreOptions extends Pick<IssuerOptions, 'seed' | 'roots' | 'threshold' | 'firstVersion'> {
  readonly world: CentreWorld;
  readonly policy?: ApprovalPolicy;
}

/** What the centre knows about one application. */
export interface Application {
  readonly application: string;
  readonly station: string;
  readonly record: RecordDigest;
  readonly requestedAt: number;
  state: 'requested' | 'approved' | 'rejected';
  /** `jti`s of all approvals given, the latest last. */
  readonly approvals: string[];
  /** The approval whose book was spoiled last: the next approval replaces it. */
  spent: string | null;
  /** The statement with the last decision. */
  decision: string | null;
}

export interface ApproveOptions {
  readonly aud?: string | readonly string[];
  readonly booklet?: string | null;
  readonly replaces?: string | null;
  readonly jti?: string;
  readonly iat?: number;
  readonly nbf?: number;
  readonly exp?: number;
  readonly bundle?: number;
  /** False: signed, but not put into the feed (it travels on a stick). */
  readonly publish?: boolean;
}

const SIMULATED = { code: 'SIM', text: 'Decided by the simulated centre' };

export class SimulatedCentre {
  readonly world: CentreWorld;
  readonly issuer: Issuer;
  readonly feed: Feed;
  readonly faults: CentreFaults;
  readonly reports: ReportBook;
  readonly applications = new Map<string, Application>();
  policy: ApprovalPolicy;
  readonly #random: Randomly;
  /** When the next decision may fall under `policy.perHour`, ms. */
  #nextSlot = 0;

  constructor({ world, policy = MANUAL, ...identity }: CentreOptions) {
    this.world = world;
    this.policy = policy;
    this.faults = new CentreFaults(world.clock);
    this.feed = new Feed(identity.firstVersion);
    this.reports = new ReportBook((report) => this.#heard(report));
    this.issuer = new Issuer({ ...identity, clock: world.clock, random: world.random });
    this.#random = seededRandom(Buffer.from(identity.seed).readUInt32LE(0));
    this.feed.publish(this.#bundleJson(this.issuer.signBundle(this.issuer.bundle)), '*');
  }

  /** Makes a station's key and office known: `identity --json` of that station. From then on its signatures count. */
  enrol(station: Enrolment): void {
    this.reports.enrol(station);
  }

  /** Every audience that a station listens to; an office that is not known leaves the station's own and `*`. */
  audiences(station: string): ReadonlySet<string> {
    const office = this.reports.office(station);
    return new Set(['*', `station:${station}`, ...(office === null ? [] : [`office:${office}`])]);
  }

  /** An application becomes known: by a station's report, by v1, or by hand. The same digest again changes nothing. */
  request(application: string, record: RecordDigest, station: string): Application {
    const known = this.applications.get(application);
    const same = known?.record.sha256 === record.sha256 && known.record.bytes === record.bytes;
    // Asked again after a spoil, the same record is a new decision; else it is only the same question once more.
    if (known !== undefined && same && !(known.state === 'approved' && known.spent === known.approvals.at(-1)))
      return known;
    const entry: Application = {
      application,
      station,
      record,
      requestedAt: this.issuer.now(),
      state: 'requested',
      approvals: known?.approvals ?? [],
      spent: known?.spent ?? null,
      decision: null,
    };
    this.applications.set(application, entry);
    if (this.policy.mode === 'automatic') this.#decideLater(entry);
    return entry;
  }

  /** Signs and publishes an approval of a known application. @throws RangeError where the application is unknown. */
  approve(application: string, { publish = true, ...claims }: ApproveOptions = {}): string {
    const entry = this.#known(application);
    const aud = claims.aud ?? this.#home(entry.station);
    const jti = claims.jti ?? this.world.random.id();
    const { record, spent } = entry;
    const text = this.issuer.approval({ application, record, replaces: spent, ...claims, aud, jti });
    entry.state = 'approved';
    entry.approvals.push(jti);
    entry.decision = text;
    if (publish) this.feed.publish(text, aud);
    return text;
  }

  reject(application: string, reason: { readonly code: string; readonly text: string } = SIMULATED): string {
    const entry = this.#known(application);
    const aud = this.#home(entry.station);
    const text = this.issuer.rejection({ aud, application, record: entry.record, reason });
    entry.state = 'rejected';
    entry.decision = text;
    this.feed.publish(text, aud);
    return text;
  }

  /** Approves everything that waits, in random order. */
  approveAll(): readonly string[] {
    const waiting = [...this.applications.values()].filter(({ state }) => state === 'requested');
    const shuffled = waiting.map((entry) => ({ entry, at: this.#random() })).sort((a, b) => a.at - b.at);
    return shuffled.map(({ entry }) => this.approve(entry.application));
  }

  revoke(
    target: { readonly approval: string } | { readonly booklet: string } | { readonly station: string },
    { aud = '*', reason = SIMULATED }: { aud?: string; reason?: { code: string; text: string } } = {},
  ): string {
    const text = this.issuer.revocation(aud, target, reason);
    this.feed.publish(text, aud);
    return text;
  }

  /** Puts the next trust bundle in force and publishes it. */
  publishBundle(changes: Partial<Omit<BundleContent, 'version'>> = {}): Json {
    const bundle = this.#bundleJson(this.issuer.nextBundle(changes));
    this.feed.publish(bundle, '*');
    return bundle;
  }

  /** The bundle in force, as general JWS. */
  bundle(): Json {
    return this.#bundleJson(this.issuer.signBundle(this.issuer.bundle));
  }

  bill(application: string): string {
    const entry = this.#known(application);
    const aud = this.#home(entry.station);
    const { amount, currency, paidAfterSeconds } = this.policy.billing;
    const billingCode = this.world.random.id().slice(0, 15);
    const text = this.issuer.billing({ aud, application, billingCode, amount, currency });
    this.feed.publish(text, aud);
    if (paidAfterSeconds !== null) {
      this.#later(within(paidAfterSeconds, this.#random), () => this.pay(application, billingCode));
    }
    return text;
  }

  pay(application: string, billingCode: string): string {
    const aud = this.#home(this.#known(application).station);
    const text = this.issuer.payment({ aud, application, billingCode, receipt: this.world.random.id() });
    this.feed.publish(text, aud);
    return text;
  }

  /** Takes reports that came on a stick, and answers with the signed receipt that goes back on it. */
  takeStick(station: string, texts: readonly string[]): string {
    const { accepted } = this.reports.take(station, texts);
    return this.issuer.receipt(`station:${station}`, accepted);
  }

  #heard({ station, kind, content }: KeptReport): void {
    const application = typeof content.application === 'string' ? content.application : null;
    const record = digestIn(content.record);
    if (kind === 'checkpoint' && this.policy.witness) this.#witness(station, content.checkpoint);
    if (application === null) return;
    if (kind === 'approval-requested' && record !== null) this.request(application, record, station);
    const entry = this.applications.get(application);
    if (entry === undefined) {
      if (kind === 'billing-requested' && record !== null) this.request(application, record, station);
    } else if (typeof content.approval === 'string' && (kind === 'spoiled' || content.outcome === 'spoiled')) {
      entry.spent = content.approval;
      if (this.policy.replaceSpoiled) this.request(application, entry.record, station);
    }
    if (kind === 'billing-requested' && this.applications.has(application)) this.bill(application);
  }

  #decideLater(entry: Application): void {
    const now = this.world.clock.now();
    let due = now + within(this.policy.delaySeconds, this.#random);
    if (this.policy.perHour !== null) {
      due = Math.max(due, this.#nextSlot);
      this.#nextSlot = due + 3_600_000 / this.policy.perHour;
    }
    const rejects = this.#random() < this.policy.rejectShare;
    this.#later(due - now, () => {
      if (this.applications.get(entry.application) !== entry || entry.state !== 'requested') return;
      if (rejects) this.reject(entry.application);
      else this.approve(entry.application);
    });
  }

  #later(milliseconds: number, act: () => void): void {
    this.world.timers.after(Math.max(0, milliseconds), act);
  }

  #witness(station: string, checkpoint: unknown): void {
    // C2SP tlog-checkpoint: origin, size and root stand in the first three lines.
    const [origin, size, root] = typeof checkpoint === 'string' ? checkpoint.split('\n') : [];
    if (!origin || !/^\d+$/.test(size ?? '') || !root) return;
    const aud = `station:${station}`;
    this.feed.publish(this.issuer.witness(aud, { origin, size: Number(size), root }), aud);
  }

  #known(application: string): Application {
    const entry = this.applications.get(application);
    if (entry === undefined) throw new RangeError(`the simulated centre does not know application ${application}`);
    return entry;
  }

  #home(station: string): string {
    const office = this.reports.office(station);
    return office === null ? `station:${station}` : `office:${office}`;
  }

  #bundleJson({ payload, signatures }: GeneralJws): Json {
    return { payload, signatures: signatures.map((entry) => ({ ...entry })) };
  }
}

/** `{"sha256": 64 hexadecimal digits, "bytes": n}` in a request or report, or null. */
export function digestIn(value: unknown): RecordDigest | null {
  if (typeof value !== 'object' || value === null || !('sha256' in value) || !('bytes' in value)) return null;
  const { sha256, bytes } = value;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return null;
  return typeof bytes === 'number' && Number.isSafeInteger(bytes) ? { sha256, bytes } : null;
}
