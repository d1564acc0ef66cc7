// Anthropic's Messages API, over the wire. Every answer is held against the shapes of Anthropic's
// SDK as it passes by: see support/messagesshapes.ts.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import {
  answer,
  configOf,
  declarationsOf,
  partsOf,
  said,
  stop,
  turnsOf,
} from '../support/asked.ts';
import { callsOf, lastRequest, model, otherModel } from '../support/chat.ts';
import { TextReader } from '../support/client.ts';
import {
  type Block,
  type Message,
  messageOf,
  modes,
  post,
  refused,
  say,
  textOf,
  typesOf,
} from '../support/messages.ts';
import { streamEvents } from '../support/messagesshapes.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

const input_schema = { type: 'object', properties: { tz: { type: 'string' } } };
const tools = ['get_time', 'get_weather', 'notify'].map((name) => ({ name, input_schema }));
const rounds = 'get_time({"tz":"UTC"}) and get_weather then notify';

/** A model that no other test lets rest. */
const ownModel = (name: string): object => ({ model: `gemini-3.9-${name}` });

const signaturesSent = (turn: number): unknown[] =>
  partsOf(google, turn).map(({ thoughtSignature }) => thoughtSignature);

describe.each(modes)('a message, %s,', (mode) => {
  test('is answered with a text', async () => {
    const message = await messageOf(rondo, mode, say());
    expect(textOf(message)).toBe('You said: Hello');
    expect(message).toMatchObject({ role: 'assistant', model, stop_reason: 'end_turn' });
    expect(message.usage.input_tokens).toBeGreaterThan(0);
    expect(message.usage.output_tokens).toBeGreaterThan(0);
  });

  test('tells thoughts when they are asked for, and only then', async () => {
    const thinking = { type: 'enabled', budget_tokens: 2048 };
    const thought = await messageOf(rondo, mode, say('Hello', { thinking }));
    expect(typesOf(thought).slice(0, 2)).toEqual(['thinking', 'text']);
    expect(thought.content[0]?.thinking).not.toBe('');
    for (const without of [
      {},
      { thinking: { type: 'disabled' } },
      { thinking: { type: 'adaptive', display: 'omitted' } },
      { output_config: { effort: 'high' } },
    ]) {
      const message = await messageOf(rondo, mode, say('Hello', without));
      expect(message.content.map(({ thinking: thoughts }) => thoughts ?? '').join('')).toBe('');
    }
  });

  test('ends at the limit of tokens', async () => {
    google.answerNext(
      {},
      { responses: [{ candidates: [said([{ text: 'a' }], { finishReason: 'MAX_TOKENS' })] }] },
    );
    expect(await messageOf(rondo, mode, say())).toMatchObject({ stop_reason: 'max_tokens' });
  });

  test('may be refused', async () => {
    google.answerNext({}, { responses: [{ promptFeedback: { blockReason: 'SAFETY' } }] });
    const message = await messageOf(rondo, mode, say());
    expect(message).toMatchObject({ content: [], stop_reason: 'refusal' });
    expect(message.stop_details).toMatchObject({ type: 'refusal' });
  });

  test('calls tools, and their signatures come back onto the calls, round by round', async () => {
    const messages: object[] = [{ role: 'user', content: rounds }];
    const call = async (): Promise<Block[]> => {
      const { content, stop_reason } = await messageOf(rondo, mode, { ...say(), tools, messages });
      expect(stop_reason).toBe('tool_use');
      const calls = content.filter(({ type }) => type === 'tool_use');
      const results = calls.map(({ id }) => ({
        type: 'tool_result',
        tool_use_id: id,
        content: 'ok',
      }));
      messages.push({ role: 'assistant', content }, { role: 'user', content: results });
      return calls;
    };
    expect(await call()).toMatchObject([
      { name: 'get_time', input: { tz: 'UTC' } },
      { name: 'get_weather', input: {} },
    ]);
    expect(await call()).toMatchObject([{ name: 'notify' }]);
    const last = await messageOf(rondo, mode, { ...say(), tools, messages });
    expect(textOf(last)).toMatch(/^The tools said: /);
    expect(turnsOf(google)).toEqual([
      'user: text',
      'model: functionCall functionCall',
      'user: functionResponse functionResponse',
      'model: functionCall',
      'user: functionResponse',
    ]);
    expect(signaturesSent(1)).toEqual([expect.stringMatching(/.{40}/), undefined]);
    expect(signaturesSent(3)).toEqual([expect.stringMatching(/.{40}/)]);
  });

  test('keeps the signature of each of several calls and of a text', async () => {
    const sign = (name: string): string => Buffer.from(`signature of ${name}`).toString('base64');
    const calls = ['get_time', 'get_weather'].map((name) => ({
      functionCall: { name, args: {} },
      thoughtSignature: sign(name),
    }));
    const text = { text: 'Well.', thoughtSignature: sign('text') };
    answer(google, [said([text, ...calls], stop)]);
    const { content } = await messageOf(rondo, mode, say('go', { tools }));
    expect(content.map(({ type }) => type)).toEqual([
      'text',
      'thinking',
      'thinking',
      'tool_use',
      'thinking',
      'tool_use',
    ]);
    const results = content
      .filter(({ type }) => type === 'tool_use')
      .map(({ id }) => ({ type: 'tool_result', tool_use_id: id, content: 'ok' }));
    const messages = [
      { role: 'user', content: 'go' },
      { role: 'assistant', content },
      { role: 'user', content: results },
    ];
    answer(google, [said([{ text: 'Done.' }], stop)]);
    await messageOf(rondo, mode, { ...say(), tools, messages });
    // Those that are made up are refused, so it is what was sent first that counts.
    const [, first] = callsOf(google);
    const { contents = [] } = (first?.body ?? {}) as { contents?: { parts: JsonObject[] }[] };
    expect(contents[1]?.parts.map(({ thoughtSignature }) => thoughtSignature)).toEqual([
      sign('text'),
      sign('get_time'),
      sign('get_weather'),
    ]);
  });

  test('shows what a search has found, and cites it', async () => {
    const groundingMetadata = {
      webSearchQueries: ['rome'],
      groundingChunks: [{ web: { uri: 'https://a.example/', title: 'A' } }],
      groundingSupports: [
        { segment: { startIndex: 0, endIndex: 5, text: 'Rome.' }, groundingChunkIndices: [0] },
      ],
    };
    answer(google, [said([{ text: 'Rome.' }], { ...stop, groundingMetadata })]);
    const search = { type: 'web_search_20250305', name: 'web_search', max_uses: 2 };
    const message = await messageOf(rondo, mode, say('where?', { tools: [search] }));
    expect(message.content).toMatchObject([
      {
        type: 'text',
        citations: [{ type: 'web_search_result_location', url: 'https://a.example/' }],
      },
      { type: 'server_tool_use', name: 'web_search', input: { query: 'rome' } },
      { type: 'web_search_tool_result', content: [{ url: 'https://a.example/', title: 'A' }] },
    ]);
    expect(message.usage.server_tool_use).toMatchObject({ web_search_requests: 1 });
    expect(lastRequest(google).tools).toMatchObject([{ googleSearch: {} }]);
    // What came back is no obstacle to the next turn.
    const messages = [
      { role: 'user', content: 'where?' },
      { role: 'assistant', content: message.content },
      { role: 'user', content: 'why?' },
    ];
    await messageOf(rondo, mode, { ...say(), messages });
    expect(turnsOf(google)).toEqual(['user: text', 'model: text', 'user: text']);
  });

  test('shows code and its output', async () => {
    const parts = [
      { executableCode: { language: 'PYTHON', code: 'print(1)' } },
      { codeExecutionResult: { outcome: 'OUTCOME_OK', output: '1\n' } },
      { text: 'One.' },
    ];
    answer(google, [said(parts, stop)]);
    const tool = { type: 'code_execution_20250825', name: 'code_execution' };
    const { content } = await messageOf(rondo, mode, say('run', { tools: [tool] }));
    const told = content.filter(({ type }) => type !== 'thinking');
    expect(told).toMatchObject([
      { type: 'server_tool_use', name: 'code_execution', input: { code: 'print(1)' } },
      { type: 'code_execution_tool_result', content: { stdout: '1\n', return_code: 0 } },
      { type: 'text', text: 'One.' },
    ]);
    expect(told[1]?.tool_use_id).toBe(told[0]?.id);
  });

  test('an image that the model makes comes as Markdown, and goes back as an image', async () => {
    const data =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    answer(google, [said([{ inlineData: { mimeType: 'image/png', data } }], stop)]);
    const { content } = await messageOf(rondo, mode, say('draw'));
    expect(content).toMatchObject([
      { type: 'text', text: `![image](data:image/png;base64,${data})` },
    ]);
    const messages = [
      { role: 'user', content: 'draw' },
      { role: 'assistant', content },
      { role: 'user', content: 'more' },
    ];
    await messageOf(rondo, mode, { ...say(), messages });
    expect(partsOf(google, 1)).toMatchObject([{ inlineData: { mimeType: 'image/png', data } }]);
  });

  test('of no tokens is a count', async () => {
    const message = await messageOf(rondo, mode, { ...say(), max_tokens: 0 });
    expect(message).toMatchObject({ content: [], stop_reason: 'max_tokens' });
    expect(message.usage.input_tokens).toBeGreaterThan(0);
    expect(google.count({ kind: 'count' })).toBe(1);
    expect(google.count({ kind: 'generate' })).toBe(0);
  });
});

describe('a request', () => {
  test('brings its settings to Google', async () => {
    await post(
      rondo,
      say('Hello', {
        model: otherModel,
        system: [{ type: 'text', text: 'Be brief', cache_control: { type: 'ephemeral' } }],
        temperature: 0.5,
        top_p: 0.9,
        top_k: 5,
        stop_sequences: ['x'],
        output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
      }),
    ).then((each) => each.text());
    expect(lastRequest(google).systemInstruction).toEqual({ parts: [{ text: 'Be brief' }] });
    expect(configOf(google)).toMatchObject({
      maxOutputTokens: 1000,
      temperature: 0.5,
      topP: 0.9,
      topK: 5,
      stopSequences: ['x'],
      responseMimeType: 'application/json',
    });
  });

  test("declares the tools that Anthropic's models know", async () => {
    const known = [
      { type: 'bash_20250124', name: 'bash' },
      { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
      { type: 'memory_20250818', name: 'memory' },
    ];
    await (await post(rondo, say('Hello', { tools: known }))).text();
    expect(declarationsOf(google).map(({ name }) => name)).toEqual(known.map(({ name }) => name));
  });

  test('brings documents and images, those of tools too', async () => {
    const png = {
      type: 'base64',
      media_type: 'image/png',
      data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    };
    const pdf = { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0xLjQ=' };
    const content = [
      { type: 'document', source: pdf, title: 'The title', citations: { enabled: true } },
      { type: 'image', source: png },
      { type: 'text', text: 'x' },
    ];
    const call = { type: 'tool_use', id: 'toolu_1', name: 'get_time', input: {} };
    const result = {
      type: 'tool_result',
      tool_use_id: 'toolu_1',
      content: [
        { type: 'text', text: 'seen' },
        { type: 'image', source: png },
      ],
    };
    const messages = [
      { role: 'user', content },
      { role: 'assistant', content: [call] },
      { role: 'user', content: [result] },
    ];
    const message = await messageOf(rondo, 'whole', { ...say(), tools, messages });
    expect(message.stop_reason).toBe('end_turn');
    expect(turnsOf(google)[0]).toBe('user: text inlineData inlineData text');
    expect(JSON.stringify(partsOf(google, 2))).toContain('image/png');
  });

  test.for(['2023-06-01', '2026-10-21', 'of-tomorrow'])(
    'is taken of the version %s',
    async (version) => {
      const answered = await rondo.fetchBare('/v1/messages', {
        method: 'POST',
        headers: { 'x-api-key': clientKey, 'anthropic-version': version },
        body: JSON.stringify(say('Hello', { temperature: 1, top_k: 3 })),
      });
      expect(textOf((await answered.json()) as Message)).toBe('You said: Hello');
    },
  );

  test('ignores unknown betas, queries and fields', async () => {
    const answered = await rondo.fetch('/v1/messages?beta=true', {
      method: 'POST',
      headers: { 'anthropic-beta': 'of-tomorrow-2027-01-01' },
      body: JSON.stringify(say('Hello', { context_management: { edits: [] }, tomorrow: 1 })),
    });
    expect(answered.status).toBe(200);
    await answered.text();
  });

  test('may ask how many tokens it has', async () => {
    const { max_tokens: _, ...body } = say('Hello', { tools });
    const answered = await post(rondo, body, '/v1/messages/count_tokens');
    expect(answered.status).toBe(200);
    expect((await answered.json()) as JsonObject).toEqual({ input_tokens: expect.any(Number) });
    expect(google.count({ kind: 'generate' })).toBe(0);
  });

  test('for a stream that is silent for long gets pings', async () => {
    const patient = await startRondo({ vars: { ...google.vars(), KEEPALIVE_MS: '50' } });
    const gate = google.holdNext();
    const reader = new TextReader(await post(patient, say('Hello', { stream: true })));
    await reader.readUntil('event: ping\ndata: {"type":"ping"}\n\n');
    gate.release();
    const events = streamEvents(await reader.readUntil('"type":"message_stop"}\n\n'));
    expect(events[0]?.event).toBe('ping');
  });
});

describe('an error', () => {
  test.for([
    ['{', ''],
    ['[]', ''],
    ['{"max_tokens":1,"messages":[]}', "'model'"],
    [JSON.stringify(say(7)), 'messages[0].content'],
    [JSON.stringify(say([{ type: 'text', text: 7 }])), 'messages[0].content[0].text'],
    [JSON.stringify(say([{ type: 'hologram' }])), 'messages[0].content[0].type'],
    [
      JSON.stringify(say('x', { tools: [{ type: 'computer_20250124', name: 'computer' }] })),
      'computer_20250124',
    ],
    [
      JSON.stringify(
        say([{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: '!' } }]),
      ),
      'messages[0].content[0].source.data',
    ],
  ] as const)('of the request %s names its place', async ([body, place]) => {
    const { status, error, headers, requestId } = await refused(post(rondo, body));
    expect(status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect(error.message).toContain(place);
    expect(requestId).toBe(headers.get('request-id'));
    expect(requestId).toMatch(/^req_/);
  });

  test('tells of threads in a way that the SDK understands', async () => {
    const { status, error } = await refused(post(rondo, say('x', { thread: { type: 'create' } })));
    expect(status).toBe(400);
    expect(error.details).toEqual({
      error_code: 'thread_unsupported_request',
      unsupported: ['thread'],
    });
  });

  test('of a prompt that is too long begins with the words that agents know', async () => {
    const message =
      'The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).';
    const error = { code: 400, message, status: 'INVALID_ARGUMENT' };
    google.fault({}, { kind: 'raw', status: 400, body: JSON.stringify({ error }) });
    const told = await refused(post(rondo, say()));
    expect(told.status).toBe(400);
    expect(told.error.message).toMatch(/^prompt is too long: The input token count/);
  });

  test('of a spent minute says when to come back', async () => {
    google.fault({}, 'minute');
    const asked = say('Hello', ownModel('minute'));
    const { status, error, headers } = await refused(post(rondo, asked));
    expect([status, error.type]).toEqual([429, 'rate_limit_error']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test('of capacity that Google lacks is 529', async () => {
    google.fault({}, 'no-details');
    const { status, error } = await refused(post(rondo, say('Hello', ownModel('full'))));
    expect([status, error.type]).toEqual([529, 'overloaded_error']);
  });

  test('within a stream is an event of its own', async () => {
    google.fault({}, { kind: 'cut', after: 1 });
    const answered = await post(rondo, say('Hello there, how are you', { stream: true }));
    const events = streamEvents(await answered.text());
    expect(events[0]?.event).toBe('message_start');
    expect(events.at(-1)?.data).toMatchObject({ type: 'error', error: { type: 'api_error' } });
  });
});

describe("an error of the worker's own", () => {
  const bare = (init: RequestInit, path = '/v1/messages') => refused(rondo.fetchBare(path, init));

  test('is 401 without a key, and with a wrong one', async () => {
    for (const headers of [{}, { 'x-api-key': 'sk-wrong' }]) {
      const { status, error, headers: told, requestId } = await bare({ method: 'POST', headers });
      expect([status, error.type]).toEqual([401, 'authentication_error']);
      expect(told.get('request-id')).toBe(requestId);
    }
  });

  test('is 404 for what is not there', async () => {
    const { status, error } = await refused(rondo.fetch('/v1/messages/batches'));
    expect([status, error.type]).toEqual([404, 'not_found_error']);
  });

  test('is 405 for another method', async () => {
    const { status, error, headers } = await refused(rondo.fetch('/v1/messages'));
    expect([status, error.type]).toEqual([405, 'invalid_request_error']);
    expect(headers.get('allow')).toBe('POST');
  });

  test('is 413 for a body that is too large', async () => {
    const small = await startRondo({ vars: { ...google.vars(), MAX_BODY_BYTES: '1000' } });
    const { status, error } = await refused(post(small, say('x'.repeat(2000))));
    expect([status, error.type]).toEqual([413, 'request_too_large']);
  });

  test('is 503 without client keys, and 500 without KV', async () => {
    const closed = await startRondo({ vars: { CLIENT_API_KEYS: null } });
    const { status, error } = await refused(post(closed, say()));
    expect([status, error.type]).toEqual([503, 'api_error']);
    const bound = await startRondo({ kv: false });
    const missing = await refused(post(bound, say()));
    expect([missing.status, missing.error.type]).toEqual([500, 'api_error']);
  });
});

describe('models', () => {
  const headers = { 'anthropic-version': '2023-06-01' };
  const list = async (query = ''): Promise<JsonObject> =>
    (await (await rondo.fetch(`/v1/models${query}`, { headers })).json()) as JsonObject;

  test("are told in Anthropic's shape to those who name a version", async () => {
    const { data, has_more, first_id } = await list();
    expect(data).toContainEqual(expect.objectContaining({ type: 'model', id: model }));
    expect([has_more, first_id]).toEqual([false, (data as JsonObject[])[0]?.id]);
    const one = await rondo.fetch(`/v1/models/${model}`, { headers });
    expect(await one.json()).toMatchObject({ type: 'model', id: model, display_name: model });
    expect(one.headers.get('request-id')).toMatch(/^req_/);
  });

  test('come by pages', async () => {
    const all = ((await list()).data as JsonObject[]).map(({ id }) => id);
    const first = await list('?limit=1');
    expect(first).toMatchObject({ has_more: true, last_id: all[0] });
    expect((await list(`?limit=1&after_id=${all[0]}`)).first_id).toBe(all[1]);
    expect((await list(`?limit=1&before_id=${all[1]}`)).first_id).toBe(all[0]);
  });

  test('are errors of the same shape where there is none', async () => {
    const none = await refused(rondo.fetch('/v1/models/none', { headers }));
    expect([none.status, none.error.type]).toEqual([404, 'not_found_error']);
    const limit = await refused(rondo.fetch('/v1/models?limit=0', { headers }));
    expect([limit.status, limit.error.type]).toEqual([400, 'invalid_request_error']);
  });
});
