// The tests that a mutant has to pass: those of the worker alone, which take milliseconds.
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// The fastest first, since most mutants die by the first test that looks at them.
const tests = [
  'pool/facts',
  'pool/claims',
  'pool/values',
  'pool/object',
  'boundary/log',
  'boundary/settings',
  'boundary/body',
  'boundary/abi',
  'boundary/frames',
  'boundary/keyring',
  'boundary/target',
  'boundary/core',
  'boundary/budget',
  'worker/visit',
  'worker/errors',
  'worker/imports',
  'worker/gates',
  'worker/app',
  'boundary/trap',
  'boundary/stores',
  'boundary/call',
  'boundary/leaving',
  'boundary/sharing',
  'boundary/cipher',
].map((name) => `tests/${name}.test.ts`);

const placeOf = ({ moduleId }: TestSpecification): number =>
  tests.findIndex((test) => moduleId.endsWith(test));

class InOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

export default defineConfig({
  test: {
    include: tests,
    sequence: { sequencer: InOrder },
    // One thread for all files of a mutant: most of its time would go into starting them.
    isolate: false,
    testTimeout: 4_000,
  },
});
