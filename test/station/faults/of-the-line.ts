import {
  type Act,
  BEFORE_INK,
  cases,
  EJECTING,
  type FaultCase,
  FIRST_BYTES,
  FIRST_PAGE_BYTES,
  fault,
  flawed,
  inPrint,
  LAST_BYTE,
  MID_LINE,
  MID_PAGE,
  NOW,
  now,
} from './case.ts';

const unplug: Act = ({ device }) => device.unplug();

/** Cable and what passes through it. */
export const LINE_FAULTS: readonly FaultCase[] = [
  ...cases(
    'unplug',
    ['before connect', unplug, 'before connect', 'printed', 'disconnected'],
    ['idle', unplug, 'idle', 'printed', 'disconnected'],
    ['insert', unplug, 'awaiting the booklet', 'printed', 'disconnected'],
    ['print', unplug, 'ready', 'printed', 'disconnected'],
    ['intent', unplug, 'between intent and first byte', 'not-printed', 'disconnected'],
    ['read-back', unplug, 'while reading back', 'printed', 'disconnected'],
  ),
  ...inPrint(
    'unplug',
    { kind: 'unplug' },
    [FIRST_BYTES, 'in the first bytes', 'not-printed', 'disconnected'],
    [BEFORE_INK, 'while the booklet goes in', 'not-printed', 'disconnected'],
    [FIRST_PAGE_BYTES, 'in the first bytes of the page', 'in-doubt', 'in-doubt'],
    [MID_PAGE, 'mid page', 'in-doubt', 'in-doubt'],
    [MID_LINE, 'mid line', 'in-doubt', 'in-doubt'],
    [LAST_BYTE, 'after the last byte', 'in-doubt', 'in-doubt'],
    [EJECTING, 'while ejecting', 'in-doubt', 'in-doubt'],
  ),
  ...inPrint('unplug, back at once', { kind: 'unplug', replugAfterMs: 100 }, [
    MID_PAGE,
    'mid page',
    'in-doubt',
    'in-doubt',
  ]),
  ...cases('opens, then dies', [
    'before connect',
    now({ kind: 'opens-then-dies', ms: 100 }),
    'before connect',
    'printed',
    'disconnected',
  ]),
  ...cases('slow drip', [
    'print',
    ({ device }) => {
      device.addFault({ kind: 'slow-drip', trigger: MID_PAGE });
      device.addFault({ kind: 'slow-drip', bytesPerSecond: 1920, trigger: { at: 'time', ms: 1_200_000 } });
    },
    'from mid page on, for twenty minutes',
    'in-doubt',
    'in-doubt',
    'disconnected',
  ]),
  ...inPrint('answers byte by byte', { kind: 'split-chunks' }, [NOW, 'the whole print', 'printed']),
  ...inPrint('answers in heaps', { kind: 'merged-chunks', ms: 400 }, [NOW, 'the whole print', 'printed']),
  ...cases('garbage', ['before connect', now({ kind: 'garbage', count: 40 }), 'before the first frame', 'printed']),
  ...inPrint('garbage to the station', { kind: 'garbage', count: 40 }, [MID_PAGE, 'mid page', 'printed']),
  ...inPrint('an answer cut short', { kind: 'truncated-reply' }, [MID_PAGE, 'mid page', 'in-doubt', 'in-doubt']),
  ...inPrint('an unknown status', { kind: 'unknown-status' }, [MID_PAGE, 'mid page', 'printed']),
  ...flawed(
    inPrint('garbage to the printer', { kind: 'garbage', count: 9, direction: 'to-device' }, [
      MID_PAGE,
      'mid page',
      'printed',
    ]),
  ),
  ...flawed(
    inPrint('a byte lost', { kind: 'dropped-byte', direction: 'to-device' }, [MID_PAGE, 'mid page', 'printed']),
  ),
];

/** Messages of the device that are lost, doubled or late. */
export const MESSAGE_FAULTS: readonly FaultCase[] = [
  ...inPrint(
    'acknowledgement lost',
    { kind: 'ack-lost' },
    [NOW, 'of the head', 'not-printed', 'disconnected'],
    [MID_PAGE, 'mid page', 'in-doubt', 'in-doubt'],
    [EJECTING, 'the last one', 'in-doubt', 'in-doubt'],
  ),
  ...inPrint(
    'acknowledgement doubled',
    { kind: 'ack-duplicated' },
    [NOW, 'of the head', 'printed'],
    [MID_PAGE, 'mid page', 'printed'],
    [EJECTING, 'the last one', 'printed'],
  ),
  ...inPrint(
    'acknowledgement in a later session',
    { kind: 'ack-late' },
    [NOW, 'of the head', 'not-printed', 'disconnected'],
    [EJECTING, 'the last one', 'in-doubt', 'in-doubt'],
  ),
  ...cases('message lost', [
    'insert',
    now({ kind: 'message-queue-overflow', count: 1 }),
    'that a booklet is there',
    'printed',
  ]),
  ...inPrint('message lost', { kind: 'message-queue-overflow', count: 1 }, [
    EJECTING,
    'that the booklet is out',
    'printed',
  ]),
  ...cases('message lost', [
    'idle',
    async ({ device, office }) => {
      device.pressStop();
      await office.pass(1_000);
      device.addFault(fault({ kind: 'message-queue-overflow', count: 1 }));
      device.pressStart();
    },
    'that STOP is over',
    'printed',
    'attention/stopped-by-operator',
  ]),
];
