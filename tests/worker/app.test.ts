// Routes, and what every answer bears.
import { describe, expect, test, vi } from 'vitest';
import { startIsolate } from '../support/app.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const open = { ALLOW_ANONYMOUS: 'true', ADMIN_API_KEY: 'of-the-operator' };
const headers = { authorization: 'Bearer of-the-operator' };

describe('the core is asked', () => {
  const routes = [
    ['POST', '/v1/chat/completions', 'chat_completions', {}, 'body'],
    ['POST', '/v1/embeddings', 'embeddings', {}, 'body'],
    ['GET', '/v1/models', 'list_models', {}, 'no body'],
    ['GET', '/v1/models/gemini-3.8-flash', 'get_model', { id: 'gemini-3.8-flash' }, 'no body'],
    ['GET', '/v1/models/google/gemini', 'get_model', { id: 'google/gemini' }, 'no body'],
    ['GET', '/health', 'health', {}, 'no body'],
    [
      'POST',
      '/admin/api/credentials/first/reset',
      'reset_credential',
      { credential: 'first' },
      'no body',
    ],
    ['GET', '/metrics', 'metrics', {}, 'no body'],
    ['GET', '/admin/api/pool', 'pool_status', {}, 'no body'],
    ['GET', '/admin/api/explain?model=m&other=x', 'explain_model', { model: 'm' }, 'no body'],
    [
      'GET',
      '/admin/api/requests?limit=5&model=m&credential=c&client=a&status=4xx',
      'recent_requests',
      { limit: '5', model: 'm', credential: 'c', client: 'a', status: '4xx' },
      'no body',
    ],
    ['GET', '/admin/api/series?span=day', 'counters_series', { span: 'day' }, 'no body'],
    [
      'POST',
      '/admin/api/credentials/first/test?model=m&credential=other',
      'test_credential',
      { credential: 'first', model: 'm' },
      'no body',
    ],
    [
      'POST',
      '/admin/api/credentials/first/chat',
      'chat_completions',
      { credential: 'first' },
      'body',
    ],
    ['POST', '/admin/api/chat', 'chat_completions', {}, 'body'],
  ] as const;

  test.for(routes)(
    'by %s %s for the operation %s',
    async ([method, path, operation, params, takesBody]) => {
      const { handle, send } = await startIsolate(open);
      const answer = await send(path, { method, headers });
      expect(await answer.text()).toMatch(/^\{"served":true\}/);
      const [asked, body, request] = handle.mock.calls[0] ?? [];
      const id = answer.headers.get('x-request-id');
      const name = /^.(admin|metrics)/.test(path) ? 'admin' : 'anonymous';
      const refused = expect.any(Function);
      expect(asked).toEqual({ operation, id, params, client: { name }, refused });
      expect(body).toBe(takesBody);
      expect(request?.url).toBe(`http://rondo.example${path}`);
    },
  );

  test.for(['/v1/chat/completions?a=b', '/v1/chat/%63ompletions', '/v1/chat/%63ompletions?a=b'])(
    'the same by any spelling of an address: %s',
    async (path) => {
      const { handle, send } = await startIsolate(open);
      await send(path, { method: 'POST', headers });
      expect(handle.mock.calls[0]?.slice(0, 2)).toEqual([
        expect.objectContaining({ operation: 'chat_completions', params: {} }),
        'body',
      ]);
    },
  );

  test('of which an isolate makes one', async () => {
    const { handle, send } = await startIsolate(open);
    for (const path of ['/health', '/v1/models', '/health']) await send(path);
    expect(handle.mock.contexts).toHaveLength(3);
    expect(new Set(handle.mock.contexts).size).toBe(1);
  });

  test('and may have the runtime wait for what goes on behind the answer', async () => {
    const { handle, kept, send } = await startIsolate(open);
    const work = Promise.resolve();
    handle.mockImplementationOnce(async (...[, , , waitUntil]) => {
      waitUntil(work);
      return Response.json({});
    });
    await send('/health');
    expect(kept).toEqual([work]);
  });
});

describe('what the core does not answer', () => {
  const wrong = [
    ['PUT', '/v1/chat/completions', 'POST, GET'],
    ['POST', '/v1/models', 'GET'],
    ['DELETE', '/v1/models/gemini', 'GET'],
    ['PUT', '/health', 'GET'],
    ['GET', '/admin/api/credentials/first/reset', 'POST'],
  ] as const;

  test.for(wrong)('is 405 for %s %s, and tells to use %s', async ([method, path, allow]) => {
    const { handle, send } = await startIsolate(open);
    const answer = await send(path, { method, headers });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, allow]);
    expect(await answer.json()).toEqual({
      error: {
        message: `${path} doesn't take ${method}. Use ${allow}.`,
        type: 'invalid_request_error',
        param: null,
        code: 'method_not_supported',
      },
    });
    expect(handle).not.toHaveBeenCalled();
  });

  test.for(['/', '/v1/none', '/v1/models/', '/healthy', '/admin/none'])(
    'is 404 for %s',
    async (path) => {
      const { handle, send } = await startIsolate(open);
      const answer = await send(path, { headers });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toEqual({
        error: {
          message: `Unknown request URL: GET ${path}. Check the URL for typos.`,
          type: 'invalid_request_error',
          param: null,
          code: 'unknown_url',
        },
      });
      expect(handle).not.toHaveBeenCalled();
    },
  );

  test.for([
    [256, `/${'p'.repeat(255)}.`],
    [257, `/${'p'.repeat(255)}….`],
  ] as const)('is told of a path of %i characters no more than 256', async ([length, shown]) => {
    const { send } = await startIsolate(open);
    const answer = await send(`/${'p'.repeat(length - 1)}`);
    expect(await answer.json()).toMatchObject({
      error: { message: `Unknown request URL: GET ${shown} Check the URL for typos.` },
    });
  });

  test('is guarded as the operator’s answers are when the worker fails there', async () => {
    const { handle, send } = await startIsolate(open);
    handle.mockRejectedValueOnce(new Error('a fault of ours'));
    const answer = await send('/admin/api/pool', { headers });
    expect(answer.status).toBe(500);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test.for([
    ['GET', '/health'],
    ['POST', '/v1/chat/completions'],
  ] as const)(
    'is 500 when the worker itself fails, and the log tells why: %s %s',
    async ([method, path]) => {
      const { handle, send } = await startIsolate(open);
      handle.mockRejectedValueOnce(new Error('a fault of ours'));
      const answer = await send(path, { method });
      expect(answer.status).toBe(500);
      expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
      expect(await answer.json()).toEqual({
        error: {
          message: 'The request failed inside the gateway. It is safe to try again.',
          type: 'server_error',
          param: null,
          code: 'internal_error',
        },
      });
      const [line] = vi.mocked(console.error).mock.lastCall ?? [];
      expect(JSON.parse(line)).toMatchObject({
        event: 'worker_failed',
        message: 'a fault of ours',
      });
    },
  );
});

describe('every answer', () => {
  test('bears a request id of its own', async () => {
    const { send } = await startIsolate(open);
    const answers = await Promise.all(['/health', '/v1/models', '/none'].map((path) => send(path)));
    const ids = answers.map((answer) => answer.headers.get('x-request-id'));
    for (const id of ids) expect(id).toMatch(/^req_[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(3);
  });

  test.for(['/health', '/chat/completions', '/v1/models'])(
    'may be read by a page of any origin, with our header fields: %s',
    async (path) => {
      const { send } = await startIsolate();
      const answer = await send(path, { headers: { origin: 'https://app.example' } });
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      expect(answer.headers.get('access-control-expose-headers')).toBe(
        'request-id,retry-after,retry-after-ms,x-goog-upload-chunk-granularity,' +
          'x-goog-upload-size-received,x-goog-upload-status,x-goog-upload-url,' +
          'x-ratelimit-limit-requests,' +
          'x-ratelimit-limit-tokens,x-ratelimit-remaining-requests,' +
          'x-ratelimit-remaining-tokens,x-ratelimit-reset-requests,x-ratelimit-reset-tokens,' +
          'x-request-id,x-rondo-adjusted,x-rondo-attempts,x-rondo-cache,x-rondo-credential,' +
          'x-rondo-model,x-rondo-reset',
      );
    },
  );

  test('keeps the header fields that the core gave it', async () => {
    const { handle, send } = await startIsolate(open);
    const given = { 'x-rondo-model': 'gemini', 'content-type': 'text/event-stream' };
    handle.mockResolvedValueOnce(new Response('data', { status: 201, headers: given }));
    const answer = await send('/health');
    expect(answer.status).toBe(201);
    expect(Object.fromEntries(answer.headers)).toMatchObject(given);
  });
});

test('a page may ask before it calls, without a key', async () => {
  const { handle, send } = await startIsolate();
  const answer = await send('/v1/chat/completions', {
    method: 'OPTIONS',
    headers: {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  expect(answer.status).toBe(204);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'access-control-allow-origin': '*',
    'access-control-allow-headers': 'authorization,content-type',
    'access-control-allow-methods': 'GET,POST,PUT,PATCH,DELETE,OPTIONS',
    'access-control-max-age': '86400',
    'x-request-id': expect.stringMatching(/^req_/),
  });
  expect(handle).not.toHaveBeenCalled();
});
