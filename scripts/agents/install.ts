// The agents' packages, in a folder of their own: they are larger than all the rest of the project.
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../build/cmake.ts';
import { run } from '../build/command.ts';

const source = join(root, 'scripts', 'agents');
const folder = join(root, 'build', 'agents');
/** The lock file that the packages were installed from. */
const stamp = join(folder, 'node_modules', '.rondo-lock.json');

/** Where the agents' programs are. */
export const bin = join(folder, 'node_modules', '.bin');

/** Installs the locked versions, unless they are there. */
export async function installAgents(): Promise<void> {
  const lock = join(source, 'package-lock.json');
  if (existsSync(stamp) && readFileSync(stamp).equals(readFileSync(lock))) return;
  console.log('agents: installing their packages, which takes some minutes');
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    copyFileSync(join(source, name), join(folder, name));
  }
  copyFileSync(join(root, '.npmrc'), join(folder, '.npmrc'));
  // Not `npm ci`, which wants optional packages for all platforms in a lock file: registries don't
  // have all of them. What the lock file holds is installed as it says.
  const code = await run('npm', ['install', '--loglevel=error'], { cwd: folder });
  if (code !== 0) throw new Error('npm install failed, see above');
  copyFileSync(lock, stamp);
}
