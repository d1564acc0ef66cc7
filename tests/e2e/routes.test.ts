import { beforeAll, describe, expect, test } from 'vitest';
import { failed } from '../support/chat.ts';
import { clientKey, type Rondo, startRondo } from '../support/rondo.ts';

let rondo: Rondo;

beforeAll(async () => {
  rondo = await startRondo();
});

describe('an unknown URL', () => {
  test.for(['/', '/v1', '/v1/none', '/v1/chat', '/v2/chat/completions', '/admin', '/metrics'])(
    '%s is 404 unknown_url',
    async (path) => {
      const { status, headers, error } = await failed(rondo.fetch(path));
      expect(status).toBe(404);
      expect(error).toMatchObject({
        type: 'invalid_request_error',
        code: 'unknown_url',
        param: null,
      });
      expect(error.message).toContain(`GET ${path}`);
      expect(headers.get('x-request-id')).toMatch(/^req_/);
    },
  );
});

describe('a method that a URL does not take', () => {
  const wrong = [
    ['DELETE', '/v1/chat/completions', 'POST, GET'],
    ['PUT', '/v1/responses/input_tokens', 'POST'],
    ['POST', '/v1/models', 'GET'],
    ['PUT', '/v1/models/gemini-3.8-flash', 'GET'],
    ['POST', '/health', 'GET'],
    ['PUT', '/v1/responses/resp_1', 'GET, DELETE'],
    ['POST', '/v1/responses/resp_1/input_items', 'GET'],
    ['GET', '/v1/responses/resp_1/cancel', 'POST'],
    ['GET', '/v1/responses', 'POST'],
  ] as const;

  test.for(wrong)('as %s %s is 405 and tells %s', async ([method, path, allow]) => {
    const { status, headers, error } = await failed(rondo.fetch(path, { method }));
    expect(status).toBe(405);
    expect(headers.get('allow')).toBe(allow);
    expect(error).toMatchObject({ type: 'invalid_request_error', code: 'method_not_supported' });
  });
});

describe('a path of another dialect that there is not', () => {
  const inGoogles = async (path: string, init: RequestInit): Promise<string> => {
    const answer = await rondo.fetchBare(path, init);
    const { error } = (await answer.json()) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ code: 404, status: 'NOT_FOUND' });
    expect(answer.status).toBe(404);
    return String(error.message);
  };

  test.for([
    ['GET', '/v1/batches'],
    ['POST', '/v1/fileSearchStores'],
    ['POST', '/v1/tunedModels/x:generateContent'],
    ['GET', '/v1/models/veo/operations/1'],
    ['DELETE', '/v1/models/gemini-3.8-flash'],
  ] as const)(
    "is told in Google's words for a key of its clients: %s %s",
    async ([method, path]) => {
      const message = `Unknown request URL: ${method} ${path}. Check the URL for typos.`;
      const headers = { 'x-goog-api-key': clientKey };
      expect(await inGoogles(path, { method, headers })).toBe(message);
      expect(await inGoogles(`${path}?key=${clientKey}`, { method })).toBe(message);
    },
  );

  test("is told in OpenAI's to one of its clients, whatever is in the name", async () => {
    const asked = rondo.openai.models.delete('ft:x');
    await expect(asked).rejects.toMatchObject({ status: 405, code: 'method_not_supported' });
  });

  test.for(['/v1/skills', '/v1/complete', '/'])(
    "is told in Anthropic's to who names a version: %s",
    async (path) => {
      const headers = { 'anthropic-version': '2023-06-01' };
      const answer = await rondo.fetch(path, { headers });
      expect(answer.status).toBe(404);
      expect(await answer.json()).toMatchObject({
        type: 'error',
        error: { type: 'not_found_error' },
      });
    },
  );
});

describe('what is stored, where nothing is', () => {
  test.for([
    '/v1/chat/completions',
    '/v1/chat/completions/chatcmpl_1',
    '/v1/chat/completions/chatcmpl_1/messages',
    '/v1/conversations/conv_1',
    '/v1/conversations/conv_1/items',
  ])('is 404 store_missing: %s', async (path) => {
    const { status, error } = await failed(rondo.fetch(path));
    expect(status).toBe(404);
    expect(error).toMatchObject({ type: 'invalid_request_error', code: 'store_missing' });
  });
});

describe('a browser', () => {
  const origin = { origin: 'https://app.example' };
  const asked = 'authorization,content-type,x-stainless-os,openai-organization';

  test('may ask before it calls, without a key, for whatever headers its SDK sends', async () => {
    const answer = await rondo.fetchBare('/v1/chat/completions', {
      method: 'OPTIONS',
      headers: {
        ...origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': asked,
      },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-headers')?.split(/, ?/)).toEqual(
      asked.split(','),
    );
    expect(answer.headers.get('access-control-allow-methods')?.split(/, ?/)).toContain('POST');
    expect(Number(answer.headers.get('access-control-max-age'))).toBeGreaterThan(0);
  });

  test('may read answers and errors, with the headers of ours', async () => {
    for (const path of ['/health', '/v1/none', '/v1/models']) {
      const answer = await rondo.fetchBare(path, { headers: origin });
      expect(answer.headers.get('access-control-allow-origin')).toBe('*');
      const exposed = answer.headers.get('access-control-expose-headers')?.split(/, ?/);
      expect(exposed).toEqual(
        expect.arrayContaining([
          'x-request-id',
          'retry-after',
          'x-rondo-attempts',
          'x-rondo-credential',
        ]),
      );
      await answer.text();
    }
  });
});

describe('every answer', () => {
  test('has a request id of its own', async () => {
    const answers = await Promise.all(
      ['/health', '/v1/models', '/none'].map((path) => rondo.fetch(path)),
    );
    const ids = answers.map(({ headers }) => headers.get('x-request-id'));
    for (const id of ids) expect(id).toMatch(/^req_[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(3);
    await Promise.all(answers.map((answer) => answer.text()));
  });
});
