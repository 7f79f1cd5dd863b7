import type { Bitmap } from '../src/domain/bitmap.ts';
import type { Clock, Timers } from '../src/domain/world.ts';
import type { OpenTransport, TransportFailure } from './transports/transport.ts';

/**
 * The contract of a printer driver. A driver turns one page into one device's bytes and the device's bytes into
 * findings; it never decides what may be printed, keeps nothing on disk and never prints twice by itself.
 */

/** RFC 8011 s5.4.11 `printer-state`. */
export type IppPrinterState = 'idle' | 'processing' | 'stopped';

/** Where the booklet is, in the words of CEN/XFS (`media`). */
export type BookletPosition = 'unknown' | 'present' | 'notPresent' | 'jammed' | 'entering' | 'retracted';

/** RFC 8011 s5.4.12 `printer-state-reasons`, without the severity suffix. */
export type ReasonKeyword =
  | 'media-needed'
  | 'media-jam'
  | 'media-empty'
  | 'cover-open'
  | 'marker-supply-low'
  | 'marker-supply-empty'
  | 'connecting-to-device'
  | 'timed-out'
  | 'paused'
  | 'stopped-by-operator'
  | 'other';

export interface StateReason {
  readonly keyword: ReasonKeyword;
  readonly severity: 'report' | 'warning' | 'error';
  /** What the device itself said, always kept: `CSI 1 ! z`. */
  readonly raw: string;
}

export interface PrinterStatus {
  readonly state: IppPrinterState;
  readonly reasons: readonly StateReason[];
  readonly booklet: BookletPosition;
  /** The job is whole and waits for a person's act (STOP, a document request, a flow hold): no deadline runs. */
  readonly waitingForOperator: boolean;
}

export interface DeviceIdentity {
  readonly model: string;
  /** `null` where the device tells none. */
  readonly serial: string | null;
  readonly raw: string;
}

export interface PrinterCapabilities {
  /** Dots per inch of the bitmap that `print` takes. */
  readonly dpi: number;
  readonly pageFormats: readonly ('bitmap' | 'pdf')[];
  /** Whether the device tells that a booklet was put in or taken out. */
  readonly bookletSensor: boolean;
  /** `acknowledged`: the device says that the page was printed. `presumed`: it does not, and a read-back is always needed. */
  readonly completion: 'acknowledged' | 'presumed';
  readonly jobCancel: boolean;
  readonly counters: boolean;
}

/** What is to be inked: one page of one attempt. */
export interface DeviceJob {
  /** The attempt's id. */
  readonly attempt: string;
  /** Number for the device's acknowledgement, from a durable counter: no earlier attempt or session used it lately. */
  readonly acknowledgement: number;
  /** At the driver's own resolution. */
  readonly page: Bitmap;
}

export type PrintProgress =
  | { readonly kind: 'sending'; readonly bytesAccepted: number; readonly bytesTotal: number }
  /** All bytes were accepted; the device's acknowledgement is awaited. */
  | { readonly kind: 'sent'; readonly bytesTotal: number }
  | { readonly kind: 'waiting-for-operator'; readonly reasons: readonly StateReason[] }
  | { readonly kind: 'continuing' };

/** What speaks for an outcome; journalled with it. No page data, no personal data. */
export interface PrintEvidence {
  readonly bytesTotal: number;
  /** Bytes handed to the transport so far: an upper bound of what the device can have. */
  readonly bytesHandedOver: number;
  /** Whether any byte that could put ink on paper was handed over. */
  readonly pageByteHandedOver: boolean;
  /** The device's messages during the attempt, in order, with milliseconds since its start. */
  readonly messages: readonly { readonly at: number; readonly raw: string }[];
}

export type OutcomeReason =
  | 'acknowledged'
  | 'refused-before-page'
  | 'device-error'
  | 'connection-lost'
  | 'timed-out'
  | 'protocol-violation'
  | 'session-closed';

/**
 * Three-valued. `not-printed` only where the driver can show that no page byte of this attempt left the host, or that
 * the device refused the job before touching paper; `unknown` is everything else and never means "not printed".
 */
export interface PrintOutcome {
  readonly outcome: 'printed' | 'not-printed' | 'unknown';
  readonly reason: OutcomeReason;
  readonly evidence: PrintEvidence;
}

export type ConnectFailure =
  | { readonly kind: 'transport'; readonly failure: TransportFailure }
  /** The port opened but the device did not answer the barrier: silent, off-line, or still busy with something. */
  | { readonly kind: 'no-answer'; readonly status: PrinterStatus; readonly detail: string }
  /** Answers that do not belong to this protocol. */
  | { readonly kind: 'not-understood'; readonly detail: string };

export type Connected =
  | { readonly ok: true; readonly session: PrinterSession }
  | { readonly ok: false; readonly failure: ConnectFailure };

/**
 * One conversation with the device, from a barrier that was answered to `closed`. That answer is the proof that the
 * device holds nothing of earlier attempts (devices.md, "No page may come out later"). Never reopened.
 */
export interface PrinterSession {
  readonly identity: DeviceIdentity;
  status(): PrinterStatus;
  /** Called at each change; returns the way to stop. */
  onStatus(listener: (status: PrinterStatus) => void): () => void;
  /**
   * Resolves, never rejects. After any outcome but `printed` the session has ended itself and discarded what was unsent;
   * only a print asked for while another one runs is refused (`refused-before-page`) without touching that one.
   */
  print(job: DeviceJob, onProgress: (progress: PrintProgress) => void): Promise<PrintOutcome>;
  /** Pushes a booklet out. Resolves with whether the device confirmed it. */
  eject(acknowledgement: number): Promise<{ readonly ok: boolean; readonly detail: string }>;
  /** What the device remembers of an attempt after a reconnect; `unknown` where it remembers nothing. */
  lastJob(attempt: string): Promise<'printed' | 'not-printed' | 'unknown'>;
  /** Idempotent; resolves within its own deadline whatever the device does. */
  close(): Promise<void>;
  /** Settles once when the session has ended, with the reason. */
  readonly closed: Promise<string>;
}

export interface PrinterDriver {
  readonly capabilities: PrinterCapabilities;
  /**
   * Opens the line, identifies the device and passes the session barrier. `nextAcknowledgement` hands out numbers from
   * a durable counter (0-9999, wrapping); the session goes on drawing from it for its own synchronisation. Resolves,
   * never rejects, within its own deadline.
   */
  connect(nextAcknowledgement: () => number): Promise<Connected>;
}

/** What a driver is made from. */
export interface DriverContext {
  readonly open: OpenTransport;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Receives every message of the device and every step, without page data: for the trace and for support. */
  readonly trace: (direction: 'in' | 'out' | 'note', text: string) => void;
}

/** Millimetres, found with the calibration page (devices.md). */
export interface PageGeometry {
  /** From the booklet's leading top edge to the top edge of the data page. */
  readonly pageTopMm: number;
  /** From the line's base line down to the first needle; may be negative. */
  readonly needleMm: number;
  /** From the device's column 0 to the left edge of the page. */
  readonly leftMm: number;
}
