import type { Intake, Priority } from '../domain/job.ts';
import type { Role } from '../domain/people.ts';

/**
 * What can happen, as it is written down: `kind` -> `data`. Entries are the truth; every other table that is not marked
 * as kept beside is folded from them (journal.md). No personal data in any of them (I10): names, records and notes
 * are kept beside, under the job's id.
 */
export interface EntryData {
  'station-started': { version: string };
  'station-stopped': Record<string, never>;

  'person-added': { name: string; roles: Role[] };
  'person-disabled': { name: string };
  'signed-in': { name: string };
  'sign-in-failed': { name: string };

  /** `sequence`: the last number reserved; numbers up to it may have been used on the wire. */
  'printer-sequence-reserved': { printer: string; sequence: number };
  /** The device was shown to hold nothing of the attempt, by its own answer or by a person's act. */
  'printer-empty': { printer: string; attempt: string; how: 'device' | 'person'; text: string };

  'job-received': {
    job: string;
    application: string;
    record: { sha256: string; bytes: number };
    intake: Intake;
    next: 'payment' | 'approval';
    deadline: number | null;
  };
  'job-paid': { job: string; receipt: string; deadline: number };
  'job-approved': { job: string; approval: string };
  'job-rejected': { job: string; statement: string; code: string; text: string };
  'job-revoked': { job: string; statement: string | null; reason: string };
  'job-released': { job: string; reference: string };
  'job-held': { job: string; reason: string };
  'job-resumed': { job: string };
  'job-cancelled': { job: string; reason: string };
  'job-referred': { job: string; office: string; reason: string; approval: string | null };
  'job-prioritised': { job: string; priority: Priority; reason: string };
  'job-bound': { job: string; binding: string; booklet: string; printer: string };
  'job-unbound': { job: string; binding: string; reason: string };

  'attempt-intended': {
    attempt: string;
    number: number;
    job: string;
    binding: string;
    booklet: string;
    printer: string;
    approval: string;
    pageSha256: string;
    acknowledgement: number;
    device: { model: string; serial: string | null };
  };
  'attempt-progressed': { attempt: string; state: 'sending' | 'confirming' | null; text: string };
  'attempt-ended': {
    attempt: string;
    outcome: 'printed' | 'not-printed' | 'in-doubt';
    reason: string;
    text: string;
    /** Whether the session's own end shows that the device holds nothing; only ever so after `printed`. */
    deviceEmpty: boolean;
    /** Whether a read-back is owed before the book may go on. */
    readBack: 'required' | 'optional';
  };
  /** Positions only, never characters: the lines are personal data. */
  'attempt-read-back': {
    attempt: string;
    match: boolean;
    source: 'reader' | 'keyed';
    positions: string[];
  };
  'attempt-resolved': {
    attempt: string;
    outcome: 'printed' | 'blank' | 'spoiled';
    reason: string;
    people: string[];
  };

  'quality-checked': { job: string; result: 'pass' | 'fail'; faults: string[] };
  'handed-over': { job: string; recipient: 'holder' | 'family' | 'proxy' };

  'booklets-received': { from: string; to: string; numbers: string[]; delivery: string };
  'booklet-spoiled': { booklet: string; reason: string; people: string[] };

  'family-policy-set': { family: string; policy: 'apart' | 'together' };

  'statement-stored': {
    digest: string;
    /** The digest of the text under which it was only kept before. */
    was: string | null;
    jti: string;
    kind: string;
    iat: number;
    application: string | null;
    text: string;
    via: string;
  };
  /** Not usable yet, but time or a newer bundle can cure it. */
  'statement-kept': { digest: string; text: string; result: string; detail: string; via: string };
  'statement-refused': { digest: string; text: string; result: string; detail: string; via: string };
  'bundle-accepted': { version: number; expires: number; text: string };
  'time-learnt': { source: 'nonce' | 'attested'; time: number; behind: number };
  'feed-read': { cursor: string | null };
  'reports-answered': { accepted: string[]; refused: { jti: string; reason: string }[] };

  'sign-off-requested': {
    id: string;
    act: string;
    text: string;
    subject: string;
    payload: Record<string, unknown>;
    expires: number;
  };
  'sign-off-signed': { id: string; by: string };
  'sign-off-closed': { id: string; why: 'withdrawn' | 'expired' };
}

export type EntryKind = keyof EntryData;

/** Claims beside `iss`, `jti`, `iat`, `seq` and `kind` (central.md, Reports). */
export interface Report {
  readonly jti: string;
  readonly kind: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** One written entry. */
export type Entry = {
  [Kind in EntryKind]: {
    readonly seq: number;
    /** Milliseconds since the epoch, by the station's clock. */
    readonly at: number;
    readonly clock: 'trusted' | 'holdover' | 'untrusted';
    readonly actor: string;
    readonly kind: Kind;
    /** What it is about: a job's, attempt's, booklet's, printer's or person's id. */
    readonly subject: string;
    readonly data: EntryData[Kind];
    readonly reports: readonly Report[];
  };
}[EntryKind];
