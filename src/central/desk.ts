import type { World } from '../domain/world.ts';

/**
 * What the link needs from the station: everything that must survive a power cut is behind these calls. The link
 * itself keeps nothing durable and may be stopped and built again at any moment.
 */
export interface CentralDesk {
  /** The last cursor that was stored together with its statements; `null` reads the feed from the start. */
  cursor(): string | null;
  /**
   * One transaction: judges and stores every statement piecemeal and moves the cursor. A statement is the text of a
   * compact JWS, or the JSON text of a general JWS. Throws a `Refusal` when the journal cannot be written: then the
   * cursor did not move and the same page is asked again.
   */
  receive(statements: readonly string[], cursor: string | null): void;
  /** At most `limit` reports that wait, oldest first, as signed compact JWS. */
  waitingReports(limit: number): readonly WaitingReport[];
  /** What the centre said about reports that were sent to it just now. */
  reportsAnswered(accepted: readonly string[], refused: readonly RefusedReport[]): void;
  /** A fresh bearer token: a compact JWS `passport-report` of kind `hello` (central.md, "Central API v2"). */
  hello(): string;
  /** Whether the clock wants a fresh time statement now. */
  timeWanted(): boolean;
  /** The centre's answer to `nonce`, not yet verified. */
  timeAnswered(nonce: string, statement: string): void;
}

export interface WaitingReport {
  readonly jti: string;
  readonly text: string;
}

export interface RefusedReport {
  readonly jti: string;
  readonly reason: string;
}

/** How the line stands (domain.md, "Outage, backlog, catch-up"). */
export interface CentralLinkState {
  readonly state: 'offline' | 'probing' | 'online' | 'degraded';
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** What the last failure was, for people; `null` when nothing is wrong. */
  readonly reason: string | null;
  /** Milliseconds since the epoch of the last good answer in this run, `null` when there was none yet. */
  readonly lastContact: number | null;
  /** Failures in a row. */
  readonly failures: number;
}

export interface CentralLink {
  start(): void;
  /** Ends what is under way, also a long poll. Resolves when no request is left; nothing reaches the desk afterwards. */
  stop(): Promise<void>;
  /** New reports wait. */
  nudge(): void;
  state(): CentralLinkState;
  /** Calls `listener` after every change of `state()`; the function returned ends it. */
  onChange(listener: () => void): () => void;
}

export interface CentralLinkSetup {
  readonly world: World;
  readonly desk: CentralDesk;
  /** The station's own id, as in the paths of the centre. */
  readonly station: string;
  /** Seconds for which one request for the feed is held open by the centre. */
  readonly waitSeconds: number;
}
