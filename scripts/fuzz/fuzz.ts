// Fuzzes each target for a minute, or for as many seconds as the first argument says, and closes
// with one line a target. Inputs worth keeping stay in build/fuzz/corpus, findings in
// build/fuzz/findings.
import { buildPreset } from '../build/cmake.ts';
import { type Campaign, fuzz, targets } from './targets.ts';

const seconds = Number(process.argv[2] ?? 60);

if (!Number.isInteger(seconds) || seconds < 1) {
  console.error('fuzz: usage: npm run fuzz [-- SECONDS]');
  process.exitCode = 2;
} else if (await buildPreset('fuzz')) {
  const campaigns: Campaign[] = [];
  for (const target of targets) {
    console.log(`fuzz: ${target.name}, ${seconds} s`);
    campaigns.push(await fuzz(target, seconds));
  }
  for (const { name, summary } of campaigns) console.log(`${name}: ${summary}`);
  if (campaigns.some(({ found }) => found)) process.exitCode = 1;
} else {
  console.error('fuzz: the build failed, see above');
  process.exitCode = 1;
}
