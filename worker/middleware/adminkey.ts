import { createMiddleware } from 'hono/factory';
import type { App } from '../arrival.ts';
import type { Env } from '../core/core.ts';
import { Log } from '../core/log.ts';
import { errorResponse, tooManyLogins, unknownUrl } from '../errors.ts';
import { unauthorized } from './clientkey.ts';
import { addressOf, FailedLogins } from './failedlogins.ts';
import { findClient, type KeyRing, makeAdminRing, makeMetricsRing } from './keyring.ts';
import { presentedKey } from './presentedkey.ts';

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

/** Reads a ring when an isolate first needs it. */
const once = (open: (env: Env) => KeyRing): ((env: Env) => KeyRing) => {
  let ring: KeyRing | undefined;
  return (env) => {
    ring ??= open(env);
    return ring;
  };
};

const failedLogins = new FailedLogins();

/**
 * A wrong key is told and counted. A right one is looked at first and never refused, so nobody who
 * shares an operator's address can lock them out; against guessing it is the key's length that helps.
 */
const refuseWrongKey = (env: Env, request: Request, event: string, refusal: string): Response => {
  const address = addressOf(request);
  const { waitMs, isNews } = failedLogins.note(address, Date.now());
  if (isNews) new Log(env.LOG_LEVEL).warn(event, { address, slowed: waitMs !== undefined });
  return errorResponse(
    waitMs === undefined ? unauthorized(refusal, 'invalid_api_key') : tooManyLogins(waitMs),
  );
};

/** Lets those in who hold a key of the ring. Without a key that can be read there is nothing here. */
const requireKeyOf = (ringOf: (env: Env) => KeyRing, event: string, refusal: string) =>
  createMiddleware<App>(async (c, next) => {
    const { request, env } = c.env;
    const ring = ringOf(env);
    if (ring.keys.length === 0) return errorResponse(unknownUrl(c.req.method, c.req.path));
    const key = presentedKey(request);
    if (key === undefined) return errorResponse(unauthorized(refusal, 'invalid_api_key'));
    const client = await findClient(ring, key);
    if (!client) return refuseWrongKey(env, request, event, refusal);
    c.env.client = client;
    await next();
    return undefined;
  });

const adminRing = once((env) => opened(env, makeAdminRing(env), 'admin_key_unreadable'));

/** Lets only the operator in. */
export const requireAdminKey = requireKeyOf(
  adminRing,
  'admin_login_failed',
  'Incorrect admin key.',
);

/** Lets the operator in, and who holds the key for metrics. */
export const requireMetricsKey = requireKeyOf(
  once((env) =>
    joined(makeAdminRing(env), opened(env, makeMetricsRing(env), 'metrics_key_unreadable')),
  ),
  'metrics_login_failed',
  'Incorrect metrics key.',
);

/** Whether there is an operator at all. */
export const hasOperator = (env: Env): boolean => adminRing(env).keys.length > 0;
