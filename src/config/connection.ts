/** `connection:` of a printer or reader: exactly one kind of line, each with its own keys (station.md). */
import { isAbsolute, resolve } from 'node:path';
import { z } from 'zod';
import type { Address } from '../../drivers/transports/transport.ts';
import { oneOf, section, text, whole } from './values.ts';

/** Where a device is; the kinds beyond `Address` belong to readers. */
export type DeviceAddress =
  | Address
  | {
      readonly kind: 'usb' | 'hid';
      readonly vendorId: number;
      readonly productId: number;
      /** `null`: there must be only one device of this vendor and product. */
      readonly serialNumber: string | null;
    }
  /** The beginning of the PC/SC reader's name. */
  | { readonly kind: 'pcsc'; readonly reader: string };
export type ConnectionKind = DeviceAddress['kind'];

const BAUD_RATES = [600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200];
const baudRate = z.literal(BAUD_RATES, { error: `one of ${BAUD_RATES.join(', ')}` });

const usbDevice = section({
  vendorId: whole(0, 0xffff, 'such as 0x03f0'),
  productId: whole(0, 0xffff, 'such as 0x1234'),
  serialNumber: text(/^.{1,126}$/, 'the serial number as text, in quotes').optional(),
});

const ENDPOINT = 'host:port in quotes, such as "127.0.0.1:9100"';

/** Splits `host:port`; an IPv6 address stands in brackets. */
function endpoint(value: string): { host: string; port: number } | null {
  const match = /^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(value);
  const port = Number(match?.[2]);
  if (match?.[1] === undefined || port < 1 || port > 65535) return null;
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}

const tcp = section({
  tcp: z.string({ error: ENDPOINT }).transform((value, context) => {
    const parsed = endpoint(value);
    if (parsed !== null) return parsed;
    context.addIssue({ code: 'custom', message: ENDPOINT, input: value });
    return z.NEVER;
  }),
}).transform((line): DeviceAddress => ({ kind: 'tcp', ...line.tcp }));

const usbAddress = (kind: 'usb' | 'hid', device: z.infer<typeof usbDevice>): DeviceAddress => ({
  kind,
  vendorId: device.vendorId,
  productId: device.productId,
  serialNumber: device.serialNumber ?? null,
});

const LINES = {
  serial: section({
    serial: text(/^[^\0]+$/, 'the path of a serial port such as /dev/ttyUSB0'),
    baudRate: baudRate.default(9600),
    flowControl: oneOf('rtscts', 'xonxoff', 'none').default('rtscts'),
  }).transform(
    (line): DeviceAddress => ({
      kind: 'serial',
      path: line.serial,
      baudRate: line.baudRate,
      flowControl: line.flowControl,
    }),
  ),
  tcp,
  usb: section({ usb: usbDevice }).transform((line) => usbAddress('usb', line.usb)),
  hid: section({ hid: usbDevice }).transform((line) => usbAddress('hid', line.hid)),
  pcsc: section({ pcsc: text(/^.{1,127}$/, "the beginning of the PC/SC reader's name") }).transform(
    (line): DeviceAddress => ({ kind: 'pcsc', reader: line.pcsc }),
  ),
  simulator: section({ simulator: text(/^[A-Za-z0-9._-]{1,64}$/, 'the name of a simulated device') }).transform(
    (line): DeviceAddress => ({ kind: 'simulator', name: line.simulator }),
  ),
} satisfies Record<ConnectionKind, z.ZodType<DeviceAddress>>;

const KINDS = Object.keys(LINES) as ConnectionKind[];

/** The kinds of line that a `connection:` names; exactly one is right. */
export const kindsNamed = (connection: unknown): readonly ConnectionKind[] =>
  typeof connection === 'object' && connection !== null ? KINDS.filter((kind) => kind in connection) : [];

/** A connection of one of the kinds that a driver can use. */
export function connection<Kind extends ConnectionKind>(...allowed: readonly [Kind, ...Kind[]]) {
  return z.unknown().transform((value, context): Extract<DeviceAddress, { kind: Kind }> => {
    const [kind, second] = kindsNamed(value);
    if (kind === undefined || second !== undefined || !(allowed as readonly string[]).includes(kind)) {
      context.addIssue({ code: 'custom', message: `exactly one of ${allowed.join(', ')}`, input: value });
      return z.NEVER;
    }
    const parsed = LINES[kind].safeParse(value);
    if (parsed.success) return parsed.data as Extract<DeviceAddress, { kind: Kind }>;
    context.issues.push(...parsed.error.issues.map((issue) => ({ ...issue, input: value }) as z.core.$ZodRawIssue));
    return z.NEVER;
  });
}

/** The same address with a serial port's path made absolute. */
export const resolveAddress = <One extends DeviceAddress>(address: One, folder: string): One =>
  address.kind === 'serial' && !isAbsolute(address.path)
    ? { ...address, path: resolve(folder, address.path) }
    : address;
