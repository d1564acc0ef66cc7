import { createMiddleware } from 'hono/factory';
import type { App } from '../app.ts';
import { Core } from '../core/core.ts';
import module from '../core/rondo.wasm';

let core: Core | undefined;

/**
 * Makes the gateway of this isolate on its first request, hands it the variables, the KV binding
 * and `fetch`, and attaches it to the context as `c.var.core`.
 */
export const attachCore = createMiddleware<App>(async (c, next) => {
  core ??= new Core(module, c.env);
  c.set('core', core);
  await next();
});
