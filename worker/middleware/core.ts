import { Core, type Env } from '../core/core.ts';
import module from '../core/rondo.wasm';

let core: Core | undefined;

/**
 * The gateway of this isolate. The first request makes it, and hands it the variables, the KV
 * binding and `fetch`.
 */
export const coreOf = (env: Env): Core => {
  core ??= new Core(module, env);
  return core;
};
