/** station.yaml as it is written (station.md). Strict: a key that is not known here is an error, never ignored. */
import { z } from 'zod';
import { connection } from './connection.ts';
import {
  calendarDate,
  flag,
  identifier,
  isLoopback,
  millimetres,
  oneOf,
  path,
  section,
  text,
  timeZone,
  whole,
} from './values.ts';

/** Printer drivers of devices.md. Those that are not built yet are known by name, so that the refusal can say so. */
const PRINTER_DRIVERS = ['tally-csi', 'pjl', 'escp'] as const;
const BUILT_PRINTER_DRIVER = 'tally-csi';

const listen = section({
  host: text(/^[A-Za-z0-9.:-]+$/, 'a host name or address such as 127.0.0.1').default('127.0.0.1'),
  port: whole(0, 65535, '0: the operating system chooses').default(8080),
  tls: section({ cert: path(), key: path() }).optional(),
}).refine(({ host, tls }) => isLoopback(host) || tls !== undefined, {
  path: ['tls'],
  error: 'a section with cert and key, because listen.host is not this machine itself',
});

const CENTRAL_URL = 'https://host[:port][/path], or http:// to this machine itself, without user, query or fragment';

function isCentralUrl(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

const central = section({
  protocol: oneOf('v1', 'v2', 'auto', 'none').default('v2'),
  url: z.string({ error: CENTRAL_URL }).refine(isCentralUrl, { error: CENTRAL_URL }).optional(),
  ca: path().optional(),
  waitSeconds: whole(0, 120, 'seconds').default(20),
  v1: section({
    tokenFile: path(),
    pollsPerSecond: z
      .number({ error: 'a number above 0, at most 100' })
      .positive({ error: 'a number above 0, at most 100' })
      .max(100, { error: 'a number above 0, at most 100' })
      .default(2),
  }).optional(),
}).check(({ value, issues }) => {
  const missing = (key: string, message: string) =>
    issues.push({ code: 'custom', path: [key], message, input: undefined });
  if (value.protocol !== 'none' && value.url === undefined) missing('url', CENTRAL_URL);
  if (value.url?.startsWith('https:') && value.ca === undefined)
    missing('ca', "the path of the CA certificate (PEM) that signs the centre's, because central.url is https");
  if ((value.protocol === 'v1' || value.protocol === 'auto') && value.v1 === undefined)
    missing('v1', `a section with tokenFile, because central.protocol is ${value.protocol}`);
});

const page = section({
  mrzEmptyOptionalCheckDigit: oneOf('0', '<').default('0'),
  transliteration: z
    .record(text(/^\P{ASCII}$/u, 'one letter outside A-Z'), text(/^[A-Z]{1,3}$/, '1 to 3 letters A-Z'), {
      error: 'a section of letters and what stands for them in the MRZ, such as {Ä: AE}',
    })
    .default({}),
});

const geometry = section({
  pageTopMm: millimetres(0, 176).default(0),
  needleMm: millimetres(-10, 10).default(0),
  leftMm: millimetres(-20, 240).default(0),
});

const printer = section({
  id: identifier(),
  driver: z.enum(PRINTER_DRIVERS, { error: `one of ${PRINTER_DRIVERS.join(', ')}` }).pipe(
    z.literal(BUILT_PRINTER_DRIVER, {
      error: `only ${BUILT_PRINTER_DRIVER} so far; this driver is known but not built yet`,
    }),
  ),
  connection: connection('serial', 'tcp', 'simulator'),
  geometry: geometry.prefault({}),
  identity: section({
    model: text(/^.{1,64}$/, 'the model that the device tells').optional(),
    serial: text(/^.{1,64}$/, 'the serial number that the device tells, in quotes').optional(),
  }).prefault({}),
});

const reader = <const Driver extends string, Address extends z.ZodType>(driver: Driver, connectedBy: Address) =>
  section({ id: identifier(), driver: z.literal(driver), connection: connectedBy });

const READERS = [
  reader('piv', connection('pcsc', 'simulator')),
  reader('emrtd', connection('pcsc', 'simulator')),
  reader('mrz-rte', connection('serial', 'tcp', 'simulator')),
  reader('mrz-idbox', connection('serial', 'tcp', 'simulator')),
  reader('mrz-wedge', connection('hid', 'simulator')),
  reader('barcode', connection('serial', 'tcp', 'hid', 'simulator')),
] as const;

const readerDrivers = READERS.map(({ shape }) => shape.driver.value);

const readerEntry = z.discriminatedUnion('driver', READERS, {
  error: (issue) =>
    issue.code === 'invalid_union' ? `one of ${readerDrivers.join(', ')}` : 'a section with id, driver, connection',
});

const list = <Entry extends z.ZodType>(entry: Entry, most: number) => {
  const error = `a list of at most ${most}`;
  return z.array(entry, { error }).max(most, { error });
};

export const stationFile = section({
  station: section({
    id: identifier(),
    office: identifier(),
    timezone: timeZone(),
    language: oneOf('id', 'en').default('id'),
  }),
  simulated: flag().default(false),
  listen,
  data: path(),
  central,
  trust: section({ roots: path() }),
  release: oneOf('supervisor', 'automatic').default('supervisor'),
  billing: section({ required: flag().default(false) }).prefault({}),
  deadline: section({
    workingDays: whole(1, 60, 'working days after payment').default(3),
    holidays: list(calendarDate(), 1000).default([]),
  }).prefault({}),
  quality: section({
    separatePerson: flag().default(true),
    readBack: oneOf('required', 'optional').default('required'),
  }).prefault({}),
  stock: section({ gate: flag().default(false) }).prefault({}),
  retention: section({ daysAfterHandOver: whole(0, 3650, 'days').default(30) }).prefault({}),
  session: section({ idleMinutes: whole(1, 480, 'minutes').default(5) }).prefault({}),
  page: page.prefault({}),
  printers: list(printer, 64).default([]),
  readers: list(readerEntry, 64).default([]),
});

export type StationFile = z.infer<typeof stationFile>;
