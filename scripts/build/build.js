// @ts-check
// Provides worker/core/rondo.wasm (the committed module, or with RONDO_BUILD=source a compiled one)
// and what the operator's page borrows.
// `wrangler` runs this before it bundles the worker. Does next to nothing when nothing changed.
import { provideModule } from './module.js';
import { copyVendored } from './page.js';

const wanted = process.env.RONDO_BUILD ?? '';

if (wanted !== '' && wanted !== 'source') {
  console.error(`build: RONDO_BUILD is ${wanted}, and can only be \`source\`, to compile always`);
  process.exitCode = 2;
} else if (!copyVendored() || !(await provideModule(wanted === 'source' ? 'source' : 'prebuilt'))) {
  console.error('build: failed, see above');
  process.exitCode = 1;
}
