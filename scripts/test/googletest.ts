import type { Tally } from './tally.ts';

interface Report {
  testsuites: { name: string; testsuite: Case[] }[];
}

interface Case {
  name: string;
  /** RUN, or NOTRUN for a disabled test. */
  status: string;
  /** COMPLETED, SKIPPED or SUPPRESSED. */
  result: string;
  failures?: unknown[];
}

/** Reads what GoogleTest writes for --gtest_output=json. Disabled and skipped tests don't count. */
export function readGoogleTest(text: string): Tally {
  const report = JSON.parse(text) as Report;
  const tally: Tally = { passed: 0, failures: [] };
  for (const suite of report.testsuites) {
    for (const test of suite.testsuite) {
      if (test.failures?.length) tally.failures.push(`${suite.name}.${test.name}`);
      else if (test.status === 'RUN' && test.result === 'COMPLETED') tally.passed += 1;
    }
  }
  return tally;
}
