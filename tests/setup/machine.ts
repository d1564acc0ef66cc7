// Machines to set up: what they have is what a test put there.
import { Tree } from '../support/tree.ts';

/** What every system has. */
const everywhere = 'sh awk cat cmp cp dirname env grep head ls mktemp rm sed sort tr true'.split(
  ' ',
);

/** A machine with this in its os-release, where the npm packages have been installed. */
export function machine(osRelease: string): Tree {
  const tree = new Tree('scripts/setup', 'package-lock.json');
  tree.borrow(...everywhere);
  tree.write('os-release', osRelease);
  tree.write('node_modules/.rondo-lock.json', tree.read('package-lock.json') ?? '');
  tree.write('node_modules/.bin/node', '');
  tree.makeRunnable('node_modules/.bin/node');
  return tree;
}

export const setUp = (tree: Tree, extent: string, env: Record<string, string> = {}) =>
  tree.run('sh', ['scripts/setup/setup.sh', extent], {
    RONDO_OS_RELEASE: tree.path('os-release'),
    RONDO_INCLUDES: tree.path('include'),
    // The first is one of ours, the second what is on PATH.
    RONDO_PYTHONS: '.toolchain/python/bin/python3 python3',
    ...env,
  });

/** Gives it an Emscripten of this version, in a folder under which it is found. */
export function addEmscripten(tree: Tree, version: string, folder = '.bin'): string {
  const told = `emcc (Emscripten gcc/clang-like replacement + linker emulating GNU ld) ${version}`;
  for (const name of ['emcc', 'em-config']) {
    tree.write(`${folder}/${name}`, `#!/bin/sh\necho '${told} (0123abc)'\n`);
    tree.makeRunnable(`${folder}/${name}`);
  }
  return tree.path(folder);
}

/** Everything that compiling the module needs, but Emscripten. */
export function addBuildTools(tree: Tree): void {
  tree.command('cmake', 'echo "cmake version 3.28.3"');
  tree.command('ninja', '');
  tree.write('include/nlohmann/json.hpp', '');
}

/** Everything that the tests need on top of them. */
export function addTestTools(tree: Tree): void {
  tree.command('g++', 'echo 14');
  for (const header of ['gtest', 'gmock']) tree.write(`include/${header}/${header}.h`, '');
  tree.command('python3', '');
}

/**
 * An apt, used by root, that offers packages in these versions, and that notes what it is asked to
 * install. `installing` is what an installation does, as lines of a shell.
 */
export function addApt(tree: Tree, versions: Record<string, string>, installing = ''): void {
  tree.command('id', 'echo 0');
  tree.command('apt-get', `case "$*" in *install*) ${installing || ':'} ;; esac`);
  const lines = Object.entries(versions).map(
    ([name, version]) => `${name}) echo '${name}:'; echo '  Candidate: ${version}' ;;`,
  );
  tree.command('apt-cache', `case "$2" in ${lines.join(' ')} *) ;; esac`);
}

/** What was asked to be installed. */
export const installs = (tree: Tree): string[] =>
  tree.calls.filter((call) => /^(apt-get .*|brew )install/.test(call));
