import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Instructions of one iteration, by case. They are those of one compiler and C library. */
export type Baseline = Readonly<Record<string, number>>;

const path = join(import.meta.dirname, 'instructions.json');

export function readBaseline(): Baseline {
  return JSON.parse(readFileSync(path, 'utf8'));
}

export function writeBaseline(baseline: Baseline): void {
  writeFileSync(path, `${JSON.stringify(baseline, null, 2)}\n`);
}
