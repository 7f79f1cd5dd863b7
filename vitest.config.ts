import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/rigs/**', 'test/bench/**', 'test/crash/**', 'test/pack/**', '**/node_modules/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Left to itself, vitest keeps one of two cores free: six minutes instead of four.
    maxWorkers: 2,
  },
});
