// What clients have stored, by OpenAI's SDK: responses that go on from others, conversations.
import OpenAI from 'openai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { contentsOf, partsOf, turnsOf } from '../support/asked.ts';
import { callsOf, failed, model } from '../support/chat.ts';
import { LeavingClient, sendRaw } from '../support/client.ts';
import { clientKey, type Rondo, startGoogle, startPair, startRondo } from '../support/rondo.ts';

const otherKey = 'sk-rondo-test-other-client-9b1d';

let google: GoogleStub;
let first: Rondo;
let second: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccounts(1);
  const vars = { ...google.vars(), CLIENT_API_KEYS: [clientKey, otherKey] };
  [first, second] = await startPair({ vars, store: true });
});

beforeEach(() => google.reset());

const other = (): OpenAI => first.openai.withOptions({ apiKey: otherKey });

const create = (body: object = {}, rondo = first) =>
  rondo.openai.responses.create({ model, input: 'Hello', ...body, stream: false });

/** What Google was asked last, a line a turn. */
const told = (): string[] =>
  contentsOf(google).map(({ role, parts }) => `${role}: ${parts.map(({ text }) => text).join()}`);

const parameters = { type: 'object', properties: { tz: { type: 'string' } } };
const tools = [
  { type: 'function' as const, name: 'get_time', strict: false, parameters, description: 'Tells.' },
];
const dummy = 'skip_thought_signature_validator';

const rejected = async (
  asking: Promise<unknown>,
): Promise<InstanceType<typeof OpenAI.APIError>> => {
  const error = await asking.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OpenAI.APIError)) throw error;
  return error;
};

describe('a response', () => {
  test('goes on from the one before, in another isolate', async () => {
    const one = await create({ input: 'I am Ada', instructions: 'Be kind.' });
    expect(one).toMatchObject({ store: true, previous_response_id: null });
    const two = await create({ input: 'Who?', previous_response_id: one.id }, second);
    expect(two.previous_response_id).toBe(one.id);
    expect(told()).toEqual(['user: I am Ada', 'model: You said: I am Ada', 'user: Who?']);
    const three = await create({ input: 'And I?', previous_response_id: two.id });
    expect(three.status).toBe('completed');
    expect(turnsOf(google)).toHaveLength(5);
  });

  test('leaves the instructions of the one before behind', async () => {
    const one = await create({ instructions: 'Be kind.' });
    await create({ previous_response_id: one.id });
    expect(callsOf(google).map(({ body }) => 'systemInstruction' in (body as object))).toEqual([
      true,
      false,
    ]);
  });

  test('that was streamed is gone on from, with a stream', async () => {
    const one = await first.openai.responses.stream({ model, input: 'Stay' }).finalResponse();
    expect(one).toMatchObject({ store: true });
    const stream = second.openai.responses.stream({
      model,
      input: 'Go',
      previous_response_id: one.id,
    });
    const two = await stream.finalResponse();
    expect(two.output_text).toBe('You said: Go');
    expect(told()).toEqual(['user: Stay', 'model: You said: Stay', 'user: Go']);
    expect((await first.openai.responses.retrieve(two.id)).output_text).toBe('You said: Go');
  });

  test('brings its call with the signature that Google made, from any isolate', async () => {
    const one = await create({ input: 'get_time({"tz":"UTC"})', tools });
    const call = one.output.find(({ type }) => type === 'function_call');
    if (call?.type !== 'function_call') throw new Error('no call was made');
    const output = { type: 'function_call_output', call_id: call.call_id, output: '10:00' };
    await create({ input: [output], tools, previous_response_id: one.id }, second);
    const signature = partsOf(google, 1)[0]?.thoughtSignature;
    expect(signature).toMatch(/.{40}/);
    expect(signature).not.toBe(dummy);
  });

  test('comes back as it was answered', async () => {
    const asked = { model, input: 'Keep "this" \u{1F600}', metadata: { a: 'b' } };
    const answer = await first.fetch('/v1/responses', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(asked),
    });
    const body = await answer.text();
    const { id } = JSON.parse(body) as { id: string };
    expect(await (await second.fetch(`/v1/responses/${id}`)).text()).toBe(body);
  });

  test('tells what it was asked, a page at a time', async () => {
    const input = ['one', 'two', 'three'].map((content) => ({ role: 'user' as const, content }));
    const { id } = await create({ input });
    const page = await first.openai.responses.inputItems.list(id, { limit: 2, order: 'asc' });
    expect(page.data).toMatchObject([
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'one' }] },
      { type: 'message', status: 'completed' },
    ]);
    const all: string[] = [];
    for await (const item of first.openai.responses.inputItems.list(id, { limit: 2 })) {
      all.push(JSON.stringify(item));
    }
    expect(all.map((item) => /one|two|three/.exec(item)?.[0])).toEqual(['three', 'two', 'one']);
  });

  const includable = [
    'file_search_call.results',
    'web_search_call.results',
    'web_search_call.action.sources',
    'message.input_image.image_url',
    'computer_call_output.output.image_url',
    'code_interpreter_call.outputs',
    'reasoning.encrypted_content',
    'message.output_text.logprobs',
  ] as const;

  test("is asked for with whatever OpenAI's SDK can include, and with nothing else", async () => {
    const { id } = await create({ include: includable });
    const { responses } = first.openai;
    expect(await responses.retrieve(id, { include: [...includable] })).toMatchObject({ id });
    await responses.inputItems.list(id, { include: [...includable] });
    const include = ['reasoning.encrypted_content', 'bogus'] as never;
    for (const asking of [
      () => create({ include }),
      () => responses.retrieve(id, { include }),
      () => responses.inputItems.list(id, { include }),
    ]) {
      const error = await rejected(asking());
      expect(error).toMatchObject({ status: 400, code: 'invalid_value', param: 'include[1]' });
      for (const word of includable) expect(error.message).toContain(`'${word}'`);
    }
  });

  test('that was deleted is gone, with what it was asked', async () => {
    const one = await create({ input: 'Forget me' });
    const two = await create({ previous_response_id: one.id });
    await second.openai.responses.delete(one.id);
    const { responses } = first.openai;
    for (const ask of [
      () => responses.retrieve(one.id),
      () => responses.delete(one.id),
      () => responses.cancel(one.id),
      () => responses.inputItems.list(one.id),
    ]) {
      expect(await rejected(ask())).toMatchObject({ status: 404, code: 'response_not_found' });
    }
    const after = await rejected(create({ previous_response_id: two.id }));
    expect(after.message).toContain(`Previous response with id '${one.id}' not found.`);
  });

  test("with 'store: false' is kept nowhere, but may go on from one that is", async () => {
    const one = await create();
    const two = await create({ previous_response_id: one.id, store: false });
    expect(two).toMatchObject({ store: false });
    expect(turnsOf(google)).toHaveLength(3);
    expect(await rejected(first.openai.responses.retrieve(two.id))).toMatchObject({ status: 404 });
  });

  test('is counted and compacted with what came before', async () => {
    const { id } = await create({ input: 'A long story' });
    await first.openai.responses.inputTokens.count({
      model,
      input: 'Go on',
      previous_response_id: id,
    });
    const counted = google.calls.findLast(({ kind }) => kind === 'count');
    expect(JSON.stringify(counted?.body)).toContain('A long story');
    await first.openai.responses.compact({ model, input: 'Go on', previous_response_id: id });
    expect(JSON.stringify(contentsOf(google))).toContain('A long story');
  });

  test('that is none is told as OpenAI tells it', async () => {
    const error = await rejected(create({ previous_response_id: 'resp_none' }));
    expect(error).toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
      type: 'invalid_request_error',
    });
    expect(callsOf(google)).toEqual([]);
  });

  test('can neither be cancelled nor streamed again', async () => {
    const { id } = await create();
    const { responses } = first.openai;
    expect(await rejected(responses.cancel(id))).toMatchObject({ status: 400 });
    const again = await rejected(Promise.resolve(responses.retrieve(id, { stream: true })));
    expect(again).toMatchObject({ status: 400, param: 'stream' });
  });
});

describe('an item', () => {
  test('is put in the place of the reference to it', async () => {
    const one = await create({ input: 'I am Ada' });
    const id = one.output.find(({ type }) => type === 'message')?.id ?? '';
    const input = [
      { role: 'user', content: 'Before' },
      { type: 'item_reference', id },
      { role: 'user', content: 'After' },
    ];
    await create({ input }, second);
    expect(told()).toEqual(['user: Before', 'model: You said: I am Ada', 'user: After']);
  });

  test('that is not there is named with its place', async () => {
    const input = [
      { role: 'user', content: 'Hello' },
      { type: 'item_reference', id: 'msg_none_0' },
    ];
    const error = await rejected(create({ input }));
    expect(error).toMatchObject({ status: 404, param: 'input[1].id' });
    expect(error.message).toContain("Item with id 'msg_none_0' not found.");
  });
});

describe('a conversation', () => {
  test('gets what is asked and answered in it, and tells it', async () => {
    const { id } = await first.openai.conversations.create({
      metadata: { topic: 'names' },
      items: [{ type: 'message', role: 'user', content: 'I am Ada' }],
    });
    const one = await create({ conversation: id, input: 'Who?' });
    expect(one.conversation).toEqual({ id });
    await create({ conversation: { id }, input: 'Again?' }, second);
    expect(JSON.stringify(contentsOf(google))).toMatch(/I am Ada.*Who\?.*You said.*Again\?/);
    const all: string[] = [];
    for await (const item of first.openai.conversations.items.list(id, {
      order: 'asc',
      limit: 2,
    })) {
      if (item.type === 'message') all.push(item.role);
    }
    expect(all).toEqual(['user', 'user', 'assistant', 'user', 'assistant']);
  });

  test('is changed and deleted', async () => {
    const { openai } = first;
    const { id } = await openai.conversations.create({ metadata: { a: '1' } });
    const changed = await openai.conversations.update(id, { metadata: { b: '2' } });
    expect(changed.metadata).toEqual({ b: '2' });
    expect(await openai.conversations.retrieve(id)).toEqual(changed);
    expect(await openai.conversations.delete(id)).toEqual({
      id,
      object: 'conversation.deleted',
      deleted: true,
    });
    expect(await rejected(openai.conversations.retrieve(id))).toMatchObject({ status: 404 });
    expect(await rejected(create({ conversation: id }))).toMatchObject({
      status: 404,
      param: 'conversation',
    });
  });

  test('that is deleted leaves its responses, which are gone on from', async () => {
    const { id } = await first.openai.conversations.create();
    await create({ conversation: id, input: 'I am Ada' });
    const two = await create({ conversation: id, input: 'Who?' });
    await first.openai.conversations.delete(id);
    await create({ input: 'And I?', previous_response_id: two.id });
    expect(told().filter((line) => line.startsWith('user'))).toEqual([
      'user: I am Ada',
      'user: Who?',
      'user: And I?',
    ]);
  });

  test('takes items, tells each, and loses those that are deleted', async () => {
    const { items } = first.openai.conversations;
    const { id } = await first.openai.conversations.create();
    const added = await items.create(id, {
      items: ['one', 'two'].map((content) => ({ role: 'user' as const, content })),
    });
    const [one, two] = added.data.map((item) => item.id ?? '');
    expect(await items.retrieve(one ?? '', { conversation_id: id })).toEqual(added.data[0]);
    expect(await items.delete(one ?? '', { conversation_id: id })).toMatchObject({ id });
    expect((await items.list(id)).data.map((item) => item.id)).toEqual([two]);
    const gone = rejected(items.retrieve(one ?? '', { conversation_id: id }));
    expect(await gone).toMatchObject({ status: 404, code: 'item_not_found' });
    await create({ conversation: id, input: 'three' });
    expect(JSON.stringify(contentsOf(google))).not.toContain('one');
  });

  test('loses all items that are deleted at the same time', async () => {
    const { items } = first.openai.conversations;
    const { id } = await first.openai.conversations.create({
      items: Array.from({ length: 20 }, (_, at) => ({ role: 'user' as const, content: `n${at}` })),
    });
    const { data } = await items.list(id);
    await Promise.all(
      data.map((item, at) =>
        (at % 2 ? first : second).openai.conversations.items.delete(item.id ?? '', {
          conversation_id: id,
        }),
      ),
    );
    expect((await items.list(id)).data).toEqual([]);
  });

  test('takes no item that is too deep to go on to a model', async () => {
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const { id } = await first.openai.conversations.create();
    const adding = (levels: number) =>
      first.fetch(`/v1/conversations/${id}/items`, {
        method: 'POST',
        body: `{"items":[{"type":"message","role":"user","content":"a","x":${deep(levels)}}]}`,
      });
    expect((await adding(100)).status).toBe(200);
    for (const levels of [198, 100_000]) {
      expect(await failed(adding(levels))).toMatchObject({
        status: 400,
        error: { code: null, param: null },
      });
    }
    expect(await create({ conversation: id })).toMatchObject({ status: 'completed' });
  });

  test('is asked for with no body of more values than fit into memory', async () => {
    const { id } = await first.openai.conversations.create();
    const bodyOf = (values: number): string =>
      `{"metadata":{},"items":[{"role":"user","content":"a","x":[${Array(values).fill('[]')}]}]}`;
    for (const path of [
      '/v1/conversations',
      `/v1/conversations/${id}`,
      `/v1/conversations/${id}/items`,
    ]) {
      const asking = (values: number) =>
        first.fetch(path, { method: 'POST', body: bodyOf(values) });
      expect((await asking(40_000)).status).toBe(200);
      expect(await failed(asking(2_000_000))).toMatchObject({
        status: 400,
        error: { code: null, param: null },
      });
    }
  });

  test.for(['{', '[]', '"a"', '{"items":[}'])(
    'is refused with what is no JSON object, %j, as any other path does',
    async (body) => {
      const { id } = await first.openai.conversations.create();
      const refusedAt = async (path: string) => {
        const { status, error } = await failed(first.fetch(path, { method: 'POST', body }));
        return [status, error.type, error.param, error.code];
      };
      const elsewhere = await refusedAt('/v1/responses');
      expect(elsewhere.slice(0, 3)).toEqual([400, 'invalid_request_error', null]);
      expect(await refusedAt('/v1/conversations')).toEqual(elsewhere);
      expect(await refusedAt(`/v1/conversations/${id}/items`)).toEqual(elsewhere);
    },
  );

  const bad = {
    type: 'message',
    role: 'user',
    content: [{ type: 'input_image', file_id: 'file-x' }],
  };
  test('that has an item which no request can go on from is named by the field that brought it', async () => {
    const { id } = await first.openai.conversations.create({ items: [bad] as never });
    const post = (body: object) =>
      first.fetch('/v1/responses', { method: 'POST', body: JSON.stringify({ model, ...body }) });
    for (const stream of [false, true]) {
      const { status, error } = await failed(post({ conversation: id, input: 'Go on', stream }));
      expect([status, error.param]).toEqual([400, 'conversation']);
      expect(JSON.stringify(error)).not.toContain('stored_items');
    }
  });

  test('is asked for with no body of more bytes than an entry has', async () => {
    const head = [
      'POST /v1/conversations HTTP/1.1',
      'host: rondo.example',
      `authorization: Bearer ${clientKey}`,
      `content-length: ${8 * 1024 * 1024 + 1}`,
    ];
    const told = await sendRaw(first, `${head.join('\r\n')}\r\n\r\n`);
    expect(told).toMatch(/^HTTP\/1\.1 413 .*request_too_large/s);
  });

  test('and a response before are not gone on from at once', async () => {
    const { id } = await first.openai.conversations.create();
    const one = await create();
    const both = create({ conversation: id, previous_response_id: one.id });
    expect(await rejected(both)).toMatchObject({ status: 400, param: 'previous_response_id' });
  });
});

describe('a chat completion', () => {
  const complete = (more: object = {}) =>
    first.openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Hello' }],
      store: true,
      ...more,
      stream: false,
    });

  test('is told, changed and deleted', async () => {
    const { completions } = second.openai.chat;
    const made = await complete({ metadata: { a: '1' } });
    expect(await completions.retrieve(made.id)).toEqual({ ...made, metadata: { a: '1' } });
    const changed = await completions.update(made.id, { metadata: { a: '2' } });
    expect(changed).toEqual({ ...made, metadata: { a: '2' } });
    const messages = await completions.messages.list(made.id);
    expect(messages.data).toMatchObject([{ role: 'user', content: 'Hello' }]);
    expect(await completions.delete(made.id)).toMatchObject({ deleted: true });
    expect(await rejected(completions.retrieve(made.id))).toMatchObject({ status: 404 });
  });

  test('is listed by its model and metadata, a page at a time', async () => {
    const metadata = { list: 'mine' };
    const ids: string[] = [];
    for (let i = 0; i < 3; i += 1) ids.push((await complete({ metadata })).id);
    await complete({ metadata: { list: 'other' } });
    const listed: string[] = [];
    for await (const { id } of first.openai.chat.completions.list({ metadata, model, limit: 2 })) {
      listed.push(id);
    }
    expect(listed).toEqual(ids);
  });

  test('is stored when it is asked for alone', async () => {
    const { id } = await complete({ store: false });
    expect(await rejected(first.openai.chat.completions.retrieve(id))).toMatchObject({
      status: 404,
    });
  });

  test('that was streamed is told as if it had come whole', async () => {
    const body = {
      model,
      messages: [{ role: 'user' as const, content: 'get_time({"tz":"UTC"})' }],
      tools: [{ type: 'function' as const, function: { name: 'get_time', parameters } }],
      store: true,
      metadata: { a: '1' },
    };
    const streamed = first.openai.chat.completions.stream({ ...body, stream: true });
    const ended = await streamed.finalChatCompletion();
    const { completions } = second.openai.chat;
    const kept = await completions.retrieve(ended.id);
    expect(kept).toMatchObject({
      object: 'chat.completion',
      created: ended.created,
      model,
      metadata: { a: '1' },
      usage: { total_tokens: expect.any(Number) },
      choices: [{ finish_reason: 'tool_calls', message: { content: null } }],
    });
    const [call] = kept.choices[0]?.message.tool_calls ?? [];
    expect(call).toMatchObject({ function: { name: 'get_time', arguments: '{"tz":"UTC"}' } });
    expect(call?.id).toBe(ended.choices[0]?.message.tool_calls?.[0]?.id);
    expect((await completions.messages.list(ended.id)).data).toMatchObject([
      { role: 'user', content: body.messages[0]?.content },
    ]);
    const listed = await completions.list({ metadata: { a: '1' }, order: 'desc', limit: 1 });
    expect(listed.data[0]?.id).toBe(ended.id);
    expect(await completions.delete(ended.id)).toMatchObject({ deleted: true });
  });

  test('whose stream broke off is kept nowhere', async () => {
    google.fault({}, { kind: 'cut', after: 1 });
    const answer = await first.chat({
      model,
      messages: [{ role: 'user', content: 'Hi' }],
      store: true,
      stream: true,
    });
    const text = await answer.text();
    expect(text).toContain('upstream_incomplete');
    const id = /"id":"(chatcmpl-[^"]+)"/.exec(text)?.[1] ?? '';
    expect(await rejected(first.openai.chat.completions.retrieve(id))).toMatchObject({
      status: 404,
    });
  });

  test.for([
    [{ metadata: 'text' }, 'metadata'],
    [{ metadata: { a: 1 } }, 'metadata.a'],
    [{ metadata: { a: 'x'.repeat(513) } }, 'metadata.a'],
    [{ metadata: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [i, ''])) }, 'metadata'],
  ] as const)('with %j is refused', async ([more, param]) => {
    expect(await rejected(complete(more))).toMatchObject({ status: 400, param });
  });
});

describe('a client that leaves in the middle of a stream', () => {
  test.each([
    ['a response', '/v1/responses', { model, input: 'Hello there', stream: true }],
    [
      'a chat completion',
      '/v1/chat/completions',
      {
        model,
        messages: [{ role: 'user', content: 'Hello there' }],
        stream: true,
        store: true,
      },
    ],
  ] as const)('leaves nothing of %s behind', async (_, path, body) => {
    const before = (await first.storedRows()).length;
    const gate = google.holdNext({}, 2);
    const client = new LeavingClient(first, body, path);
    const call = await gate.reached;
    await client.read('You');
    client.leave();
    await call.closed;
    expect(call.end).toBe('aborted');
    await expect.poll(async () => (await first.state()).openOps).toBe(0);
    expect(await first.storedRows()).toHaveLength(before);
  });

  test('adds nothing to its conversation', async () => {
    const { conversations } = first.openai;
    const { id } = await conversations.create({});
    const gate = google.holdNext({}, 2);
    const body = { model, input: 'Hello there', stream: true, conversation: id };
    const client = new LeavingClient(first, body, '/v1/responses');
    const call = await gate.reached;
    await client.read('You');
    client.leave();
    await call.closed;
    await expect.poll(async () => (await first.state()).openOps).toBe(0);
    expect((await conversations.items.list(id)).data).toEqual([]);
    // The next one finds it free.
    const next = await create({ input: 'Again', conversation: id });
    expect(next.status).toBe('completed');
  });
});

describe('metadata', () => {
  const kinds = ['conversation', 'completion'] as const;

  const made = async (kind: (typeof kinds)[number]): Promise<string> => {
    const metadata = { a: '1' };
    if (kind === 'conversation') {
      return `/v1/conversations/${(await first.openai.conversations.create({ metadata })).id}`;
    }
    const messages = [{ role: 'user' as const, content: 'Hello' }];
    const asked = { model, messages, metadata, store: true };
    return `/v1/chat/completions/${(await first.openai.chat.completions.create(asked)).id}`;
  };
  const change = (path: string, body: object): Promise<Response> =>
    first.fetch(path, { method: 'POST', body: JSON.stringify(body) });
  const told = async (answer: Response) =>
    ((await answer.json()) as { metadata: unknown }).metadata;

  test.for(kinds)('of a %s stays when a change brings none', async (kind) => {
    const path = await made(kind);
    expect(await failed(change(path, {}))).toMatchObject({
      status: 400,
      error: { code: 'missing_required_parameter', param: 'metadata' },
    });
    expect(await told(await first.fetch(path))).toEqual({ a: '1' });
    expect(await told(await change(path, { metadata: null }))).toEqual({});
  });

  test.for(kinds)(
    'of a %s is changed to texts alone, as many and as long as may be',
    async (kind) => {
      const path = await made(kind);
      const pairs = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, i) => [`n${i}`, 'x']));
      for (const [metadata, param] of [
        ['text', 'metadata'],
        [[], 'metadata'],
        [{ a: 1 }, 'metadata.a'],
        [{ a: '\u{1F600}'.repeat(513) }, 'metadata.a'],
        [{ ['x'.repeat(65)]: '' }, 'metadata'],
        [pairs(17), 'metadata'],
      ] as const) {
        expect(await failed(change(path, { metadata }))).toMatchObject({
          status: 400,
          error: { param },
        });
      }
      const most = { ...pairs(15), ['漢'.repeat(64)]: '\u{1F600}'.repeat(512) };
      expect(await told(await change(path, { metadata: most }))).toEqual(most);
    },
  );
});

describe('an item of a list', () => {
  const call = { type: 'function_call', call_id: 'c1', name: 'get_time', arguments: '{}' } as const;
  const output = { type: 'function_call_output', call_id: 'c1', output: '10:00' } as const;
  const image_url = 'data:image/png;base64,iVBORw0KGgo=';
  const picture = { type: 'input_image', image_url } as const;
  const items = [{ role: 'user', content: [picture] }, call, output] as never[];
  /** With what OpenAI's types have in every item, whatever the client left out. */
  const shown = [
    { type: 'message', status: 'completed', content: [{ ...picture, detail: 'auto' }] },
    { ...call, status: 'completed' },
    { ...output, status: 'completed' },
  ];

  test('of a conversation says all that it must', async () => {
    const { conversations } = first.openai;
    const { id } = await conversations.create();
    expect((await conversations.items.create(id, { items })).data).toMatchObject(shown);
    const { data } = await conversations.items.list(id, { order: 'asc' });
    expect(data).toMatchObject(shown);
    const [, second] = data;
    expect(
      await conversations.items.retrieve(second?.id ?? '', { conversation_id: id }),
    ).toMatchObject(shown[1] ?? {});
  });

  test("of a response's input too", async () => {
    const { id } = await create({ input: items });
    const { data } = await first.openai.responses.inputItems.list(id, { order: 'asc' });
    expect(data).toMatchObject(shown);
  });
});

describe('another client', () => {
  test('reaches nothing of it', async () => {
    const one = await create({ input: 'Mine' });
    const { id } = await first.openai.conversations.create();
    const { responses, conversations } = other();
    const item = one.output[0]?.id ?? '';
    for (const ask of [
      () => responses.retrieve(one.id),
      () => responses.delete(one.id),
      () => responses.create({ model, input: 'Hi', previous_response_id: one.id }),
      () => responses.create({ model, input: [{ type: 'item_reference', id: item }] }),
      () => responses.create({ model, input: 'Hi', conversation: id }),
      () => conversations.retrieve(id),
      () => conversations.items.list(id),
    ]) {
      const { status, message } = await rejected(ask());
      expect([400, 404]).toContain(status);
      expect(message).toContain('not found');
    }
    expect((await first.openai.responses.retrieve(one.id)).id).toBe(one.id);
  });

  test.for(['..%2f..', '%00', `resp_${'x'.repeat(5000)}`, '__proto__', 'conv_%ff'])(
    'finds nothing by the name %s',
    async (id) => {
      for (const path of [`/v1/responses/${id}`, `/v1/conversations/${id}`]) {
        const answer = await first.fetch(path, {
          headers: { authorization: `Bearer ${otherKey}` },
        });
        expect([400, 404]).toContain(answer.status);
        await answer.body?.cancel();
      }
    },
  );

  test('who has no key has no store, and is told', async () => {
    const vars = { ...google.vars(), ALLOW_ANONYMOUS: 'true' };
    const rondo = await startRondo({ vars, store: true });
    const answer = await rondo.fetchBare('/v1/responses', {
      method: 'POST',
      body: JSON.stringify({ model, input: 'Hello' }),
    });
    expect(answer.headers.get('x-rondo-adjusted')).toBe('store');
    expect(await answer.json()).toMatchObject({ store: false });
    expect(await rondo.storedRows()).toEqual([]);
    const { status } = await failed(rondo.fetchBare('/v1/responses/resp_1'));
    expect(status).toBe(404);
  });
});

test('the objects hold nothing that anybody could read', async () => {
  await create({ input: 'A very secret question', metadata: { topic: 'quite secret' } });
  await first.openai.conversations.create({
    metadata: { topic: 'quite secret' },
    items: [{ role: 'user', content: 'A very secret item' }],
  });
  const rows = (await first.storedRows()).join('\n');
  expect(rows.length).toBeGreaterThan(1000);
  for (const secret of ['secret', 'Hello', 'You said', clientKey, otherKey, 'role']) {
    expect(rows).not.toContain(secret);
  }
});

describe('an object that fails', () => {
  let rondo: Rondo;

  beforeEach(async () => {
    rondo = await startRondo({ vars: google.vars(), store: true });
  });

  const post = (body: object): Promise<Response> =>
    rondo.fetch('/v1/responses', { method: 'POST', body: JSON.stringify({ model, ...body }) });

  test.for(['throw', 'hang'] as const)(
    'to keep (%s) fails no answer, which tells it',
    async (fault) => {
      if (fault === 'hang') await rondo.stopClock();
      await rondo.breakStore({ fault, methods: ['put'] });
      const asked = post({ input: 'Hello' });
      if (fault === 'hang') {
        await expect.poll(() => callsOf(google)).toHaveLength(1);
        for (let i = 0; i < 5; i += 1) await rondo.advance(1000);
      }
      const answer = await asked;
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-rondo-adjusted')).toBe('store');
      expect(await answer.json()).toMatchObject({ status: 'completed', store: false });
      expect(rondo.events('response_not_kept')).toHaveLength(1);
    },
  );

  test('to keep fails no stream', async () => {
    await rondo.breakStore({ fault: 'throw', methods: ['put'] });
    const stream = rondo.openai.responses.stream({ model, input: 'Hello' });
    expect((await stream.finalResponse()).output_text).toBe('You said: Hello');
  });

  test('to tell is a 503 that may be tried again', async () => {
    const { id } = (await (await post({ input: 'Hello' })).json()) as { id: string };
    await rondo.breakStore({ fault: 'throw', methods: ['chain', 'get'] });
    for (const asking of [
      post({ input: 'Go on', previous_response_id: id }),
      rondo.fetch(`/v1/responses/${id}`),
    ]) {
      const { status, error } = await failed(asking);
      expect([status, error.code]).toEqual([503, 'store_unavailable']);
    }
    await rondo.breakStore(null);
    expect((await post({ input: 'Go on', previous_response_id: id })).status).toBe(200);
  });

  test('in the middle of a stream fails nothing of it, but keeps nothing', async () => {
    const gate = google.holdNext({}, 1);
    const stream = rondo.openai.responses.stream({ model, input: 'Hello' });
    const ended = stream.finalResponse();
    await gate.reached;
    await rondo.breakStore({ fault: 'throw', methods: ['put'] });
    gate.release();
    const { id, output_text: text } = await ended;
    expect(text).toBe('You said: Hello');
    await rondo.breakStore(null);
    expect((await failed(rondo.fetch(`/v1/responses/${id}`))).status).toBe(404);
    expect(rondo.events('response_not_kept')).toHaveLength(1);
  });

  test('in the middle of a stream of a chat fails nothing of it either', async () => {
    const gate = google.holdNext({}, 1);
    const messages = [{ role: 'user' as const, content: 'Hello' }];
    const asked = rondo.openai.chat.completions.stream({ model, messages, store: true });
    const ended = asked.finalChatCompletion();
    await gate.reached;
    await rondo.breakStore({ fault: 'throw', methods: ['put'] });
    gate.release();
    const { id } = await ended;
    await rondo.breakStore(null);
    expect((await failed(rondo.fetch(`/v1/chat/completions/${id}`))).status).toBe(404);
    expect(rondo.events('completion_not_kept')).toHaveLength(1);
  });

  test('by being lost comes back with all that it was given', async () => {
    const one = (await (await post({ input: 'Hello' })).json()) as { id: string };
    await rondo.evictStores();
    const answer = await post({ input: 'Go on', previous_response_id: one.id });
    expect(answer.status).toBe(200);
    await answer.text();
    expect(turnsOf(google)).toEqual(['user: text', 'model: text', 'user: text']);
  });
});

describe('objects that are lost between two isolates', () => {
  test('have what one kept for the other', async () => {
    const one = await create({ input: 'I am Ada' });
    await first.evictStores();
    const two = await create({ input: 'Who?', previous_response_id: one.id }, second);
    await first.evictStores();
    expect((await second.openai.responses.retrieve(one.id)).output_text).toBe('You said: I am Ada');
    await create({ input: 'And I?', previous_response_id: two.id });
    expect(turnsOf(google)).toHaveLength(5);
  });

  test('have conversations and their items, and chat completions', async () => {
    const { id } = await first.openai.conversations.create({
      items: [{ type: 'message', role: 'user', content: 'I am Ada' }],
    });
    await first.evictStores();
    await create({ conversation: id, input: 'Who?' }, second);
    await first.evictStores();
    await create({ conversation: id, input: 'Again?' });
    expect(JSON.stringify(contentsOf(google))).toMatch(/I am Ada.*Who\?.*Again\?/);
    const messages = [{ role: 'user' as const, content: 'Hello' }];
    const made = await first.openai.chat.completions.create({ model, messages, store: true });
    await first.evictStores();
    expect((await second.openai.chat.completions.retrieve(made.id)).id).toBe(made.id);
  });

  test('while a stream goes on keep it nevertheless', async () => {
    const one = await create({ input: 'I am Ada' });
    const gate = google.holdNext({}, 1);
    const stream = second.openai.responses.stream({
      model,
      input: 'Who?',
      previous_response_id: one.id,
    });
    const ended = stream.finalResponse();
    await gate.reached;
    await second.evictStores();
    gate.release();
    const two = await ended;
    await create({ input: 'And I?', previous_response_id: two.id });
    expect(turnsOf(google)).toHaveLength(5);
  });
});
