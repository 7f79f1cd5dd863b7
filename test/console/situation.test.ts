import { describe, expect, it } from 'vitest';
import { PRINTER_STATES as MACHINE_STATES } from '../../machines/printer-view.ts';
import type { Printer } from '../../src/api/shapes.ts';
import { fateOf } from '../../src/console/fate.ts';
import { PRINTER_STATES, type Situation, situationOf, stepOf, toneOf, worstOf } from '../../src/console/situation.ts';
import { ATTEMPT_STATES } from '../../src/domain/job.ts';
import { ATTEMPT, attempt, BOOKLET, printer } from './office.ts';

const of = (more: Partial<Printer>): Situation => situationOf(printer('p', more));
const stop = { keyword: 'stopped-by-operator', severity: 'warning', raw: 'CSI 1 ! z' } as const;
const jam = { keyword: 'media-jam', severity: 'error', raw: 'CSI 2 ! z' } as const;

describe('the situation at a printer', () => {
  it('knows exactly the states of the machine', () => {
    expect([...PRINTER_STATES].toSorted()).toEqual([...MACHINE_STATES].toSorted());
  });

  it.each([
    ['disconnected', 'disconnected', 'off', null],
    ['connecting', 'starting', 'off', null],
    ['identifying', 'starting', 'off', null],
    ['reconciling', 'starting', 'off', null],
    ['wrongDevice', 'wrong-device', 'soon', null],
    ['idle', 'free', 'calm', 'scan'],
    ['attention', 'attention', 'soon', null],
    ['awaitingBooklet', 'insert', 'next', 'insert'],
    ['ready', 'print', 'next', 'print'],
    ['printing.intending', 'printing', 'calm', 'print'],
    ['printing.sending', 'printing', 'calm', 'print'],
    ['printing.awaitingOperator', 'waiting', 'now', 'print'],
    ['printing.confirming', 'printing', 'calm', 'print'],
    ['readingBack', 'read-back', 'next', 'read-back'],
    ['presenting', 'remove', 'next', 'remove'],
    ['locked.inDoubt', 'in-doubt', 'now', null],
  ])('%s is shown as %s, %s', (state, kind, tone, step) => {
    const situation = of({ state });
    expect([situation.kind, toneOf(situation), stepOf(situation)]).toEqual([kind, tone, step]);
  });

  it('says that the page is too old for a state that it does not know', () => {
    expect(of({ state: 'polishing' })).toEqual({ kind: 'unknown', state: 'polishing' });
  });

  it('stays the same picture while the recovery ladder tries again and again', () => {
    const recovery = { tries: 3, lastFailure: 'port not found' };
    expect(of({ state: 'disconnected', recovery }).kind).toBe('disconnected');
    expect(of({ state: 'connecting', recovery }).kind).toBe('disconnected');
    expect(of({ state: 'reconciling', recovery }).kind).toBe('disconnected');
  });

  it('is grey while the printer is away and asks for hands once the machine does', () => {
    expect(toneOf(of({ state: 'disconnected' }))).toBe('off');
    expect(toneOf(of({ state: 'disconnected', asks: ['attended'] }))).toBe('soon');
  });

  it('names each cause once, worst first, and leaves out what is no task for hands', () => {
    const low = { keyword: 'marker-supply-low', severity: 'warning', raw: '' } as const;
    const open = { keyword: 'cover-open', severity: 'error', raw: '' } as const;
    const situation = of({ state: 'attention', booklet: 'jammed', reasons: [stop, low, open, jam] });
    expect(situation).toMatchObject({ causes: ['media-jam', 'stopped-by-operator'] });
  });

  it('asks for a booklet to be taken out only where nobody bound one', () => {
    expect(of({ state: 'attention', booklet: 'present' })).toMatchObject({ causes: ['booklet-inside'] });
    expect(of({ state: 'ready', booklet: 'present' })).toMatchObject({ causes: [] });
  });

  it('takes the missing booklet for the step, not for trouble, while one is to be inserted', () => {
    const needed = { keyword: 'media-needed', severity: 'warning', raw: '' } as const;
    expect(of({ state: 'awaitingBooklet', reasons: [needed] })).toMatchObject({ causes: [] });
    expect(of({ state: 'printing.awaitingOperator', reasons: [needed] })).toMatchObject({ causes: ['media-needed'] });
  });

  it("calls the device's own STOP by one name and does not let a warning close the next step", () => {
    const paused = { keyword: 'paused', severity: 'warning', raw: 'CSI 1 ! z' } as const;
    expect(of({ state: 'printing.awaitingOperator', reasons: [paused] })).toMatchObject({
      causes: ['stopped-by-operator'],
    });
    expect(of({ state: 'ready', reasons: [paused] })).toMatchObject({ causes: [] });
  });

  it('shows a foreign keyword as other trouble instead of hiding it', () => {
    const odd = { keyword: 'spool-area-full', severity: 'error', raw: 'x' } as const;
    expect(of({ state: 'attention', reasons: [odd] })).toMatchObject({ causes: ['other'] });
  });

  it('shows progress between nothing and all, never beyond', () => {
    const sending = (bytesAccepted: number, bytesTotal: number) =>
      of({ state: 'printing.sending', progress: { bytesAccepted, bytesTotal } });
    expect(sending(50, 200)).toMatchObject({ fraction: 0.25 });
    expect(sending(300, 200)).toMatchObject({ fraction: 1 });
    expect(sending(0, 0)).toMatchObject({ fraction: null });
  });

  it('is paused only where no booklet is under way', () => {
    expect(of({ state: 'idle', paused: true }).kind).toBe('paused');
    expect(of({ state: 'ready', paused: true })).toMatchObject({ kind: 'print', paused: true });
    expect(of({ state: 'readingBack', paused: true }).kind).toBe('read-back');
  });

  it('is quieter once people have settled a doubt, and says that the printer is still away', () => {
    const lock = { attempt: 'a', resolved: 'spoiled', deviceEmpty: false } as const;
    const away = { keyword: 'connecting-to-device', severity: 'error', raw: '' } as const;
    const situation = of({ state: 'locked.inDoubt', lock, reasons: [away], asks: ['purged'] });
    expect(situation).toEqual({ kind: 'in-doubt', connected: false, purge: true, resolved: 'spoiled' });
    expect(toneOf(situation)).toBe('soon');
  });
});

describe('the top band', () => {
  it('belongs to the most urgent printer, and to the first by name among equals', () => {
    const all = [
      printer('c', { state: 'ready' }),
      printer('b', { state: 'locked.inDoubt' }),
      printer('a', { state: 'printing.awaitingOperator' }),
      printer('d', { state: 'disconnected' }),
    ];
    expect(worstOf(all)?.id).toBe('a');
    expect(worstOf(all.filter(({ id }) => id === 'c' || id === 'd'))?.id).toBe('d');
    expect(worstOf([])).toBeNull();
  });
});

describe('what became of the booklet', () => {
  it('is told from its own attempt, whatever became of the job since', () => {
    const fates = ATTEMPT_STATES.map((state) => [
      state,
      fateOf({ booklet: BOOKLET, attempt: ATTEMPT }, new Map([[ATTEMPT, attempt(state)]])),
    ]);
    expect(Object.fromEntries(fates)).toEqual({
      intended: null,
      sending: null,
      confirming: null,
      printed: 'printed',
      'not-printed': 'unused',
      'in-doubt': 'doubt',
      spoiled: 'spoiled',
    });
  });

  it('is "not printed" where nothing was ever sent, and open while the attempt is not known', () => {
    expect(fateOf({ booklet: BOOKLET, attempt: null }, new Map())).toBe('unused');
    expect(fateOf({ booklet: BOOKLET, attempt: ATTEMPT }, new Map())).toBeNull();
  });
});
