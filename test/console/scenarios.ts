import type { Page } from 'playwright-core';
import type { Role } from '../../src/domain/people.ts';
import { type FakeApi, type FakeState, PIN, problemOf } from './fake-api.ts';
import {
  ATTEMPT,
  ago,
  attempt,
  BINDING,
  BOOKLET,
  backlog,
  central,
  job,
  jobAtCounter,
  printer,
  quietOffice,
  signOff,
  station,
  withPrinter,
} from './office.ts';

/** Every screen in every state: what the accessibility test checks and the screenshots show. */
export interface Scenario {
  readonly name: string;
  readonly state: () => FakeState;
  readonly hash: string;
  readonly roles?: readonly Role[];
  readonly person?: string;
  /** What a person does first. Buttons are found by their place, so that it works in both languages. */
  readonly act?: (page: Page, api: FakeApi) => Promise<unknown>;
  readonly signedOut?: boolean;
}

const ALL: readonly Role[] = ['operator', 'quality', 'supervisor'];

const reason = (keyword: string, severity: 'warning' | 'error', raw: string) => ({ keyword, severity, raw });

const bound = (more: Parameters<typeof printer>[1], state: 'bound' | 'printing' | 'printed' = 'bound') =>
  withPrinter(
    { binding: BINDING, ...(state === 'bound' ? {} : { attempt: ATTEMPT }), ...more },
    {
      jobs: [jobAtCounter(state, state !== 'bound'), job('released')],
      attempts: [attempt(state === 'printed' ? 'printed' : 'sending')],
    },
  );

const inDoubt = (more: Partial<FakeState> = {}, deviceEmpty = true, resolved: 'spoiled' | null = null) =>
  withPrinter(
    {
      state: 'locked.inDoubt',
      attempt: ATTEMPT,
      lock: { attempt: ATTEMPT, resolved, deviceEmpty },
      asks: deviceEmpty ? [] : ['purged'],
      reasons: deviceEmpty ? [] : [reason('connecting-to-device', 'error', 'no answer to CSI 17 ! t')],
    },
    {
      jobs: [jobAtCounter('in-doubt', true)],
      attempts: [
        attempt('in-doubt', {
          reason: 'connection-lost',
          evidence: [
            {
              at: ago(3),
              kind: 'attempt-ended',
              text: '21504 of 48210 bytes handed over, page begun: yes; device: 0 ms CSI 0 ! z',
            },
          ],
        }),
      ],
      ...more,
    },
  );

const atCounter: Omit<Scenario, 'hash'>[] = [
  { name: 'counter-free', state: () => quietOffice({ jobs: [job('released'), job('released')] }) },
  {
    name: 'counter-free-refused',
    state: () => quietOffice({ jobs: [job('released', { priority: 'urgent' })] }),
    act: async (page, api) => {
      api.answer('POST', '/printers/counter-1/bindings', () =>
        problemOf(409, 'PST-405', 'This booklet cannot be used', 'Take another blank booklet and scan it.'),
      );
      await page.locator('#booklet-number').fill('A1234567');
      await page.keyboard.press('Enter');
      await page.locator('.problem').waitFor();
    },
  },
  { name: 'counter-nothing', state: () => quietOffice() },
  { name: 'counter-paused', state: () => withPrinter({ paused: true }) },
  { name: 'counter-insert', state: () => bound({ state: 'awaitingBooklet' }) },
  {
    name: 'counter-insert-asked',
    state: () => bound({ state: 'awaitingBooklet', asks: ['booklet-inserted'], bookletSensor: false }),
  },
  { name: 'counter-print', state: () => bound({ state: 'ready', booklet: 'present' }) },
  {
    name: 'counter-print-blocked',
    state: () =>
      bound({
        state: 'ready',
        booklet: 'present',
        reasons: [reason('cover-open', 'error', 'CSI 1 ! z')],
      }),
  },
  { name: 'counter-intending', state: () => bound({ state: 'printing.intending', booklet: 'present' }, 'printing') },
  {
    name: 'counter-sending',
    state: () =>
      bound(
        {
          state: 'printing.sending',
          booklet: 'present',
          ippState: 'processing',
          progress: { bytesAccepted: 31_000, bytesTotal: 48_210 },
        },
        'printing',
      ),
  },
  {
    name: 'counter-cancel',
    state: () =>
      bound(
        {
          state: 'printing.sending',
          booklet: 'present',
          progress: { bytesAccepted: 31_000, bytesTotal: 48_210 },
        },
        'printing',
      ),
    act: (page) => page.locator('.panel .button').click(),
  },
  { name: 'counter-confirming', state: () => bound({ state: 'printing.confirming', booklet: 'present' }, 'printing') },
  {
    name: 'counter-waiting',
    state: () =>
      bound(
        {
          state: 'printing.awaitingOperator',
          ippState: 'stopped',
          reasons: [reason('paused', 'warning', 'CSI 1 ! z')],
        },
        'printing',
      ),
  },
  { name: 'counter-read-back', state: () => bound({ state: 'readingBack', binding: null }, 'printed') },
  {
    name: 'counter-read-back-asked',
    state: () => bound({ state: 'readingBack', binding: null, asks: ['booklet-removed'] }, 'printed'),
  },
  {
    name: 'counter-read-back-differs',
    state: () => bound({ state: 'readingBack', binding: null }, 'printed'),
    act: async (page, api) => {
      api.answer('POST', `/attempts/${ATTEMPT}/read-back`, () => ({
        status: 200,
        body: {
          match: false,
          differences: [
            { line: 1, position: 9, expected: 'K', read: 'X' },
            { line: 2, position: 1, expected: 'L', read: 'I' },
          ],
        },
      }));
      await page.locator('.read-back .acts .button').first().click();
      await page.locator('.differences').waitFor();
    },
  },
  {
    name: 'counter-read-back-spoil',
    state: () => ({
      ...bound({ state: 'readingBack', binding: null }, 'printed'),
      signOffs: [signOff({ act: 'booklet.spoil', subject: BOOKLET })],
    }),
  },
  { name: 'counter-remove', state: () => bound({ state: 'presenting', binding: null, booklet: 'present' }, 'printed') },
  {
    name: 'counter-remove-asked',
    state: () =>
      bound({ state: 'presenting', binding: null, bookletSensor: false, asks: ['booklet-removed'] }, 'printed'),
  },
  {
    name: 'counter-attention-jam',
    state: () =>
      withPrinter({
        state: 'attention',
        booklet: 'jammed',
        ippState: 'stopped',
        reasons: [reason('media-jam', 'error', 'CSI 2 ! z'), reason('cover-open', 'warning', 'CSI 1 ! z')],
      }),
  },
  { name: 'counter-attention-inside', state: () => withPrinter({ state: 'attention', booklet: 'present' }) },
  {
    name: 'counter-disconnected',
    state: () =>
      withPrinter({
        state: 'disconnected',
        asks: ['attended'],
        reasons: [reason('connecting-to-device', 'error', 'ENOENT /dev/ttyUSB0')],
        recovery: { tries: 6, lastFailure: 'port not found' },
      }),
  },
  { name: 'counter-starting', state: () => withPrinter({ state: 'identifying', identity: null }) },
  {
    name: 'counter-wrong-device',
    state: () => withPrinter({ state: 'wrongDevice', identity: { model: 'Epson PLQ-22', serial: null } }),
  },
  { name: 'counter-in-doubt', state: () => inDoubt() },
  { name: 'counter-in-doubt-purge', state: () => inDoubt({}, false) },
  { name: 'counter-unknown', state: () => withPrinter({ state: 'polishing' }) },
  {
    name: 'counter-alone',
    state: () => ({ ...quietOffice({ jobs: [job('released')] }), printers: [printer('counter-1')] }),
  },
  {
    name: 'counter-auditor',
    state: () => bound({ state: 'ready', booklet: 'present' }),
    roles: ['auditor'],
    person: 'dewi',
  },
];
const counter: Scenario[] = atCounter.map((one) => ({ hash: '#/counter/counter-1', ...one }));

const doubt: Scenario[] = [
  { name: 'doubt-empty', state: () => quietOffice() },
  { name: 'doubt-open', state: () => inDoubt() },
  { name: 'doubt-purge', state: () => inDoubt({}, false) },
  {
    name: 'doubt-chosen',
    state: () => inDoubt(),
    act: (page: Page) => page.locator('.finding input[type=radio]').nth(2).check(),
  },
  {
    name: 'doubt-missing',
    state: () => inDoubt(),
    act: (page: Page) => page.locator('.finding .button.next').click(),
  },
  { name: 'doubt-signing', state: () => inDoubt({ signOffs: [signOff()] }) },
  {
    name: 'doubt-wrong-pin',
    state: () => inDoubt({ signOffs: [signOff()] }),
    act: async (page: Page, api: FakeApi) => {
      api.answer('POST', '/sign-offs/sign-off-1/sign', () =>
        problemOf(401, 'PST-602', 'Name or PIN is wrong', 'The second person tries again.'),
      );
      await page.locator('.second-person input').first().fill('budi');
      await page.locator('.second-person input').nth(1).fill(PIN);
      await page.locator('.second-person .button.next').click();
      await page.locator('.problem').waitFor();
    },
  },
  {
    name: 'doubt-settled',
    state: () =>
      inDoubt(
        { attempts: [attempt('spoiled', { resolution: 'spoiled' })], jobs: [jobAtCounter('awaiting-approval', true)] },
        false,
        'spoiled',
      ),
  },
  { name: 'doubt-quality', state: () => inDoubt(), roles: ['quality'] as const, person: 'rina' },
].map((one) => ({
  hash: one.name === 'doubt-empty' ? '#/doubt' : `#/doubt/${ATTEMPT}`,
  ...one,
}));

const office: Scenario[] = [
  { name: 'queue', hash: '#/queue', state: () => quietOffice({ jobs: backlog() }) },
  { name: 'queue-empty', hash: '#/queue', state: () => quietOffice() },
  {
    name: 'queue-operator',
    hash: '#/queue',
    state: () => quietOffice({ jobs: backlog() }),
    roles: ['operator'],
  },
  {
    name: 'queue-family',
    hash: '#/queue',
    state: () => quietOffice({ jobs: backlog() }),
    act: (page) => page.locator('.queue-table .link').first().click(),
  },
  {
    name: 'queue-menu',
    hash: '#/queue',
    state: () => quietOffice({ jobs: backlog() }),
    act: (page) => page.locator('.icon-button').first().click(),
  },
  {
    name: 'queue-refer',
    hash: '#/queue',
    state: () => quietOffice({ jobs: backlog() }),
    act: async (page) => {
      await page.locator('.icon-button').first().click();
      await page.locator('.menu li button').nth(2).click();
    },
  },
  {
    name: 'queue-priority',
    hash: '#/queue',
    state: () => quietOffice({ jobs: backlog() }),
    act: async (page) => {
      await page.locator('.icon-button').first().click();
      await page.locator('.menu li button').nth(1).click();
    },
  },
  {
    name: 'release',
    hash: '#/queue',
    state: () => quietOffice({ jobs: backlog() }),
    act: async (page) => {
      await page.locator('.foot-bar .button:not(.next)').click();
      await page.locator('.foot-bar .button.next').click();
    },
  },
  {
    name: 'released',
    hash: '#/queue',
    state: () => quietOffice({ jobs: backlog() }),
    act: async (page, api) => {
      api.answer('POST', '/releases', ({ body }) => {
        const { jobs } = body as { jobs: string[] };
        return {
          status: 201,
          body: {
            reference: 'B-2026-11-22-003',
            released: jobs.slice(1),
            refused: jobs.slice(0, 1).map((id) => ({ job: id, code: 'PST-403' })),
          },
        };
      });
      await page.locator('.foot-bar .button:not(.next)').click();
      await page.locator('.foot-bar .button.next').click();
      await page.locator('.foot-bar .button.next').click();
      await page.locator('.reference').waitFor();
    },
  },
  {
    name: 'quality',
    hash: '#/quality',
    person: 'rina',
    state: () =>
      quietOffice({
        jobs: [
          { ...jobAtCounter('quality-check', true) },
          job('quality-check', { booklet: 'A1234568' }),
          job('quality-failed', { booklet: 'A1234551' }),
          job('ready', { booklet: 'A1234549' }),
        ],
        attempts: [attempt('printed', { readBack: 'matched' })],
      }),
  },
  {
    name: 'quality-fail',
    hash: '#/quality',
    person: 'rina',
    state: () => quietOffice({ jobs: [jobAtCounter('quality-check', true)], attempts: [attempt('printed')] }),
    act: (page) => page.locator('.part .button').first().click(),
  },
  {
    name: 'quality-own',
    hash: '#/quality',
    state: () => quietOffice({ jobs: [jobAtCounter('quality-check', true)], attempts: [attempt('printed')] }),
  },
  {
    name: 'quality-failed',
    hash: '#/quality',
    state: () => quietOffice({ jobs: [jobAtCounter('quality-failed', true)], attempts: [attempt('printed')] }),
  },
  {
    name: 'hand-over',
    hash: '#/quality',
    state: () => quietOffice({ jobs: [jobAtCounter('ready', true)] }),
  },
  { name: 'quality-empty', hash: '#/quality', state: () => quietOffice() },
  { name: 'centre', hash: '#/centre', state: () => quietOffice() },
  {
    name: 'centre-offline',
    hash: '#/centre',
    state: () =>
      quietOffice({
        central: central({
          state: 'offline',
          since: ago(95),
          lastContact: ago(95),
          clock: 'holdover',
          outbox: { waiting: 3, refused: 1 },
        }),
        outbox: ['intent', 'printed', 'stock', 'resolved'].map((kind, i) => ({
          seq: i + 1,
          jti: `jti-${i}`,
          kind,
          queuedAt: ago(90 - i),
          state: kind === 'stock' ? ('refused' as const) : ('waiting' as const),
          reason: kind === 'stock' ? 'unknown delivery' : null,
        })),
      }),
  },
  {
    name: 'centre-import',
    hash: '#/centre',
    state: () => quietOffice(),
    act: async (page, api) => {
      api.answer('POST', '/statements', () => ({
        status: 200,
        body: {
          results: [
            { status: 'stored', kind: 'approval', jti: 'a', reason: null },
            { status: 'known', kind: 'approval', jti: 'b', reason: null },
            { status: 'refused', kind: 'approval', jti: 'c', reason: 'wrong-station' },
          ],
        },
      }));
      await page.locator('textarea').fill('eyJ.a.b\neyJ.c.d\neyJ.e.f');
      await page.locator('.import .button.next').click();
      await page.locator('.import [role=status]').waitFor();
    },
  },
  { name: 'bench', hash: '#/bench/counter-1', state: () => quietOffice() },
  { name: 'bench-inside', hash: '#/bench/counter-2', state: () => quietOffice() },
  { name: 'bench-off', hash: '#/bench/counter-3', state: () => quietOffice() },
  {
    name: 'real-station',
    hash: '#/counter',
    state: () => quietOffice({ station: station({ simulated: false }), jobs: [job('released')] }),
  },
  { name: 'sign-in', hash: '', signedOut: true, state: () => quietOffice() },
  {
    name: 'sign-in-refused',
    hash: '',
    signedOut: true,
    state: () => quietOffice(),
    act: async (page, api) => {
      api.answer('POST', '/session', () => ({
        ...problemOf(429, 'PST-603', 'Too many wrong attempts', 'Wait before the next attempt.'),
        headers: { 'Retry-After': '30' },
      }));
      await page.locator('input').first().fill('siti');
      await page.locator('input').nth(1).fill('111222');
      await page.keyboard.press('Enter');
      await page.locator('.problem').waitFor();
    },
  },
];

export const SCENARIOS: readonly Scenario[] = [...counter, ...doubt, ...office];
export const rolesOf = (scenario: Scenario): readonly Role[] => scenario.roles ?? ALL;
export const personOf = (scenario: Scenario): string => scenario.person ?? 'siti';
