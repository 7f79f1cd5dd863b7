import { realTime, type SimTime, VirtualTime } from '../../../mocks/printers/time.ts';

/** The one time of a test office: devices, centre, station and people live in it. Milliseconds. */
export interface OfficeTime extends SimTime {
  /** Lets time go by, and everything happen that falls due meanwhile. */
  pass(milliseconds: number): Promise<void>;
}

/** Stands still but for `pass`: an hour takes milliseconds and every run is the same. */
export const virtualTime = (): OfficeTime => new VirtualTime();

/** The machine's own time, for what must be seen to work without a clock that waits for it. */
export const wallTime = (): OfficeTime => ({
  ...realTime(),
  pass: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
});
