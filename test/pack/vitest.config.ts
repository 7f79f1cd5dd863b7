import { defineConfig } from 'vitest/config';

/** Apart from `npm test`: packing and installing needs the registry and about half a minute. */
export default defineConfig({
  test: { include: ['test/pack/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
});
