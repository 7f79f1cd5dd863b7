import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** As a person's shell has it: nothing of the npm run around this test, and no Node of this checkout. */
const environment = Object.fromEntries(
  Object.entries(process.env)
    .filter(
      ([name]) =>
        !/^npm_(package|lifecycle|command|execpath|node)|^(npm_config_local_prefix|NODE_OPTIONS|VITEST.*|INIT_CWD|NODE_ENV|NODE_PATH)$/.test(
          name,
        ),
    )
    .map(([name, value]) => [
      name,
      name === 'PATH'
        ? value
            ?.split(delimiter)
            .filter((entry) => !entry.includes('node_modules'))
            .join(delimiter)
        : value,
    ]),
);

let folder = '';
const here = {
  env: environment,
  get cwd() {
    return folder;
  },
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'installed-'));
  await run('npm', ['pack', '--pack-destination', folder], { cwd: ROOT, env: environment });
  const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  writeFileSync(join(folder, 'package.json'), '{"name":"elsewhere","private":true,"type":"module"}');
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`], here);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the command runs, whatever Node the machine has', async () => {
  const { stdout: machine } = await run('node', ['--version'], here);
  const { stdout } = await run('node', ['node_modules/passport-station/dist/src/main.js', '--version', '--json'], here);
  expect(Number.parseInt(JSON.parse(stdout).node.slice(1), 10)).toBeGreaterThanOrEqual(24);
  console.log(`started by the machine's ${machine.trim()}, went on in ${JSON.parse(stdout).node}`);
  expect((await run('npx', ['passport-station', 'help'], here)).stdout).toContain('config check -c FILE');
});

test('exit codes come through: config check of a wrong file', async () => {
  writeFileSync(join(folder, 'station.yaml'), 'station: { id: a }\n');
  await expect(run('npx', ['passport-station', 'config', 'check', '-c', 'station.yaml'], here)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('station.office: is missing'),
  });
  await expect(run('npx', ['passport-station', 'config'], here)).rejects.toMatchObject({ code: 2 });
});

test('a whole simulated office runs from the installed package', async () => {
  const main = join(folder, 'node_modules/passport-station/dist/src/main.js');
  const demo = spawn('node', [main, 'demo', '--port', '0', '--no-open', '--json'], {
    ...here,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(demo, 'exit');
  try {
    const [line] = (await once(demo.stdout, 'data')) as [Buffer];
    const { address, people } = JSON.parse(line.toString()) as {
      address: string;
      people: { name: string; pin: string }[];
    };
    expect(await (await fetch(address)).text()).toContain('id="console"');
    const [person] = people;
    const signedIn = await fetch(`${address}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: person?.name, pin: person?.pin }),
    });
    const { token } = (await signedIn.json()) as { token: string };
    const ask = async (path: string) =>
      (await fetch(`${address}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } })).json();
    // The page was laid out with the fonts of the package, and the centre has approved it.
    await vi.waitFor(async () => expect((await ask('/jobs?state=approved')).items.length).toBeGreaterThan(0), 60_000);
    await vi.waitFor(async () => expect((await ask('/printers/counter-1')).state).toBe('idle'), 30_000);
  } finally {
    demo.kill('SIGTERM');
  }
  expect((await ended)[0]).toBe(0);
});

test('a test harness imports the simulators, with their types', async () => {
  writeFileSync(
    join(folder, 'harness.ts'),
    `import { runMockPrinter, type RunningMockPrinter } from 'passport-station/mocks';
const running: RunningMockPrinter = await runMockPrinter({ protocol: 'tally-csi', mount: 'tcp', seed: 1, pace: 'quick', control: 'stdio' });
const address: string = running.address;
console.log(JSON.stringify({ address }));
await running.close();
process.exit(0);
`,
  );
  const { stdout } = await run(join(folder, 'node_modules/.bin/node'), ['harness.ts'], here);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toEqual({
    address: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
  });
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--target', 'es2024', '--module', 'nodenext'];
  const types = ['--types', 'node', '--typeRoots', join(ROOT, 'node_modules/@types')];
  await run(process.execPath, [tsc, ...options, ...types, 'harness.ts'], here);
});

test('nothing of the sources, the tests or the machine is in the package', () => {
  const installed = join(folder, 'node_modules/passport-station');
  expect(readdirSync(installed).sort()).toEqual(['README.md', 'dist', 'package.json']);
  const files = readdirSync(join(installed, 'dist'), { recursive: true }).map(String);
  expect(files).toContain('src/page/fonts/OCRB.otf');
  expect(files).toContain('src/console/build/index.html');
  expect(files.filter((name) => /(^test\/|\.bak$|(?<!\.d)\.tsx?$)/.test(name))).toEqual([]);
});
