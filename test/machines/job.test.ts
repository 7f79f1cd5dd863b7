import { beforeAll, describe, expect, test } from 'vitest';
import { transition } from 'xstate';
import { type JobEvent, type JobEventType, jobMachine, WAITING_STATES } from '../../machines/job.ts';
import { JOB_STATES } from '../../src/domain/job.ts';
import { coverageOf, type Exploration, explore, type Step, told } from './exploration.ts';

type Job = typeof jobMachine;

/** The compiler asks for every member. */
const EVENTS: Record<JobEventType, true> = {
  'payment-required': true,
  'approval-required': true,
  paid: true,
  approved: true,
  rejected: true,
  revoked: true,
  released: true,
  bound: true,
  unbound: true,
  intended: true,
  printed: true,
  'not-printed': true,
  'in-doubt': true,
  'resolved-printed': true,
  'resolved-blank': true,
  'read-back-matched': true,
  'quality-passed': true,
  'quality-failed': true,
  spoiled: true,
  'handed-over': true,
  held: true,
  resumed: true,
  cancelled: true,
  referred: true,
};

const exploration: Exploration<Job> = {
  machine: jobMachine,
  inputs: [null, ...WAITING_STATES].map((heldFrom) => ({ heldFrom })),
  events: () => Object.keys(EVENTS).map((type) => ({ type }) as JobEvent),
  alike: ({ value, context }) => `${value} ${context.heldFrom}`,
};

let steps: Step<Job>[];
beforeAll(() => {
  steps = [...explore(exploration)];
});

const moved = ({ from, to }: Step<Job>) => from.value !== to.value;
/** Ink exists: what comes before is over. */
const INKED = ['printed', 'quality-check', 'quality-failed', 'ready', 'handed-over'] as const;

describe('the job machine', () => {
  test('every pair of state and event is reached, and every state of a job is one of the machine', () => {
    const coverage = coverageOf(jobMachine, steps, exploration.alike);
    console.log(told('job', coverage));
    expect(coverage.missing).toEqual([]);
    expect(new Set(steps.map(({ from }) => from.value))).toEqual(new Set(JOB_STATES));
    expect(new Set(jobMachine.events)).toEqual(new Set(Object.keys(EVENTS)));
  });

  test('final states absorb everything', () => {
    const final = steps.filter(({ from }) => ['handed-over', 'cancelled', 'referred'].includes(from.value as string));
    expect(final.length).toBeGreaterThan(0);
    for (const step of final) {
      expect(moved(step)).toBe(false);
      expect(step.from.can(step.event)).toBe(false);
    }
  });

  test('nothing is printed without approval, release, binding and intent, in this order', () => {
    const before: Record<string, string[]> = {
      approved: ['awaiting-approval', 'rejected', 'held'],
      released: ['approved', 'bound', 'held'],
      bound: ['released', 'printing', 'in-doubt'],
      printing: ['bound'],
    };
    for (const [state, allowed] of Object.entries(before)) {
      const entries = steps.filter((step) => moved(step) && step.to.value === state);
      expect([...new Set(entries.map(({ from }) => from.value))].toSorted()).toEqual(allowed.toSorted());
    }
    const intends = steps.filter(({ from, to }) => from.value === 'bound' && to.value === 'printing');
    expect(new Set(intends.map(({ event }) => event.type))).toEqual(new Set(['intended']));
  });

  test('an attempt whose outcome is not known is left only by people', () => {
    const out = steps.filter((step) => step.from.value === 'in-doubt' && moved(step));
    expect(Object.fromEntries(out.map(({ event, to }) => [event.type, to.value]))).toEqual({
      'resolved-printed': 'printed',
      'resolved-blank': 'bound',
      spoiled: 'awaiting-approval',
    });
  });

  test('once ink exists, only a spoil leads back, and it asks for a new approval', () => {
    const back = steps.filter(
      (step) => moved(step) && INKED.includes(step.from.value as never) && !INKED.includes(step.to.value as never),
    );
    expect(new Set(back.map(({ event, to }) => `${event.type} ${to.value}`))).toEqual(
      new Set(['spoiled awaiting-approval']),
    );
  });

  test('a book is ready only after its read-back matched and another look passed it', () => {
    const into = steps.filter((step) => moved(step) && step.to.value === 'ready');
    expect(new Set(into.map(({ from, event }) => `${from.value} ${event.type}`))).toEqual(
      new Set(['quality-check quality-passed']),
    );
    const checked = steps.filter((step) => moved(step) && step.to.value === 'quality-check');
    expect(new Set(checked.map(({ from, event }) => `${from.value} ${event.type}`))).toEqual(
      new Set(['printed read-back-matched']),
    );
  });

  test.each(WAITING_STATES)('held from %s goes back there', (heldFrom) => {
    const held = jobMachine.resolveState({ value: 'held', context: { heldFrom } });
    expect(transition(jobMachine, held, { type: 'resumed' })[0].value).toBe(heldFrom);
    const waiting = jobMachine.resolveState({ value: heldFrom, context: { heldFrom: null } });
    expect(transition(jobMachine, waiting, { type: 'held' })[0].value).toBe('held');
  });

  test('a hold that does not say from where is not resumed', () => {
    const held = jobMachine.resolveState({ value: 'held', context: { heldFrom: null } });
    expect(held.can({ type: 'resumed' })).toBe(false);
  });
});
