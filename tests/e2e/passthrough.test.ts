// Chat completions that go to Google's own endpoint for OpenAI's clients: what goes there and comes back
// is what was sent, but for the model's name.
import OpenAI from 'openai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { Call } from '../../scripts/googlestub/record.ts';
import { ask, failed, model, otherModel } from '../support/chat.ts';
import { LeavingClient } from '../support/client.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

const CHAT_MODE = 'passthrough';
const kind = 'chat' as const;

let google: GoogleStub;
/** Two keys of the Gemini API; two service accounts on Vertex AI; one of each. */
let keys: Rondo;
let vertex: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  const apiKeys = [google.addApiKey(), google.addApiKey()];
  const accounts = google.addServiceAccounts(2);
  keys = await startRondo({ vars: { ...google.vars(apiKeys), CHAT_MODE } });
  vertex = await startRondo({ vars: { ...google.vars(accounts), CHAT_MODE } });
});

beforeEach(() => google.reset());

const backEnds = [
  ['the Gemini API', () => keys, model, '/v1beta/openai/chat/completions'],
  [
    'Vertex AI',
    () => vertex,
    `google/${model}`,
    expect.stringMatching(
      /^\/v1\/projects\/[^/]+\/locations\/global\/endpoints\/openapi\/chat\/completions$/,
    ),
  ],
] as const;

const chats = (): Call[] => google.calls.filter((call) => call.kind === kind);
/** Google's answers are no shapes of ours: nothing checks them. */
const sdk = (rondo: Rondo): OpenAI =>
  new OpenAI({ baseURL: `${rondo.url}/v1`, apiKey: clientKey, maxRetries: 0 });
const post = (rondo: Rondo, body: object | string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${rondo.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });

const weather = {
  type: 'function' as const,
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', enum: ['Paris'] } },
      required: ['city'],
    },
  },
};

describe.each(backEnds)('a chat through %s', (_, rondo, name, path) => {
  test('goes there byte for byte but for its model, and the answer comes back so', async () => {
    const spelled = (called: string) =>
      `  {"messages" : [{"role":"user","content":"H\\u00e9llo \\ud83d\\ude00"}],\n "model" :"${called}",` +
      `"max_tokens": 1.0e2, "stream":false}\n`;
    const answer = await post(rondo(), spelled(model));
    expect(answer.status).toBe(200);
    const text = await answer.text();
    const [call] = chats();
    expect(call?.bytes.toString()).toBe(spelled(name));
    expect(call?.path).toEqual(path);
    expect(call?.headers.authorization).toMatch(/^Bearer /);
    expect(call?.headers).not.toHaveProperty('x-goog-api-key');
    expect(text).toBe(call?.answer);
    expect(answer.headers.get('x-rondo-model')).toBe(model);
    expect(answer.headers.get('x-rondo-attempts')).toBe('1');
    expect(answer.headers.get('x-rondo-credential')).toMatch(/\w/);
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
  });

  test('is read by OpenAI’s SDK, whole and as a stream', async () => {
    const openai = sdk(rondo());
    const { choices } = await openai.chat.completions.create(ask());
    expect(choices[0]?.message.content).toBe('You said: Hello');
    const more = { stream: true as const, stream_options: { include_usage: true } };
    const stream = await openai.chat.completions.create({ ...ask('Hello there'), ...more });
    let text = '';
    let tokens = 0;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      tokens = chunk.usage?.total_tokens ?? tokens;
    }
    expect(text).toBe('You said: Hello there');
    expect(tokens).toBe(7);
    expect(chats().at(-1)?.answer).toMatch(/data: \[DONE\]\n\n$/);
  });

  test('calls tools in rounds, with Google’s signatures', async () => {
    const openai = sdk(rondo());
    const tools = [weather];
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'user', content: 'get_weather({"city":"Paris"})' },
    ];
    const asked = await openai.chat.completions.create({ model, tools, messages });
    const message = asked.choices[0]?.message as OpenAI.ChatCompletionMessage;
    expect(asked.choices[0]?.finish_reason).toBe('tool_calls');
    const [call] = message.tool_calls as [OpenAI.ChatCompletionMessageFunctionToolCall];
    expect(call.function).toEqual({ name: 'get_weather', arguments: '{"city":"Paris"}' });
    messages.push(message, { role: 'tool', tool_call_id: call.id, content: 'sunny' });
    const told = await openai.chat.completions.create({ model, tools, messages });
    expect(told.choices[0]?.message.content).toBe('You said: sunny');
  });

  test('streams calls of tools', async () => {
    const body = { ...ask('get_weather({"city":"Paris"})'), tools: [weather] };
    const stream = sdk(rondo()).chat.completions.stream(body);
    const [call] = (await stream.finalMessage()).tool_calls ?? [];
    expect(call).toMatchObject({ function: { name: 'get_weather' } });
  });

  test('is made good by another credential, with the same bytes', async () => {
    google.fault({ kind, model: otherModel }, 'minute');
    const answer = await post(rondo(), ask('Again', { model: otherModel }));
    expect(await answer.text()).toContain('You said: Again');
    expect(answer.headers.get('x-rondo-attempts')).toBe('2');
    expect(new Set(chats().map(({ credential }) => credential)).size).toBe(2);
    const [first, second] = chats().map(({ bytes }) => bytes.toString());
    expect(first).toBe(second);
  });

  test('is made good when its stream begins with an error', async () => {
    google.fault({ kind }, { kind: 'stream-error', after: 0 });
    const answer = await post(rondo(), ask('Hello', { stream: true, model: 'gemini-4-neon' }));
    const text = await answer.text();
    expect(text).toContain('said: ');
    expect(text).not.toContain('"error"');
    expect(chats()).toHaveLength(2);
  });

  test('that all refuse for the moment is told so in OpenAI’s shape', async () => {
    google.fault({ kind }, 'minute', 2);
    const refused = await failed(post(rondo(), ask('Hello', { model: 'gemini-3.5-flash' })));
    expect(refused).toMatchObject({ status: 429, error: { code: 'rate_limit_exceeded' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('that Google finds wrong is told so in OpenAI’s shape, once', async () => {
    const answer = post(rondo(), ask('Hello', { nonsense: 1 }));
    const { status, error } = await failed(answer);
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: 'invalid_request_error', param: 'nonsense' });
    expect(error.message).toContain('Unknown name "nonsense"');
    expect(chats()).toHaveLength(1);
  });

  test('is told of all fields that Google does not know', async () => {
    const { status, error } = await failed(
      post(rondo(), ask('Hello', { frequency_penalty: 0, seed: 1 })),
    );
    expect([status, error.param]).toEqual([400, 'frequency_penalty']);
    for (const name of ['frequency_penalty', 'seed']) expect(error.message).toContain(`"${name}"`);
  });

  test('for a model that is not there is told so', async () => {
    const { status, error } = await failed(post(rondo(), ask('Hello', { model: 'gemini-9-none' })));
    expect([status, error.code]).toEqual([404, 'model_not_found']);
  });

  test('breaks off where Google’s answer does', async () => {
    google.fault({ kind }, { kind: 'cut', after: 1 });
    const answer = await post(rondo(), ask('Hello there, how are you?', { stream: true }));
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    await expect
      .poll(() => rondo().events('stream_broken'))
      .toContainEqual(expect.objectContaining({ code: 'upstream_incomplete' }));
  });

  test('whose client leaves is ended at Google’s', async () => {
    google.holdNext({ kind }, 1);
    const client = new LeavingClient(rondo(), ask('Hello there', { stream: true }));
    await client.read('data: ');
    client.leave();
    await chats()[0]?.closed;
    await expect.poll(async () => (await rondo().state()).openOps).toBe(0);
    expect((await rondo().state()).bodyBytes).toBe(0);
  });

  test('comes as Google sends it, not when it has ended', async () => {
    const hold = google.holdNext({ kind }, 1);
    const answer = await post(rondo(), ask('Hello there', { stream: true }));
    const reader = answer.body?.getReader();
    const first = await reader?.read();
    expect(new TextDecoder().decode(first?.value as Uint8Array)).toMatch(/^data: /);
    hold.release();
    while (!(await reader?.read())?.done);
  });
});

describe('who is passed through', () => {
  const accounts = () => google.accounts.filter((account) => account.kind === 'api_key');

  test('is told by an alias, and all others are translated', async () => {
    const aliases = { raw: { model, mode: 'passthrough' }, plain: otherModel };
    const vars = { ...google.vars(accounts()), MODEL_ALIASES: JSON.stringify(aliases) };
    const rondo = await startRondo({ vars });
    const openai = sdk(rondo);
    const passed = await openai.chat.completions.create(ask('Hello', { model: 'raw' }));
    expect(passed.model).toBe(model);
    expect(chats()).toHaveLength(1);
    const translated = await openai.chat.completions.create(ask('Hello', { model: 'plain' }));
    expect(translated.model).toBe('plain');
    await openai.chat.completions.create(ask());
    expect(chats()).toHaveLength(1);
    expect(google.count({ kind: 'generate' })).toBe(2);
    expect((await openai.models.list()).data.map(({ id }) => id)).toContain('raw');
  });

  test('is translated by an alias that says so', async () => {
    const aliases = { ours: { model, mode: 'translate' } };
    const vars = { ...google.vars(accounts()), CHAT_MODE, MODEL_ALIASES: JSON.stringify(aliases) };
    const rondo = await startRondo({ vars });
    await sdk(rondo).chat.completions.create(ask('Hello', { model: 'ours' }));
    expect(chats()).toHaveLength(0);
  });

  test('is nobody by a mode that is none, which is logged', async () => {
    const vars = { ...google.vars(accounts()), CHAT_MODE: 'raw' };
    const rondo = await startRondo({ vars });
    await sdk(rondo).chat.completions.create(ask());
    expect(chats()).toHaveLength(0);
    expect(rondo.events('setting_ignored')).toContainEqual(
      expect.objectContaining({ variable: 'CHAT_MODE' }),
    );
  });

  test('are chat completions alone', async () => {
    await sdk(keys).responses.create({ model, input: 'Hello' });
    expect(chats()).toHaveLength(0);
    expect(google.count({ kind: 'generate' })).toBe(1);
  });
});

describe('a client key', () => {
  const startWith = (more: object, vars = {}) =>
    startRondo({
      vars: {
        ...google.vars(google.accounts.filter((account) => account.kind === 'api_key')),
        CHAT_MODE,
        CLIENT_API_KEYS: JSON.stringify([{ name: 'few', key: clientKey, ...more }]),
        ...vars,
      },
    });

  test('is held to its models, also of those that may stand in', async () => {
    const MODEL_FALLBACKS = JSON.stringify({ [model]: [otherModel, 'gemini-3.5-flash'] });
    const rondo = await startWith({ models: ['gemini-3*'] }, { MODEL_FALLBACKS });
    const { status } = await failed(post(rondo, ask('Hello', { model: otherModel })));
    expect(status).toBe(404);
    const twice = `{"model":"${model}","model":"${otherModel}","messages":[]}`;
    expect((await failed(post(rondo, twice))).status).toBe(400);
    expect(chats()).toHaveLength(0);
    google.fault({ kind, model }, 'minute', 2);
    const answer = await post(rondo, ask());
    expect(answer.headers.get('x-rondo-model')).toBe('gemini-3.5-flash');
    await answer.text();
    expect(chats().map((call) => call.model)).toEqual([model, model, 'gemini-3.5-flash']);
  });

  test('that may name nothing stored is held to that', async () => {
    const rondo = await startWith({ stored: false });
    const extra_body = { google: { cached_content: 'cachedContents/a' } };
    const { status, error } = await failed(post(rondo, ask('Hello', { extra_body })));
    expect([status, error.code]).toEqual([403, 'stored_content_not_allowed']);
    expect(error.param).toBe('extra_body.google.cached_content');
    expect(chats()).toHaveLength(0);
  });

  const startThrifty = (tokensPerDay: number): Promise<Rondo> =>
    startRondo({
      pool: true,
      vars: {
        ...google.vars(google.accounts.filter((account) => account.kind === 'api_key')),
        CHAT_MODE,
        CLIENT_API_KEYS: JSON.stringify([
          { name: 'thrifty', key: clientKey, limits: { tokens_per_day: tokensPerDay } },
        ]),
      },
    });

  test('with a limit of tokens pays for what Google says of its cost', async () => {
    const rondo = await startThrifty(10);
    for (const body of [
      ask(),
      ask('Hi', { stream: true, stream_options: { include_usage: true } }),
    ]) {
      expect((await (await post(rondo, body)).text()).length).toBeGreaterThan(0);
    }
    await expect.poll(async () => (await post(rondo, ask())).status).toBe(429);
  });

  test('with a limit of tokens is translated where its stream would not tell its cost', async () => {
    const rondo = await startThrifty(1);
    const stream = await post(rondo, ask('Hi', { stream: true }));
    expect(stream.status).toBe(200);
    expect(await stream.text()).toContain('[DONE]');
    expect(chats()).toHaveLength(0);
    await expect.poll(async () => (await post(rondo, ask())).status).toBe(429);
  });
});
