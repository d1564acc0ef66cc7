// OpenAI's SDK, unchanged, at the address where Google itself has OpenAI's dialect: what comes back is Google's.
import OpenAI, { APIError } from 'openai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, model, otherModel } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
/** With one key, with two, and with two beside service accounts. */
let one: Rondo;
let two: Rondo;
let mixed: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  const keys = [google.addApiKey(), google.addApiKey()];
  const accounts = google.addServiceAccounts(2);
  one = await startRondo({ vars: google.vars(keys.slice(0, 1)) });
  two = await startRondo({ vars: google.vars(keys) });
  mixed = await startRondo({ vars: google.vars([...accounts, ...keys]) });
});

beforeEach(() => google.reset());

const sdk = (rondo: Rondo): OpenAI =>
  new OpenAI({ baseURL: `${rondo.url}/v1beta/openai`, apiKey: clientKey, maxRetries: 0 });

const tools = ['get_time', 'get_weather'].map((name) => ({
  type: 'function' as const,
  function: { name, description: `Does ${name}.`, parameters: { type: 'object', properties: {} } },
}));

const embedder = 'gemini-embedding-001';
const painter = 'gemini-2.5-flash-image';
const pools = [
  ['one key', () => one],
  ['two keys', () => two],
  ['two keys and two service accounts', () => mixed],
] as const;

/** The first step of a loop: a question, the call that answers it, and what came of that. */
async function stepOf(openai: OpenAI, content: string) {
  const question = { role: 'user' as const, content };
  const first = await openai.chat.completions.create({ model, messages: [question], tools });
  const said = first.choices[0]?.message;
  const [called] = said?.tool_calls ?? [];
  if (!said || !called) throw new Error('nothing was called');
  const result = { role: 'tool' as const, tool_call_id: called.id, content: '10:00' };
  return [question, said, result];
}

const paths = (): string[] => google.calls.map(({ path }) => path);
const served = (): (string | null)[] => google.calls.map(({ credential }) => credential);

describe.each(pools)('with %s', (_, rondo) => {
  test('a chat is answered, whole and as a stream', async () => {
    const openai = sdk(rondo());
    const { choices } = await openai.chat.completions.create(ask());
    expect(choices[0]?.message.content).toBe('You said: Hello');
    const stream = await openai.chat.completions.create({ ...ask('One two'), stream: true });
    let text = '';
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    expect(text).toBe('You said: One two');
    expect(new Set(paths())).toEqual(new Set(['/v1beta/openai/chat/completions']));
  });

  test.each([1, 2, 3])('a loop of tools brings its signatures back, time %i', async (time) => {
    const openai = sdk(rondo());
    const messages = await stepOf(openai, `get_time({"tz":"${time}"})`);
    const second = await openai.chat.completions.create({ model, messages, tools });
    expect(second.choices[0]?.message.content).toContain('10:00');
    expect(google.calls.map(({ status }) => status)).toEqual([200, 200]);
  });

  test.each([1, 2, 3])('its last step has no tools, time %i', async (time) => {
    const openai = sdk(rondo());
    const messages = await stepOf(openai, `get_time({"step":"${time}"})`);
    await openai.chat.completions.create({ model, messages });
    expect(new Set(served()).size).toBe(1);
  });

  test('texts become vectors, each in its place', async () => {
    const { data } = await sdk(rondo()).embeddings.create({
      model: embedder,
      input: ['one', 'two'],
      dimensions: 256,
    });
    expect(data.map(({ index }) => index)).toEqual([0, 1]);
    expect(data[0]?.embedding).toHaveLength(256);
    expect(data[0]?.embedding).not.toEqual(data[1]?.embedding);
    // The SDK asks for bytes by itself, and makes numbers of them.
    expect(google.calls.at(-1)?.body).toMatchObject({ encoding_format: 'base64' });
    expect(paths()).toEqual(['/v1beta/openai/embeddings']);
  });

  test('images are drawn', async () => {
    const { data = [] } = await sdk(rondo()).images.generate({
      model: painter,
      prompt: 'a cat',
      n: 2,
      response_format: 'b64_json',
    });
    expect(data.map(({ b64_json }) => b64_json?.slice(0, 5))).toEqual(['iVBOR', 'iVBOR']);
    expect(paths()).toEqual(['/v1beta/openai/images/generations']);
  });

  test('models are listed, and told one by one', async () => {
    const openai = sdk(rondo());
    const found: string[] = [];
    for await (const { id } of openai.models.list()) found.push(id);
    expect(found).toContain(`models/${model}`);
    expect(await openai.models.retrieve(model)).toMatchObject({ id: `models/${model}` });
    expect(paths()).toEqual(['/v1beta/openai/models', `/v1beta/openai/models/${model}`]);
  });
});

test('the client’s key goes no further', async () => {
  await sdk(two).embeddings.create({ model: embedder, input: 'one' });
  const headers = google.calls.at(-1)?.headers ?? {};
  expect(headers.authorization).toMatch(/^Bearer AI/);
  expect(headers).not.toHaveProperty('x-goog-api-key');
  expect(JSON.stringify(headers)).not.toContain(clientKey);
});

const limited = [
  ['a chat', 'chat', (openai: OpenAI) => openai.chat.completions.create(ask())],
  [
    'a stream',
    'chat',
    async (openai: OpenAI) => {
      const body = { ...ask(), stream: true as const };
      for await (const _ of await openai.chat.completions.create(body));
    },
  ],
  [
    'an embedding',
    'compatible',
    (openai: OpenAI) => openai.embeddings.create({ model: embedder, input: 'one' }),
  ],
  [
    'an image',
    'compatible',
    (openai: OpenAI) => openai.images.generate({ model: painter, prompt: 'a cat' }),
  ],
  ['a list of models', 'compatible', (openai: OpenAI) => openai.models.list()],
] as const;

describe.each(limited)('%s that the first key has no room for', (_, kind, call) => {
  let rondo: Rondo;

  beforeEach(async () => {
    const keys = google.accounts.filter((account) => account.kind === 'api_key');
    rondo = await startRondo({ vars: google.vars(keys) });
  });

  test('is had from the second', async () => {
    google.fault({ kind }, 'minute');
    await call(sdk(rondo));
    expect(google.calls).toHaveLength(2);
    expect(new Set(served()).size).toBe(2);
    const [first, second] = google.calls.map(({ bytes }) => bytes.toString());
    expect(first).toBe(second);
  });

  test('is refused with how long to wait when the second has none either', async () => {
    google.fault({ kind }, 'minute', 2);
    const error = await failing(call(sdk(rondo)));
    expect(error.status).toBe(429);
    expect(Number(error.headers?.get('retry-after'))).toBeGreaterThan(0);
    expect(google.calls).toHaveLength(2);
    await rondo.advance(60_000);
    await call(sdk(rondo));
  });
});

async function failing(calling: Promise<unknown>): Promise<APIError> {
  const error = await calling.catch((each: unknown) => each);
  if (!(error instanceof APIError)) throw new Error(`no error of the API: ${String(error)}`);
  return error;
}

describe('an error of Google’s', () => {
  const post = (path: string, body: object): Promise<Response> =>
    fetch(`${two.url}/v1beta/openai/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  const wrong = [
    ['a field that it has not', 400, 'embeddings', { model: embedder, input: 'a', user: 'me' }],
    ['an empty text', 400, 'embeddings', { model: embedder, input: '' }],
    ['too many texts', 400, 'embeddings', { model: embedder, input: Array(101).fill('a') }],
    ['a model that is none', 404, 'embeddings', { model: 'gemini-9-none', input: 'a' }],
    ['a model that does not embed', 404, 'embeddings', { model, input: 'a' }],
    ['no prompt', 400, 'images/generations', { model: painter, prompt: '' }],
    ['a model that does not draw', 404, 'images/generations', { model, prompt: 'a cat' }],
    ['a field of a chat', 400, 'chat/completions', ask('Hello', { nonsense: 1 })],
    ['no message', 400, 'chat/completions', { model, messages: [] }],
    ['a model that does not chat', 404, 'chat/completions', ask('Hello', { model: embedder })],
  ] as const;

  test.each(wrong)('about %s is told in the shape that it came in, once', async (...row) => {
    const [, status, path, body] = row;
    const answer = await post(path, body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    const [{ error }] = (await answer.json()) as [{ error: { code: number; status: string } }];
    expect(error.code).toBe(status);
    expect(error.status).toBe(status === 404 ? 'NOT_FOUND' : 'INVALID_ARGUMENT');
  });

  test('leads the client to no other key, and rests none', async () => {
    await post('embeddings', { model: embedder, input: 'a', user: 'me' });
    expect(google.calls).toHaveLength(1);
    await sdk(two).embeddings.create({ model: embedder, input: 'one' });
    await sdk(two).embeddings.create({ model: embedder, input: 'two' });
    expect(new Set(served()).size).toBe(2);
  });

  test('is an error to the SDK', async () => {
    const asked = sdk(two).embeddings.create({ model: 'gemini-9-none', input: 'a' });
    expect((await failing(asked)).status).toBe(404);
  });
});

describe('a key that Google refuses', () => {
  test.each(['key-invalid', 'key-leaked', 'denied-access'] as const)('as %s', async (fault) => {
    const keys = google.accounts.filter((account) => account.kind === 'api_key');
    const rondo = await startRondo({ vars: google.vars(keys) });
    google.fault({ kind: 'compatible' }, fault);
    const { data } = await sdk(rondo).embeddings.create({ model: embedder, input: 'one' });
    expect(data).toHaveLength(1);
    expect(new Set(served()).size).toBe(2);
  });
});

test('a limit on one model leaves another model of that key to be asked', async () => {
  const keys = google.accounts.filter((account) => account.kind === 'api_key');
  const rondo = await startRondo({ vars: google.vars(keys.slice(0, 1)) });
  google.fault({ kind: 'chat', model }, 'minute');
  expect((await failing(sdk(rondo).chat.completions.create(ask()))).status).toBe(429);
  const { choices } = await sdk(rondo).chat.completions.create(ask('Hi', { model: otherModel }));
  expect(choices[0]?.message.content).toBe('You said: Hi');
});

test.each([1, 2])('a loop stays where it began though a better key is free, %i', async (n) => {
  const rondo = await startRondo({ vars: google.vars(google.accounts.slice(0, 2)) });
  const openai = sdk(rondo);
  google.fault({ kind: 'chat' }, 'minute');
  const messages = await stepOf(openai, `get_time({"loop":"${n}"})`);
  await rondo.advance(10 * 60_000);
  await openai.chat.completions.create({ model, messages, tools });
  const [cooled, began, went] = served();
  expect(cooled).not.toBe(began);
  expect(went).toBe(began);
});

test('a stream that begins with a refusal is refused in Google’s own words', async () => {
  const error = { code: 404, status: 'NOT_FOUND', message: 'No such model.', details: [{ a: 1 }] };
  const body = `data: ${JSON.stringify([{ error }])}\n\n`;
  const headers = { 'content-type': 'text/event-stream' };
  google.fault({ kind: 'chat' }, { kind: 'raw', status: 200, headers, body });
  const answer = await fetch(`${one.url}/v1beta/openai/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...ask(), stream: true }),
  });
  expect(answer.status).toBe(404);
  expect(await answer.json()).toEqual([{ error }]);
});

test('a stream that begins with an error is asked of another credential', async () => {
  const error = { code: 503, status: 'UNAVAILABLE', message: 'Overloaded.' };
  google.fault(
    { kind: 'chat' },
    {
      kind: 'raw',
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: `data: ${JSON.stringify([{ error }])}\n\n`,
    },
  );
  const stream = await sdk(two).chat.completions.create({ ...ask('One two'), stream: true });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  expect(text).toBe('You said: One two');
  expect(new Set(served()).size).toBe(2);
});
