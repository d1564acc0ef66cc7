import { createMiddleware } from 'hono/factory';
import type { App } from '../app.ts';

/**
 * What browsers and caches are told of every answer: to take it for what it says it is, to tell
 * nobody where it came from, and to keep nothing of it. A stream says `no-cache` by itself.
 */
export const guardAnswers = createMiddleware<App>(async (c, next) => {
  await next();
  const { headers } = c.res;
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'no-referrer');
  if (!headers.has('cache-control')) headers.set('cache-control', 'no-store');
});
