// What a request becomes for each model family, and what an answer's odd ends become for the client.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { ask, callsOf, failed, lastRequest, model, served } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const config = (): JsonObject => (lastRequest(google).generationConfig ?? {}) as JsonObject;
const old = 'gemini-2.5-flash';
const newest = 'gemini-4-neon';

const completed = async (more: object): Promise<{ body: JsonObject; adjusted: string | null }> => {
  const answer = await rondo.chat({ ...ask(), ...more });
  expect(answer.status).toBe(200);
  const adjusted = answer.headers.get('x-rondo-adjusted');
  return { body: (await answer.json()) as JsonObject, adjusted };
};

const choiceOf = async (answer: Promise<{ body: JsonObject }>): Promise<JsonObject> =>
  ((await answer).body.choices as JsonObject[])[0] as JsonObject;

const answerWith = (candidate: JsonObject): void =>
  google.answerNext({}, { responses: [{ candidates: [{ index: 0, ...candidate }] }] });

describe('reasoning effort', () => {
  const cases: [string, object, JsonObject][] = [
    ['a budget before Gemini 3', { model: old, reasoning_effort: 'low' }, { thinkingBudget: 1024 }],
    ['a level from 3 on', { reasoning_effort: 'low' }, { thinkingLevel: 'LOW' }],
    ['the lowest level there is', { reasoning_effort: 'minimal' }, { thinkingLevel: 'LOW' }],
    [
      'more where there is more',
      { model: newest, reasoning_effort: 'xhigh' },
      { thinkingLevel: 'XHIGH' },
    ],
    ['asked for in the name', { model: `${model}(high)` }, { thinkingLevel: 'HIGH' }],
    ['a budget in the name', { model: `${old}(2048)` }, { thinkingBudget: 2048 }],
    [
      "Google's own setting",
      { extra_body: { google: { thinking_config: { thinking_level: 'low' } } } },
      { thinkingLevel: 'LOW' },
    ],
  ];

  test.for(cases)('is %s', async ([, more, thinking]) => {
    await completed(more);
    expect(config().thinkingConfig).toMatchObject(thinking);
  });

  test('shows its thoughts as reasoning_content, never as content', async () => {
    answerWith({
      content: { role: 'model', parts: [{ text: 'Hm.', thought: true }, { text: 'Yes.' }] },
      finishReason: 'STOP',
    });
    const { message } = await choiceOf(completed({ reasoning_effort: 'high' }));
    expect(message).toMatchObject({ reasoning_content: 'Hm.', content: 'Yes.' });
  });
});

describe('what a family refuses is left out, and said', () => {
  test('several candidates', async () => {
    const { body, adjusted } = await completed({ model: newest, n: 2 });
    expect(body.choices).toHaveLength(1);
    expect(adjusted).toContain('n');
  });

  test('penalties', async () => {
    const { adjusted } = await completed({ model: newest, frequency_penalty: 1 });
    expect(config()).not.toHaveProperty('frequencyPenalty');
    expect(adjusted).toContain('penalties');
  });

  test('while others get it', async () => {
    const { body, adjusted } = await completed({ model: old, n: 2 });
    expect(body.choices).toHaveLength(2);
    expect(adjusted).toBeNull();
  });
});

describe('an answer', () => {
  const part = (text: string): JsonObject => ({ role: 'model', parts: [{ text }] });

  for (const reason of ['SAFETY', 'RECITATION', 'PROHIBITED_CONTENT', 'SPII', 'BLOCKLIST']) {
    test(`ended by ${reason} is content_filter`, async () => {
      answerWith({ content: part('So'), finishReason: reason });
      expect((await choiceOf(completed({}))).finish_reason).toBe('content_filter');
    });
  }

  test('to a blocked prompt is an empty choice with content_filter', async () => {
    google.fault({}, 'blocked');
    const choice = await choiceOf(completed({}));
    expect(choice).toMatchObject({ finish_reason: 'content_filter', message: { content: '' } });
  });

  test('eaten up by thoughts is length', async () => {
    answerWith({ content: { role: 'model' }, finishReason: 'MAX_TOKENS' });
    expect((await choiceOf(completed({}))).finish_reason).toBe('length');
  });

  test('with an image has it in images', async () => {
    const inlineData = { mimeType: 'image/png', data: 'iVBORw0KGgo=' };
    answerWith({ content: { role: 'model', parts: [{ inlineData }] }, finishReason: 'STOP' });
    const { message } = await choiceOf(completed({}));
    expect((message as JsonObject).images).toMatchObject([
      { image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
    ]);
  });

  test('with a source has it where the code points are, not the bytes', async () => {
    answerWith({
      content: part('Grüße aus Köln.'),
      finishReason: 'STOP',
      groundingMetadata: {
        groundingChunks: [{ web: { uri: 'https://example.com', title: 'Köln' } }],
        groundingSupports: [
          { segment: { startIndex: 12, endIndex: 17 }, groundingChunkIndices: [0] },
        ],
      },
    });
    const { message } = await choiceOf(completed({}));
    expect((message as JsonObject).annotations).toEqual([
      {
        type: 'url_citation',
        url_citation: { start_index: 10, end_index: 14, url: 'https://example.com', title: 'Köln' },
      },
    ]);
  });

  for (const stream of [false, true]) {
    test(`that is a malformed call is asked for elsewhere, ${stream ? 'streaming' : 'whole'}`, async () => {
      answerWith({ finishReason: 'MALFORMED_FUNCTION_CALL' });
      const answer = await rondo.chat(ask('Hello', { stream }));
      expect(answer.status).toBe(200);
      await answer.text();
      expect(new Set(served(google)).size).toBe(2);
    });
  }
});

describe('a refusal of something Rondo set itself', () => {
  const refusal = {
    kind: 'raw' as const,
    status: 400,
    body: JSON.stringify({
      error: {
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: 'Thinking level is not supported for this model.',
      },
    }),
  };

  test('is mended on the same credential, said, and remembered for the model', async () => {
    const of = 'gemini-3.5-flash';
    google.fault({ model: of }, refusal);
    const first = await completed({ model: of, reasoning_effort: 'low' });
    expect(first.adjusted).toContain('thinking');
    expect(new Set(served(google)).size).toBe(1);
    expect(callsOf(google)).toHaveLength(2);
    await completed({ model: of, reasoning_effort: 'low' });
    expect(callsOf(google)).toHaveLength(3);
    expect(config()).not.toHaveProperty('thinkingConfig.thinkingLevel');
  });

  test('is not mended when the fault is the user’s own', async () => {
    google.fault({}, 'invalid');
    const { status } = await failed(rondo.chat(ask()));
    expect(status).toBe(400);
    expect(callsOf(google)).toHaveLength(1);
  });
});
