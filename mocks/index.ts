/**
 * Simulators for the test harnesses of this and of other projects: `import { ... } from 'passport-station/mocks'`.
 * A simulator takes a host's real bytes and answers with real bytes; its physical side is the ground truth.
 */

export {
  type ApplicantPictures,
  applicantPictures,
  type FictitiousApplicant,
  fictitiousApplicants,
  recordBytes,
} from './applicants.ts';
export * from './central/index.ts';
export * from './faults.ts';
export * from './mrz-reader.ts';
export { Booklet, type BookletOptions, dataPageInk, type InkEntry } from './printers/booklet.ts';
export { control } from './printers/control.ts';
export type { HandFailure, InsertHow, LineDevice, PrinterDevice, PrinterHands } from './printers/device.ts';
export { type MockPrinterOptions, type RunningMockPrinter, runMockPrinter } from './printers/main.ts';
export { toPng } from './printers/picture.ts';
export { SimulatedPrinter, simulateTallyPrinter } from './printers/simulated-printer.ts';
export { TallyPrinter } from './printers/tally-csi/device.ts';
export type { Violation, ViolationKind } from './printers/tally-csi/interpreter.ts';
export type { MechanismGeometry } from './printers/tally-csi/mechanism.ts';
export type { TallyOptions } from './printers/tally-csi/options.ts';
export { QUICK_TIMING, REALISTIC_TIMING, type TallyTiming } from './printers/tally-csi/works.ts';
export { realTime, type SimTime, VirtualTime } from './printers/time.ts';
export { type HostEnd, type LineOptions, type LineSession, SerialLine } from './transports/line.ts';
export { plugOf } from './transports/memory.ts';
export type { PtyMount } from './transports/pty.ts';
export type { TcpMount } from './transports/tcp.ts';
