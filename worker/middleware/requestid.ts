import { createMiddleware } from 'hono/factory';
import type { App } from '../app.ts';
import { speaksAnthropic } from '../dialects.ts';

/**
 * Names the request, in the logs and in `x-request-id` of every answer; Anthropic's clients look for
 * it in `request-id`.
 */
export const nameRequest = createMiddleware<App>(async (c, next) => {
  const id = `req_${crypto.randomUUID().replaceAll('-', '')}`;
  c.set('requestId', id);
  await next();
  // Not by `c.header`, which copies an answer that is there.
  c.res.headers.set('x-request-id', id);
  if (speaksAnthropic(c.req.raw)) c.res.headers.set('request-id', id);
});
