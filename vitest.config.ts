import { defineConfig } from 'vitest/config';
import { chromiumPath } from './scripts/screenshots/chromium.ts';

if (chromiumPath === undefined) {
  console.warn('vitest: there is no chromium here, so tests/page is left out');
}

export default defineConfig({
  test: {
    // End-to-end tests start a workerd each worker. Two at a time is what two cores take.
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'end to end',
          include: ['tests/{e2e,support,page}/**/*.test.ts'],
          exclude: chromiumPath === undefined ? ['tests/page/**'] : [],
          globalSetup: ['tests/support/bundle.ts'],
          // To load Miniflare and to start a workerd takes longer than most files: they share both.
          isolate: false,
          setupFiles: ['tests/support/atrest.ts'],
          // Patience is for machines that are busy: what is waited for comes in milliseconds.
          expect: { poll: { interval: 10, timeout: 15_000 } },
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'boundary and scripts',
          include: ['tests/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude: ['tests/{e2e,support,page}/**'],
        },
      },
    ],
  },
});
