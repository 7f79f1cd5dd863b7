import type { Attempt, Central, Job, JobHolder, Printer, SignOff, Station } from '../../src/api/shapes.ts';
import { ippJobState } from '../../src/domain/job.ts';
import type { FakeState } from './fake-api.ts';

/** A fictitious office to put on the screens. Times are fixed: 22 November 2026, 10:42 in Pontianak. */
export const NOW = '2026-11-22T03:42:00Z';

export const ago = (minutes: number): string => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
const ahead = (hours: number): string => ago(-hours * 60);

export const station = (more: Partial<Station> = {}): Station => ({
  id: 'kng-01',
  office: 'KNG',
  timezone: 'Asia/Pontianak',
  language: 'en',
  simulated: true,
  release: 'supervisor',
  version: '0.1.0',
  now: NOW,
  ...more,
});

export const printer = (id: string, more: Partial<Printer> = {}): Printer => ({
  id,
  driver: 'tally-csi',
  state: 'idle',
  since: ago(12),
  ippState: 'idle',
  reasons: [],
  booklet: 'notPresent',
  identity: { model: 'Tally T5023+', serial: 'SIM-1' },
  bookletSensor: true,
  binding: null,
  attempt: null,
  progress: null,
  asks: [],
  paused: false,
  lock: null,
  recovery: { tries: 0, lastFailure: null },
  ...more,
});

let serial = 0;
export const job = (state: Job['state'], more: Partial<Job> = {}): Job => {
  serial += 1;
  const approved = !['received', 'awaiting-payment', 'awaiting-approval', 'rejected'].includes(state);
  return {
    id: `job-${serial}`,
    application: `10320260000${String(10_000 + serial * 37)}`,
    state,
    ippState: ippJobState(state),
    family: null,
    priority: 'normal',
    travelDate: null,
    receivedAt: ago(40 + (serial % 29) * 55),
    deadline: ahead(70 - (serial % 29) * 2),
    stateReason: null,
    approval: approved ? `approval-${serial}` : null,
    booklet: null,
    printer: null,
    release: null,
    recordSha256: '0'.repeat(64),
    attempts: [],
    ...more,
  };
};

export const ATTEMPT = 'attempt-7';
export const BOOKLET = 'A1234567';

/** A job that is bound to the booklet at `counter-1`, with its attempt where one is named. */
export const jobAtCounter = (state: Job['state'], withAttempt: boolean): Job =>
  job(state, {
    id: 'job-at-counter',
    application: '1032026000010074',
    receivedAt: ago(3000),
    booklet: BOOKLET,
    printer: 'counter-1',
    attempts: withAttempt ? [ATTEMPT] : [],
  });

export const BINDING = { id: 'binding-7', job: 'job-at-counter', booklet: BOOKLET, printer: 'counter-1' };

export const attempt = (state: Attempt['state'], more: Partial<Attempt> = {}): Attempt => ({
  id: ATTEMPT,
  job: 'job-at-counter',
  booklet: BOOKLET,
  printer: 'counter-1',
  approval: 'approval-7',
  number: 1,
  state,
  operator: 'siti',
  intendedAt: ago(3),
  pageSha256: '0'.repeat(64),
  reason: null,
  readBack: null,
  resolution: null,
  evidence: [],
  ...more,
});

export const HOLDER: JobHolder = {
  primaryIdentifier: 'ERIKSSON',
  secondaryIdentifier: 'ANNA MARIA',
  dateOfBirth: '1974-08-12',
  mrz: ['P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
};

export const signOff = (more: Partial<SignOff> = {}): SignOff => ({
  id: 'sign-off-1',
  act: 'attempt.resolve',
  text: 'Booklet A1234567 is spoiled and will be destroyed; its approval is spent. Reason: upper half printed, ribbon torn',
  requestedBy: 'siti',
  requestedAt: ago(1),
  expires: ago(-14),
  subject: ATTEMPT,
  ...more,
});

export const central = (more: Partial<Central> = {}): Central => ({
  state: 'online',
  since: ago(180),
  reason: null,
  lastContact: ago(0),
  clock: 'trusted',
  bundle: { version: 12, expires: '2026-12-20T00:00:00Z' },
  outbox: { waiting: 0, refused: 0 },
  jobsWaiting: 14,
  ...more,
});

/** Three printers, nothing going on. */
export const quietOffice = (more: Partial<FakeState> = {}): FakeState => ({
  station: station(),
  printers: [
    printer('counter-1'),
    printer('counter-2', { driver: 'pjl', identity: { model: 'LaserJet 400', serial: 'SIM-2' } }),
    printer('counter-3', { driver: 'escp', bookletSensor: false, booklet: 'unknown' }),
  ],
  jobs: [],
  holders: { 'job-at-counter': HOLDER },
  attempts: [],
  signOffs: [],
  central: central(),
  outbox: [],
  bench: {
    printers: [
      { id: 'counter-1', powered: true, coverOpen: false, booklet: null, deviceState: 'online', plugged: true },
      {
        id: 'counter-2',
        powered: true,
        coverOpen: false,
        booklet: { number: 'A0000004' },
        deviceState: 'online',
        plugged: true,
      },
      { id: 'counter-3', powered: false, coverOpen: true, booklet: null, deviceState: 'stop', plugged: false },
    ],
    centre: { state: 'up', pending: ['1032026000010407', '1032026000010444'] },
    trays: ['A0000001', 'A0000002', 'A0000003'],
  },
  families: {},
  ...more,
});

/** The same office with the given state at `counter-1`. */
export const withPrinter = (more: Partial<Printer>, office: Partial<FakeState> = {}): FakeState => {
  const quiet = quietOffice(office);
  return { ...quiet, printers: quiet.printers.map((one) => (one.id === 'counter-1' ? { ...one, ...more } : one)) };
};

/** A backlog as an outage leaves it: stages, a family, an urgent case, something overdue. */
export const backlog = (): Job[] => {
  const family = { family: 'KEL-204' };
  return [
    ...Array.from({ length: 5 }, () => job('awaiting-approval')),
    job('awaiting-approval', family),
    job('awaiting-approval', family),
    job('approved', family),
    job('approved', family),
    ...Array.from({ length: 6 }, () => job('approved')),
    job('approved', { priority: 'emergency', deadline: ahead(9) }),
    job('approved', { priority: 'urgent', deadline: ago(26 * 60) }),
    job('awaiting-payment', { deadline: null }),
    job('held', { stateReason: 'signature has to be taken again' }),
    job('released'),
    job('quality-check', { booklet: 'A1234550' }),
  ];
};
