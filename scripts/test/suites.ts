import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildPreset, root } from '../build/cmake.ts';
import { capture, run } from '../build/command.ts';
import { provideModule } from '../build/module.js';
import { readGoogleTest } from './googletest.ts';
import { broken, nothing, settled, sum, type Tally } from './tally.ts';
import { readVitest } from './vitest.ts';

/** Builds and runs the C++ tests, once and under the sanitizers. */
export async function native(): Promise<Tally> {
  const preset = 'asan';
  if (!(await buildPreset(preset))) return broken('the build failed');
  const programs = await testPrograms(preset);
  const results = emptyFolder(preset);
  const env = { ...process.env, GTEST_OUTPUT: `json:${results}/`, GTEST_BRIEF: '1' };
  const { code, output } = await capture('ctest', ['--preset', preset], { cwd: root, env });
  if (code !== 0) process.stdout.write(output);
  const tallies = programs.map((program) => programTally(results, program));
  return settled(sum(tallies), code);
}

/** Provides the module, the one that would be deployed. Good for nothing but to fail: it has no tests of its own. */
export async function module(): Promise<Tally> {
  return (await provideModule()) ? nothing : broken('the build failed');
}

/** Runs all tests that are written in TypeScript. */
export async function vitest(): Promise<Tally> {
  const report = join(emptyFolder('vitest'), 'report.json');
  // Dots and colours are for people.
  const { isTTY } = process.stdout;
  const shown = isTTY ? ['--reporter=dot'] : ['--reporter=default', '--silent=passed-only'];
  const args = ['run', ...shown, '--reporter=json', `--outputFile.json=${report}`];
  const env = { ...process.env, ...(!isTTY && { NO_COLOR: '1' }) };
  const code = await run('vitest', args, { cwd: root, env });
  if (!existsSync(report)) return broken(`ended with exit code ${code}`);
  return settled(readVitest(readFileSync(report, 'utf8'), root), code);
}

function emptyFolder(suite: string): string {
  const folder = join(root, 'build', 'results', suite);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function testPrograms(preset: string): Promise<string[]> {
  const list = ['--preset', preset, '--show-only=json-v1'];
  const { output } = await capture('ctest', list, { cwd: root });
  return (JSON.parse(output) as { tests: { name: string }[] }).tests.map((test) => test.name);
}

/** A program writes its report at its end: one that crashed has none. */
function programTally(results: string, program: string): Tally {
  const report = join(results, `${program}.json`);
  if (!existsSync(report)) return broken(`${program} crashed`);
  return readGoogleTest(readFileSync(report, 'utf8'));
}
