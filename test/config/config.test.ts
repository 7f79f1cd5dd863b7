import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { loadConfig, parseConfig } from '../../src/config/config.ts';
import { fileFaults } from '../../src/config/files.ts';

const MINIMAL = `
station: { id: kng-01, office: KNG, timezone: Asia/Pontianak }
listen: {}
data: ./data
central: { url: "http://127.0.0.1:9090" }
trust: { roots: ./roots.json }
`;
const FILE = '/etc/passport-station/station.yaml';

const accepted = (text: string) => {
  const parsed = parseConfig(text, FILE);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure, null, 1));
  return parsed.value;
};
const refused = (text: string) => {
  const parsed = parseConfig(text, FILE);
  if (parsed.ok) throw new Error('was accepted');
  return parsed.failure;
};
const pathsRefused = (text: string) => refused(text).map(({ path }) => path);
const with_ = (...more: string[]): string => `${MINIMAL}${more.join('\n')}\n`;

test('a minimal file gets every default, and absolute paths', () => {
  expect(accepted(MINIMAL)).toEqual({
    file: FILE,
    station: { id: 'kng-01', office: 'KNG', timezone: 'Asia/Pontianak', language: 'id' },
    simulated: false,
    listen: { host: '127.0.0.1', port: 8080, tls: null },
    data: '/etc/passport-station/data',
    central: { protocol: 'v2', url: 'http://127.0.0.1:9090', ca: null, waitSeconds: 20, v1: null },
    trust: { roots: '/etc/passport-station/roots.json' },
    release: 'supervisor',
    billing: { required: false },
    deadline: { workingDays: 3, holidays: [] },
    quality: { separatePerson: true, readBack: 'required' },
    stock: { gate: false },
    retention: { daysAfterHandOver: 30 },
    session: { idleMinutes: 5 },
    page: { mrzEmptyOptionalCheckDigit: '0', transliteration: {} },
    printers: [],
    readers: [],
  });
});

test('the printers and readers of the specification', () => {
  const config = accepted(
    with_(
      'printers:',
      '  - { id: counter-1, driver: tally-csi, connection: { serial: /dev/ttyUSB0, baudRate: 19200, flowControl: xonxoff },',
      '      geometry: { pageTopMm: 88, needleMm: -0.5, leftMm: 3.25 }, identity: { model: T5023, serial: "00017" } }',
      '  - { id: counter-2, driver: tally-csi, connection: { serial: ports/tty0 } }',
      '  - { id: counter-3, driver: tally-csi, connection: { tcp: "[::1]:9100" } }',
      'readers:',
      '  - { id: badge, driver: piv, connection: { pcsc: "ACS ACR" } }',
      '  - { id: mrz-1, driver: mrz-rte, connection: { serial: /dev/ttyACM0 } }',
      '  - { id: mrz-2, driver: mrz-wedge, connection: { hid: { vendorId: 0x03f0, productId: 0x1234 } } }',
    ),
  );
  expect(config.printers).toEqual([
    {
      id: 'counter-1',
      driver: 'tally-csi',
      connection: { kind: 'serial', path: '/dev/ttyUSB0', baudRate: 19200, flowControl: 'xonxoff' },
      geometry: { pageTopMm: 88, needleMm: -0.5, leftMm: 3.25 },
      identity: { model: 'T5023', serial: '00017' },
    },
    {
      id: 'counter-2',
      driver: 'tally-csi',
      connection: { kind: 'serial', path: '/etc/passport-station/ports/tty0', baudRate: 9600, flowControl: 'rtscts' },
      geometry: { pageTopMm: 0, needleMm: 0, leftMm: 0 },
      identity: { model: null, serial: null },
    },
    {
      id: 'counter-3',
      driver: 'tally-csi',
      connection: { kind: 'tcp', host: '::1', port: 9100 },
      geometry: { pageTopMm: 0, needleMm: 0, leftMm: 0 },
      identity: { model: null, serial: null },
    },
  ]);
  expect(config.readers.map(({ connection }) => connection)).toEqual([
    { kind: 'pcsc', reader: 'ACS ACR' },
    { kind: 'serial', path: '/dev/ttyACM0', baudRate: 9600, flowControl: 'rtscts' },
    { kind: 'hid', vendorId: 0x03f0, productId: 0x1234, serialNumber: null },
  ]);
});

test('all faults at once, each with path, place, value and what is allowed, in the order of the file', () => {
  const findings = refused(`station: { id: "k ng", timezone: Asia/Nowhere, language: nl }
listen: { port: 99999, prot: 1 }
data: ./data
central:
  protocol: v3
  url: http://centre.example
trust: { roots: ./roots.json }
printers:
  - { id: one, driver: dot-matrix, connection: { serial: /dev/ttyUSB0, baudRate: 9601 } }
  - { id: one, driver: tally-csi, connection: { simulator: two } }
`);
  expect(findings.map(({ path, line, column, message }) => `${line}:${column} ${path} ${message}`)).toEqual([
    '1:10 station.office is missing: an identifier: 1-64 letters, digits, ".", "_" or "-"',
    '1:16 station.id "k ng" is not allowed: an identifier: 1-64 letters, digits, ".", "_" or "-"',
    '1:34 station.timezone "Asia/Nowhere" is not allowed: a time zone of the IANA database such as Asia/Pontianak',
    '1:58 station.language "nl" is not allowed: one of id, en',
    '2:17 listen.port 99999 is not allowed: a whole number from 0 to 65535 (0: the operating system chooses)',
    '2:24 listen.prot 1 is not allowed: there is no such key here, only host, port, tls',
    '5:13 central.protocol "v3" is not allowed: one of v1, v2, auto, none',
    '6:8 central.url "http://centre.example" is not allowed: https://host[:port][/path], or http:// to this machine itself, without user, query or fragment',
    '9:24 printers[0].driver "dot-matrix" is not allowed: one of tally-csi, pjl, escp',
    '9:82 printers[0].connection.baudRate 9601 is not allowed: one of 600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200',
    '10:11 printers[1].id "one" is not allowed: an id that no other printer or reader has',
    '10:60 printers[1].connection.simulator "two" is not allowed: a real line; simulators only where the file says "simulated: true"',
  ]);
});

test('printer drivers that are known but not built are refused as such', () => {
  for (const [driver, connection] of [
    ['pjl', '{ usb: { vendorId: 0x03f0, productId: 0x1234 } }'],
    ['escp', '{ tcp: "127.0.0.1:9100" }'],
  ]) {
    const findings = refused(with_(`printers: [{ id: c, driver: ${driver}, connection: ${connection} }]`));
    expect(findings.find(({ path }) => path === 'printers[0].driver')?.message).toBe(
      `"${driver}" is not allowed: only tally-csi so far; this driver is known but not built yet`,
    );
  }
});

test('every section required is named when the file is empty', () => {
  for (const text of ['', '# nothing\n', 'null\n']) {
    expect(refused(text).map(({ path, message }) => [path, message.split(':')[0]])).toEqual([
      ['', 'null is not allowed'],
    ]);
  }
  expect(pathsRefused('{}')).toEqual(['station', 'listen', 'data', 'central', 'trust']);
});

test.each([
  ['a connection of two kinds', '{ serial: /dev/a, tcp: "127.0.0.1:1" }', 'printers[0].connection'],
  ['a connection of no kind', '{ baudRate: 9600 }', 'printers[0].connection'],
  ['a kind that the driver cannot use', '{ usb: { vendorId: 1, productId: 2 } }', 'printers[0].connection'],
  ['no connection', 'null', 'printers[0].connection'],
  ['a port out of range', '{ tcp: "127.0.0.1:65536" }', 'printers[0].connection.tcp'],
  ['no port', '{ tcp: "127.0.0.1" }', 'printers[0].connection.tcp'],
  ['a key that the kind does not have', '{ tcp: "127.0.0.1:1", baudRate: 9600 }', 'printers[0].connection.baudRate'],
  ['DTR flow control', '{ serial: /dev/a, flowControl: dtrdsr }', 'printers[0].connection.flowControl'],
])('printer connection: %s', (_, connection, path) => {
  expect(pathsRefused(with_(`printers: [{ id: c, driver: tally-csi, connection: ${connection} }]`))).toEqual([path]);
});

test.each([
  ['http to another host', '{ url: "http://10.0.0.1" }', ['central.url']],
  ['http to a name that begins like loopback', '{ url: "http://127.0.0.1.example" }', ['central.url']],
  ['https without CA', '{ url: "https://centre.example" }', ['central.ca']],
  ['credentials in the address', '{ url: "http://a:b@127.0.0.1" }', ['central.url']],
  ['a query', '{ url: "http://127.0.0.1/?a=b" }', ['central.url']],
  ['another scheme', '{ url: "ftp://127.0.0.1" }', ['central.url']],
  ['no address', '{ protocol: v2 }', ['central.url']],
  ['v1 without token', '{ protocol: v1, url: "http://127.0.0.1" }', ['central.v1']],
  ['auto without token', '{ protocol: auto, url: "http://127.0.0.1" }', ['central.v1']],
  [
    'a poll rate of none',
    '{ protocol: v1, url: "http://127.0.0.1", v1: { tokenFile: t, pollsPerSecond: 0 } }',
    ['central.v1.pollsPerSecond'],
  ],
  ['fractions of seconds', '{ url: "http://127.0.0.1", waitSeconds: 1.5 }', ['central.waitSeconds']],
])('central: %s is refused', (_, central, paths) => {
  expect(pathsRefused(MINIMAL.replace(/^central:.*$/m, `central: ${central}`))).toEqual(paths);
});

test.each([
  ['{ protocol: none }', { protocol: 'none' }],
  [
    '{ url: "https://centre.example/office/", ca: ca.pem }',
    {
      protocol: 'v2',
      url: 'https://centre.example/office',
      ca: '/etc/passport-station/ca.pem',
      waitSeconds: 20,
      v1: null,
    },
  ],
  [
    '{ protocol: auto, url: "http://localhost:1", waitSeconds: 0, v1: { tokenFile: /t, pollsPerSecond: 0.5 } }',
    {
      protocol: 'auto',
      url: 'http://localhost:1',
      ca: null,
      waitSeconds: 0,
      v1: { tokenFile: '/t', pollsPerSecond: 0.5 },
    },
  ],
])('central: %s', (central, expected) => {
  expect(accepted(MINIMAL.replace(/^central:.*$/m, `central: ${central}`)).central).toEqual(expected);
});

test('listening beyond this machine needs TLS', () => {
  const listen = (value: string) => MINIMAL.replace('listen: {}', `listen: ${value}`);
  for (const host of ['0.0.0.0', '"::"', '192.168.1.2', 'station.example']) {
    expect(pathsRefused(listen(`{ host: ${host} }`))).toEqual(['listen.tls']);
  }
  for (const host of ['127.0.0.2', '"::1"', 'localhost']) {
    expect(accepted(listen(`{ host: ${host}, port: 0 }`)).listen.tls).toBeNull();
  }
  expect(accepted(listen('{ host: 0.0.0.0, tls: { cert: c.pem, key: /k.pem } }')).listen.tls).toEqual({
    cert: '/etc/passport-station/c.pem',
    key: '/k.pem',
  });
});

test('simulators only in a simulated station, and no line twice', () => {
  const printers = (first: string, second: string) =>
    `printers:\n  - { id: a, driver: tally-csi, connection: ${first} }\n  - { id: b, driver: tally-csi, connection: ${second} }`;
  const simulators = printers('{ simulator: one }', '{ simulator: two }');
  expect(pathsRefused(with_(simulators))).toEqual([
    'printers[0].connection.simulator',
    'printers[1].connection.simulator',
  ]);
  expect(accepted(with_('simulated: true', simulators)).printers.map(({ connection }) => connection)).toEqual([
    { kind: 'simulator', name: 'one' },
    { kind: 'simulator', name: 'two' },
  ]);
  expect(pathsRefused(with_(printers('{ serial: /dev/a }', '{ serial: /dev/a, baudRate: 19200 }')))).toEqual([
    'printers[1].connection',
  ]);
});

test.each([
  ['an offset is no time zone', 'station: { id: a, office: b, timezone: "+07:00" }', 'station.timezone'],
  ['a number as identifier', 'station: { id: 1, office: b, timezone: Asia/Jakarta }', 'station.id'],
])('%s', (_, station, path) => {
  expect(pathsRefused(MINIMAL.replace(/^station:.*$/m, station))).toEqual([path]);
});

test.each([
  ['yes is no truth value in YAML 1.2', 'simulated: yes', 'simulated'],
  ['release', 'release: always', 'release'],
  ['read-back', 'quality: { readBack: false }', 'quality.readBack'],
  ['idle minutes', 'session: { idleMinutes: 0 }', 'session.idleMinutes'],
  ['retention', 'retention: { daysAfterHandOver: -1 }', 'retention.daysAfterHandOver'],
  ['the check digit is text', 'page: { mrzEmptyOptionalCheckDigit: 0 }', 'page.mrzEmptyOptionalCheckDigit'],
  ['transliteration of an ASCII letter', 'page: { transliteration: { A: B } }', 'page.transliteration.A'],
  ['transliteration into a digit', 'page: { transliteration: { Ä: "1" } }', 'page.transliteration.Ä'],
  ['a holiday that is no date', 'deadline: { holidays: [2026-02-30] }', 'deadline.holidays[0]'],
  [
    'a reader driver that nobody knows',
    'readers: [{ id: r, driver: x, connection: { serial: /dev/a } }]',
    'readers[0].driver',
  ],
  [
    'a smart card on a serial line',
    'readers: [{ id: r, driver: piv, connection: { serial: /dev/a } }]',
    'readers[0].connection',
  ],
  [
    'a geometry beyond the booklet',
    'printers: [{ id: p, driver: tally-csi, connection: { serial: /dev/a }, geometry: { pageTopMm: 177 } }]',
    'printers[0].geometry.pageTopMm',
  ],
])('refused: %s', (_, line, path) => {
  expect(pathsRefused(with_(line))).toEqual([path]);
});

test('what is not YAML is named with its line', () => {
  expect(refused('station: { id: a\nlisten: }')[0]).toMatchObject({ path: '', line: 2 });
  expect(refused(with_('data: twice'))[0]).toMatchObject({ line: 7, message: expect.stringContaining('unique') });
  expect(refused('a: !secret b\n')[0]?.message).toContain('is not YAML as expected');
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});
const folder = (): string => {
  const made = mkdtempSync(join(tmpdir(), 'config-'));
  folders.push(made);
  return made;
};

test('a file that is not there, not UTF-8, or wrong is a coded problem', () => {
  const made = folder();
  const file = join(made, 'station.yaml');
  expect(loadConfig(file)).toMatchObject({ ok: false, failure: { code: 'PST-702', detail: `${file}: ENOENT` } });
  writeFileSync(file, Buffer.from([0x61, 0x3a, 0xff]));
  expect(loadConfig(file)).toMatchObject({
    ok: false,
    failure: { code: 'PST-702', detail: `${file}: is not UTF-8 text` },
  });
  writeFileSync(file, with_('release: always'));
  expect(loadConfig(file)).toMatchObject({
    ok: false,
    failure: {
      code: 'PST-701',
      detail: `${file}: 1 fault`,
      errors: [{ path: 'release', message: '"always" is not allowed: one of supervisor, automatic (line 7:10)' }],
    },
  });
  writeFileSync(file, MINIMAL);
  expect(loadConfig(file)).toMatchObject({ ok: true, value: { data: join(made, 'data') } });
});

test('files that the configuration names must be there', () => {
  const made = folder();
  const config = accepted(MINIMAL);
  const here = { ...config, data: join(made, 'data'), trust: { roots: join(made, 'roots.json') } };
  expect(fileFaults(here).map(({ path }) => path)).toEqual(['trust.roots']);
  writeFileSync(here.trust.roots, '{}');
  expect(fileFaults(here)).toEqual([]);
  writeFileSync(here.data, 'a file');
  expect(fileFaults(here)).toMatchObject([{ path: 'data', message: expect.stringContaining('is not a directory') }]);
  rmSync(here.data);
  mkdirSync(join(made, 'key.pem'));
  const tls = { cert: join(made, 'roots.json'), key: join(made, 'key.pem') };
  expect(fileFaults({ ...here, listen: { ...here.listen, tls } }).map(({ path }) => path)).toEqual(['listen.tls.key']);
});
