import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: ['tests/support/bundle.ts'],
    include: ['tests/**/*.test.ts', 'scripts/**/*.test.ts'],
    // End-to-end tests start a Miniflare each. Two at a time is what two cores take.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
