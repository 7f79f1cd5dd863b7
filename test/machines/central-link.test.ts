import { beforeAll, describe, expect, test } from 'vitest';
import { transition } from 'xstate';
import {
  backOff,
  type CentralLinkEvent,
  centralLinkMachine,
  DEGRADED_WINDOW,
  OFFLINE_AFTER,
} from '../../machines/central-link.ts';
import { coverageOf, type Exploration, explore, type Step, told } from './exploration.ts';

type Link = typeof centralLinkMachine;

const forms = (last: number): { [Type in CentralLinkEvent['type']]: Extract<CentralLinkEvent, { type: Type }>[] } => ({
  PROBE: [{ type: 'PROBE' }],
  SUCCEEDED: [
    { type: 'SUCCEEDED', at: last + 1_000 },
    { type: 'SUCCEEDED', at: last + DEGRADED_WINDOW - 1 },
    { type: 'SUCCEEDED', at: last + DEGRADED_WINDOW },
  ],
  FAILED: (['feed', 'reports', 'time'] as const).map((of) => ({ type: 'FAILED', at: last + 1_000, reason: of, of })),
});

const exploration: Exploration<Link> = {
  machine: centralLinkMachine,
  inputs: [undefined as never],
  events: ({ context }) => Object.values(forms(context.lastFailureAt ?? 0)).flat(),
  alike: ({ value, context }) =>
    JSON.stringify([value, Math.min(context.failures, OFFLINE_AFTER), context.lastFailureAt === null, context.reason]),
};

let steps: Step<Link>[];
beforeAll(() => {
  steps = [...explore(exploration)];
});

function every(fits: (step: Step<Link>) => boolean, obeys: (step: Step<Link>) => boolean): void {
  const cases = steps.filter(fits);
  expect(cases.length).toBeGreaterThan(0);
  expect(cases.filter((step) => !obeys(step)).map(({ from, event, to }) => [from.value, event, to.value])).toEqual([]);
}
const isFailure = ({ event }: Step<Link>) => event.type === 'FAILED';
const isUp = (value: unknown) => value === 'online' || value === 'degraded';

describe('the central-link machine', () => {
  test('every pair of state and event is reached', () => {
    const coverage = coverageOf(centralLinkMachine, steps, exploration.alike);
    console.log(told('central-link', coverage));
    expect(coverage.missing).toEqual([]);
  });

  test('a good answer always means that the line stands', () => {
    every(
      ({ event }) => event.type === 'SUCCEEDED',
      ({ to }) => isUp(to.value) && to.context.failures === 0,
    );
  });

  test('a failure never makes the line better, and its reason is kept', () => {
    const rank = ['offline', 'probing', 'degraded', 'online'];
    every(isFailure, ({ from, to }) => rank.indexOf(to.value) <= rank.indexOf(from.value));
    every(isFailure, ({ event, to }) => event.type === 'FAILED' && to.context.reason === event.reason);
  });

  test('only the feed takes the line down: at the third failure in a row', () => {
    every(
      ({ from, to }) => isUp(from.value) && !isUp(to.value),
      ({ from, event }) =>
        event.type === 'FAILED' && event.of === 'feed' && from.context.failures === OFFLINE_AFTER - 1,
    );
    every(
      ({ from, event }) => isUp(from.value) && event.type === 'FAILED' && event.of !== 'feed',
      ({ from, to }) => to.value === 'degraded' && to.context.failures === from.context.failures,
    );
  });

  test('is online only when the last failure is past or lies before the outage that has ended', () => {
    every(
      ({ to }) => to.value === 'online',
      ({ to }) => to.context.lastFailureAt === null && to.context.reason === null,
    );
    every(
      ({ from, to }) => from.value === 'degraded' && to.value === 'online',
      ({ from, event }) =>
        event.type === 'SUCCEEDED' && event.at - (from.context.lastFailureAt ?? 0) >= DEGRADED_WINDOW,
    );
  });

  test('an attempt to reach the centre changes nothing on a line that stands', () => {
    every(
      ({ from, event }) => event.type === 'PROBE' && from.value !== 'offline',
      ({ from, to }) => from.value === to.value && from.context === to.context,
    );
  });

  test('degraded for as long as failures and successes come within five minutes', () => {
    let [snapshot] = transition(
      centralLinkMachine,
      centralLinkMachine.resolveState({ value: 'online', context: { failures: 0, lastFailureAt: null, reason: null } }),
      { type: 'FAILED', at: 0, reason: 'r', of: 'reports' },
    );
    for (let at = 60_000; at < 20 * 60_000; at += 60_000) {
      const event: CentralLinkEvent =
        at % 240_000 === 0 ? { type: 'FAILED', at, reason: 'r', of: 'feed' } : { type: 'SUCCEEDED', at };
      [snapshot] = transition(centralLinkMachine, snapshot, event);
      expect(snapshot.value).toBe('degraded');
    }
  });
});

describe('back-off', () => {
  test.each([
    [0, 0, null, 1_000],
    [1, 0.999, null, 1_000],
    [2, 0, null, 1_000],
    [2, 0.5, null, 1_500],
    [5, 0.999999, null, 16_000],
    [7, 0.999999, null, 60_000],
    [1_000, 0.999999, null, 60_000],
    [1_000, 0, null, 1_000],
    [1, 0, 45_000, 45_000],
    [1, 0, 0, 1_000],
  ])('after %i failures with %d: retry after %s gives %i ms', (failures, random, retryAfter, expected) => {
    expect(backOff(failures, random, retryAfter)).toBe(expected);
  });
});
