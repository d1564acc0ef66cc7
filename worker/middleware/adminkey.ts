import { createMiddleware } from 'hono/factory';
import type { App } from '../app.ts';
import { errorResponse, unknownUrl } from '../errors.ts';
import { findClient, makeKeyRing, presentedKey, unauthorized } from './clientkey.ts';

/** Lets only the operator in. Without ADMIN_API_KEY there is nothing here. */
export const requireAdminKey = createMiddleware<App>(async (c, next) => {
  const secret = c.env.ADMIN_API_KEY;
  if (typeof secret !== 'string' || secret.trim() === '') {
    return errorResponse(unknownUrl(c.req.method, c.req.path));
  }
  const ring = makeKeyRing({ CLIENT_API_KEYS: JSON.stringify([secret.trim()]) });
  const key = presentedKey(c.req.raw);
  const isOperator = key !== undefined && (await findClient(ring, key)) !== undefined;
  if (!isOperator) return errorResponse(unauthorized('Incorrect admin key.', 'invalid_api_key'));
  c.set('client', { name: 'admin' });
  await next();
  return undefined;
});
