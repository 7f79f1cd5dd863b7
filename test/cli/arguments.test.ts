import { expect, test } from 'vitest';
import { UsageFault } from '../../src/cli/command.ts';
import { readDemo } from '../../src/cli/commands/demo.ts';
import { readJournal } from '../../src/cli/commands/journal.ts';
import { readMockCentre, readMockPrinter } from '../../src/cli/commands/mock.ts';
import { readServe } from '../../src/cli/commands/serve.ts';
import { readStatements } from '../../src/cli/commands/statements.ts';
import { readStatus } from '../../src/cli/commands/status.ts';
import { readSubmit } from '../../src/cli/commands/submit.ts';
import { readUser } from '../../src/cli/commands/user.ts';

const READERS: Readonly<Record<string, (words: readonly string[]) => unknown>> = {
  serve: readServe,
  demo: readDemo,
  user: readUser,
  submit: readSubmit,
  statements: readStatements,
  journal: readJournal,
  status: readStatus,
  'mock printer': readMockPrinter,
  'mock centre': readMockCentre,
};
const read = (line: string): unknown => {
  const name = Object.keys(READERS).find((known) => line === known || line.startsWith(`${known} `));
  const reader = READERS[name ?? ''];
  if (name === undefined || reader === undefined) throw new Error(`no reader for ${line}`);
  return reader(
    line
      .slice(name.length + 1)
      .split(' ')
      .filter((word) => word !== ''),
  );
};

test.each([
  ['serve -c s.yaml', { file: 's.yaml', json: false }],
  ['demo', { port: 8080, data: null, open: true, json: false }],
  ['demo --port 0 --data d --no-open --json', { port: 0, data: 'd', open: false, json: true }],
  [
    'user add SITI -c s --role operator --role quality --role operator --pin-stdin',
    { file: 's', json: false, act: 'add', name: 'SITI', roles: ['operator', 'quality'] },
  ],
  ['user list -c s --json', { file: 's', json: true, act: 'list' }],
  ['user disable SITI -c s', { file: 's', json: false, act: 'disable', name: 'SITI' }],
  [
    'submit a.json b.json -c s',
    { file: 's', json: false, records: ['a.json', 'b.json'], priority: 'normal', priorityReason: null, family: null },
  ],
  [
    'submit a.json -c s --priority urgent --reason funeral --family F1',
    { file: 's', json: false, records: ['a.json'], priority: 'urgent', priorityReason: 'funeral', family: 'F1' },
  ],
  ['statements import - -c s', { file: 's', json: false, act: 'import', statements: '-' }],
  ['statements export out.txt -c s', { file: 's', json: false, act: 'export', statements: 'out.txt' }],
  ['journal rebuild-check -c s', { file: 's', json: false, act: 'rebuild-check' }],
  [
    'mock printer --pty --link /tmp/p',
    { protocol: 'tally-csi', mount: 'pty', link: '/tmp/p', seed: 1, faults: [], pace: 'realistic', control: 'stdio' },
  ],
  [
    'mock printer --tcp 0 --seed 7 --pace quick --control c.sock --fault {"kind":"jam","trigger":{"at":"time","ms":5}}',
    {
      protocol: 'tally-csi',
      mount: 'tcp',
      port: 0,
      seed: 7,
      faults: [{ kind: 'jam', trigger: { at: 'time', ms: 5 } }],
      pace: 'quick',
      control: { socket: 'c.sock' },
    },
  ],
  ['status 1234-A -c s', { file: 's', json: false, application: '1234-A' }],
  ['mock centre', { port: 0, seedDir: null, policy: 'manual', control: 'stdio', roots: null }],
  [
    'mock centre --port 9 --seed-dir d --policy automatic --control c.sock --roots r.json',
    { port: 9, seedDir: 'd', policy: 'automatic', control: { socket: 'c.sock' }, roots: 'r.json' },
  ],
])('%s', (line, expected) => {
  expect(read(line)).toEqual(expected);
});

test.each([
  'serve',
  'serve -c s more',
  'demo --port 65536',
  'demo --port -1',
  'demo here',
  'user -c s',
  'user add -c s --role operator --pin-stdin',
  'user add A B -c s --role operator --pin-stdin',
  'user add A -c s --pin-stdin',
  'user add A -c s --role operator',
  'user add A -c s --role king --pin-stdin',
  'user list A -c s',
  'user list -c s --role operator',
  'user remove A -c s',
  'submit -c s',
  'submit a.json',
  'submit a.json -c s --priority soon',
  'statements -c s',
  'statements import -c s',
  'statements import a b -c s',
  'journal check -c s',
  'submit a.json -c s --family a/b',
  'status -c s',
  'status 12_34 -c s',
  'mock printer here --pty',
  'mock centre here',
  'mock centre --port 65536',
  'mock centre --policy lenient',
  'mock printer',
  'mock printer --pty --tcp 1',
  'mock printer --tcp 1 --link x',
  'mock printer --pty --protocol pjl',
  'mock printer --pty --seed 1.5',
  'mock printer --pty --fault jam',
  'mock printer --pty --fault {"kind":"flood","trigger":{"at":"time","ms":1}}',
])('wrong usage: %s', (line) => {
  expect(() => read(line)).toThrow(UsageFault);
});
