// Measures the hot functions of cpp/, compiled natively: nanoseconds, and instructions as callgrind
// counts them, which are nearly the same however busy the machine is. Those are compared with
// native/instructions.json.
//
//   npm run bench:native                           all cases
//   npm run bench:native -- --update               … and makes their instructions the expected ones
//   npm run bench:native -- --profile request/     only cases that begin so, with their costliest
//                                                  functions
import { parseArgs } from 'node:util';
import { buildPreset } from '../build/cmake.ts';
import { readBaseline, writeBaseline } from './native/baseline.ts';
import { countCase } from './native/instructions.ts';
import { costliest } from './native/profile.ts';
import { type Row, table } from './native/table.ts';
import { timeCases } from './native/timings.ts';

const functionsShown = 5;

async function measure(prefix: string, functions: number): Promise<Row[]> {
  const baseline = readBaseline();
  const rows: Row[] = [];
  for (const [name, nanoseconds] of await timeCases(prefix)) {
    console.log(`bench: counting ${name}`);
    const count = await countCase(name);
    const costs = functions > 0 ? await costliest(count, functions) : [];
    rows.push({
      name,
      nanoseconds,
      instructions: count.instructions,
      expected: baseline[name],
      costs,
    });
  }
  return rows;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { update: { type: 'boolean', default: false }, profile: { type: 'string' } },
  });
  if (!(await buildPreset('bench'))) throw new Error('the build failed, see above');
  console.log('bench: timing');
  const shown = values.profile === undefined ? 0 : functionsShown;
  const rows = await measure(values.profile ?? '', shown);
  console.log(table(rows));
  if (!values.update) return;
  const measured = Object.fromEntries(rows.map((row) => [row.name, row.instructions]));
  // Of a part of the cases, the others stay as they are.
  writeBaseline(values.profile === undefined ? measured : { ...readBaseline(), ...measured });
}

try {
  await main();
} catch (error) {
  console.error(`bench: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
