/** What a suite, or all of them, came to. */
export interface Tally {
  passed: number;
  /** The names of the tests that failed. */
  failures: string[];
}

export const nothing: Tally = { passed: 0, failures: [] };

/** A suite that could not run counts as one failed test. */
export function broken(name: string): Tally {
  return { passed: 0, failures: [name] };
}

export function sum(tallies: Tally[]): Tally {
  return {
    passed: tallies.reduce((total, tally) => total + tally.passed, 0),
    failures: tallies.flatMap((tally) => tally.failures),
  };
}

/** The same tally with every failure named after its suite. */
export function named(suite: string, tally: Tally): Tally {
  return { passed: tally.passed, failures: tally.failures.map((name) => `${suite}: ${name}`) };
}

/**
 * A suite's tally set against how its program ended: one that failed without a failed test, or that
 * ran no test at all, must not pass.
 */
export function settled(tally: Tally, exitCode: number): Tally {
  if (tally.failures.length > 0) return tally;
  if (exitCode !== 0) return sum([tally, broken(`ended with exit code ${exitCode}`)]);
  return tally.passed > 0 ? tally : broken('ran no test');
}

export function closingLine(tally: Tally): string {
  return `${tally.passed} passed, ${tally.failures.length} failed`;
}
