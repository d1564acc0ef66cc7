import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildPreset, root } from './cmake.ts';
import { foreignImports } from './imports.ts';
import { missingTools } from './toolchain.ts';

const built = join(root, 'build', 'wasm', 'rondo.wasm');

/** Compiles the module. What failed has been printed. Next to nothing when nothing changed. */
export async function compileModule(): Promise<Buffer | undefined> {
  const missing = await missingTools();
  if (missing.length > 0) {
    console.error(`build: compiling needs ${missing.join(' and ')}. Run: npm run setup -- wasm`);
    return undefined;
  }
  if (!(await buildPreset('wasm'))) return undefined;
  const bytes = readFileSync(built);
  return hasOnlyOurImports(await WebAssembly.compile(new Uint8Array(bytes))) ? bytes : undefined;
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
