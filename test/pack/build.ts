/**
 * `prepack`: compiles what is installed as a package into `dist/`, with type declarations. Node strips no types below
 * node_modules, so a package cannot run from its sources. The console has been built before (`build:console`).
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DIST = join(ROOT, 'dist');
const CONSOLE = 'src/console';

/** Fonts, tables and licence texts that the compiled code reads beside itself. */
function copyAssets(): number {
  const assets = ['src', 'drivers', 'machines', 'mocks'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.(tsx?|md)$/.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
      .filter((path) => !path.startsWith(`${CONSOLE}/`) || path.startsWith(`${CONSOLE}/build/`)),
  );
  for (const path of assets) cpSync(join(ROOT, path), join(DIST, path));
  return assets.length;
}

if (!existsSync(join(ROOT, CONSOLE, 'build/index.html')))
  throw new Error('the console is not built: npm run build:console');
rmSync(DIST, { recursive: true, force: true });
const { status } = spawnSync(
  process.execPath,
  [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json'],
  {
    cwd: ROOT,
    stdio: 'inherit',
  },
);
if (status !== 0) throw new Error('the sources do not compile');
const copied = copyAssets();
chmodSync(join(DIST, 'src/main.js'), 0o755);
// Standard output belongs to npm: `npm pack --json` is read by programs.
process.stderr.write(`dist: compiled, ${copied} other files copied\n`);
