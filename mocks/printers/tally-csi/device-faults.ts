import type { Fault, FaultEngine, FaultOf } from '../../faults.ts';
import type { SimTime } from '../time.ts';
import type { Condition } from './condition.ts';
import type { MessageQueue } from './messages.ts';

/** What faults need of the printer. */
export interface FaultPort {
  readonly time: SimTime;
  readonly condition: Condition;
  readonly messages: MessageQueue;
  fail(cause: 'hardware'): void;
  jam(): void;
  pressStop(): void;
  openCover(): void;
  tearBookletOut(): void;
  powerOff(): void;
  powerOn(): void;
  nextBookletWrongWay(): void;
  ribbonMisses(share: number): void;
  otherIdentity(): void;
  sayStatus(code: number): void;
  /** After a change of the condition. */
  settle(): void;
}

const DEVICE_FAULTS = [
  'stop',
  'error',
  'cover-open',
  'jam',
  'booklet-removed',
  'power-loss',
  'wrong-way',
  'ribbon-faint',
  'silent',
  'busy-for-ever',
  'never-drains',
  'wrong-identity',
  'unknown-status',
  'ack-lost',
  'ack-duplicated',
  'ack-late',
  'truncated-reply',
  'message-queue-overflow',
] as const;
type DeviceFault = FaultOf<(typeof DEVICE_FAULTS)[number]>;

const isDeviceFault = (fault: Fault): fault is DeviceFault => DEVICE_FAULTS.some((kind) => kind === fault.kind);

/** Makes the engine carry out, on this printer, what is not a matter of the line. */
export function carryOutDeviceFaults(engine: FaultEngine, port: FaultPort): void {
  engine.carriesOut(DEVICE_FAULTS, (fault) => {
    if (isDeviceFault(fault)) carryOut(fault, port);
  });
}

function carryOut(fault: DeviceFault, port: FaultPort): void {
  const { condition, messages, time } = port;
  switch (fault.kind) {
    case 'stop':
      port.pressStop();
      break;
    case 'error':
      port.fail('hardware');
      break;
    case 'cover-open':
      port.openCover();
      break;
    case 'jam':
      port.jam();
      break;
    case 'booklet-removed':
      port.tearBookletOut();
      break;
    case 'power-loss':
      port.powerOff();
      if (fault.bootAfterMs !== undefined) time.after(fault.bootAfterMs, () => port.powerOn());
      break;
    case 'wrong-way':
      port.nextBookletWrongWay();
      break;
    case 'ribbon-faint':
      port.ribbonMisses(fault.share ?? 0.5);
      break;
    case 'silent':
      forATime(port, fault.ms, (on) => {
        condition.silent = on;
      });
      break;
    case 'never-drains':
      forATime(port, fault.ms, (on) => {
        condition.takesNothing = on;
      });
      break;
    case 'busy-for-ever':
      condition.stalled = true;
      port.settle();
      break;
    case 'wrong-identity':
      port.otherIdentity();
      break;
    case 'unknown-status':
      port.sayStatus(fault.code ?? 7);
      break;
    case 'ack-lost':
    case 'ack-duplicated':
    case 'ack-late':
      messages.spoil({ kind: fault.kind });
      break;
    case 'truncated-reply':
      messages.spoil({ kind: fault.kind, keep: fault.keep ?? 2 });
      break;
    case 'message-queue-overflow':
      messages.spoil({ kind: fault.kind, count: fault.count ?? 5 });
      break;
  }
}

function forATime(port: FaultPort, milliseconds: number | undefined, set: (on: boolean) => void): void {
  set(true);
  port.settle();
  if (milliseconds === undefined) return;
  port.time.after(milliseconds, () => {
    set(false);
    port.settle();
  });
}
