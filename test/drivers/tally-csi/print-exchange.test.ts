import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutcomeReason } from '../../../drivers/driver.ts';
import type { GlobalStatus } from '../../../drivers/printers/tally-csi/messages.ts';
import { outcomeOf } from '../../../drivers/printers/tally-csi/outcome.ts';
import {
  beginPrint,
  CHUNK_BYTES,
  type PrintAction,
  type PrintEvent,
  type PrintPlan,
  type PrintState,
  stepPrint,
} from '../../../drivers/printers/tally-csi/print-exchange.ts';

const PLAN: PrintPlan = {
  page: { bytes: new Uint8Array(620), points: [20, 400], inkStart: 24, tailStart: 610 },
  numbers: { turns: [41, 42], printed: 40 },
};
const TOTAL = PLAN.page.bytes.length;

const ack = (number: number): PrintEvent => ({
  kind: 'message',
  message: { kind: 'acknowledgement', number, raw: `CSI ${number} ! t` },
});
const gps = (status: GlobalStatus): PrintEvent => ({
  kind: 'message',
  message: { kind: 'status', status, raw: `GPS ${status}` },
});
const EVENTS: Record<string, PrintEvent> = {
  'ack of the head': ack(41),
  'ack of the band': ack(42),
  'ack of the page': ack(40),
  'ack of another': ack(39),
  online: gps('online'),
  stop: gps('stop'),
  error: gps('error'),
  paper: { kind: 'message', message: { kind: 'paper', covered: true, raw: 'CSI 1;4 " z' } },
  unlisted: { kind: 'message', message: { kind: 'unlisted', raw: 'CSI 9 ! x' } },
  taken: { kind: 'taken' },
  lost: { kind: 'lost', handedOver: null },
  expired: { kind: 'expired' },
  abandoned: { kind: 'abandoned' },
};

const base: PrintState = { phase: 'page', handedOver: 276, passed: 1, inFlight: true, held: false, torn: false };
const loading: PrintState = { ...base, phase: 'loading', handedOver: 20, passed: 0 };
const confirming: PrintState = { ...base, phase: 'confirming', handedOver: TOTAL, passed: 2, inFlight: false };
const STATES: Record<string, PrintState> = {
  'loading, in flight': loading,
  'loading, taken': { ...loading, inFlight: false },
  'loading, held': { ...loading, inFlight: false, held: true },
  'page, in flight': base,
  'page, in flight, held': { ...base, held: true },
  'page, taken, held at a point': { ...base, handedOver: 400, inFlight: false, held: true },
  'all handed over, not taken': { ...base, handedOver: TOTAL, passed: 2 },
  'all handed over, a band not answered': { ...confirming, passed: 1 },
  confirming,
  'confirming, held': { ...confirming, held: true },
  ended: { ...base, phase: 'ended' },
};

/** `-`: nothing; a reason: finishes with it; otherwise the actions in short. */
const brief = (actions: readonly PrintAction[]): string =>
  actions
    .map((action) => {
      switch (action.do) {
        case 'send':
          return `send ${action.from}-${action.to} ${action.content}`;
        case 'deadline':
          return `deadline ${action.of}`;
        case 'report':
          return action.progress;
        case 'finish':
          return action.reason;
        default:
          return action.do;
      }
    })
    .join(', ') || '-';

const FIRST = 'deadline chunk, send 20-276 page';
const NEXT = 'deadline chunk, send 276-400 page';
const THIRD = 'deadline chunk, send 400-610 page';
const WRONG = 'protocol-violation';
const ERROR = 'device-error';
const SENT = 'sent, deadline acknowledge';
/** Rows as in STATES; columns as in EVENTS up to `taken`. ONLINE without a STOP means that the device started anew. */
const TABLE: Record<string, string[]> = {
  //                                     head   band  page  other online stop error paper unlisted taken
  'loading, in flight': ['-', '-', WRONG, '-', ERROR, 'hold', ERROR, '-', '-', 'sending'],
  'loading, taken': [FIRST, '-', WRONG, '-', ERROR, 'hold', ERROR, '-', '-', 'sending'],
  'loading, held': ['-', '-', WRONG, '-', 'release', '-', ERROR, '-', '-', 'sending'],
  'page, in flight': ['-', '-', WRONG, '-', ERROR, 'hold', ERROR, '-', '-', `sending, ${NEXT}`],
  'page, in flight, held': ['-', '-', WRONG, '-', 'release', '-', ERROR, '-', '-', `sending, ${NEXT}`],
  'page, taken, held at a point': ['-', '-', WRONG, '-', `release, ${THIRD}`, '-', ERROR, '-', '-', 'sending'],
  'all handed over, not taken': ['-', '-', 'acknowledged', '-', ERROR, 'hold', ERROR, '-', '-', SENT],
  'all handed over, a band not answered': ['-', '-', WRONG, '-', ERROR, 'hold', ERROR, '-', '-', SENT],
  confirming: ['-', '-', 'acknowledged', '-', ERROR, 'hold', ERROR, '-', '-', SENT],
  'confirming, held': ['-', '-', 'acknowledged', '-', 'release', '-', ERROR, '-', '-', SENT],
  ended: ['-', '-', '-', '-', '-', '-', '-', '-', '-', '-'],
};

describe('print exchange: every state with every event', () => {
  for (const [stateName, state] of Object.entries(STATES)) {
    const row = [
      ...TABLE[stateName]!,
      ...(state.phase === 'ended' ? ['-', '-', '-'] : ['connection-lost', 'timed-out', 'session-closed']),
    ];
    Object.entries(EVENTS).forEach(([eventName, event], column) => {
      it(`${stateName} + ${eventName}: ${row[column]}`, () => {
        expect(brief(stepPrint(PLAN, state, event).actions)).toBe(row[column]);
      });
    });
  }
});

describe('print exchange: a whole print', () => {
  it('sends the head, waits for the document, then chunk after chunk', () => {
    let step = beginPrint(PLAN, false);
    const said = [brief(step.actions)];
    const taken = EVENTS.taken!;
    const events = [taken, ack(41), taken, taken, ack(42), ack(42), taken, taken, ack(40)];
    for (const event of events) {
      step = stepPrint(PLAN, step.state, event);
      said.push(brief(step.actions));
    }
    expect(said).toEqual([
      'deadline load, send 0-20 command',
      'sending',
      FIRST,
      `sending, ${NEXT}`,
      `sending, ${THIRD}`,
      '-',
      '-',
      'sending, deadline chunk, send 610-620 command',
      SENT,
      'acknowledged',
    ]);
  });

  it('in STOP sends the band begun to its end and no further', () => {
    const stopped = stepPrint(PLAN, base, gps('stop'));
    const rest = stepPrint(PLAN, stopped.state, { kind: 'taken' });
    expect(brief(rest.actions)).toBe(`sending, ${NEXT}`);
    const resting = stepPrint(PLAN, rest.state, { kind: 'taken' });
    expect(brief(resting.actions)).toBe('sending');
    expect(brief(stepPrint(PLAN, resting.state, gps('online')).actions)).toBe(`release, ${THIRD}`);
  });

  it('begins held where the device is in STOP, and no deadline runs', () => {
    expect(brief(beginPrint(PLAN, true).actions)).toBe('hold, deadline load, send 0-20 command');
  });

  it('keeps its promises for any order of events', () => {
    const anyEvent = fc.constantFrom(
      ...Object.values(EVENTS).filter((event) => event.kind !== 'taken'),
      'taken' as const,
    );
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), fc.boolean(), (events, held) => {
        let step = beginPrint(PLAN, held);
        let loaded = false;
        let banded = false;
        let sentTo = 0;
        let finished: OutcomeReason | null = null;
        const check = () => {
          for (const action of step.actions) {
            expect(finished).toBeNull();
            if (action.do === 'send') {
              expect(action.from).toBe(sentTo);
              expect(action.to - action.from).toBeLessThanOrEqual(CHUNK_BYTES);
              if (action.from > 0) {
                expect(loaded).toBe(true);
                if (PLAN.page.points.includes(action.from)) expect(step.state.held).toBe(false);
              }
              sentTo = action.to;
            }
            if (action.do === 'finish') {
              finished = action.reason;
              if (action.reason === 'acknowledged') expect([sentTo, loaded, banded]).toEqual([TOTAL, true, true]);
            }
          }
          expect(step.state.handedOver).toBe(sentTo);
        };
        check();
        for (const event of events) {
          if (event === 'taken' && !step.state.inFlight) continue;
          if (event === EVENTS['ack of the head']) loaded = true;
          if (event === EVENTS['ack of the band'] && sentTo >= 400) banded = true;
          step = stepPrint(PLAN, step.state, event === 'taken' ? { kind: 'taken' } : event);
          check();
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the three-valued rule', () => {
  const REASONS: readonly OutcomeReason[] = [
    'acknowledged',
    'refused-before-page',
    'device-error',
    'connection-lost',
    'timed-out',
    'protocol-violation',
    'session-closed',
  ];
  it('is printed by acknowledgement only, not-printed only without an ink byte, else unknown', () => {
    const table = REASONS.flatMap((reason) => [false, true].map((ink) => [reason, ink, outcomeOf(reason, ink)]));
    expect(table).toEqual([
      ['acknowledged', false, 'printed'],
      ['acknowledged', true, 'printed'],
      ['refused-before-page', false, 'not-printed'],
      ['refused-before-page', true, 'unknown'],
      ['device-error', false, 'not-printed'],
      ['device-error', true, 'unknown'],
      ['connection-lost', false, 'not-printed'],
      ['connection-lost', true, 'unknown'],
      ['timed-out', false, 'not-printed'],
      ['timed-out', true, 'unknown'],
      ['protocol-violation', false, 'not-printed'],
      ['protocol-violation', true, 'unknown'],
      ['session-closed', false, 'not-printed'],
      ['session-closed', true, 'unknown'],
    ]);
  });
});
