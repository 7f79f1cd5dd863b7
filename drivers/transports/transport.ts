import type { Result } from '../../src/domain/result.ts';

export type TransportFailure =
  | { readonly kind: 'not-found'; readonly detail: string }
  /** Another holder, in this process or elsewhere. */
  | { readonly kind: 'busy'; readonly detail: string }
  | { readonly kind: 'permission-denied'; readonly detail: string }
  | { readonly kind: 'timed-out'; readonly detail: string }
  | { readonly kind: 'closed'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string };

/** Where a device is. Exactly one kind; the configuration's `connection` in parsed form. */
export type Address =
  | {
      readonly kind: 'serial';
      readonly path: string;
      readonly baudRate: number;
      readonly flowControl: 'rtscts' | 'xonxoff' | 'none';
    }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  /** A simulated device in the same process; only where the station is `simulated`. */
  | { readonly kind: 'simulator'; readonly name: string };

/** What one stretch of bytes came to. `handedOver` is what left this process at most, also on failure. */
export type SendFailure = TransportFailure & { readonly handedOver: number };

/**
 * One open line to one device, never reopened: stale writes of an earlier session must not be replayed
 * (device-libraries.md 1, pitfall 1).
 */
export interface Connection {
  /**
   * Resolves when the bytes were accepted by the operating system *and* drained as far as it can tell, or with the
   * failure. `deadline` is milliseconds; `null` waits for as long as the connection lives (a person holds the device).
   */
  send(bytes: Uint8Array, deadline: number | null): Promise<Result<void, SendFailure>>;
  /** One listener; bytes that came before it was set are kept and handed over at once. */
  onBytes(listener: (bytes: Uint8Array) => void): void;
  /** Throws away what is still in host buffers (tcflush). Best effort, bounded. */
  discard(): Promise<void>;
  /** Idempotent; bounded. */
  close(): Promise<void>;
  /** Settles once with why the line ended: `closed by us`, or what the operating system said. */
  readonly closed: Promise<string>;
}

/** Takes the lock on the address's identity before anything is opened, gives it back when the connection has closed. */
export type OpenTransport = () => Promise<Result<Connection, TransportFailure>>;
