// Builds worker/core/rondo.wasm, and puts what the operator's page borrows beside it. Does next to nothing when nothing changed.
import { buildModule } from './module.ts';
import { copyVendored } from './page.ts';

copyVendored();
console.log('build: compiling cpp/ to worker/core/rondo.wasm');
if (!(await buildModule())) {
  console.error('build: failed, see above');
  process.exitCode = 1;
}
