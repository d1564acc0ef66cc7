// Who is let in: at /v1 the holders of a client key, at /admin the operator.
import { describe, expect, test, vi } from 'vitest';
import type { Env } from '../../worker/core/core.ts';
import { startIsolate } from '../support/app.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const key = 'sk-first-7d1';
const keys = { CLIENT_API_KEYS: `${key},sk-second-7d1` };

/** What becomes of one request: an error, or the client that the core is told. */
async function enter(env: Env, headers: Record<string, string>, path = '/v1/chat/completions') {
  const { handle, send } = await startIsolate(env);
  const method = path === '/health' ? 'GET' : 'POST';
  const answer = await send(path, { method, headers });
  const { error } = (await answer.json()) as { error?: object };
  const asks = answer.headers.get('www-authenticate');
  return { status: answer.status, error, asks, client: handle.mock.calls[0]?.[0].client };
}

const logged = () =>
  [console.warn, console.error].flatMap((write) =>
    vi.mocked(write).mock.calls.map(([line]) => JSON.parse(line) as { event: string }),
  );
const ownEvents = (): object[] =>
  logged().filter(({ event }) => /^(client_keys|admin_key|setting_ignored)/.test(event));

const unauthorized = (message: string, code: string | null) => ({
  status: 401,
  error: { message, type: 'invalid_request_error', param: null, code },
  asks: 'Bearer realm="rondo"',
  client: undefined,
});

const closed = (message: string) => ({
  status: 503,
  error: { message, type: 'server_error', param: null, code: 'client_keys_missing' },
  asks: null,
  client: undefined,
});

describe('/v1', () => {
  test('is closed while there is no client key, and says what to set', async () => {
    expect(await enter({}, { authorization: `Bearer ${key}` })).toEqual(
      closed(
        'The gateway has no client keys yet. Set one with `npx wrangler secret put ' +
          'CLIENT_API_KEYS`, or open it to everybody with ALLOW_ANONYMOUS=true.',
      ),
    );
    expect(ownEvents()).toEqual([]);
  });

  test('is closed while its keys cannot be read, also beside ALLOW_ANONYMOUS', async () => {
    const env = { CLIENT_API_KEYS: 'true', ALLOW_ANONYMOUS: 'true' };
    const fault = 'CLIENT_API_KEYS: is JSON, but not an array';
    const { status, error } = await enter(env, { authorization: `Bearer ${key}` });
    expect(status).toBe(503);
    expect(error).toMatchObject({
      message: expect.stringContaining(`The gateway's client keys can't be read: ${fault}`),
    });
    expect(ownEvents()).toEqual([
      expect.objectContaining({
        level: 'error',
        event: 'client_keys_unreadable',
        fault: expect.stringContaining(fault),
      }),
    ]);
  });

  test.for([
    '/v1/chat/completions',
    '/v1/chat/completions?key=x',
    '/v1/chat/%63ompletions',
    '/v1/responses',
    '/v1/messages',
    '/v1/none',
    '//v1/chat/completions',
  ])('lets nobody past it by whatever address: %s', async (path) => {
    const { handle, send } = await startIsolate(keys);
    const answer = await send(path, { method: 'POST', headers: { 'x-api-key': 'wrong' } });
    expect(answer.ok).toBe(false);
    expect(handle).not.toHaveBeenCalled();
  });

  test('asks for a key when there is none', async () => {
    expect(await enter(keys, {})).toEqual(
      unauthorized(
        "You didn't provide an API key. Send it as `Authorization: Bearer …`, or in `x-api-key` or " +
          '`x-goog-api-key`.',
        null,
      ),
    );
  });

  test.for([
    { authorization: 'Bearer wrong' },
    { authorization: `Bearer ${key} ${key}` },
    { 'x-api-key': 'wrong' },
    { 'x-goog-api-key': 'wrong' },
    { authorization: 'Bearer wrong', 'x-api-key': key },
  ])('refuses a wrong one: %j', async (headers) => {
    expect(await enter(keys, headers)).toEqual(
      unauthorized('Incorrect API key provided.', 'invalid_api_key'),
    );
  });

  test.for([
    { authorization: `Basic ${key}` },
    { authorization: key },
    { authorization: `Bearer${key}` },
    { authorization: `A Bearer ${key}` },
    { authorization: 'Bearer' },
  ])('sees no key in %j', async (headers) => {
    expect(await enter(keys, headers)).toMatchObject({ status: 401, error: { code: null } });
  });

  test.for([
    { authorization: `Bearer ${key}` },
    { authorization: `bearer   ${key}` },
    { authorization: `Bearer ${key}`, 'x-api-key': 'wrong' },
    { 'x-api-key': key },
    { 'x-goog-api-key': key },
    { 'x-api-key': key, 'x-goog-api-key': 'wrong' },
    { authorization: 'Bearer ', 'x-api-key': '', 'x-goog-api-key': key },
  ])('lets its client in with %j, and tells the core who it is', async (headers) => {
    expect(await enter(keys, headers)).toMatchObject({ status: 200, client: { name: 'key-1' } });
  });

  test('is open to all with ALLOW_ANONYMOUS', async () => {
    const env = { ALLOW_ANONYMOUS: 'true' };
    for (const headers of [{}, { authorization: 'Bearer whatever' }]) {
      const entered = await enter(env, headers as Record<string, string>);
      expect(entered).toMatchObject({ status: 200, client: { name: 'anonymous' } });
    }
    expect(ownEvents()).toEqual([]);
  });

  test('knows the holder of a key also when it is open to all', async () => {
    const entered = await enter(
      { ...keys, ALLOW_ANONYMOUS: 'true' },
      { authorization: `Bearer ${key}` },
    );
    expect(entered.client).toEqual({ name: 'key-1' });
  });

  test.for(['yes', '1', 'on'])(
    'stays closed with ALLOW_ANONYMOUS=%s, which the log tells',
    async (value) => {
      expect(await enter({ ALLOW_ANONYMOUS: value }, {})).toMatchObject({ status: 503 });
      expect(ownEvents()).toEqual([
        expect.objectContaining({
          level: 'warn',
          event: 'setting_ignored',
          variable: 'ALLOW_ANONYMOUS',
          fault: 'is neither true nor false',
        }),
      ]);
    },
  );

  test.for(['', ' ', 'false', ' false '])(
    'stays closed with ALLOW_ANONYMOUS="%s", without a word in the log',
    async (value) => {
      expect(await enter({ ALLOW_ANONYMOUS: value }, {})).toMatchObject({ status: 503 });
      expect(ownEvents()).toEqual([]);
    },
  );

  test.for([' true ', 'TRUE', 'True'])(
    'may be open with blanks around the word and in any case: "%s"',
    async (value) => {
      expect(await enter({ ALLOW_ANONYMOUS: value }, {})).toMatchObject({ status: 200 });
      expect(ownEvents()).toEqual([]);
    },
  );

  test('has its keys read once an isolate', async () => {
    const { send } = await startIsolate({ CLIENT_API_KEYS: 'true' });
    for (let time = 0; time < 3; time += 1) await send('/v1/models');
    expect(ownEvents()).toHaveLength(1);
  });
});

describe('/admin', () => {
  const reset = '/admin/api/credentials/first/reset';
  const admin = { ADMIN_API_KEY: key };

  test.for([{}, keys, { ADMIN_API_KEY: '' }])('is not there with %j', async (env) => {
    const entered = await enter(env, { authorization: `Bearer ${key}` }, reset);
    expect(entered).toMatchObject({ status: 404, error: { code: 'unknown_url' } });
    expect(entered.error).toHaveProperty('message', expect.stringContaining(`POST ${reset}`));
    expect(ownEvents()).toEqual([]);
  });

  test('is not there when its key cannot be read, which the log tells once', async () => {
    const { send } = await startIsolate({ ADMIN_API_KEY: 'true' });
    for (let time = 0; time < 2; time += 1) {
      const answer = await send(reset, { method: 'POST', headers: { 'x-api-key': 'true' } });
      expect(answer.status).toBe(404);
    }
    expect(ownEvents()).toEqual([
      expect.objectContaining({
        level: 'error',
        event: 'admin_key_unreadable',
        fault: expect.stringMatching(/^ADMIN_API_KEY: /),
      }),
    ]);
  });

  test.for([{}, { authorization: 'Bearer wrong' }])('refuses %j', async (headers) => {
    expect(await enter(admin, headers as Record<string, string>, reset)).toEqual(
      unauthorized('Incorrect admin key.', 'invalid_api_key'),
    );
  });

  test.for([{ authorization: `Bearer ${key}` }, { 'x-api-key': key }, { 'x-goog-api-key': key }])(
    'lets the operator in with %j',
    async (headers) => {
      const entered = await enter(admin, headers as Record<string, string>, reset);
      expect(entered).toMatchObject({ status: 200, client: { name: 'admin' } });
    },
  );
});

test('/health needs no key', async () => {
  const entered = await enter({}, {}, '/health');
  expect(entered).toMatchObject({ status: 200, client: { name: 'anonymous' } });
});

describe('/metrics', () => {
  const metrics = 'metrics-key-55d';
  const enterMetrics = async (env: Env, presented: string) => {
    const { handle, send } = await startIsolate(env);
    const answer = await send('/metrics', { headers: { authorization: `Bearer ${presented}` } });
    return { status: answer.status, client: handle.mock.calls[0]?.[0].client };
  };

  test('is not there without a key of its own or of the operator', async () => {
    expect((await enterMetrics({}, metrics)).status).toBe(404);
  });

  test('lets its own key in, which opens nothing else', async () => {
    const env = { METRICS_KEY: metrics, ADMIN_API_KEY: key };
    expect(await enterMetrics(env, metrics)).toEqual({ status: 200, client: { name: 'metrics' } });
    const entered = await enter(env, { authorization: `Bearer ${metrics}` }, '/admin/api/chat');
    expect(entered.status).toBe(401);
  });

  test('lets the operator in, with and without a key of its own', async () => {
    expect((await enterMetrics({ ADMIN_API_KEY: key }, key)).status).toBe(200);
    expect((await enterMetrics({ ADMIN_API_KEY: key, METRICS_KEY: metrics }, key)).status).toBe(
      200,
    );
  });

  test('refuses another key', async () => {
    expect((await enterMetrics({ METRICS_KEY: metrics }, key)).status).toBe(401);
  });

  test('is closed to a key that cannot be read, which the log tells', async () => {
    expect((await enterMetrics({ METRICS_KEY: true }, 'true')).status).toBe(404);
    expect(logged()).toContainEqual(
      expect.objectContaining({
        event: 'metrics_key_unreadable',
        fault: 'METRICS_KEY: is not a text',
      }),
    );
  });
});
