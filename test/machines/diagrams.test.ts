import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { setup } from 'xstate';
import type { CentralLinkEvent } from '../../machines/central-link.ts';
import { documentOf, mermaidOf, regionsOf } from '../../machines/diagram.ts';
import type { PrinterEventType } from '../../machines/printer.ts';
import { MACHINES, textOf } from './diagrams.ts';

const named = (name: string) => MACHINES.find((document) => document.name === name)!.machine;

describe.each(MACHINES)('$name', (document) => {
  const { machine, file } = document;
  const regions = regionsOf(machine);

  test('its document is not stale (node test/machines/diagrams.ts writes it)', () => {
    expect(readFileSync(file, 'utf8')).toBe(textOf(document));
  });

  test('every state says what it does with every event', () => {
    for (const { states, cells } of regions) {
      expect(cells).toHaveLength(states.length * machine.events.length);
      expect(new Set(cells.map(({ state, event }) => `${state} ${event}`)).size).toBe(cells.length);
      for (const { kind, branches } of cells) {
        expect(['moves', 'acts', 'stays', 'ignored', 'absorbed']).toContain(kind);
        expect(branches.length > 0).toBe(['moves', 'acts', 'stays'].includes(kind));
      }
    }
    expect(textOf(document)).not.toMatch(/undefined|\[object|NaN/);
  });

  test('final states absorb, and nothing but a final state does', () => {
    for (const { cells } of regions)
      for (const { state, kind } of cells) {
        const node = state
          .split('.')
          .reduce<{ type: string; states: object }>(
            (above, key) => (above.states as Record<string, never>)[key]!,
            machine.root,
          );
        expect(kind === 'absorbed').toBe(node.type === 'final');
      }
  });

  test('every event is expected somewhere', () => {
    const expected = new Set(
      regions
        .flatMap(({ cells }) => cells.filter(({ kind }) => kind === 'moves' || kind === 'acts'))
        .map((c) => c.event),
    );
    expect(regions[0]!.cells.filter(({ event }) => !expected.has(event))).toEqual([]);
  });

  test('its diagram draws each state once and names only states that it draws', () => {
    for (const { path, states } of regions) {
      const lines = mermaidOf(machine, path)
        .split('\n')
        .map((line) => line.trim());
      const drawn = lines.flatMap((line) => /^state "[\w-]+" as (\w+)/.exec(line)?.[1] ?? []);
      expect(new Set(drawn).size).toBe(drawn.length);
      expect(drawn.length).toBeGreaterThanOrEqual(states.length);
      const used = lines.flatMap((line) => {
        const [, from, to] = /^(\[\*\]|\w+) --> (\[\*\]|\w+)(?: : .+)?$/.exec(line) ?? [];
        return [from, to].filter((id) => id !== undefined && id !== '[*]');
      });
      expect(used.filter((id) => !drawn.includes(id!))).toEqual([]);
      for (const line of lines.slice(1))
        expect(line).toMatch(/^(state "[\w-]+" as \w+( \{)?|\}|(\[\*\]|\w+) --> (\[\*\]|\w+)( : [\w \-,[\]]+)?)$/);
    }
  });
});

describe('the generator', () => {
  const machine = setup({
    types: { events: {} as { type: 'GO' } | { type: 'UP' } | { type: 'NO' } },
    guards: { may: () => true },
    actions: { act: () => undefined },
  }).createMachine({
    id: 'little',
    initial: 'a',
    on: { UP: { actions: 'act' } },
    states: {
      a: { on: { GO: [{ guard: 'may', target: 'b' }], UP: { guard: 'may', target: 'b' } } },
      b: { on: { GO: 'end', NO: 'end', UP: {} } },
      c: {},
      end: { type: 'final' },
    },
  });
  const cell = (state: string, event: string) =>
    regionsOf(machine)[0]!.cells.find((each) => each.state === state && each.event === event);

  test('tells the five kinds apart, and asks the states around a state', () => {
    expect(cell('a', 'GO')).toMatchObject({ kind: 'moves', branches: [{ guard: 'may', target: 'b', actions: [] }] });
    expect(cell('a', 'UP')?.branches).toEqual([
      { guard: 'may', target: 'b', actions: [] },
      { guard: null, target: null, actions: ['act'] },
    ]);
    expect(cell('c', 'UP')?.kind).toBe('acts');
    expect(cell('b', 'UP')?.kind).toBe('stays');
    expect(cell('a', 'NO')?.kind).toBe('ignored');
    expect(cell('end', 'UP')?.kind).toBe('absorbed');
  });

  test('a change of the machine changes its document', () => {
    const other = setup({ types: { events: {} as { type: 'GO' } } }).createMachine({
      id: 'little',
      initial: 'a',
      states: { a: { on: { GO: 'b' } }, b: {} },
    });
    expect(documentOf(other, 'x.ts')).not.toBe(documentOf(machine, 'x.ts'));
    expect(documentOf(machine, 'x.ts')).toContain('if may: → `b`; else stays');
  });

  test('refuses a guard without a name: nobody could read the drawing', () => {
    const anonymous = setup({ types: { events: {} as { type: 'GO' } } }).createMachine({
      id: 'anonymous',
      initial: 'a',
      states: { a: { on: { GO: { guard: () => true, target: 'b' } } }, b: {} },
    });
    expect(() => documentOf(anonymous, 'x.ts')).toThrow('without a name');
  });
});

test('printer and link know every event of their types', () => {
  const printer: Record<PrinterEventType, true> = {
    START: true,
    CONNECTED: true,
    CONNECT_FAILED: true,
    DISCONNECTED: true,
    RETRY_CONNECT: true,
    RECONCILED: true,
    STATUS: true,
    BOUND: true,
    UNBOUND: true,
    PRINT: true,
    INTENT_DURABLE: true,
    INTENT_REFUSED: true,
    SENT: true,
    WAITING_FOR_OPERATOR: true,
    CONTINUING: true,
    OUTCOME: true,
    READ_BACK: true,
    RESOLVED: true,
    BOOKLET_INSERTED: true,
    BOOKLET_REMOVED: true,
    PURGED: true,
    ATTENDED: true,
    EJECT: true,
    CANCEL: true,
    PAUSE: true,
    RESUME: true,
    DRAIN: true,
  };
  const timers = named('printer').events.filter((event) => String(event).startsWith('xstate.'));
  expect(timers).toHaveLength(1);
  expect(new Set(named('printer').events)).toEqual(new Set([...Object.keys(printer), ...timers]));
  const link: Record<CentralLinkEvent['type'], true> = { PROBE: true, SUCCEEDED: true, FAILED: true };
  expect(new Set(named('central-link').events)).toEqual(new Set(Object.keys(link)));
});
