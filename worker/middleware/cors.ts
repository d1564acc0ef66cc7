import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import type { App } from '../app.ts';

const origin = '*';
const exposed = [
  'request-id',
  'retry-after',
  'retry-after-ms',
  'x-request-id',
  'x-rondo-adjusted',
  'x-rondo-attempts',
  'x-rondo-credential',
  'x-rondo-model',
  'x-rondo-reset',
].join(',');

const preflight = cors({ origin, allowMethods: ['GET', 'POST', 'OPTIONS'], maxAge: 86_400 });

/**
 * Lets pages of any origin call, and read our header fields. Hono's own would make a response
 * before there is one, and copy ours into it.
 */
export const allowAnyOrigin = createMiddleware<App>(async (c, next) => {
  if (c.req.method === 'OPTIONS') return preflight(c, next);
  await next();
  c.res.headers.set('access-control-allow-origin', origin);
  c.res.headers.set('access-control-expose-headers', exposed);
  return undefined;
});
