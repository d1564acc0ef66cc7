// `npm run prebuilt`: compiles the module, and commits nothing but lays it into prebuilt/.
import { root } from './cmake.ts';
import { compileModule } from './compile.ts';
import { provideModule } from './module.js';
import { writePrebuilt } from './prebuilt.js';
import { toolchain } from './toolchain.ts';

const bytes = await compileModule();
if (bytes) {
  writePrebuilt(root, bytes, await toolchain());
  await provideModule();
  console.log('prebuilt: prebuilt/ holds the module of these sources. Commit it with them.');
} else {
  console.error('prebuilt: failed, see above');
  process.exitCode = 1;
}
