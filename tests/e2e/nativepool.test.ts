// Google's own dialect through the pool: both back-ends, limits of keys, conversations, stored content.
import { GoogleGenAI } from '@google/genai';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../scripts/googlestub/accounts.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { idMark } from '../../worker/core/idmark.ts';
import { callsOf, model, served } from '../support/chat.ts';
import { detailOf, generating, get, post, refused, saying } from '../support/native.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;

beforeEach(async () => {
  google = await startGoogle();
});

const rondoWith = (vars: Record<string, unknown> = {}) =>
  startRondo({ vars: { ...google.vars(), ...vars } as Record<string, string> });

describe('Vertex AI', () => {
  const projects = '/projects/anybody/locations/nowhere';

  test.each([
    ['/v1', `/v1${projects}/publishers/google/models`],
    ['/v1beta1', `/v1beta1${projects}/publishers/google/models`],
    ['/v1beta1', '/v1beta1/publishers/google/models'],
    ['/v1beta1', '/v1beta/models'],
    ['/v1', '/v1/models'],
  ])('is asked in %s for %s, at the credential’s own place', async (version, path) => {
    const account = google.addServiceAccount();
    const rondo = await rondoWith();
    const answer = await post(rondo, `${path}/${model}:generateContent`);
    expect(answer.status).toBe(200);
    expect(callsOf(google)[0]?.path).toBe(
      `${version}/projects/${account.project}/locations/global/publishers/google/models/${model}:generateContent`,
    );
  });

  test('is not asked for what it lacks', async () => {
    google.addServiceAccount();
    const rondo = await rondoWith();
    const path = '/v1beta/models/gemini-embedding-001:batchEmbedContents';
    const requests = [
      { content: { parts: [{ inlineData: { mimeType: 'image/png', data: '' } }] } },
    ];
    const error = await refused(post(rondo, path, { requests }));
    expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(error.message).toContain('API key of the Gemini API');
    expect(google.calls).toHaveLength(0);
  });

  test('embeds a batch by the calls that it has', async () => {
    const account = google.addServiceAccount();
    const key = google.addApiKey();
    const batch = async (of: Account) => {
      const rondo = await startRondo({ vars: google.vars([of]) });
      const ai = new GoogleGenAI({ apiKey: clientKey, httpOptions: { baseUrl: rondo.url } });
      const config = { taskType: 'CLUSTERING', outputDimensionality: 256 };
      const embedding = 'gemini-embedding-001';
      return ai.models.embedContent({
        model: embedding,
        contents: ['one', 'two', 'three'],
        config,
      });
    };
    const { embeddings } = await batch(account);
    expect(embeddings).toHaveLength(3);
    // As 32 bits hold them: so they are read on their way.
    const vectors = (of: typeof embeddings) =>
      of?.map(({ values }) => new Float32Array(values ?? []));
    expect(vectors(embeddings)).toEqual(vectors((await batch(key)).embeddings));
    const asked = google.calls.filter(({ kind }) => kind === 'embed').map(({ method }) => method);
    expect(asked).toEqual(['predict', 'predict', 'predict', 'batchEmbedContents']);
  });

  test('embeds the several texts that Google’s SDK makes one content of', async () => {
    const account = google.addServiceAccount();
    const key = google.addApiKey();
    const embed = async (of: Account) => {
      const rondo = await startRondo({ vars: google.vars([of]) });
      const ai = new GoogleGenAI({ apiKey: clientKey, httpOptions: { baseUrl: rondo.url } });
      const { embeddings } = await ai.models.embedContent({
        model: 'gemini-embedding-2',
        contents: ['one', 'two'],
      });
      return embeddings?.map(({ values }) => new Float32Array(values ?? []));
    };
    const embeddings = await embed(account);
    expect(embeddings).toHaveLength(1);
    expect(embeddings).toEqual(await embed(key));
    const asked = google.calls.filter(({ kind }) => kind === 'embed').map(({ method }) => method);
    expect(asked).toEqual(['embedContent', 'batchEmbedContents']);
  });

  test('leaves what it lacks to the Gemini API', async () => {
    google.addServiceAccount();
    const { name } = google.addApiKey();
    const rondo = await rondoWith();
    const path = '/v1beta/models/gemini-embedding-001:batchEmbedContents';
    const request = { model: 'models/gemini-embedding-001', content: { parts: [{ text: 'a' }] } };
    for (let round = 0; round < 2; round += 1) {
      expect((await post(rondo, path, { requests: [request] })).status).toBe(200);
    }
    expect(
      google.calls.filter(({ kind }) => kind === 'embed').map((call) => call.credential),
    ).toEqual([name, name]);
  });
});

describe('a verb that a model hasn’t got', () => {
  test('is told so, and keeps nobody from asking the model for something else', async () => {
    google.addApiKey();
    const rondo = await rondoWith();
    const path = `/v1beta/models/${model}:embedContent`;
    const error = await refused(post(rondo, path, { content: { parts: [{ text: 'a' }] } }));
    expect(error).toMatchObject({ code: 404, status: 'NOT_FOUND' });
    expect(error.message).toContain('embedContent');
    expect((await post(rondo, generating(model))).status).toBe(200);
  });
});

describe('a client key with limits', () => {
  const keyWith = (limits: object) => ({
    CLIENT_API_KEYS: [{ name: 'me', key: clientKey, limits }],
  });

  test.each([
    generating(model),
    generating(model, 'streamGenerateContent'),
    `${generating(model, 'streamGenerateContent')}?alt=sse`,
  ])('is charged for what Google counts: %s', async (path) => {
    google.addApiKey();
    const rondo = await rondoWith(keyWith({ tokens_per_day: 1 }));
    const answer = await post(rondo, path, saying('Hello there'));
    expect(await answer.text()).toBe(callsOf(google)[0]?.answer);
    await expect.poll(async () => (await post(rondo, path)).status, { timeout: 5000 }).toBe(429);
    const answered = await post(rondo, path);
    const told = (await answered.json()) as { error: object } | { error: object }[];
    const { error } = [told].flat()[0] as { error: Parameters<typeof detailOf>[0] };
    expect(error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
    expect(detailOf(error, 'RetryInfo')?.retryDelay).toMatch(/^\d+s$/);
  });

  test.each([{}, { stream: true }])(
    'is charged for an interaction whose names carry a credential: %j',
    async (more) => {
      google.addApiKey();
      google.addApiKey();
      const rondo = await rondoWith(keyWith({ tokens_per_day: 1 }));
      const asking = () =>
        post(rondo, '/v1beta/interactions', { model, input: 'Hello there', ...more });
      expect(await (await asking()).text()).toContain(idMark);
      await expect.poll(async () => (await asking()).status, { timeout: 5000 }).toBe(429);
    },
  );

  test.each(['fields=candidates', '%24fields=candidates', '$alt=proto', 'alt=media'])(
    'may not ask for answers that don’t tell what they cost: %s',
    async (query) => {
      google.addApiKey();
      const [parameter] = decodeURIComponent(query).split('=');
      const rondo = await rondoWith(keyWith({ tokens_per_day: 1000 }));
      for (const path of [generating(model), '/v1beta/interactions']) {
        const error = await refused(post(rondo, `${path}?${query}`));
        expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
        expect(error.message).toContain(`'${parameter}'`);
      }
      expect(google.calls).toHaveLength(0);
      for (const usual of ['$alt=json;enum-encoding=int', 'alt=', 'prettyPrint=false']) {
        expect((await post(rondo, `${generating(model)}?${usual}`)).status, usual).toBe(200);
      }
      const unlimited = await rondoWith(keyWith({ requests_per_day: 1000 }));
      await post(unlimited, `${generating(model)}?${query}`);
      expect(google.calls.at(-1)?.path).toContain(query);
    },
  );

  test('gets at none of Google’s OpenAI-compatible paths when it is one of tokens', async () => {
    google.addApiKey();
    const path = '/v1beta/openai/chat/completions';
    const body = { model, messages: [{ role: 'user', content: 'Hi' }], stream: true };
    const rondo = await rondoWith(keyWith({ tokens_per_day: 1000 }));
    expect((await post(rondo, path, body)).status).toBe(403);
    expect(google.calls).toHaveLength(0);
    const unlimited = await rondoWith(keyWith({ requests_per_day: 1000 }));
    expect((await post(unlimited, path, body)).status).toBe(200);
  });

  test('gets at none of Vertex AI’s either', async () => {
    google.addServiceAccount();
    const path = '/v1/projects/p/locations/global/endpoints/openapi/chat/completions';
    const body = { model: `google/${model}`, messages: [{ role: 'user', content: 'Hi' }] };
    const rondo = await rondoWith(keyWith({ tokens_per_day: 1000 }));
    const error = await refused(post(rondo, path, body));
    expect([error.code, detailOf(error, 'ErrorInfo')?.reason]).toEqual([403, 'COST_UNTOLD']);
    expect(google.calls).toHaveLength(0);
    const unlimited = await rondoWith(keyWith({ requests_per_day: 1000 }));
    expect((await post(unlimited, path, body)).status).toBe(200);
  });

  test('is charged for all predictions of an answer', async () => {
    google.addServiceAccount();
    const rondo = await rondoWith(keyWith({ tokens_per_day: 1000 }));
    const path = generating('text-embedding-005', 'predict');
    const instances = [5, 70].map((words) => ({ content: 'word '.repeat(words) }));
    const answer = await (await post(rondo, path, { instances })).text();
    const counts = [...answer.matchAll(/"token_count":\s*(\d+)/g)].map(([, count]) =>
      Number(count),
    );
    expect(counts).toHaveLength(2);
    const left = async (): Promise<number> =>
      Number((await get(rondo, '/v1beta/models')).headers.get('x-ratelimit-remaining-tokens'));
    await expect.poll(left).toBe(1000 - (counts[0] ?? 0) - (counts[1] ?? 0));
  });

  describe('of tokens has no interaction run on behind its answer:', () => {
    const asking = (rondo: Rondo, body: string, headers: Record<string, string> = {}) =>
      post(rondo, '/v1beta/interactions', body, {
        headers: { 'x-goog-api-key': clientKey, 'content-type': 'application/json', ...headers },
      });
    const json = (more: object): string => JSON.stringify({ model, input: 'Hi', ...more });

    test.for([
      json({ background: true }),
      json({ background: 'true' }),
      json({ background: 1, stream: true }),
      `{"background":true,${json({ background: false }).slice(1)}`,
      String.raw`{"b\u0061ckground":true,${json({}).slice(1)}`,
    ])('%s', async (body) => {
      google.addApiKey();
      const rondo = await rondoWith(keyWith({ tokens_per_day: 1000 }));
      const error = await refused(asking(rondo, body));
      expect([error.code, detailOf(error, 'ErrorInfo')?.reason]).toEqual([
        400,
        'UNSUPPORTED_PARAMETER',
      ]);
      expect(error.message).toContain("'background'");
      expect(google.calls).toHaveLength(0);
    });

    test.for([
      ['single quotes', "{'background':true}", {}],
      ['bare names', '{background:true}', {}],
      ['a comma too many', `${json({}).slice(0, -1)},}`, {}],
      ['too many values', json({ input: Array(100_001).fill(1) }), {}],
      ['too many bytes', json({ input: 'x'.repeat(8 * 1024 * 1024) }), {}],
      ['compression', json({}), { 'content-encoding': 'gzip' }],
    ] as const)('nor one whose body can’t be looked at for %s', async ([, body, headers]) => {
      google.addApiKey();
      const rondo = await rondoWith(keyWith({ tokens_per_day: 1000 }));
      const error = await refused(asking(rondo, body, headers));
      expect(error.code).toBe(400);
      expect(error.message).toContain("'body'");
      expect(google.calls).toHaveLength(0);
    });

    test('but any other', async () => {
      google.addApiKey();
      const rondo = await rondoWith(keyWith({ tokens_per_day: 1000 }));
      for (const more of [
        {},
        { background: false },
        { background: null },
        { input: '"background":' },
      ]) {
        expect((await asking(rondo, json(more))).status).toBe(200);
      }
      const unlimited = await rondoWith(keyWith({ requests_per_day: 1000 }));
      expect((await asking(unlimited, json({ background: true }))).status).toBe(200);
    });
  });

  test('is broken off where Google breaks off', async () => {
    google.addApiKey();
    const rondo = await rondoWith(keyWith({ tokens_per_day: 1000 }));
    google.fault({}, { kind: 'cut', after: 1 });
    const path = `${generating(model, 'streamGenerateContent')}?alt=sse`;
    const answer = await post(rondo, path, saying('Hello there, how are you?'));
    await expect(answer.text()).rejects.toThrow();
  });
});

describe('with the sticky strategy', () => {
  test('a conversation stays with its credential, and another may have another one', async () => {
    google.addApiKey();
    google.addApiKey();
    const rondo = await rondoWith({ CREDENTIAL_STRATEGY: 'sticky' });
    const turn = (text: string) => ({ role: 'user', parts: [{ text }] });
    const said = { role: 'model', parts: [{ text: 'Yes.' }] };
    const whose: (string | null)[] = [];
    // Where a conversation goes is its hash's choice: so many go to one credential once in a million.
    for (let index = 0; index < 21; ++index) {
      const first = `Question ${index}`;
      for (const contents of [[turn(first)], [turn(first), said, turn('And then?')]]) {
        await post(rondo, generating(model), { contents });
      }
      const [before, after] = served(google).slice(-2);
      expect(after).toBe(before);
      whose.push(before ?? null);
    }
    expect(new Set(whose).size).toBe(2);
  });
});

describe('stored content', () => {
  const file = { fileData: { mimeType: 'text/plain', fileUri: 'gs://other-bucket/a.txt' } };
  const naming = { contents: [{ role: 'user', parts: [file, { text: 'Read.' }] }] };

  test('can’t be named by a client that may not, nor hidden in a body that can’t be read', async () => {
    google.addApiKey();
    const rondo = await rondoWith({
      CLIENT_API_KEYS: [{ name: 'me', key: clientKey, stored: false }],
    });
    for (const body of [
      naming,
      { ...saying(), cachedContent: 'cachedContents/a' },
      { ...saying(), cached_content: 'cachedContents/a' },
    ]) {
      const error = await refused(post(rondo, generating(model), body));
      expect(error).toMatchObject({ code: 403, status: 'PERMISSION_DENIED' });
    }
    expect((await post(rondo, generating(model), '{"contents":')).status).toBe(400);
    const large = JSON.stringify(saying('x'.repeat(9 * 1024 * 1024)));
    expect((await post(rondo, generating(model), large)).status).toBe(403);
    expect(google.calls).toHaveLength(0);
    expect((await post(rondo, generating(model))).status).toBe(200);
  });

  test.each([
    { instances: [{ image: { gcsUri: 'gs://a/b.png' } }] },
    { instances: [], parameters: { storageUri: 'gs://a/' } },
    { instances: [], outputConfig: { gcsDestination: { outputUriPrefix: ' gs://a/' } } },
    saying('a', { tools: [{ fileSearch: { fileSearchStoreNames: ['fileSearchStores/a'] } }] }),
    saying('a', {
      tools: [{ retrieval: { vertex_ai_search: { datastore: 'projects/p/dataStores/a' } } }],
    }),
    saying('a', {
      tools: [
        {
          retrieval: {
            vertexRagStore: { ragResources: [{ ragCorpus: 'projects/p/ragCorpora/a' }] },
          },
        },
      ],
    }),
  ])('is refused wherever it is named: %j', async (body) => {
    google.addServiceAccount();
    const rondo = await rondoWith({ STORED_CONTENT: 'off' });
    const verb = 'instances' in body ? 'predict' : 'generateContent';
    const error = await refused(post(rondo, generating(model, verb), body));
    expect(error.code).toBe(403);
    expect(google.calls).toHaveLength(0);
    const text = saying('gs://a/b and fileSearchStores/a', { labels: { gcs_uri: 'none' } });
    expect((await post(rondo, generating(model), text)).status).toBe(200);
  });

  test('is named as STORED_CONTENT allows', async () => {
    const account = google.addServiceAccount();
    google.give(account.project, 'gs://other-bucket/');
    const rondo = await rondoWith({ STORED_CONTENT: 'gs://other-bucket/' });
    expect((await post(rondo, generating(model), naming)).status).toBe(200);
    const other = JSON.parse(JSON.stringify(naming).replace('other-bucket', 'third-bucket'));
    expect((await refused(post(rondo, generating(model), other))).code).toBe(403);
  });
});
