// What is measured. The goals are ratios to the floor, a Worker that only fetches and passes on, or
// to the pump, which takes every byte through WASM besides.
import type { BenchMode } from '../googlestub/bench.ts';
import { chatHistory, messagesHistory, responsesHistory } from './agent.ts';
import { textOf, tools } from './texts.ts';

/** The most CPU a request may take, as a multiple of another worker's. */
export interface Goal {
  readonly times: number;
  readonly of: 'floor' | 'pump';
}

const timesFloor = (times: number): Goal => ({ times, of: 'floor' });
const timesPump = (times: number): Goal => ({ times, of: 'pump' });

export interface Form {
  readonly contentType: string;
  readonly bytes: Buffer;
}

export interface Row {
  readonly name: string;
  readonly goal: Goal;
  readonly connections: number;
  /** Requests in each round and worker. */
  readonly requests: number;
  /** Rondo's path: the dialect that is spoken. */
  readonly path?: string;
  /** Whether that names model and method, as Google's own dialect does; else the body does. */
  readonly isNative?: true;
  /** Fields of the request's body beside the model. */
  readonly request: object;
  /** In their place: a body of another type. */
  readonly form?: Form;
  /** What the back-end answers. */
  readonly answer: BenchMode;
}

const greeting = [
  { role: 'system', content: 'You are a helpful assistant.' },
  { role: 'user', content: textOf(200) },
];

/** Four messages: a question, a call, its result, an answer. */
const exchangeOf = (index: number, length: number) => [
  { role: 'user', content: textOf(length) },
  {
    role: 'assistant',
    content: null,
    tool_calls: [
      {
        id: `call_${index}`,
        type: 'function',
        function: {
          name: `look_up_${index % 20}`,
          arguments: JSON.stringify({ query: textOf(60), limit: 5 }),
        },
      },
    ],
  },
  { role: 'tool', tool_call_id: `call_${index}`, content: textOf(length) },
  { role: 'assistant', content: textOf(length) },
];

export const history = {
  messages: [
    ...Array.from({ length: 100 }, (_, index) => exchangeOf(index, 3100)).flat(),
    { role: 'user', content: 'And now?' },
  ],
  tools,
};

/** Bytes that look like base64 and don't repeat over short distances. */
const base64Of = (length: number): string => {
  const bytes = Buffer.alloc((length / 4) * 3);
  let state = 1;
  for (let at = 0; at < bytes.length; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes.writeUInt32LE(state, at);
  }
  return bytes.toString('base64');
};

const picture = {
  messages: [
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        {
          type: 'image_url',
          image_url: { url: `data:image/png;base64,${base64Of(8 * 1024 * 1024)}` },
        },
      ],
    },
  ],
};

const stream = { messages: greeting, stream: true };

/** A recording of so many bytes, as OpenAI's SDK sends it. */
const recording = (bytes: number): Form => {
  const disposition = 'Content-Disposition: form-data; name=';
  const head =
    `--bench\r\n${disposition}"model"\r\n\r\ngemini-3.5-transcribe\r\n` +
    `--bench\r\n${disposition}"file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n`;
  // Base64 is as good as any bytes.
  const sound = Buffer.from(base64Of(Math.ceil(bytes / 4) * 4)).subarray(0, bytes);
  return {
    contentType: 'multipart/form-data; boundary=bench',
    bytes: Buffer.concat([Buffer.from(head), sound, Buffer.from('\r\n--bench--\r\n')]),
  };
};

/** The same small conversation in the other dialects. */
const responses = {
  path: '/v1/responses',
  request: {
    instructions: 'You are a helpful assistant.',
    input: textOf(200),
    store: false,
  },
};
const messages = {
  path: '/v1/messages',
  request: {
    system: 'You are a helpful assistant.',
    messages: [{ role: 'user', content: textOf(200) }],
    max_tokens: 4096,
  },
};
/** The same in Google's own, which is passed through. */
const native = (method: string) =>
  ({
    path: `/v1beta/models/gemini-3.8-flash:${method}`,
    isNative: true,
    request: {
      systemInstruction: { parts: [{ text: 'You are a helpful assistant.' }] },
      contents: [{ role: 'user', parts: [{ text: textOf(200) }] }],
    },
  }) as const;
const streamed = <T extends { readonly request: object }>(row: T) => ({
  ...row,
  request: { ...row.request, stream: true },
});
/** An agent's history: the calls' arguments and results are JSON, full of code. */
const agent = (name: string, path: string, request: object): Row => ({
  name: `an agent’s history in ${name}: 1 MB, 400 messages, 100 calls and results, 20 tools`,
  goal: timesFloor(3),
  connections: 1,
  requests: 100,
  path,
  request,
  answer: whole,
});
const event = { bytes: 60 };
const whole: BenchMode = { events: 1, bytes: 400 };

const texts = Array.from({ length: 100 }, (_, index) => `${textOf(300)}${index}`);

export const rows: readonly Row[] = [
  {
    name: 'small chat, 16 connections',
    goal: timesFloor(1.5),
    connections: 16,
    requests: 4000,
    request: { messages: greeting },
    answer: whole,
  },
  {
    name: 'stream of 100 events, as fast as it goes, 16 connections',
    goal: timesPump(1.05),
    connections: 16,
    requests: 160,
    request: stream,
    answer: { ...event, events: 100, interval: 0 },
  },
  {
    name: 'stream of 100 events, one each 8 ms, 8 connections',
    goal: timesPump(1.1),
    connections: 8,
    requests: 32,
    request: stream,
    answer: { ...event, events: 100, interval: 8 },
  },
  {
    ...responses,
    name: 'small Responses, 16 connections',
    goal: timesFloor(1.5),
    connections: 16,
    requests: 4000,
    answer: whole,
  },
  {
    ...messages,
    name: 'small Messages, 16 connections',
    goal: timesFloor(1.5),
    connections: 16,
    requests: 4000,
    answer: whole,
  },
  {
    ...streamed(responses),
    name: 'Responses stream of 100 events, as fast as it goes, 16 connections',
    goal: timesPump(1.05),
    connections: 16,
    requests: 160,
    answer: { ...event, events: 100, interval: 0 },
  },
  {
    ...streamed(messages),
    name: 'Messages stream of 100 events, as fast as it goes, 16 connections',
    goal: timesPump(1.05),
    connections: 16,
    requests: 160,
    answer: { ...event, events: 100, interval: 0 },
  },
  {
    ...native('generateContent'),
    name: 'small chat in Google’s own dialect, 16 connections',
    goal: timesFloor(1.25),
    connections: 16,
    requests: 4000,
    answer: whole,
  },
  {
    ...native('streamGenerateContent?alt=sse'),
    name: 'stream of 100 events in Google’s own dialect, as fast as it goes, 16 connections',
    goal: timesFloor(1.25),
    connections: 16,
    requests: 160,
    answer: { ...event, events: 100, interval: 0 },
  },
  {
    name: 'stream of 5,000 events in a burst',
    goal: timesPump(2),
    connections: 1,
    requests: 60,
    request: stream,
    answer: { ...event, events: 5000 },
  },
  {
    name: '1 MB history, 400 messages, 20 tools',
    goal: timesFloor(2.5),
    connections: 1,
    requests: 100,
    request: history,
    answer: whole,
  },
  agent('chat', '/v1/chat/completions', chatHistory),
  agent('Responses', responses.path, responsesHistory),
  agent('Messages', messages.path, messagesHistory),
  {
    name: '8 MB image in a data URL',
    goal: timesFloor(1.9),
    connections: 1,
    requests: 16,
    request: picture,
    answer: whole,
  },
  {
    name: '100 embeddings of 768 dimensions',
    goal: timesFloor(5),
    connections: 1,
    requests: 100,
    path: '/v1/embeddings',
    request: { model: 'text-embedding-005', input: texts, encoding_format: 'base64' },
    answer: { ...whole, embeddings: texts.length },
  },
  {
    name: 'transcript of a recording of 20 MB',
    goal: timesFloor(4),
    connections: 1,
    requests: 8,
    path: '/v1/audio/transcriptions',
    request: {},
    form: recording(20_000_000),
    answer: whole,
  },
];
