import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that is looked at. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const FOLDERS = ['src', 'drivers', 'machines', 'mocks', 'test'] as const;

/** Every TypeScript file of ours, as a path from `ROOT`, without what is built. */
export function sourceFiles(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
  )
    .filter((path) => !path.startsWith('src/console/build/') && !path.startsWith('test/out/'))
    .sort();
}
