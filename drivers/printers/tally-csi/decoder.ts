import { isFlowByte } from './forbidden.ts';
import { type DeviceMessage, interpret, type Undecodable } from './messages.ts';

export type Decoded =
  | { readonly ok: true; readonly message: DeviceMessage }
  | { readonly ok: false; readonly undecodable: Undecodable };

/** Takes the device's bytes in any chunks and gives what became complete by them, in order. */
export type Decoder = (chunk: Uint8Array) => Decoded[];

const ESC = 0x1b;
const BRACKET = 0x5b;
/** The longest tabled message has 8 parameters of up to 4 digits; anything longer has lost its end. */
const LONGEST_MESSAGE = 64;

/**
 * Incremental decoder of `ESC [ parameters intermediates final` (ECMA-48 s5.4: 30-3F, 20-2F, 40-7E). It takes up again
 * at every ESC: what does not fit is reported as undecodable, never dropped silently, and never joined to what follows.
 *
 * With `stripFlowBytes` XON and XOFF are taken out first: on such a line they may stand anywhere
 * (reference/protocols.md section 9).
 */
export function createDecoder(settings: { readonly stripFlowBytes: boolean }): Decoder {
  let frame: number[] = [];

  return (chunk) => {
    const decoded: Decoded[] = [];
    let noise: number[] = [];
    const report = (reason: Undecodable['reason'], bytes: number[]) => {
      if (bytes.length > 0) decoded.push({ ok: false, undecodable: { reason, bytes: Uint8Array.from(bytes) } });
    };
    const breakOff = (reason: Undecodable['reason']) => {
      report(reason, frame);
      frame = [];
    };
    for (const byte of chunk) {
      if (settings.stripFlowBytes && isFlowByte(byte)) continue;
      if (byte === ESC) {
        report('noise', noise);
        noise = [];
        breakOff('broken-off');
        frame = [byte];
        continue;
      }
      if (frame.length === 0) {
        noise.push(byte);
        continue;
      }
      frame.push(byte);
      switch (roleOf(byte, frame)) {
        case 'inside':
          if (frame.length > LONGEST_MESSAGE) breakOff('oversize');
          break;
        case 'final':
          decoded.push({ ok: true, message: interpret(...partsOf(frame)) });
          frame = [];
          break;
        case 'misplaced':
          breakOff('broken-off');
      }
    }
    report('noise', noise);
    return decoded;
  };
}

/** What the last byte of `frame` is in it. */
function roleOf(byte: number, frame: readonly number[]): 'inside' | 'final' | 'misplaced' {
  if (frame.length === 2) return byte === BRACKET ? 'inside' : 'misplaced';
  if (isIntermediate(byte)) return 'inside';
  if (isParameter(byte)) return isIntermediate(frame.at(-2)!) ? 'misplaced' : 'inside';
  return byte >= 0x40 && byte <= 0x7e ? 'final' : 'misplaced';
}

/** Parameters, and intermediates with the final byte. */
function partsOf(frame: readonly number[]): [string, string] {
  const body = frame.slice(2, -1);
  return [text(body.filter(isParameter)), text([...body.filter(isIntermediate), frame.at(-1)!])];
}

const isParameter = (byte: number): boolean => byte >= 0x30 && byte <= 0x3f;
const isIntermediate = (byte: number): boolean => byte >= 0x20 && byte <= 0x2f;
const text = (bytes: readonly number[]): string => String.fromCharCode(...bytes);
