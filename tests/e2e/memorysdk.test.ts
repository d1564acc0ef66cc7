// OpenAI's Agents SDK and the ai package, unchanged, in the ways of theirs that need a store.
import { createOpenAI } from '@ai-sdk/openai';
import {
  Agent,
  tool as agentTool,
  OpenAIProvider,
  Runner,
  setTracingDisabled,
} from '@openai/agents';
import { generateText, jsonSchema, type ModelMessage, stepCountIs, streamText, tool } from 'ai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { contentsOf, turnsOf } from '../support/asked.ts';
import { model } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startPair } from '../support/rondo.ts';

let google: GoogleStub;
let rondos: readonly [Rondo, Rondo];

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  rondos = await startPair({ vars: google.vars(), store: true });
});

beforeEach(() => google.reset());

/** Asks both isolates in turn: what one was told, the other must find. */
const alternating = (): typeof fetch => {
  let asked = 0;
  return (input, init) => {
    const { url, checkedFetch } = rondos[asked++ % 2 ? 1 : 0];
    return checkedFetch(String(input).replace(rondos[0].url, url), init);
  };
};

const rounds = 'get_time({"tz":"UTC"}) then notify({"text":"x"})';
const names = ['get_time', 'notify'];
const properties = { tz: { type: 'string' as const }, text: { type: 'string' as const } };
const dummy = 'skip_thought_signature_validator';

const signatures = (): unknown[] =>
  contentsOf(google).flatMap(({ parts }) =>
    parts.flatMap((part) => ('functionCall' in part ? [part.thoughtSignature] : [])),
  );

const expectSigned = (calls: number): void => {
  expect(signatures()).toHaveLength(calls);
  for (const signature of signatures()) {
    expect(signature).toMatch(/.{40}/);
    expect(signature).not.toBe(dummy);
  }
};

describe("OpenAI's Agents SDK", () => {
  setTracingDisabled(true);

  const helper = () =>
    new Agent({
      name: 'Helper',
      tools: names.map((name) =>
        agentTool({
          name,
          description: `Does ${name}.`,
          strict: false,
          parameters: {
            type: 'object',
            properties,
            required: [],
            additionalProperties: true,
          },
          execute: () => `done: ${name}`,
        }),
      ),
    });

  test('goes on by previousResponseId, with signatures', async () => {
    const openAIClient = rondos[0].openai.withOptions({ fetch: alternating() });
    const runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient }), model });
    const one = await runner.run(helper(), rounds);
    expect(one.lastResponseId).toMatch(/^resp_/);
    const before = turnsOf(google).length;
    const { lastResponseId: previousResponseId } = one;
    const two = await runner.run(helper(), 'And now?', {
      ...(previousResponseId !== undefined && { previousResponseId }),
    });
    expect(two.finalOutput).toContain('And now?');
    expect(turnsOf(google)).toHaveLength(before + 2);
    expectSigned(2);
  });
});

describe('the ai package, by its defaults,', () => {
  const openai = () =>
    createOpenAI({ baseURL: `${rondos[0].url}/v1`, apiKey: clientKey, fetch: alternating() });
  const tools = Object.fromEntries(
    names.map((name) => [
      name,
      tool({
        description: `Does ${name}.`,
        inputSchema: jsonSchema({ type: 'object', properties }),
        execute: async () => `done: ${name}`,
      }),
    ]),
  );

  for (const stream of [false, true]) {
    test(`refers to the items of earlier turns, ${stream ? 'streaming' : 'whole'}`, async () => {
      const chat = openai()(model);
      const messages: ModelMessage[] = [{ role: 'user', content: rounds }];
      const ask = async (): Promise<string> => {
        const body = { model: chat, tools, messages, stopWhen: stepCountIs(5) };
        const answer = stream ? streamText(body) : await generateText(body);
        for (const { response } of await answer.steps) messages.push(...response.messages);
        return answer.text;
      };
      await ask();
      messages.push({ role: 'user', content: 'And now?' });
      expect(await ask()).toBe('You said: And now?');
      expect(rondos.flatMap(({ sent }) => sent).join()).toContain('item_reference');
      expect(turnsOf(google).at(-1)).toBe('user: text');
      expectSigned(2);
    });
  }
});
