// Runs the pool under load on a virtual clock, and prints the tables of docs/pool.md; with the word
// `scale` that of a large deployment, for all loads or for those named: `scale 500 1000`.
import { join } from 'node:path';
import { buildPreset, root } from '../build/cmake.ts';
import { run } from '../build/command.ts';

const program = join(root, 'build', 'native', 'tests', 'poolmodel', 'pool_model');

process.exitCode = (await buildPreset('native', 'pool_model'))
  ? await run(program, process.argv.slice(2), { cwd: root })
  : 1;
