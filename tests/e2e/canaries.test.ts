// Secrets of a shape that nothing else has are planted in every variable and sent in every place where a
// key may stand. They must come out nowhere: neither in logs, errors, header fields and webhooks, nor in
// KV and the objects, and the operator is told none of them either. What clients store has canaries of its
// own: memorycanaries.test.ts.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, model } from '../support/chat.ts';
import { variablesOfReadme } from '../support/papers.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
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
  LOCATION_CACHE: 'true',
  OAUTH_CLIENT_SECRET: canary('oauth'),
  LOG_LEVEL: 'debug',
});

const places = {
  bearer: (key: string) => ({ authorization: `Bearer ${key}` }),
  anthropic: (key: string) => ({ 'x-api-key': key }),
  google: (key: string) => ({ 'x-goog-api-key': key }),
} as const;

const messages = { model, max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] };

const native = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] };

/** Paths with what is sent there; nothing: it is only read. */
const requests: readonly (readonly [path: string, body?: string])[] = [
  ['/v1/chat/completions', JSON.stringify(ask())],
  ['/v1/chat/completions', JSON.stringify(ask('Hello', { stream: true }))],
  ['/v1/chat/completions', '{"model":'],
  ['/v1/chat/completions', JSON.stringify(ask('Hello', { model: 'none-such' }))],
  ['/v1/responses', JSON.stringify({ model, input: 'Hello', store: false })],
  ['/v1/responses', JSON.stringify({ model, input: 'Hello' })],
  ['/v1/responses', JSON.stringify({ model, input: 'Hi', previous_response_id: 'resp_none' })],
  ['/v1/responses/resp_none'],
  ['/v1/conversations', '{"items":[{"role":"user","content":"Hello"}]}'],
  ['/v1/chat/completions', JSON.stringify(ask('Hello', { store: true }))],
  ['/v1/chat/completions'],
  ['/v1/messages', JSON.stringify(messages)],
  ['/v1/messages', '[]'],
  [`/v1beta/models/${model}:generateContent`, JSON.stringify(native)],
  [`/v1beta/models/${model}:streamGenerateContent`, JSON.stringify(native)],
  [`/v1/models/${model}:countTokens`, '{'],
  ['/v1beta/models'],
  ['/v1beta/none'],
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
  return JSON.stringify([
    await rondo.kv(),
    await rondo.cached(),
    facts,
    tally,
    await rondo.storedRows(),
  ]);
}

test('a secret comes out nowhere, with whichever key whatever is asked', async () => {
  const rondo = await startRondo({ vars: vars(), pool: true, store: true });
  await rondo.putKv(`client-key:${digestOf(keys.inKv)}`, '{"name":"kv"}');
  const broken = `{"name":"kv","key":"${canary('kvvalue')}"}`;
  await rondo.putKv(`client-key:${digestOf(keys.broken)}`, broken);
  const told: string[] = [];
  for (const key of Object.values(keys)) {
    for (const place of Object.values(places)) {
      for (const [path, body] of requests) told.push(await toldBy(rondo, path, body, place(key)));
    }
    for (const [path, body] of requests) {
      const query = `${path.includes('?') ? '&' : '?'}key=${key}`;
      told.push(await toldBy(rondo, path + query, body, {}));
    }
  }
  await expect.poll(() => rondo.events('request').length).toBeGreaterThan(50);
  // What is broken lies in KV because the test put it there.
  const kept = (await keptBy(rondo)).replaceAll(JSON.stringify(broken), '');
  const all = [...told, ...rondo.logs, kept].join('\n');
  expect(told.join('\n')).toContain('You said: Hello');
  expect(told.join('\n')).toContain('rate_limit_exceeded');
  expect(Object.keys(await rondo.cached())).not.toEqual([]);
  expect(all.split('\n').filter((line) => line.includes(mark))).toEqual([]);
  expect(secretsOf(google).filter((secret) => all.includes(secret))).toEqual([]);
});

test('a webhook is told no secret', async () => {
  const posts: string[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      posts.push(`${JSON.stringify(request.headers)}${body}`);
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const hook = `http://127.0.0.1:${port}/${canary('hook')}`;
  const rondo = await startRondo({ vars: { ...vars(), ALERT_WEBHOOK_URL: hook } });
  google.fault({ credential: 'sim-account-1' }, 'service-disabled');
  const body = JSON.stringify(ask());
  await toldBy(rondo, '/v1/chat/completions', body, places.bearer(keys.plain));
  await expect.poll(() => posts.join('')).toContain('credential_quarantined');
  server.close();
  const all = [...posts, ...rondo.logs].join('\n');
  expect(all).not.toContain(mark);
  expect(secretsOf(google).filter((each) => all.includes(each))).toEqual([]);
});

/**
 * Who may see what stands in a variable. A secret is seen by nobody, whether it is well written or
 * broken, and of a plain setting only what is understood is told, since what isn't may be a secret that
 * was pasted there by mistake.
 */
type Seen = 'by nobody' | 'by the operator' | 'by clients';

const secret = canary('variable');
const account = JSON.stringify({ type: 'service_account', private_key: secret });

const variables: Readonly<Record<string, readonly (readonly [value: unknown, seen: Seen])[]>> = {
  // Secrets.
  CLIENT_API_KEYS: [
    [secret, 'by nobody'],
    [`["${secret}`, 'by nobody'],
    [[{ key: secret, name: 'one' }], 'by nobody'],
    [[{ key: secret, limits: { [secret]: 1 } }], 'by nobody'],
    [[{ key: secret, limits: secret }], 'by nobody'],
    [[{ key: secret, expires: secret }], 'by nobody'],
    [[{ key: secret, [secret]: secret }], 'by nobody'],
  ],
  OPENAI_API_KEY: [
    [secret, 'by nobody'],
    [`{"key":"${secret}"}`, 'by nobody'],
  ],
  ADMIN_API_KEY: [[`["${secret}"]`, 'by nobody']],
  METRICS_KEY: [
    [secret, 'by nobody'],
    [`["${secret}"]`, 'by nobody'],
  ],
  ALERT_WEBHOOK_URL: [
    [`https://hooks.example.com/${secret}`, 'by nobody'],
    [secret, 'by nobody'],
    [`ftp://hooks.example.com/${secret}`, 'by nobody'],
  ],
  OAUTH_CLIENT_SECRET: [[secret, 'by nobody']],
  GCP_SERVICE_ACCOUNT: [
    [secret, 'by nobody'],
    [account, 'by nobody'],
  ],
  GCP_SERVICE_ACCOUNT_7: [
    [account, 'by nobody'],
    [`{"private_key":"${secret}`, 'by nobody'],
    [{ type: secret, refresh_token: secret }, 'by nobody'],
  ],
  GCP_SERVICE_ACCOUNTS: [
    [[secret], 'by nobody'],
    [`[{"private_key":"${secret}"`, 'by nobody'],
  ],
  // Plain settings, of which operators see what is understood.
  GOOGLE_CLOUD_PROJECT: [
    [secret, 'by the operator'],
    [`${secret}/`, 'by nobody'],
  ],
  GOOGLE_CLOUD_LOCATION: [
    [secret, 'by the operator'],
    [`${secret}/`, 'by nobody'],
  ],
  OAUTH_CLIENT_ID: [[secret, 'by the operator']],
  MODEL_ALIASES: [
    [{ [secret]: model }, 'by clients'],
    [{ alias: secret }, 'by the operator'],
    [`{"${secret}"`, 'by nobody'],
  ],
  MODEL_FALLBACKS: [
    [{ a: secret }, 'by the operator'],
    [`{"a":"${secret}"`, 'by nobody'],
  ],
  STORED_CONTENT: [
    [`gs://${secret}/`, 'by the operator'],
    [`{"${secret}"}`, 'by nobody'],
  ],
  VERTEX_BASE_URL: [
    [`http://127.0.0.1:1/${secret}`, 'by the operator'],
    [secret, 'by nobody'],
  ],
  GEMINI_BASE_URL: [
    [`http://127.0.0.1:1/${secret}`, 'by the operator'],
    [secret, 'by nobody'],
  ],
  OAUTH_TOKEN_URL: [
    [`http://127.0.0.1:1/${secret}`, 'by the operator'],
    [secret, 'by nobody'],
  ],
  CORS_ORIGINS: [
    [`https://${secret}.example`, 'by the operator'],
    [secret, 'by nobody'],
  ],
  // Words and numbers: what is no such word says nothing.
  ALLOW_ANONYMOUS: [[secret, 'by nobody']],
  ATTEMPT_DEADLINE_MS: [[secret, 'by nobody']],
  BODY_TIMEOUT_MS: [[secret, 'by nobody']],
  CHAT_MODE: [[secret, 'by nobody']],
  CLIENT_KEYS_IN_KV: [[secret, 'by nobody']],
  CONTEXT_CACHE: [[secret, 'by nobody']],
  CREDENTIAL_STRATEGY: [[secret, 'by nobody']],
  FIRST_BYTE_TIMEOUT_MS: [[secret, 'by nobody']],
  IDLE_TIMEOUT_MS: [[secret, 'by nobody']],
  KEEPALIVE_MS: [[secret, 'by nobody']],
  LOCATION_CACHE: [[secret, 'by nobody']],
  LOG_LEVEL: [[secret, 'by nobody']],
  MAX_ATTEMPTS: [[secret, 'by nobody']],
  MAX_BODY_BYTES: [[secret, 'by nobody']],
  MAX_BODY_BYTES_TOTAL: [[secret, 'by nobody']],
  MAX_SUBREQUESTS: [[secret, 'by nobody']],
  SIGNATURES_IN_IDS: [[secret, 'by nobody']],
};

const planted = Object.entries(variables).flatMap(([variable, values]) =>
  values.map(([value, seen]) => [variable, seen, JSON.stringify(value), value] as const),
);

/** What those who hold a key are told; without one: those who hold none. */
async function toldTo(rondo: Rondo, key: string): Promise<string> {
  const told: string[] = [];
  for (const [path, body] of requests)
    told.push(await toldBy(rondo, path, body, places.bearer(key)));
  return told.join('\n');
}

const linesOf = (text: string): string[] => text.split('\n').filter((line) => line.includes(mark));

describe('what stands in a variable is seen', () => {
  test('by whom this file says, for each variable that README names', () => {
    const bindings = ['GEMINI_CLI_KV', 'POOL', 'ANALYTICS'];
    const named = variablesOfReadme().filter((name) => !bindings.includes(name));
    expect(Object.keys(variables)).toEqual(expect.arrayContaining(named));
    expect(named.length).toBeGreaterThan(30);
  });

  test.for(planted)('%s %s: %s', async ([variable, seen, , value]) => {
    const given = { ...google.vars(), ADMIN_API_KEY: keys.admin, [variable]: value as string };
    const rondo = await startRondo({ vars: given });
    const others = [
      await toldTo(rondo, keys.nobody),
      await toldTo(rondo, clientKey),
      JSON.stringify(await rondo.kv()),
    ].join('\n');
    const operator = await toldTo(rondo, keys.admin);
    const logs = rondo.logs.join('\n');
    if (seen !== 'by clients') expect(linesOf(others)).toEqual([]);
    else expect(linesOf(others)).not.toEqual([]);
    if (seen !== 'by nobody') expect(linesOf(operator)).not.toEqual([]);
    else expect(linesOf(`${operator}\n${logs}`)).toEqual([]);
  });
});
