// Tools, rule by rule: what Google is told of them, and what becomes of the calls that it makes.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import {
  answer,
  contentsOf,
  declarationsOf,
  partsOf,
  said,
  stop,
  turnsOf,
} from '../support/asked.ts';
import { ask, lastRequest, model, otherModel, told } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { type Call, calledIn, callsIn, choiceOf, modes, tell } from '../support/told.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const parameters = { type: 'object', properties: { tz: { type: 'string' } } };
const declared = (name: string) => ({ name, description: `Does ${name}.`, parameters });
const tool = (name: string) => ({ type: 'function', function: declared(name) });
const tools = ['get_time', 'get_weather', 'notify'].map(tool);
const three = 'get_time({"tz":"UTC"}) and get_weather({}) and notify({"tz":"CET"})';
const threeCalls = ['get_time {"tz":"UTC"}', 'get_weather {}', 'notify {"tz":"CET"}'];

const callingConfig = (): unknown =>
  (lastRequest(google).toolConfig as JsonObject | undefined)?.functionCallingConfig;

/** A user's words, calls of the assistant, and the results given in turn. */
const round = (calls: object[], results: object[]) => [
  { role: 'user', content: 'Go on.' },
  { role: 'assistant', content: null, tool_calls: calls },
  ...results,
];
const call = (id: string, name: string, args: unknown = '{}') => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const result = (id: string, content: unknown = 'ok') => ({
  role: 'tool',
  tool_call_id: id,
  content,
});

describe('tool_choice', () => {
  const named = { type: 'function', function: { name: 'notify' } };
  const allowed = (mode: string) => ({
    type: 'allowed_tools',
    allowed_tools: { mode, tools: [tool('get_time'), tool('notify')] },
  });
  const choices: [string, object, unknown][] = [
    ['that is absent is left to Google', {}, undefined],
    ['auto is AUTO', { tool_choice: 'auto' }, { mode: 'AUTO' }],
    ['none is NONE', { tool_choice: 'none' }, { mode: 'NONE' }],
    ['required is ANY', { tool_choice: 'required' }, { mode: 'ANY' }],
    [
      "GitHub Copilot's validated is VALIDATED",
      { tool_choice: 'validated' },
      { mode: 'VALIDATED' },
    ],
    [
      'of a name is ANY with that name',
      { tool_choice: named },
      { mode: 'ANY', allowedFunctionNames: ['notify'] },
    ],
    [
      'of required tools is ANY with their names',
      { tool_choice: allowed('required') },
      { mode: 'ANY', allowedFunctionNames: ['get_time', 'notify'] },
    ],
  ];

  test.for(choices)('%s', async ([, more, expected]) => {
    await told(rondo.chat(ask('Hello', { tools, ...more })));
    expect(callingConfig()).toEqual(expected);
    expect(declarationsOf(google)).toHaveLength(3);
  });

  test('of allowed tools declares these alone', async () => {
    await told(rondo.chat(ask('Hello', { tools, tool_choice: allowed('auto') })));
    expect(declarationsOf(google).map(({ name }) => name)).toEqual(['get_time', 'notify']);
  });

  test('without tools is no reason to refuse', async () => {
    await told(rondo.chat(ask('Hello', { tools: [], tool_choice: 'auto' })));
    expect(lastRequest(google)).not.toHaveProperty('tools');
    expect(callingConfig()).toBeUndefined();
  });
});

describe.each(modes)('calls, %s,', (mode) => {
  test('come all of them, in order', async () => {
    const completion = await tell(rondo, mode, ask(three, { tools }));
    expect(calledIn(completion)).toEqual(threeCalls);
    expect(choiceOf(completion).finish).toBe('tool_calls');
    expect(choiceOf(completion).message.content || null).toBeNull();
  });

  test('are none with tool_choice none', async () => {
    const completion = await tell(rondo, mode, ask(three, { tools, tool_choice: 'none' }));
    expect(calledIn(completion)).toEqual([]);
    expect(choiceOf(completion).finish).toBe('stop');
  });

  test('are one with parallel_tool_calls false', async () => {
    const asked = ask(three, { tools, parallel_tool_calls: false });
    expect(calledIn(await tell(rondo, mode, asked))).toEqual(threeCalls.slice(0, 1));
  });

  test('finish with tool_calls though STOP comes in a later, empty event', async () => {
    const functionCall = { name: 'notify', args: { text: 'x' } };
    for (const end of [stop, said([], stop), said([{ text: '' }], stop)]) {
      answer(google, [said([{ functionCall }]), end]);
      const completion = await tell(rondo, mode, ask('Hello', { tools }));
      expect(choiceOf(completion).finish).toBe('tool_calls');
      expect(calledIn(completion)).toEqual(['notify {"text":"x"}']);
    }
  });

  test('may come after some text, which stays text', async () => {
    const functionCall = { name: 'notify', args: {} };
    answer(google, [said([{ text: 'Well, ' }]), said([{ text: 'now:' }, { functionCall }], stop)]);
    const completion = await tell(rondo, mode, ask('Hello', { tools }));
    expect(choiceOf(completion).message.content).toBe('Well, now:');
    expect(calledIn(completion)).toEqual(['notify {}']);
  });

  test('whose arguments come behind them, without a name, are whole', async () => {
    google.fault({}, 'split-call');
    const completion = await tell(rondo, mode, ask(three, { tools }));
    expect(calledIn(completion)).toEqual(threeCalls);
    expect(choiceOf(completion).finish).toBe('tool_calls');
  });

  test('without arguments have an empty object', async () => {
    answer(google, [said([{ functionCall: { name: 'notify' } }], stop)]);
    expect(calledIn(await tell(rondo, mode, ask('Hello', { tools })))).toEqual(['notify {}']);
  });

  test('that end in a limit or a filter tell that, and no tool_calls', async () => {
    for (const [finishReason, finish] of [
      ['MAX_TOKENS', 'length'],
      ['SAFETY', 'content_filter'],
    ] as const) {
      answer(google, [said([{ functionCall: { name: 'notify', args: {} } }], { finishReason })]);
      const completion = await tell(rondo, mode, ask('Hello', { tools }));
      expect(choiceOf(completion).finish).toBe(finish);
    }
  });

  test('have ids of at most 40 plain characters, each another', async () => {
    const ids = ['ok_id-1', 'ok_id-1', 'has space', 'x'.repeat(41), 'ünï', '', undefined];
    const parts = ids.map((id) => ({
      functionCall: { ...(id !== undefined && { id }), name: 'notify', args: {} },
    }));
    answer(google, [said(parts, stop)]);
    const made = callsIn(await tell(rondo, mode, ask('Hello', { tools }))).map(({ id }) => id);
    expect(made[0]).toBe('ok_id-1');
    for (const id of made) expect(id).toMatch(/^[A-Za-z0-9_-]{1,40}$/);
    expect(new Set(made).size).toBe(ids.length);
  });

  test('of a custom tool bring its input', async () => {
    const custom = { type: 'custom', custom: { name: 'shell', description: 'Runs it.' } };
    const asked = ask('shell({"input":"ls -l"})', { tools: [custom] });
    expect(callsIn(await tell(rondo, mode, asked))).toMatchObject([
      { type: 'custom', custom: { name: 'shell', input: 'ls -l' } },
    ]);
  });
});

describe('calls in a stream', () => {
  interface Streamed {
    delta: { tool_calls?: (Call & { index: number; type: string })[] };
    finish_reason: string | null;
  }
  const choicesIn = async (): Promise<Streamed[]> => {
    const { chunks } = await tell(rondo, 'streamed', ask(three, { tools }));
    return chunks.flatMap(({ choices }) => choices as unknown as Streamed[]);
  };

  test('have a rising index across chunks, and tell id, type and name once', async () => {
    const calls = (await choicesIn()).flatMap(({ delta }) => delta.tool_calls ?? []);
    expect(calls.map(({ index }) => index)).toEqual([0, 1, 2]);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
    for (const { type } of calls) expect(type).toBe('function');
  });

  test('finish in the last chunk, with no call in it', async () => {
    const last = (await choicesIn()).at(-1);
    expect(last).toMatchObject({ delta: {}, finish_reason: 'tool_calls' });
    expect(last?.delta).not.toHaveProperty('tool_calls');
  });
});

describe.each(modes)('the older functions, %s,', (mode) => {
  const functions = ['get_time', 'notify'].map(declared);

  test('are declared, and called by function_call', async () => {
    const completion = await tell(rondo, mode, ask('get_time({"tz":"UTC"})', { functions }));
    expect(declarationsOf(google)).toHaveLength(2);
    const { message, finish } = choiceOf(completion);
    expect(message.function_call).toEqual({ name: 'get_time', arguments: '{"tz":"UTC"}' });
    expect(message).not.toHaveProperty('tool_calls');
    expect(finish).toBe('function_call');
  });

  test('are chosen by function_call', async () => {
    const asked = ask('Hello', { functions, function_call: { name: 'notify' } });
    const { message } = choiceOf(await tell(rondo, mode, asked));
    expect(callingConfig()).toEqual({ mode: 'ANY', allowedFunctionNames: ['notify'] });
    expect(message.function_call).toMatchObject({ name: 'notify' });
  });

  test('are never called twice at once', async () => {
    const completion = await tell(rondo, mode, ask('get_time and notify', { functions }));
    expect(choiceOf(completion).message.function_call).toMatchObject({ name: 'get_time' });
  });

  test('get their result from a message of the function role', async () => {
    const messages = [
      { role: 'user', content: 'What time is it?' },
      { role: 'assistant', content: null, function_call: { name: 'get_time', arguments: '{}' } },
      { role: 'function', name: 'get_time', content: '{"time":"10:00"}' },
    ];
    const completion = await tell(rondo, mode, { model, functions, messages });
    expect(choiceOf(completion).message.content).toBe('The tools said: get_time {"time":"10:00"}');
  });
});

describe('results', () => {
  const names = (turn: number): unknown[] =>
    partsOf(google, turn).map(({ functionResponse }) => (functionResponse as JsonObject).name);
  const calls = [call('a', 'get_time'), call('b', 'get_weather'), call('c', 'notify')];
  const responses = (turn: number): unknown[] =>
    partsOf(google, turn).map(({ functionResponse }) => (functionResponse as JsonObject).response);

  test('in any order are gathered into one turn, in the order of the calls', async () => {
    const messages = round(calls, [result('c', 'C'), result('a', 'A'), result('b', 'B')]);
    await told(rondo.chat({ model, tools, messages }));
    expect(turnsOf(google)).toHaveLength(3);
    expect(names(-1)).toEqual(['get_time', 'get_weather', 'notify']);
    expect(responses(-1)).toEqual([{ output: 'A' }, { output: 'B' }, { output: 'C' }]);
  });

  test('that are missing are filled, so that each call has one', async () => {
    await told(rondo.chat({ model, tools, messages: round(calls, [result('b')]) }));
    expect(names(-1)).toEqual(['get_time', 'get_weather', 'notify']);
    expect(responses(-1)[0]).toHaveProperty('error');
    expect(responses(-1)[1]).toEqual({ output: 'ok' });
  });

  test('that are all missing are filled where the user goes on instead', async () => {
    const messages = round(calls, [{ role: 'user', content: 'Never mind.' }]);
    await told(rondo.chat({ model, tools, messages }));
    expect(turnsOf(google).at(-1)).toBe(
      'user: functionResponse functionResponse functionResponse text',
    );
  });

  test('belong to the nearest turn of the assistant before them', async () => {
    const messages = [
      ...round([call('x', 'get_time')], [result('x', 'first')]),
      { role: 'user', content: 'Again.' },
      { role: 'assistant', tool_calls: [call('x', 'notify')] },
      result('x', 'second'),
    ];
    await told(rondo.chat({ model, tools, messages }));
    expect(names(-1)).toEqual(['notify']);
    expect(responses(-1)).toEqual([{ output: 'second' }]);
  });

  test('of a call that nobody made are told as text', async () => {
    const messages = [{ role: 'user', content: 'Hi' }, result('gone', 'late news')];
    const text = await told(rondo.chat({ model, tools, messages }));
    expect(text).toContain('late news');
    expect(turnsOf(google)).toEqual(['user: text text']);
  });

  const contents: [string, unknown, JsonObject][] = [
    ['a JSON object goes as it is', '{"time":"10:00","zone":null}', { time: '10:00', zone: null }],
    ['a JSON array is wrapped', '[1,"two"]', { output: [1, 'two'] }],
    ['text is wrapped', 'sunny, "mostly"', { output: 'sunny, "mostly"' }],
    ['a number is a text', '42', { output: '42' }],
    ['nothing is an empty text', '', { output: '' }],
    ['broken JSON is a text', '{"time":', { output: '{"time":' }],
    [
      'text in parts is joined',
      [
        { type: 'text', text: '{"a":' },
        { type: 'text', text: '1}' },
      ],
      { a: 1 },
    ],
  ];
  test.for(contents)('whose content is %s', async ([, content, response]) => {
    const messages = round([call('a', 'get_time')], [result('a', content)]);
    await told(rondo.chat({ model, tools, messages }));
    expect(responses(-1)).toEqual([response]);
  });

  test('may have no content at all', async () => {
    const messages = round([call('a', 'get_time')], [result('a', null)]);
    await told(rondo.chat({ model, tools, messages }));
    expect(responses(-1)).toEqual([{ output: '' }]);
  });

  describe('with an image', () => {
    const inlineData = { mimeType: 'image/png', data: 'iVBORw0KGgo=' };
    const content = [
      { type: 'text', text: 'A map.' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
    ];
    const messages = round([call('a', 'get_time')], [result('a', content)]);

    test('bring it inside where the model takes that', async () => {
      await told(rondo.chat({ model, tools, messages }));
      expect(partsOf(google, -1)).toMatchObject([
        { functionResponse: { response: { output: 'A map.' }, parts: [{ inlineData }] } },
      ]);
    });

    test('have it behind them where it does not', async () => {
      await told(rondo.chat({ model: otherModel, tools, messages }));
      expect(partsOf(google, -1)).toMatchObject([
        { functionResponse: { response: { output: 'A map.' } } },
        { inlineData },
      ]);
    });
  });
});

describe('arguments in the history', () => {
  const cases: [string, unknown, JsonObject][] = [
    ['of an object stay', '{"tz":"UTC","n":[1,{"a":null}]}', { tz: 'UTC', n: [1, { a: null }] }],
    ['of nothing are an empty object', '', {}],
    ['of blanks are an empty object', ' \n', {}],
    ['of null are an empty object', 'null', {}],
    ['that are absent are an empty object', undefined, {}],
    ['that break off are kept as a text', '{"tz":"UT', { input: '{"tz":"UT' }],
    ['of plain text are kept as a text', 'UTC, please', { input: 'UTC, please' }],
    ['of a list are wrapped', '[1,2]', { value: [1, 2] }],
    ['that are encoded twice are decoded', '"{\\"tz\\":\\"UTC\\"}"', { tz: 'UTC' }],
    ['that are no text but an object stay', { tz: 'UTC' }, { tz: 'UTC' }],
  ];

  test.for(cases)('%s', async ([, args, expected]) => {
    const messages = round([{ ...call('a', 'get_time', args) }], [result('a')]);
    await told(rondo.chat({ model, tools, messages }));
    expect(partsOf(google, 1)).toMatchObject([{ functionCall: { args: expected } }]);
  });
});

describe.each(modes)('a name that Google refuses, %s,', (mode) => {
  const names: [string, string][] = [
    ['begins with a digit', '3d_model'],
    ['has blanks', 'get the time'],
    ['has a slash', 'server/get_time'],
    ['is in another script', '天気'],
    ['is long', 'x'.repeat(80)],
  ];

  test.for(names)('since it %s, is mapped and mapped back', async ([, name]) => {
    const asked = ask('Go', {
      tools: [tool(name), tool('notify')],
      tool_choice: { type: 'function', function: { name } },
    });
    const [made] = callsIn(await tell(rondo, mode, asked));
    expect(made?.function.name).toBe(name);
    const googles = declarationsOf(google)[0]?.name;
    expect(googles).toMatch(/^[A-Za-z_][A-Za-z0-9_.:-]{0,63}$/);
    expect(callingConfig()).toEqual({ mode: 'ANY', allowedFunctionNames: [googles] });

    const messages = round([{ ...made }], [result(made?.id ?? '')]);
    await told(rondo.chat({ model, tools: [tool(name)], messages }));
    expect(partsOf(google, 1)).toMatchObject([{ functionCall: { name: googles } }]);
    expect(partsOf(google, 2)).toMatchObject([{ functionResponse: { name: googles } }]);
  });

  test('is never taken for another that looks alike', async () => {
    const alike = ['get time', 'get_time', 'get/time'];
    for (const name of alike) {
      const tool_choice = { type: 'function', function: { name } };
      const asked = ask('Go', { tools: alike.map(tool), tool_choice });
      expect(callsIn(await tell(rondo, mode, asked))).toMatchObject([{ function: { name } }]);
    }
    expect(new Set(declarationsOf(google).map(({ name }) => name)).size).toBe(3);
  });
});

describe("Anthropic's blocks", () => {
  const messages = (more: object = {}) => [
    { role: 'user', content: 'What time is it?' },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' },
        { type: 'text', text: 'Let me see.' },
        { type: 'tool_use', id: 'toolu_1', name: 'get_time', input: { tz: 'UTC' } },
      ],
    },
    {
      role: 'user',
      content: [
        {
          type: 'tool_result',
          tool_use_id: 'toolu_1',
          content: [{ type: 'text', text: '10:00' }],
          ...more,
        },
        { type: 'text', text: 'And now?' },
      ],
    },
  ];

  test('are calls and results', async () => {
    await told(rondo.chat({ model, tools, messages: messages() }));
    expect(contentsOf(google)).toMatchObject([
      { role: 'user', parts: [{ text: 'What time is it?' }] },
      {
        role: 'model',
        parts: [
          { text: 'Let me see.' },
          { functionCall: { name: 'get_time', args: { tz: 'UTC' } } },
        ],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { name: 'get_time', response: { output: '10:00' } } },
          { text: 'And now?' },
        ],
      },
    ]);
  });

  test('that tell an error are told as one', async () => {
    await told(rondo.chat({ model, tools, messages: messages({ is_error: true }) }));
    expect(partsOf(google, 2)).toMatchObject([
      { functionResponse: { response: { error: '10:00' } } },
      {},
    ]);
  });
});
