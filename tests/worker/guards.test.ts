// What every answer tells browsers and caches, and which pages may call.
import { describe, expect, test, vi } from 'vitest';
import { startIsolate } from '../support/app.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const page = 'https://app.example';
const other = 'https://other.example';
const paths = ['/health', '/v1/models', '/none', '/admin/api/credentials/x/reset'];

describe('every answer', () => {
  test.for(paths)('is for nobody to keep, to guess at or to be led away by: %s', async (path) => {
    const { send } = await startIsolate();
    expect(Object.fromEntries((await send(path)).headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });

  test('keeps what it says of caches by itself', async () => {
    const { handle, send } = await startIsolate();
    const headers = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
    handle.mockResolvedValueOnce(new Response('data', { headers }));
    expect((await send('/health')).headers.get('cache-control')).toBe('no-cache');
  });
});

/** What a page of an origin is told, of a call and of the question before it. */
async function askFrom(origin: string | undefined, setting?: unknown) {
  const { send } = await startIsolate(setting === undefined ? {} : { CORS_ORIGINS: setting });
  const headers = { ...(origin && { origin }) };
  const answer = await send('/health', { headers });
  const asked = {
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'x-goog-api-key,x-stainless-lang',
  };
  const preflight = await send('/v1/models', {
    method: 'OPTIONS',
    headers: { ...headers, ...asked },
  });
  return {
    answer: answer.headers.get('access-control-allow-origin'),
    exposed: answer.headers.has('access-control-expose-headers'),
    vary: answer.headers.get('vary'),
    preflight: preflight.headers.get('access-control-allow-origin'),
    fields: preflight.headers.get('access-control-allow-headers'),
  };
}

const faults = () =>
  vi
    .mocked(console.warn)
    .mock.calls.map(([line]) => JSON.parse(String(line)) as { variable?: string })
    .filter(({ variable }) => variable === 'CORS_ORIGINS');

describe('CORS_ORIGINS', () => {
  test.for([undefined, '', ' ', '*'])('of %j lets every page call', async (setting) => {
    expect(await askFrom(page, setting)).toEqual({
      answer: '*',
      exposed: true,
      vary: null,
      preflight: '*',
      fields: 'x-goog-api-key,x-stainless-lang',
    });
  });

  test.for([page, ` ${other} , ${page} `, `${page}/`, 'HTTPS://APP.example'])(
    'of %j lets its pages call, and caches tell them apart',
    async (setting) => {
      expect(await askFrom(page, setting)).toMatchObject({
        answer: page,
        exposed: true,
        vary: 'origin',
        preflight: page,
      });
      expect(faults()).toEqual([]);
    },
  );

  test.for([other, 'null', `${page}.evil.example`, `${page}:8443`, undefined])(
    'lets no other page call: %j',
    async (origin) => {
      const told = await askFrom(origin, page);
      expect(told).toMatchObject({ answer: null, exposed: false, preflight: null });
    },
  );

  // What is the operator's has no business with other pages.
  const ofOperator = ['/admin', '/admin/api/pool', '/admin/api/chat', '/metrics', '/', '/none'];

  test.for(ofOperator)('covers what clients ask alone, and not %s', async (path) => {
    const { send } = await startIsolate({ ADMIN_API_KEY: 'admin', CORS_ORIGINS: '*' });
    const headers = { origin: page, authorization: 'Bearer admin' };
    const asked = { origin: page, 'access-control-request-method': 'POST' };
    for (const answer of [
      await send(path, { headers }),
      await send(path, { method: 'OPTIONS', headers: asked }),
    ]) {
      const names = [...answer.headers.keys()];
      expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(answer.headers.get('vary') ?? '').not.toContain('origin');
    }
  });

  test('off lets no page call', async () => {
    expect(await askFrom(page, 'off')).toMatchObject({ answer: null, preflight: null });
    expect(faults()).toEqual([]);
  });

  test.for(['app.example', `${page}/path`, 'none', '*.example', 'https://user@app.example'])(
    'of %j lets no page call, which the log tells',
    async (setting) => {
      expect(await askFrom(page, setting)).toMatchObject({ answer: null, preflight: null });
      expect(faults()).toHaveLength(1);
    },
  );

  test('goes by its good entries when another is broken', async () => {
    expect(await askFrom(page, `app.example,${page}`)).toMatchObject({ answer: page });
    expect(faults()).toHaveLength(1);
  });
});
