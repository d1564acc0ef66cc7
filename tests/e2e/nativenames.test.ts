// What is stored at Google's, in Google's own dialect and in a pool of several credentials: names carry theirs.
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { GoogleGenAI } from '@google/genai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../scripts/googlestub/accounts.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { idMark } from '../../worker/core/idmark.ts';
import { callsOf, model, otherModel, served } from '../support/chat.ts';
import { generating, get, post, refused, saying } from '../support/native.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;
let serviceAccount: string;

beforeAll(async () => {
  google = await startGoogle();
  for (let key = 0; key < 3; key += 1) google.addApiKey();
  serviceAccount = google.addServiceAccount().name;
  google.addServiceAccount();
  const keys = clients.map((key) => ({ key, name: key.slice(-8) }));
  rondo = await startRondo({ vars: { ...google.vars(), CLIENT_API_KEYS: JSON.stringify(keys) } });
});

beforeEach(() => google.reset());

/** Those of one client lie with one credential, so that two of them have two mostly. */
const clients = [
  clientKey,
  ...Array.from({ length: 9 }, (_, place) => `sk-rondo-test-other-client-${place}`),
];

const genai = (apiKey = clientKey): GoogleGenAI =>
  new GoogleGenAI({
    apiKey,
    httpOptions: { baseUrl: rondo.url },
    apiVersion: 'v1beta',
  });

const textFile = (text = 'x'.repeat(100)) => new Blob([text], { type: 'text/plain' });

const upload = async (text?: string, client?: string) =>
  genai(client).files.upload({ file: textFile(text) });

/** As Google takes it for a call that it didn't make. */
const dummy = 'skip_thought_signature_validator';
/** As much as a cache holds at least. */
const long = 'Something long. '.repeat(400);

const showing = (uri: string, words = 'Read.') => [
  {
    role: 'user',
    parts: [{ fileData: { fileUri: uri, mimeType: 'text/plain' } }, { text: words }],
  },
];

/** Who was called last, and where. */
const last = () => {
  const call = google.calls.at(-1);
  return { credential: call?.credential, path: call?.path };
};

/** Files of several clients, until two credentials have one at least. */
const filesOfTwo = async () => {
  const first = await upload();
  const { credential } = last();
  for (const client of clients) {
    const second = await upload(undefined, client);
    if (last().credential !== credential) return [first, second] as const;
  }
  throw new Error('all files lie with one credential');
};

describe('a file', () => {
  test('is told, used and deleted with its credential alone', async () => {
    const ai = genai();
    const file = await ai.files.upload({ file: textFile(), config: { displayName: 'mine' } });
    const { credential } = last();
    const { name = '', uri = '' } = file;
    expect(name).toMatch(new RegExp(`^files/${idMark}[0-9a-f]{16}r\\d+$`));
    expect(uri.endsWith(name)).toBe(true);
    for (let time = 0; time < 4; time += 1) {
      expect(await ai.files.get({ name })).toMatchObject({ name, displayName: 'mine' });
      expect(last().credential).toBe(credential);
      const answer = await ai.models.generateContent({ model, contents: showing(uri) });
      expect(answer.text).toContain('You said');
      expect(last().credential).toBe(credential);
    }
    expect(JSON.stringify(google.calls.at(-1)?.body)).not.toContain(idMark);
    await ai.files.delete({ name });
    await expect(ai.files.get({ name })).rejects.toMatchObject({ status: 403 });
    expect((await ai.models.generateContent({ model, contents: 'Hello' })).text).toBe(
      'You said: Hello',
    );
  });

  test('is found by its address, as the SDK takes the name out of it', async () => {
    const { name, uri = '' } = await upload();
    expect(await genai().files.get({ name: uri.replace(/^http:/, 'https:') })).toMatchObject({
      name,
    });
  });

  test('is shown in a stream and counted with its credential', async () => {
    const ai = genai();
    const { uri = '' } = await upload();
    const { credential } = last();
    const contents = showing(uri);
    const stream = await ai.models.generateContentStream({ model, contents });
    for await (const _ of stream);
    expect(last().credential).toBe(credential);
    await ai.models.countTokens({ model, contents });
    expect(last().credential).toBe(credential);
  });

  test('of one client is shown together with another one', async () => {
    const files = [await upload(), await upload(), await upload()];
    const parts = files.map(({ uri = '' }) => ({
      fileData: { fileUri: uri, mimeType: 'text/plain' },
    }));
    const contents = [{ role: 'user', parts: [...parts, { text: 'Compare.' }] }];
    const answer = await genai().models.generateContent({ model, contents });
    expect(answer.text).toContain('You said');
  });

  test('with another one of another credential is refused', async () => {
    const [first, second] = await filesOfTwo();
    const before = google.calls.length;
    const error = await refused(
      post(rondo, generating(model), {
        contents: [...showing(first.uri ?? ''), ...showing(second.uri ?? '')],
      }),
    );
    expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(google.calls.length).toBe(before);
  });

  test('is listed with all others, page by page', async () => {
    const names = new Set<string>();
    for (const client of clients.slice(0, 7)) {
      names.add((await upload(undefined, client)).name ?? '');
    }
    for (const pageSize of [undefined, 2, 1]) {
      const listed: string[] = [];
      const config = pageSize === undefined ? {} : { pageSize };
      for await (const each of await genai().files.list({ config })) listed.push(each.name ?? '');
      expect(new Set(listed)).toEqual(names);
      expect(listed.length).toBe(names.size);
    }
  });

  test('list is empty where there is none', async () => {
    const listed = [];
    for await (const each of await genai().files.list()) listed.push(each);
    expect(listed).toEqual([]);
  });

  test('whose name tells of no credential is not found', async () => {
    for (const name of ['abc', `${idMark}0123456789abcdefabc`, `${idMark}abc`]) {
      const error = await refused(get(rondo, `/v1beta/files/${name}`));
      expect(error).toMatchObject({ code: 404, status: 'NOT_FOUND' });
    }
    expect(google.count({ kind: 'resource' })).toBe(0);
  });
});

describe('an upload', () => {
  /** What pieces are multiples of, as Google tells at the beginning. */
  const granularity = 8 * 1024 * 1024;
  const begin = async (size: number): Promise<string> => {
    const answer = await post(
      rondo,
      '/upload/v1beta/files',
      { file: { displayName: 'mine' } },
      {
        headers: {
          'x-goog-api-key': clientKey,
          'content-type': 'application/json',
          'x-goog-upload-protocol': 'resumable',
          'x-goog-upload-command': 'start',
          'x-goog-upload-header-content-length': String(size),
          'x-goog-upload-header-content-type': 'text/plain',
        },
      },
    );
    expect(answer.status).toBe(200);
    return answer.headers.get('x-goog-upload-url') ?? '';
  };

  const send = (url: string, bytes: string, offset: number, command: string) =>
    fetch(url, {
      method: 'POST',
      headers: {
        'x-goog-api-key': clientKey,
        'x-goog-upload-offset': String(offset),
        'x-goog-upload-command': command,
      },
      body: bytes,
    });

  test('goes on, piece by piece, where it began, and is piped when it is large', async () => {
    const piece = 'x'.repeat(2 * granularity);
    const url = await begin(2 * piece.length);
    const { credential } = last();
    expect(url.startsWith(rondo.url)).toBe(true);
    expect((await send(url, piece, 0, 'upload')).headers.get('x-goog-upload-status')).toBe(
      'active',
    );
    expect(last().credential).toBe(credential);
    const ended = await send(url, piece, piece.length, 'upload, finalize');
    expect(last().credential).toBe(credential);
    expect(last().path).not.toContain('x-rondo-credential');
    const { file } = (await ended.json()) as { file: { name: string; sizeBytes: string } };
    expect(file.sizeBytes).toBe(String(2 * piece.length));
    expect(await genai().files.get({ name: file.name })).toMatchObject({ name: file.name });
  });

  test('tells how far it came, and ends when it is given up', async () => {
    const url = await begin(granularity + 3);
    await send(url, 'x'.repeat(granularity), 0, 'upload');
    const asked = await send(url, '', 0, 'query');
    expect(asked.headers.get('x-goog-upload-size-received')).toBe(String(granularity));
    expect(asked.headers.get('x-goog-upload-status')).toBe('active');
    const left = await send(url, '', 0, 'cancel');
    expect(left.headers.get('x-goog-upload-status')).toBe('cancelled');
    expect(await refused(send(url, 'def', granularity, 'upload, finalize'))).toMatchObject({
      code: 404,
    });
  });

  test('is open to pages: they see where it goes on', async () => {
    const headers = { 'x-goog-api-key': clientKey, origin: 'https://app.example' };
    const answer = await fetch(`${rondo.url}/v1beta/files`, { headers });
    const exposed = answer.headers.get('access-control-expose-headers')?.split(',');
    expect(exposed).toEqual(expect.arrayContaining(['x-goog-upload-url', 'x-goog-upload-status']));
  });

  const bytesTo = (url: string | URL, command = 'upload, finalize', method = 'POST') =>
    fetch(url, {
      method,
      headers: { 'x-goog-upload-offset': '0', 'x-goog-upload-command': command },
      body: 'abc',
    });

  // As https://ai.google.dev/api/files shows it, and the ai package does it.
  test.each(['POST', 'PUT'])(
    'needs no key for its bytes by %s: its address is enough',
    async (method) => {
      const url = await begin(3);
      expect(url).not.toContain(clientKey);
      const answer = await bytesTo(url, 'upload, finalize', method);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ file: { sizeBytes: '3', state: 'ACTIVE' } });
      expect(last().path).not.toContain('x-rondo');
    },
  );

  test('comes through the ai package, which waits for a film', async () => {
    const ai = createGoogleGenerativeAI({ apiKey: clientKey, baseURL: `${rondo.url}/v1beta` });
    const data = { type: 'data', data: new TextEncoder().encode('a text') } as const;
    const { providerReference } = await ai.files().uploadFile({ data, mediaType: 'text/plain' });
    expect(providerReference.google).toContain(`/files/${idMark}`);
    const uri = providerReference.google ?? '';
    expect((await post(rondo, generating(model), { contents: showing(uri) })).status).toBe(200);
  });

  test('lets nobody in by an address that was changed', async () => {
    const url = new URL(await begin(3));
    const other = new URL(await begin(3));
    const pass = url.searchParams.get('x-rondo-upload') ?? '';
    const changes: ((to: URL) => void)[] = [
      (to) => to.searchParams.delete('x-rondo-upload'),
      (to) => to.searchParams.set('x-rondo-upload', `${pass.slice(0, -3)}AAA`),
      (to) => to.searchParams.set('x-rondo-upload', 'A'.repeat(3000)),
      (to) => to.searchParams.set('upload_id', other.searchParams.get('upload_id') ?? ''),
      (to) => to.searchParams.set('upload_protocol', 'multipart'),
    ];
    for (const change of changes) {
      const to = new URL(url);
      change(to);
      expect((await bytesTo(to)).status).toBe(401);
    }
    expect((await bytesTo(url, 'start')).status).toBe(401);
    const elsewhere = new URL(`${rondo.url}/v1beta/files${url.search}`);
    expect((await fetch(elsewhere)).status).toBe(401);
    expect((await bytesTo(url)).status).toBe(200);
  });

  test('without its credential goes nowhere', async () => {
    const url = new URL(await begin(1));
    url.searchParams.delete('x-rondo-credential');
    expect(await refused(send(url.href, 'x', 0, 'upload, finalize'))).toMatchObject({ code: 404 });
  });
});

describe('a cache', () => {
  test('is made of a file, used, changed, listed and deleted with its credential', async () => {
    const ai = genai();
    const { uri = '' } = await upload();
    const { credential } = last();
    const cache = await ai.caches.create({
      model,
      config: { contents: showing(uri, long), ttl: '600s' },
    });
    expect(last().credential).toBe(credential);
    const { name = '' } = cache;
    for (let time = 0; time < 4; time += 1) {
      const config = { cachedContent: name };
      const answer = await ai.models.generateContent({ model, contents: 'Hello', config });
      expect(answer.text).toBe('You said: Hello');
      expect(last().credential).toBe(credential);
    }
    await ai.caches.update({ name, config: { ttl: '60s' } });
    const listed: string[] = [];
    for await (const each of await ai.caches.list()) listed.push(each.name ?? '');
    expect(listed).toEqual([name]);
    await ai.caches.delete({ name });
    await expect(ai.caches.get({ name })).rejects.toMatchObject({ status: 403 });
  });

  test("is for its own model, in Google's words", async () => {
    const contents = saying(long).contents;
    const { name = '' } = await genai().caches.create({ model, config: { contents } });
    const body = saying('Hello', { cachedContent: name });
    const error = await refused(post(rondo, generating(otherModel), body));
    expect(error.message).toMatch(
      /^Model used by GenerateContent request .* has to be the same\.$/,
    );
    expect(callsOf(google)).toHaveLength(1);
  });

  test('of what Google does not know is refused', async () => {
    const contents = saying(long).contents;
    const made = (more: object) =>
      post(rondo, '/v1beta/cachedContents', { model: `models/${model}`, contents, ...more });
    const { message } = await refused(made({ generation_config: {} }));
    expect(message).toContain('Unknown name "generation_config" at \'cached_content\'');
    expect(await refused(made({ model: 'models/gemini-0' }))).toMatchObject({ code: 404 });
  });

  test("that free plans have no room for is made elsewhere, or refused in Google's words", async () => {
    const contents = saying(long).contents;
    const make = () =>
      post(rondo, '/v1beta/cachedContents', { model: `models/${model}`, contents });
    google.fault({ kind: 'resource', backend: 'gemini' }, 'cache-storage');
    expect((await make()).status).toBe(200);
    await rondo.advance(10_000);
    google.fault({ kind: 'resource', backend: 'gemini' }, 'cache-storage', 3);
    const error = await refused(make());
    expect(error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
    expect(error.message).toContain('limit=0, requested=');
    expect(google.pendingFaults).toBe(0);
    await rondo.advance(10_000);
    expect((await make()).status).toBe(200);
  });

  test('lives on, and holds what it held, when it is told to', async () => {
    const ai = genai();
    const contents = saying(long).contents;
    const { name = '', expireTime } = await ai.caches.create({ model, config: { contents } });
    const later = await ai.caches.update({ name, config: { ttl: '7200s' } });
    expect(later.name).toBe(name);
    expect(Date.parse(later.expireTime ?? '')).toBeGreaterThan(Date.parse(expireTime ?? ''));
    const body = saying('Hello', { cachedContent: name });
    const answer = await post(rondo, generating(model), body);
    const { usageMetadata } = (await answer.json()) as { usageMetadata: object };
    expect(usageMetadata).toHaveProperty('cachedContentTokenCount');
  });

  test('beside a file of another credential is refused', async () => {
    const [first, second] = await filesOfTwo();
    const cache = await genai().caches.create({
      model,
      config: { contents: showing(first.uri ?? '', long) },
    });
    const { name: cachedContent = '' } = cache;
    const body = { contents: showing(second.uri ?? ''), cachedContent };
    expect(await refused(post(rondo, generating(model), body))).toMatchObject({ code: 400 });
  });

  test.each(['model-closed', 'model-retired'] as const)(
    'is made by another credential where Google says %s',
    async (fault) => {
      google.fault({ kind: 'resource' }, fault);
      const body = { model: `models/${model}`, contents: saying(long).contents };
      expect((await post(rondo, '/v1beta/cachedContents', body)).status).toBe(200);
    },
  );

  describe('of Vertex AI', () => {
    const path = '/v1beta1/projects/any/locations/any/cachedContents';
    let account: Account;
    /** With one service account, whose project a client can know. */
    let pool: Rondo;

    beforeAll(async () => {
      const keys = google.accounts.filter(({ kind }) => kind === 'api_key');
      account = google.account(serviceAccount);
      pool = await startRondo({ vars: google.vars([...keys, account]) });
    });

    const modelIn = (project: string, location = 'global', id = model) =>
      `projects/${project}/locations/${location}/publishers/google/models/${id}`;
    const make = (name: string) =>
      post(pool, path, { model: name, contents: saying(long).contents });

    test('is named in full, and used with its credential', async () => {
      const made = await make(modelIn(account.project));
      expect(last().credential).toBe(account.name);
      const { name } = (await made.json()) as { name: string };
      expect(name).toMatch(new RegExp(`^projects/[^/]+/locations/[^/]+/cachedContents/${idMark}`));
      for (let time = 0; time < 6; time += 1) {
        const body = saying('Hello', { cachedContent: name });
        expect((await post(pool, generating(model), body)).status).toBe(200);
        expect(last().credential).toBe(account.name);
      }
      const own = `/v1beta1/${name}`;
      expect(await (await get(pool, own)).json()).toMatchObject({ name });
      const listed = (await (await get(pool, path)).json()) as { cachedContents: object[] };
      expect(listed.cachedContents).toMatchObject([{ name }]);
    });

    test('is made for its model wherever its client says that this lies', async () => {
      for (const name of [
        modelIn('any', 'any'),
        modelIn(account.project, 'us-central1'),
        `publishers/google/models/${model}`,
        `models/${model}`,
      ]) {
        expect((await make(name)).status, name).toBe(200);
        expect(google.calls.at(-1)?.body).toMatchObject({ model: modelIn(account.project) });
      }
      const missing = make(modelIn(account.project, 'global', 'gemini-9-none'));
      expect(await refused(missing)).toMatchObject({ code: 404 });
    });

    test('is for its own model, and rests nobody when it is asked for another', async () => {
      const { name } = (await (await make(modelIn(account.project))).json()) as { name: string };
      const body = saying('Hello', { cachedContent: name });
      const error = await refused(post(pool, generating(otherModel), body));
      expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
      expect(error.message).toMatch(/^Model used by GenerateContent request .* the same\.$/);
      expect((await post(pool, generating(model), body)).status).toBe(200);
      expect(callsOf(google)).toHaveLength(2);
    });

    test('that has expired is told so by those who have it, and rests nobody', async () => {
      const { name } = (await (await make(modelIn(account.project))).json()) as { name: string };
      google.advance(3_600_000);
      const body = saying('Hello', { cachedContent: name });
      const error = await refused(post(pool, generating(model), body));
      expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
      expect(error.message).toMatch(/^Cache content \S+ is expired\.$/);
      expect(await refused(get(pool, `/v1beta1/${name}`))).toMatchObject({ code: 404 });
      expect((await post(pool, generating(model))).status).toBe(200);
      expect(new Set(served(google))).toContain(account.name);
    });
  });
});

describe('an interaction', () => {
  const start = (body: object) => post(rondo, '/v1beta/interactions', { model, ...body });

  test('goes on with its credential, and is told and deleted there', async () => {
    const ai = genai();
    const first = await ai.interactions.create({ model, input: 'One' });
    const { credential } = last();
    expect(first.id.startsWith(idMark)).toBe(true);
    for (let time = 0; time < 4; time += 1) {
      const next = await ai.interactions.create({
        model,
        input: 'Two',
        previous_interaction_id: first.id,
      });
      expect(last().credential).toBe(credential);
      expect(next.previous_interaction_id).toBe(first.id);
    }
    expect((await ai.interactions.get(first.id)).id).toBe(first.id);
    await ai.interactions.delete(first.id);
    expect(await refused(get(rondo, `/v1beta/interactions/${first.id}`))).toMatchObject({
      code: 404,
    });
  });

  test("is made in the version that Google's SDK asks for by itself, in the revision that it names", async () => {
    const ai = new GoogleGenAI({
      apiKey: clientKey,
      httpOptions: { baseUrl: rondo.url, headers: { 'api-revision': '2026-05-20' } },
    });
    const { id, steps } = await ai.interactions.create({ model, input: 'One' });
    expect(last().path).toBe('/v1/interactions');
    expect(google.calls.at(-1)?.headers['api-revision']).toBe('2026-05-20');
    expect(steps).toMatchObject([{ type: 'model_output' }]);
    const whole = await ai.interactions.get(id);
    expect(whole.steps).toMatchObject([{ type: 'user_input' }, { type: 'model_output' }]);
    expect(Date.parse(whole.created ?? '')).toBeGreaterThan(0);
  });

  test('is streamed with ids that go on', async () => {
    const ai = genai();
    const stream = await ai.interactions.create({ model, input: 'One two three', stream: true });
    const { credential } = last();
    const ids = new Set<string>();
    let text = '';
    for await (const event of stream) {
      if (event.event_type === 'interaction.created') ids.add(event.interaction.id);
      if (event.event_type === 'interaction.completed') ids.add(event.interaction.id);
      if (event.event_type === 'interaction.status_update') ids.add(event.interaction_id);
      if (event.event_type === 'step.delta' && event.delta.type === 'text') {
        text += event.delta.text;
      }
    }
    expect(text).toBe('You said: One two three');
    expect(ids.size).toBe(1);
    const [id = ''] = ids;
    expect((await start({ input: 'On', previous_interaction_id: id })).status).toBe(200);
    expect(last().credential).toBe(credential);
  });

  test('shows a file of its credential', async () => {
    const { uri = '' } = await upload();
    const { credential } = last();
    const input = [
      { type: 'document', uri, mime_type: 'text/plain' },
      { type: 'text', text: 'Read.' },
    ];
    expect((await start({ input })).status).toBe(200);
    expect(last().credential).toBe(credential);
  });
});

describe('a name', () => {
  test('in a text, or in what a tool gives, is the client’s own', async () => {
    const { name = '' } = await upload();
    const body = {
      contents: [
        { role: 'user', parts: [{ text: name }] },
        {
          role: 'model',
          parts: [{ functionCall: { name: 'f', args: { uri: name } }, thoughtSignature: dummy }],
        },
        { role: 'user', parts: [{ functionResponse: { name: 'f', response: { uri: name } } }] },
      ],
    };
    const answer = await post(rondo, generating(model), body);
    expect(answer.status).toBe(200);
    expect(callsOf(google).at(-1)?.body).toEqual(body);
  });

  test('whose credential cools is answered by nobody else', async () => {
    const own = await startRondo({ vars: google.vars() });
    const file = textFile();
    const client = new GoogleGenAI({ apiKey: clientKey, httpOptions: { baseUrl: own.url } });
    const { uri = '' } = await client.files.upload({ file });
    const { credential } = last();
    google.fault({ ...(credential && { credential }) }, 'minute');
    for (let time = 0; time < 2; time += 1) {
      const answer = await post(own, generating(model), { contents: showing(uri) });
      expect(answer.status).toBe(429);
    }
    expect(served(google)).toEqual([credential]);
  });
});
