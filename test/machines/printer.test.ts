import { beforeAll, describe, expect, test } from 'vitest';
import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import { type PrinterEvent, printerMachine } from '../../machines/printer.ts';
import { admissionOf, operationOf, PRINTER_STATES, printerState } from '../../machines/printer-view.ts';
import { coverageOf, explore, type Step, told } from './exploration.ts';
import { type Printer, printerExploration } from './printer-model.ts';

let steps: Step<Printer>[];
beforeAll(() => {
  steps = [...explore(printerExploration)];
}, 120_000);

const { events, alike } = printerExploration;
type Snapshot = SnapshotFrom<Printer>;
const from = (step: Step<Printer>) => operationOf(step.from);
const to = (step: Step<Printer>) => operationOf(step.to);
const isIn = (operation: string, ...states: readonly string[]) =>
  states.some((state) => operation === state || operation.startsWith(`${state}.`));
/** The page is on its way, or may be. */
const PAGE_OUT = ['printing.sending', 'printing.awaitingOperator', 'printing.confirming'];
/** No session to a device that has been looked at. */
const AWAY = ['disconnected', 'connecting', 'wrongDevice'];
const AT_WORK = ['idle', 'awaitingBooklet', 'ready', 'printing', 'readingBack', 'presenting'];

/** Every step that fits must obey; at least one must fit, so that no rule holds for want of cases. */
function every(fits: (step: Step<Printer>) => boolean, obeys: (step: Step<Printer>) => boolean): void {
  const cases = steps.filter(fits);
  expect(cases.length).toBeGreaterThan(0);
  const broken = cases.find((step) => !obeys(step));
  expect(
    broken && {
      path: broken.path.map(({ type }) => type),
      event: broken.event,
      from: from(broken),
      to: to(broken),
      facts: broken.to.context.facts,
    },
  ).toBeUndefined();
}

/** All that happens when these events come one after the other. */
function run(start: Snapshot, ...sent: PrinterEvent[]): { snapshot: Snapshot; effects: string[] } {
  const effects: string[] = [];
  let snapshot = start;
  for (const event of sent) {
    const [next, actions] = transition(printerMachine, snapshot, event);
    snapshot = next;
    effects.push(...actions.map(({ type }) => type));
  }
  return { snapshot, effects };
}
const times = (effects: readonly string[], name: string) => effects.filter((effect) => effect === name).length;

/** One snapshot of each situation. */
const situations = (): Snapshot[] => [...new Map(steps.map((step) => [alike(step.from), step.from])).values()];

describe('the printer machine', () => {
  test('every pair of state and event is reached', () => {
    const coverage = coverageOf(printerMachine, steps, alike);
    console.log(told('printer', coverage));
    expect(coverage.missing).toEqual([]);
  });

  test('every way that is drawn is taken', () => {
    const drawn = new Set<unknown>();
    const walk = (node: typeof printerMachine.root): void => {
      for (const transitions of node.transitions.values()) for (const each of transitions) drawn.add(each);
      for (const child of Object.values(node.states)) walk(child as typeof printerMachine.root);
    };
    walk(printerMachine.root);
    const all = drawn.size;
    for (const step of steps)
      for (const each of printerMachine.getTransitionData(step.from as never, step.event)) drawn.delete(each);
    console.log(`printer: ${all - drawn.size} of ${all} transitions taken`);
    expect([...drawn].map((each) => (each as { toJSON(): unknown }).toJSON())).toEqual([]);
  });

  test('every state that is told outward can be told', () => {
    // `identifying` is passed at once; it is told only where a runner asks in the middle of a step.
    const outward = new Set(steps.map((step) => printerState(step.to)));
    expect(PRINTER_STATES.filter((state) => !outward.has(state))).toEqual(['identifying']);
  });

  test('a page is sent only after the journal says that its intent is durable', () => {
    every(
      (step) => isIn(to(step), ...PAGE_OUT) && !isIn(from(step), ...PAGE_OUT),
      (step) => step.event.type === 'INTENT_DURABLE' && from(step) === 'printing.intending',
    );
    every(
      (step) => step.effects.includes('send'),
      (step) => step.event.type === 'INTENT_DURABLE' && from(step) === 'printing.intending',
    );
    every(
      (step) => isIn(to(step), 'printing.intending') && !isIn(from(step), 'printing.intending'),
      (step) => step.event.type === 'PRINT' && from(step) === 'ready' && times(step.effects, 'writeIntent') === 1,
    );
  });

  test('print twice, from two screens or by a bouncing button, acts once', () => {
    let begun = 0;
    for (const snapshot of situations()) {
      const once = run(snapshot, { type: 'PRINT' });
      const { effects, snapshot: after } = run(
        snapshot,
        { type: 'PRINT' },
        { type: 'PRINT' },
        { type: 'INTENT_DURABLE' },
        { type: 'PRINT' },
        { type: 'INTENT_DURABLE' },
        { type: 'PRINT' },
      );
      expect(times(effects, 'writeIntent')).toBeLessThanOrEqual(1);
      expect(times(effects, 'send')).toBeLessThanOrEqual(1);
      if (times(once.effects, 'writeIntent') === 1) {
        begun += 1;
        expect(times(effects, 'send')).toBe(1);
        expect(operationOf(after)).toBe('printing.sending');
      }
    }
    expect(begun).toBeGreaterThan(0);
  });

  test('nothing prints or is bound while the printer is paused or draining, or while the device says that it cannot', () => {
    every(
      ({ from: before }) => admissionOf(before) !== 'open' || before.context.device.blocking.length > 0,
      (step) => !step.effects.includes('writeIntent') && !(from(step) === 'idle' && to(step) === 'awaitingBooklet'),
    );
  });

  test('a lock is left only when its facts are gone', () => {
    every(
      ({ to: after }) => after.context.facts.lock !== null,
      (step) => isIn(to(step), ...AWAY, 'reconciling', 'locked', 'unlocking'),
    );
    every(
      (step) => isIn(from(step), 'locked') && !isIn(to(step), 'locked', ...AWAY),
      (step) => to(step) === 'unlocking' && step.to.context.facts.lock === null,
    );
  });

  test('an unknown outcome always ends locked', () => {
    every(
      (step) => step.event.type === 'OUTCOME' && step.event.outcome === 'unknown' && isIn(from(step), 'printing'),
      (step) =>
        to(step) === 'disconnected' &&
        step.to.context.facts.lock !== null &&
        printerState(step.to) === 'locked.inDoubt',
    );
  });

  test('nothing leads to work but through reconciling', () => {
    every(
      (step) => isIn(from(step), ...AWAY),
      (step) => isIn(to(step), ...AWAY, 'reconciling'),
    );
    every(
      (step) => isIn(from(step), ...AWAY) && to(step) === 'reconciling',
      (step) =>
        step.event.type === 'CONNECTED' && step.event.identity.model === 'right' && step.effects.includes('reconcile'),
    );
    every(
      (step) => from(step) === 'reconciling' && isIn(to(step), ...AT_WORK, 'locked'),
      (step) => step.event.type === 'RECONCILED',
    );
  });

  test('another device than the configured one is never worked with', () => {
    every(
      ({ to: after }) => after.context.identity?.model === 'wrong',
      (step) => isIn(to(step), ...AWAY),
    );
  });

  test('an attempt under way is left only by its outcome or a refused intent', () => {
    every(
      (step) => isIn(from(step), 'printing') && !isIn(to(step), 'printing'),
      (step) =>
        step.event.type === 'OUTCOME' || (step.event.type === 'INTENT_REFUSED' && from(step) === 'printing.intending'),
    );
  });

  test('nothing is ejected with a page on its way, and nothing but a person ejects or aborts', () => {
    every(
      (step) => step.effects.includes('eject'),
      (step) => step.event.type === 'EJECT' && !isIn(from(step), 'printing'),
    );
    every(
      (step) => step.effects.includes('abort'),
      (step) => step.event.type === 'CANCEL' && isIn(from(step), ...PAGE_OUT),
    );
  });

  test('a lost printer is tried again by itself, later and later, up to the longest pause', () => {
    const pauses: number[] = [];
    const [start] = initialTransition(printerMachine, printerExploration.inputs[0]!);
    let { snapshot } = run(start, { type: 'START' });
    for (let i = 0; i < 9; i++) {
      const [away, actions] = transition(printerMachine, snapshot, {
        type: 'CONNECT_FAILED',
        reason: 'gone',
        device: null,
      });
      const timer = actions.find(({ type }) => type === 'xstate.raise')?.params as { delay: number };
      pauses.push(timer.delay);
      snapshot = run(away, { type: 'RETRY_CONNECT' }).snapshot;
    }
    expect(pauses).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  test('once faults are healed and people act, every situation leads back to idle', () => {
    const way: Record<string, (snapshot: Snapshot) => PrinterEvent> = {
      disconnected: () => ({ type: 'RETRY_CONNECT' }),
      connecting: ({ context }) => ({
        type: 'CONNECTED',
        identity: { model: 'right', serial: null },
        device: { booklet: context.bookletSensor ? 'notPresent' : 'unknown', blocking: [], waitingForOperator: false },
      }),
      wrongDevice: () => ({ type: 'RETRY_CONNECT' }),
      reconciling: (snapshot) => form(snapshot, 'RECONCILED'),
      unlocking: (snapshot) => form(snapshot, 'RECONCILED'),
      awaitingBooklet: () => ({ type: 'UNBOUND' }),
      ready: () => ({ type: 'UNBOUND' }),
      'printing.intending': (snapshot) => form(snapshot, 'INTENT_REFUSED'),
      'printing.sending': (snapshot) => form(snapshot, 'OUTCOME'),
      'printing.awaitingOperator.sending': (snapshot) => form(snapshot, 'OUTCOME'),
      'printing.awaitingOperator.confirming': (snapshot) => form(snapshot, 'OUTCOME'),
      'printing.confirming': (snapshot) => form(snapshot, 'OUTCOME'),
      readingBack: (snapshot) => form(snapshot, 'READ_BACK', 1),
      presenting: ({ context }) =>
        context.bookletSensor
          ? { type: 'STATUS', device: { booklet: 'notPresent', blocking: [], waitingForOperator: false } }
          : { type: 'BOOKLET_REMOVED' },
      'locked.inDoubt': (snapshot) =>
        snapshot.context.facts.lock?.resolved === null ? form(snapshot, 'RESOLVED', 3) : form(snapshot, 'PURGED'),
    };
    const form = (snapshot: Snapshot, type: PrinterEvent['type'], n = 0) =>
      events(snapshot).filter((event) => event.type === type)[n]!;
    for (const start of situations()) {
      let snapshot = start;
      for (let i = 0; i < 20 && operationOf(snapshot) !== 'idle'; i++) {
        const next = way[operationOf(snapshot)];
        if (next === undefined) throw new Error(`no way on from ${operationOf(snapshot)}`);
        snapshot = run(snapshot, next(snapshot)).snapshot;
      }
      expect(operationOf(snapshot), alike(start)).toBe('idle');
    }
  });
});
