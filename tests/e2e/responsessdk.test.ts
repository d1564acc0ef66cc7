// OpenAI's SDK, its Agents SDK and the ai package, unchanged, in their ways of speaking Responses.
import { createOpenAI } from '@ai-sdk/openai';
import {
  Agent,
  tool as agentTool,
  OpenAIProvider,
  Runner,
  setTracingDisabled,
} from '@openai/agents';
import { generateText, jsonSchema, Output, stepCountIs, streamText, tool } from 'ai';
import OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Fault } from '../../scripts/googlestub/faults.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { configOf, partsOf, turnsOf } from '../support/asked.ts';
import { callsOf, model } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { allTold, names, rounds, turns } from '../support/toolrounds.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const properties = { tz: { type: 'string' }, city: { type: 'string' }, text: { type: 'string' } };
const parameters = { type: 'object' as const, properties };
const dummy = 'skip_thought_signature_validator';

/** `fetch` that asks two Rondos in turn: what one has signed, the other must be brought. */
const forgetful = async (): Promise<typeof fetch> => {
  const rondos = [rondo, await startRondo({ vars: google.vars() })] as const;
  let asked = 0;
  return (input, init) => {
    const { url, checkedFetch } = rondos[asked++ % 2 ? 1 : 0];
    return checkedFetch(String(input).replace(rondo.url, url), init);
  };
};

/** Both steps went back with what Google signed them with. */
const expectSigned = (): void => {
  for (const turn of [1, 3]) {
    const signature = partsOf(google, turn)[0]?.thoughtSignature;
    expect(signature).toMatch(/.{40}/);
    expect(signature).not.toBe(dummy);
  }
};

describe("OpenAI's SDK", () => {
  const tools = names.map((name) => ({
    type: 'function' as const,
    name,
    description: `Does ${name}.`,
    strict: false,
    parameters,
  }));
  type Input = OpenAI.Responses.ResponseInputItem[];

  test('takes items of both roles', async () => {
    const { output_text } = await rondo.openai.responses.create({
      model,
      input: [
        { role: 'developer', content: 'Be kind.' },
        { role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
        { role: 'assistant', content: 'Yes?' },
        { type: 'message', role: 'user', content: 'Hello' },
      ],
    });
    expect(output_text).toBe('You said: Hello');
    expect(turnsOf(google)).toEqual(['user: text', 'model: text', 'user: text']);
  });

  for (const stream of [false, true]) {
    test(`runs a loop of tools, ${stream ? 'streaming' : 'whole'}`, async () => {
      const input: Input = [{ role: 'user', content: rounds }];
      const asked: string[] = [];
      const { responses } = rondo.openai.withOptions({ fetch: await forgetful() });
      for (;;) {
        const body = { model, input, tools, store: false };
        const response = stream
          ? await responses.stream(body).finalResponse()
          : await responses.create(body);
        const output: OpenAI.Responses.ResponseOutputItem[] = response.output;
        const calls = output.flatMap((item) => (item.type === 'function_call' ? [item] : []));
        if (calls.length === 0) {
          expect(response.output_text).toMatch(/^The tools said: /);
          break;
        }
        const results = calls.map(({ call_id, name, arguments: args }) => {
          asked.push(`${name} ${args}`);
          return { type: 'function_call_output' as const, call_id, output: `done: ${name}` };
        });
        input.push(...(response.output as Input), ...results);
      }
      expect(asked).toEqual(allTold);
      expect(turnsOf(google)).toEqual(turns);
      expectSigned();
    });
  }

  test('streams texts and thoughts to its listeners', async () => {
    const stream = rondo.openai.responses.stream({
      model,
      input: 'Hello, you and all the world',
      reasoning: { summary: 'auto' },
    });
    const seen = { text: '', snapshot: '', thoughts: '' };
    stream.on('response.output_text.delta', ({ delta, snapshot }) => {
      seen.text += delta;
      seen.snapshot = snapshot;
    });
    stream.on('response.reasoning_summary_text.delta', ({ delta }) => {
      seen.thoughts += delta;
    });
    const { output, output_text, usage } = await stream.finalResponse();
    expect(output_text).toBe('You said: Hello, you and all the world');
    expect([seen.text, seen.snapshot]).toEqual([output_text, output_text]);
    expect(seen.thoughts).toMatch(/^\*\*Reading the request\*\*/);
    expect(output[0]).toMatchObject({ type: 'reasoning', summary: [{ text: seen.thoughts }] });
    expect(usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
  });

  test('streams the arguments of a call to its listeners', async () => {
    const stream = rondo.openai.responses.stream({ model, input: rounds, tools });
    const seen: string[] = [];
    stream.on('response.function_call_arguments.delta', ({ snapshot }) => seen.push(snapshot));
    await stream.finalResponse();
    expect(seen).toEqual(['{"tz":"UTC"}', '{"city":"Rome"}']);
  });

  test('iterates events, numbered from 0', async () => {
    const stream = await rondo.openai.responses.create({ model, input: 'Hello', stream: true });
    const numbers: number[] = [];
    for await (const event of stream) numbers.push(event.sequence_number);
    expect(numbers).toEqual(numbers.map((_, index) => index));
  });

  for (const stream of [false, true]) {
    test(`parses by a schema of zod's, ${stream ? 'streaming' : 'whole'}`, async () => {
      const format = zodTextFormat(z.object({ city: z.string(), days: z.number() }), 'plan');
      const body = { model, input: 'Plan.', text: { format } };
      const { output_parsed } = stream
        ? await rondo.openai.responses.stream(body).finalResponse()
        : await rondo.openai.responses.parse(body);
      expect(output_parsed).toEqual({ city: expect.any(String), days: expect.any(Number) });
      expect(configOf(google).responseMimeType).toBe('application/json');
    });
  }

  test('counts the tokens of an input with tools and instructions', async () => {
    const count = async (more: object) => {
      const counted = await rondo.openai.responses.inputTokens.count({
        model,
        input: 'Hello',
        ...more,
      });
      return counted.input_tokens;
    };
    expect(await count({ instructions: 'Be kind.', tools })).toBeGreaterThan(await count({}));
    expect(callsOf(google)).toEqual([]);
  });

  test('compacts items, and goes on from what is left', async () => {
    const { object, output, usage } = await rondo.openai.responses.compact({
      model,
      instructions: 'Be kind.',
      input: [
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Yes?' },
        { role: 'user', content: [{ type: 'input_text', text: 'Nothing.' }] },
      ],
    });
    expect(object).toBe('response.compaction');
    expect(output.map(({ type }) => type)).toEqual(['message', 'message', 'compaction']);
    expect(usage.total_tokens).toBeGreaterThan(0);
    const input = [...(output as Input), { role: 'user' as const, content: 'Go on' }];
    const { output_text } = await rondo.openai.responses.create({ model, input });
    expect(output_text).toContain('You said: ');
    expect(JSON.stringify(partsOf(google, 0))).toContain('Hello');
  });

  test.for([
    ['retrieve', () => rondo.openai.responses.retrieve('resp_1')],
    ['delete', () => rondo.openai.responses.delete('resp_1')],
    ['cancel', () => rondo.openai.responses.cancel('resp_1')],
    ['inputItems.list', async () => rondo.openai.responses.inputItems.list('resp_1')],
  ] as const)('finds nothing to %s', async ([, ask]) => {
    await expect(ask()).rejects.toThrow(OpenAI.NotFoundError);
  });
});

describe("an error, to OpenAI's SDK,", () => {
  // What is limited stays so for a while: each has a pool of its own.
  const create = async (more: object = {}): Promise<unknown> => {
    const { openai } = await startRondo({ vars: google.vars() });
    return openai.responses
      .create({ model, input: 'Hello', ...more })
      .catch((error: unknown) => error);
  };

  const faults: [string, Fault, abstract new (...given: never[]) => Error, object][] = [
    [
      'a spent minute',
      { kind: 'minute' },
      OpenAI.RateLimitError,
      { status: 429, code: 'rate_limit_exceeded' },
    ],
    ['an overload', { kind: 'unavailable' }, OpenAI.InternalServerError, { status: 503 }],
    [
      'what Google refuses',
      { kind: 'says', status: 400, message: 'No.' },
      OpenAI.BadRequestError,
      { status: 400, type: 'invalid_request_error' },
    ],
  ];
  test.for(faults)('is of its class for %s', async ([, fault, kind, members]) => {
    google.fault({}, fault, 10);
    const error = await create();
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ ...members, requestID: expect.stringMatching(/^req_/) });
  });

  test('has the field and the code of a wrong request', async () => {
    const error = await create({ previous_response_id: 'resp_1' });
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({
      param: 'previous_response_id',
      code: 'previous_response_not_found',
    });
  });

  test('is of its class for a wrong key', async () => {
    const stranger = new OpenAI({
      baseURL: `${rondo.url}/v1`,
      apiKey: 'sk-wrong',
      maxRetries: 0,
      fetch: rondo.checkedFetch,
    });
    const asking = stranger.responses.create({ model, input: 'Hello' });
    await expect(asking).rejects.toThrow(OpenAI.AuthenticationError);
  });

  test('within a stream ends it with a response that failed', async () => {
    google.fault({}, { kind: 'cut', after: 1 });
    const stream = rondo.openai.responses.stream({ model, input: 'Hello there, how are you' });
    const types: string[] = [];
    stream.on('event', ({ type }) => types.push(type));
    await stream.done().catch(() => {});
    expect(types.at(-1)).toBe('response.failed');
  });

  test('is none when the client leaves, and the call to Google ends', async () => {
    const gate = google.holdNext({}, 1);
    const stream = await rondo.openai.responses.create({ model, input: rounds, stream: true });
    const call = await gate.reached;
    stream.controller.abort();
    await call.closed;
    gate.release();
    expect(await call.ended).toBe('aborted');
  });
});

describe("OpenAI's Agents SDK", () => {
  setTracingDisabled(true);
  const runner = (openAIClient = rondo.openai) =>
    new Runner({ modelProvider: new OpenAIProvider({ openAIClient }), model });
  const toolsFor = (asked: string[]) =>
    names.map((name) =>
      agentTool({
        name,
        description: `Does ${name}.`,
        strict: false,
        parameters: { ...parameters, required: [], additionalProperties: true },
        execute: (args: unknown) => {
          asked.push(`${name} ${JSON.stringify(args)}`);
          return `done: ${name}`;
        },
      }),
    );

  for (const stream of [false, true] as const) {
    test(`runs its loop of tools, ${stream ? 'streaming' : 'whole'}`, async () => {
      const asked: string[] = [];
      const agent = new Agent({
        name: 'Helper',
        instructions: 'Be brief.',
        tools: toolsFor(asked),
      });
      let said: unknown;
      if (stream) {
        const result = await runner().run(agent, rounds, { stream });
        await result.completed;
        said = result.finalOutput;
      } else {
        said = (await runner().run(agent, rounds)).finalOutput;
      }
      expect(said).toMatch(/^The tools said: /);
      expect(asked).toEqual(allTold);
      expect(turnsOf(google)).toEqual(turns);
    });
  }

  test('brings signatures back when it stores nothing', async () => {
    const agent = new Agent({
      name: 'Helper',
      tools: toolsFor([]),
      modelSettings: { store: false },
    });
    await runner(rondo.openai.withOptions({ fetch: await forgetful() })).run(agent, rounds);
    expectSigned();
  });

  test('gets an output of its type', async () => {
    const outputType = z.object({ city: z.string(), days: z.number() });
    const agent = new Agent({ name: 'Planner', instructions: 'Plan.', outputType });
    const { finalOutput } = await runner().run(agent, 'Plan.');
    expect(finalOutput).toEqual({ city: expect.any(String), days: expect.any(Number) });
  });

  test('hands over to another agent', async () => {
    const spanish = new Agent({ name: 'Spanish', instructions: 'Speak Spanish.' });
    const triage = Agent.create({ name: 'Triage', handoffs: [spanish] });
    const { lastAgent, finalOutput } = await runner().run(triage, 'transfer_to_Spanish({})');
    expect(lastAgent?.name).toBe('Spanish');
    expect(finalOutput).toMatch(/^The tools said: /);
  });
});

describe('the ai package', () => {
  const provider = (fetch = rondo.checkedFetch) =>
    createOpenAI({ baseURL: `${rondo.url}/v1`, apiKey: clientKey, fetch });
  const toolsFor = (asked: string[]) =>
    Object.fromEntries(
      names.map((name) => [
        name,
        tool({
          description: `Does ${name}.`,
          inputSchema: jsonSchema<object>(parameters),
          execute: (args) => {
            asked.push(`${name} ${JSON.stringify(args)}`);
            return { done: name };
          },
        }),
      ]),
    );
  const stateless = { openai: { store: false } };

  test('runs its loop of tools, storing nothing', async () => {
    const asked: string[] = [];
    const { text } = await generateText({
      model: provider()(model),
      prompt: rounds,
      tools: toolsFor(asked),
      stopWhen: stepCountIs(5),
      providerOptions: stateless,
    });
    expect(text).toMatch(/^The tools said: /);
    expect(asked).toEqual(allTold);
    expect(turnsOf(google)).toEqual(turns);
  });

  test('runs it streaming, storing nothing', async () => {
    const asked: string[] = [];
    const { text } = streamText({
      model: provider().responses(model),
      prompt: rounds,
      tools: toolsFor(asked),
      stopWhen: stepCountIs(5),
      providerOptions: stateless,
    });
    expect(await text).toMatch(/^The tools said: /);
    expect(asked).toEqual(allTold);
    expect(turnsOf(google)).toEqual(turns);
  });

  test('brings signatures back when it asks for what is encrypted', async () => {
    await generateText({
      model: provider(await forgetful())(model),
      prompt: rounds,
      tools: toolsFor([]),
      stopWhen: stepCountIs(5),
      providerOptions: {
        openai: { ...stateless.openai, forceReasoning: true, reasoningSummary: 'auto' },
      },
    });
    expectSigned();
  });

  test('runs a loop of tools in its default way', async () => {
    const asked: string[] = [];
    const { text } = await generateText({
      model: provider()(model),
      prompt: rounds,
      tools: toolsFor(asked),
      stopWhen: stepCountIs(5),
    });
    expect(text).toMatch(/^The tools said: /);
    expect(asked).toEqual(allTold);
  });

  test('gets an object of a schema', async () => {
    const { output } = await generateText({
      model: provider()(model),
      prompt: 'Plan.',
      output: Output.object({ schema: z.object({ city: z.string() }) }),
      providerOptions: stateless,
    });
    expect(output).toEqual({ city: expect.any(String) });
  });

  describe('on the second turn of a conversation', () => {
    const converse = async (providerOptions: { openai: { store: boolean } } | undefined) => {
      const asked = {
        model: provider()(model),
        maxRetries: 0,
        ...(providerOptions && { providerOptions }),
      };
      const hello = { role: 'user' as const, content: 'Hello' };
      const first = await generateText({ ...asked, messages: [hello] });
      const goOn = { role: 'user' as const, content: 'Go on' };
      return generateText({ ...asked, messages: [hello, ...first.response.messages, goOn] });
    };

    test('is told to send store: false when it refers to what it believes is stored', async () => {
      await expect(converse(undefined)).rejects.toMatchObject({
        statusCode: 400,
        message: expect.stringContaining("Send 'store: false'"),
      });
    });

    test('goes on when it stores nothing', async () => {
      expect((await converse(stateless)).text).toBe('You said: Go on');
      expect(turnsOf(google)).toEqual(['user: text', 'model: text', 'user: text']);
    });
  });
});
