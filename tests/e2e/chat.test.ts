import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText } from 'ai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { defaultModels } from '../../scripts/googlestub/models.ts';
import { ask, callsOf, lastRequest, model, otherModel, served, told } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle({
    models: [...defaultModels, { id: 'gemini-99-future', task: 'generate' }],
  });
  google.addServiceAccount();
  rondo = await startRondo({
    vars: { ...google.vars(), MODEL_ALIASES: '{"gpt-4o":"gemini-3.8-flash"}' },
  });
});

beforeEach(() => google.reset());

const config = (): JsonObject => (lastRequest(google).generationConfig ?? {}) as JsonObject;

const answerWith = (candidate: JsonObject, usageMetadata: JsonObject = {}): void =>
  google.answerNext(
    {},
    {
      responses: [{ candidates: [candidate], usageMetadata, modelVersion: model, responseId: 'r' }],
    },
  );

describe('a chat completion through the SDK', () => {
  test('has the shape of OpenAI', async () => {
    // One that signs no texts: signatures are more than OpenAI has.
    const asked = { ...ask(), model: otherModel };
    const completion = await rondo.openai.chat.completions.create(asked);
    expect(completion).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: otherModel,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'You said: Hello', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: expect.objectContaining({ total_tokens: expect.any(Number) }),
    });
    expect(Math.abs(completion.created - Date.now() / 1000)).toBeLessThan(60);
  });

  test('is answered in one piece when `stream` is absent, null or false', async () => {
    for (const more of [{}, { stream: null }, { stream: false }]) {
      const answer = await rondo.chat(ask('Hello', more));
      expect(answer.headers.get('content-type')).toBe('application/json');
      expect(await told(answer)).toBe('You said: Hello');
    }
    expect(callsOf(google).map(({ method }) => method)).toEqual(Array(3).fill('generateContent'));
  });

  test('gives no two answers the same id', async () => {
    const asked = [1, 2, 3].map(() => rondo.openai.chat.completions.create(ask()));
    const ids = (await Promise.all(asked)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
  });

  test('keeps text as it is, in any script', async () => {
    const text = 'Grüße «世界» 😀 "quoted" \\ back\nnew line\ttab \u2028 </script>';
    expect(await told(rondo.chat(ask(text)))).toBe(`You said: ${text}`);
  });

  test('keeps the name that the client has for the model', async () => {
    const completion = await rondo.openai.chat.completions.create({ ...ask(), model: 'gpt-4o' });
    expect(completion.model).toBe('gpt-4o');
    expect(callsOf(google)[0]?.model).toBe('gemini-3.8-flash');
  });

  test('tells its credential, attempts and request', async () => {
    const { response, request_id } = await rondo.openai.chat.completions
      .create(ask())
      .withResponse();
    expect(response.headers.get('x-rondo-attempts')).toBe('1');
    expect(response.headers.get('x-rondo-credential')).toMatch(/^[0-9a-f]{16}$/);
    expect(request_id).toMatch(/^req_[0-9a-f]{32}$/);
  });
});

describe('a chat completion through the AI SDK', () => {
  test('is a text with finish reason and usage', async () => {
    const provider = createOpenAICompatible({
      name: 'rondo',
      baseURL: `${rondo.url}/v1`,
      apiKey: clientKey,
    });
    const { text, finishReason, usage } = await generateText({
      model: provider(model),
      prompt: 'Hello',
    });
    expect(text).toBe('You said: Hello');
    expect(finishReason).toBe('stop');
    expect(usage.totalTokens).toBeGreaterThan(0);
  });
});

describe('messages', () => {
  test('of user and assistant become turns of user and model', async () => {
    await told(
      rondo.chat({
        model,
        messages: [
          { role: 'user', content: 'One' },
          { role: 'assistant', content: 'Two' },
          { role: 'user', content: 'Three' },
        ],
      }),
    );
    expect(lastRequest(google).contents).toMatchObject([
      { role: 'user', parts: [{ text: 'One' }] },
      { role: 'model', parts: [{ text: 'Two' }] },
      { role: 'user', parts: [{ text: 'Three' }] },
    ]);
  });

  test('of system and developer are joined into the instruction, wherever they stand', async () => {
    await told(
      rondo.chat({
        model,
        messages: [
          { role: 'system', content: 'Be brief.' },
          { role: 'user', content: 'One' },
          { role: 'developer', content: [{ type: 'text', text: 'Be kind.' }] },
          { role: 'system', content: 'Be right.' },
        ],
      }),
    );
    const request = lastRequest(google) as { systemInstruction: { parts: { text: string }[] } };
    const said = request.systemInstruction.parts.map(({ text }) => text).join('\n');
    expect(said.split(/\n+/)).toEqual(['Be brief.', 'Be kind.', 'Be right.']);
    expect(lastRequest(google).contents).toMatchObject([
      { role: 'user', parts: [{ text: 'One' }] },
    ]);
  });

  test('may hold their text in parts', async () => {
    const content = [
      { type: 'text', text: 'Hello, ' },
      { type: 'text', text: 'world' },
    ];
    await told(rondo.chat({ model, messages: [{ role: 'user', content }] }));
    const { contents } = lastRequest(google) as { contents: { parts: { text: string }[] }[] };
    expect(contents).toHaveLength(1);
    expect(contents[0]?.parts.map(({ text }) => text).join('')).toBe('Hello, world');
  });
});

describe('settings', () => {
  test('of length, stops and seed reach Google under its names', async () => {
    await told(rondo.chat(ask('Hello', { max_tokens: 500, stop: ['END', 'STOP'], seed: 42 })));
    expect(config()).toMatchObject({
      maxOutputTokens: 500,
      stopSequences: ['END', 'STOP'],
      seed: 42,
    });
  });

  test('may give one stop as a text', async () => {
    await told(rondo.chat(ask('Hello', { stop: 'END' })));
    expect(config().stopSequences).toEqual(['END']);
  });

  test('take max_completion_tokens rather than max_tokens', async () => {
    await told(rondo.chat(ask('Hello', { max_completion_tokens: 600, max_tokens: 500 })));
    expect(config().maxOutputTokens).toBe(600);
  });

  test('of sampling reach a model that takes them', async () => {
    await told(rondo.chat(ask('Hello', { model: otherModel, temperature: 0.25, top_p: 0.5 })));
    expect(config()).toMatchObject({ temperature: 0.25, topP: 0.5 });
  });

  test.for([model, 'gemini-4-argon', 'gemini-99-future'])(
    'of sampling are kept from %s, which ignores or refuses them, and the answer says so',
    async (name) => {
      const answer = await rondo.chat(ask('Hello', { model: name, temperature: 0.25, top_p: 0.5 }));
      const adjusted = answer.headers.get('x-rondo-adjusted') ?? '';
      await told(answer);
      expect(config()).not.toHaveProperty('temperature');
      expect(config()).not.toHaveProperty('topP');
      expect(adjusted.split(', ')).toContain('temperature');
    },
  );

  test('of penalties and several answers are kept from newer models', async () => {
    const more = { presence_penalty: 0.5, frequency_penalty: 0.5, n: 2 };
    const answer = await rondo.chat(ask('Hello', more));
    const adjusted = answer.headers.get('x-rondo-adjusted')?.split(', ') ?? [];
    await told(answer);
    for (const name of ['presencePenalty', 'frequencyPenalty', 'candidateCount']) {
      expect(config()).not.toHaveProperty(name);
    }
    expect(adjusted).toEqual(expect.arrayContaining(['n', 'penalties']));
  });

  test('that are null count as absent', async () => {
    const more = { temperature: null, top_p: null, max_tokens: null, stop: null, seed: null };
    await told(rondo.chat(ask('Hello', { model: otherModel, ...more })));
    for (const name of ['temperature', 'topP', 'maxOutputTokens', 'stopSequences', 'seed']) {
      expect(config()).not.toHaveProperty(name);
    }
  });

  test('that nobody knows are ignored', async () => {
    const more = { store: true, metadata: { a: 'b' }, not_a_field: { deep: [1] }, user: 'u' };
    expect(await told(rondo.chat(ask('Hello', more)))).toBe('You said: Hello');
  });

  test('that Google refuses to take are left out on a second try', async () => {
    google.fault(
      {},
      {
        kind: 'raw',
        status: 400,
        body: JSON.stringify({
          error: {
            code: 400,
            status: 'INVALID_ARGUMENT',
            message: 'Thinking level MINIMAL is not supported for this model.',
          },
        }),
      },
    );
    const answer = await rondo.chat(ask('Hello', { reasoning_effort: 'low' }));
    expect(await told(answer)).toBe('You said: Hello');
    expect(callsOf(google)).toHaveLength(2);
  });
});

describe('an answer', () => {
  test('that reached its end finishes with stop', async () => {
    const { choices } = await rondo.openai.chat.completions.create(ask());
    expect(choices[0]?.finish_reason).toBe('stop');
  });

  test('that ran out of tokens finishes with length', async () => {
    answerWith({
      content: { role: 'model', parts: [{ text: 'You sa' }] },
      finishReason: 'MAX_TOKENS',
    });
    const { choices } = await rondo.openai.chat.completions.create(ask());
    expect(choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'You sa' } });
  });

  test.for(['SAFETY', 'RECITATION', 'PROHIBITED_CONTENT', 'BLOCKLIST', 'SPII'])(
    'that ended with %s finishes with content_filter',
    async (finishReason) => {
      answerWith({ content: { role: 'model', parts: [{ text: 'Well' }] }, finishReason });
      const { choices } = await rondo.openai.chat.completions.create(ask());
      expect(choices[0]?.finish_reason).toBe('content_filter');
    },
  );

  test('that Google would not give to this prompt finishes with content_filter', async () => {
    google.fault({}, { kind: 'blocked', reason: 'PROHIBITED_CONTENT' });
    const { choices } = await rondo.openai.chat.completions.create(ask());
    expect(choices[0]).toMatchObject({ finish_reason: 'content_filter' });
  });

  test('in several parts is one text, with nothing between them', async () => {
    answerWith({
      content: { role: 'model', parts: [{ text: 'One ' }, { text: 'two' }, { text: '.' }] },
      finishReason: 'STOP',
    });
    expect(await told(rondo.chat(ask()))).toBe('One two.');
  });

  test('without a finish reason is whole all the same', async () => {
    google.fault({}, 'no-finish');
    const { choices } = await rondo.openai.chat.completions.create(ask());
    expect(choices[0]?.finish_reason).toBe('stop');
    expect(choices[0]?.message.content).not.toBe('');
    expect(served(google)).toHaveLength(1);
  });

  test('counts its tokens, the cached and the thoughts', async () => {
    answerWith(
      { content: { role: 'model', parts: [{ text: 'Hi' }] }, finishReason: 'STOP' },
      {
        promptTokenCount: 100,
        cachedContentTokenCount: 60,
        candidatesTokenCount: 7,
        thoughtsTokenCount: 20,
        totalTokenCount: 127,
      },
    );
    const { usage } = await rondo.openai.chat.completions.create(ask());
    expect(usage).toMatchObject({
      prompt_tokens: 100,
      completion_tokens: 27,
      total_tokens: 127,
      prompt_tokens_details: { cached_tokens: 60 },
      completion_tokens_details: { reasoning_tokens: 20 },
    });
  });
});
