import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { capture, run } from './command.ts';

export type Preset = 'native' | 'asan' | 'fuzz' | 'bench' | 'wasm';

/** The repository's root: scripts may be started from anywhere. */
export const root = join(import.meta.dirname, '..', '..');

/**
 * Configures a preset, unless it is, and builds it. A person sees Ninja's progress; a log only gets
 * what the compiler says of a failure. `target` is built in place of all that the preset names.
 */
export async function buildPreset(preset: Preset, target?: string): Promise<boolean> {
  if (!(await configure(preset))) return false;
  const build = ['--build', '--preset', preset, ...(target ? ['--target', target] : [])];
  return process.stdout.isTTY
    ? (await run('cmake', build, { cwd: root })) === 0
    : quietly([...build, '--', '--quiet']);
}

/** Ninja configures again by itself when a CMake file changed, but knows nothing of the presets. */
async function configure(preset: Preset): Promise<boolean> {
  const presets = readFileSync(join(root, 'CMakePresets.json'), 'utf8');
  const folder = join(root, 'build', preset);
  const stamp = join(folder, 'presets.json');
  if (existsSync(join(folder, 'build.ninja')) && existsSync(stamp)) {
    if (readFileSync(stamp, 'utf8') === presets) return true;
  }
  if (!(await quietly(['--preset', preset]))) return false;
  writeFileSync(stamp, presets);
  return true;
}

async function quietly(args: string[]): Promise<boolean> {
  const { code, output } = await capture('cmake', args, { cwd: root });
  if (code !== 0) process.stdout.write(output);
  return code === 0;
}
