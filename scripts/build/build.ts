// Builds worker/core/rondo.wasm. Does next to nothing when nothing changed.
import { buildModule } from './module.ts';

console.log('build: compiling cpp/ to worker/core/rondo.wasm');
if (!(await buildModule())) {
  console.error('build: failed, see above');
  process.exitCode = 1;
}
