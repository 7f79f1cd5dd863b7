import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Result } from '../../src/domain/result.ts';
import { FAULT_KINDS, type Fault } from '../faults.ts';
import type { SimulatedPrinter } from './simulated-printer.ts';

const direction = z.enum(['to-device', 'to-host']);
const count = z.int().min(1);
const trigger = z.discriminatedUnion('at', [
  z.strictObject({ at: z.literal('time'), ms: z.number().min(0) }),
  z.strictObject({ at: z.literal('byte'), n: count, direction: direction.optional() }),
  z.strictObject({ at: z.literal('command'), n: count, name: z.string().optional() }),
  z.strictObject({ at: z.literal('state'), state: z.string(), n: count.optional() }),
]);
const parameter = z.number().min(0).optional();

/** A fault as it comes in from a file or a socket. */
export const faultSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  trigger,
  seed: z.int().optional(),
  direction: direction.optional(),
  ms: parameter,
  replugAfterMs: parameter,
  bootAfterMs: parameter,
  bytesPerSecond: parameter,
  count: parameter,
  keep: parameter,
  code: parameter,
  share: z.number().min(0).max(1).optional(),
});

const booklet = z.string().regex(/^[A-Z0-9]{1,9}$/);

type Answer = Readonly<Record<string, unknown>>;
type Act = (printer: SimulatedPrinter, input: unknown) => Answer;

/** `run` sees only what fits `shape`. */
function act<Shape extends z.ZodRawShape>(
  shape: Shape,
  run: (printer: SimulatedPrinter, input: z.infer<z.ZodObject<Shape>>) => Answer | undefined,
): Act {
  const schema = z.strictObject(shape);
  return (printer, input) => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
    return run(printer, parsed.data) ?? {};
  };
}

/** An act of a hand that needs nothing said. */
const hand = (run: (printer: SimulatedPrinter) => void): Act =>
  act({}, (printer) => {
    run(printer);
    return undefined;
  });

const ACTS: ReadonlyMap<string, Act> = new Map([
  [
    'insert-booklet',
    act(
      { number: booklet, pageTopMm: z.number().min(0).max(88).optional(), wrongWay: z.boolean().optional() },
      (printer, { number, pageTopMm, wrongWay }) => {
        orThrow(
          printer.insertBooklet(
            { number, ...(pageTopMm === undefined ? {} : { pageTopMm }) },
            wrongWay === undefined ? {} : { wrongWay },
          ),
        );
        return undefined;
      },
    ),
  ],
  [
    'remove-booklet',
    act({}, (printer) => {
      const { number, blank } = orThrow(printer.removeBooklet());
      return { number, blank };
    }),
  ],
  ['open-cover', hand((printer) => printer.openCover())],
  ['close-cover', hand((printer) => printer.closeCover())],
  ['press-stop', hand((printer) => printer.pressStop())],
  ['press-start', hand((printer) => printer.pressStart())],
  ['clear-error', hand((printer) => orThrow(printer.clearError()))],
  ['power-off', hand((printer) => printer.powerOff())],
  ['power-on', hand((printer) => printer.powerOn())],
  ['unplug', hand((printer) => printer.unplug())],
  ['replug', hand((printer) => printer.replug())],
  [
    'fault',
    act({ fault: faultSchema }, (printer, { fault }) => {
      printer.addFault(fault as Fault);
      return undefined;
    }),
  ],
  ['faults', act({}, (printer) => ({ fired: printer.faultTrace }))],
  ['state', act({}, (printer) => ({ state: printer.state() }))],
  ['violations', act({}, (printer) => ({ violations: printer.device.violations }))],
  ['picture', act({ number: booklet.optional(), file: z.string().min(1).optional() }, picture)],
  [
    'ink-log',
    act({ number: booklet.optional() }, (printer, { number }) => {
      const found = number === undefined ? printer.device.booklet : printer.booklets.get(number);
      if (!found) throw new Error('no such booklet');
      return { number: found.number, entries: found.inkLog };
    }),
  ],
]);

/**
 * Carries out one line of JSON, for example `{"do":"insert-booklet","number":"X0000001"}`, and answers with one line:
 * `{"ok":true,...}` or `{"ok":false,"error":"..."}`. An `id` comes back with the answer.
 */
export function control(printer: SimulatedPrinter, line: string): string {
  let id: unknown;
  try {
    const parsed = envelope.safeParse(JSON.parse(line));
    if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
    const { do: name, id: given, ...input } = parsed.data;
    id = given;
    const found = ACTS.get(name);
    if (found === undefined) throw new Error(`"do" is one of ${[...ACTS.keys()].join(', ')}`);
    return JSON.stringify({ id, ok: true, ...found(printer, input) });
  } catch (error) {
    return JSON.stringify({ id, ok: false, error: (error as Error).message });
  }
}

const envelope = z.looseObject({ do: z.string(), id: z.unknown().optional() });

function picture(printer: SimulatedPrinter, what: { number?: string | undefined; file?: string | undefined }): Answer {
  const png = printer.picture(what.number);
  if (png === null) throw new Error('no such booklet');
  if (what.file === undefined) return { png: png.toString('base64') };
  writeFileSync(what.file, png);
  return { file: what.file };
}

function orThrow<Value>(result: Result<Value, string>): Value {
  if (!result.ok) throw new Error(result.failure);
  return result.value;
}
