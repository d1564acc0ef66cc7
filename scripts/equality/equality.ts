// Compares production with its plain reference over a million generated inputs of each kind, or
// over as many as the first argument says.
import { join } from 'node:path';
import { buildPreset, root } from '../build/cmake.ts';
import { run } from '../build/command.ts';

const inputs = Number(process.argv[2] ?? 1_000_000);

if (!Number.isInteger(inputs) || inputs < 1) {
  console.error('equality: usage: npm run equality [-- INPUTS]');
  process.exitCode = 2;
} else if (await buildPreset('native')) {
  const program = join(root, 'build', 'native', 'tests', 'equality', 'test_equality');
  const env = { ...process.env, RONDO_EQUALITY_INPUTS: String(inputs) };
  process.exitCode = await run(program, [], { cwd: root, env });
} else {
  console.error('equality: the build failed, see above');
  process.exitCode = 1;
}
