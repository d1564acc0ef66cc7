import { beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, askTimes, callsOf, chunksOf, failed, model, told } from '../support/chat.ts';
import { LeavingClient } from '../support/client.ts';
import { faultyModule } from '../support/faulty.ts';
import { clientKey, startGoogle, startRondo } from '../support/rondo.ts';
import { secretsOf } from '../support/secrets.ts';

/** What KEEPALIVE_MS is by default. */
const keepAliveMs = 15_000;

let google: GoogleStub;

beforeEach(async () => {
  google = await startGoogle();
});

describe('the core', () => {
  test('is made once and attached to the context of every request', async () => {
    google.addServiceAccounts(2);
    const rondo = await startRondo({ vars: google.vars() });
    await rondo.state();
    await askTimes(rondo, 3);
    await Promise.all([
      told(rondo.chat(ask())),
      told(rondo.chat(ask())),
      rondo.fetch('/v1/models'),
    ]);
    expect((await rondo.state()).sameCore).toBe(true);
    await expect.poll(() => rondo.events('credential_loaded')).toHaveLength(2);
  });

  test('is made for requests that come at once, once', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    await Promise.all(Array.from({ length: 8 }, () => told(rondo.chat(ask()))));
    await expect
      .poll(() => rondo.events('credential_loaded'))
      .toEqual([
        expect.objectContaining({
          level: 'info',
          variable: 'GCP_SERVICE_ACCOUNT_1',
          kind: 'service_account',
          backend: 'vertex',
        }),
      ]);
  });

  test('without a KV binding answers every /v1 call with 500 kv_binding_missing', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars(), kv: false });
    for (const answer of [
      rondo.chat(ask()),
      rondo.fetch('/v1/models'),
      rondo.fetch('/v1/models/x'),
    ]) {
      const { status, error } = await failed(answer);
      expect(status).toBe(500);
      expect(error).toMatchObject({
        type: 'server_error',
        code: 'kv_binding_missing',
        param: null,
      });
      expect(error.message).toContain('GEMINI_CLI_KV');
      expect(error.message).toContain('npx wrangler kv namespace create GEMINI_CLI_KV');
    }
    expect(google.count()).toBe(0);
    await expect
      .poll(() => rondo.events('kv_binding_missing'))
      .toEqual([expect.objectContaining({ level: 'error' })]);
  });

  test('without a KV binding shows the operator his pool, and what is missing', async () => {
    const adminKey = 'admin-7c1f0e55d9';
    google.addServiceAccount();
    const rondo = await startRondo({
      vars: { ...google.vars(), ADMIN_API_KEY: adminKey },
      kv: false,
    });
    const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
      const headers = { authorization: `Bearer ${adminKey}` };
      const answer = await rondo.fetchBare(path, { ...init, headers });
      expect(answer.status).toBe(200);
      return answer;
    };
    const pool = (await (await call('/admin/api/pool')).json()) as {
      credentials: { alias: string; state: string }[];
    };
    const problem = { variable: 'GEMINI_CLI_KV', fault: expect.stringContaining('is not bound') };
    expect(pool).toMatchObject({
      bindings: { kv: false },
      credentials: [{ state: 'ready' }],
      problems: [problem],
    });
    const settings = await (await call('/admin/api/settings')).json();
    expect(settings).toMatchObject({ problems: expect.arrayContaining([problem]) });
    for (const path of [`explain?model=${model}`, 'requests', 'series?span=hour']) {
      await (await call(`/admin/api/${path}`)).text();
    }
    expect(await (await call('/metrics')).text()).toContain('rondo_credentials{state="ready"} 1');
    const alias = encodeURIComponent(pool.credentials[0]?.alias ?? '');
    const test = await call(`/admin/api/credentials/${alias}/test`, { method: 'POST' });
    expect(await test.json()).toMatchObject({ ok: true });
  });

  test('is made anew after a trap: that request gets 500, the next one works', async () => {
    const rondo = await startRondo({ module: faultyModule('request') });
    const { status, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(500);
    expect(error).toMatchObject({ type: 'server_error', code: 'internal_error' });
    expect(await (await rondo.chat(ask())).json()).toEqual({ object: 'list', data: [] });
    expect((await rondo.state()).sameCore).toBe(true);
  });

  test('gives 500 to those who wait when another request traps', async () => {
    const rondo = await startRondo({ module: faultyModule('others') });
    // Whichever comes first waits, and the second stops the module.
    const both = await Promise.all([failed(rondo.chat(ask())), failed(rondo.chat(ask()))]);
    for (const { status, error } of both) {
      expect(status).toBe(500);
      expect(error.code).toBe('internal_error');
    }
    await expect.poll(() => rondo.events('module_failed')).toHaveLength(2);
  });

  test('gives 500 to one whose answer traps, and serves the next', async () => {
    const rondo = await startRondo({ module: faultyModule('complete') });
    const statusOf = async (): Promise<number> => (await rondo.chat(ask())).status;
    expect([await statusOf(), await statusOf(), await statusOf()]).toEqual([500, 200, 500]);
  });
});

describe('/health', () => {
  test('needs no key and tells of pool and KV', async () => {
    google.addServiceAccounts(2);
    const rondo = await startRondo({ vars: google.vars() });
    const answer = await rondo.fetchBare('/health');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({
      status: 'ok',
      kv: true,
      credentials: { total: 2, quarantined: 0 },
    });
  });

  test('answers HEAD like GET, without a body', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    const answer = await rondo.fetchBare('/health', { method: 'HEAD' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    expect(await answer.text()).toBe('');
    expect((await (await startRondo()).fetchBare('/health', { method: 'HEAD' })).status).toBe(503);
    const models = await rondo.fetchBare(`/v1/models?key=${clientKey}`, { method: 'HEAD' });
    expect(models.status).toBe(200);
  });

  test('is 503 without a credential, and without KV', async () => {
    google.addServiceAccount();
    for (const rondo of [
      await startRondo(),
      await startRondo({ vars: google.vars(), kv: false }),
    ]) {
      const answer = await rondo.fetchBare('/health');
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ status: 'unavailable' });
    }
  });
});

const messages = [{ role: 'user', content: 'Hello, world' }];
const dialects = [
  ['chat completions', '/v1/chat/completions', { model, messages }],
  ['messages', '/v1/messages', { model, messages, max_tokens: 100 }],
  ['responses', '/v1/responses', { model, input: 'Hello, world' }],
] as const;

describe.for(dialects)('a client of %s that leaves', ([, path, body]) => {
  const streamed = { ...body, stream: true };

  test('has the call to Google cancelled while the model thinks', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    const gate = google.holdNext();
    const client = new LeavingClient(rondo, body, path);
    const call = await gate.reached;
    client.leave();
    await call.closed;
    expect(call.end).toBe('aborted');
  });

  test('has the call to Google cancelled before the first event of a stream', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    const gate = google.holdNext({}, 0);
    const client = new LeavingClient(rondo, streamed, path);
    const call = await gate.reached;
    client.leave();
    await call.closed;
    expect(call.end).toBe('aborted');
  });

  test('has the call to Google cancelled in the middle of a stream', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    const gate = google.holdNext({}, 2);
    const client = new LeavingClient(rondo, streamed, path);
    const call = await gate.reached;
    await client.read('You');
    client.leave();
    await call.closed;
    expect(call.end).toBe('aborted');
  });

  test('by closing its connection is noticed by the next word of a silent stream', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    await rondo.stopClock();
    const gate = google.holdNext({}, 0);
    const client = new LeavingClient(rondo, streamed, path);
    const call = await gate.reached;
    client.close();
    await rondo.advance(keepAliveMs);
    await call.closed;
    expect(call.end).toBe('aborted');
  });
});

describe('a client that leaves', () => {
  test('through the SDK has it cancelled once bytes for it come', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    // Too much for whatever buffers lie on the way: only a cancelled call ends early.
    google.changeModel(model, { inputTokens: Infinity });
    const text = 'All work and no play. '.repeat(500_000);
    const gate = google.holdNext({}, 2);
    const stream = await rondo.openai.chat.completions.create({ ...ask(text), stream: true });
    const call = await gate.reached;
    stream.controller.abort();
    gate.release();
    expect(await call.ended).toBe('aborted');
  });

  test('cools nothing and blames nobody', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    const gate = google.holdNext();
    const client = new LeavingClient(rondo, ask());
    const call = await gate.reached;
    client.leave();
    await call.closed;
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
    await expect.poll(() => rondo.events('request')).toHaveLength(2);
    await expect
      .poll(() => rondo.events('request'))
      .toMatchObject([
        { status: 499, client_left: 'before_answer', attempts: [{ class: 'under_way' }] },
        { status: 200, attempts: [{ class: 'ok' }] },
      ]);
    const blames = ['credential_cooling', 'credential_quarantined', 'model_resting'];
    for (const name of [...blames, 'module_failed']) expect(rondo.events(name), name).toEqual([]);
    expect(callsOf(google)).toHaveLength(2);
  });

  test('does not disturb others', async () => {
    google.addServiceAccounts(3);
    const rondo = await startRondo({ vars: google.vars() });
    const gate = google.holdNext({}, 1);
    const client = new LeavingClient(rondo, ask('left', { stream: true }));
    const call = await gate.reached;
    const others = Array.from({ length: 4 }, (_, index) =>
      chunksOf(rondo.chat(ask(`stays ${index}`, { stream: true }))),
    );
    client.leave();
    await call.closed;
    for (const chunks of await Promise.all(others)) expect(chunks.length).toBeGreaterThan(1);
  });
});

describe('the log', () => {
  test('holds no secret, even with everything said and much gone wrong', async () => {
    google.addServiceAccount();
    google.addAuthorizedUser();
    google.addOAuthTokens({ withAccessToken: true, extra: { project_id: 'sim-project-3' } });
    google.addApiKey();
    const rondo = await startRondo({ vars: { ...google.vars(), LOG_LEVEL: 'debug' } });
    google.fault({}, 'unauthenticated', 2);
    google.fault({}, 'minute');
    google.faultToken({}, 'bad-gateway');
    google.fault({}, { kind: 'stream-error', after: 1 }, 1);
    google.revoke('sim-account-2');
    for (const _ of [1, 2, 3, 4, 5, 6]) {
      await (await rondo.chat(ask())).text();
      await (await rondo.chat(ask('Hello', { stream: true }))).text();
    }
    const secrets = secretsOf(google);
    // That there were some, or their absence would tell nothing.
    expect(secrets.length).toBeGreaterThan(20);
    expect(rondo.logs.length).toBeGreaterThan(5);
    const output = rondo.logs.join('\n');
    expect(secrets.filter((secret) => output.includes(secret))).toEqual([]);
  });

  test('is one JSON object a line', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    google.fault({}, 'unavailable');
    await (await rondo.chat(ask())).text();
    expect(rondo.logs.length).toBeGreaterThan(1);
    for (const line of rondo.logs) {
      expect(JSON.parse(line)).toMatchObject({
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        level: expect.stringMatching(/^(debug|info|warn|error)$/),
        event: expect.any(String),
      });
    }
  });

  test('is as talkative as LOG_LEVEL says', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: { ...google.vars(), LOG_LEVEL: 'error' } });
    google.fault({}, 'unavailable');
    await (await rondo.chat(ask())).text();
    expect(rondo.logs).toEqual([]);
  });
});
