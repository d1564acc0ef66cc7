// Agents at work: vendors' own loops of tool calls, through several rounds and credentials.
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import type { AIMessageChunk } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { generateText, jsonSchema, Output, stepCountIs, tool } from 'ai';
import type OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { ask, callsOf, failed, lastRequest, model, otherModel, served } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccounts(3);
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

// The stub takes the calls it makes from the user's words: two at once, then a third.
const rounds = 'get_time({"tz":"UTC"}) and get_weather({"city":"Rome"}) then notify({"text":"x"})';

const parameters = { type: 'object', properties: { tz: { type: 'string' } } };
const functions = ['get_time', 'get_weather', 'notify'].map((name) => ({
  type: 'function' as const,
  function: { name, description: `Does ${name}.`, parameters },
}));

const runnable = (asked: string[]) =>
  functions.map((each) => ({
    ...each,
    function: {
      ...each.function,
      parse: JSON.parse,
      function: (args: object) => {
        asked.push(`${each.function.name} ${JSON.stringify(args)}`);
        return JSON.stringify({ done: each.function.name });
      },
    },
  }));

/** Every content's parts of the latest request to Google, by the names of their fields. */
const shapeOf = (request: JsonObject): string[] =>
  (request.contents as { role: string; parts: JsonObject[] }[]).map(
    ({ role, parts }) => `${role}: ${parts.map((part) => Object.keys(part)[0]).join(' ')}`,
  );

const allTold = ['get_time {"tz":"UTC"}', 'get_weather {"city":"Rome"}', 'notify {"text":"x"}'];

describe('the loop of the openai package', () => {
  for (const stream of [false, true] as const) {
    test(`runs parallel calls over several rounds, ${stream ? 'streaming' : 'whole'}`, async () => {
      const asked: string[] = [];
      const request = { ...ask(rounds), tools: runnable(asked) };
      const runner = stream
        ? rondo.openai.chat.completions.runTools({ ...request, stream })
        : rondo.openai.chat.completions.runTools(request);
      expect(await runner.finalContent()).toMatch(/^The tools said: /);
      expect(asked).toEqual(allTold);
      expect(shapeOf(lastRequest(google))).toEqual([
        'user: text',
        'model: functionCall functionCall',
        'user: functionResponse functionResponse',
        'model: functionCall',
        'user: functionResponse',
      ]);
    });
  }

  test('stays on the credential that began it', async () => {
    await rondo.openai.chat.completions
      .runTools({ ...ask(rounds), tools: runnable([]) })
      .finalContent();
    expect(new Set(served(google)).size).toBe(1);
    expect(served(google)).toHaveLength(3);
  });

  test('goes on elsewhere when that credential is rate-limited', async () => {
    const asked: string[] = [];
    google.fault({ where: (call) => JSON.stringify(call.body).includes('notify"') }, 'minute');
    const runner = rondo.openai.chat.completions.runTools({
      ...ask(rounds),
      tools: runnable(asked),
    });
    expect(await runner.finalContent()).toMatch(/^The tools said: /);
    expect(asked).toEqual(allTold);
    expect(new Set(served(google)).size).toBe(2);
  });
});

test('the loop of the ai package runs to its end', async () => {
  const asked: string[] = [];
  const provider = createOpenAICompatible({
    name: 'rondo',
    baseURL: `${rondo.url}/v1`,
    apiKey: clientKey,
    fetch: rondo.checkedFetch,
  });
  const work = (name: string) =>
    tool({
      description: `Does ${name}.`,
      inputSchema: jsonSchema<object>({ type: 'object', properties: {} }),
      execute: (args) => {
        asked.push(`${name} ${JSON.stringify(args)}`);
        return { done: name };
      },
    });
  const { text } = await generateText({
    model: provider(model),
    prompt: rounds,
    tools: {
      get_time: work('get_time'),
      get_weather: work('get_weather'),
      notify: work('notify'),
    },
    stopWhen: stepCountIs(5),
  });
  expect(text).toMatch(/^The tools said: /);
  expect(asked).toEqual(allTold);
});

describe('LangChain', () => {
  const chain = (): ChatOpenAI =>
    new ChatOpenAI({
      model,
      apiKey: clientKey,
      maxRetries: 0,
      configuration: { baseURL: `${rondo.url}/v1`, fetch: rondo.checkedFetch },
    });
  const calls = [{ name: 'get_time', args: { tz: 'UTC' } }];

  test('calls bound tools', async () => {
    const { tool_calls } = await chain().bindTools(functions).invoke('get_time({"tz":"UTC"})');
    expect(tool_calls).toMatchObject(calls);
  });

  test('calls bound tools in a stream', async () => {
    let whole: AIMessageChunk | undefined;
    const stream = await chain().bindTools(functions).stream('get_time({"tz":"UTC"})');
    for await (const chunk of stream) whole = whole ? whole.concat(chunk) : chunk;
    expect(whole?.tool_calls).toMatchObject(calls);
  });
});

describe('thought signatures', () => {
  type Message = OpenAI.Chat.Completions.ChatCompletionMessageParam;
  const call = async (more: object = {}) => {
    const asked = { ...ask('get_time({"tz":"UTC"})', { tools: functions }), ...more };
    const { choices } = await rondo.openai.chat.completions.create(asked);
    return choices[0]?.message as OpenAI.Chat.Completions.ChatCompletionMessage;
  };
  const answered = (message: object, id: string): Message[] => [
    { role: 'user', content: 'get_time({"tz":"UTC"})' },
    message as Message,
    { role: 'tool', tool_call_id: id, content: '10:00' },
  ];
  const sentSignature = (): unknown =>
    (lastRequest(google).contents as { parts: JsonObject[] }[])[1]?.parts[0]?.thoughtSignature;
  interface SignedCall {
    readonly id: string;
    readonly extra_content?: { readonly google: { readonly thought_signature: string } };
  }
  const dummy = 'skip_thought_signature_validator';

  test('travel with the call, and come back on it', async () => {
    const message = await call();
    const made = (message.tool_calls ?? []) as unknown as SignedCall[];
    await rondo.openai.chat.completions.create({
      ...ask(),
      tools: functions,
      messages: answered(message, made[0]?.id ?? ''),
    });
    expect(sentSignature()).toBeTruthy();
    expect(made[0]?.extra_content?.google.thought_signature).toBe(sentSignature());
  });

  test('are remembered for a client that drops what it does not know', async () => {
    const { tool_calls } = await call();
    const [made] = tool_calls as OpenAI.Chat.Completions.ChatCompletionMessageFunctionToolCall[];
    if (!made) throw new Error('no call was made');
    const { id, type, function: named } = made;
    const message = {
      role: 'assistant',
      content: null,
      tool_calls: [{ id, type, function: named }],
    };
    await rondo.openai.chat.completions.create({
      ...ask(),
      tools: functions,
      messages: answered(message, id),
    });
    expect(sentSignature()).toBeTruthy();
    expect(sentSignature()).not.toBe(dummy);
  });

  test('are the documented dummy where nobody knows one', async () => {
    const made = {
      id: 'call_x',
      type: 'function',
      function: { name: 'get_time', arguments: '{}' },
    };
    const message = { role: 'assistant', content: null, tool_calls: [made] };
    await rondo.openai.chat.completions.create({
      ...ask(),
      tools: functions,
      messages: answered(message, 'call_x'),
    });
    expect(sentSignature()).toBe(dummy);
  });

  test('that Google refuses are replaced once, on the same credential, and nothing cools', async () => {
    const made = {
      id: 'call_y',
      type: 'function',
      function: { name: 'get_time', arguments: '{}' },
      extra_content: { google: { thought_signature: 'Zm9yZWlnbg==' } },
    };
    const message = { role: 'assistant', content: null, tool_calls: [made] };
    const answer = await rondo.chat({
      ...ask(),
      tools: functions,
      messages: answered(message, 'call_y'),
    });
    expect(answer.status).toBe(200);
    await answer.text();
    expect(sentSignature()).toBe(dummy);
    expect(served(google)).toHaveLength(2);
    expect(new Set(served(google)).size).toBe(1);
    expect(answer.headers.get('x-rondo-adjusted')).toContain('signature');
  });
});

describe('structured output', () => {
  const schema = {
    type: 'object',
    properties: { city: { type: 'string' }, population: { type: 'integer' } },
    required: ['city', 'population'],
    additionalProperties: false,
  };
  const format = {
    type: 'json_schema' as const,
    json_schema: { name: 'city', strict: true, schema },
  };

  for (const of of [model, otherModel]) {
    test(`obeys a schema on ${of}`, async () => {
      const { choices } = await rondo.openai.chat.completions.parse({
        ...ask('Rome?'),
        model: of,
        response_format: format,
      });
      expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({
        city: expect.any(String),
        population: expect.any(Number),
      });
    });
  }
});

test('the ai package gets its object', async () => {
  const provider = createOpenAICompatible({
    name: 'rondo',
    baseURL: `${rondo.url}/v1`,
    apiKey: clientKey,
    fetch: rondo.checkedFetch,
    supportsStructuredOutputs: true,
  });
  const { output } = await generateText({
    model: provider(model),
    prompt: 'Rome?',
    output: Output.object({ schema: z.object({ city: z.string() }) }),
  });
  expect(output).toEqual({ city: expect.any(String) });
});

test('a zod schema comes back parsed', async () => {
  const City = z.object({ city: z.string(), population: z.number().int() });
  const { choices } = await rondo.openai.chat.completions.parse({
    ...ask('Rome?'),
    response_format: zodResponseFormat(City, 'city'),
  });
  expect(City.safeParse(choices[0]?.message.parsed).success).toBe(true);
});

test('an image in a data URL reaches Google as it is', async () => {
  const url = 'data:image/png;base64,iVBORw0KGgo=';
  await rondo.openai.chat.completions.create({
    model,
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url } },
        ],
      },
    ],
  });
  const [content] = lastRequest(google).contents as { parts: JsonObject[] }[];
  expect(content?.parts).toEqual([
    { text: 'What is this?' },
    { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } },
  ]);
});

describe('wrong types', () => {
  const cases: [string, object, string][] = [
    [
      'a tool without a name',
      { tools: [{ type: 'function', function: {} }] },
      'tools[0].function.name',
    ],
    ['tools that are no list', { tools: {} }, 'tools'],
    ['an unknown tool choice', { tools: functions, tool_choice: 'maybe' }, 'tool_choice'],
    [
      'a schema that is a text',
      { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: 'x' } } },
      'response_format.json_schema.schema',
    ],
    [
      'an image address that is a number',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 1 } }] }] },
      'messages[0].content[0].image_url.url',
    ],
  ];

  test.for(cases)('as %s are 400 and name the field', async ([, more, param]) => {
    const { status, error } = await failed(rondo.chat({ ...ask(), ...more }));
    expect(status).toBe(400);
    expect(error.param).toBe(param);
    expect(callsOf(google)).toEqual([]);
  });
});
