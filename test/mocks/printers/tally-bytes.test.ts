import { describe, expect, it } from 'vitest';
import { Booklet } from '../../../mocks/index.ts';
import { TallyParser } from '../../../mocks/printers/tally-csi/parser.ts';
import { bootedPrinter, CR, columns, csi, FF, join } from './tally-host.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** All commands of a stream handed over in pieces of `size`. */
function commands(stream: Uint8Array, size = stream.length) {
  const parser = new TallyParser();
  const found = [];
  for (let at = 0; at < stream.length; ) {
    const { used, command } = parser.read(stream.subarray(at, Math.min(stream.length, at + size)), at);
    at += used;
    if (command !== null) found.push(command);
  }
  return found;
}

// Tally T5023/T5023+ Programming Guide as quoted in protocols.md section 4; ESC * and ESC $ from Epson ESC/P, section 2.2.
const GOLDEN: readonly (readonly [string, string, number | null])[] = [
  ['1B 5B 37 21 74', 'control-point', 7],
  ['1B 5B 39 39 39 39 21 74', 'control-point', 9999],
  ['1B 5B 37 29 74', 'control-point-started', 7],
  ['1B 5B 22 7A', 'ask-messages', null],
  ['1B 5B 31 23 7A', 'ask-parameters', 1],
  ['1B 5B 31 2A 74', 'dual-station', 1],
  ['1B 5B 31 38 30 21 70', 'position-from-top', 180],
  ['1B 5B 31 38 30 22 70', 'position-from-bottom', 180],
  ['1B 5B 22 74', 'ask-width', null],
  ['1B 5B 31 25 74', 'leading-edge', 1],
  ['1B 5B 24 74', 'passbook-mode', null],
  ['1B 24 2C 01', 'horizontal', 300],
  ['1B 40', 'initialise', null],
  ['0C', 'eject', null],
  ['0D', 'carriage-return', null],
  ['0A', 'line-feed', null],
];

describe('the printer reads the bytes of the manual', () => {
  it.each(GOLDEN)('%s is %s %s', (hex, name, n) => {
    for (const size of [1, 2, 100]) expect(commands(bytes(hex), size)).toMatchObject([{ name, n }]);
  });

  it('graphics: 24 pins a column, in whatever pieces the bytes arrive', () => {
    const stream = bytes('1B 2A 27 02 00 80 00 01 FF 0D 1B 0D');
    for (const size of [1, 2, 3, 5, 100]) {
      const found = commands(stream, size);
      expect(found[0]).toMatchObject({ name: 'graphics', n: 2 });
      expect(found.at(-1)?.name).toBe('carriage-return');
      expect(found.slice(1, -1).flatMap(({ data }) => [...data])).toEqual([0x80, 0, 1, 0xff, 0x0d, 0x1b]);
    }
  });

  it('knows where in the stream each command began and ended', () => {
    expect(commands(bytes('0D 1B 40 1B 2A 27 01 00 01 02 03 0C'))).toMatchObject([
      { name: 'carriage-return', from: 0, to: 1 },
      { name: 'initialise', from: 1, to: 3 },
      { name: 'graphics', from: 3, to: 8 },
      { name: 'columns', from: 8, to: 11 },
      { name: 'eject', from: 11, to: 12 },
    ]);
  });

  it('keeps what it does not know, and goes on behind it', () => {
    expect(commands(bytes('1B 5A 1B 5B 31 3F 78 1B 40'))).toMatchObject([
      { name: 'unknown', data: bytes('1B 5A') },
      { name: 'unknown', data: bytes('1B 5B 31 3F 78') },
      { name: 'initialise' },
    ]);
  });
});

describe('the printer answers with the bytes of the manual', () => {
  it('says ONLINE of itself after switching on', () => {
    expect(bootedPrinter().heard()).toEqual(['CSI 0!z']);
  });

  it('sends a control point back', () => {
    const { printer, time, heard } = bootedPrinter();
    heard();
    printer.receive(csi('42!t'));
    time.advance(100);
    expect(heard()).toEqual(['CSI 42!t']);
  });

  it('tells its parameters without and with type', () => {
    const { printer, time, heard } = bootedPrinter();
    heard();
    printer.receive(join(csi('0#z'), csi('1#z')));
    time.advance(100);
    expect(heard()).toEqual(['CSI 0;4;94;1;1;0;0#z', 'CSI 0;4;94;1;1;0;0;5023#z']);
  });

  it('tells of paper when asked and of itself', () => {
    const { printer, time, heard } = bootedPrinter();
    heard();
    printer.receive(csi('"z'));
    time.advance(100);
    printer.insertBooklet(new Booklet({ number: 'X0000001' }));
    time.advance(100);
    printer.receive(csi('"z'));
    time.advance(100);
    expect(heard()).toEqual(['CSI 2;4"z', 'CSI 1;4"z', 'CSI 1;4"z']);
  });

  it('measures the document width in 1/180 inch', () => {
    const { printer, time, heard } = bootedPrinter();
    printer.insertBooklet(new Booklet({ number: 'X0000001', widthMm: 150 }));
    time.advance(10);
    heard();
    printer.receive(csi('"t'));
    time.advance(3000);
    expect(heard()).toEqual(['CSI 1062"t']);
  });

  it('tells of USER keys only once they are enabled', () => {
    const { printer, time, heard } = bootedPrinter();
    heard();
    printer.pressUser(1);
    printer.receive(csi('1*t'));
    printer.pressUser(2);
    time.advance(100);
    expect(heard()).toEqual(['CSI 20;2"z']);
  });

  it('acknowledges control point II as soon as the last movement has begun', () => {
    const { printer, time, heard } = bootedPrinter();
    printer.insertBooklet(new Booklet({ number: 'X0000001' }));
    time.advance(10);
    heard();
    printer.receive(
      join(csi('$t'), csi('100!p'), columns(new Uint8Array(300).fill(1)), CR, FF, csi('1)t'), csi('1!t')),
    );
    for (let ms = 0; printer.snapshot().works !== 'ejecting' && ms < 60_000; ms += 10) time.advance(10);
    time.advance(10);
    expect(printer.snapshot().place).toBe('inside');
    expect(heard()).toEqual(['CSI 1)t']);
    time.advance(5000);
    expect(heard()).toEqual(['CSI 2;4"z', 'CSI 1!t']);
  });
});
