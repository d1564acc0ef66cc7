import type { Tally } from './tally.ts';

interface Report {
  testResults: { name: string; status: string; assertionResults: Assertion[] }[];
}

interface Assertion {
  fullName: string;
  /** passed, failed, or one of the words for a test that did not run. */
  status: string;
}

/**
 * Reads what Vitest's JSON reporter writes. A file that failed outside its tests, say on import,
 * counts as one failed test. `root` is cut off the files' names.
 */
export function readVitest(text: string, root: string): Tally {
  const report = JSON.parse(text) as Report;
  const tally: Tally = { passed: 0, failures: [] };
  for (const file of report.testResults) {
    const path = file.name.replace(`${root}/`, '');
    const failed = file.assertionResults.filter((test) => test.status === 'failed');
    tally.passed += file.assertionResults.filter((test) => test.status === 'passed').length;
    tally.failures.push(...failed.map((test) => `${path} > ${test.fullName}`));
    if (file.status === 'failed' && failed.length === 0) tally.failures.push(`${path} did not run`);
  }
  return tally;
}
