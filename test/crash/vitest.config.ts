import { defineConfig } from 'vitest/config';

/** Real processes killed at every boundary: minutes, so `npm run test:crash` has it to itself. */
export default defineConfig({ test: { include: ['test/crash/**/*.test.ts'], testTimeout: 60_000, pool: 'forks' } });
