import { createMiddleware } from 'hono/factory';
import type { App } from '../app.ts';
import type { Env } from '../core/core.ts';
import { Log } from '../core/log.ts';
import { refusalOf } from '../dialects.ts';
import type { Failure } from '../errors.ts';
import { findClient, type KeyRing, makeKeyRing } from './keyring.ts';

/** As OpenAI's SDKs send it, or Anthropic's. */
export const presentedKey = (request: Request): string | undefined => {
  const bearer = /^Bearer +(.+)$/i.exec(request.headers.get('authorization') ?? '');
  return bearer?.[1]?.trim() ?? request.headers.get('x-api-key') ?? undefined;
};

export const unauthorized = (message: string, code: string | null): Failure => ({
  status: 401,
  type: 'invalid_request_error',
  code,
  message,
  headers: { 'www-authenticate': 'Bearer realm="rondo"' },
});

const closed = (fault: string | undefined): Failure => ({
  status: 503,
  type: 'server_error',
  code: 'client_keys_missing',
  message: fault
    ? `The gateway's client keys can't be read: ${fault}.`
    : 'The gateway has no client keys yet. Set one with `npx wrangler secret put CLIENT_API_KEYS`, ' +
      'or open it to everybody with ALLOW_ANONYMOUS=true.',
});

const openRing = (env: Env): KeyRing => {
  const ring = makeKeyRing(env);
  const log = new Log(env.LOG_LEVEL);
  if (ring.fault) log.error('client_keys_unreadable', { fault: ring.fault });
  const variable = 'ALLOW_ANONYMOUS';
  if (!['', 'true', 'false'].includes(String(env[variable] ?? '').trim())) {
    log.warn('setting_ignored', { variable, fault: 'is neither true nor false' });
  }
  return ring;
};

let ringOfIsolate: KeyRing | undefined;

/** Lets only those in who hold a client key; closed when there is none. */
export const requireClientKey = createMiddleware<App>(async (c, next) => {
  const refuse = refusalOf(c.req.raw, c.var.requestId);
  ringOfIsolate ??= openRing(c.env);
  const ring = ringOfIsolate;
  if (ring.fault || (ring.keys.length === 0 && !ring.anonymous)) {
    return refuse(closed(ring.fault));
  }
  const key = presentedKey(c.req.raw);
  const client = key === undefined ? undefined : await findClient(ring, key);
  if (!client && !ring.anonymous) {
    return refuse(
      key === undefined
        ? unauthorized("You didn't provide an API key. Send it as `Authorization: Bearer …`.", null)
        : unauthorized('Incorrect API key provided.', 'invalid_api_key'),
    );
  }
  c.set('client', client ?? { name: 'anonymous' });
  await next();
  return undefined;
});
