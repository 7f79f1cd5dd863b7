import type { Result } from '../../src/domain/result.ts';

export type TransportFailure =
  | { readonly kind: 'not-found'; readonly detail: string }
  /** Another holder, in this process or elsewhere. */
  | { readonly kind: 'busy'; readonly detail: string }
  | { readonly kind: 'permission-denied'; readonly detail: string }
  | { readonly kind: 'timed-out'; readonly detail: string }
  | { readonly kind: 'closed'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string };

export type FlowControl = 'rtscts' | 'xonxoff' | 'none';

/** Where a device is. Exactly one kind; the configuration's `connection` in parsed form. */
export type Address =
  | {
      readonly kind: 'serial';
      readonly path: string;
      readonly baudRate: number;
      readonly flowControl: FlowControl;
    }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** A simulated device in the same process; only where the station is `simulated`. */
  | { readonly kind: 'simulator'; readonly name: string };

/** What one stretch of bytes came to. `handedOver` is what left this process at most, also on failure. */
export type SendFailure = TransportFailure & { readonly handedOver: number };

/**
 * What bytes are, for whoever records the line: `command` may be written down as it is, `page` is personal data and
 * only its length and hash may be. What nobody marked counts as `page`.
 */
export type Content = 'command' | 'page';

/**
 * One open line to one device, never reopened: stale writes of an earlier session must not be replayed
 * (device-libraries.md 1, pitfall 1).
 */
export interface Connection {
  /**
   * Resolves when the bytes were accepted by the operating system *and* drained as far as it can tell, or with the
   * failure. `deadline` is milliseconds; `null` waits for as long as the connection lives (a person holds the device).
   * After a failure the line is of no more use: `discard`, then `close`.
   */
  send(bytes: Uint8Array, deadline: number | null, content?: Content): Promise<Result<void, SendFailure>>;
  /** One listener; bytes that came before it was set are kept and handed over at once. */
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** Throws away what is still in host buffers (tcflush; TCP: reset, which ends the line). Best effort, bounded. */
  discard(): Promise<void>;
  /** Idempotent; bounded. */
  close(): Promise<void>;
  /** Settles once with why the line ended: `closed by us`, or what the operating system said. */
  readonly closed: Promise<string>;
}

/** The reason with which `closed` settles after an ordinary `close`. */
export const CLOSED_BY_US = 'closed by us';

/** Takes the lock on the address's identity before anything is opened, gives it back when the connection has closed. */
export type OpenTransport = () => Promise<Result<Connection, TransportFailure>>;
