// @ts-check
// Puts the module where the worker imports it: the committed one when it was made of these sources,
// else one that is compiled now.
import { join } from 'node:path';
import { place } from './place.js';
import { prebuiltModule } from './prebuilt.js';

const root = join(import.meta.dirname, '..', '..');
const served = join(root, 'worker', 'core', 'rondo.wasm');

/**
 * Tells whether the module is in its place; what kept it from there has been printed.
 * @param {'prebuilt' | 'source'} [from] what to take it from: `source` compiles in any case
 * @returns {Promise<boolean>}
 */
export async function provideModule(from = 'prebuilt') {
  const taken = from === 'source' ? { fault: 'RONDO_BUILD=source' } : prebuiltModule(root);
  if ('bytes' in taken) {
    place(served, taken.bytes);
    return true;
  }
  console.log(`build: compiling cpp/, since ${taken.fault}`.replace('since RONDO', 'as RONDO'));
  const bytes = await compiled();
  if (bytes) place(served, bytes);
  return bytes !== undefined;
}

/** Compiling is a developer's matter, whose Node takes types. */
async function compiled() {
  if (!process.features.typescript) {
    console.error(
      `build: compiling needs Node 22.18 or newer, and this is ${process.versions.node}.\n` +
        'build: `npm run setup` installs one with the rest of the toolchain; `git status cpp cmake` ' +
        'shows what differs from the sources of prebuilt/rondo.wasm',
    );
    return undefined;
  }
  const { compileModule } = await import('./compile.ts');
  return compileModule();
}
