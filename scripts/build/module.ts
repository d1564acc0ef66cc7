import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildPreset, root } from './cmake.ts';
import { foreignImports } from './imports.ts';

const built = join(root, 'build', 'wasm', 'rondo.wasm');
const served = join(root, 'worker', 'core', 'rondo.wasm');

/** Builds the module and puts it where the worker imports it. Tells whether that worked. */
export async function buildModule(): Promise<boolean> {
  if (!(await buildPreset('wasm'))) return false;
  const bytes = readFileSync(built);
  if (!hasOnlyOurImports(await WebAssembly.compile(bytes))) return false;
  if (!existsSync(served) || !readFileSync(served).equals(bytes)) {
    mkdirSync(dirname(served), { recursive: true });
    copyFileSync(built, served);
  }
  return true;
}

function hasOnlyOurImports(module: WebAssembly.Module): boolean {
  const foreign = foreignImports(module);
  for (const name of foreign) console.error(`build: the module imports ${name}`);
  if (foreign.length > 0) {
    console.error(
      'build: only imports from `rondo` are allowed. Clocks of std::chrono, <iostream>, files and ' +
        'the environment bring others: use the port (cpp/host) instead.',
    );
  }
  return foreign.length === 0;
}
