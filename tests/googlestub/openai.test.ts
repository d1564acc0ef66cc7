import { describe, expect, it } from 'vitest';
import type { Account } from '../../scripts/googlestub/accounts.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { flash, old } from './samples.ts';
import { type Answered, type Backend, post, read, start, tokenOf } from './support.ts';

const model = flash;
const asked = { role: 'user', content: 'Hello there' };
const chat = (more: object = {}) => ({ model, messages: [asked], ...more });

async function ask(
  stub: GoogleStub,
  account: Account,
  body: unknown,
  headers?: Record<string, string>,
): Promise<Answered> {
  const isKey = account.kind === 'api_key';
  const place = `v1/projects/${account.project}/locations/global/endpoints/openapi`;
  const bearer = isKey ? account.apiKey : await tokenOf(stub, account);
  return read(
    await post(`${stub.url}/${isKey ? 'v1beta/openai' : place}/chat/completions`, {
      body,
      headers: headers ?? { authorization: `Bearer ${bearer}` },
    }),
  );
}

async function answer(body: unknown, backend: Backend = 'gemini'): Promise<Answered> {
  const stub = await start();
  return ask(stub, backend === 'gemini' ? stub.addApiKey() : stub.addServiceAccount(), body);
}

/** Its errors are the only element of an array. */
function refusalIn({ status, text }: Answered): JsonObject {
  const [{ error }] = JSON.parse(text) as [{ error: JsonObject }];
  expect(error.code).toBe(status);
  return error;
}

const messageIn = ({ json }: Answered): JsonObject =>
  (json as unknown as { choices: [{ message: JsonObject }] }).choices[0].message;

describe('the endpoint for clients of OpenAI', () => {
  it('answers a chat in OpenAI’s shape, on each back-end', async () => {
    const told = await answer(chat());
    expect(told.json).toMatchObject({ object: 'chat.completion', usage: { total_tokens: 7 } });
    expect(messageIn(told)).toEqual({ role: 'assistant', content: 'You said: Hello there' });
    const onVertex = await answer(chat({ model: `google/${model}` }), 'vertex');
    expect(onVertex.json).toMatchObject({ model: `google/${model}` });
  });

  it('ends a stream with [DONE], and tells usage only when asked to', async () => {
    const bare = await answer(chat({ stream: true }));
    expect(bare.headers.get('content-type')).toBe('text/event-stream');
    expect(bare.text).toMatch(/data: \[DONE\]\n\n$/);
    expect(bare.text).not.toContain('usage');
    const counted = await answer(chat({ stream: true, stream_options: { include_usage: true } }));
    expect(counted.text).toContain('"total_tokens":7');
  });

  it('wants a key as a bearer and not in its own field', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    const inField = await ask(stub, account, chat(), { 'x-goog-api-key': account.apiKey });
    expect(refusalIn(inField).code).toBe(403);
  });

  it('wants the publisher in front of a model on Vertex AI', async () => {
    const refused = await answer(chat(), 'vertex');
    expect(refusalIn(refused).message).toContain('expected `{publisher}/{model}` format');
  });

  it('knows no other models than there are', async () => {
    expect(refusalIn(await answer(chat({ model: 'gemini-9-none' }))).code).toBe(404);
    const named = chat({ model: 'google/gemini-9-none' });
    expect(refusalIn(await answer(named, 'vertex')).code).toBe(404);
  });

  it('refuses fields that it has not, and bodies that are none', async () => {
    expect(refusalIn(await answer(chat({ nonsense: 1 }))).message).toContain('"nonsense"');
    expect(refusalIn(await answer(chat({ google: {} }))).message).toContain('"google"');
    expect(refusalIn(await answer('{')).code).toBe(400);
    expect(refusalIn(await answer(chat({ messages: [] }))).code).toBe(400);
  });

  it('takes of settings what its model takes', async () => {
    const words = async (more: object) => String(refusalIn(await answer(chat(more))).message);
    expect(await words({ n: 2 })).toContain('Multiple candidates is not enabled');
    expect(await words({ temperature: 0.5 })).toContain('Temperature is not enabled');
    expect(await words({ stop: ['a', 'b', 'c', 'd', 'e', 'f'] })).toContain('stopSequences');
    expect(await words({ max_tokens: 100_000 })).toContain('maxOutputTokens');
    const response_format = {
      type: 'json_schema',
      json_schema: { name: 'a', schema: { $ref: '#/a' } },
    };
    expect(await words({ response_format })).toContain('reference to undefined schema');
    const sampled = { model: old, temperature: 0.5, top_p: 0.9, n: 2 };
    expect((await answer(chat(sampled))).status).toBe(200);
  });

  it('knows five efforts, and not each for each model', async () => {
    const status = async (more: object) => (await answer(chat(more))).status;
    for (const reasoning_effort of ['minimal', 'low', 'medium', 'high']) {
      expect(await status({ reasoning_effort })).toBe(200);
    }
    for (const reasoning_effort of ['none', 'xhigh', 'max']) {
      expect(await status({ reasoning_effort })).toBe(400);
    }
    expect(await status({ model: old, reasoning_effort: 'none' })).toBe(200);
    const extra_body = { google: { thinking_config: { thinking_level: 'low' } } };
    expect(await status({ extra_body })).toBe(200);
    expect(await status({ extra_body, reasoning_effort: 'low' })).toBe(400);
  });

  it('knows roles, and three kinds of content', async () => {
    const refused = async (message: object) =>
      String(refusalIn(await answer(chat({ messages: [message] }))).message);
    expect(await refused({ role: 'model', content: 'Hi' })).toContain('Invalid message role');
    expect(await refused({ role: 'user', content: [{ type: 'file', file: {} }] })).toContain(
      'Invalid content part type: file',
    );
  });

  it('counts by model, and says so in Google’s words', async () => {
    const stub = await start({ quotas: { perMinute: 1 } });
    const account = stub.addApiKey();
    expect((await ask(stub, account, chat())).status).toBe(200);
    const refused = refusalIn(await ask(stub, account, chat()));
    expect(refused).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
    expect(JSON.stringify(refused)).toContain(`model: ${model}`);
    expect((await ask(stub, account, chat({ model: 'gemini-4-neon' }))).status).toBe(200);
    expect(stub.calls.at(-1)?.model).toBe('gemini-4-neon');
  });

  it('has stored content only for whom it was given to', async () => {
    const extra_body = { google: { cached_content: 'cachedContents/a' } };
    expect(refusalIn(await answer(chat({ extra_body }))).code).toBe(403);
  });
});

describe('a call of a tool there', () => {
  const tools = [
    { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } },
  ];
  const rounds = async (spoil: (call: JsonObject) => JsonObject) => {
    const stub = await start();
    const account = stub.addApiKey();
    const user = { role: 'user', content: 'f' };
    const message = messageIn(await ask(stub, account, chat({ tools, messages: [user] })));
    const [call] = message.tool_calls as [JsonObject];
    const made = { ...message, tool_calls: [spoil(call)] };
    const result = { role: 'tool', tool_call_id: String(call.id), content: 'done' };
    return ask(stub, account, chat({ tools, messages: [user, made, result] }));
  };

  it('is signed, and goes on with its signature', async () => {
    expect(messageIn(await rounds((call) => call)).content).toBe('You said: done');
  });

  it('does not go on without it', async () => {
    const refused = await rounds(({ extra_content: _, ...call }) => call);
    expect(refusalIn(refused).message).toContain('missing a thought_signature');
  });
});
