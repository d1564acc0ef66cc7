// What the operator is told as JSON, against a running worker.
import { beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { ask, askTimes, eventsOf, failed, model, served, told } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startPair, startRondo } from '../support/rondo.ts';

const adminKey = 'admin-7c1f0e55d9';
const one = 'sim-account-1';
const two = 'sim-account-2';
const headers = { authorization: `Bearer ${adminKey}` };

let google: GoogleStub;

beforeEach(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
});

const start = (vars: Readonly<Record<string, string>> = {}) =>
  startRondo({ vars: { ...google.vars(), ADMIN_API_KEY: adminKey, ...vars } });

const get = (rondo: Rondo, path: string) => rondo.fetchBare(`/admin/api/${path}`, { headers });
const post = (rondo: Rondo, path: string, body?: unknown) =>
  rondo.fetchBare(`/admin/api/${path}`, {
    method: 'POST',
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });

// biome-ignore lint/suspicious/noExplicitAny: answers are looked into as the document says.
const read = async (answer: Response | Promise<Response>): Promise<any> => (await answer).json();

const paths = ['pool', 'explain?model=m', 'requests', 'series', 'settings'];

test.for(paths)('GET /admin/api/%s wants the admin key, and is not to be stored', async (path) => {
  const rondo = await start();
  expect((await rondo.fetch(`/admin/api/${path}`)).status).toBe(401);
  const answer = await get(rondo, path);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('cache-control')).toBe('no-store');
});

describe('the pool', () => {
  test('is told as it is before anything was asked', async () => {
    const rondo = await start();
    const pool = await read(get(rondo, 'pool'));
    expect(pool).toMatchObject({
      scope: 'isolate',
      strategy: 'round_robin',
      bindings: { kv: true, pool: false, store: false },
      models: [],
      cooling: [],
      problems: [],
    });
    expect(pool.credentials).toHaveLength(2);
    expect(pool.credentials[0]).toMatchObject({
      kind: 'service_account',
      backend: 'vertex',
      state: 'ready',
      reason: null,
      token: { state: 'none', minted: null, expires: null },
      attempts: 0,
      failures: 0,
      last_error: null,
    });
  });

  test('shows who cools, for which model and for how long', async () => {
    const rondo = await start();
    google.fault({ credential: one }, { kind: 'minute', seconds: 40 });
    await askTimes(rondo, 1);
    const { cooling, credentials, models } = await read(get(rondo, 'pool'));
    expect(cooling).toEqual([
      expect.objectContaining({ credential: credentials[0].alias, model, reason: 'minute' }),
    ]);
    expect(cooling[0].left_ms).toBeGreaterThan(30_000);
    expect(models).toEqual([model]);
    expect(credentials[0]).toMatchObject({
      token: { state: 'valid' },
      attempts: 1,
      failures: 1,
      last_error: { model, status: 429, class: 'minute' },
    });
    expect(credentials[1]).toMatchObject({ attempts: 1, failures: 0, last_error: null });
  });
});

describe('why', () => {
  test('a credential is next agrees with who is then asked', async () => {
    const rondo = await start();
    await askTimes(rondo, 1);
    const before = await read(get(rondo, `explain?model=${model}`));
    const next = before.order[0].credential;
    expect(before.order[0]).toMatchObject({ place: 1, verdict: 'next' });
    const answer = await rondo.chat(ask());
    expect(answer.headers.get('x-rondo-credential')).toBe(next);
  });

  test('wants to know of which model', async () => {
    const rondo = await start();
    const answer = await get(rondo, 'explain');
    expect(answer.status).toBe(400);
    expect(await read(answer)).toMatchObject({ error: { param: 'model' } });
  });
});

describe('a test of a credential', () => {
  test('makes one call through it', async () => {
    const rondo = await start();
    const answer = await read(
      post(rondo, `credentials/${await aliasOf(rondo, 1)}/test?model=${model}`),
    );
    expect(answer).toMatchObject({
      model,
      ok: true,
      status: 200,
      class: null,
      token: { ok: true },
    });
    expect(served(google)).toEqual([two]);
  });

  test('tells why Google refuses it', async () => {
    const rondo = await start();
    google.fault({ credential: one }, 'service-disabled');
    const answer = await read(
      post(rondo, `credentials/${await aliasOf(rondo, 0)}/test?model=${model}`),
    );
    expect(answer).toMatchObject({ ok: false, status: 403, class: 'dead_credential' });
    expect(answer.remedy).toContain('Enable the API');
    expect(answer.link).toMatch(/^https:\/\//);
    expect((await read(get(rondo, 'pool'))).credentials[0].state).toBe('ready');
  });

  test('tells that no token can be had', async () => {
    const rondo = await start();
    google.revoke(one);
    const answer = await read(
      post(rondo, `credentials/${await aliasOf(rondo, 0)}/test?model=${model}`),
    );
    expect(answer).toMatchObject({ ok: false, token: { ok: false }, status: null });
  });

  test('takes a model of its own', async () => {
    const rondo = await start();
    const answer = await read(post(rondo, `credentials/${await aliasOf(rondo, 0)}/test`));
    expect(answer).toMatchObject({ ok: true, model: expect.stringContaining('gemini-') });
  });

  test('takes no collection of stored things for a model', async () => {
    google = await startGoogle();
    google.add('api_key');
    const rondo = await startRondo({ vars: { ...google.vars(), ADMIN_API_KEY: adminKey } });
    for (const collection of ['cachedContents', 'files']) {
      const listed = await rondo.fetch(`/v1beta/${collection}`);
      expect([listed.status, listed.headers.get('x-rondo-model')]).toEqual([200, null]);
    }
    const answer = await read(post(rondo, `credentials/${await aliasOf(rondo, 0)}/test`));
    expect(answer).toMatchObject({ ok: true, model: expect.stringContaining('gemini-') });
  });
});

describe('a chat of the operator', () => {
  test('goes through the credential that is named alone', async () => {
    const rondo = await start();
    const path = `credentials/${await aliasOf(rondo, 1)}/chat`;
    for (let time = 0; time < 2; time += 1) {
      expect(await told(post(rondo, path, ask('Ping')))).toBe('You said: Ping');
    }
    expect(served(google)).toEqual([two, two]);
  });

  test('is not passed to another one', async () => {
    const rondo = await start();
    google.fault({ credential: one }, 'day');
    const { status } = await failed(
      post(rondo, `credentials/${await aliasOf(rondo, 0)}/chat`, ask()),
    );
    expect(status).toBe(429);
    expect(served(google)).toEqual([one]);
  });

  test('streams', async () => {
    const rondo = await start();
    const events = await eventsOf(post(rondo, 'chat', ask('Hi', { stream: true })));
    expect(events.at(-1)).toBe('[DONE]');
  });
});

describe('the list of requests', () => {
  test('has the latest first, with their attempts', async () => {
    const rondo = await start();
    google.fault({ credential: one }, 'day');
    await askTimes(rondo, 2);
    const { requests } = await read(get(rondo, 'requests'));
    expect(requests).toHaveLength(2);
    expect(requests[1]).toMatchObject({
      operation: 'chat_completions',
      client: 'key-1',
      model,
      status: 200,
      error: null,
      left: null,
      attempts: [
        { outcome: 'day', status: 429 },
        { outcome: 'ok', status: 200 },
      ],
    });
    expect(requests[1].prompt_tokens).toBeGreaterThan(0);
  });

  test('has the tokens of a stream, and when it began', async () => {
    const rondo = await start();
    await eventsOf(rondo.chat(ask('Hi', { stream: true })));
    const [request] = (await read(get(rondo, 'requests'))).requests;
    expect(request.completion_tokens).toBeGreaterThan(0);
    expect(request.first_byte_ms).toBeLessThanOrEqual(request.ms);
  });

  test('is filtered by status', async () => {
    const rondo = await start();
    await askTimes(rondo, 1);
    await failed(rondo.chat({ model, messages: 'none' }));
    const { requests } = await read(get(rondo, 'requests?status=4xx&limit=5'));
    expect(requests).toMatchObject([{ status: 400 }]);
  });
});

describe('charts', () => {
  test('have the numbers of what was asked', async () => {
    const rondo = await start();
    await askTimes(rondo, 3);
    const { at, total, by_model, by_client } = await read(get(rondo, 'series?span=hour'));
    expect(at).toHaveLength(60);
    expect(sum(total.requests)).toBe(3);
    expect(sum(by_model[model].attempts)).toBe(3);
    expect(sum(by_client['key-1'].requests)).toBe(3);
    expect(sum(total.prompt_tokens)).toBeGreaterThan(0);
  });
});

describe('two isolates of one deployment', () => {
  test('add up what they count in the object', async () => {
    const vars = { ...google.vars(), ADMIN_API_KEY: adminKey };
    const [first, second] = await startPair({ vars, pool: true });
    await askTimes(first, 1);
    await askTimes(second, 1);
    for (const rondo of [first, second]) {
      await expect.poll(async () => sum((await read(get(rondo, 'series'))).total.requests)).toBe(2);
    }
    expect(await read(get(first, 'pool'))).toMatchObject({
      scope: 'deployment',
      bindings: { pool: true },
      credentials: [{ attempts: 2 }, { attempts: 0 }],
    });
    expect((await first.state()).kv.put).toBe(1);
  });

  test('count for themselves where there is no object', async () => {
    const vars = { ...google.vars(), ADMIN_API_KEY: adminKey };
    const [first, second] = await startPair({ vars });
    await askTimes(first, 1);
    const series = await read(get(second, 'series'));
    expect(series.scope).toBe('isolate');
    expect(sum(series.total.requests)).toBe(0);
  });
});

test('settings are told with what is wrong in them, and no answer holds a secret', async () => {
  const canary = 'canary-4f3e';
  const rondo = await start({
    METRICS_KEY: `${canary}-metrics`,
    OPENAI_API_KEY: `${canary}-client`,
    ALERT_WEBHOOK_URL: `http://localhost:9/${canary}`,
    OAUTH_CLIENT_SECRET: `${canary}-oauth`,
    GCP_SERVICE_ACCOUNT_9: `{"private_key":"${canary}"`,
    MAX_ATTEMPTS: 'many',
    MAX_BODY_BYTES: '-1',
  });
  google.fault({ credential: one }, 'service-disabled');
  await askTimes(rondo, 1);
  const { settings, problems, clients } = await read(get(rondo, 'settings'));
  const lines = new Map(settings.map((line: JsonObject) => [line.name, line]));
  expect(lines.get('MAX_ATTEMPTS')).toMatchObject({ value: '4', default: '4', set: true });
  expect(lines.get('OPENAI_API_KEY')).toMatchObject({ value: null, set: true, secret: true });
  expect(problems.map(({ variable }: JsonObject) => variable)).toEqual([
    'MAX_ATTEMPTS',
    'GCP_SERVICE_ACCOUNT_9',
    'MAX_BODY_BYTES',
  ]);
  expect(clients).toMatchObject([{ name: 'key-1', models: null }, { name: 'OPENAI_API_KEY' }]);
  const alias = await aliasOf(rondo, 0);
  const answers = [
    ...paths.map((path) => get(rondo, path)),
    post(rondo, `credentials/${alias}/test`),
    rondo.fetchBare('/metrics', { headers }),
  ];
  for (const answer of await Promise.all(answers)) {
    const text = await answer.text();
    for (const secret of [canary, clientKey, adminKey, 'ya29', 'PRIVATE KEY']) {
      expect(text).not.toContain(secret);
    }
  }
});

const sum = (numbers: number[]): number => numbers.reduce((all, each) => all + each, 0);

async function aliasOf(rondo: Rondo, place: number): Promise<string> {
  return (await read(get(rondo, 'pool'))).credentials[place].alias;
}
