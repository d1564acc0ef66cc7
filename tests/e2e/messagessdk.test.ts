// Anthropic's SDK and the ai package, unchanged, each with a loop of tool calls.
import { createAnthropic } from '@ai-sdk/anthropic';
import Anthropic from '@anthropic-ai/sdk';
import { betaTool } from '@anthropic-ai/sdk/helpers/beta/json-schema';
import { generateText, stepCountIs, streamText } from 'ai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { partsOf, turnsOf } from '../support/asked.ts';
import { model } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { aiTools, allTold, names, rounds, turns } from '../support/toolrounds.ts';

let google: GoogleStub;
let rondo: Rondo;
let anthropic: Anthropic;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
  rondo = await startRondo({ vars: google.vars() });
  anthropic = new Anthropic({
    baseURL: rondo.url,
    authToken: clientKey,
    apiKey: null,
    maxRetries: 0,
    fetch: rondo.checkedFetch,
  });
});

beforeEach(() => google.reset());

const say = (content: string) => ({
  model,
  max_tokens: 4096,
  messages: [{ role: 'user' as const, content }],
});

describe("Anthropic's SDK", () => {
  test('creates a message', async () => {
    const { content, usage, _request_id } = await anthropic.messages.create(say('Hello'));
    expect(content).toMatchObject(
      [{ type: 'text', text: 'You said: Hello' }, {}].slice(0, content.length),
    );
    expect(usage.input_tokens).toBeGreaterThan(0);
    expect(_request_id).toMatch(/^req_/);
  });

  test('streams one, and puts it together', async () => {
    const thinking = { type: 'enabled' as const, budget_tokens: 2048 };
    const stream = anthropic.messages.stream({ ...say('Hello'), thinking });
    const seen: string[] = [];
    stream.on('text', (text) => seen.push(text));
    const message = await stream.finalMessage();
    expect(seen.join('')).toBe('You said: Hello');
    expect(message.content[0]).toMatchObject({ type: 'thinking' });
    expect(message.usage.output_tokens).toBeGreaterThan(0);
    expect(message.stop_reason).toBe('end_turn');
  });

  for (const stream of [false, true]) {
    test(`runs tools, without threads, ${stream ? 'streaming' : 'whole'}`, async () => {
      const asked: string[] = [];
      const tools = names.map((name) =>
        betaTool({
          name,
          description: `Does ${name}.`,
          inputSchema: { type: 'object', properties: {} },
          run: (args: unknown) => {
            asked.push(`${name} ${JSON.stringify(args)}`);
            return `done: ${name}`;
          },
        }),
      );
      const runner = anthropic.beta.messages.toolRunner({ ...say(rounds), tools, stream });
      const { content } = await runner.runUntilDone();
      expect(JSON.stringify(content)).toContain('The tools said: ');
      expect(asked).toEqual(allTold);
      expect(turnsOf(google)).toEqual(turns);
      // The signatures went on this way and back.
      expect(partsOf(google, 1)[0]?.thoughtSignature).toMatch(/.{40}/);
      expect(partsOf(google, 3)[0]?.thoughtSignature).toMatch(/.{40}/);
    });
  }

  test('counts tokens', async () => {
    const { messages } = say('Hello');
    const { input_tokens } = await anthropic.messages.countTokens({ model, messages });
    expect(input_tokens).toBeGreaterThan(0);
  });

  test('lists models, page by page, and finds one', async () => {
    const ids: string[] = [];
    for await (const { id } of anthropic.models.list({ limit: 1 })) ids.push(id);
    expect(ids).toContain(model);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await anthropic.models.retrieve(model)).toMatchObject({ id: model });
  });

  test('knows what kind an error is', async () => {
    google.fault({}, 'minute', 2);
    const asked = { ...say('Hello'), model: 'gemini-3.9-minute' };
    const error = await anthropic.messages.create(asked).catch((each: unknown) => each);
    expect(error).toBeInstanceOf(Anthropic.RateLimitError);
    expect(error).toMatchObject({ status: 429, requestID: expect.stringMatching(/^req_/) });
  });

  test('knows what kind the error of a path is that there is not', async () => {
    const error = await anthropic.beta.skills.list().catch((each: unknown) => each);
    expect(error).toBeInstanceOf(Anthropic.NotFoundError);
    expect(error).toMatchObject({ type: 'not_found_error' });
  });

  test('knows an error within a stream', async () => {
    google.fault({}, { kind: 'cut', after: 1 });
    const stream = anthropic.messages.stream(say('Hello there, how are you'));
    await expect(stream.finalMessage()).rejects.toMatchObject({ type: 'api_error' });
  });
});

describe('the ai package', () => {
  const provider = () =>
    createAnthropic({
      baseURL: `${rondo.url}/v1`,
      apiKey: clientKey,
      fetch: rondo.checkedFetch,
    });

  test('runs its loop of tools', async () => {
    const asked: string[] = [];
    const { text } = await generateText({
      model: provider()(model),
      prompt: rounds,
      tools: aiTools(asked),
      stopWhen: stepCountIs(5),
    });
    expect(text).toMatch(/^The tools said: /);
    expect(asked).toEqual(allTold);
    expect(turnsOf(google)).toEqual(turns);
  });

  test('runs it streaming, with thoughts', async () => {
    const asked: string[] = [];
    const { text } = streamText({
      model: provider()(model),
      prompt: rounds,
      tools: aiTools(asked),
      stopWhen: stepCountIs(5),
      providerOptions: { anthropic: { thinking: { type: 'enabled', budgetTokens: 2048 } } },
    });
    expect(await text).toMatch(/^The tools said: /);
    expect(asked).toEqual(allTold);
    expect(turnsOf(google)).toEqual(turns);
  });
});
