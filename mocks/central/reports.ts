/** The centre's book of reports: each counted once by its `jti`, signed by the station that it names. */
import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { openReport, stationSigned } from './signing.ts';

export interface Enrolment {
  readonly station: string;
  readonly office: string;
  readonly kid: string;
  readonly jwk: Readonly<Record<string, string>>;
}

export interface KeptReport {
  readonly station: string;
  readonly jti: string;
  readonly iat: number;
  readonly seq: number;
  readonly kind: string;
  /** All claims beside those. */
  readonly content: Readonly<Record<string, unknown>>;
  /** The JWS as it came. */
  readonly text: string;
}

export interface TakenReports {
  readonly accepted: readonly string[];
  readonly refused: readonly { readonly jti: string; readonly reason: string }[];
}

/** Seconds by which the `iat` of a hello may be off (central.md). */
const HELLO_WINDOW = 120;
const REPORT_TYPE = 'passport-report+jws';

const isJti = (value: unknown): value is string => typeof value === 'string' && /^[A-Za-z0-9._-]{1,64}$/.test(value);

export class ReportBook {
  readonly #enrolled = new Map<string, Enrolment & { readonly key: KeyObject }>();
  readonly #kept = new Map<string, KeptReport>();
  readonly #hear: (report: KeptReport) => void;

  constructor(hear: (report: KeptReport) => void) {
    this.#hear = hear;
  }

  enrol(station: Enrolment): void {
    const key = createPublicKey({ key: { ...station.jwk }, format: 'jwk' });
    this.#enrolled.set(station.station, { ...station, key });
  }

  office(station: string): string | null {
    return this.#enrolled.get(station)?.office ?? null;
  }

  /** In the order in which they were taken. */
  list(): readonly KeptReport[] {
    return [...this.#kept.values()];
  }

  /** The numbers that miss in the station's sequence so far: it must be gap-free once everything has arrived. */
  gaps(station: string): readonly number[] {
    const seen = new Set(
      this.list()
        .filter((report) => report.station === station)
        .map((report) => report.seq),
    );
    if (seen.size === 0) return [];
    const [first, last] = [Math.min(...seen), Math.max(...seen)];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i).filter((seq) => !seen.has(seq));
  }

  /** Why a bearer token is no good hello of this station at this moment (seconds), or null. */
  refuseHello(authorization: string | null, station: string | null, now: number): string | null {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'no bearer token';
    const report = openReport(token);
    if (report === null || report.header.typ !== REPORT_TYPE) return 'not a report';
    const { iss, iat, kind } = report.claims;
    if (kind !== 'hello') return 'not a hello';
    if (typeof iss !== 'string' || !iss.startsWith('station:')) return 'not from a station';
    const speaker = iss.slice('station:'.length);
    if (station !== null && speaker !== station) return 'from another station';
    if (typeof iat !== 'number' || Math.abs(now - iat) > HELLO_WINDOW) return 'not of this moment';
    return this.#refuseSignature(token, report.header, speaker);
  }

  /** Takes reports; the same `jti` with the same content again is accepted without a second effect. */
  take(station: string, texts: readonly unknown[]): TakenReports {
    const accepted: string[] = [];
    const refused: { jti: string; reason: string }[] = [];
    for (const text of texts) {
      const read = this.#read(station, text);
      if ('reason' in read) {
        refused.push(read);
        continue;
      }
      const before = this.#kept.get(read.jti);
      if (before === undefined) {
        this.#kept.set(read.jti, read);
        this.#hear(read);
      } else if (payloadHash(before.text) !== payloadHash(read.text)) {
        refused.push({ jti: read.jti, reason: 'jti with other content' });
        continue;
      }
      accepted.push(read.jti);
    }
    return { accepted, refused };
  }

  #read(station: string, text: unknown): KeptReport | { readonly jti: string; readonly reason: string } {
    const report = typeof text === 'string' ? openReport(text) : null;
    if (typeof text !== 'string' || report === null) return { jti: '', reason: 'malformed' };
    const { iss, jti, iat, seq, kind, ...content } = report.claims;
    if (!isJti(jti)) return { jti: '', reason: 'malformed' };
    const refuse = (reason: string) => ({ jti, reason });
    if (report.header.typ !== REPORT_TYPE) return refuse('wrong type');
    if (iss !== `station:${station}`) return refuse('from another station');
    if (typeof iat !== 'number' || typeof seq !== 'number' || !Number.isSafeInteger(seq) || typeof kind !== 'string') {
      return refuse('malformed');
    }
    if (kind === 'hello') return refuse('a hello is not stored');
    const signature = this.#refuseSignature(text, report.header, station);
    return signature === null ? { station, jti, iat, seq, kind, content, text } : refuse(signature);
  }

  #refuseSignature(text: string, header: Readonly<Record<string, unknown>>, station: string): string | null {
    const enrolled = this.#enrolled.get(station);
    if (enrolled === undefined) return null;
    if (header.alg !== 'Ed25519' || header.kid !== enrolled.kid) return 'unknown key';
    return stationSigned(text, enrolled.key) ? null : 'bad signature';
  }
}

const payloadHash = (text: string): string =>
  createHash('sha256')
    .update(text.split('.')[1] ?? '')
    .digest('hex');
