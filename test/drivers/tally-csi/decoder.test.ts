import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecoder, type Decoded } from '../../../drivers/printers/tally-csi/decoder.ts';
import type { DeviceMessage } from '../../../drivers/printers/tally-csi/messages.ts';

const bytesOf = (text: string): Uint8Array => Uint8Array.from([...text].map((c) => c.charCodeAt(0)));

function decodeAll(chunks: readonly Uint8Array[], stripFlowBytes = false): Decoded[] {
  const decode = createDecoder({ stripFlowBytes });
  return chunks.flatMap((chunk) => decode(chunk));
}
const messagesOf = (decoded: readonly Decoded[]): DeviceMessage[] =>
  decoded.flatMap((one) => (one.ok ? [one.message] : []));
const faultsOf = (decoded: readonly Decoded[]): [string, string][] =>
  decoded.flatMap((one) =>
    one.ok ? [] : [[one.undecodable.reason, Buffer.from(one.undecodable.bytes).toString('latin1')]],
  );

describe('decoder: golden messages', () => {
  it.each<[string, DeviceMessage]>([
    ['\x1b[0!z', { kind: 'status', status: 'online', raw: 'CSI 0 ! z' }],
    ['\x1b[1!z', { kind: 'status', status: 'stop', raw: 'CSI 1 ! z' }],
    ['\x1b[2!z', { kind: 'status', status: 'error', raw: 'CSI 2 ! z' }],
    ['\x1b[3!z', { kind: 'unlisted', raw: 'CSI 3 ! z' }],
    ['\x1b[!z', { kind: 'unlisted', raw: 'CSI ! z' }],
    ['\x1b[9999!t', { kind: 'acknowledgement', number: 9999, raw: 'CSI 9999 ! t' }],
    ['\x1b[0!t', { kind: 'acknowledgement', number: 0, raw: 'CSI 0 ! t' }],
    ['\x1b[10000!t', { kind: 'unlisted', raw: 'CSI 10000 ! t' }],
    ['\x1b[7)t', { kind: 'unlisted', raw: 'CSI 7 ) t' }],
    ['\x1b[1;4"z', { kind: 'paper', covered: true, raw: 'CSI 1;4 " z' }],
    ['\x1b[2;4"z', { kind: 'paper', covered: false, raw: 'CSI 2;4 " z' }],
    ['\x1b[2;1"z', { kind: 'unlisted', raw: 'CSI 2;1 " z' }],
    ['\x1b[20;2"z', { kind: 'key', key: 2, raw: 'CSI 20;2 " z' }],
    [
      '\x1b[0;4;94;1;1;0;0;5023#z',
      { kind: 'unit', parameters: { widthTenths: 94, type: '5023' }, raw: 'CSI 0;4;94;1;1;0;0;5023 # z' },
    ],
    [
      '\x1b[0;4;0;1;1;0;0#z',
      { kind: 'unit', parameters: { widthTenths: null, type: null }, raw: 'CSI 0;4;0;1;1;0;0 # z' },
    ],
    ['\x1b[1;4#z', { kind: 'unlisted', raw: 'CSI 1;4 # z' }],
    ['\x1b[1062"t', { kind: 'unlisted', raw: 'CSI 1062 " t' }],
  ])('reads %j', (text, message) => {
    expect(messagesOf(decodeAll([bytesOf(text)]))).toEqual([message]);
    expect(faultsOf(decodeAll([bytesOf(text)]))).toEqual([]);
  });
});

describe('decoder: resynchronisation', () => {
  it('reports noise around messages and loses none of them', () => {
    const decoded = decodeAll([bytesOf('AT\r\n\x1b[0!z\0\0\x1b[5!t\xff')]);
    expect(messagesOf(decoded).map((message) => message.raw)).toEqual(['CSI 0 ! z', 'CSI 5 ! t']);
    expect(faultsOf(decoded)).toEqual([
      ['noise', 'AT\r\n'],
      ['noise', '\0\0'],
      ['noise', '\xff'],
    ]);
  });

  it('never joins a message cut short to the next one', () => {
    const decoded = decodeAll([bytesOf('\x1b[1\x1b[2!t\x1b\x1b[3!t\x1bA\x1b[4\x80!t\x1b[5!t\x1b[6!7t')]);
    expect(messagesOf(decoded).map((message) => message.raw)).toEqual(['CSI 2 ! t', 'CSI 3 ! t', 'CSI 5 ! t']);
    expect(faultsOf(decoded)).toEqual([
      ['broken-off', '\x1b[1'],
      ['broken-off', '\x1b'],
      ['broken-off', '\x1bA'],
      ['broken-off', '\x1b[4\x80'],
      ['noise', '!t'],
      ['broken-off', '\x1b[6!7'],
      ['noise', 't'],
    ]);
  });

  it('gives up a message that never ends', () => {
    const decoded = decodeAll([bytesOf(`\x1b[${'1;'.repeat(60)}!t\x1b[1!t`)]);
    expect(messagesOf(decoded).map((message) => message.raw)).toEqual(['CSI 1 ! t']);
    expect(faultsOf(decoded)[0]?.[0]).toBe('oversize');
  });

  it('takes XON and XOFF out on such a line, and reports them on others', () => {
    const bytes = bytesOf('\x11\x1b[\x134!\x11t');
    expect(messagesOf(decodeAll([bytes], true)).map((message) => message.raw)).toEqual(['CSI 4 ! t']);
    expect(messagesOf(decodeAll([bytes], false))).toEqual([]);
  });
});

describe('decoder: properties', () => {
  const message = fc.oneof(
    fc.integer({ min: 0, max: 9999 }).map((n) => `\x1b[${n}!t`),
    fc.integer({ min: 0, max: 2 }).map((n) => `\x1b[${n}!z`),
    fc.constantFrom('\x1b[1;4"z', '\x1b[2;4"z', '\x1b[20;1"z', '\x1b[0;4;94;1;1;0;0;5023#z'),
  );
  const cut = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
    const places = [0, ...cuts.map((at) => at % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
    return places.slice(1).map((end, at) => bytes.slice(places[at], end));
  };

  it('reads the same messages however the bytes are cut', () => {
    fc.assert(
      fc.property(fc.array(message, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 30 }), (messages, cuts) => {
        const bytes = bytesOf(messages.join(''));
        const whole = decodeAll([bytes]);
        const pieces = decodeAll(cut(bytes, cuts));
        expect(pieces).toEqual(whole);
        expect(messagesOf(whole)).toHaveLength(messages.length);
        expect(messagesOf(whole).every((one) => one.kind !== 'unlisted')).toBe(true);
      }),
    );
  });

  it('accounts for every byte of garbage and still reads what follows', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(), { maxLength: 10 }), (garbage, cuts) => {
        const decoded = decodeAll([...cut(garbage, cuts), bytesOf('\x1b[\x1b[77!t')]);
        expect(messagesOf(decoded).at(-1)).toMatchObject({ kind: 'acknowledgement', number: 77 });
        const faulty = decoded.reduce((sum, one) => sum + (one.ok ? 0 : one.undecodable.bytes.length), 0);
        const read = messagesOf(decoded).length;
        expect(faulty + read * 3).toBeLessThanOrEqual(garbage.length + 7);
        if (read === 1) expect(faulty).toBe(garbage.length + 2);
      }),
      { numRuns: 500 },
    );
  });
});
