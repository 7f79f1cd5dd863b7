import type { DriverContext, PrinterStatus } from '../../driver.ts';
import type { Line } from './line.ts';
import type { DeviceMessage } from './messages.ts';
import type { Timing } from './timing.ts';

/** What the session has under way with the device: hears every message, and that the line ended or is to be given up. */
export interface Exchange {
  heard(message: DeviceMessage): void;
  lost(): void;
  abandon(): void;
}

/** What an exchange needs of its session. */
export interface ExchangeHost {
  readonly context: DriverContext;
  readonly timing: Timing;
  readonly line: Line;
  status(): PrinterStatus;
  /** Names the exchange under way, `null` when it is over. */
  occupy(exchange: Exchange | null): void;
  /** Ends the session, host buffers discarded. */
  end(reason: string): Promise<void>;
}
