// Secrets of a shape that nothing else has are planted in every variable and sent in every place where a
// key may stand. They must come out nowhere: neither in logs, errors and header fields, nor in KV and
// the object.
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, model } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { secretsOf } from '../support/secrets.ts';

let google: GoogleStub;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  google.addApiKey();
});

const mark = 'canary7d1f';
const canary = (place: string): string => `${mark}-${place}-0a8c55e1b2`;
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const keys = {
  plain: canary('plain'),
  digest: canary('digest'),
  expired: canary('expired'),
  limited: canary('limited'),
  single: canary('single'),
  admin: canary('admin'),
  metrics: canary('metrics'),
  inKv: canary('kv'),
  broken: canary('kvbroken'),
  nobody: canary('nobody'),
} as const;

const clientKeys = [
  keys.plain,
  { name: 'digest', sha256: digestOf(keys.digest) },
  { name: 'expired', key: keys.expired, expires: '2020-01-01' },
  { name: 'limited', key: keys.limited, limits: { requests_per_day: 2, tokens_per_day: 1 } },
];

const vars = () => ({
  ...google.vars(),
  CLIENT_API_KEYS: clientKeys,
  OPENAI_API_KEY: keys.single,
  ADMIN_API_KEY: keys.admin,
  METRICS_KEY: keys.metrics,
  ALERT_WEBHOOK_URL: `https://hooks.example.com/${canary('hook')}`,
  CLIENT_KEYS_IN_KV: 'true',
  OAUTH_CLIENT_SECRET: canary('oauth'),
  LOG_LEVEL: 'debug',
});

const places = {
  bearer: (key: string) => ({ authorization: `Bearer ${key}` }),
  anthropic: (key: string) => ({ 'x-api-key': key }),
  google: (key: string) => ({ 'x-goog-api-key': key }),
} as const;

const messages = { model, max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] };

/** Paths with what is sent there; nothing: it is only read. */
const requests: readonly (readonly [path: string, body?: string])[] = [
  ['/v1/chat/completions', JSON.stringify(ask())],
  ['/v1/chat/completions', JSON.stringify(ask('Hello', { stream: true }))],
  ['/v1/chat/completions', '{"model":'],
  ['/v1/chat/completions', JSON.stringify(ask('Hello', { model: 'none-such' }))],
  ['/v1/responses', JSON.stringify({ model, input: 'Hello', store: false })],
  ['/v1/messages', JSON.stringify(messages)],
  ['/v1/messages', '[]'],
  ['/v1/models'],
  ['/v1/none'],
  ['/health'],
  ['/admin/api/credentials/none/reset', ''],
  ['/admin/none'],
  ['/admin'],
  ['/'],
  ['/metrics'],
  ['/admin/api/pool'],
  ['/admin/api/settings'],
  ['/admin/api/requests'],
  ['/admin/api/series?span=hour'],
  [`/admin/api/explain?model=${model}`],
];

/** All that one answer tells, but the request's own words. */
async function toldBy(rondo: Rondo, path: string, body: string | undefined, headers: object) {
  const answer = await fetch(rondo.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body }),
  });
  return `${JSON.stringify([...answer.headers])}\n${await answer.text()}`;
}

/** What lies where others could read it. */
async function keptBy(rondo: Rondo): Promise<string> {
  const facts = await rondo.pool('facts');
  const tally = await rondo.pool('admit', 'limited', {}, Date.now());
  return JSON.stringify([await rondo.kv(), facts, tally]);
}

test('a secret comes out nowhere, with whichever key whatever is asked', async () => {
  const rondo = await startRondo({ vars: vars(), pool: true });
  await rondo.putKv(`client-key:${digestOf(keys.inKv)}`, '{"name":"kv"}');
  const broken = `{"name":"kv","key":"${canary('kvvalue')}"}`;
  await rondo.putKv(`client-key:${digestOf(keys.broken)}`, broken);
  const told: string[] = [];
  for (const key of Object.values(keys)) {
    for (const place of Object.values(places)) {
      for (const [path, body] of requests) told.push(await toldBy(rondo, path, body, place(key)));
    }
  }
  await expect.poll(() => rondo.events('request').length).toBeGreaterThan(50);
  // What is broken lies in KV because the test put it there.
  const kept = (await keptBy(rondo)).replaceAll(JSON.stringify(broken), '');
  const all = [...told, ...rondo.logs, kept].join('\n');
  expect(told.join('\n')).toContain('You said: Hello');
  expect(told.join('\n')).toContain('rate_limit_exceeded');
  expect(all.split('\n').filter((line) => line.includes(mark))).toEqual([]);
  expect(secretsOf(google).filter((secret) => all.includes(secret))).toEqual([]);
});

describe('a secret in a variable that is broken is not quoted:', () => {
  const secret = canary('broken');
  const credential = JSON.stringify({ type: 'service_account', private_key: secret });
  const broken: readonly (readonly [string, unknown])[] = [
    ['CLIENT_API_KEYS', `["${secret}`],
    ['CLIENT_API_KEYS', [{ key: secret, limits: { [secret]: 1 } }]],
    ['CLIENT_API_KEYS', [{ key: secret, limits: secret }]],
    ['CLIENT_API_KEYS', [{ key: secret, expires: secret }]],
    ['CLIENT_API_KEYS', [{ key: secret, [secret]: secret }]],
    ['OPENAI_API_KEY', `{"key":"${secret}"}`],
    ['ADMIN_API_KEY', `["${secret}"]`],
    ['CLIENT_KEYS_IN_KV', secret],
    ['ALLOW_ANONYMOUS', secret],
    ['CORS_ORIGINS', secret],
    ['METRICS_KEY', `["${secret}"]`],
    ['ALERT_WEBHOOK_URL', secret],
    ['ALERT_WEBHOOK_URL', `ftp://hooks.example.com/${secret}`],
    ['GCP_SERVICE_ACCOUNT_7', credential],
    ['GCP_SERVICE_ACCOUNT_7', `{"private_key":"${secret}`],
    ['GCP_SERVICE_ACCOUNTS', `[{"private_key":"${secret}"`],
    ['MODEL_ALIASES', `{"${secret}"`],
    ['MODEL_FALLBACKS', `{"a":"${secret}"}`],
    ['STORED_CONTENT', `{"${secret}"}`],
    ['MAX_BODY_BYTES', secret],
    ['MAX_ATTEMPTS', secret],
    ['CREDENTIAL_STRATEGY', secret],
    ['LOG_LEVEL', secret],
    ['GOOGLE_CLOUD_LOCATION', secret],
    ['OAUTH_TOKEN_URL', secret],
  ];

  test.for(broken)('%s', async ([variable, value]) => {
    const rondo = await startRondo({ vars: { ...google.vars(), [variable]: value as string } });
    const told: string[] = [];
    for (const [path, body] of requests) {
      told.push(await toldBy(rondo, path, body, places.bearer(canary('nobody'))));
    }
    told.push(await (await rondo.fetch('/v1/models')).text());
    const all = [...told, ...rondo.logs, JSON.stringify(await rondo.kv())].join('\n');
    expect(all.split('\n').filter((line) => line.includes(mark))).toEqual([]);
  });
});
