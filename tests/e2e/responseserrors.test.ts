// What goes wrong with Responses: requests that are wrong, answers that break off or are cut short.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Fault } from '../../scripts/googlestub/faults.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { answer, said } from '../support/asked.ts';
import { callsOf, failed, model } from '../support/chat.ts';
import { TextReader } from '../support/client.ts';
import {
  contentOf,
  itemsOf,
  modes,
  post,
  type ResponseBody,
  respond,
  responded,
  responseEvents,
  textOf,
} from '../support/responses.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const user = (content: unknown) => ({ role: 'user', content });
const hello = user('Hello');

describe('a request', () => {
  test.for([
    ['nothing', ''],
    ['JSON that breaks off', '{"model":"gemini-3.8-flash","input":['],
    ['an array', '[]'],
    ['null', 'null'],
    ['arrays that nest deep', `{"input":${'['.repeat(50_000)}`],
  ] as const)('that is %s is 400', async ([, body]) => {
    const { status, error } = await failed(post(rondo, body));
    expect([status, error.type]).toEqual([400, 'invalid_request_error']);
    expect(callsOf(google)).toEqual([]);
  });

  const withPart = (part: unknown) => respond([user([part])]);
  const withItem = (item: unknown) => respond([hello, item]);
  const call = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' };
  const withTool = (tool: unknown) => respond('Hello', { tools: [tool] });
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ type: 'function', name: `f${index}` }));
  // What is sent, and the field that the answer blames.
  const faults: [string, object, string][] = [
    ['model is missing', { input: 'Hello' }, 'model'],
    ['model is a number', respond('Hello', { model: 4 }), 'model'],
    ['input is missing', { model }, 'input'],
    ['input is null', respond(null), 'input'],
    ['input is a number', respond(7), 'input'],
    ['input is an object', respond({}), 'input'],
    ['input is empty', respond([]), 'input'],
    ['an item is a text', respond(['Hello']), 'input[0]'],
    ['an item is null', respond([hello, null]), 'input[1]'],
    ['a type is a number', withItem({ type: 1 }), 'input[1].type'],
    ['a role is missing', withItem({ type: 'message', content: 'x' }), 'input[1].role'],
    ['a role is unknown', withItem({ role: 'wizard', content: 'x' }), 'input[1].role'],
    ['content is missing', withItem({ role: 'user' }), 'input[1].content'],
    ['content is a number', withItem(user(7)), 'input[1].content'],
    ['a part is a text', withPart('Hello'), 'input[0].content[0]'],
    ['a part has no type', withPart({ text: 'x' }), 'input[0].content[0].type'],
    ['a part has an unknown type', withPart({ type: 'smell' }), 'input[0].content[0].type'],
    ['a part has no text', withPart({ type: 'input_text' }), 'input[0].content[0].text'],
    [
      'a part has a number for text',
      withPart({ type: 'input_text', text: 1 }),
      'input[0].content[0].text',
    ],
    [
      'an image has no address',
      withPart({ type: 'input_image', detail: 'auto' }),
      'input[0].content[0].image_url',
    ],
    [
      'an image is a path',
      withPart({ type: 'input_image', image_url: '/tmp/a.png' }),
      'input[0].content[0].image_url',
    ],
    [
      'a file is nothing',
      withPart({ type: 'input_file', filename: 'a.pdf' }),
      'input[0].content[0].file_data',
    ],
    ['a call has no id', withItem({ ...call, call_id: undefined }), 'input[1].call_id'],
    ['a call has no name', withItem({ ...call, name: undefined }), 'input[1].name'],
    ['arguments are a number', withItem({ ...call, arguments: 7 }), 'input[1].arguments'],
    [
      'an output has no id',
      withItem({ type: 'function_call_output', output: 'x' }),
      'input[1].call_id',
    ],
    [
      'an output is a number',
      respond([hello, call, { type: 'function_call_output', call_id: 'c1', output: 7 }]),
      'input[2].output',
    ],
    [
      'a part of an output is wrong',
      respond([
        hello,
        call,
        { type: 'function_call_output', call_id: 'c1', output: [{ type: 'input_text', text: 1 }] },
      ]),
      'input[2].output[0].text',
    ],
    ['a summary is a text', withItem({ type: 'reasoning', summary: 'x' }), 'input[1].summary'],
    ['instructions are a list', respond('Hello', { instructions: ['x'] }), 'instructions'],
    ['stream is a text', respond('Hello', { stream: 'true' }), 'stream'],
    ['store is a text', respond('Hello', { store: 'false' }), 'store'],
    ['temperature is too high', respond('Hello', { temperature: 2.5 }), 'temperature'],
    ['top_p is a text', respond('Hello', { top_p: 'x' }), 'top_p'],
    ['max_output_tokens is zero', respond('Hello', { max_output_tokens: 0 }), 'max_output_tokens'],
    ['top_logprobs is too high', respond('Hello', { top_logprobs: 21 }), 'top_logprobs'],
    ['include is a text', respond('Hello', { include: 'x' }), 'include'],
    [
      'include holds a number',
      respond('Hello', { include: ['reasoning.encrypted_content', 7] }),
      'include[1]',
    ],
    ['include holds an unknown word', respond('Hello', { include: ['bogus'] }), 'include[0]'],
    ['reasoning is a text', respond('Hello', { reasoning: 'high' }), 'reasoning'],
    ['an effort is unknown', respond('Hello', { reasoning: { effort: 'x' } }), 'reasoning.effort'],
    ['text is a text', respond('Hello', { text: 'json' }), 'text'],
    [
      'a format has no type',
      respond('Hello', { text: { format: { name: 'x' } } }),
      'text.format.type',
    ],
    [
      'a format is unknown',
      respond('Hello', { text: { format: { type: 'xml' } } }),
      'text.format.type',
    ],
    [
      'a format has no schema',
      respond('Hello', { text: { format: { type: 'json_schema', name: 'x' } } }),
      'text.format.schema',
    ],
    ['metadata is a list', respond('Hello', { metadata: [] }), 'metadata'],
    ['tools are an object', respond('Hello', { tools: {} }), 'tools'],
    ['a tool is a text', withTool('x'), 'tools[0]'],
    ['a tool has no type', withTool({ name: 'f' }), 'tools[0].type'],
    ['a tool has no name', withTool({ type: 'function' }), 'tools[0].name'],
    [
      'a tool has a text for parameters',
      withTool({ type: 'function', name: 'f', parameters: 'x' }),
      'tools[0].parameters',
    ],
    ['a namespace has no name', withTool({ type: 'namespace', tools: [] }), 'tools[0].name'],
    [
      'a tool of a namespace is unknown',
      withTool({ type: 'namespace', name: 'n', tools: [{ type: 'web_search' }] }),
      'tools[0].tools[0].type',
    ],
    ['there are 513 tools', respond('Hello', { tools: many(513) }), 'tools'],
    [
      'there are 513 tools with those of a namespace',
      respond('Hello', {
        tools: [...many(512), { type: 'namespace', name: 'n', tools: many(1) }],
      }),
      'tools',
    ],
    [
      'there are 1025 calls in a row',
      respond([
        hello,
        ...Array.from({ length: 1025 }, (_, index) => ({ ...call, call_id: `${index}` })),
      ]),
      'input[1025]',
    ],
  ];

  test.for(faults)('is 400 and blames the field when %s', async ([, body, param]) => {
    const { status, error } = await failed(post(rondo, body));
    expect([status, error.param]).toEqual([400, param]);
    expect(error.type).toBe('invalid_request_error');
    expect(callsOf(google)).toEqual([]);
  });

  test.for(['/v1/responses/input_tokens', '/v1/responses/compact'])(
    'to %s is read as strictly',
    async (path) => {
      const { status, error } = await failed(post(rondo, respond([user(7)]), path));
      expect([status, error.param]).toEqual([400, 'input[0].content']);
    },
  );

  test.for<[object, string, string]>([
    [{ previous_response_id: 'resp_1' }, 'previous_response_id', 'previous_response_not_found'],
    [{ conversation: 'conv_1' }, 'conversation', 'conversation_not_found'],
    [{ conversation: { id: 'conv_1' } }, 'conversation', 'conversation_not_found'],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input[0].id', 'item_not_found'],
    [{ input: [hello, { id: 'fc_1' }] }, 'input[1].id', 'item_not_found'],
  ])('that needs a store is told to bring all by itself: %j', async ([more, param, code]) => {
    const { status, error } = await failed(post(rondo, respond('Hello', more)));
    expect([status, error.param, error.code]).toEqual([400, param, code]);
    expect(error.message).toContain("'store: false'");
    expect(callsOf(google)).toEqual([]);
  });

  test('that is to run in the background is 400', async () => {
    const { status, error } = await failed(post(rondo, respond('Hello', { background: true })));
    expect([status, error.param]).toEqual([400, 'background']);
  });

  test('without what needs a store is taken, though the fields be there', async () => {
    const nothing = { previous_response_id: null, conversation: null, background: false };
    const { response } = await responded(rondo, 'whole', respond('Hello', nothing));
    expect(textOf(response)).toBe('You said: Hello');
  });

  test.for<[string, object]>([
    ['a reference to thoughts', { type: 'item_reference', id: 'rs_1' }],
    ['an item of tomorrow', { type: 'hologram', data: 'x' }],
  ])('goes without %s, and says so', async ([, item]) => {
    const { response, headers } = await responded(rondo, 'whole', respond([item, hello]));
    expect(textOf(response)).toBe('You said: Hello');
    expect(headers.get('x-rondo-adjusted')).toBe('input');
  });
});

describe('an error by status', () => {
  const alone = () => startRondo({ vars: google.vars() });

  test('of a spent minute says when to come back', async () => {
    google.fault({}, { kind: 'minute', seconds: 30 });
    const { status, error, headers } = await failed(post(await alone(), respond()));
    expect([status, error.code]).toEqual([429, 'rate_limit_exceeded']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(headers.get('x-rondo-reset')).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('of a spent day is not to be tried again', async () => {
    google.fault({}, { kind: 'reset-time', seconds: 7200 });
    const { status, error, headers } = await failed(post(await alone(), respond()));
    expect([status, error.code]).toEqual([429, 'insufficient_quota']);
    expect(headers.get('x-should-retry')).toBe('false');
    expect(headers.get('x-rondo-reset')).toMatch(/^\d{4}-\d\d-\d\dT/);
  });

  test('before the first byte of a stream is no stream', async () => {
    google.fault({}, { kind: 'stream-error' }, 8);
    const { status, error } = await failed(post(rondo, respond('Hello', { stream: true })));
    expect([status, error.type]).toEqual([503, 'server_error']);
  });
});

const tooLong =
  'The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).';

describe('an error within a stream', () => {
  const inside = (more: Partial<Fault>): Fault => ({ kind: 'stream-error', after: 2, ...more });
  const faults: [string, Fault, string][] = [
    ['a cut', { kind: 'cut', after: 2 }, 'server_error'],
    ['a cut inside of an event', { kind: 'cut', after: 2, partial: true }, 'server_error'],
    ['an end without a reason', { kind: 'no-finish' }, 'server_error'],
    ['an overload', inside({ error: 'unavailable' }), 'server_error'],
    ['a spent minute', inside({ error: 'minute' }), 'rate_limit_exceeded'],
    ['a wrong request', inside({ error: 'invalid' }), 'invalid_prompt'],
    [
      'too long a prompt',
      inside({ error: 'says', status: 400, message: tooLong }),
      'context_length_exceeded',
    ],
  ];

  test.for(faults)('by %s ends it with response.failed', async ([, fault, code]) => {
    google.fault({}, fault);
    const fresh = await startRondo({ vars: google.vars() });
    const { response, events } = await responded(
      fresh,
      'streamed',
      respond('Hello, all the world'),
    );
    expect(events.at(-1)?.type).toBe('response.failed');
    expect(response.status).toBe('failed');
    expect(response.error).toEqual({ code, message: expect.stringMatching(/./) });
  });

  test('keeps what was said, as an item that is incomplete', async () => {
    google.fault({}, { kind: 'cut', after: 2 });
    const { response, events } = await responded(
      rondo,
      'streamed',
      respond('Hello, you and all the world'),
    );
    const deltas = events.filter(({ type }) => type === 'response.output_text.delta');
    const text = deltas.map(({ delta }) => delta).join('');
    expect(text).toMatch(/^You said: /);
    expect(itemsOf(response, 'message')).toMatchObject([
      { status: 'incomplete', content: [{ type: 'output_text', text }] },
    ]);
  });

  test('keeps the calls that are whole', async () => {
    google.fault({}, { kind: 'cut', after: 1 });
    const tools = [
      { type: 'function', name: 'get_time' },
      { type: 'function', name: 'notify' },
    ];
    const body = respond('get_time({"tz":"UTC"}) and notify', { tools });
    const { response } = await responded(rondo, 'streamed', body);
    expect(response.status).toBe('failed');
    expect(itemsOf(response, 'function_call')).toMatchObject([
      { name: 'get_time', status: 'completed' },
    ]);
  });

  test.for<[string, Fault, string]>([
    ['a spent minute', { kind: 'minute', seconds: 30 }, 'rate_limit_exceeded'],
    ['a spent day', { kind: 'reset-time', seconds: 7200 }, 'insufficient_quota'],
    ['a wrong request', { kind: 'invalid' }, 'invalid_prompt'],
    [
      'too long a prompt',
      { kind: 'says', status: 400, message: tooLong },
      'context_length_exceeded',
    ],
    ['an overload', { kind: 'unavailable' }, 'server_error'],
  ])('that was kept alive tells of %s in its events', async ([, fault, code]) => {
    const patient = await startRondo({ vars: { ...google.vars(), KEEPALIVE_MS: '50' } });
    google.fault({}, fault, 10);
    const gate = google.holdNext();
    const answered = await post(patient, respond('Hello', { stream: true }));
    const reader = new TextReader(answered);
    await reader.readUntil(': keep-alive\n\n');
    gate.release();
    const text = await reader.readUntil('"type":"response.failed"');
    const events = responseEvents(`${text.slice(0, text.lastIndexOf('\n\n'))}\n\n`);
    expect(events.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.failed',
    ]);
    expect(events.at(-1)?.response).toMatchObject({
      status: 'failed',
      output: [],
      error: { code },
    });
  });

  test('of a limit says in its message when to come back, where there is no header', async () => {
    google.fault({}, inside({ error: 'minute', seconds: 30 }));
    const fresh = await startRondo({ vars: google.vars() });
    const { response } = await responded(fresh, 'streamed', respond('Hello, all the world'));
    expect((response.error as JsonObject).message).toMatch(/Please try again in \d+s\.$/);
  });

  test('of a limit rests the model on its credential, as one before it does', async () => {
    google.fault({}, inside({ error: 'minute', seconds: 30 }));
    const fresh = await startRondo({ vars: google.vars() });
    await responded(fresh, 'streamed', respond('Hello, all the world'));
    const { status, error } = await failed(post(fresh, respond('Hello')));
    expect([status, error.code]).toEqual([429, 'rate_limit_exceeded']);
  });
});

describe.each(modes)('an answer that is cut short, %s,', (mode) => {
  const incomplete = (reason: string) => ({
    status: 'incomplete',
    error: null,
    incomplete_details: { reason },
  });
  const ask = async (more: object = {}): Promise<ResponseBody> =>
    (await responded(rondo, mode, respond('Hello, you and all the world', more))).response;

  test('by its limit of tokens is incomplete', async () => {
    const response = await ask({ max_output_tokens: 12 });
    expect(response).toMatchObject(incomplete('max_output_tokens'));
    expect(itemsOf(response, 'message').at(-1)?.status ?? 'incomplete').toBe('incomplete');
  });

  test('by its limit before it said a word has no message', async () => {
    answer(google, [said([], { finishReason: 'MAX_TOKENS' })]);
    const response = await ask();
    expect(response).toMatchObject(incomplete('max_output_tokens'));
    expect(itemsOf(response, 'message')).toEqual([]);
  });

  test('by a filter before it said a word is a refusal', async () => {
    google.fault({}, 'blocked');
    const response = await ask();
    expect(response).toMatchObject(incomplete('content_filter'));
    expect(contentOf(response)).toEqual([{ type: 'refusal', refusal: expect.stringMatching(/./) }]);
  });

  test('by a filter in its midst keeps what it said', async () => {
    google.fault({}, { kind: 'finish', reason: 'SAFETY', after: 2 });
    const response = await ask();
    expect(response).toMatchObject(incomplete('content_filter'));
    expect(itemsOf(response, 'message')).toMatchObject([{ status: 'incomplete' }]);
    expect(textOf(response)).toMatch(/^You said: /);
  });
});

// Requests of real clients, where somebody has recorded some.
const folder = join(import.meta.dirname, '../../../shared/data/clients');
const recorded = existsSync(folder)
  ? readdirSync(folder).filter((name) => /^(codex|copilot-responses|ai-sdk-openai-res)/.test(name))
  : [];

describe.skipIf(recorded.length === 0)(
  'a request that was recorded (skipped where none is)',
  () => {
    test.for(recorded)('is answered: %s', async (name) => {
      const { url, body } = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as {
        url: string;
        body: JsonObject;
      };
      const refersToAMessage = JSON.stringify(body.input).includes('"id":"msg_');
      const answered = await post(rondo, { ...body, model }, url);
      const text = await answered.text();
      if (answered.status === 400 && refersToAMessage) {
        expect(text).toContain('item_not_found');
        return;
      }
      expect([answered.status, text.slice(0, 300)]).toEqual([200, expect.any(String)]);
      const whole = responseEvents(text).at(-1)?.response ?? (JSON.parse(text) as JsonObject);
      expect(whole).toMatchObject({ status: 'completed' });
    });
  },
);
