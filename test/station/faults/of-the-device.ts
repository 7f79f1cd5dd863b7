import {
  type Act,
  BEFORE_INK,
  cases,
  EJECTING,
  type FaultCase,
  FIRST_BYTES,
  flawed,
  inPrint,
  LAST_BYTE,
  MID_LINE,
  MID_PAGE,
  now,
} from './case.ts';

const powerOff: Act = ({ device }) => device.powerOff();
const openCover: Act = ({ device }) => device.openCover();
const pressStop: Act = ({ device }) => device.pressStop();

/** Key and cover cannot be told apart (Programming Guide p224): the steps name both. */
const WAITING = 'waiting/stopped-by-operator';
const STOPPED = 'attention/stopped-by-operator';

/** The printer's mains. */
export const POWER_FAULTS: readonly FaultCase[] = [
  ...cases(
    'power loss',
    ['idle', powerOff, 'idle', 'printed', 'disconnected'],
    ['print', powerOff, 'ready', 'not-printed', 'disconnected'],
    ['read-back', powerOff, 'while reading back', 'printed'],
  ),
  ...inPrint(
    'power loss',
    { kind: 'power-loss' },
    [BEFORE_INK, 'while the booklet goes in', 'not-printed', 'disconnected'],
    [MID_PAGE, 'mid page', 'in-doubt', 'in-doubt'],
    [MID_LINE, 'mid line', 'in-doubt', 'in-doubt'],
    [LAST_BYTE, 'after the last byte', 'in-doubt', 'in-doubt'],
  ),
  ...inPrint(
    'power loss, back at once',
    { kind: 'power-loss', bootAfterMs: 200 },
    [MID_PAGE, 'mid page', 'in-doubt', 'in-doubt'],
    [LAST_BYTE, 'after the last byte', 'in-doubt', 'in-doubt'],
  ),
];

/** The printer, its panel and the booklet in it. */
export const DEVICE_FAULTS: readonly FaultCase[] = [
  ...cases('jam', ['print', now({ kind: 'jam' }), 'ready', 'printed', 'print/other', 'insert/other']),
  ...inPrint(
    'jam',
    { kind: 'jam' },
    [BEFORE_INK, 'while the booklet goes in', 'not-printed', 'disconnected'],
    [MID_PAGE, 'mid page', 'in-doubt', 'in-doubt'],
    [MID_LINE, 'mid line', 'in-doubt', 'in-doubt'],
    [EJECTING, 'while ejecting', 'in-doubt', 'in-doubt'],
  ),
  ...cases(
    'cover open',
    ['idle', openCover, 'idle', 'printed', STOPPED],
    ['print', openCover, 'ready', 'printed', WAITING],
  ),
  ...inPrint(
    'cover open',
    { kind: 'cover-open' },
    [FIRST_BYTES, 'in the first bytes', 'printed', WAITING],
    [MID_PAGE, 'mid page', 'printed', WAITING],
    [MID_LINE, 'mid line', 'printed', WAITING],
    [EJECTING, 'while ejecting', 'printed', WAITING],
  ),
  ...cases(
    'STOP key',
    ['before connect', pressStop, 'before connect', 'printed', 'disconnected'],
    ['idle', pressStop, 'idle', 'printed', STOPPED],
    ['insert', pressStop, 'awaiting the booklet', 'printed', WAITING],
    ['print', pressStop, 'before print', 'printed', WAITING],
    ['read-back', pressStop, 'while reading back', 'printed', STOPPED],
  ),
  ...inPrint(
    'STOP key',
    { kind: 'stop' },
    [MID_PAGE, 'mid page', 'printed', WAITING],
    [MID_LINE, 'mid line', 'printed', WAITING],
    [LAST_BYTE, 'after the last byte', 'printed', WAITING],
  ),
  ...cases(
    'ERROR',
    ['before connect', now({ kind: 'error' }), 'before connect', 'printed', 'disconnected'],
    ['idle', now({ kind: 'error' }), 'idle', 'printed', 'attention/other'],
    ['print', now({ kind: 'error' }), 'ready', 'printed', 'print/other'],
    ['read-back', now({ kind: 'error' }), 'while reading back', 'printed', 'attention/other'],
  ),
  ...inPrint(
    'ERROR',
    { kind: 'error' },
    [BEFORE_INK, 'before the page', 'not-printed', 'disconnected'],
    [MID_PAGE, 'mid page', 'in-doubt', 'in-doubt'],
    [MID_LINE, 'mid line', 'in-doubt', 'in-doubt'],
    [EJECTING, 'after the page', 'in-doubt', 'in-doubt'],
  ),
  ...cases(
    'silent',
    ['before connect', now({ kind: 'silent', ms: 60_000 }), 'at connect, for a minute', 'printed', 'disconnected'],
    ['idle', now({ kind: 'silent' }), 'idle, for ever', 'printed', 'disconnected'],
    ['print', now({ kind: 'silent' }), 'ready, for ever', 'not-printed', 'disconnected'],
  ),
  ...inPrint(
    'silent',
    { kind: 'silent' },
    [MID_PAGE, 'mid page, for ever', 'in-doubt', 'in-doubt', 'disconnected'],
    [LAST_BYTE, 'after the last byte, for ever', 'in-doubt', 'in-doubt', 'disconnected'],
  ),
  ...inPrint('takes no bytes', { kind: 'never-drains' }, [MID_PAGE, 'mid page, for ever', 'in-doubt', 'in-doubt']),
  ...inPrint(
    'busy for ever',
    { kind: 'busy-for-ever' },
    [BEFORE_INK, 'before the page', 'not-printed', 'disconnected'],
    [MID_PAGE, 'mid page', 'in-doubt', 'in-doubt'],
  ),
  ...inPrint('booklet pulled out', { kind: 'booklet-removed' }, [
    BEFORE_INK,
    'while it goes in',
    'not-printed',
    'disconnected',
  ]),
  ...inPrint(
    'booklet pulled out',
    { kind: 'booklet-removed' },
    [MID_PAGE, 'mid page', 'in-doubt', 'in-doubt'],
    [EJECTING, 'while ejecting', 'in-doubt', 'in-doubt'],
  ),
  ...cases('booklet pulled out', ['print', ({ device }) => void device.removeBooklet(), 'ready', 'printed']),
  ...flawed(inPrint('ribbon faint', { kind: 'ribbon-faint', share: 0.6 }, [MID_PAGE, 'from mid page on', 'printed'])),
  ...flawed(cases('wrong way round', ['insert', now({ kind: 'wrong-way' }), 'the booklet goes in', 'printed'])),
];
