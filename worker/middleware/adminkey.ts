import { createMiddleware } from 'hono/factory';
import type { App } from '../app.ts';
import type { Env } from '../core/core.ts';
import { Log } from '../core/log.ts';
import { errorResponse, unknownUrl } from '../errors.ts';
import { presentedKey, unauthorized } from './clientkey.ts';
import { findClient, type KeyRing, makeAdminRing, makeMetricsRing } from './keyring.ts';

/** Tells of a key that can't be read. */
const opened = (env: Env, ring: KeyRing, event: string): KeyRing => {
  if (ring.fault) new Log(env.LOG_LEVEL).error(event, { fault: ring.fault });
  return ring;
};

/** Both rings in one: whoever has the admin key may read metrics too. */
const joined = (admin: KeyRing, metrics: KeyRing): KeyRing => ({
  keys: [...admin.keys, ...metrics.keys],
  anonymous: false,
});

/** Lets those in who hold a key of the ring. Without a key that can be read there is nothing here. */
const requireKeyOf = (open: (env: Env) => KeyRing, refusal: string) => {
  let ringOfIsolate: KeyRing | undefined;
  return createMiddleware<App>(async (c, next) => {
    ringOfIsolate ??= open(c.env);
    const ring = ringOfIsolate;
    if (ring.keys.length === 0) return errorResponse(unknownUrl(c.req.method, c.req.path));
    const key = presentedKey(c.req.raw);
    const client = key === undefined ? undefined : await findClient(ring, key);
    if (!client) return errorResponse(unauthorized(refusal, 'invalid_api_key'));
    c.set('client', client);
    await next();
    return undefined;
  });
};

/** Lets only the operator in. */
export const requireAdminKey = requireKeyOf(
  (env) => opened(env, makeAdminRing(env), 'admin_key_unreadable'),
  'Incorrect admin key.',
);

/** Lets the operator in, and who holds the key for metrics. */
export const requireMetricsKey = requireKeyOf(
  (env) => joined(makeAdminRing(env), opened(env, makeMetricsRing(env), 'metrics_key_unreadable')),
  'Incorrect metrics key.',
);
