// Clients of Google's own dialect, unchanged: Google's SDK, the ai package and LangChain, with loops of
// tools.
import { createGoogleGenerativeAI } from '@ai-sdk/google';
import {
  ApiError,
  type Chat,
  type FunctionDeclaration,
  GoogleGenAI,
  type Part,
} from '@google/genai';
import { AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { ChatGoogle } from '@langchain/google';
import { generateText, stepCountIs, streamText } from 'ai';
import OpenAI from 'openai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { partsOf, turnsOf } from '../support/asked.ts';
import { callsOf, model, served } from '../support/chat.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { aiTools, allTold, names, rounds, turns } from '../support/toolrounds.ts';

let google: GoogleStub;
let rondo: Rondo;
/** With one credential, whose signatures and files are its own. */
let own: Rondo;
/** With all of them, none of which ever cools. */
let several: Rondo;
/** With those of the Gemini API, and with those of Vertex AI. */
let keys: Rondo;
let vertex: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addApiKey();
  google.addApiKey();
  google.addServiceAccounts(2);
  rondo = await startRondo({ vars: google.vars() });
  const [first] = google.accounts;
  own = await startRondo({ vars: google.vars(first ? [first] : []) });
  several = await startRondo({ vars: google.vars() });
  keys = await startRondo({ vars: google.vars(google.accounts.slice(0, 2)) });
  vertex = await startRondo({ vars: google.vars(google.accounts.slice(2)) });
});

beforeEach(() => google.reset());

/** By version of the Gemini API, and as a client of Vertex AI with a project and without. */
const clients: readonly (readonly [name: string, make: () => GoogleGenAI])[] = [
  ['by its default', () => genai({})],
  ['in v1beta', () => genai({ apiVersion: 'v1beta' })],
  ['in v1alpha', () => genai({ apiVersion: 'v1alpha' })],
  ['for Vertex AI in its express mode', () => genai({ vertexai: true })],
];

const genai = (options: object): GoogleGenAI =>
  new GoogleGenAI({ apiKey: clientKey, httpOptions: { baseUrl: rondo.url }, ...options });

describe.each(clients)("Google's SDK, %s,", (_, make) => {
  test('generates', async () => {
    const answer = await make().models.generateContent({ model, contents: 'Hello' });
    expect(answer.text).toBe('You said: Hello');
    expect(answer.usageMetadata?.totalTokenCount).toBeGreaterThan(0);
  });

  test('streams', async () => {
    const stream = await make().models.generateContentStream({ model, contents: 'Hello' });
    let text = '';
    for await (const chunk of stream) text += chunk.text ?? '';
    expect(text).toBe('You said: Hello');
  });

  test('counts tokens', async () => {
    const { totalTokens } = await make().models.countTokens({ model, contents: 'Hello' });
    expect(totalTokens).toBeGreaterThan(0);
  });

  test('lists models and finds one', async () => {
    const found: string[] = [];
    for await (const { name = '' } of await make().models.list()) found.push(name);
    expect(found.some((name) => name.endsWith(`models/${model}`))).toBe(true);
    expect((await make().models.get({ model })).name).toMatch(new RegExp(`models/${model}$`));
  });
});

describe("Google's SDK", () => {
  const declarations: FunctionDeclaration[] = names.map((name) => ({
    name,
    description: `Does ${name}.`,
    parametersJsonSchema: { type: 'object', properties: {} },
  }));

  // It gives a stream's last text back, which is empty and which Vertex AI refuses: once, and
  // nothing of that kind is sent there for an hour.
  test.each([
    ['one credential, whole', () => own, 'whole', 0],
    ['one credential, streamed', () => own, 'streamed', 0],
    ['several keys, whole', () => keys, 'whole', 0],
    ['several keys, streamed', () => keys, 'streamed', 0],
    ['several service accounts, whole', () => vertex, 'whole', 0],
    ['several service accounts, streamed', () => vertex, 'streamed', 1],
  ] as const)('chats with tools through %s', async (_, of, manner, refusals) => {
    const config = { tools: [{ functionDeclarations: declarations }] };
    const chat = genai({ httpOptions: { baseUrl: of().url } }).chats.create({ model, config });
    const asked: string[] = [];
    const send = async (message: string | Part[]) => {
      if (manner === 'whole')
        return (await chat.sendMessage({ message })).candidates?.[0]?.content?.parts;
      const parts: Part[] = [];
      for await (const { candidates } of await chat.sendMessageStream({ message })) {
        parts.push(...(candidates?.[0]?.content?.parts ?? []));
      }
      return parts;
    };
    let parts = (await send(rounds)) ?? [];
    for (let round = 0; round < 3 && parts.some(({ functionCall }) => functionCall); round += 1) {
      const results = parts.flatMap(({ functionCall }) => {
        if (!functionCall) return [];
        const { name = '', args, id } = functionCall;
        asked.push(`${name} ${JSON.stringify(args)}`);
        const response = { output: `done: ${name}` };
        return [{ functionResponse: { name, response, ...(id && { id }) } }];
      });
      parts = (await send(results)) ?? [];
    }
    expect(parts.map(({ text }) => text ?? '').join('')).toContain('The tools said: ');
    expect(asked).toEqual(allTold);
    expect(callsOf(google).filter(({ status }) => status === 400)).toHaveLength(refusals);
    expect(JSON.stringify(google.calls.map(({ body }) => body))).not.toContain('skip_thought');
  });

  test('embeds', async () => {
    const asked = { model: 'gemini-embedding-001', contents: ['one', 'two'] };
    const { embeddings } = await genai({}).models.embedContent(asked);
    expect(embeddings).toHaveLength(2);
    expect(embeddings?.[0]?.values).toHaveLength(3072);
    expect(google.calls.at(-1)?.method).toBe('batchEmbedContents');
  });

  test('knows an error by its status', async () => {
    google.fault({}, 'minute', google.accounts.length);
    const error = await genai({})
      .models.generateContent({ model: 'gemini-3.7-flash', contents: 'Hello' })
      .catch((each: unknown) => each);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 429 });
  });

  test('is told when a stream breaks off', async () => {
    google.fault({}, { kind: 'cut', after: 1 });
    const stream = await genai({}).models.generateContentStream({
      model,
      contents: 'Hello there, how are you?',
    });
    await expect(
      (async () => {
        for await (const _ of stream);
      })(),
    ).rejects.toThrow();
  });

  test('ends the call to Google when it gives up in the middle of a stream', async () => {
    // Too much for whatever buffers lie on the way: only a cancelled call ends early.
    google.changeModel(model, { inputTokens: Infinity });
    const contents = 'All work and no play. '.repeat(300_000);
    const gate = google.holdNext({}, 2);
    const leaving = new AbortController();
    const config = { abortSignal: leaving.signal };
    const stream = await genai({}).models.generateContentStream({ model, contents, config });
    const call = await gate.reached;
    leaving.abort();
    gate.release();
    await expect(
      (async () => {
        for await (const _ of stream);
      })(),
    ).rejects.toThrow('abort');
    expect(await call.ended).toBe('aborted');
  });

  test('is served by another credential where one fails', async () => {
    google.fault({}, 'minute');
    const { text } = await genai({}).models.generateContent({ model, contents: 'Hello' });
    expect(text).toBe('You said: Hello');
    expect(new Set(served(google)).size).toBe(2);
  });
});

test.each(['v1', 'v1beta', 'v1alpha'])(
  "Google's SDK knows the error of a path that there is not, in %s",
  async (apiVersion) => {
    const { batches, fileSearchStores, authTokens } = genai({ apiVersion });
    for (const asked of [
      () => batches.list(),
      () => fileSearchStores.create({}),
      () => authTokens.create({}),
    ]) {
      const error = await asked().catch((each: unknown) => each);
      expect(error).toBeInstanceOf(ApiError);
      expect(error).toMatchObject({ status: 404 });
      expect(String(error)).toContain('"status":"NOT_FOUND"');
    }
  },
);

test("Google's SDK goes on from a stream through Vertex AI alone", async () => {
  const chat = genai({ httpOptions: { baseUrl: vertex.url } }).chats.create({ model });
  await talk(chat);
  expectSignaturesKept(google);
});

test("Google's SDK talks through several credentials, each talk through one, signatures kept", async () => {
  const httpOptions = { baseUrl: several.url };
  for (let number = 0; number < 3; number += 1) {
    google.reset();
    const chat = genai({ httpOptions }).chats.create({ model });
    await talk(chat, `Talk ${number}`);
    expectSignaturesKept(google);
  }
});

test("Google's SDK goes on from an image through several credentials, signatures kept", async () => {
  const httpOptions = { baseUrl: several.url };
  for (let number = 0; number < 4; number += 1) {
    google.reset();
    const chat = genai({ httpOptions }).chats.create({ model: 'gemini-3.1-flash-image' });
    for (const message of [`Cat ${number}`, 'Blue', 'Bigger']) {
      const { candidates } = await chat.sendMessage({ message });
      const parts = candidates?.[0]?.content?.parts ?? [];
      expect(parts.some(({ inlineData }) => inlineData?.data)).toBe(true);
    }
    expectSignaturesKept(google);
  }
});

async function talk(chat: Chat, first = 'One'): Promise<void> {
  for (const message of [first, 'Two', 'Three']) {
    let text = '';
    for await (const chunk of await chat.sendMessageStream({ message })) text += chunk.text ?? '';
    expect(text).toBe(`You said: ${message}`);
  }
}

function expectSignaturesKept(from: GoogleStub): void {
  expect(callsOf(from).map(({ status }) => status)).toEqual([200, 200, 200]);
  const bodies = JSON.stringify(callsOf(from).map(({ body }) => body));
  expect(bodies).toContain('"thoughtSignature"');
  expect(bodies).not.toContain('skip_thought');
}

describe('the ai package', () => {
  const provider = (of = own) =>
    createGoogleGenerativeAI({ baseURL: `${of.url}/v1beta`, apiKey: clientKey });

  test.each([
    ['one credential', () => own],
    ['several', () => several],
  ] as const)('runs its loop of tools through %s, signatures kept', async (_, of) => {
    const asked: string[] = [];
    const { text } = await generateText({
      model: provider(of())(model),
      prompt: rounds,
      tools: aiTools(asked),
      stopWhen: stepCountIs(5),
    });
    expect(text).toMatch(/^The tools said: /);
    expect(asked).toEqual(allTold);
    expect(turnsOf(google)).toEqual(turns);
    expect(partsOf(google, 1)[0]?.thoughtSignature).toMatch(/.{40}/);
  });

  test('runs it streaming', async () => {
    const asked: string[] = [];
    const { text } = streamText({
      model: provider()(model),
      prompt: rounds,
      tools: aiTools(asked),
      stopWhen: stepCountIs(5),
    });
    expect(await text).toMatch(/^The tools said: /);
    expect(asked).toEqual(allTold);
  });
});

describe('LangChain’s client of Google', () => {
  // It knows hosts alone, and those by https: what it would ask there is asked here.
  const client = {
    hasApiKey: () => true,
    fetch: (request: Request) => {
      const { pathname, search } = new URL(request.url);
      const asked = new Request(`${rondo.url}${pathname}${search}`, request);
      asked.headers.set('x-goog-api-key', clientKey);
      return fetch(asked);
    },
  };
  const chat = () =>
    new ChatGoogle({ model, apiClient: client, maxRetries: 0 } as unknown as ConstructorParameters<
      typeof ChatGoogle
    >[0]);

  test('answers, whole and streamed', async () => {
    expect((await chat().invoke('Hello')).text).toBe('You said: Hello');
    let text = '';
    for await (const chunk of await chat().stream('Hello')) text += chunk.text;
    expect(text).toBe('You said: Hello');
    expect(callsOf(google).map(({ method }) => method)).toContain('streamGenerateContent');
  });

  test('calls tools and is told what they said', async () => {
    const tools = names.map((name) => ({
      type: 'function',
      function: {
        name,
        description: `Does ${name}.`,
        parameters: { type: 'object', properties: { tz: { type: 'string' } } },
      },
    }));
    const bound = chat().bindTools(tools);
    const question = new HumanMessage('get_time({"tz":"UTC"})');
    // The packages' types of a message differ, and the messages don't.
    const first = await bound.invoke([question] as never);
    expect(first).toBeInstanceOf(AIMessage);
    const [call] = first.tool_calls ?? [];
    expect(call).toMatchObject({ name: 'get_time', args: { tz: 'UTC' } });
    const result = new ToolMessage({
      content: '10:00',
      tool_call_id: call?.id ?? '',
      name: 'get_time',
    });
    const second = await bound.invoke([question, first, result] as never);
    expect(second.text).toContain('The tools said: ');
  });
});

describe('what belongs to a project, where one credential has it,', () => {
  const client = () => genai({ httpOptions: { baseUrl: own.url }, apiVersion: 'v1beta' });

  test('is uploaded, told, listed, named in a request, and deleted', async () => {
    const ai = client();
    const blob = new Blob(['x'.repeat(100)], { type: 'text/plain' });
    const file = await ai.files.upload({ file: blob, config: { displayName: 'mine' } });
    expect(file).toMatchObject({ displayName: 'mine', sizeBytes: '100', state: 'ACTIVE' });
    const { name = '', uri = '' } = file;
    expect(await ai.files.get({ name })).toMatchObject({ name });
    const listed: string[] = [];
    for await (const each of await ai.files.list()) listed.push(each.name ?? '');
    expect(listed).toEqual([name]);
    const parts = [{ fileData: { fileUri: uri, mimeType: 'text/plain' } }, { text: 'Read.' }];
    const { text } = await ai.models.generateContent({
      model,
      contents: [{ role: 'user', parts }],
    });
    expect(text).toContain('You said');
    await ai.files.delete({ name });
    await expect(ai.files.get({ name })).rejects.toMatchObject({ status: 403 });
    // That it is gone is held against nobody.
    expect((await ai.models.generateContent({ model, contents: 'Hello' })).text).toBe(
      'You said: Hello',
    );
  });

  test('is cached, used and deleted', async () => {
    const ai = client();
    const contents = 'Something long. '.repeat(400);
    const cache = await ai.caches.create({ model, config: { contents, ttl: '600s' } });
    const { name = '' } = cache;
    expect(await ai.caches.get({ name })).toMatchObject({ name });
    const config = { cachedContent: name };
    const answer = await ai.models.generateContent({ model, contents: 'Hello', config });
    expect(answer.text).toBe('You said: Hello');
    await ai.caches.update({ name, config: { ttl: '60s' } });
    await ai.caches.delete({ name });
    await expect(ai.caches.get({ name })).rejects.toMatchObject({ status: 403 });
  });

  test('is not for a key that may not name it', async () => {
    const [first] = google.accounts;
    const CLIENT_API_KEYS = [{ name: 'me', key: clientKey, stored: false }];
    const other = await startRondo({
      vars: { ...google.vars(first ? [first] : []), CLIENT_API_KEYS },
    });
    const ai = genai({ httpOptions: { baseUrl: other.url } });
    const blob = new Blob(['x'], { type: 'text/plain' });
    await expect(ai.files.upload({ file: blob })).rejects.toMatchObject({ status: 403 });
    await expect(ai.caches.list()).rejects.toMatchObject({ status: 403 });
    expect(google.count({ kind: 'resource' })).toBe(0);
  });

  test('answers OpenAI’s dialect as Google does', async () => {
    const openai = new OpenAI({ baseURL: `${own.url}/v1beta/openai`, apiKey: clientKey });
    const { choices } = await openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Hello' }],
    });
    expect(choices[0]?.message.content).toBe('You said: Hello');
    expect(google.calls.at(-1)?.path).toBe('/v1beta/openai/chat/completions');
  });

  test('answers it through each of several keys in turn', async () => {
    const openai = new OpenAI({ baseURL: `${rondo.url}/v1beta/openai`, apiKey: clientKey });
    for (let index = 0; index < 2; index += 1) {
      const { choices } = await openai.chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'Hello' }],
      });
      expect(choices[0]?.message.content).toBe('You said: Hello');
    }
    expect(new Set(google.calls.map(({ credential }) => credential)).size).toBe(2);
  });
});
