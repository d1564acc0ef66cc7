// Client keys in KV: added, revoked and limited without a deployment.
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

const key = 'sk-in-kv-4e2b7a90';
const digest = createHash('sha256').update(key).digest('hex');
const bearer = { headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } };

async function startWith(value: object | string | null, vars: object = {}): Promise<Rondo> {
  const given = { ...google.vars(), CLIENT_KEYS_IN_KV: 'true', ...vars };
  const rondo = await startRondo({ vars: given });
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (value !== null) await rondo.putKv(`client-key:${digest}`, text);
  return rondo;
}

describe('a key that lies in KV', () => {
  test('lets its client in, under its name', async () => {
    const rondo = await startWith({ name: 'visitor' });
    expect(await told(rondo.chat(ask(), bearer))).toBe('You said: Hello');
    await expect
      .poll(() => rondo.events('request'))
      .toEqual([expect.objectContaining({ client: 'visitor' })]);
  });

  test('is enough to open /v1 when the variables hold none', async () => {
    const rondo = await startWith({ name: 'visitor' }, { CLIENT_API_KEYS: null });
    expect(await told(rondo.chat(ask(), bearer))).toBe('You said: Hello');
    expect((await failed(rondo.fetchBare('/v1/models'))).status).toBe(401);
  });

  test('is looked for once a minute', async () => {
    const rondo = await startWith({ name: 'visitor' });
    await rondo.stopClock();
    await told(rondo.chat(ask(), bearer));
    const { kv } = await rondo.state();
    await told(rondo.chat(ask(), bearer));
    expect((await rondo.state()).kv.get).toBe(kv.get);
    await rondo.advance(60_000);
    await told(rondo.chat(ask(), bearer));
    expect((await rondo.state()).kv.get).toBeGreaterThan(kv.get);
  });

  test('has models, limits and an end like any other', async () => {
    const limits = { requests_per_day: 2 };
    const rondo = await startWith({ name: 'visitor', models: [otherModel], limits });
    expect((await failed(rondo.chat(ask(), bearer))).error.code).toBe('model_not_found');
    expect(await told(rondo.chat(ask('Hello', { model: otherModel }), bearer))).toBeDefined();
    expect((await failed(rondo.chat(ask(), bearer))).status).toBe(429);
    const over = await startWith({ name: 'visitor', expires: '2020-01-01' });
    expect((await failed(over.chat(ask(), bearer))).error.code).toBe('api_key_expired');
  });

  test('is not looked for unless that is turned on', async () => {
    const rondo = await startWith({ name: 'visitor' }, { CLIENT_KEYS_IN_KV: null });
    expect((await failed(rondo.chat(ask(), bearer))).status).toBe(401);
    expect((await rondo.state()).kv.get).toBe(0);
  });
});

test('a key that lies nowhere is 401, and one of the variables costs no look at KV', async () => {
  const rondo = await startWith(null);
  expect((await failed(rondo.fetch('/v1/models', bearer))).status).toBe(401);
  const { kv } = await rondo.state();
  expect(kv.get).toBe(1);
  expect((await failed(rondo.fetch('/v1/none'))).status).toBe(404);
  expect((await rondo.state()).kv.get).toBe(1);
});

test('an empty key is none, also where somebody stored the digest of nothing', async () => {
  const rondo = await startWith(null);
  const ofNothing = createHash('sha256').digest('hex');
  await rondo.putKv(`client-key:${ofNothing}`, JSON.stringify({ name: 'nobody' }));
  for (const name of ['x-api-key', 'x-goog-api-key']) {
    const answer = await failed(
      rondo.fetchBare('/v1/chat/completions', { headers: { [name]: '' } }),
    );
    expect([answer.status, answer.error.code]).toEqual([401, null]);
  }
});

test('a value that is broken lets nobody in, and the log tells it without the key', async () => {
  const rondo = await startWith(`{"name":"visitor","key":"${clientKey}"}`);
  expect((await failed(rondo.chat(ask(), bearer))).status).toBe(401);
  await expect.poll(() => rondo.events('client_key_unreadable')).toHaveLength(1);
  expect(rondo.logs.join('\n')).not.toContain(digest);
});

test('while KV is down, an unknown key is 503, and those of the variables are served', async () => {
  const rondo = await startWith({ name: 'visitor' });
  expect(await told(rondo.chat(ask('Hello', { model })))).toBe('You said: Hello');
  await rondo.breakKv('throw');
  const { status, error, headers } = await failed(rondo.chat(ask(), bearer));
  expect([status, error.code]).toEqual([503, 'client_keys_unavailable']);
  expect(headers.get('retry-after')).toBe('2');
  expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
});

test('a flood of invented keys costs no more than a few looks at KV', async () => {
  const rondo = await startWith({ name: 'visitor' });
  await rondo.stopClock();
  const statuses = new Set<number>();
  for (let index = 0; index < 40; index += 1) {
    const headers = { authorization: `Bearer invented-${index}` };
    statuses.add((await failed(rondo.fetchBare('/v1/models', { headers }))).status);
  }
  expect([...statuses].sort()).toEqual([401, 503]);
  expect((await rondo.state()).kv.get).toBe(20);
});
