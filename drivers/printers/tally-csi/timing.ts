/**
 * Deadlines in milliseconds. Those of a print and an ejection count only time in which the device has not said STOP:
 * while a person holds it, none runs.
 */
export interface Timing {
  /** Listening after the port has opened, before anything is said: ports die, devices announce themselves. */
  readonly settle: number;
  /** Until the line has taken the barrier: 800 bytes, 7 s at 1200 baud. */
  readonly barrierSend: number;
  /** Until the barrier is answered; the device may be finishing up to 8 KB of an earlier session. */
  readonly barrier: number;
  /** Until the document has been pulled in and the device says so. */
  readonly load: number;
  /** Until the line has taken one chunk of the page; the device may be printing several bands before it takes more. */
  readonly chunk: number;
  /** From the last byte taken until the device says that all is printed. */
  readonly acknowledge: number;
  /** The whole print, so that a device that takes a byte now and then cannot hold it for ever. */
  readonly job: number;
  readonly eject: number;
}

export const TIMING: Timing = {
  settle: 250,
  barrierSend: 10_000,
  barrier: 10_000,
  load: 30_000,
  chunk: 60_000,
  acknowledge: 120_000,
  job: 15 * 60_000,
  eject: 30_000,
};
