import { createMiddleware } from 'hono/factory';
import type { App } from '../app.ts';

/** Names the request, in the logs and in `x-request-id` of every answer. */
export const nameRequest = createMiddleware<App>(async (c, next) => {
  const id = `req_${crypto.randomUUID().replaceAll('-', '')}`;
  c.set('requestId', id);
  await next();
  // Not by `c.header`, which copies an answer that is there.
  c.res.headers.set('x-request-id', id);
});
