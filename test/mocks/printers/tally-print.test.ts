import { describe, expect, it } from 'vitest';
import { Booklet, dataPageInk } from '../../../mocks/index.ts';
import { blankBitmap, inkAt } from '../../../src/domain/bitmap.ts';
import { band, bootedPrinter, CR, columns, csi, FF, job, join, PLAIN, speckled } from './tally-host.ts';

const book = (number = 'X0000001', pageTopMm = 0) => new Booklet({ number, pageTopMm });
const inkOf = (booklet: Booklet) => {
  const page = dataPageInk(booklet);
  let dots = 0;
  for (let y = 0; y < page.height; y++) for (let x = 0; x < page.width; x++) if (inkAt(page, x, y)) dots++;
  return dots;
};

describe('ink', () => {
  it('comes out as exactly the bitmap that was sent', () => {
    const { printer, send, heard, time } = bootedPrinter();
    const booklet = book();
    const page = speckled();
    printer.insertBooklet(booklet);
    time.advance(10);
    heard();
    send(job(page, 5));
    time.advance(120_000);
    expect(heard()).toEqual(['CSI 2;4"z', 'CSI 5!t']);
    expect(printer.violations).toEqual([]);
    expect(Buffer.compare(dataPageInk(booklet).data, page.data)).toBe(0);
    expect(printer.snapshot()).toMatchObject({ place: 'out', status: 'online' });
  });

  it.each([
    { pageTopMm: 88, needleMm: 0, leftMm: 0, placing: { pageTop: 624, needle: 0, left: 0 } },
    { pageTopMm: 0, needleMm: -2.54, leftMm: 0, placing: { pageTop: 0, needle: -18, left: 0 } },
    { pageTopMm: 88, needleMm: -2.54, leftMm: 4.233, placing: { pageTop: 624, needle: -18, left: 30 } },
    { pageTopMm: 88, needleMm: 1.27, leftMm: 8.467, placing: { pageTop: 624, needle: 9, left: 60 } },
  ])('lands where the geometry says: $pageTopMm $needleMm $leftMm', ({ pageTopMm, needleMm, leftMm, placing }) => {
    const { printer, send, time } = bootedPrinter({ geometry: { needleMm, leftMm } });
    const [right, wrong] = [book('RIGHT', pageTopMm), book('WRONG', pageTopMm)];
    // Two rows short of the page, for a document that ends with the page.
    const page = speckled(880, 620);
    printer.insertBooklet(right);
    send(job(page, 1, placing));
    time.advance(120_000);
    const ink = dataPageInk(right);
    for (let y = 0; y < page.height; y++)
      for (let x = 0; x < page.width; x += 7) expect(inkAt(ink, x, y)).toBe(inkAt(page, x, y));

    printer.removeBooklet();
    printer.insertBooklet(wrong);
    send(job(page, 2, { ...PLAIN, pageTop: placing.pageTop + 40 }));
    time.advance(120_000);
    expect(Buffer.compare(dataPageInk(wrong).data, ink.data)).not.toBe(0);
  });

  it('stays: a second page adds to the first', () => {
    const { printer, send, time } = bootedPrinter();
    const booklet = book();
    const [one, two] = [blankBitmap(886, 624, 180), blankBitmap(886, 624, 180)];
    one.data.fill(0xf0, 111 * 100, 111 * 101);
    two.data.fill(0x0f, 111 * 100, 111 * 101);
    for (const page of [one, two]) {
      printer.insertBooklet(booklet);
      send(job(page, 1));
      time.advance(60_000);
      printer.removeBooklet();
    }
    const ink = dataPageInk(booklet);
    expect([...ink.data.subarray(111 * 100, 111 * 100 + 5)]).toEqual([0xff, 0xff, 0xff, 0xff, 0xff]);
    expect(inkOf(booklet)).toBe(886);
    // A picture is a copy: nothing takes the ink off.
    booklet.picture().data.fill(0);
    expect(inkOf(booklet)).toBe(886);
  });

  it('adds up overlaid passes of one line, blank columns and ESC $ steps of 1/60 inch', () => {
    const { printer, send, time } = bootedPrinter();
    const booklet = book();
    printer.insertBooklet(booklet);
    const at = (step: number) => Uint8Array.of(0x1b, 0x24, step, 0);
    send(
      join(
        csi('$t'),
        csi('10!p'),
        at(2),
        columns(Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0x01)),
        at(2),
        columns(Uint8Array.of(0, 0x80, 0)),
        CR,
      ),
    );
    time.advance(10_000);
    const ink = dataPageInk(booklet);
    expect([inkAt(ink, 6, 10), inkAt(ink, 6, 18), inkAt(ink, 8, 33), inkOf(booklet)]).toEqual([true, true, true, 3]);
  });

  it('knows which bytes of which session made it', () => {
    const { printer, send, time } = bootedPrinter();
    const booklet = book();
    printer.insertBooklet(booklet);
    const head = join(csi('$t'), csi('10!p'));
    send(head);
    time.advance(5000);
    printer.sessionBegins();
    const line = columns(Uint8Array.of(0xff, 0, 0));
    send(join(line, CR));
    time.advance(5000);
    const from = head.length + 5;
    expect(booklet.inkLog).toMatchObject([{ session: 2, fromByte: from, toByte: from + 3, dots: 8 }]);
  });

  it('on a booklet put in the wrong way round is not on the data page', () => {
    const { printer, send, time } = bootedPrinter();
    const booklet = book();
    printer.insertBooklet(booklet, { wrongWay: true });
    send(job(speckled(886, 620), 1));
    time.advance(120_000);
    expect(booklet.blank).toBe(false);
    expect(inkOf(booklet)).toBe(0);
  });

  it('takes only the upper of two booklets fed together', () => {
    const { printer, send, time } = bootedPrinter();
    const [upper, lower] = [book('UPPER'), book('LOWER')];
    printer.insertBooklet(upper, { below: lower });
    send(job(speckled(), 1));
    time.advance(120_000);
    expect([upper.blank, lower.blank]).toEqual([false, true]);
  });

  it('misses dots with a faint ribbon, the same ones for the same seed', () => {
    const counts = [1, 1, 2].map((seed) => {
      const { printer, send, time } = bootedPrinter({ seed });
      const booklet = book();
      printer.faults.add({ kind: 'ribbon-faint', share: 0.3, trigger: { at: 'time', ms: 0 } });
      printer.insertBooklet(booklet);
      send(job(speckled(), 1));
      time.advance(120_000);
      return inkOf(booklet);
    });
    expect(counts[0]).toBe(counts[1]);
    expect(counts[0]).not.toBe(counts[2]);
    let whole = 0;
    const page = speckled();
    for (let y = 0; y < page.height; y++) for (let x = 0; x < page.width; x++) if (inkAt(page, x, y)) whole++;
    expect(counts[0]! / whole).toBeCloseTo(0.7, 1);
  });
});

describe('beside the document', () => {
  it.each([
    [
      'right of it',
      join(csi('$t'), csi('50!p'), Uint8Array.of(0x1b, 0x24, 0x2c, 1), columns(Uint8Array.of(1, 0, 0)), CR),
    ],
    ['below it', join(csi('$t'), csi('1240!p'), columns(Uint8Array.of(0, 0, 1)), CR)],
    ['a position below it', join(csi('$t'), csi('1300!p'))],
  ])('%s: ERROR', (_, bytes) => {
    const { printer, send, time, heard } = bootedPrinter();
    printer.insertBooklet(book());
    send(bytes);
    time.advance(20_000);
    expect(heard().at(-1)).toBe('CSI 2!z');
    expect(printer.snapshot().error).toBe('outside-document');
  });

  it('blank needles may hang over the edge', () => {
    const { printer, send, time, heard } = bootedPrinter();
    printer.insertBooklet(book());
    send(join(csi('$t'), csi('1240!p'), columns(Uint8Array.of(0x80, 0, 0)), CR, csi('9!t')));
    time.advance(20_000);
    expect(heard().at(-1)).toBe('CSI 9!t');
  });
});

describe('violations of the host', () => {
  it('ESC BEL L inside graphics: the printer is gone until its power is cycled', () => {
    const { printer, send, time, heard } = bootedPrinter();
    printer.insertBooklet(book());
    send(join(csi('$t'), csi('50!p'), columns(Uint8Array.of(0, 0, 0x1b, 0x07, 0x4c, 0)), CR));
    time.advance(10_000);
    expect(printer.violations.map(({ kind, disturbed }) => [kind, disturbed])).toEqual([['firmware-load', false]]);
    heard();
    send(csi('1!t'));
    time.advance(10_000);
    expect([heard(), printer.status]).toEqual([[], 'firmware-load']);
    printer.powerOff();
    printer.powerOn();
    time.advance(10_000);
    expect(heard()).toEqual(['CSI 0!z']);
  });

  it('finds ESC BEL L across the borders of chunks', () => {
    const { printer } = bootedPrinter();
    for (const byte of [0x07, 0x1b, 0x1b, 0x07, 0x4c]) printer.receive(Uint8Array.of(byte));
    expect(printer.status).toBe('firmware-load');
  });

  it.each([
    ['unknown-sequence', join(csi('1x'))],
    ['parameter', csi('0!p')],
    ['parameter', csi('10000!t')],
    ['passbook-mode-missing', columns(Uint8Array.of(0, 0, 0))],
    ['line-left-at-control-point', join(csi('$t'), columns(Uint8Array.of(0, 0, 1)), csi('1!t'))],
    ['beyond-carriage', join(csi('$t'), Uint8Array.of(0x1b, 0x24, 0x33, 2), columns(new Uint8Array(30)), CR)],
    ['dc3', Uint8Array.of(0x13)],
  ])('%s', (kind, bytes) => {
    const { printer, send } = bootedPrinter();
    send(bytes);
    expect(printer.violations.map((violation) => violation.kind)).toEqual([kind]);
  });

  it('characters become ink: stray bytes do not go unseen', () => {
    const { printer, send, time } = bootedPrinter();
    const booklet = book();
    printer.insertBooklet(booklet);
    send(join(Uint8Array.from(Buffer.from('stray')), CR));
    time.advance(10_000);
    expect(printer.violations.map(({ kind }) => kind)).toEqual(['characters']);
    expect(booklet.blank).toBe(false);
  });

  it('bytes that come through a disturbed line are marked as such', () => {
    const { printer } = bootedPrinter();
    printer.receive(csi('1x'), true);
    expect(printer.violations).toMatchObject([{ kind: 'unknown-sequence', disturbed: true }]);
  });
});

describe('a line left in the line buffer', () => {
  const left = (lineAtControlPoint: 'kept' | 'printed') => {
    const { printer, send, time } = bootedPrinter({ lineAtControlPoint });
    const booklet = book();
    printer.insertBooklet(booklet);
    send(join(csi('$t'), columns(band(speckled(), 1)), csi('1!t')));
    time.advance(10_000);
    return { printer, send, time, booklet };
  };

  it('is printed by the control point or is kept, as set', () => {
    expect([left('printed').booklet.blank, left('kept').booklet.blank]).toEqual([false, true]);
  });

  it.each([
    ['comes out on the next booklet', new Uint8Array(0), false],
    ['does not when ESC @ came first', Uint8Array.of(0x1b, 0x40), true],
  ])('when kept %s', (_, before, blank) => {
    const { printer, send, time } = left('kept');
    const next = book('NEXT');
    printer.removeBooklet();
    printer.insertBooklet(next);
    send(join(before, FF));
    time.advance(10_000);
    expect(next.blank).toBe(blank);
  });
});
