import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, failed, model, otherModel, told } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
});

const startWith = (vars: Record<string, string | object | boolean | null>): Promise<Rondo> =>
  startRondo({ vars: { ...google.vars(), ...vars } as Record<string, string> });

const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

const statusFor = async (rondo: Rondo, key: string): Promise<number> => {
  const answer = await rondo.chat(ask(), {
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
  });
  await answer.text();
  return answer.status;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('without client keys', () => {
  test('/v1 is closed: 503 client_keys_missing, naming what to set', async () => {
    const rondo = await startWith({ CLIENT_API_KEYS: null });
    for (const path of ['/v1/models', '/v1/chat/completions', '/v1/none']) {
      const { status, error } = await failed(rondo.fetch(path));
      expect(status).toBe(503);
      expect(error).toMatchObject({ type: 'server_error', code: 'client_keys_missing' });
      expect(error.message).toContain('CLIENT_API_KEYS');
    }
  });

  test('/health answers all the same', async () => {
    const rondo = await startWith({ CLIENT_API_KEYS: null });
    expect((await rondo.fetchBare('/health')).status).toBe(200);
  });

  test('/v1 is open to all with ALLOW_ANONYMOUS', async () => {
    const rondo = await startWith({ CLIENT_API_KEYS: null, ALLOW_ANONYMOUS: 'true' });
    const body = JSON.stringify(ask());
    const answer = rondo.fetchBare('/v1/chat/completions', { method: 'POST', body });
    expect(await told(answer)).toBe('You said: Hello');
    expect(await statusFor(rondo, 'whatever')).toBe(200);
  });

  test.for(['1', 'yes', 'false', ''])('ALLOW_ANONYMOUS=%s opens nothing', async (value) => {
    const rondo = await startWith({ CLIENT_API_KEYS: null, ALLOW_ANONYMOUS: value });
    expect((await failed(rondo.fetchBare('/v1/models'))).status).toBe(503);
    const fault = 'is neither true nor false';
    const isBroken = value === '1' || value === 'yes';
    await expect
      .poll(() => rondo.events('setting_ignored'))
      .toEqual(isBroken ? [expect.objectContaining({ variable: 'ALLOW_ANONYMOUS', fault })] : []);
  });
});

describe('with client keys', () => {
  let rondo: Rondo;

  beforeAll(async () => {
    rondo = await startWith({});
  });

  test('a request without one is 401', async () => {
    const { status, headers, error } = await failed(rondo.fetchBare('/v1/models'));
    expect(status).toBe(401);
    expect(error).toMatchObject({ type: 'invalid_request_error', code: null });
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    expect(headers.get('x-request-id')).toMatch(/^req_/);
  });

  const wrong = [
    'wrong',
    `${clientKey}x`,
    clientKey.slice(0, -1),
    clientKey.toUpperCase(),
    'x'.repeat(510),
    'x'.repeat(511),
    'x'.repeat(5000),
  ];

  test.for(wrong)('the wrong key %# is 401 invalid_api_key', async (key) => {
    const { status, error } = await failed(rondo.fetchBare('/v1/models', bearer(key)));
    expect(status).toBe(401);
    expect(error.code).toBe('invalid_api_key');
    expect(error.message).not.toContain(key);
  });

  test('a request without a key reaches neither Google nor the module', async () => {
    const before = google.count();
    await failed(rondo.fetchBare('/v1/chat/completions', { method: 'POST', body: '{' }));
    expect(google.count()).toBe(before);
  });

  test('the SDK raises its AuthenticationError for a wrong one', async () => {
    const asked = rondo.openai.withOptions({ apiKey: 'wrong' }).chat.completions.create(ask());
    await expect(asked).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  test('the right one may come as x-api-key', async () => {
    const answer = await rondo.fetchBare('/v1/models', { headers: { 'x-api-key': clientKey } });
    expect(answer.status).toBe(200);
    await answer.text();
  });

  test('Bearer may be written in any case', async () => {
    const headers = { authorization: `bearer ${clientKey}` };
    const answer = await rondo.fetchBare('/v1/models', { headers });
    expect(answer.status).toBe(200);
    await answer.text();
  });
});

describe('client keys may be written', () => {
  test('with commas between them', async () => {
    const rondo = await startWith({ CLIENT_API_KEYS: 'sk-first-7d1, sk-second-7d1' });
    expect(await statusFor(rondo, 'sk-first-7d1')).toBe(200);
    expect(await statusFor(rondo, 'sk-second-7d1')).toBe(200);
    expect(await statusFor(rondo, 'sk-first-7d1, sk-second-7d1')).toBe(401);
  });

  test('as a JSON array of texts and objects', async () => {
    const keys = ['sk-first-7d1', { name: 'two', key: 'sk-second-7d1' }];
    const rondo = await startWith({ CLIENT_API_KEYS: JSON.stringify(keys) });
    expect(await statusFor(rondo, 'sk-first-7d1')).toBe(200);
    expect(await statusFor(rondo, 'sk-second-7d1')).toBe(200);
    expect(await statusFor(rondo, 'two')).toBe(401);
  });

  test('as a JSON value instead of a text', async () => {
    const rondo = await startWith({ CLIENT_API_KEYS: ['sk-first-7d1'] });
    expect(await statusFor(rondo, 'sk-first-7d1')).toBe(200);
  });

  test('as their SHA-256, which is no key itself', async () => {
    const digest = sha256('sk-first-7d1');
    const keys = JSON.stringify([{ name: 'one', sha256: digest }]);
    const rondo = await startWith({ CLIENT_API_KEYS: keys });
    expect(await statusFor(rondo, 'sk-first-7d1')).toBe(200);
    expect(await statusFor(rondo, digest)).toBe(401);
  });

  test('into OPENAI_API_KEY, beside the others', async () => {
    const rondo = await startWith({ OPENAI_API_KEY: 'sk-added-7d1' });
    expect(await statusFor(rondo, 'sk-added-7d1')).toBe(200);
    expect(await statusFor(rondo, clientKey)).toBe(200);
  });

  const broken = [
    ['an object whose brackets were forgotten', '{"name":"me","key":"sk-broken-7d1"}'],
    ['an unknown field', '[{"key":"sk-broken-7d1","model":"gemini-*"}]'],
    ['no models at all', '[{"key":"sk-broken-7d1","models":[]}]'],
    ['true', 'true'],
    ['null', 'null'],
    ['a JSON value that is an object', { name: 'me', key: 'sk-broken-7d1' }],
    ['a JSON value that is true', true],
    ['a number', 7],
    ['no JSON', '["sk-broken-7d1'],
    ['an entry without a key', '[{"name":"sk-broken-7d1"}]'],
    ['a digest that is none', '[{"sha256":"sk-broken-7d1"}]'],
    ['models that are no list', '[{"key":"sk-broken-7d1","models":"all"}]'],
  ] as const;

  // Beside ALLOW_ANONYMOUS too: who narrows the gate must not open it by a slip.
  test.for(broken)('but %s closes /v1, without quoting a key', async ([, written]) => {
    const vars = { CLIENT_API_KEYS: written, ALLOW_ANONYMOUS: 'true' } as Record<string, string>;
    const rondo = await startWith(vars);
    const pieces = ['sk-broken-7d1', '{"name":"me"', '"key":"sk-broken-7d1"}', 'true', 'null', '7'];
    for (const key of pieces) {
      const { status, error } = await failed(rondo.fetchBare('/v1/models', bearer(key)));
      expect(status).toBe(503);
      expect(error.code).toBe('client_keys_missing');
      expect(error.message).toContain('CLIENT_API_KEYS');
      expect(JSON.stringify(error)).not.toContain('sk-broken-7d1');
    }
    await expect
      .poll(() => rondo.events('client_keys_unreadable'))
      .toEqual([
        expect.objectContaining({
          level: 'error',
          fault: expect.stringMatching(/^CLIENT_API_KEYS: /),
        }),
      ]);
    expect(rondo.logs.join('\n')).not.toContain('sk-broken-7d1');
  });

  test('but a broken OPENAI_API_KEY closes /v1 as well', async () => {
    const rondo = await startWith({ OPENAI_API_KEY: '["sk-broken-7d1"]' });
    const { status, error } = await failed(rondo.fetch('/v1/models'));
    expect([status, error.code]).toEqual([503, 'client_keys_missing']);
    expect(error.message).toContain('OPENAI_API_KEY');
  });
});

describe('a key that is limited to some models', () => {
  const limited = JSON.stringify([
    { name: 'few', key: 'sk-few-7d1', models: ['gemini-2.5-*', 'gpt-4o'] },
    { name: 'all', key: 'sk-all-7d1' },
  ]);
  const few = bearer('sk-few-7d1');
  let rondo: Rondo;

  beforeAll(async () => {
    rondo = await startWith({
      CLIENT_API_KEYS: limited,
      MODEL_ALIASES: JSON.stringify({ 'gpt-4o': model }),
    });
  });

  test('may use these, by the names that it has for them', async () => {
    expect(await told(rondo.chat(ask('Hello', { model: otherModel }), few))).toBe(
      'You said: Hello',
    );
    expect(await told(rondo.chat(ask('Hello', { model: 'gpt-4o' }), few))).toBe('You said: Hello');
  });

  test('is told of the others that they do not exist', async () => {
    const { status, error } = await failed(rondo.chat(ask(), few));
    expect(status).toBe(404);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' });
    expect((await failed(rondo.fetch(`/v1/models/${model}`, few))).status).toBe(404);
  });

  test('does not see the others in the list', async () => {
    const { data } = (await (await rondo.fetch('/v1/models', few)).json()) as {
      data: { id: string }[];
    };
    expect(data.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['gpt-4o', 'gemini-2.5-flash', 'gemini-2.5-pro']),
    );
    expect(data.filter(({ id }) => !/^(gpt-4o$|gemini-2\.5-)/.test(id))).toEqual([]);
  });

  test('does not limit other keys', async () => {
    expect(await told(rondo.chat(ask(), bearer('sk-all-7d1')))).toBe('You said: Hello');
  });
});
