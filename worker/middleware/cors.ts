import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import type { App, Arrival } from '../arrival.ts';
import type { Env } from '../core/core.ts';
import { Log } from '../core/log.ts';
import { withoutV1 } from '../welcome.ts';
import { type Allowed, anyOrigin, readOrigins } from './origins.ts';

const exposed = [
  'request-id',
  'retry-after',
  'retry-after-ms',
  // Google's SDK finds in these where and how far a browser's upload goes.
  'x-goog-upload-chunk-granularity',
  'x-goog-upload-size-received',
  'x-goog-upload-status',
  'x-goog-upload-url',
  'x-ratelimit-limit-requests',
  'x-ratelimit-limit-tokens',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-remaining-tokens',
  'x-ratelimit-reset-requests',
  'x-ratelimit-reset-tokens',
  'x-request-id',
  'x-rondo-adjusted',
  'x-rondo-attempts',
  'x-rondo-cache',
  'x-rondo-credential',
  'x-rondo-model',
  'x-rondo-reset',
].join(',');

const openOrigins = (env: Env): Allowed => {
  const { allowed, fault } = readOrigins(env);
  const variable = 'CORS_ORIGINS';
  if (fault) new Log(env.LOG_LEVEL).warn('setting_ignored', { variable, fault });
  return allowed;
};

/** The origin that is told to the page which asks; nothing when that may not call. */
const originFor = (allowed: Allowed, { headers }: Request): string | undefined => {
  if (allowed === anyOrigin) return anyOrigin;
  const asking = headers.get('origin');
  return asking !== null && allowed.has(asking) ? asking : undefined;
};

const firstPartOf = (path: string): string => path.split('/', 2)[1] ?? '';

/** What clients ask, also those that left `/v1` out. What is the operator's no page may ask, but its own. */
const openToPages = new Set([
  'v1',
  'v1beta',
  'v1alpha',
  'v1beta1',
  'upload',
  'health',
  ...withoutV1.map(firstPartOf),
]);

const isOpenToPages = ({ path }: Arrival): boolean => openToPages.has(firstPartOf(path));

let allowedOfIsolate: Allowed | undefined;

const allowedBy = (env: Env): Allowed => {
  allowedOfIsolate ??= openOrigins(env);
  return allowedOfIsolate;
};

/**
 * Answers a page that asks before it calls. Whatever field it wants to send it may: a key by any of
 * its names, and an SDK's own.
 */
export const answerPreflight = createMiddleware<App>((c, next) => {
  if (c.req.method !== 'OPTIONS' || !isOpenToPages(c.env)) return next();
  const { request, env } = c.env;
  const allowed = allowedBy(env);
  const origin = originFor(allowed, request);
  const preflight = cors({
    origin: allowed === anyOrigin ? anyOrigin : () => origin,
    allowMethods: origin === undefined ? [] : ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
    maxAge: 86_400,
  });
  return preflight(c, next);
});

/** Lets pages of CORS_ORIGINS read an answer, and our header fields with it. */
export const allowOrigin = (arrival: Arrival, { headers }: Response): void => {
  const { request, env } = arrival;
  if (request.method === 'OPTIONS' || !isOpenToPages(arrival)) return;
  const allowed = allowedBy(env);
  const origin = originFor(allowed, request);
  if (allowed !== anyOrigin) headers.append('vary', 'origin');
  if (origin === undefined) return;
  headers.set('access-control-allow-origin', origin);
  headers.set('access-control-expose-headers', exposed);
};
