// Google's own dialect, passed through: what goes to Google and comes back is what was sent.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { callsOf, model, otherModel, served } from '../support/chat.ts';
import { LeavingClient } from '../support/client.ts';
import { detailOf, generating, get, post, refused, saying } from '../support/native.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addApiKey();
  google.addApiKey();
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const stream = (of = model): string => `${generating(of, 'streamGenerateContent')}?alt=sse`;

describe('what is sent', () => {
  test('goes to Google byte for byte, and what Google answers comes back so', async () => {
    const body = `  {"contents" : [ {"role":"user", "parts":[{"text":"H\\u00e9llo \\u2028"}]} ],
      "generationConfig":{"maxOutputTokens" : 5e1}}\n`;
    const answer = await post(rondo, generating(model), body);
    expect(answer.status).toBe(200);
    const text = await answer.text();
    const [call] = callsOf(google);
    expect(call?.bytes.toString()).toBe(body);
    expect(text).toBe(call?.answer);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=UTF-8');
  });

  test.each(['', '?alt=sse'])('as a stream%s too', async (query) => {
    const path = generating(model, 'streamGenerateContent') + query;
    const answer = await post(rondo, path, saying('Hello there, how are you?'));
    expect(await answer.text()).toBe(callsOf(google)[0]?.answer);
    const type = query ? 'text/event-stream' : 'application/json; charset=UTF-8';
    expect(answer.headers.get('content-type')).toBe(type);
  });

  test.each(['v1', 'v1beta', 'v1alpha'])('goes by its own version, %s', async (version) => {
    const answer = await post(rondo, generating(model, 'countTokens', version));
    expect(await answer.json()).toMatchObject({ totalTokens: expect.any(Number) });
    expect(google.calls.at(-1)?.path).toBe(`/${version}/models/${model}:countTokens`);
  });

  test('reaches Google with its query and what asks for a way of serving, and nothing else', async () => {
    const headers = {
      'x-goog-api-key': clientKey,
      'content-type': 'application/json',
      'x-server-timeout': '30',
      'x-custom': 'no',
      cookie: 'no=1',
    };
    await post(rondo, `${generating(model)}?prettyPrint=false`, saying(), { headers });
    const call = callsOf(google)[0];
    expect(call?.path).toBe(`${generating(model)}?prettyPrint=false`);
    expect(call?.headers).toMatchObject({ 'x-server-timeout': '30' });
    expect(call?.headers).not.toHaveProperty('x-custom');
    expect(call?.headers).not.toHaveProperty('cookie');
  });

  test('says in its answer who served it', async () => {
    const { headers } = await post(rondo, generating(model));
    expect(headers.get('x-rondo-credential')).toMatch(/^\w+$/);
    expect(headers.get('x-rondo-attempts')).toBe('1');
    expect(headers.get('x-request-id')).toMatch(/^req_/);
  });

  test('follows an alias, and a body in pieces of unknown length', async () => {
    const other = await startRondo({
      vars: { ...google.vars(), MODEL_ALIASES: `{"pet":"${otherModel}"}` },
    });
    const body = JSON.stringify(saying());
    const pieces = new ReadableStream({
      start(controller) {
        for (const piece of body.match(/.{1,9}/g) ?? []) {
          controller.enqueue(new TextEncoder().encode(piece));
        }
        controller.close();
      },
    });
    const init = { body: pieces, duplex: 'half' } as RequestInit;
    const answer = await post(other, generating('pet'), '', init);
    expect(answer.headers.get('x-rondo-model')).toBe(otherModel);
    expect(callsOf(google)[0]?.model).toBe(otherModel);
    expect(callsOf(google)[0]?.bytes.toString()).toBe(body);
  });
});

describe('the tokens of a whole request, which repeats its model,', () => {
  const count = (of: Rondo, asked: string, named: string | undefined, more: object = {}) =>
    post(of, generating(asked, 'countTokens'), {
      generateContentRequest: { ...saying(), ...(named && { model: named }), ...more },
    });
  const counted = async (answering: Promise<Response>) =>
    ((await (await answering).json()) as { totalTokens: number }).totalTokens;

  test('are counted', async () => {
    const systemInstruction = { parts: [{ text: 'Be kind to everybody.' }] };
    const few = await counted(count(rondo, model, `models/${model}`));
    const more = await counted(count(rondo, model, `models/${model}`, { systemInstruction }));
    expect(more).toBeGreaterThan(few);
  });

  test('are counted by whoever’s turn it is', async () => {
    const own = await startGoogle();
    own.addApiKey();
    own.addServiceAccount();
    const pair = await startRondo({ vars: own.vars() });
    for (let time = 0; time < 4; time += 1) {
      expect((await count(pair, model, `models/${model}`)).status).toBe(200);
    }
    const counting = own.calls.filter(({ kind }) => kind === 'count');
    expect(new Set(counting.map(({ backend }) => backend))).toEqual(new Set(['gemini', 'vertex']));
  });

  test('are counted by an alias, and by a model that stands in', async () => {
    const other = await startRondo({
      vars: {
        ...google.vars(),
        MODEL_ALIASES: `{"pet":"${otherModel}"}`,
        MODEL_FALLBACKS: `{"${model}":["${otherModel}"]}`,
      },
    });
    expect(await counted(count(other, 'pet', 'models/pet'))).toBeGreaterThan(0);
    google.fault({ kind: 'count', model }, 'minute', 2);
    expect(await counted(count(other, model, `models/${model}`))).toBeGreaterThan(0);
    expect(google.calls.at(-1)?.model).toBe(otherModel);
  });

  test.each([
    ['another model', `models/${otherModel}`, 'must match the model in the URL'],
    ['a name of another form', model, 'unexpected model name format'],
    ['no model', undefined, 'model is not specified'],
  ])('are refused with %s, in Google’s words and once', async (_, named, words) => {
    const error = await refused(count(rondo, model, named));
    expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(error.message).toContain(words);
    expect(google.calls).toHaveLength(1);
  });
});

describe('a client key', () => {
  const withKey = (headers: Record<string, string>, query = '') =>
    post(rondo, generating(model) + query, saying(), {
      headers: { 'content-type': 'application/json', ...headers },
    });

  test('is taken from either header field and from the query, and goes no further', async () => {
    for (const answer of [
      await withKey({ 'x-goog-api-key': clientKey }),
      await withKey({ authorization: `Bearer ${clientKey}` }),
      await withKey({}, `?key=${clientKey}&prettyPrint=true`),
      await withKey({}, `?prettyPrint=true&k%65y=${clientKey}`),
    ]) {
      expect(answer.status).toBe(200);
    }
    const sent = JSON.stringify(callsOf(google).map(({ path, headers }) => [path, headers]));
    expect(sent).not.toContain(clientKey);
    expect(callsOf(google).map(({ path }) => path.split('?')[1])).toEqual([
      undefined,
      undefined,
      'prettyPrint=true',
      'prettyPrint=true',
    ]);
    await expect.poll(() => rondo.events('request').length).toBeGreaterThan(3);
    expect(rondo.logs.join('\n')).not.toContain(clientKey);
  });

  test('that is wrong is told as Google tells it', async () => {
    const inField = await refused(withKey({ 'x-goog-api-key': 'wrong' }));
    expect(inField).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(detailOf(inField, 'ErrorInfo')).toMatchObject({ reason: 'API_KEY_INVALID' });
    const inQuery = await refused(withKey({}, '?key=wrong'));
    expect(detailOf(inQuery, 'ErrorInfo')).toMatchObject({ reason: 'API_KEY_INVALID' });
    const bearer = await refused(withKey({ authorization: 'Bearer wrong' }));
    expect(bearer).toMatchObject({ code: 401, status: 'UNAUTHENTICATED' });
    expect(await refused(withKey({}))).toMatchObject({ code: 401, status: 'UNAUTHENTICATED' });
    expect(google.count()).toBe(0);
  });

  test('that may not use a model is told that there is none', async () => {
    const CLIENT_API_KEYS = [{ name: 'few', key: clientKey, models: ['gemini-2.5*'] }];
    const other = await startRondo({ vars: { ...google.vars(), CLIENT_API_KEYS } });
    expect((await post(other, generating(otherModel))).status).toBe(200);
    const error = await refused(post(other, generating(model)));
    expect(error).toMatchObject({ code: 404, status: 'NOT_FOUND' });
  });
});

describe('an attempt that is lost', () => {
  test('is made good by another credential before the first byte, with the same body', async () => {
    google.fault({}, 'minute');
    const body = JSON.stringify(saying('Again'));
    const answer = await post(rondo, generating('gemini-3.5-flash'), body);
    expect(await answer.text()).toContain('You said: Again');
    expect(answer.headers.get('x-rondo-attempts')).toBe('2');
    expect(new Set(served(google)).size).toBe(2);
    expect(callsOf(google).map(({ bytes }) => bytes.toString())).toEqual([body, body]);
  });

  test.each([
    ['', 'gemini-4-neon'],
    ['?alt=sse', 'gemini-4-argon'],
  ])('is made good when a stream%s begins with an error', async (query, of) => {
    google.fault({}, { kind: 'stream-error', after: 0 });
    const answer = await post(rondo, generating(of, 'streamGenerateContent') + query);
    const text = await answer.text();
    expect(text).toContain('You said');
    expect(text).not.toContain('"error"');
    expect(new Set(served(google)).size).toBe(2);
  });

  test('by the last of them is told in Google’s shape, in an array where Google would', async () => {
    google.fault({}, 'minute', 2);
    const error = await refused(post(rondo, generating('gemini-3.7-flash')));
    expect(error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
    expect(detailOf(error, 'RetryInfo')?.retryDelay).toMatch(/^\d+s$/);
    expect(detailOf(error, 'ErrorInfo')?.reason).toBe('RATE_LIMIT_EXCEEDED');
    const asArray = await post(rondo, generating('gemini-3.7-flash', 'streamGenerateContent'));
    expect(await asArray.json()).toMatchObject([{ error: { code: 429 } }]);
  });

  test('for the request’s own fault is told in Google’s words', async () => {
    const answer = await post(rondo, generating(model), { contents: [], nonsense: 1 });
    expect(answer.status).toBe(400);
    const error = await refused(answer);
    expect(error.message).toContain('Unknown name "nonsense"');
    expect(detailOf(error, 'BadRequest')).toBeDefined();
    expect(callsOf(google)).toHaveLength(1);
  });
});

describe('a whole answer', () => {
  test('that breaks off is broken off for the client too', async () => {
    google.fault({}, { kind: 'cut', after: 0, partial: true });
    const answer = await post(rondo, generating('gemini-3.1-flash-lite'));
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });
});

describe('a stream', () => {
  test('that breaks off is broken off for the client too', async () => {
    google.fault({}, { kind: 'cut', after: 1 });
    const answer = await post(rondo, stream(), saying('Hello there, how are you?'));
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    await expect
      .poll(() => rondo.events('stream_broken'))
      .toContainEqual(expect.objectContaining({ code: 'upstream_incomplete' }));
  });

  test('comes as Google sends it, not when it has ended', async () => {
    const hold = google.holdNext({}, 1);
    const answer = await post(rondo, stream(), saying('Hello there, how are you?'));
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value as Uint8Array)).toMatch(/^data: /);
    hold.release();
    while (!(await reader?.read())?.done);
  });

  test('whose client leaves is ended at Google’s', async () => {
    google.holdNext({}, 1);
    const client = new LeavingClient(rondo, saying(), stream());
    await client.read('data: ');
    client.leave();
    await callsOf(google)[0]?.closed;
    await expect.poll(async () => (await rondo.state()).openOps).toBe(0);
    expect((await rondo.state()).bodyBytes).toBe(0);
  });

  test('whose client leaves before its head is ended at Google’s', async () => {
    const hold = google.holdNext({});
    const client = new LeavingClient(rondo, saying(), stream());
    const call = await hold.reached;
    client.leave();
    await call.closed;
    await expect.poll(async () => (await rondo.state()).bodyBytes).toBe(0);
  });
});

describe('a body that is too large to be held', () => {
  const large = JSON.stringify(saying('x'.repeat(9 * 1024 * 1024)));
  const inPieces = () =>
    ({ body: new Blob([large]).stream(), duplex: 'half' }) as unknown as RequestInit;

  test.each([
    ['of known length', () => ({})],
    ['of unknown length', inPieces],
  ])('%s is passed on while it comes', async (_, init) => {
    google.changeModel(model, { inputTokens: Infinity });
    const answer = await post(rondo, generating(model), large, init());
    expect(answer.status).toBe(200);
    await answer.text();
    expect(callsOf(google)[0]?.bytes.equals(Buffer.from(large))).toBe(true);
    expect((await rondo.state()).bodyBytes).toBe(0);
  });

  test('is tried once', async () => {
    google.fault({}, 'unavailable');
    const error = await refused(post(rondo, generating('gemini-3.6-flash'), large));
    expect(error.code).toBe(503);
    expect(callsOf(google)).toHaveLength(1);
  });
});

describe('models', () => {
  test('are listed in Google’s shape for a key in Google’s field, page by page', async () => {
    for (const version of ['v1', 'v1beta']) {
      const list = (await (await get(rondo, `/${version}/models?pageSize=3`)).json()) as {
        models: { name: string }[];
        nextPageToken: string;
      };
      expect(list.models).toHaveLength(3);
      expect(list.models[0]?.name).toMatch(/^models\/gemini-/);
      const next = (await (
        await get(rondo, `/${version}/models?pageSize=1000&pageToken=${list.nextPageToken}`)
      ).json()) as typeof list;
      expect(next.models.map(({ name }) => name)).toContain(`models/${model}`);
      expect(next).not.toHaveProperty('nextPageToken');
    }
  });

  test('are told one by one, with what Google says of them', async () => {
    expect(await (await get(rondo, `/v1/models/${model}`)).json()).toMatchObject({
      name: `models/${model}`,
      inputTokenLimit: 1_048_576,
      supportedGenerationMethods: expect.arrayContaining(['generateContent']),
    });
    expect(await refused(get(rondo, '/v1beta/models/none-such'))).toMatchObject({ code: 404 });
  });

  test('are listed in OpenAI’s shape for a key in OpenAI’s', async () => {
    const headers = { authorization: `Bearer ${clientKey}` };
    const answer = await fetch(`${rondo.url}/v1/models`, { headers });
    expect(await answer.json()).toMatchObject({ object: 'list' });
  });

  test('are listed in Vertex AI’s shape by its path', async () => {
    const answer = await get(rondo, '/v1beta1/publishers/google/models');
    const { publisherModels } = (await answer.json()) as { publisherModels: { name: string }[] };
    expect(publisherModels.map(({ name }) => name)).toContain(`publishers/google/models/${model}`);
  });
});

describe('a path of Google’s that there is not', () => {
  test.each([
    ['GET', '/v1beta/none'],
    ['POST', `/v1beta/models/${model}:fly`],
    ['POST', '/v1beta/tunedModels/mine:generateContent'],
  ])('is told so in Google’s shape: %s %s', async (method, path) => {
    const headers = { 'x-goog-api-key': clientKey };
    const error = await refused(fetch(rondo.url + path, { method, headers }));
    expect(error).toMatchObject({ code: 404, status: 'NOT_FOUND' });
  });
});
