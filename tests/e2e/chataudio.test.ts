// Chats whose answers are spoken, as OpenAI's SDK asks for them: whole, and as a stream.
import type OpenAI from 'openai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { samplesOf } from '../../scripts/googlestub/media.ts';
import { defaultModels } from '../../scripts/googlestub/models.ts';
import { answer, configOf, contentsOf, said, stop, turnsOf } from '../support/asked.ts';
import { ask, callsOf, chunksOf, failed, served } from '../support/chat.ts';
import { LeavingClient } from '../support/client.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { adjustedIn, tell } from '../support/told.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle({ models: [...defaultModels, { id: talker, task: 'generate' }] });
  google.addApiKey();
  google.addApiKey();
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

// Whole answers of the newer one are WAV files, those of the older one bare samples.
const models = ['gemini-3.8-flash-tts', 'gemini-2.5-flash-preview-tts'];
const [model = ''] = models;
/** It takes a chat's turns. */
const talker = 'gemini-2.5-flash-native-audio';
const text = 'Hello there';

const spoken = (format = 'pcm16', more: object = {}) =>
  ask(text, { model, modalities: ['text', 'audio'], audio: { voice: 'alloy', format }, ...more });

const sound = (heard: string, rate = 24_000) => ({
  inlineData: {
    mimeType: `audio/L16;codec=pcm;rate=${rate}`,
    data: samplesOf(heard).toString('base64'),
  },
});

interface Audio {
  readonly id: string;
  readonly data: string;
  readonly transcript: string;
  readonly expires_at: number;
}

const bytesOf = ({ data }: Pick<Audio, 'data'>): Buffer => Buffer.from(data, 'base64');

/** The pieces of a stream's sound, and all that its chunks say of it. */
async function streamed(body: object) {
  const chunks = await chunksOf(rondo.chat({ ...body, stream: true }));
  const choices = chunks.flatMap(({ choices: all }) => all as unknown as Piece[]);
  const audio = choices.flatMap(({ delta }) => (delta.audio ? [delta.audio] : []));
  const pieces = audio.flatMap(({ data }) => (data === undefined ? [] : [bytesOf({ data })]));
  return { choices, audio, samples: Buffer.concat(pieces) };
}

interface Piece {
  readonly delta: {
    readonly role?: string;
    readonly content?: unknown;
    readonly audio?: Partial<Audio>;
  };
  readonly finish_reason: string | null;
}

describe.each(models)('an answer that %s speaks', (of) => {
  test('is a WAV file with one head when that is asked for', async () => {
    const { choices } = await rondo.openai.chat.completions.create({
      model: of,
      messages: [{ role: 'user', content: text }],
      modalities: ['text', 'audio'],
      audio: { voice: 'nova', format: 'wav' },
    });
    const message = choices[0]?.message as OpenAI.ChatCompletionMessage;
    expect(message.content).toBeNull();
    const audio = message.audio as Audio;
    expect(audio.id).toMatch(/^audio_\w+$/);
    expect(audio.transcript).toBe('');
    expect(audio.expires_at).toBeGreaterThan(1_700_000_000);
    const bytes = bytesOf(audio);
    expect(bytes.subarray(0, 4).toString()).toBe('RIFF');
    expect(bytes.readUInt32LE(40)).toBe(samplesOf(text).length);
    expect(bytes.subarray(44)).toEqual(samplesOf(text));
    expect(choices[0]?.finish_reason).toBe('stop');
    expect(configOf(google)).toEqual({
      responseModalities: ['AUDIO'],
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Leda' } } },
    });
  });

  test('is samples when those are asked for', async () => {
    const told = await tell(rondo, 'whole', spoken('pcm16', { model: of }));
    const audio = told.choices[0]?.message.audio as unknown as Audio;
    expect(bytesOf(audio)).toEqual(samplesOf(text));
    expect(adjustedIn(told)).toEqual([]);
    expect(told.usage).toMatchObject({ completion_tokens_details: { audio_tokens: 10 } });
  });

  test('comes in chunks of samples, each under one id', async () => {
    const { choices, audio, samples } = await streamed(spoken('pcm16', { model: of }));
    expect(samples).toEqual(samplesOf(text));
    expect(audio.filter(({ data }) => data !== undefined)).toHaveLength(3);
    expect(new Set(audio.map(({ id }) => id)).size).toBe(1);
    expect(audio.at(-1)?.expires_at).toBeGreaterThan(1_700_000_000);
    expect(choices[0]?.delta).toMatchObject({ role: 'assistant', content: null });
    expect(choices.every(({ delta }) => !delta.content)).toBe(true);
    expect(choices.at(-1)).toMatchObject({ delta: {}, finish_reason: 'stop' });
  });
});

describe('what a model says beside its sound', () => {
  const parts = [{ text: 'Hel' }, { text: 'lo' }, sound('Hello')];

  test('is the transcript', async () => {
    answer(google, [said(parts, stop)]);
    const { choices } = await tell(rondo, 'whole', spoken());
    expect(choices[0]?.message).toMatchObject({ content: null, audio: { transcript: 'Hello' } });
  });

  test('is the transcript of a stream', async () => {
    answer(google, [said([{ text: 'Hel' }]), said([{ text: 'lo' }, sound('Hello')], stop)]);
    const { audio, samples } = await streamed(spoken());
    expect(audio.map(({ transcript = '' }) => transcript).join('')).toBe('Hello');
    expect(samples).toEqual(samplesOf('Hello'));
  });

  test('is text when there is no sound', async () => {
    answer(google, [said([{ text: 'Hello' }], stop)]);
    const { choices } = await tell(rondo, 'whole', spoken());
    expect(choices[0]?.message.content).toBe('Hello');
    expect(choices[0]?.message).not.toHaveProperty('audio');
  });

  test('may be a call', async () => {
    const functionCall = { name: 'f', args: {} };
    answer(google, [said([{ functionCall }], stop)]);
    const { choices } = await tell(rondo, 'whole', spoken());
    expect(choices[0]?.finish).toBe('tool_calls');
  });

  // OTHER is how Google's speech ends in the midst of a sentence.
  test.for(['MAX_TOKENS', 'OTHER'])('may be cut off (%s)', async (finishReason) => {
    answer(google, [said([sound('Hel')], { finishReason })]);
    const { choices } = await tell(rondo, 'whole', spoken());
    expect(choices[0]?.finish).toBe('length');
    expect(bytesOf(choices[0]?.message.audio as unknown as Audio)).toEqual(samplesOf('Hel'));
  });
});

describe('a request', () => {
  const bad: [object, string][] = [
    [{ audio: { voice: 'alloy' } }, 'audio.format'],
    [{ audio: { voice: 'alloy', format: 'mp3' } }, 'audio.format'],
    [{ audio: { voice: 'alloy', format: 'flac' } }, 'audio.format'],
    [{ audio: { voice: 'alloy', format: 'opus' } }, 'audio.format'],
    [{ audio: { voice: 'alloy', format: 'midi' } }, 'audio.format'],
    [{ audio: { voice: 7, format: 'wav' } }, 'audio.voice'],
    [{ audio: 'alloy' }, 'audio'],
    [{ audio: { voice: 'alloy', format: 'wav' }, stream: true }, 'audio.format'],
  ];

  test.for(bad)('with %j names the field', async ([more, param]) => {
    const { status, error } = await failed(rondo.chat(spoken('wav', more)));
    expect([status, error.param]).toEqual([400, param]);
    expect(callsOf(google)).toEqual([]);
  });

  test("for a voice that Google doesn't know names the field", async () => {
    const audio = { voice: 'Nobody', format: 'wav' };
    const { status, error } = await failed(rondo.chat(spoken('wav', { audio })));
    expect([status, error.param]).toEqual([400, 'audio']);
  });

  test.for(['gemini-3.8-flash', 'gemini-2.5-flash-image'])(
    'to a model that speaks not, %s, is refused with Google’s words',
    async (of) => {
      const asked = spoken('wav', { model: of });
      const { status, error } = await failed(rondo.chat(asked));
      expect([status, error.param]).toEqual([400, 'modalities']);
      expect(error.message).toContain('response modalities (AUDIO)');
      expect(callsOf(google)).toHaveLength(1);
    },
  );

  test.for([
    ['that says not how', { audio: null }, ['modalities']],
    ['of texts alone', { modalities: ['text'] }, []],
  ] as const)('%s is answered in text', async ([_, more, adjusted]) => {
    const asked = spoken('wav', { model: 'gemini-2.5-flash', ...more });
    const told = await tell(rondo, 'whole', asked);
    expect(told.choices[0]?.message.content).toBe(`You said: ${text}`);
    expect(adjustedIn(told)).toEqual(adjusted);
  });
});

describe('a history', () => {
  const history = (audio: object) => ({
    ...spoken('wav', { model: talker }),
    messages: [
      { role: 'user', content: 'First' },
      { role: 'assistant', content: null, audio },
      { role: 'user', content: 'Second' },
    ],
  });

  test('has no sound of ours any more, which is told', async () => {
    const told = await tell(rondo, 'whole', history({ id: 'audio_1' }));
    expect(adjustedIn(told)).toEqual(['audio']);
    expect(JSON.stringify(contentsOf(google))).toMatch(/First.*Second/);
    expect(turnsOf(google).every((turn) => turn.startsWith('user: '))).toBe(true);
  });

  test('has its transcript where the client sends that', async () => {
    const audio = { id: 'audio_1', transcript: 'I am here', data: '', expires_at: 1 };
    const told = await tell(rondo, 'whole', history(audio));
    expect(adjustedIn(told)).toEqual([]);
    expect(turnsOf(google)).toEqual(['user: text', 'model: text', 'user: text']);
  });
});

describe('an answer that fails', () => {
  test('before it began goes by another credential', async () => {
    google.fault({}, 'minute');
    const { samples } = await streamed(spoken());
    expect(samples).toEqual(samplesOf(text));
    expect(new Set(served(google)).size).toBe(2);
  });

  test('in the middle of its stream is told as an event', async () => {
    google.fault({}, { kind: 'cut', after: 2 });
    const told = await (await rondo.chat({ ...spoken(), stream: true })).text();
    expect(told).toMatch(/data: \{"error":[^\n]*upstream_incomplete[^\n]*\n\n$/);
  });

  test('because its client left is ended at Google too', async () => {
    const gate = google.holdNext();
    const client = new LeavingClient(rondo, spoken('wav'));
    const call = await gate.reached;
    client.leave();
    await call.closed;
    expect(call.end).toBe('aborted');
  });
});
