import type { BookletState } from '../domain/booklet.ts';
import type { AttemptState, JobState, Priority } from '../domain/job.ts';
import type { Role } from '../domain/people.ts';

/** Rows as the projections hold them. Times in milliseconds since the epoch. */
export interface JobRow {
  readonly id: string;
  readonly application: string;
  readonly record_sha256: string;
  readonly record_bytes: number;
  readonly state: JobState;
  readonly held_from: JobState | null;
  readonly state_reason: string | null;
  readonly priority: Priority;
  readonly family: string | null;
  readonly travel_date: string | null;
  readonly referred_from: string | null;
  readonly received_at: number;
  readonly deadline: number | null;
  readonly approval: string | null;
  readonly spent_approval: string | null;
  readonly booklet: string | null;
  readonly printer: string | null;
  readonly release_reference: string | null;
  readonly printed_by: string | null;
}
/** What statements are judged by: of the thousands of jobs of a backlog no more than that is read. */
export type JobStanding = Pick<
  JobRow,
  | 'id'
  | 'application'
  | 'record_sha256'
  | 'record_bytes'
  | 'state'
  | 'held_from'
  | 'approval'
  | 'spent_approval'
  | 'booklet'
>;
export interface AttemptRow {
  readonly id: string;
  readonly job: string;
  readonly number: number;
  readonly binding: string;
  readonly booklet: string;
  readonly printer: string;
  readonly approval: string;
  readonly state: AttemptState;
  readonly operator: string;
  readonly intended_at: number;
  readonly page_sha256: string;
  readonly acknowledgement: number;
  readonly reason: string | null;
  readonly read_back: 'matched' | 'differs' | null;
  readonly read_back_source: 'reader' | 'keyed' | null;
  readonly read_back_owed: number;
  readonly resolution: 'printed' | 'blank' | 'spoiled' | null;
}
export interface EvidenceRow {
  readonly seq: number;
  readonly at: number;
  readonly kind: string;
  readonly text: string;
}
export interface BindingRow {
  readonly id: string;
  readonly job: string;
  readonly booklet: string;
  readonly printer: string;
  readonly operator: string;
  readonly live: number;
}
export interface PrinterRow {
  readonly id: string;
  readonly sequence: number;
  readonly lock_attempt: string | null;
  readonly lock_resolved: 'printed' | 'blank' | 'spoiled' | null;
  readonly device_empty: number;
}
export interface BookletRow {
  readonly number: string;
  readonly state: BookletState;
  readonly delivery: string;
  readonly received_at: number;
  readonly job: string | null;
}
export interface StatementRow {
  readonly digest: string;
  readonly jti: string | null;
  readonly kind: string | null;
  readonly iat: number | null;
  readonly application: string | null;
  readonly text: string;
  readonly state: 'stored' | 'kept' | 'refused';
  readonly result: string | null;
  readonly detail: string | null;
}
export type DecisionRow = Pick<StatementRow, 'kind' | 'jti' | 'iat' | 'text'>;
export interface OutboxRow {
  readonly seq: number;
  readonly jti: string;
  readonly kind: string;
  readonly claims: string;
  readonly at: number;
  readonly state: 'waiting' | 'accepted' | 'refused';
  readonly reason: string | null;
}
export interface SignOffRow {
  readonly id: string;
  readonly act: string;
  readonly text: string;
  readonly subject: string;
  readonly payload: string;
  readonly requested_by: string;
  readonly requested_at: number;
  readonly expires: number;
  readonly state: 'open' | 'signed' | 'withdrawn' | 'expired';
}
export interface PersonRow {
  readonly name: string;
  readonly roles: Role[];
  readonly disabled: boolean;
  readonly wrong: number;
  readonly wrong_at: number | null;
  readonly pin: string | null;
}
export interface StationRow {
  readonly cursor: string | null;
  readonly bundle_version: number | null;
  readonly bundle_expires: number | null;
  readonly bundle: string | null;
  /** Seconds. */
  readonly signed_mark: number;
  readonly local_mark: number;
  readonly last_contact: number | null;
  readonly prints_since: number;
}
