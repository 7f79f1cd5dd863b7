import type { Result } from '../../src/domain/result.ts';
import type { FaultEngine } from '../faults.ts';
import type { Booklet } from './booklet.ts';

/** What a line needs of a device: bytes in, bytes out, flow control. */
export interface LineDevice {
  /** Bytes from the host. `altered`: the line changed, lost or doubled some of them. */
  receive(bytes: Uint8Array, altered?: boolean): void;
  /** The host side that listens; `null` while none does. One at a time. */
  listen(listener: ((bytes: Uint8Array) => void) | null): void;
  /** RTS/CTS: whether the host may send. */
  readonly flowReady: boolean;
  onFlow(listener: (ready: boolean) => void): () => void;
  /** A host has opened the line; what comes now belongs to a new session. */
  sessionBegins(): void;
}

/** Why a hand could not do what it wanted. */
export type HandFailure = string;

export interface InsertHow {
  /** The wrong edge first. */
  readonly wrongWay?: boolean;
  /** A second booklet that goes in below it unnoticed: a double feed. */
  readonly below?: Booklet;
}

/** What a person standing at the printer can do and see. */
export interface PrinterHands {
  insertBooklet(booklet: Booklet, how?: InsertHow): Result<void, HandFailure>;
  /** Takes the booklet out wherever it is, by force if need be. */
  removeBooklet(): Result<Booklet, HandFailure>;
  openCover(): void;
  closeCover(): void;
  pressStop(): void;
  pressStart(): void;
  /** Acknowledges an error at the panel; fails while its cause is still there. */
  clearError(): Result<void, HandFailure>;
  powerOff(): void;
  powerOn(): void;
}

/** A simulated printer's device model, whatever its protocol. */
export interface PrinterDevice extends LineDevice, PrinterHands {
  readonly faults: FaultEngine;
  /** The booklet in or at the printer: the physical truth. */
  readonly booklet: Booklet | null;
  readonly violations: readonly {
    readonly kind: string;
    readonly detail: string;
    readonly at: number;
    readonly disturbed: boolean;
  }[];
  /** A plain picture of the state, for a control socket or a page; changes are told to `onChange`. */
  snapshot(): Readonly<Record<string, unknown>>;
  onChange(listener: () => void): () => void;
}
