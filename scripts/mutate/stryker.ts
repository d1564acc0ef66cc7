// `npm run mutate`: every small fault that can be put into the worker is one that a test must see.
import type { PartialStrykerOptions } from '@stryker-mutator/api/core';

const folder = 'build/mutate';

const options: PartialStrykerOptions = {
  mutate: ['worker/**/*.ts', '!worker/**/*.d.ts'],
  testRunner: 'vitest',
  // A thread starts in a third of a process's time, and every mutant starts one.
  vitest: { configFile: 'scripts/mutate/vitest.ts', related: false, pool: 'threads' },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // A loop without an end is ended by the count of its turns, and what never wakes by the time that
  // Vitest gives a test. This is the last resort: a runner that is ended by it has to start anew.
  timeoutMS: 10_000,
  incremental: true,
  incrementalFile: `${folder}/incremental.json`,
  tempDirName: `${folder}/sandbox`,
  // The sandbox needs no tsconfig, and Stryker would rewrite it by an interface that TypeScript 7 hasn't.
  ignorePatterns: [
    '/tsconfig*.json',
    '/build',
    '/.toolchain',
    '/.wrangler',
    '/cpp',
    '!/cpp/wasm/abi.h',
    '/tests/fuzz',
  ],
  reporters: ['clear-text', 'progress-append-only', 'json', 'html'],
  clearTextReporter: { logTests: false, reportTests: false, allowColor: false },
  jsonReporter: { fileName: `${folder}/mutation.json` },
  htmlReporter: { fileName: `${folder}/mutation.html` },
  thresholds: { high: 95, low: 85, break: 85 },
};

export default options;
