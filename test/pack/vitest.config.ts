import { defineConfig } from 'vitest/config';

/** Apart from `npm test`: packing and installing needs the registry and about a minute. */
export default defineConfig({
  test: { root: import.meta.dirname, include: ['*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
});
