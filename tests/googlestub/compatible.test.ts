import { describe, expect, it } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { isObject, type JsonObject } from '../../scripts/googlestub/json.ts';
import { flash } from './samples.ts';
import { type Answered, read, start } from './support.ts';

/** What is below the endpoint, by a key of its own. */
async function ask(path: string, body?: unknown, stub?: GoogleStub): Promise<Answered> {
  const google = stub ?? (await start());
  const [account = google.addApiKey()] = google.accounts;
  return read(
    await fetch(`${google.url}/v1beta/openai/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${account.apiKey}`,
        'content-type': 'application/json',
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    }),
  );
}

/** Its errors are the only element of an array. */
async function refusal(answering: Promise<Answered>): Promise<JsonObject> {
  const { status, text } = await answering;
  const [first] = JSON.parse(text) as [JsonObject];
  const error = isObject(first.error) ? first.error : {};
  expect(error.code).toBe(status);
  return error;
}

const embedder = 'gemini-embedding-001';
const embeddings = (more: object, stub?: GoogleStub) =>
  ask('embeddings', { model: embedder, input: 'one', ...more }, stub);
const images = (more: object, stub?: GoogleStub) =>
  ask('images/generations', { model: 'gemini-2.5-flash-image', prompt: 'a cat', ...more }, stub);
const dataOf = ({ json }: Answered): JsonObject[] => json.data as JsonObject[];

describe('embeddings for clients of OpenAI', () => {
  it('are one for each text, as numbers or as their bytes', async () => {
    const told = await embeddings({ input: ['one', 'two'], dimensions: 768 });
    expect(told.json).toMatchObject({ object: 'list', model: embedder });
    const [first, second] = dataOf(told);
    expect(first).toMatchObject({ object: 'embedding', index: 0 });
    expect(second?.index).toBe(1);
    const numbers = first?.embedding as number[];
    expect(numbers).toHaveLength(768);
    const packed = await embeddings({ encoding_format: 'base64', dimensions: 768 });
    const bytes = Buffer.from(String(dataOf(packed)[0]?.embedding), 'base64');
    expect(bytes).toHaveLength(4 * 768);
    expect(bytes.readFloatLE(0)).toBeCloseTo(numbers[0] ?? 0, 6);
  });

  it('are of models that embed', async () => {
    const error = await refusal(embeddings({ model: flash }));
    expect(error).toMatchObject({ code: 404, status: 'NOT_FOUND' });
    expect(error.message).toContain('API version v1main, or is not supported for embedContent');
  });

  it('are refused in words about the Gemini API’s own form', async () => {
    const many = Array.from({ length: 101 }, () => 'text');
    expect((await refusal(embeddings({ input: many }))).message).toContain(
      '* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch',
    );
    expect((await refusal(embeddings({ input: ['a', ''] }))).message).toContain(
      'EmbedContentRequest.content contains an empty Part.',
    );
    expect((await refusal(embeddings({ dimensions: 5000 }))).message).toContain(
      'output_dimensionality must be between 128 and 3072',
    );
  });

  it('have no fields but four, and no tokens for texts', async () => {
    expect((await refusal(embeddings({ user: 'me' }))).message).toContain('Unknown name "user"');
    expect((await refusal(embeddings({ input: [1, 2] }))).code).toBe(400);
    expect((await refusal(embeddings({ encoding_format: 'int8' }))).code).toBe(400);
  });

  it('are counted by model', async () => {
    const stub = await start({ quotas: { perMinute: 1 } });
    expect((await embeddings({}, stub)).status).toBe(200);
    const error = await refusal(embeddings({}, stub));
    expect(error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
    expect(JSON.stringify(error)).toContain(`model: ${embedder}`);
    expect(stub.calls.at(-1)?.model).toBe(embedder);
  });
});

describe('images for clients of OpenAI', () => {
  it.each(['gemini-2.5-flash-image', 'imagen-4.0-generate-001'])(
    'are drawn by %s',
    async (model) => {
      const told = await images({ model, n: 2, size: '1024x1024', response_format: 'b64_json' });
      expect(dataOf(told)).toHaveLength(2);
      expect(dataOf(told)[0]?.b64_json).toMatch(/^iVBOR/);
    },
  );

  it('ignore what they have not', async () => {
    expect((await images({ quality: 'hd', user: 'me' })).status).toBe(200);
  });

  it('are of models that draw', async () => {
    const error = await refusal(images({ model: flash }));
    expect(error.message).toContain('API version v1main, or is not supported for predict');
  });

  it('are of something, at most four, and come as bytes', async () => {
    for (const wrong of [{ prompt: '' }, { n: 5 }, { n: 0 }, { response_format: 'url' }]) {
      expect(await refusal(images(wrong))).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    }
  });
});

describe('models for clients of OpenAI', () => {
  it('are listed with the Gemini API’s names', async () => {
    const told = await ask('models');
    expect(told.json.object).toBe('list');
    expect(dataOf(told)).toContainEqual({
      id: `models/${flash}`,
      object: 'model',
      owned_by: 'google',
      display_name: 'Gemini 3.8 Flash',
    });
  });

  it('are told one by one, with those names or without what stands in front', async () => {
    for (const name of [flash, `models%2F${flash}`]) {
      expect((await ask(`models/${name}`)).json.id).toBe(`models/${flash}`);
    }
    expect(await refusal(ask('models/gemini-9-none'))).toMatchObject({ code: 404 });
  });
});

describe('what is below the endpoint', () => {
  it('wants a key as a bearer', async () => {
    const stub = await start();
    stub.addApiKey();
    const answer = await fetch(`${stub.url}/v1beta/openai/models`);
    expect((await refusal(read(answer))).code).toBe(403);
  });

  it.each(['responses', 'moderations', 'embeddings/more'])('is not %s', async (path) => {
    const { status, text } = await ask(path, {});
    expect(status).toBe(404);
    expect(text).toContain('<!DOCTYPE html>');
  });

  it('is asked by its own verbs', async () => {
    expect((await ask('embeddings')).status).toBe(404);
    expect((await ask('models', {})).status).toBe(404);
  });
});
