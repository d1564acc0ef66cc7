// Runs the pool under load on a virtual clock, and prints the tables of docs/pool.md.
import { join } from 'node:path';
import { buildPreset, root } from '../build/cmake.ts';
import { run } from '../build/command.ts';

const program = join(root, 'build', 'native', 'tests', 'poolmodel', 'pool_model');

process.exitCode = (await buildPreset('native')) ? await run(program, [], { cwd: root }) : 1;
