// POST /v1/embeddings, through the SDKs that embed by it.
import { createOpenAI } from '@ai-sdk/openai';
import { OpenAIEmbeddings } from '@langchain/openai';
import { embedMany } from 'ai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { failed } from '../support/chat.ts';
import { LeavingClient } from '../support/client.ts';
import {
  embed,
  embedCalls,
  first,
  lengthOf,
  older,
  second,
  textsIn,
  textsOf,
  vectorsOf,
} from '../support/embeddings.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
/** Vertex AI alone, the Gemini API alone. */
let vertex: Rondo;
let gemini: Rondo;

const accountsOf = (kind: string) => google.accounts.filter((each) => each.kind === kind);

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
  google.addApiKey();
  google.addApiKey();
  vertex = await startRondo({ vars: google.vars(accountsOf('service_account')) });
  gemini = await startRondo({ vars: google.vars(accountsOf('api_key')) });
});

beforeEach(() => google.reset());

/** What Google would give, one text a call. */
async function oneByOne(
  rondo: Rondo,
  model: string,
  texts: readonly string[],
): Promise<number[][]> {
  const vectors: number[][] = [];
  for (const input of texts) vectors.push(...(await vectorsOf(embed(rondo, { model, input }))));
  google.reset();
  return vectors;
}

describe('SDKs embed:', () => {
  test('OpenAI’s, which asks for base64 by itself', async () => {
    const texts = textsOf(3);
    const wanted = await oneByOne(gemini, first, texts);
    const answer = await gemini.openai.embeddings.create({ model: first, input: texts });
    expect(gemini.sent.at(-1)).toContain('"encoding_format":"base64"');
    expect(answer.object).toBe('list');
    expect(answer.model).toBe(first);
    expect(answer.data.map(({ index }) => index)).toEqual([0, 1, 2]);
    const float32 = wanted.map((vector) => Array.from(new Float32Array(vector)));
    expect(answer.data.map(({ embedding }) => Array.from(embedding))).toEqual(float32);
  });

  test('OpenAI’s, with numbers', async () => {
    const { data } = await gemini.openai.embeddings.create({
      model: first,
      input: 'Hello',
      encoding_format: 'float',
      dimensions: 128,
    });
    expect(data).toHaveLength(1);
    expect(data[0]?.embedding).toHaveLength(128);
    expect(lengthOf(data[0]?.embedding ?? [])).toBeCloseTo(1, 5);
  });

  test('LangChain’s', async () => {
    const embeddings = new OpenAIEmbeddings({
      model: second,
      apiKey: clientKey,
      dimensions: 256,
      configuration: { baseURL: `${gemini.url}/v1`, fetch: gemini.checkedFetch },
    });
    const vectors = await embeddings.embedDocuments(textsOf(5));
    expect(vectors.map((each) => each.length)).toEqual([256, 256, 256, 256, 256]);
    expect(await embeddings.embedQuery('Text number 3')).toEqual(vectors[3]);
  });

  test('Vercel’s, many at once', async () => {
    const openai = createOpenAI({
      baseURL: `${gemini.url}/v1`,
      apiKey: clientKey,
      fetch: gemini.checkedFetch,
    });
    const { embeddings, usage } = await embedMany({
      model: openai.embedding(second),
      values: textsOf(250),
    });
    expect(embeddings).toHaveLength(250);
    expect(usage.tokens).toBeGreaterThan(0);
    const sizes = embedCalls(google).map((call) => textsIn(call).length);
    expect(sizes.toSorted()).toEqual([100, 100, 50]);
  });
});

describe('texts go out in as many calls as the back-end needs:', () => {
  test('a hundred in one to the Gemini API', async () => {
    await vectorsOf(embed(gemini, { model: first, input: textsOf(201) }));
    const calls = embedCalls(google);
    expect(calls.map(({ method }) => method)).toEqual(Array(3).fill('batchEmbedContents'));
    expect(calls.map((call) => textsIn(call).length).sort()).toEqual([1, 100, 100]);
  });

  test.for([
    [first, 'predict'],
    [second, 'embedContent'],
  ] as const)('one in one to Vertex AI for %s', async ([model, method]) => {
    await vectorsOf(embed(vertex, { model, input: textsOf(7) }));
    const calls = embedCalls(google);
    expect(calls.map((call) => call.method)).toEqual(Array(7).fill(method));
    expect(calls.flatMap(textsIn).sort()).toEqual(textsOf(7).sort());
  });

  test('250 in one to Vertex AI for the older models', async () => {
    await vectorsOf(embed(vertex, { model: older, input: textsOf(251) }));
    expect(embedCalls(google).map((call) => textsIn(call).length)).toEqual([250, 1]);
  });

  test('fewer where the texts are long: 20,000 tokens in one', async () => {
    const texts = textsOf(30).map((text) => `${text} ${'1 2 3 4 '.repeat(700)}`);
    const answer = await embed(vertex, { model: older, input: texts });
    expect(answer.status).toBe(200);
    expect(await vectorsOf(answer)).toHaveLength(30);
    expect(embedCalls(google).length).toBeGreaterThan(2);
  });

  test('and come back in the order of the request', async () => {
    const texts = textsOf(9);
    const wanted = await oneByOne(vertex, second, texts);
    const [alone, ...others] = texts.map(() => google.holdNext({ kind: 'embed' }));
    const asked = embed(vertex, { model: second, input: texts });
    await alone?.reached;
    alone?.release();
    // The others go out four at once, and are answered from the last to the first.
    await Promise.all(others.slice(0, 4).map((hold) => hold.reached));
    for (const hold of others.toReversed()) hold.release();
    expect(await vectorsOf(asked)).toEqual(wanted);
  });
});

describe('vectors', () => {
  test.for([128, 768, 1536, 3072])('of %i dimensions have length 1', async (dimensions) => {
    const vectors = await vectorsOf(embed(gemini, { model: first, input: textsOf(2), dimensions }));
    for (const vector of vectors) {
      expect(vector).toHaveLength(dimensions);
      expect(lengthOf(vector)).toBeCloseTo(1, 5);
    }
  });

  test('of more dimensions than the model has are Google’s refusal, in its words', async () => {
    const body = { model: older, input: 'a', dimensions: 769 };
    const { status, error } = await failed(embed(vertex, body));
    expect(status).toBe(400);
    expect(error.message).toContain('dimensionality');
  });

  test('of a text that is longer than the model reads are refused, unless it may be cut', async () => {
    const body = { model: older, input: 'long text '.repeat(1000) };
    const { status, error } = await failed(embed(vertex, body));
    expect(status).toBe(400);
    expect(error.message).toContain('input token count');
    const google = { auto_truncate: true };
    expect((await embed(vertex, { ...body, extra_body: { google } })).status).toBe(200);
  });
});

describe('a task', () => {
  const places = [
    ['google', { google: { task_type: 'RETRIEVAL_QUERY' } }],
    ['extra_body.google', { extra_body: { google: { task_type: 'retrieval_query' } } }],
    ['the top level', { task_type: 'RETRIEVAL_QUERY' }],
  ] as const;

  test.for(places)('is taken from %s', async ([, fields]) => {
    await vectorsOf(embed(gemini, { model: first, input: 'a', ...fields }));
    expect(embedCalls(google)[0]?.body).toMatchObject({
      requests: [{ taskType: 'RETRIEVAL_QUERY' }],
    });
  });

  test('is taken from the model’s suffix', async () => {
    const model = `${older}(RETRIEVAL_QUERY)`;
    const answer = await embed(vertex, { model, input: 'a' });
    expect(((await answer.json()) as JsonObject).model).toBe(model);
    expect(answer.headers.get('x-rondo-model')).toBe(older);
    expect(embedCalls(google)[0]).toMatchObject({
      model: older,
      body: { instances: [{ content: 'a', task_type: 'RETRIEVAL_QUERY' }] },
    });
  });

  test('is written into the text where the model has no field for it', async () => {
    const said = async (fields: object) => {
      google.reset();
      await vectorsOf(embed(gemini, { model: second, input: 'a', google: fields }));
      return embedCalls(google).flatMap(textsIn)[0];
    };
    const task = 'RETRIEVAL_DOCUMENT';
    expect(await said({ task_type: 'CODE_RETRIEVAL_QUERY' })).toBe(
      'task: code retrieval | query: a',
    );
    expect(await said({ task_type: task })).toBe('title: none | text: a');
    expect(await said({ task_type: task, title: 'T' })).toBe('title: T | text: a');
    expect(await said({})).toBe('a');
  });

  test('that is none is refused with those that are', async () => {
    const input = 'a';
    for (const body of [
      { model: `${older}(SEARCH)`, input },
      { model: older, input, google: { task_type: 'SEARCH' } },
    ]) {
      const { status, error } = await failed(embed(vertex, body));
      expect(status).toBe(400);
      expect(error.message).toContain('CODE_RETRIEVAL_QUERY');
    }
    expect(embedCalls(google)).toEqual([]);
  });
});

describe('names', () => {
  test('may be aliases, of which an answer tells no more', async () => {
    const aliases = {
      'text-embedding-3-small': first,
      search: `${first}(RETRIEVAL_QUERY)`,
    };
    const vars = { ...google.vars(), MODEL_ALIASES: JSON.stringify(aliases) };
    const rondo = await startRondo({ vars });
    const model = 'text-embedding-3-small';
    const answer = await rondo.openai.embeddings.create({ model, input: 'a' });
    expect(answer.model).toBe(model);
    await rondo.openai.embeddings.create({ model: 'search', input: 'a' });
    expect(embedCalls(google).map((call) => call.model)).toEqual([first, first]);
    expect(JSON.stringify(embedCalls(google)[1]?.body)).toContain('RETRIEVAL_QUERY');
  });

  test('have none that stand in: vectors of two models can’t be compared', async () => {
    const vars = { ...google.vars(), MODEL_FALLBACKS: JSON.stringify({ [first]: second }) };
    const rondo = await startRondo({ vars });
    google.fault({ kind: 'embed' }, 'day', 9);
    const { status } = await failed(embed(rondo, { model: first, input: 'a' }));
    expect(status).toBe(429);
    expect(embedCalls(google).every((call) => call.model === first)).toBe(true);
  });
});

describe('usage', () => {
  test('is what Google counted, over all calls', async () => {
    const usageIn = async (rondo: Rondo, model: string) => {
      const { usage } = await rondo.openai.embeddings.create({ model, input: textsOf(3) });
      return usage;
    };
    const told = { prompt_tokens: 12, total_tokens: 12 };
    expect(await usageIn(vertex, second)).toEqual(told);
    expect(await usageIn(vertex, older)).toEqual(told);
    expect(await usageIn(gemini, second)).toEqual(told);
    // The Gemini API doesn't count this model's.
    expect(await usageIn(gemini, first)).toEqual({ prompt_tokens: 0, total_tokens: 0 });
  });

  test('stands in the log, with every attempt', async () => {
    await vectorsOf(embed(vertex, { model: second, input: textsOf(3) }));
    await expect
      .poll(() => vertex.events('request').at(-1))
      .toMatchObject({
        operation: 'embeddings',
        model: second,
        status: 200,
        prompt_tokens: 12,
        attempts: [{}, {}, {}],
      });
  });
});

describe('a limit in the middle', () => {
  // What cools is forgotten with its Rondo.
  const start = () => startRondo({ vars: google.vars(accountsOf('service_account')) });

  test('has the others ask for the rest alone', async () => {
    const rondo = await start();
    const names = accountsOf('service_account').map(({ name }) => name);
    const texts = textsOf(12);
    const wanted = await oneByOne(rondo, second, texts);
    let count = 0;
    google.fault({ kind: 'embed', where: () => ++count > 4 }, 'minute', 2);
    const answer = await embed(rondo, { model: second, input: texts });
    expect(await vectorsOf(answer)).toEqual(wanted);
    const calls = embedCalls(google);
    const good = calls.filter(({ status }) => status === 200);
    // What was answered is not asked again.
    expect(good.flatMap(textsIn).sort()).toEqual([...texts].sort());
    expect(calls).toHaveLength(14);
    expect(new Set(calls.map(({ credential }) => credential))).toEqual(new Set(names));
    expect(answer.headers.get('x-rondo-attempts')).toBe('14');
  });

  test('fails over to the other back-end, in calls of its own size', async () => {
    const vars = google.vars([
      ...accountsOf('api_key').slice(0, 1),
      ...accountsOf('service_account'),
    ]);
    const rondo = await startRondo({ vars });
    google.fault({ kind: 'embed', backend: 'gemini' }, 'minute', 9);
    const texts = textsOf(6);
    const answer = await embed(rondo, { model: first, input: texts });
    expect(await vectorsOf(answer)).toHaveLength(6);
    const good = embedCalls(google).filter(({ status }) => status === 200);
    expect(good.map(({ method }) => method)).toEqual(Array(6).fill('predict'));
    expect(good.flatMap(textsIn).sort()).toEqual(texts);
  });

  test('of all is the pool’s error, and ends what is under way', async () => {
    const rondo = await start();
    google.setQuotas({ perMinute: 3 });
    const { status, headers, error } = await failed(
      embed(rondo, { model: second, input: textsOf(20) }),
    );
    google.setQuotas({});
    expect(status).toBe(429);
    expect(error.code).toBe('rate_limit_exceeded');
    expect(headers.get('retry-after')).not.toBeNull();
  });
});

describe('a request that asks for more calls than it may make', () => {
  test('is told how many texts fit', async () => {
    const { status, error } = await failed(embed(vertex, { model: first, input: textsOf(41) }));
    expect(status).toBe(400);
    expect(error).toMatchObject({ param: 'input', code: 'array_above_max_length' });
    expect(error.message).toContain('at most 40');
    expect(embedCalls(google)).toEqual([]);
    expect((await embed(vertex, { model: first, input: textsOf(40) })).status).toBe(200);
    expect(embedCalls(google)).toHaveLength(40);
  });

  test('may make as many as MAX_SUBREQUESTS says', async () => {
    const vars = { ...google.vars(accountsOf('service_account')), MAX_SUBREQUESTS: '100' };
    const rondo = await startRondo({ vars });
    expect((await embed(rondo, { model: first, input: textsOf(60) })).status).toBe(200);
  });

  test('goes through those that take many in one, where there are some', async () => {
    const vars = google.vars([...accountsOf('service_account'), ...accountsOf('api_key')]);
    const rondo = await startRondo({ vars });
    for (let time = 0; time < 4; time += 1) {
      const answer = await embed(rondo, { model: first, input: textsOf(150), dimensions: 128 });
      expect(answer.status).toBe(200);
      await answer.arrayBuffer();
    }
    expect(new Set(embedCalls(google).map(({ backend }) => backend))).toEqual(new Set(['gemini']));
  });
});

describe('a client that leaves', () => {
  test('ends all calls under way', async () => {
    const holds = Array.from({ length: 4 }, () =>
      google.holdNext({ kind: 'embed', where: ({ body }) => !isFirst(body) }),
    );
    const client = new LeavingClient(
      vertex,
      { model: second, input: textsOf(10) },
      '/v1/embeddings',
    );
    const calls = await Promise.all(holds.map((hold) => hold.reached));
    client.leave();
    await Promise.all(calls.map(({ closed }) => closed));
    expect(embedCalls(google)).toHaveLength(5);
  });
});

const isFirst = (body: unknown): boolean => JSON.stringify(body).includes('Text number 0"');

describe('bad input is refused with its field:', () => {
  const sound = { model: first, input: 'a' };
  test.for([
    [{ input: 'a' }, 'model'],
    [{ model: first }, 'input'],
    [{ ...sound, input: '' }, 'input'],
    [{ ...sound, input: [] }, 'input'],
    [{ ...sound, input: ['a', ''] }, 'input[1]'],
    [{ ...sound, input: ['a', null] }, 'input[1]'],
    [{ ...sound, input: { text: 'a' } }, 'input'],
    [{ ...sound, input: [1, 2, 3] }, 'input'],
    [{ ...sound, input: [[1, 2], [3]] }, 'input'],
    [{ ...sound, input: textsOf(2049) }, 'input'],
    [{ ...sound, dimensions: 0 }, 'dimensions'],
    [{ ...sound, dimensions: 1.5 }, 'dimensions'],
    [{ ...sound, encoding_format: 'hex' }, 'encoding_format'],
    [{ ...sound, title: 'T', task_type: 'CLUSTERING' }, 'title'],
    [{ ...sound, user: 1 }, 'user'],
  ] as const)('%j', async ([body, param]) => {
    const { status, error } = await failed(embed(gemini, body));
    expect(status).toBe(400);
    expect(error.param).toBe(param);
    expect(embedCalls(google)).toEqual([]);
  });

  test('more dimensions than the model has, by Google', async () => {
    for (const [rondo, model, dimensions] of [
      [vertex, older, 769],
      [vertex, first, 4000],
      [gemini, first, 4000],
    ] as const) {
      const { status, error } = await failed(embed(rondo, { model, input: 'a', dimensions }));
      expect([status, error.param]).toEqual([400, 'dimensions']);
    }
  });

  test('tokens, with what to do', async () => {
    const { error } = await failed(embed(gemini, { model: first, input: [[1, 2]] }));
    expect(error.message).toContain('check_embedding_ctx_length=False');
  });
});

test('a model that doesn’t embed is not found', async () => {
  const { status } = await failed(embed(gemini, { model: 'gemini-0', input: 'a' }));
  expect(status).toBe(404);
});

test('2,048 texts of 3,072 dimensions come whole', async () => {
  const { data } = await gemini.openai.embeddings.create({ model: first, input: textsOf(2048) });
  expect(data).toHaveLength(2048);
  expect(data.every(({ embedding }) => embedding.length === 3072)).toBe(true);
  expect(embedCalls(google)).toHaveLength(21);
});

test('moderations are not there, and the error says why', async () => {
  const answer = gemini.openai.moderations.create({ input: 'a' });
  await expect(answer).rejects.toMatchObject({ status: 404, code: 'moderations_not_served' });
});
