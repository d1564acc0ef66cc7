// What Google's refusals mean for the pool, told to the client and to the next request.
import { beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { dayOf } from '../../scripts/googlestub/quota.ts';
import { refuse } from '../support/asked.ts';
import { ask, askTimes, failed, model, served, told } from '../support/chat.ts';
import { generating, post, refused, saying } from '../support/native.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

const one = 'sim-account-1';
const two = 'sim-account-2';
const three = 'sim-account-3';

let google: GoogleStub;
let rondo: Rondo;

/** An isolate with a service account for each of these members. */
async function startWith(...accounts: readonly JsonObject[]): Promise<void> {
  google = await startGoogle();
  for (const extra of accounts) google.addServiceAccount({ extra });
  rondo = await startRondo({ vars: google.vars() });
}

/** How long each request took by its Rondo's clock. */
const tookOf = (of: Rondo) => of.events('request').map(({ ms }) => ms);

const detailsOf = (error: JsonObject) => error.details as JsonObject[];

describe('a model that is asked for what it can’t do', () => {
  const embedding = 'gemini-embedding-001';
  const content = { parts: [{ text: 'a' }] };
  const embed = (of: string) => rondo.openai.embeddings.create({ model: of, input: 'a' });

  beforeEach(async () => {
    google = await startGoogle();
    google.addApiKey();
    google.addApiKey();
    rondo = await startRondo({ vars: google.vars() });
  });

  test('answers others as before: one that chats, and was to embed', async () => {
    await expect(embed(model)).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
    await post(rondo, generating(model, 'embedContent'), { content });
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
    expect(rondo.events('credential_cooling').map((event) => event.model)).toEqual(
      Array(2).fill(`${model} for embeddings`),
    );
  });

  test('answers others as before: one that embeds, and was to chat', async () => {
    const { status, error } = await failed(rondo.chat(ask('Hello', { model: embedding })));
    expect([status, error.code]).toEqual([404, 'model_not_found']);
    expect(error.message).toContain(`\`${embedding}\``);
    expect((await post(rondo, generating(embedding), saying())).status).toBe(404);
    expect((await embed(embedding)).data).toHaveLength(1);
  });

  test('is asked again by nobody for a while', async () => {
    await expect(embed(model)).rejects.toMatchObject({ status: 404 });
    const calls = google.calls.length;
    await expect(embed(model)).rejects.toMatchObject({ status: 404, code: 'model_not_found' });
    expect(google.calls).toHaveLength(calls);
  });

  test('answers others as before where it isn’t in a version of the API', async () => {
    google.fault({}, { kind: 'says', status: 404, message: missing('v1') }, 2);
    const error = await refused(post(rondo, generating(model, 'generateContent', 'v1'), saying()));
    expect(error).toMatchObject({ code: 404, status: 'NOT_FOUND' });
    expect(rondo.events('credential_cooling')).toEqual([]);
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
  });

  const missing = (version: string) =>
    `models/${model} is not found for API version ${version}, or is not supported for generateContent.`;
});

describe('a quota of something else than answers', () => {
  const spent = (limit: string, metric: string) => ({
    kind: 'says' as const,
    status: 429,
    message: `Quota exceeded for quota metric '${metric}' and limit '${limit}'.`,
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'RATE_LIMIT_EXCEEDED',
        metadata: { quota_limit: limit, quota_metric: `service/${metric}` },
      },
    ],
  });

  test.each([
    ['resource', '/v1beta/files', spent('FileStorageBytesPerProject', 'file_storage_bytes')],
    [
      'embed',
      generating('gemini-embedding-001', 'embedContent'),
      spent('RequestsPerMinute', 'embed'),
    ],
  ] as const)('keeps nobody from a model: %s', async (kind, path, fault) => {
    google = await startGoogle();
    google.addApiKey();
    google.addApiKey();
    rondo = await startRondo({ vars: google.vars() });
    google.fault({ kind }, fault, 2);
    expect((await post(rondo, path, { content: { parts: [{ text: 'a' }] } })).status).toBe(429);
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
    expect((await post(rondo, path, { content: { parts: [{ text: 'a' }] } })).status).toBe(429);
  });
});

test('a corpus that is another’s keeps nobody from the model', async () => {
  google = await startGoogle();
  google.addApiKey();
  google.addApiKey();
  rondo = await startRondo({ vars: google.vars() });
  const message = 'You do not have permission to access the Corpus a or it may not exist.';
  google.fault({}, { kind: 'says', status: 403, message });
  const error = await refused(post(rondo, generating(model)));
  expect(error).toMatchObject({ code: 403, message });
  expect(served(google)).toHaveLength(1);
  expect(rondo.events('credential_cooling')).toEqual([]);
});

describe('a method that takes no such credential', () => {
  const says = (status: number, message: string, reason: string) => ({
    kind: 'says' as const,
    status,
    message,
    details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason }],
  });
  const keyless = says(
    401,
    'API keys are not supported by this API. Expected OAuth2 access token or other ' +
      'authentication credentials that assert a principal.',
    'CREDENTIALS_MISSING',
  );

  const call = (path: string) => post(rondo, path, { model, input: 'a', uris: ['gs://a/b'] });

  test.each([
    keyless,
    says(401, 'Request had invalid authentication credentials.', ''),
    says(403, 'Requests to this API method are blocked.', 'API_KEY_SERVICE_BLOCKED'),
  ])('takes none of them out: %j', async (fault) => {
    google = await startGoogle();
    for (let key = 0; key < 3; key += 1) google.addApiKey();
    rondo = await startRondo({ vars: google.vars() });
    for (const path of ['/v1beta/interactions', '/v1beta/files', '/v1beta/cachedContents']) {
      google.fault({ kind: 'resource' }, fault, 3);
      const error = await refused(call(path));
      expect(error).toMatchObject({ code: fault.status, message: fault.message });
      google.reset();
    }
    google.fault({ kind: 'embed' }, fault, 3);
    const path = generating('gemini-embedding-001', 'embedContent');
    const error = await refused(post(rondo, path, { content: { parts: [{ text: 'a' }] } }));
    expect(error).toMatchObject({ code: fault.status, message: fault.message });
    expect(rondo.events('credential_quarantined')).toEqual([]);
    expect(served(google)).toEqual([]);
    google.reset();
    await askTimes(rondo, 3);
    expect(new Set(served(google)).size).toBe(3);
  });

  test('is still asked with a fresh token before', async () => {
    await startWith({});
    const caches = '/v1/projects/p/locations/l/cachedContents';
    google.fault({ kind: 'resource' }, says(401, 'Request had invalid credentials.', ''), 1);
    const answer = await fetch(rondo.url + caches, { headers: { 'x-goog-api-key': clientKey } });
    expect(answer.status).toBe(200);
    google.fault({ kind: 'resource' }, says(401, 'Request had invalid credentials.', ''), 2);
    const error = await refused(
      fetch(rondo.url + caches, { headers: { 'x-goog-api-key': clientKey } }),
    );
    expect(error.code).toBe(401);
    expect(rondo.events('credential_quarantined')).toEqual([]);
  });
});

describe('a model that a place does not have', () => {
  const elsewhere = { location: 'us-central1' };

  test('is asked for at another place, not through others of the same, and nothing cools', async () => {
    await startWith({}, {}, elsewhere);
    google.fault({ credential: one }, 'location');
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
    expect(served(google)).toEqual([one, three]);
    await askTimes(rondo, 3);
    expect(served(google).slice(2)).toEqual([one, two, three]);
  });

  test('is refused with 403 when there is no other place, and nothing cools', async () => {
    await startWith({}, {});
    google.fault({}, 'location');
    const { status, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(403);
    expect(error.code).toBe('unsupported_country_region_territory');
    expect(served(google)).toEqual([one]);
    await askTimes(rondo, 2);
    expect(served(google).slice(1)).toEqual([two, one]);
  });
});

test('a shared pool that is busy is asked for at another place before the same', async () => {
  await startWith({}, {}, { location: 'us-central1' });
  google.fault({ credential: one }, 'exhausted');
  await askTimes(rondo, 1);
  expect(served(google)).toEqual([one, three]);
});

test('a rest for want of capacity that follows another is twice as long', async () => {
  await startWith({}, {});
  await rondo.stopClock();
  google.fault({}, 'no-details', 4);
  const rest = async () => Number((await failed(rondo.chat(ask()))).headers.get('retry-after'));
  expect(await rest()).toBe(5);
  await rondo.advance(5000);
  expect(await rest()).toBe(10);
  expect(served(google)).toHaveLength(4);
  await expect.poll(() => rondo.events('model_resting')).toHaveLength(2);
});

describe('a model that fails through all credentials', () => {
  beforeEach(() => startWith({}, {}));

  test.for(['unavailable', 'reset'] as const)(
    'because of "%s" rests for a moment, which the next request waits out',
    async (kind) => {
      await rondo.stopClock();
      google.fault({}, kind, 2);
      const { status, headers, error } = await failed(rondo.chat(ask()));
      expect(status).toBe(503);
      const code = kind === 'reset' ? 'upstream_error' : 'model_overloaded';
      expect(error).toMatchObject({ type: 'server_error', code });
      const rest = Number(headers.get('retry-after-ms'));
      expect(rest).toBeGreaterThan(900);
      expect(rest).toBeLessThanOrEqual(2000);
      const answered = rondo.chat(ask());
      await expect.poll(async () => (await rondo.state()).openOps).toBeGreaterThan(0);
      // Who waits does so for up to a quarter more.
      await rondo.advance(rest * 1.25);
      const answer = await answered;
      expect(answer.headers.get('x-rondo-attempts')).toBe('1');
      expect(await told(answer)).toBe('You said: Hello');
      await expect.poll(() => tookOf(rondo)).toEqual([0, rest * 1.25]);
    },
  );

  test('rests for itself alone', async () => {
    await rondo.stopClock();
    google.fault({}, 'internal', 2);
    await failed(rondo.chat(ask()));
    await askTimes(rondo, 1, ask('Hello', { model: 'gemini-2.5-flash' }));
    await expect.poll(() => tookOf(rondo)).toEqual([0, 0]);
  });
});

describe('when all credentials', () => {
  test('have spent their day, each is told by its alias, with the midnight it waits for', async () => {
    await startWith({ alias: 'mine' }, { alias: 'yours' });
    google.fault({}, 'day', 2);
    const { status, headers, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(429);
    expect(error).toMatchObject({ type: 'insufficient_quota', code: 'insufficient_quota' });
    const lines = detailsOf(error);
    expect(lines.map(({ credential }) => credential)).toEqual(['mine', 'yours']);
    expect(lines.map(({ reason }) => reason)).toEqual(['day', 'day']);
    const until = Date.parse(String(lines[0]?.until));
    expect(dayOf(until - 1)).toBe(dayOf(Date.now()));
    expect(dayOf(until)).not.toBe(dayOf(Date.now()));
    expect(Math.abs(Date.parse(headers.get('x-rondo-reset') ?? '') - until)).toBeLessThan(5000);
  });

  test('but one have spent their day, it is a matter of that one', async () => {
    await startWith({}, {});
    google.fault({ credential: one }, 'day');
    google.fault({ credential: two }, { kind: 'minute', seconds: 40 });
    const { headers, error } = await failed(rondo.chat(ask()));
    expect(error.code).toBe('rate_limit_exceeded');
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(40);
  });

  test('cool or are out, each is told with what stands in its way', async () => {
    await startWith({ alias: 'cooling' }, { alias: 'out' });
    google.fault({ credential: one }, { kind: 'minute', seconds: 40 });
    google.suspend(two);
    const { status, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(429);
    expect(error.code).toBe('rate_limit_exceeded');
    expect(detailsOf(error)).toEqual([
      expect.objectContaining({ credential: 'cooling', state: 'cooling', reason: 'minute' }),
      expect.objectContaining({
        credential: 'out',
        state: 'quarantined',
        reason: 'consumer_suspended',
      }),
    ]);
  });

  test('have no access, the model is not there, and Google is not asked again', async () => {
    await startWith({}, {});
    google.fault({}, 'forbidden', 2);
    for (const _ of ['asked', 'known']) {
      const { status, error } = await failed(rondo.chat(ask()));
      expect(status).toBe(404);
      expect(error).toMatchObject({ code: 'model_not_found', param: 'model' });
    }
    expect(served(google)).toEqual([one, two]);
  });

  test('are out for good, Google is not asked again', async () => {
    await startWith({}, {});
    for (const account of [one, two]) google.suspend(account);
    // Each request takes out one.
    for (const known of [false, false, true]) {
      const { status, error } = await failed(rondo.chat(ask()));
      expect(status).toBe(503);
      expect(error).toMatchObject({ type: 'server_error', code: 'credentials_unavailable' });
      if (known) expect(detailsOf(error)).toHaveLength(2);
    }
    expect(served(google)).toEqual([one, two, two]);
  });
});

describe('the only credential is out, the answer says why, and the log what to do', () => {
  const cases: [what: string, how: () => void, reason: string, remedy: RegExp][] = [
    [
      'its grant is dead',
      () => google.revoke(one),
      'invalid_grant',
      /make a new one and replace the secret/,
    ],
    ['its project is suspended', () => google.suspend(one), 'consumer_suspended', /`\d{12}`/],
    [
      'the service is disabled',
      () => google.disableApi('sim-project-1'),
      'service_disabled',
      /`\d{12}`.*https:\/\/console\.developers\.google\.com\/.*project=\d+/,
    ],
    [
      'its role is missing',
      () => google.removeRole(one),
      'iam_permission_denied',
      /roles\/aiplatform\.user.*`sim-project-1`.*aiplatform\.endpoints\.predict/,
    ],
    [
      'its tokens lack the scope',
      () => google.fault({}, 'scope'),
      'access_token_scope_insufficient',
      /auth\/cloud-platform/,
    ],
    [
      'its account is disabled for a violation of terms',
      () => google.fault({}, 'tos'),
      'tos_violation',
      /https:\/\/support\.google\.com\//,
    ],
  ];

  test.for(cases)('%s', async ([, spoil, reason, remedy]) => {
    await startWith({ alias: 'only' });
    spoil();
    const { status, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(503);
    expect(error.code).toBe('credentials_unavailable');
    expect(detailsOf(error)).toEqual([
      expect.objectContaining({ credential: 'only', state: 'quarantined', reason }),
    ]);
    const [line] = rondo.events('credential_quarantined');
    expect(line?.remedy).toMatch(remedy);
    // What to do about a project is for the operator.
    expect(JSON.stringify(error)).not.toMatch(/sim-project|console\.|https:/);
  });

  test.for(['key-invalid', 'key-expired'] as const)(
    'its API key is refused by a 400, as "%s"',
    async (kind) => {
      google = await startGoogle();
      google.addApiKey();
      rondo = await startRondo({ vars: google.vars() });
      google.fault({}, kind);
      const { status, error } = await failed(rondo.chat(ask()));
      expect(status).toBe(503);
      expect(detailsOf(error)).toEqual([
        expect.objectContaining({ state: 'quarantined', reason: 'api_key_invalid' }),
      ]);
      await expect
        .poll(() => rondo.events('credential_quarantined'))
        .toMatchObject([{ remedy: expect.stringContaining('Make a new API key') }]);
    },
  );
});

test('a request that is mended is sent again through the same credential, and nothing cools', async () => {
  await startWith({}, {});
  refuse(google, 'Thinking level is not supported for this model.');
  const answer = await rondo.chat(ask('Hello', { reasoning_effort: 'low' }));
  expect(await told(answer)).toBe('You said: Hello');
  expect(answer.headers.get('x-rondo-attempts')).toBe('2');
  expect(served(google)).toEqual([one, one]);
  await askTimes(rondo, 2);
  expect(served(google).slice(2)).toEqual([two, one]);
});

describe("a fault of the client's request", () => {
  beforeEach(() => startWith({}, {}));

  test('is passed on as 400, never tried elsewhere, and nothing cools', async () => {
    google.fault({}, 'invalid');
    const { status, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect(error).not.toHaveProperty('details');
    await askTimes(rondo, 2);
    expect(served(google)).toEqual([one, two, one]);
  });

  test('for a model that nobody has is 404 model_not_found', async () => {
    google.fault({}, 'not-found', 2);
    const { status, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(404);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' });
    expect(served(google)).toEqual([one, two]);
  });
});
