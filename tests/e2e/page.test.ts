// Who gets the files of the operator's page, and what stands at the root.
import { beforeAll, describe, expect, test } from 'vitest';
import { failed } from '../support/chat.ts';
import { type Rondo, startRondo } from '../support/rondo.ts';

const adminKey = 'admin-7c1f0e55d9';

let rondo: Rondo;
let closed: Rondo;

beforeAll(async () => {
  rondo = await startRondo({ vars: { ADMIN_API_KEY: adminKey } });
  closed = await startRondo();
});

const files = ['/admin', '/admin/', '/admin/main.js', '/admin/css/page.css', '/admin/icon.svg'];

describe('the page', () => {
  test.for(files)('%s is served under a strict policy', async (path) => {
    const answer = await rondo.fetchBare(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " +
        "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
  });

  test.for(files)('%s is not there without an operator', async (path) => {
    expect((await failed(closed.fetchBare(path))).error.code).toBe('unknown_url');
  });

  test.for(['/main.js', '/index.html', '/css/page.css', '/admin/none.js', '/admin/types.d.ts'])(
    '%s is no file of it',
    async (path) => {
      expect((await failed(rondo.fetchBare(path))).status).toBe(404);
    },
  );

  test('is not sent twice to a browser that has it', async () => {
    const etag = (await rondo.fetchBare('/admin/main.js')).headers.get('etag') ?? '';
    const again = await rondo.fetchBare('/admin/main.js', { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  test('leaves the API closed and not to be stored', async () => {
    const answer = await rondo.fetchBare('/admin/api/pool');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});

describe('the root', () => {
  test('tells a browser where to go', async () => {
    const answer = await closed.fetchBare('/', { headers: { accept: 'text/html,*/*' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).toContain('/v1');
  });
});

describe('a client that forgot /v1', () => {
  const forgotten = [
    ['POST', '/chat/completions'],
    ['POST', '/responses'],
    ['POST', '/messages'],
    ['GET', '/models'],
    ['GET', '/models/gemini-3.8-flash'],
  ] as const;

  test.for(forgotten)('by %s %s is told what to change', async ([method, path]) => {
    const { status, error } = await failed(rondo.fetch(path, { method }));
    expect(status).toBe(404);
    expect(error.message).toContain('The base URL lacks /v1');
  });
});

describe('a client whose base URL has a /v1 too many', () => {
  const twice = [
    ['POST', '/v1/v1/messages'],
    ['GET', '/v1/v1/models'],
    ['POST', '/v1/v1beta/models/gemini-3.8-flash:generateContent'],
  ] as const;

  test.for(twice)('by %s %s is told what to change', async ([method, path]) => {
    const { status, error } = await failed(rondo.fetch(path, { method }));
    expect(status).toBe(404);
    expect(error.message).toContain('It has a version twice');
  });
});

describe('wrong admin keys', () => {
  const present = (of: Rondo, key: string, address: string) =>
    of.fetchBare('/admin/api/pool', {
      headers: { authorization: `Bearer ${key}`, 'cf-connecting-ip': address },
    });

  test('are told to wait after five, and the right one is never refused', async () => {
    const own = await startRondo({ vars: { ADMIN_API_KEY: adminKey } });
    for (let tried = 0; tried < 5; tried += 1) {
      expect((await present(own, `guess-${tried}`, '192.0.2.7')).status).toBe(401);
    }
    const { status, headers, error } = await failed(present(own, 'guess-6', '192.0.2.7'));
    expect(status).toBe(429);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(error.code).toBe('too_many_logins');
    expect((await present(own, 'guess-7', '192.0.2.8')).status).toBe(401);
    expect((await present(own, adminKey, '192.0.2.7')).status).toBe(200);
    const told = own.events('admin_login_failed');
    expect(told).toHaveLength(7);
    expect(JSON.stringify(told)).not.toContain('guess');
  });
});
