import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../build/cmake.ts';
import { capture } from '../../build/command.ts';

export const program = join(root, 'build', 'bench', 'scripts', 'bench', 'native', 'bench_rondo');

/** Where the tools leave what they measured. */
export function resultPath(name: string): string {
  const folder = join(root, 'build', 'bench', 'results');
  mkdirSync(folder, { recursive: true });
  return join(folder, name.replaceAll('/', '-'));
}

/** What a command prints. A command that fails throws it. */
export async function outputOf(command: string, args: string[]): Promise<string> {
  const { code, output } = await capture(command, args, { cwd: root });
  if (code !== 0) throw new Error(`${command} failed with exit code ${code}\n${output}`);
  return output;
}
