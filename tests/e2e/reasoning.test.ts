// Reasoning and sampling for each family: what is sent, what is left out, and that it is said.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { answer, configOf, said, stop } from '../support/asked.ts';
import { ask, callsOf, failed, model, otherModel } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { adjustedIn, choiceOf, modes, tell } from '../support/told.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const budget = (thinkingBudget: number, includeThoughts = true): JsonObject => ({
  thinkingBudget,
  includeThoughts,
});
const level = (thinkingLevel: string, includeThoughts = true): JsonObject => ({
  thinkingLevel,
  includeThoughts,
});

describe('reasoning_effort', () => {
  type Row = [of: string, effort: string, config: JsonObject, isAdjusted: boolean];
  const rows: Row[] = [
    ['gemini-2.5-flash', 'none', budget(0, false), false],
    ['gemini-2.5-flash', 'minimal', budget(1024), false],
    ['gemini-2.5-flash', 'low', budget(1024), false],
    ['gemini-2.5-flash', 'medium', budget(8192), false],
    ['gemini-2.5-flash', 'high', budget(24_576), false],
    ['gemini-2.5-flash', 'xhigh', budget(24_576), false],
    ['gemini-2.5-flash-lite', 'low', budget(1024), false],
    ['gemini-2.5-pro', 'none', budget(128), true],
    ['gemini-2.5-pro', 'xhigh', budget(32_768), false],
    ['gemini-3-flash-preview', 'none', level('MINIMAL', false), true],
    ['gemini-3-flash-preview', 'minimal', level('MINIMAL'), false],
    ['gemini-3.1-pro-preview', 'minimal', level('LOW'), true],
    ['gemini-3.1-pro-preview', 'medium', level('MEDIUM'), false],
    ['gemini-3.5-flash-lite', 'minimal', level('MINIMAL'), false],
    ['gemini-3.8-flash', 'minimal', level('LOW'), true],
    ['gemini-3.8-flash', 'medium', level('MEDIUM'), false],
    ['gemini-3.8-flash', 'high', level('HIGH'), false],
    ['gemini-3.8-flash', 'xhigh', level('HIGH'), true],
    ['gemini-4-argon', 'none', level('LOW', false), true],
    ['gemini-4-argon', 'xhigh', level('HIGH'), true],
    ['gemini-4-neon', 'xhigh', level('XHIGH'), false],
    ['gemini-4-hydrogen', 'max', level('XHIGH'), false],
  ];

  test.for(rows)('for %s of %s is what it takes', async ([of, effort, config, isAdjusted]) => {
    const completion = await tell(rondo, 'whole', ask('', { model: of, reasoning_effort: effort }));
    expect(configOf(google).thinkingConfig).toEqual(config);
    expect(adjustedIn(completion)).toEqual(isAdjusted ? ['reasoning_effort'] : []);
    expect(callsOf(google)).toHaveLength(1);
  });

  test.for([model, otherModel, 'gemini-4-neon'])('is nothing to %s unless asked', async (of) => {
    await tell(rondo, 'whole', ask('', { model: of, reasoning_effort: null }));
    expect(configOf(google)).not.toHaveProperty('thinkingConfig');
  });
});

describe('thinking as Google has it', () => {
  const google25 = { thinking_budget: 800, include_thoughts: false };
  const cases: [string, string, object, JsonObject][] = [
    [
      'under extra_body.google',
      otherModel,
      { extra_body: { google: { thinking_config: google25 } } },
      budget(800, false),
    ],
    ['under google', otherModel, { google: { thinking_config: google25 } }, budget(800, false)],
    ['at the top', otherModel, { thinking_budget: -1 }, budget(-1)],
    ['as a level', model, { google: { thinking_config: { thinking_level: 'low' } } }, level('LOW')],
    [
      'as a budget of an early level model',
      'gemini-3.5-flash',
      { thinking_budget: 800 },
      budget(800),
    ],
    ['as a budget of a later level model', model, { thinking_budget: 800 }, level('LOW')],
    [
      'as a budget, where none is taken',
      'gemini-4-neon',
      { thinking_budget: 8000 },
      level('MEDIUM'),
    ],
    [
      'as a level of a budget model',
      otherModel,
      { google: { thinking_config: { thinking_level: 'LOW' } } },
      budget(1024),
    ],
    [
      'over reasoning_effort',
      model,
      { reasoning_effort: 'high', google: { thinking_config: { thinking_level: 'low' } } },
      level('LOW'),
    ],
  ];

  test.for(cases)('%s is sent', async ([, of, more, config]) => {
    await tell(rondo, 'whole', ask('', { model: of, ...more }));
    expect(configOf(google).thinkingConfig).toEqual(config);
  });

  const suffixes: [string, string, JsonObject][] = [
    [model, 'high', level('HIGH')],
    [model, '8192', level('MEDIUM')],
    [otherModel, 'low', budget(1024)],
    [otherModel, '2048', budget(2048)],
    ['gemini-4-neon', 'xhigh', level('XHIGH')],
  ];

  test.for(suffixes)('is asked for by the name %s(%s)', async ([of, suffix, config]) => {
    const name = `${of}(${suffix})`;
    const answered = await rondo.chat(ask('', { model: name, reasoning_effort: 'medium' }));
    expect(await answered.json()).toHaveProperty('model', name);
    expect(configOf(google).thinkingConfig).toEqual(config);
    expect(callsOf(google)[0]?.model).toBe(of);
  });

  test('of a wrong type is 400 with its path', async () => {
    const extra_body = { google: { thinking_config: { thinking_budget: 'much' } } };
    const { status, error } = await failed(rondo.chat(ask('', { extra_body })));
    expect(status).toBe(400);
    expect(error.param).toBe('extra_body.google.thinking_config.thinking_budget');
  });
});

describe.each(modes)('thoughts, %s,', (mode) => {
  test('are reasoning_content and never content', async () => {
    const { message } = choiceOf(await tell(rondo, mode, ask('Hi', { reasoning_effort: 'low' })));
    expect(message.content).toBe('You said: Hi');
    expect(message.reasoning_content).toBe('**Reading the request**\n\nThey said: Hi\n\n');
  });

  test('between texts leave the text whole', async () => {
    const parts = [{ text: 'One ' }, { text: 'hm', thought: true }, { text: 'two' }];
    answer(google, [...parts.map((part) => said([part])), stop]);
    const { message } = choiceOf(await tell(rondo, mode, ask()));
    expect(message).toMatchObject({ content: 'One two', reasoning_content: 'hm' });
  });

  test('come back from a client without harm', async () => {
    const { message } = choiceOf(await tell(rondo, mode, ask('Hi', { reasoning_effort: 'low' })));
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', ...message },
      { role: 'user', content: 'Go on.' },
    ];
    const { message: next } = choiceOf(await tell(rondo, mode, { model, messages }));
    expect(next.content).toBe('You said: Go on.');
  });
});

describe('sampling', () => {
  const sampling = { temperature: 0.5, top_p: 0.9 };
  test.for(['gemini-2.5-flash', 'gemini-2.5-pro', 'gemini-3.5-flash'])('goes to %s', async (of) => {
    const completion = await tell(rondo, 'whole', ask('', { model: of, ...sampling }));
    expect(configOf(google)).toMatchObject({ temperature: 0.5, topP: 0.9 });
    expect(adjustedIn(completion)).toEqual([]);
  });

  test.for(['gemini-3.5-flash-lite', 'gemini-3.6-flash', model, 'gemini-4-neon'])(
    'is left out for %s, and said',
    async (of) => {
      const completion = await tell(rondo, 'whole', ask('', { model: of, ...sampling }));
      expect(configOf(google)).toEqual({});
      expect(adjustedIn(completion)).toEqual(['temperature', 'top_p']);
    },
  );

  const penalties = { presence_penalty: 0.5, frequency_penalty: -0.5 };
  test('has penalties where they are taken', async () => {
    await tell(rondo, 'whole', ask('', { model: otherModel, ...penalties }));
    expect(configOf(google)).toEqual({ presencePenalty: 0.5, frequencyPenalty: -0.5 });
  });

  test('has none for the Gemini API before Gemini 3, which refuses them', async () => {
    const keyed = await startGoogle();
    keyed.addApiKey();
    const other = await startRondo({ vars: keyed.vars() });
    const completion = await tell(other, 'whole', ask('', { model: otherModel, ...penalties }));
    expect(configOf(keyed)).toEqual({});
    expect(adjustedIn(completion)).toEqual(['penalties']);
  });

  test.for([model, 'gemini-4-neon'])('has no penalties for %s, and says so', async (of) => {
    const completion = await tell(rondo, 'whole', ask('', { model: of, ...penalties }));
    expect(configOf(google)).toEqual({});
    expect(adjustedIn(completion)).toEqual(['penalties']);
  });

  test.for([model, otherModel, 'gemini-4-neon'])('forces no default on %s', async (of) => {
    await tell(rondo, 'whole', ask('', { model: of }));
    expect(configOf(google)).toEqual({});
  });
});

describe('the length of an answer', () => {
  test('is max_completion_tokens rather than max_tokens', async () => {
    await tell(rondo, 'whole', ask('', { max_tokens: 500, max_completion_tokens: 400 }));
    expect(configOf(google)).toEqual({ maxOutputTokens: 400 });
  });

  test('is cut to what the model gives, whole and streamed', async () => {
    const asked = ask('', { model: 'gemini-4-argon', max_tokens: 1_000_000 });
    for (const [mode, most] of [
      ['whole', 32_768],
      ['streamed', 65_536],
    ] as const) {
      expect(adjustedIn(await tell(rondo, mode, asked))).toEqual(['max_tokens']);
      expect(configOf(google)).toEqual({ maxOutputTokens: most });
    }
  });
});

describe.each(modes)('several choices, %s,', (mode) => {
  test('come where the model makes them', async () => {
    const { choices } = await tell(rondo, mode, ask('Hi', { model: otherModel, n: 3 }));
    const texts = choices.map(({ message }) => message.content);
    expect(texts).toEqual(['You said: Hi', 'You said: Hi (1)', 'You said: Hi (2)']);
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2]);
    for (const { finish } of choices) expect(finish).toBe('stop');
  });

  test.for([model, 'gemini-4-neon'])('are one from %s, and that is said', async (of) => {
    const completion = await tell(rondo, mode, ask('Hi', { model: of, n: 3 }));
    expect(completion.choices).toHaveLength(1);
    expect(adjustedIn(completion)).toEqual(['n']);
    expect(configOf(google)).not.toHaveProperty('candidateCount');
  });
});

describe.each(modes)('logprobs, %s,', (mode) => {
  interface Score extends JsonObject {
    token: string;
    logprob: number;
    bytes: number[];
    top_logprobs: JsonObject[];
  }

  test('tell of every token, with alternatives', async () => {
    const asked = ask('Grüße', { model: otherModel, logprobs: true, top_logprobs: 2 });
    const { logprobs, message } = choiceOf(await tell(rondo, mode, asked));
    const scores = logprobs?.content as Score[];
    expect(scores.map(({ token }) => token).join('')).toBe(message.content);
    for (const { token, bytes, logprob, top_logprobs } of scores) {
      expect(Buffer.from(bytes).toString()).toBe(token);
      expect(logprob).toBeLessThan(0);
      expect(top_logprobs).toHaveLength(2);
      expect(top_logprobs[0]).toMatchObject({ token });
    }
  });

  test('are left out where the model refuses them, and that is said', async () => {
    const asked = ask('Hi', { model: 'gemini-4-neon', logprobs: true });
    const completion = await tell(rondo, mode, asked);
    expect(choiceOf(completion).logprobs).toBeNull();
    expect(adjustedIn(completion)).toEqual(['logprobs']);
  });
});
