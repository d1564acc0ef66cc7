import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { streamText } from 'ai';
import { APIError } from 'openai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { ask, callsOf, chunksOf, eventsOf, failed, model, served } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const streamed = (text = 'Hello, you and the rest of the world', more: object = {}) =>
  ask(text, { stream: true as const, ...more });

interface Chunk extends JsonObject {
  choices: { index: number; delta: JsonObject; finish_reason: string | null }[];
}

const textOf = (chunks: readonly JsonObject[]): string =>
  (chunks as Chunk[]).map(({ choices }) => choices[0]?.delta.content ?? '').join('');

describe('a streamed chat completion', () => {
  test('is an event stream that says so', async () => {
    const answer = await rondo.chat(streamed());
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('x-rondo-attempts')).toBe('1');
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    await answer.text();
  });

  test('asks Google for server-sent events', async () => {
    await chunksOf(rondo.chat(streamed()));
    expect(callsOf(google)[0]).toMatchObject({ method: 'streamGenerateContent' });
    expect(callsOf(google)[0]?.path).toMatch(/\?alt=sse$/);
  });

  test('ends with [DONE], and holds the whole text', async () => {
    const chunks = await chunksOf(rondo.chat(streamed()));
    expect(textOf(chunks)).toBe('You said: Hello, you and the rest of the world');
    expect(chunks.length).toBeGreaterThan(3);
  });

  test('has one id, time and model in all chunks', async () => {
    const chunks = await chunksOf(rondo.chat(streamed()));
    const heads = chunks.map(({ id, created, model: name, object }) => ({
      id,
      created,
      name,
      object,
    }));
    expect(new Set(heads.map((head) => JSON.stringify(head))).size).toBe(1);
    expect(heads[0]).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      created: expect.any(Number),
      name: model,
      object: 'chat.completion.chunk',
    });
  });

  test('tells the role in the first chunk and nowhere else', async () => {
    const chunks = (await chunksOf(rondo.chat(streamed()))) as Chunk[];
    expect(chunks[0]?.choices[0]?.delta).toMatchObject({ role: 'assistant' });
    for (const { choices } of chunks.slice(1)) expect(choices[0]?.delta).not.toHaveProperty('role');
  });

  test('has one finish reason, in its last chunk', async () => {
    const chunks = (await chunksOf(rondo.chat(streamed()))) as Chunk[];
    const reasons = chunks.map(({ choices }) => choices[0]?.finish_reason ?? null);
    expect(reasons.pop()).toBe('stop');
    expect(new Set(reasons)).toEqual(new Set([null]));
  });

  test('tells no usage unless asked', async () => {
    const chunks = await chunksOf(rondo.chat(streamed()));
    for (const chunk of chunks) expect(chunk.usage ?? null).toBeNull();
  });

  test('tells the usage once when asked, in a chunk without choices before [DONE]', async () => {
    const asked = streamed('Hello', { stream_options: { include_usage: true } });
    const chunks = await chunksOf(rondo.chat(asked));
    const last = chunks.pop();
    expect(last).toMatchObject({ choices: [], usage: { total_tokens: expect.any(Number) } });
    for (const chunk of chunks) expect(chunk.usage).toBeNull();
  });

  test('reaches the client event by event, not all at its end', async () => {
    const gate = google.holdNext({}, 2);
    const answer = await rondo.chat(streamed());
    await gate.reached;
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    let seen = '';
    // Google waits with the rest: what comes now came before the end.
    while (!seen.includes('"content":"You')) {
      seen += decoder.decode((await reader.read()).value, { stream: true });
    }
    expect(seen).not.toContain('[DONE]');
    gate.release();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      seen += decoder.decode(read.value, { stream: true });
    }
    expect(seen).toContain('[DONE]');
  });

  test('finishes with length or content_filter where Google does', async () => {
    for (const [reason, expected] of [
      ['MAX_TOKENS', 'length'],
      ['SAFETY', 'content_filter'],
    ] as const) {
      google.fault({}, { kind: 'finish', reason, after: 2 });
      const chunks = (await chunksOf(rondo.chat(streamed()))) as Chunk[];
      expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(expected);
    }
  });

  test('survives any cut of the bytes and any kind of line end', async () => {
    const events = [
      { candidates: [{ content: { role: 'model', parts: [{ text: 'Grüße, ' }] } }] },
      {
        candidates: [
          { content: { role: 'model', parts: [{ text: '世界 😀' }] }, finishReason: 'STOP' },
        ],
      },
    ];
    for (const end of ['\r\n', '\n']) {
      const text = events.map((event) => `data: ${JSON.stringify(event)}${end}${end}`).join('');
      const size = Buffer.byteLength(text);
      const cuts = Array.from({ length: size }, (_, index) => index);
      google.answerNext({}, { bytes: text, cuts, contentType: 'text/event-stream' });
      expect(textOf(await chunksOf(rondo.chat(streamed())))).toBe('Grüße, 世界 😀');
    }
  });
});

// More than a client can be sent at once: Google's bytes wait for it, again and again.
test('a stream of megabytes that comes at once arrives whole', async () => {
  const part = 'x'.repeat(200);
  const eventOf = (text: string, more: object = {}): string =>
    `data: ${JSON.stringify({
      candidates: [{ content: { role: 'model', parts: [{ text }] }, ...more }],
    })}\r\n\r\n`;
  const bytes = eventOf(part).repeat(9999) + eventOf(part, { finishReason: 'STOP' });
  google.answerNext({}, { bytes, contentType: 'text/event-stream' });
  const text = textOf(await chunksOf(rondo.chat(streamed())));
  expect(text.length).toBe(10_000 * part.length);
});

describe('a stream through the SDK', () => {
  test('is iterated chunk by chunk', async () => {
    const stream = await rondo.openai.chat.completions.create({ ...streamed(), stream: true });
    const parts: string[] = [];
    for await (const chunk of stream) parts.push(chunk.choices[0]?.delta.content ?? '');
    expect(parts.join('')).toBe('You said: Hello, you and the rest of the world');
    expect(parts.length).toBeGreaterThan(3);
  });

  test('is put together by its helper', async () => {
    const stream = rondo.openai.chat.completions.stream({
      ...ask('Hello'),
      stream_options: { include_usage: true },
    });
    const contents: string[] = [];
    stream.on('content', (delta) => contents.push(delta));
    const completion = await stream.finalChatCompletion();
    expect(completion.choices[0]).toMatchObject({
      message: { role: 'assistant', content: 'You said: Hello' },
      finish_reason: 'stop',
    });
    expect(contents.join('')).toBe('You said: Hello');
    expect((await stream.totalUsage()).total_tokens).toBeGreaterThan(0);
  });

  test('of the AI SDK works too', async () => {
    const provider = createOpenAICompatible({
      name: 'rondo',
      baseURL: `${rondo.url}/v1`,
      apiKey: clientKey,
      includeUsage: true,
    });
    const result = streamText({ model: provider(model), prompt: 'Hello' });
    let text = '';
    for await (const part of result.textStream) text += part;
    expect(text).toBe('You said: Hello');
    expect(await result.finishReason).toBe('stop');
    expect((await result.usage).totalTokens).toBeGreaterThan(0);
  });
});

describe('a stream that goes wrong before its first byte', () => {
  const early = [
    ['an error inside it', { kind: 'stream-error' }],
    ['an error inside it that is no event', { kind: 'stream-error', bare: true }],
    ['a quota inside it', { kind: 'stream-error', error: 'minute' }],
    ['no event at all', { kind: 'empty' }],
    ['nothing to show', { kind: 'no-candidates' }],
    ['a cut', { kind: 'cut', after: 0 }],
    ['a cut inside of the first event', { kind: 'cut', after: 0, partial: true }],
  ] as const;

  test.for(early)('by %s is tried through another credential', async ([, fault]) => {
    const fresh = await startRondo({ vars: google.vars() });
    google.fault({ credential: 'sim-account-1' }, fault);
    const answer = await fresh.chat(streamed('Hello'));
    expect(answer.headers.get('x-rondo-attempts')).toBe('2');
    expect(textOf(await chunksOf(answer))).toBe('You said: Hello');
    expect(served(google)).toEqual(['sim-account-1', 'sim-account-2']);
  });

  test('everywhere is an error by status, not a stream', async () => {
    google.fault({}, { kind: 'stream-error' }, 8);
    const { status, error } = await failed(rondo.chat(streamed()));
    expect(status).toBe(503);
    expect(error.type).toBe('server_error');
  });

  test('in an answer that is not streamed is tried through another credential as well', async () => {
    google.fault({}, { kind: 'cut', after: 0, partial: true });
    const answer = await rondo.chat(ask());
    expect(answer.headers.get('x-rondo-attempts')).toBe('2');
    await answer.text();
  });
});

describe('a stream that goes wrong after its first bytes', () => {
  const late = [
    ['an error inside it', { kind: 'stream-error', after: 2 }],
    ['a cut', { kind: 'cut', after: 2 }],
    ['a cut inside of an event', { kind: 'cut', after: 2, partial: true }],
    ['an end without a finish reason', { kind: 'no-finish' }],
  ] as const;

  test.for(late)('by %s ends with one error event and no [DONE]', async ([, fault]) => {
    google.fault({}, fault);
    const events = await eventsOf(rondo.chat(streamed()));
    const errors = events.filter((event) => event.startsWith('{"error"'));
    expect(errors).toEqual([events.at(-1)]);
    expect(JSON.parse(errors[0] ?? '')).toEqual({
      error: {
        message: expect.any(String),
        type: 'server_error',
        param: null,
        code: expect.any(String),
      },
    });
    expect(events).not.toContain('[DONE]');
    expect(served(google)).toHaveLength(1);
  });

  test.for(late)('by %s makes the SDK raise', async ([, fault]) => {
    google.fault({}, fault);
    const stream = await rondo.openai.chat.completions.create({ ...streamed(), stream: true });
    const parts: string[] = [];
    const reading = (async () => {
      for await (const chunk of stream) parts.push(chunk.choices[0]?.delta.content ?? '');
    })();
    await expect(reading).rejects.toBeInstanceOf(APIError);
    expect(parts.join('')).toMatch(/^You said: /);
  });

  test('without a finish reason is upstream_incomplete', async () => {
    google.fault({}, { kind: 'cut', after: 2 });
    const events = await eventsOf(rondo.chat(streamed()));
    expect(JSON.parse(events.at(-1) ?? '')).toHaveProperty('error.code', 'upstream_incomplete');
  });

  test('shows none of the error as text of the assistant', async () => {
    google.fault({}, { kind: 'stream-error', after: 2, error: 'internal' });
    const events = await eventsOf(rondo.chat(streamed()));
    const chunks = events.slice(0, -1).map((event) => JSON.parse(event) as JsonObject);
    expect('You said: Hello, you and the rest of the world'.startsWith(textOf(chunks))).toBe(true);
  });
});
