// Requests that mend themselves: Google's refusals in its own words, what is sent next, and what is
// remembered of them.
import { beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { refuse } from '../support/asked.ts';
import { ask, callsOf, failed, lastRequest, model, otherModel, served } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { adjustedIn, modes, tell } from '../support/told.ts';

let google: GoogleStub;
let rondo: Rondo;

// What a model refused is remembered, so each test has an isolate of its own.
beforeEach(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
  rondo = await startRondo({ vars: google.vars() });
});

interface Mended {
  readonly name: string;
  /** A setting is learned of the model; what a request says concerns it alone. */
  readonly isLearned?: false;
  readonly of: string;
  readonly asked: object;
  readonly message: string;
  readonly word: string;
  /** A path in the body, what it held first, and what it holds from then on. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const tools = [
  {
    type: 'function',
    function: { name: 'f', parameters: { type: 'object', properties: { a: { const: 'x' } } } },
  },
];
const unknown = (name: string, place: string): string =>
  `Invalid JSON payload received. Unknown name "${name}" at '${place}': Cannot find field.`;
const called = [
  { role: 'user', content: 'Go.' },
  {
    role: 'assistant',
    tool_calls: [{ id: 'abc', type: 'function', function: { name: 'f', arguments: '{}' } }],
  },
  { role: 'tool', tool_call_id: 'abc', content: 'ok' },
  // Behind it, so that Google doesn't need the ids.
  { role: 'user', content: 'And now?' },
];
const image = { url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'high' };
const thinking = 'generationConfig.thinkingConfig';

const cases: Mended[] = [
  {
    name: 'a level',
    of: 'gemini-3.5-flash',
    asked: { reasoning_effort: 'minimal' },
    message:
      'Thinking level MINIMAL is not supported for this model. Please retry with other thinking level.',
    word: 'thinking_level',
    path: `${thinking}.thinkingLevel`,
    before: 'MINIMAL',
    after: 'LOW',
  },
  {
    name: 'every level',
    of: model,
    asked: { reasoning_effort: 'low' },
    message: 'Thinking level is not supported for this model.',
    word: 'thinking_level',
    path: `${thinking}.thinkingLevel`,
    before: 'LOW',
    after: undefined,
  },
  {
    name: 'a budget that is out of range',
    of: otherModel,
    asked: { thinking_budget: 100 },
    message: 'The thinking budget 100 is invalid. Please choose a value between 512 and 24576.',
    word: 'thinking_budget',
    path: `${thinking}.thinkingBudget`,
    before: 100,
    after: 512,
  },
  {
    name: 'a budget of nothing',
    of: otherModel,
    asked: { reasoning_effort: 'none' },
    message: 'Budget 0 is invalid. This model only works in thinking mode.',
    word: 'thinking_budget',
    path: `${thinking}.thinkingBudget`,
    before: 0,
    after: 128,
  },
  {
    name: 'budgets altogether',
    of: 'gemini-3.5-flash',
    asked: { thinking_budget: 5000 },
    message: 'Thinking budget is not supported for this model. Use thinking level instead.',
    word: 'thinking_budget',
    path: thinking,
    before: { thinkingBudget: 5000, includeThoughts: true },
    after: { thinkingLevel: 'MEDIUM', includeThoughts: true },
  },
  {
    name: 'a penalty',
    of: otherModel,
    asked: { presence_penalty: 1 },
    message: 'Penalty is not enabled for models/gemini-2.5-flash',
    word: 'penalties',
    path: 'generationConfig.presencePenalty',
    before: 1,
    after: undefined,
  },
  {
    name: 'several candidates',
    of: otherModel,
    asked: { n: 2 },
    message: 'Multiple candidates is not enabled for models/gemini-2.5-flash',
    word: 'n',
    path: 'generationConfig.candidateCount',
    before: 2,
    after: undefined,
  },
  {
    name: 'logprobs',
    of: otherModel,
    asked: { logprobs: true },
    message: 'Logprobs is not enabled for models/gemini-2.5-flash',
    word: 'logprobs',
    path: 'generationConfig.responseLogprobs',
    before: true,
    after: undefined,
  },
  {
    name: 'ids of calls',
    isLearned: false,
    of: model,
    asked: { tools, messages: called },
    message: unknown('id', 'contents[1].parts[0].function_call'),
    word: 'call_ids',
    path: 'contents.1.parts.0.functionCall.id',
    before: 'abc',
    after: undefined,
  },
  {
    name: 'a keyword of a schema',
    isLearned: false,
    of: model,
    asked: { tools },
    message: unknown('const', 'tools[0].function_declarations[0].parameters_json_schema'),
    word: 'schema',
    path: 'tools.0.functionDeclarations.0.parameters.properties.a.enum',
    before: undefined,
    after: ['x'],
  },
  {
    name: 'the resolution of an image',
    of: model,
    asked: { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: image }] }] },
    message: 'Media resolution is not supported for this model.',
    word: 'media_resolution',
    path: 'contents.0.parts.0.mediaResolution',
    before: expect.anything(),
    after: undefined,
  },
  {
    name: 'tools beside JSON',
    isLearned: false,
    of: model,
    asked: { tools, response_format: { type: 'json_object' } },
    message: "Function calling with a response mime type: 'application/json' is unsupported",
    word: 'response_format',
    path: 'generationConfig.responseMimeType',
    before: 'application/json',
    after: undefined,
  },
  {
    name: 'so many tokens',
    of: model,
    asked: { max_tokens: 60_000 },
    message:
      'Unable to submit request because it has a maxOutputTokens value of 60000 but the supported ' +
      'range is from 1 (inclusive) to 8193 (exclusive). Update the value and try again.',
    word: 'max_tokens',
    path: 'generationConfig.maxOutputTokens',
    before: 60_000,
    after: 8192,
  },
];

const at = (body: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as JsonObject | undefined)?.[key], body);

describe('a request that is refused for', () => {
  test.for(cases)(
    '$name is mended once, says so, and is learned if it is a setting',
    async (each) => {
      const asked = { ...ask('Hello', each.asked), model: each.of };
      refuse(google, each.message);
      expect(adjustedIn(await tell(rondo, 'whole', asked))).toContain(each.word);
      const [refused, taken] = callsOf(google);
      expect(callsOf(google)).toHaveLength(2);
      expect(at(refused?.body, each.path)).toEqual(each.before);
      expect(at(taken?.body, each.path)).toEqual(each.after);
      expect(taken?.credential).toBe(refused?.credential);

      const again = await tell(rondo, 'streamed', asked);
      expect(callsOf(google)).toHaveLength(3);
      const { isLearned = true } = each;
      expect(at(lastRequest(google), each.path)).toEqual(isLearned ? each.after : each.before);
      expect(served(google)[2]).not.toBe(served(google)[1]);
      expect(again.choices[0]?.finish).toBeTruthy();
    },
  );
});

describe('a mend', () => {
  const effort = { reasoning_effort: 'low' };
  const refusal = 'Thinking level is not supported for this model.';

  test.each(modes)('is for that model alone, %s', async (mode) => {
    refuse(google, refusal);
    await tell(rondo, mode, ask('Hello', effort));
    await tell(rondo, mode, { ...ask('Hello', effort), model: 'gemini-4-neon' });
    expect(lastRequest(google)).toHaveProperty(`${thinking}.thinkingLevel`, 'LOW');
  });

  test('is not made for what was not sent', async () => {
    refuse(google, refusal);
    expect((await failed(rondo.chat(ask()))).status).toBe(400);
    expect(callsOf(google)).toHaveLength(1);
  });

  test('may be followed by another', async () => {
    refuse(google, 'Penalty is not enabled for this model');
    refuse(google, 'Thinking is not supported by this model.');
    const asked = { model: otherModel, frequency_penalty: 1, reasoning_effort: 'low' };
    const answer = await rondo.chat(ask('Hello', asked));
    expect(answer.status).toBe(200);
    await answer.text();
    expect(callsOf(google)).toHaveLength(3);
    expect(answer.headers.get('x-rondo-adjusted')).toMatch(/penalties.*thinking/);
  });

  test('does not run in circles', async () => {
    refuse(google, refusal, 10);
    const { status } = await failed(rondo.chat(ask('Hello', effort)));
    expect(status).toBe(400);
    expect(callsOf(google)).toHaveLength(2);
  });
});

describe("a mistake of the user's own", () => {
  test.each(modes)("is passed on with Google's words and field, %s", async (mode) => {
    refuse(google, 'Invalid value at \'contents[0].parts[0]\' (oneof), oneof field "data" is set.');
    const stream = mode === 'streamed';
    const { status, error } = await failed(rondo.chat(ask('Hello', { stream })));
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: 'invalid_request_error', param: 'messages' });
    expect(callsOf(google)).toHaveLength(1);
  });

  test('of a prompt that is too long is told as OpenAI does', async () => {
    refuse(
      google,
      'The input token count (1196265) exceeds the maximum number of tokens allowed (1048576).',
    );
    const { status, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(400);
    expect(error).toMatchObject({ code: 'context_length_exceeded', param: 'messages' });
  });
});
