import { describe, expect, it } from 'vitest';
import { Booklet, dataPageInk } from '../../../mocks/index.ts';
import { bootedPrinter, columns, csi, FF, job, join, speckled } from './tally-host.ts';

const book = (number = 'X0000001') => new Booklet({ number });
const whole = (booklet: Booklet, page = speckled()) => Buffer.compare(dataPageInk(booklet).data, page.data) === 0;

/** A printer that has a page in its buffer and prints. */
function printing(options: Parameters<typeof bootedPrinter>[0] = {}) {
  const rig = bootedPrinter(options);
  const booklet = book();
  rig.printer.insertBooklet(booklet);
  rig.time.advance(10);
  rig.heard();
  const bytes = job(speckled(), 5);
  let sent = 0;
  /** Sends while the printer is ready, for `ms`. */
  const run = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 10) {
      while (rig.printer.flowReady && sent < bytes.length) {
        rig.printer.receive(bytes.subarray(sent, sent + 100));
        sent += 100;
      }
      rig.time.advance(10);
    }
  };
  run(6000);
  return { ...rig, booklet, bytes, run, sent: () => Math.min(sent, bytes.length) };
}

describe('receive buffer', () => {
  it('is not ready below 512 free bytes, and ready again only above 1024', () => {
    const { printer, time } = bootedPrinter();
    const told: (readonly [boolean, unknown])[] = [];
    printer.onFlow((ready) => told.push([ready, printer.snapshot().bufferUsed]));
    printer.pressStop();
    for (let sent = 0; sent < 8192 - 512; sent += 64) printer.receive(new Uint8Array(64));
    expect([printer.flowReady, told]).toEqual([true, []]);
    printer.receive(new Uint8Array(64));
    expect([printer.flowReady, told]).toEqual([false, [[false, 7744]]]);
    printer.pressStart();
    time.advance(1000);
    expect(printer.flowReady).toBe(true);
    const back = told.at(-1)!;
    expect(back[0]).toBe(true);
    expect(8192 - Number(back[1])).toBeGreaterThan(1024);
  });

  it('holds back a host that is faster than the needles, and loses nothing', () => {
    const { printer, booklet, run, sent, bytes } = printing();
    expect(printer.flowReady).toBe(false);
    expect(sent()).toBeLessThan(bytes.length);
    run(60_000);
    expect([sent(), whole(booklet)]).toEqual([bytes.length, true]);
  });

  it('overruns into ERROR when the host does not care', () => {
    const { printer, time, heard } = bootedPrinter();
    heard();
    printer.pressStop();
    for (let sent = 0; sent < 9000; sent += 100) printer.receive(new Uint8Array(100));
    time.advance(100);
    expect(printer.violations.map(({ kind }) => kind)).toEqual(['overrun']);
    expect(heard()).toEqual(['CSI 1!z', 'CSI 2!z']);
  });
});

describe('control points', () => {
  it('are acknowledged in order, and only when everything before them has happened', () => {
    const { printer, send, time, heard } = bootedPrinter();
    printer.insertBooklet(book());
    time.advance(10);
    heard();
    send(join(csi('3!t'), csi('$t'), csi('200!p'), csi('1!t'), columns(new Uint8Array(300).fill(1)), FF, csi('2!t')));
    const places: unknown[] = [];
    for (let ms = 0; ms < 20_000; ms += 5) {
      time.advance(5);
      for (const text of heard()) places.push(text, printer.snapshot().place);
    }
    expect(places).toEqual([...['CSI 3!t', 'slot', 'CSI 1!t', 'inside'], ...['CSI 2;4"z', 'out', 'CSI 2!t', 'out']]);
  });

  it('wait for the document to come in', () => {
    const { printer, send, time, heard } = bootedPrinter();
    heard();
    send(join(csi('$t'), csi('200!p'), csi('1!t')));
    time.advance(60_000);
    expect(heard()).toEqual(['CSI 1!z', 'CSI 2;4"z']);
    printer.insertBooklet(book());
    time.advance(100);
    expect(heard()).toEqual(['CSI 1;4"z', 'CSI 0!z']);
    time.advance(5000);
    expect(heard()).toEqual(['CSI 1!t']);
  });
});

describe('STOP', () => {
  it.each([
    ['the key', 'pressStop', 'pressStart'],
    ['an open cover', 'openCover', 'closeCover'],
  ] as const)('by %s halts in the middle and goes on without losing anything', (_, stop, start) => {
    const { printer, time, heard, booklet, run } = printing();
    printer[stop]();
    time.advance(10);
    expect(heard()).toEqual(['CSI 1!z']);
    const inked = booklet.inkLog.length;
    run(600_000);
    expect([booklet.inkLog.length, heard()]).toEqual([inked, []]);
    expect(inked).toBeGreaterThan(0);
    printer[start]();
    run(120_000);
    expect(heard()).toEqual(['CSI 0!z', 'CSI 2;4"z', 'CSI 5!t']);
    expect(whole(booklet)).toBe(true);
  });

  it('has as many causes as there are, and ends with the last', () => {
    const { printer, time, heard } = printing();
    printer.openCover();
    printer.pressStop();
    printer.closeCover();
    time.advance(100);
    expect(heard()).toEqual(['CSI 1!z']);
    printer.pressStart();
    time.advance(20);
    expect(heard()).toEqual(['CSI 0!z']);
  });

  it('comes from a DC3 outside graphics, and not from one inside', () => {
    const { printer, send, time, heard } = bootedPrinter();
    heard();
    send(join(csi('$t'), columns(Uint8Array.of(0x13, 0x13, 0x13))));
    expect(heard()).toEqual([]);
    send(join(Uint8Array.of(0x13), csi('1!t')));
    expect(heard()).toEqual(['CSI 1!z']);
    printer.pressStart();
    time.advance(100);
    expect(heard()).toEqual(['CSI 0!z', 'CSI 1!t']);
  });
});

describe('ERROR', () => {
  it('cancels what is not done, locks the input and acknowledges nothing', () => {
    const { printer, time, heard, booklet, run } = printing();
    printer.faults.add({ kind: 'error', trigger: { at: 'time', ms: 0 } });
    expect(printer.flowReady).toBe(false);
    time.advance(60_000);
    expect(heard()).toEqual(['CSI 2!z']);
    const inked = booklet.inkLog.length;
    printer.clearError();
    time.advance(60_000);
    expect([heard(), printer.flowReady, booklet.inkLog.length]).toEqual([['CSI 0!z'], true, inked]);
    // A host that goes on sending the rest of the page is talking rubbish now: the reason to end the session.
    run(60_000);
    expect(printer.violations.map(({ kind }) => kind)).toContain('characters');
    expect(whole(booklet)).toBe(false);
  });

  it.each([
    ['discard', [['CSI 2!z'], ['CSI 0!z']]],
    ['keep', [['CSI 2!z'], ['CSI 0!z', 'CSI 8!t']]],
  ] as const)('bytes that come during it: %s', (bytesDuringError, expected) => {
    const { printer, time, heard } = bootedPrinter({ bytesDuringError });
    heard();
    printer.faults.add({ kind: 'error', trigger: { at: 'time', ms: 0 } });
    printer.receive(csi('8!t'));
    time.advance(100);
    const during = heard();
    printer.clearError();
    time.advance(100);
    expect([during, heard()]).toEqual(expected);
  });

  it.each([
    ['forgotten', ['CSI 0!z', 'CSI 8!t']],
    ['awaited', ['CSI 0!z']],
  ] as const)('a command cut in two by it: %s', (commandCutByError, expected) => {
    const { printer, time, send, heard } = bootedPrinter({ commandCutByError });
    send(join(csi('$t'), columns(new Uint8Array(3000)).subarray(0, 100)));
    printer.faults.add({ kind: 'error', trigger: { at: 'time', ms: 0 } });
    time.advance(100);
    heard();
    printer.clearError();
    send(csi('8!t'));
    expect(heard()).toEqual(expected);
  });

  it.each(['feeding', 'moving', 'printing', 'ejecting'])(
    'a jam while %s holds the booklet until a hand takes it out',
    (state) => {
      const { printer, send, time, heard } = bootedPrinter();
      const booklet = book();
      printer.faults.add({ kind: 'jam', trigger: { at: 'state', state, n: state === 'printing' ? 3 : 1 } });
      printer.insertBooklet(booklet);
      send(job(speckled(), 5));
      time.advance(120_000);
      expect(heard().filter((text) => text.endsWith('t'))).toEqual([]);
      expect(printer.snapshot()).toMatchObject({ status: 'error', error: 'jam', place: 'jammed' });
      expect(printer.clearError()).toEqual({ ok: false, failure: 'the booklet is stuck: take it out first' });
      expect(printer.removeBooklet()).toEqual({ ok: true, value: booklet });
      expect(printer.clearError().ok).toBe(true);
      time.advance(100);
      expect(heard().at(-1)).toBe('CSI 0!z');
      expect(booklet.blank).toBe(state === 'feeding' || state === 'moving');
      expect(printer.faults.trace).toHaveLength(1);
    },
  );

  it('a booklet pulled out while it prints', () => {
    const { printer, time, heard, booklet } = printing();
    expect(printer.removeBooklet()).toEqual({ ok: true, value: booklet });
    time.advance(60_000);
    expect(heard()).toEqual(['CSI 2!z', 'CSI 2;4"z']);
    expect([booklet.blank, whole(booklet)]).toEqual([false, false]);
  });
});

describe('power', () => {
  it('lost in mid page: the buffer is gone, the booklet is still inside with its ink', () => {
    const { printer, time, heard, booklet } = printing();
    printer.powerOff();
    expect([printer.flowReady, printer.snapshot()]).toMatchObject([false, { bufferUsed: 0, place: 'inside' }]);
    const inked = booklet.inkLog.length;
    time.advance(60_000);
    printer.powerOn();
    time.advance(60_000);
    expect([heard(), booklet.inkLog.length]).toEqual([['CSI 0!z'], inked]);
    printer.receive(csi('6!t'));
    time.advance(100);
    expect(heard()).toEqual(['CSI 6!t']);
    expect(printer.snapshot().place).toBe('inside');
    expect([booklet.blank, whole(booklet)]).toEqual([false, false]);
  });

  it('does not clear a jam', () => {
    const { printer, time, heard } = printing();
    printer.faults.add({ kind: 'jam', trigger: { at: 'time', ms: 0 } });
    printer.powerOff();
    printer.powerOn();
    time.advance(10_000);
    expect(heard().at(-1)).toBe('CSI 2!z');
  });

  it('a cut graphics command swallows the next session, until the power is cycled', () => {
    const { printer, send, time, heard } = bootedPrinter();
    heard();
    send(columns(new Uint8Array(300)).subarray(0, 200));
    printer.listen(null);
    printer.listen((bytes) => heard().push(String(bytes)));
    printer.sessionBegins();
    expect(printer.snapshot().graphicsBytesAwaited).toBe(105);
    send(join(csi('1#z'), csi('1!t')));
    time.advance(10_000);
    expect(heard()).toEqual([]);
    expect(printer.snapshot().graphicsBytesAwaited).toBe(105 - 10);
  });
});

describe('messages', () => {
  it('wait for the host to listen, up to 30; the rest is dropped', () => {
    const { printer, time, heard } = bootedPrinter();
    printer.listen(null);
    for (let n = 1; n <= 35; n++) printer.receive(csi(`${n}!t`));
    time.advance(1000);
    const late: string[] = [];
    printer.listen((bytes) => late.push(Buffer.from(bytes).toString('latin1').slice(2)));
    time.advance(1000);
    expect(late).toHaveLength(30);
    expect([late[0], late.at(-1), printer.snapshot().messagesDropped]).toEqual(['1!t', '30!t', 5]);
    expect(heard()).toEqual(['CSI 0!z']);
  });
});
