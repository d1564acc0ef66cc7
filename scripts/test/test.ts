// Runs all tests and closes with one line, `N passed, N failed`, summed over all suites.
import { module, native, vitest } from './suites.ts';
import { closingLine, named, sum, type Tally } from './tally.ts';

const tallies: Tally[] = [];

async function suite(name: string, work: () => Promise<Tally>): Promise<Tally> {
  console.log(`\n== ${name}`);
  const tally = named(name, await work());
  if (tally.passed + tally.failures.length > 0) console.log(`${name}: ${closingLine(tally)}`);
  tallies.push(tally);
  return tally;
}

await suite('native, under sanitizers', native);
const built = await suite('module', module);
// Without a module, each of these would fail for the same reason.
if (built.failures.length === 0) await suite('boundary and end to end', vitest);

const total = sum(tallies);
if (total.failures.length > 0) console.log('\nFailed:');
for (const name of total.failures) console.log(`  ${name}`);
console.log(`\n${closingLine(total)}`);
process.exitCode = total.failures.length === 0 ? 0 : 1;
