import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { capture, run } from './command.ts';

export type Preset = 'native' | 'asan' | 'wasm';

/** The repository's root: scripts may be started from anywhere. */
export const root = join(import.meta.dirname, '..', '..');

/**
 * Configures a preset, unless it is, and builds it. A person sees Ninja's progress; a log only gets
 * what the compiler says of a failure. Ninja configures again by itself when a CMake file changed.
 */
export async function buildPreset(preset: Preset): Promise<boolean> {
  if (!existsSync(join(root, 'build', preset, 'build.ninja'))) {
    if (!(await quietly(['--preset', preset]))) return false;
  }
  const build = ['--build', '--preset', preset];
  return process.stdout.isTTY
    ? (await run('cmake', build, { cwd: root })) === 0
    : quietly([...build, '--', '--quiet']);
}

async function quietly(args: string[]): Promise<boolean> {
  const { code, output } = await capture('cmake', args, { cwd: root });
  if (code !== 0) process.stdout.write(output);
  return code === 0;
}
