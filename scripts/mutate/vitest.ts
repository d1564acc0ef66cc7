// The tests that a mutant has to pass by: those of the worker alone that take milliseconds.
import { defineConfig } from 'vitest/config';

const boundary = [
  'abi',
  'body',
  'call',
  'cipher',
  'core',
  'frames',
  'keyring',
  'landing',
  'leaving',
  'log',
  'room',
  'settings',
  'sharing',
  'stores',
  'trap',
];

export default defineConfig({
  test: {
    include: [
      ...boundary.map((name) => `tests/boundary/${name}.test.ts`),
      'tests/pool/*.test.ts',
      'tests/worker/*.test.ts',
    ],
    // One thread for all files of a mutant.
    isolate: false,
    testTimeout: 5000,
  },
});
