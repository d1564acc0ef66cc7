// Speech, as OpenAI's SDK and the ai package ask for it: whole, as it comes, and as events.
import { createOpenAI } from '@ai-sdk/openai';
import { experimental_generateSpeech as generateSpeech } from 'ai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { samplesOf } from '../../scripts/googlestub/media.ts';
import { answer, configOf, partsOf, said, stop } from '../support/asked.ts';
import { callsOf, eventsOf, failed, served } from '../support/chat.ts';
import { LeavingClient } from '../support/client.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addApiKey();
  google.addApiKey();
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

// Whole answers of the newest one are WAV files, those of the older ones bare samples.
const models = [
  'gemini-3.8-flash-tts',
  'gemini-2.5-flash-preview-tts',
  'gemini-3.1-flash-tts-preview',
];
const [model = ''] = models;
const input = 'Hello there';

const speak = (more: object = {}): Promise<Response> =>
  rondo.fetch('/v1/audio/speech', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, input, voice: 'alloy', response_format: 'pcm', ...more }),
  });

const bytesOf = async (answer: Response | Promise<Response>): Promise<Buffer> =>
  Buffer.from(await (await answer).arrayBuffer());

/** What a WAV file of so many bytes of samples begins with; without a number, one without an end. */
const headOf = (size?: number): Buffer => {
  const head = Buffer.alloc(44);
  head.write('RIFF');
  head.writeUInt32LE(size === undefined ? 0xffff_ffff : 36 + size, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(24_000, 24);
  head.writeUInt32LE(48_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(size ?? 0xffff_ffff, 40);
  return head;
};

describe.each(models)('a speech of %s', (of) => {
  test('is samples when those are asked for', async () => {
    const spoken = await speak({ model: of });
    expect(spoken.headers.get('content-type')).toBe('audio/pcm');
    expect(await bytesOf(spoken)).toEqual(samplesOf(input));
  });

  test('is a WAV file with one head when that is asked for', async () => {
    const spoken = await speak({ model: of, response_format: 'wav' });
    expect(spoken.headers.get('content-type')).toBe('audio/wav');
    expect(spoken.headers.get('x-rondo-adjusted')).toBeNull();
    const samples = samplesOf(input);
    expect(await bytesOf(spoken)).toEqual(Buffer.concat([headOf(samples.length), samples]));
  });

  test('comes as it is made', async () => {
    const spoken = await speak({ model: of, response_format: 'wav', stream_format: 'audio' });
    expect(spoken.headers.get('content-type')).toBe('audio/wav');
    expect(await bytesOf(spoken)).toEqual(Buffer.concat([headOf(), samplesOf(input)]));
  });

  test('comes in events', async () => {
    const events = (await eventsOf(speak({ model: of, stream_format: 'sse' }))).map(
      (event) => JSON.parse(event) as { type: string; audio?: string; usage?: object },
    );
    const last = events.pop();
    const spoken = events.map(({ audio = '' }) => Buffer.from(audio, 'base64'));
    expect(Buffer.concat(spoken)).toEqual(samplesOf(input));
    expect(events.map(({ type }) => type)).toEqual(Array(3).fill('speech.audio.delta'));
    expect(last).toMatchObject({ type: 'speech.audio.done', usage: { output_tokens: 30 } });
  });
});

describe('a request', () => {
  test("comes through OpenAI's SDK, where no encoding is named one of the models' own", async () => {
    const spoken = await rondo.openai.audio.speech.create({ model, input, voice: 'nova' });
    expect(spoken.headers.get('content-type')).toBe('audio/wav');
    expect(spoken.headers.get('x-rondo-adjusted')).toBe('response_format');
    expect(partsOf(google, 0)).toEqual([{ text: input }]);
    expect(configOf(google)).toEqual({
      responseModalities: ['AUDIO'],
      speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Leda' } } },
    });
  });

  // By itself that writes out the format that is OpenAI's own default.
  test.for([undefined, 'wav'])('comes through the ai package, for %s', async (outputFormat) => {
    const provider = createOpenAI({
      baseURL: `${rondo.url}/v1`,
      apiKey: clientKey,
      fetch: rondo.checkedFetch,
    });
    const { audio } = await generateSpeech({
      model: provider.speech(model),
      text: input,
      ...(outputFormat ? { outputFormat } : {}),
    });
    expect(rondo.sent.at(-1)).toContain(`"response_format":"${outputFormat ?? 'mp3'}"`);
    expect(audio.mediaType).toBe('audio/wav');
    expect(Buffer.from(audio.uint8Array).subarray(44)).toEqual(samplesOf(input));
  });

  const voices: [voice: unknown, google: object][] = [
    ['alloy', { prebuiltVoiceConfig: { voiceName: 'Kore' } }],
    ['ONYX', { prebuiltVoiceConfig: { voiceName: 'Algenib' } }],
    ['Puck', { prebuiltVoiceConfig: { voiceName: 'Puck' } }],
    [{ id: 'voice_1' }, { voice: 'voice_1' }],
    [undefined, { prebuiltVoiceConfig: { voiceName: 'Kore' } }],
  ];

  test.for(voices)("for the voice %j has one of Google's", async ([voice, config]) => {
    expect((await speak({ voice })).status).toBe(200);
    expect(configOf(google).speechConfig).toEqual({ voiceConfig: config });
  });

  test("for a voice that Google doesn't know names the field", async () => {
    const { status, error } = await failed(speak({ voice: 'Nobody' }));
    expect(status).toBe(400);
    expect(error.param).toBe('voice');
  });

  test('tells how to speak apart from what is spoken', async () => {
    await speak({ instructions: 'Whisper' });
    expect(partsOf(google, 0)).toEqual([{ text: input, speechMetadata: { style: 'Whisper' } }]);
  });

  test.for(models.slice(1))('tells the older %s how to speak in front of it', async (of) => {
    expect((await speak({ model: of, instructions: 'Whisper' })).status).toBe(200);
    expect(partsOf(google, 0)).toEqual([{ text: `Whisper: ${input}` }]);
  });

  test('for MP3, which clients write out as the default, is answered as if it named nothing', async () => {
    const spoken = await speak({ response_format: 'mp3' });
    expect(spoken.headers.get('content-type')).toBe('audio/wav');
    expect(spoken.headers.get('x-rondo-adjusted')).toBe('response_format');
    const samples = samplesOf(input);
    expect(await bytesOf(spoken)).toEqual(Buffer.concat([headOf(samples.length), samples]));
  });

  test('is told what the models lack', async () => {
    expect((await speak({ speed: 1.5 })).headers.get('x-rondo-adjusted')).toBe('speed');
    expect((await speak({ speed: 1 })).headers.get('x-rondo-adjusted')).toBeNull();
  });

  test.for([
    [undefined, 'Read the following text aloud, word for word: Hello'],
    ['Whisper', 'Read the following text aloud, word for word, in this manner: Whisper: Hello'],
  ] as const)(
    'of a word that the model would answer is sent with what to do (%s)',
    async ([instructions, text]) => {
      const words = 'Model tried to generate text, but it should only be used for TTS.';
      if (instructions) {
        const parts = [{ text: `${instructions}: Hello` }];
        google.refuse({ field: 'contents', value: [{ role: 'user', parts }], message: words });
      }
      const spoken = await speak({ model: models[1], input: 'Hello', instructions });
      expect(spoken.status).toBe(200);
      expect(spoken.headers.get('x-rondo-adjusted')).toBe('instructions');
      expect(partsOf(google, 0)).toEqual([{ text }]);
    },
  );

  test('of a word goes to a newer model with what to do beside it', async () => {
    const spoken = await speak({ input: 'Hello' });
    expect(await bytesOf(spoken)).toEqual(samplesOf('Hello'));
    const style = 'Read the following text aloud, word for word';
    expect(partsOf(google, 0)).toEqual([{ text: 'Hello', speechMetadata: { style } }]);
  });

  const bad: [object, string][] = [
    [{ input: '' }, 'input'],
    [{ model: undefined }, 'model'],
    [{ voice: 7 }, 'voice'],
    [{ voice: {} }, 'voice.id'],
    [{ response_format: 'opus' }, 'response_format'],
    [{ response_format: 'aac' }, 'response_format'],
    [{ response_format: 'flac' }, 'response_format'],
    [{ response_format: 'midi' }, 'response_format'],
    [{ speed: 5 }, 'speed'],
    [{ stream_format: 'hls' }, 'stream_format'],
  ];

  test.for(bad)('with %j names the field', async ([more, param]) => {
    const { status, error } = await failed(speak(more));
    expect(status).toBe(400);
    expect(error.param).toBe(param);
    expect(callsOf(google)).toEqual([]);
  });
});

describe('a speech that fails', () => {
  test('before it began goes by another credential', async () => {
    google.fault({}, 'minute');
    expect(await bytesOf(speak({ stream_format: 'audio' }))).toEqual(samplesOf(input));
    expect(new Set(served(google)).size).toBe(2);
  });

  test('because of what it says is told in words', async () => {
    answer(google, [said([], { finishReason: 'PROHIBITED_CONTENT' })]);
    const { status, error } = await failed(speak());
    expect(status).toBe(400);
    expect(error.code).toBe('moderation_blocked');
  });

  test('because it is too long is not told half', async () => {
    const data = samplesOf(input).toString('base64');
    const sound = { inlineData: { mimeType: 'audio/L16;rate=24000', data } };
    answer(google, [said([sound], { finishReason: 'MAX_TOKENS' })]);
    const { status, error } = await failed(speak());
    expect(status).toBe(400);
    expect(error.code).toBe('output_cut_off');
  });

  // As Google's speech does: https://discuss.ai.google.dev/t/132776
  const half = () => {
    const data = samplesOf('Hello').toString('base64');
    const mimeType = 'audio/l16; rate=24000; channels=1';
    const candidates = [
      { content: { role: 'model', parts: [{ inlineData: { mimeType, data } }] }, index: 0 },
      { content: {}, finishReason: 'OTHER', index: 0 },
    ];
    google.answerNext({}, { responses: candidates.map((each) => ({ candidates: [each] })) });
  };

  test('early, with some of its sound, is asked for once more', async () => {
    half();
    expect(await bytesOf(speak())).toEqual(samplesOf(input));
    expect(callsOf(google)).toHaveLength(2);
  });

  test('early, twice, is not told half', async () => {
    half();
    half();
    const { status, error } = await failed(speak());
    expect(status).toBe(502);
    expect(error.code).toBe('incomplete_answer');
    expect(error.message).toContain('OTHER');
  });

  test('early, in its stream, is broken off, or told as an event', async () => {
    half();
    await expect((await speak({ stream_format: 'audio' })).arrayBuffer()).rejects.toThrow();
    half();
    const events = await eventsOf(speak({ stream_format: 'sse' }));
    expect(JSON.parse(events.at(-1) ?? '')).toMatchObject({ error: { code: 'incomplete_answer' } });
  });

  test('because nothing was said, or nothing that can be read, is tried again', async () => {
    answer(google, [said([{ text: 'Hello there' }], stop)]);
    answer(google, [said([{ inlineData: { mimeType: 'audio/mulaw', data: 'AAAA' } }], stop)]);
    const { status, error } = await failed(speak());
    expect(status).toBe(502);
    expect(error.code).toBe('no_audio');
    expect(callsOf(google)).toHaveLength(2);
  });

  test('in the middle of its bytes is broken off', async () => {
    google.fault({}, { kind: 'cut', after: 2 });
    const spoken = await speak({ stream_format: 'audio' });
    expect(spoken.status).toBe(200);
    await expect(spoken.arrayBuffer()).rejects.toThrow();
  });

  test('in the middle of its events is told as one', async () => {
    google.fault({}, { kind: 'cut', after: 2 });
    const events = await eventsOf(speak({ stream_format: 'sse' }));
    expect(JSON.parse(events.at(-1) ?? '')).toHaveProperty('error');
  });

  test('because its client left is ended at Google too', async () => {
    const gate = google.holdNext();
    const body = { model, input, voice: 'alloy', response_format: 'pcm' };
    const client = new LeavingClient(rondo, body, '/v1/audio/speech');
    const call = await gate.reached;
    client.leave();
    await call.closed;
    expect(call.end).toBe('aborted');
  });
});
