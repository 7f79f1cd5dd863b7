/**
 * Who may import whom (.dependency-cruiser.cjs), on every file, and a proof that the check can fail: a checker that saw
 * nothing reports no violation either.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FOLDERS, ROOT, sourceFiles } from './source-files.ts';

interface Cruise {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly to: string;
      readonly rule: { readonly name: string };
    }[];
    readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
  };
}

const BINARY = join(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

function cruise(folder: string): Cruise {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [BINARY, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...FOLDERS],
    { cwd: folder, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser failed: ${stderr || stdout}`);
  return JSON.parse(stdout) as Cruise;
}

/** One breach of every rule; the files are empty but for these imports. */
const PLANTED: readonly (readonly [rule: string, file: string, text: string])[] = [
  ['domain-imports-only-nothing', 'src/domain/a.ts', "import '../trust/empty.ts';"],
  ['machines-imports-only-domain', 'machines/a.ts', "import '../src/station/empty.ts';"],
  ['trust-imports-only-domain', 'src/trust/a.ts', "import '../journal/empty.ts';"],
  ['journal-imports-only-domain', 'src/journal/a.ts', "import '../../machines/printer.ts';"],
  ['page-imports-only-domain', 'src/page/a.ts', "import '../journal/empty.ts';"],
  ['drivers-imports-only-domain', 'drivers/a.ts', "import '../machines/printer.ts';"],
  ['central-imports-only-domain-trust-journal-machines', 'src/central/a.ts', "import '../station/empty.ts';"],
  ['config-imports-only-domain-drivers', 'src/config/a.ts', "import '../station/empty.ts';"],
  ['config-imports-only-types-of-drivers', 'src/config/b.ts', "import '../../drivers/empty.ts';"],
  [
    'station-imports-only-domain-machines-trust-journal-page-central-drivers-config',
    'src/station/a.ts',
    "import '../api/empty.ts';",
  ],
  ['api-imports-only-station-domain', 'src/api/a.ts', "import '../journal/empty.ts';"],
  ['console-imports-only-api-domain', 'src/console/a.ts', "import '../station/empty.ts';"],
  ['console-imports-only-types-of-api', 'src/console/b.ts', "import { a } from '../api/empty.ts'; a;"],
  ['console-imports-only-types-of-domain', 'src/console/c.ts', "import { a } from '../domain/empty.ts'; a;"],
  [
    'cli-imports-only-domain-trust-journal-page-central-config-station-api-drivers-machines-mocks',
    'src/cli/a.ts',
    "import '../console/empty.ts';",
  ],
  ['drivers-import-only-types-and-results-of-domain', 'drivers/b.ts', "import '../src/domain/empty.ts';"],
  ['machines-are-pure', 'machines/b.ts', "import 'node:fs';"],
  ['mocks-know-no-station', 'mocks/a.ts', "import '../src/station/empty.ts';"],
  ['product-without-simulators', 'src/cli/commands/serve.ts', "import '../../../mocks/empty.ts';"],
  ['nothing-imports-tests', 'src/trust/b.ts', "import '../../test/empty.ts';"],
  ['installed-code-needs-no-development-package', 'src/station/b.ts', "import 'fast-check';"],
  ['no-circles', 'src/page/b.ts', "import './c.ts';"],
  ['everything-is-found', 'src/page/d.ts', "import './nowhere.ts';"],
];
const ALLOWED: readonly (readonly [file: string, text: string])[] = [
  ['src/cli/commands/demo.ts', "import '../../../mocks/empty.ts'; import '../../station/empty.ts';"],
  ['src/console/d.ts', "import type { A } from '../api/empty.ts'; export type B = A;"],
  ['src/config/c.ts', "import type { A } from '../../drivers/empty.ts'; export type B = A;"],
  ['mocks/simulation/a.ts', "import '../../src/station/empty.ts';"],
  ['src/journal/b.ts', "import '../../machines/job.ts';"],
];
/** Closes the circle of `src/page/b.ts`. */
const PARTNER = ['src/page/c.ts', "import './b.ts';"] as const;
const EMPTY = ['api', 'console', 'domain', 'journal', 'station', 'trust'].map((layer) => `src/${layer}/empty.ts`);
const TARGETS = [
  ...EMPTY,
  'drivers/empty.ts',
  'mocks/empty.ts',
  'test/empty.ts',
  'machines/job.ts',
  'machines/printer.ts',
];

/** Faults of the check itself: rules that did not fire on their planted breach, or fired where nothing is wrong. */
function unprovenRules(): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'layers-'));
  try {
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      cpSync(join(ROOT, file), join(folder, file));
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    const files: [string, string][] = TARGETS.map((path) => [path, 'export type A = 1; export const a = 1;']);
    for (const [, path, text] of PLANTED) files.push([path, text]);
    for (const [path, text] of [...ALLOWED, PARTNER, ...files]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), `${text}\n`);
    }
    const { violations, ruleSetUsed } = cruise(folder).summary;
    const fired = new Set(violations.map(({ from, rule }) => `${rule.name} in ${from}`));
    const missed = PLANTED.filter(([rule, path]) => !fired.has(`${rule} in ${path}`)).map(
      ([rule, path]) => `${rule} did not fire in ${path}`,
    );
    const planted = new Set(PLANTED.map(([rule]) => rule));
    const unplanted = ruleSetUsed.forbidden
      .filter(({ name }) => !planted.has(name))
      .map(({ name }) => `${name} has no planted breach`);
    const wrong = violations
      .filter(({ from }) => ALLOWED.some(([path]) => path === from))
      .map(({ from, rule }) => `${rule.name} fired in ${from}, which is allowed`);
    return [...missed, ...unplanted, ...wrong];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { modules, summary } = cruise(ROOT);
const cruised = new Set(modules.map(({ source }) => source));
const expected = sourceFiles();
const problems = [
  ...summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  ...expected.filter((path) => !cruised.has(path)).map((path) => `not seen: ${path}`),
  ...unprovenRules(),
];
for (const line of problems) process.stderr.write(`layers: ${line}\n`);
process.stdout.write(
  `layers: ${expected.length} files, ${summary.ruleSetUsed.forbidden.length} rules, each proven on a planted breach; ${problems.length} problems\n`,
);
if (expected.length < 100) throw new Error('layers: fewer than 100 files: looked in the wrong place');
process.exitCode = problems.length === 0 ? 0 : 1;
