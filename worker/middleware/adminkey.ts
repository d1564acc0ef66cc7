import { createMiddleware } from 'hono/factory';
import type { App } from '../app.ts';
import type { Env } from '../core/core.ts';
import { Log } from '../core/log.ts';
import { errorResponse, unknownUrl } from '../errors.ts';
import { presentedKey, unauthorized } from './clientkey.ts';
import { findClient, type KeyRing, makeAdminRing } from './keyring.ts';

const openRing = (env: Env): KeyRing => {
  const ring = makeAdminRing(env);
  if (ring.fault) new Log(env.LOG_LEVEL).error('admin_key_unreadable', { fault: ring.fault });
  return ring;
};

let ringOfIsolate: KeyRing | undefined;

/** Lets only the operator in. Without an ADMIN_API_KEY that can be read there is nothing here. */
export const requireAdminKey = createMiddleware<App>(async (c, next) => {
  ringOfIsolate ??= openRing(c.env);
  const ring = ringOfIsolate;
  if (ring.keys.length === 0) return errorResponse(unknownUrl(c.req.method, c.req.path));
  const key = presentedKey(c.req.raw);
  const client = key === undefined ? undefined : await findClient(ring, key);
  if (!client) return errorResponse(unauthorized('Incorrect admin key.', 'invalid_api_key'));
  c.set('client', client);
  await next();
  return undefined;
});
