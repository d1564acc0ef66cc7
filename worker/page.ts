// The operator's page: files that the worker hands out, so that without an admin key there are none.
import type { Context, Next } from 'hono';
import type { App } from './arrival.ts';
import { errorResponse, unknownUrl } from './errors.ts';
import { hasOperator } from './middleware/adminkey.ts';

/** What the page may do: run its own scripts and ask its own address. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const guards: Readonly<Record<string, string>> = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Guards whatever is answered under /admin, beside what guards every answer (middleware/guards.ts). */
export const guardOperatorAnswers = async (c: Context<App>, next: Next): Promise<void> => {
  await next();
  for (const [name, value] of Object.entries(guards)) c.res.headers.set(name, value);
};

/** The file that a path means, from the folder `admin` on. */
const fileOf = (path: string): string | undefined => {
  if (/^\/admin\/?$/.test(path)) return '/index.html';
  return /^\/admin((?:\/[a-z]+)*\/[A-Za-z]+(?:\.[A-Za-z]+)*\.(?:js|css|svg))$/.exec(path)?.[1];
};

/** Answers with a file of the page. Without an operator there is none. */
export const servePage = async (c: Context<App>): Promise<Response> => {
  const nothing = errorResponse(unknownUrl(c.req.method, c.req.path));
  const file = fileOf(c.req.path);
  const { env } = c.env;
  if (file === undefined || !env.ASSETS || !hasOperator(env)) return nothing;
  const known = c.req.header('if-none-match');
  const headers = new Headers(known === undefined ? {} : { 'if-none-match': known });
  const { method } = c.req;
  const found = await env.ASSETS.fetch(new URL(file, c.req.url).href, { method, headers });
  if (!found.ok && found.status !== 304) return nothing;
  const answer = new Response(found.body, found);
  // Asked for anew each time, so that a deployment's files are all of one make.
  answer.headers.set('cache-control', 'no-cache');
  return answer;
};
