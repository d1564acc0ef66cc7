// Runs the pool under load on a virtual clock, and prints the tables of docs/pool.md; with the word
// `scale` that of a large deployment, for all loads or for those named: `scale 500 1000`; with the word
// `cache` what explicit caches cost, the table of docs/context-caching.md.
import { join } from 'node:path';
import { buildPreset, root } from '../build/cmake.ts';
import { run } from '../build/command.ts';
import { table } from './cacheprices.ts';

const program = join(root, 'build', 'native', 'tests', 'poolmodel', 'pool_model');

const words = process.argv.slice(2);

if (words[0] === 'cache') console.log(table().join('\n'));
else if (!(await buildPreset('native', 'pool_model'))) process.exitCode = 1;
else process.exitCode = await run(program, words, { cwd: root });
