// Conversations of odd shapes: whatever clients send, Google gets a body that it takes, and the text
// of it is all there.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { contentsOf, turnsOf } from '../support/asked.ts';
import { ask, callsOf, failed, lastRequest, model, otherModel, told } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const system = (content: unknown) => ({ role: 'system', content });
const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown, more: object = {}) => ({
  role: 'assistant',
  content,
  ...more,
});
const parts = (...texts: string[]) => texts.map((text) => ({ type: 'text', text }));

/** `user: One|Two`, a line a turn. */
const texts = (): string[] =>
  contentsOf(google).map(
    ({ role, parts: all }) => `${role}: ${all.map(({ text }) => text).join('|')}`,
  );
const instruction = (): unknown => lastRequest(google).systemInstruction;

describe('a conversation', () => {
  const shapes: [string, object[], string[]][] = [
    ['of one user', [user('One')], ['user: One']],
    ['in parts', [user(parts('One', 'two'))], ['user: One|two']],
    ['of users in a row', [user('One'), user('Two')], ['user: One|Two']],
    [
      'of assistants in a row',
      [user('One'), assistant('Two'), assistant('Three'), user('Four')],
      ['user: One', 'model: Two|Three', 'user: Four'],
    ],
    [
      'with an assistant that said nothing',
      [user('One'), assistant(''), user('Two')],
      ['user: One|Two'],
    ],
    ['with an assistant of null', [user('One'), assistant(null), user('Two')], ['user: One|Two']],
    [
      'with an assistant without content',
      [user('One'), { role: 'assistant' }, user('Two')],
      ['user: One|Two'],
    ],
    ['with an empty user', [user(''), user('Two')], ['user: Two']],
    ['with empty parts', [user(parts('', 'One', ''))], ['user: One']],
    ['with no parts', [user([]), user('Two')], ['user: Two']],
    ['of nothing but an empty user', [user('')], ['user:  ']],
    [
      'that begins with the assistant',
      [assistant('One'), user('Two')],
      ['user:  ', 'model: One', 'user: Two'],
    ],
    ['of system text alone', [system('Be kind.')], ['user:  ']],
    [
      'with a refusal',
      [user('One'), assistant(null, { refusal: 'No.' }), user('Two')],
      ['user: One', 'model: No.', 'user: Two'],
    ],
    [
      'that ends with the assistant, for models that go on from there',
      [user('One'), assistant('Two')],
      ['user: One', 'model: Two', 'user: Continue.'],
    ],
  ];

  test.for(shapes)('%s is taken', async ([, messages, expected]) => {
    await told(rondo.chat({ model, messages }));
    expect(texts()).toEqual(expected);
    expect(callsOf(google)).toHaveLength(1);
  });

  test('that ends with the assistant stays so where the model takes it', async () => {
    await told(rondo.chat({ model: otherModel, messages: [user('One'), assistant('Two')] }));
    expect(texts()).toEqual(['user: One', 'model: Two']);
  });

  test('that ends with the assistant says that it was changed', async () => {
    const answer = await rondo.chat({ model, messages: [user('One'), assistant('Two')] });
    expect(answer.headers.get('x-rondo-adjusted')).toBe('messages');
    await told(answer);
  });

  test('with system text anywhere has it in the instruction, in order', async () => {
    const messages = [
      system('One.'),
      user('Hello'),
      system(parts('Two.', 'Three.')),
      assistant('Hi'),
      { role: 'developer', content: 'Four.' },
      user('Go on.'),
    ];
    await told(rondo.chat({ model, messages }));
    const said = (instruction() as { parts: { text: string }[] }).parts.map(({ text }) => text);
    expect(said.join('\n').split(/\n+/)).toEqual(['One.', 'Two.', 'Three.', 'Four.']);
    expect(turnsOf(google)).toEqual(['user: text', 'model: text', 'user: text']);
  });

  test('with empty system text has no instruction', async () => {
    await told(rondo.chat({ model, messages: [system(''), user('Hello')] }));
    expect(instruction()).toBeUndefined();
  });

  test('with names, audio and fields nobody knows is taken', async () => {
    const messages = [
      { ...user('One'), name: 'ann', weight: 3 },
      assistant('Two', { name: 'bot', audio: { id: 'a' }, annotations: [], tool_calls: [] }),
      user('Three'),
    ];
    await told(rondo.chat({ model, messages }));
    expect(texts()).toEqual(['user: One', 'model: Two', 'user: Three']);
  });

  test('of a thousand turns is taken', async () => {
    const messages = Array.from({ length: 1001 }, (_, index) =>
      index % 2 === 0 ? user(`${index}`) : assistant(`${index}`),
    );
    expect(await told(rondo.chat({ model, messages }))).toBe('You said: 1000');
    expect(contentsOf(google)).toHaveLength(1001);
  });
});

describe('a wrong type', () => {
  const call = (more: object) => [
    user('Hello'),
    { role: 'assistant', tool_calls: [{ id: 'a', type: 'function', ...more }] },
  ];
  const fn = (more: object) => [{ type: 'function', function: { name: 'f', ...more } }];
  const schema = (json_schema: unknown) => ({
    response_format: { type: 'json_schema', json_schema },
  });
  const block = (more: object) => ({ messages: [user([more])] });
  const faults: [string, object, string][] = [
    ['a tool that is a text', { tools: ['f'] }, 'tools[0]'],
    ['a tool of null', { tools: [null] }, 'tools[0]'],
    ['a tool without a type', { tools: [{ function: { name: 'f' } }] }, 'tools[0].type'],
    ['a tool of an unknown type', { tools: [{ type: 'spell' }] }, 'tools[0].type'],
    ['a tool without its function', { tools: [{ type: 'function' }] }, 'tools[0].function'],
    [
      'a function that is a list',
      { tools: [{ type: 'function', function: [] }] },
      'tools[0].function',
    ],
    ['a name that is a number', { tools: fn({ name: 5 }) }, 'tools[0].function.name'],
    ['an empty name', { tools: fn({ name: '' }) }, 'tools[0].function.name'],
    [
      'a description that is a list',
      { tools: fn({ description: [] }) },
      'tools[0].function.description',
    ],
    [
      'parameters that are a text',
      { tools: fn({ parameters: '{}' }) },
      'tools[0].function.parameters',
    ],
    [
      'parameters that are a list',
      { tools: fn({ parameters: [] }) },
      'tools[0].function.parameters',
    ],
    ['functions that are an object', { functions: {} }, 'functions'],
    ['a tool_choice that is a number', { tools: fn({}), tool_choice: 1 }, 'tool_choice'],
    ['a tool_choice that is a list', { tools: fn({}), tool_choice: [] }, 'tool_choice'],
    ['a tool_choice of no type', { tools: fn({}), tool_choice: {} }, 'tool_choice.type'],
    [
      'a tool_choice of no function',
      { tools: fn({}), tool_choice: { type: 'function' } },
      'tool_choice.function',
    ],
    [
      'a tool_choice without a name',
      { tools: fn({}), tool_choice: { type: 'function', function: {} } },
      'tool_choice.function.name',
    ],
    [
      'a tool_choice of a tool that is not there',
      { tools: fn({}), tool_choice: { type: 'function', function: { name: 'g' } } },
      'tool_choice',
    ],
    ['parallel_tool_calls as a text', { parallel_tool_calls: 'no' }, 'parallel_tool_calls'],
    ['a response_format without a type', { response_format: {} }, 'response_format.type'],
    [
      'a response_format of an unknown type',
      { response_format: { type: 'xml' } },
      'response_format.type',
    ],
    ['no json_schema', { response_format: { type: 'json_schema' } }, 'response_format.json_schema'],
    ['a json_schema that is a text', schema('x'), 'response_format.json_schema'],
    [
      'a schema that is a list',
      schema({ name: 'a', schema: [] }),
      'response_format.json_schema.schema',
    ],
    [
      'calls that are an object',
      { messages: [user('x'), { role: 'assistant', tool_calls: {} }] },
      'messages[1].tool_calls',
    ],
    ['a call without a function', { messages: call({}) }, 'messages[1].tool_calls[0].function'],
    [
      'a call without a name',
      { messages: call({ function: { arguments: '{}' } }) },
      'messages[1].tool_calls[0].function.name',
    ],
    [
      'arguments that are a number',
      { messages: call({ function: { name: 'f', arguments: 1 } }) },
      'messages[1].tool_calls[0].function.arguments',
    ],
    [
      'a result without an id',
      { messages: [user('x'), { role: 'tool', content: '1' }] },
      'messages[1].tool_call_id',
    ],
    [
      'a result whose id is a number',
      { messages: [user('x'), { role: 'tool', tool_call_id: 1, content: '1' }] },
      'messages[1].tool_call_id',
    ],
    [
      'an image that is a list',
      block({ type: 'image_url', image_url: [] }),
      'messages[0].content[0].image_url',
    ],
    ['a file that is a text', block({ type: 'file', file: 'x' }), 'messages[0].content[0].file'],
    [
      'audio that is a text',
      block({ type: 'input_audio', input_audio: 'x' }),
      'messages[0].content[0].input_audio',
    ],
    [
      'a tool_result without an id',
      block({ type: 'tool_result' }),
      'messages[0].content[0].tool_use_id',
    ],
    ['modalities as a text', { modalities: 'text' }, 'modalities'],
    ['an unknown modality', { modalities: ['smell'] }, 'modalities[0]'],
    ['top_logprobs beyond 20', { logprobs: true, top_logprobs: 21 }, 'top_logprobs'],
  ];

  test.for(faults)('by %s is 400 and named by its path', async ([, more, param]) => {
    const { status, error } = await failed(rondo.chat({ ...ask(), ...more }));
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: 'invalid_request_error', param });
    expect(callsOf(google)).toEqual([]);
  });
});
