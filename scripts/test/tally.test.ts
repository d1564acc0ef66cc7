import { describe, expect, test } from 'vitest';
import { readGoogleTest } from './googletest.ts';
import { broken, closingLine, named, nothing, settled, sum } from './tally.ts';
import { readVitest } from './vitest.ts';

describe('tally', () => {
  test('sums over suites and keeps the names of failures', () => {
    const total = sum([
      { passed: 3, failures: [] },
      named('native', { passed: 1, failures: ['Url.Parses'] }),
      nothing,
      named('module', broken('the build failed')),
    ]);
    expect(total).toEqual({
      passed: 4,
      failures: ['native: Url.Parses', 'module: the build failed'],
    });
    expect(closingLine(total)).toBe('4 passed, 2 failed');
  });

  test('fails a suite that ended badly, or ran nothing', () => {
    expect(settled({ passed: 2, failures: [] }, 0)).toEqual({ passed: 2, failures: [] });
    expect(settled({ passed: 2, failures: [] }, 8)).toEqual({
      passed: 2,
      failures: ['ended with exit code 8'],
    });
    expect(settled({ passed: 2, failures: ['a'] }, 8)).toEqual({ passed: 2, failures: ['a'] });
    expect(settled(nothing, 0)).toEqual({ passed: 0, failures: ['ran no test'] });
  });
});

describe('GoogleTest report', () => {
  const report = {
    tests: 4,
    testsuites: [
      {
        name: 'Url',
        testsuite: [
          { name: 'Parses', status: 'RUN', result: 'COMPLETED' },
          { name: 'Refuses', status: 'RUN', result: 'COMPLETED', failures: [{ failure: 'no' }] },
          { name: 'Waits', status: 'RUN', result: 'SKIPPED' },
        ],
      },
      {
        name: 'Base64/Cut',
        testsuite: [
          { name: 'Decodes/0', status: 'RUN', result: 'COMPLETED' },
          { name: 'DISABLED_Later', status: 'NOTRUN', result: 'SUPPRESSED' },
        ],
      },
    ],
  };

  test('is counted by case, without the skipped and the disabled', () => {
    expect(readGoogleTest(JSON.stringify(report))).toEqual({
      passed: 2,
      failures: ['Url.Refuses'],
    });
  });
});

describe('Vitest report', () => {
  const report = (status: string, ...assertionResults: { fullName: string; status: string }[]) =>
    JSON.stringify({ testResults: [{ name: '/rondo/tests/a.test.ts', status, assertionResults }] });

  test('is counted by test, without the skipped', () => {
    const text = report(
      'failed',
      { fullName: 'frame reads', status: 'passed' },
      { fullName: 'frame writes', status: 'failed' },
      { fullName: 'frame waits', status: 'skipped' },
    );
    expect(readVitest(text, '/rondo')).toEqual({
      passed: 1,
      failures: ['tests/a.test.ts > frame writes'],
    });
  });

  test('counts a file that failed outside its tests', () => {
    expect(readVitest(report('failed'), '/rondo')).toEqual({
      passed: 0,
      failures: ['tests/a.test.ts did not run'],
    });
  });
});
