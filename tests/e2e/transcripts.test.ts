// Transcripts and translations of speech, as OpenAI's SDK and the ai package ask for them.
import { createOpenAI } from '@ai-sdk/openai';
import { experimental_transcribe as transcribe } from 'ai';
import { toFile } from 'openai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { answer, configOf, partsOf, said, stop } from '../support/asked.ts';
import {
  callsOf,
  eventsOf,
  failed,
  model as general,
  lastRequest,
  served,
} from '../support/chat.ts';
import { EncodedForm, LeavingClient } from '../support/client.ts';
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

const model = 'gemini-3.5-transcribe';
const wav = Buffer.from('RIFF\x24\0\0\0WAVEfmt ', 'latin1');
const heard = 'I heard 16 bytes. They were audio/wav.';

type Field = string | readonly string[] | Blob;

const formOf = (fields: Readonly<Record<string, Field | undefined>>): FormData => {
  const form = new FormData();
  const all = { model, file: new File([wav], 'a.wav'), ...fields };
  for (const [name, value] of Object.entries(all)) {
    if (value === undefined) continue;
    if (value instanceof Blob) form.append(name, value);
    else for (const each of [value].flat()) form.append(name, each as string);
  }
  return form;
};

const send = (fields: Readonly<Record<string, Field | undefined>> = {}, path = 'transcriptions') =>
  rondo.fetch(`/v1/audio/${path}`, { method: 'POST', body: formOf(fields) });

const sound = { inlineData: { mimeType: 'audio/wav', data: wav.toString('base64') } };

describe('a transcript', () => {
  test("comes through OpenAI's SDK, with what it cost", async () => {
    const { text, usage } = await rondo.openai.audio.transcriptions.create({
      model,
      file: await toFile(wav, 'a.wav'),
    });
    expect(text).toBe(heard);
    expect(usage).toMatchObject({ type: 'tokens', input_token_details: { audio_tokens: 258 } });
    expect(partsOf(google, 0)).toEqual([sound]);
    expect(configOf(google)).toEqual({ audioTranscriptionConfig: {} });
    expect(lastRequest(google)).not.toHaveProperty('systemInstruction');
  });

  test('comes through the ai package', async () => {
    const provider = createOpenAI({
      baseURL: `${rondo.url}/v1`,
      apiKey: clientKey,
      fetch: rondo.checkedFetch,
    });
    const { text } = await transcribe({ model: provider.transcription(model), audio: wav });
    expect(text).toBe(heard);
  });

  test('is bare text when that is asked for', async () => {
    const told = await send({ response_format: 'text' });
    expect(told.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await told.text()).toBe(`${heard}\n`);
  });

  test('comes in events', async () => {
    const file = await toFile(wav, 'a.wav');
    const stream = await rondo.openai.audio.transcriptions.create({ model, file, stream: true });
    const events = [];
    for await (const event of stream) events.push(event);
    expect(events.map((event) => ('delta' in event ? event.delta : event.type))).toEqual([
      'I heard 16 bytes.',
      ' They were audio/wav.',
      'transcript.text.done',
    ]);
    expect(events.at(-1)).toMatchObject({ text: heard, usage: { type: 'tokens' } });
  });

  test('of silence is empty', async () => {
    answer(google, [said([{}], stop)]);
    expect(await (await send()).json()).toMatchObject({ text: '' });
  });

  test('that is blocked is no empty one', async () => {
    google.answerNext({}, { responses: [{ promptFeedback: { blockReason: 'OTHER' } }] });
    const { status, error } = await failed(send());
    expect(status).toBe(400);
    expect(error.code).toBe('moderation_blocked');
  });

  test('is told in what languages and words to expect', async () => {
    const sent = { language: 'de', 'languages[]': ['en', 'pt-PT'], 'keywords[]': ['Rondo'] };
    expect((await send({ ...sent, prompt: 'On music.' })).headers.get('x-rondo-adjusted')).toBe(
      'prompt',
    );
    expect(configOf(google).audioTranscriptionConfig).toEqual({
      languageCodes: ['de-DE', 'en-US', 'pt-PT'],
      customVocabulary: ['Rondo'],
    });
  });

  test('is told what of its settings the model lacks', async () => {
    const told = await send({ temperature: '0.2', 'include[]': 'logprobs' });
    expect(told.headers.get('x-rondo-adjusted')).toBe('include, temperature');
  });
});

describe('times', () => {
  test('of words are told', async () => {
    const told = await rondo.openai.audio.transcriptions.create({
      model,
      file: await toFile(wav, 'a.wav'),
      response_format: 'verbose_json',
      timestamp_granularities: ['word'],
      language: 'en',
    });
    expect(told).toMatchObject({ text: heard, language: 'en', duration: 3.4 });
    expect(told.usage).toEqual({ type: 'duration', seconds: 3.4 });
    expect(told.words?.slice(0, 2)).toEqual([
      { word: 'I', start: 0, end: 0.4 },
      { word: 'heard', start: 0.5, end: 0.9 },
    ]);
    expect(configOf(google).audioTranscriptionConfig).toMatchObject({ wordTimestamp: true });
  });

  test('of sentences are told', async () => {
    const told = (await (await send({ response_format: 'verbose_json' })).json()) as {
      segments: object[];
      language: string;
    };
    expect(told.language).toBe('en');
    expect(told.segments).toMatchObject([
      { id: 0, start: 0, end: 1.9, text: 'I heard 16 bytes.' },
      { id: 1, start: 2, end: 3.4, text: 'They were audio/wav.' },
    ]);
  });

  test('make a SubRip file', async () => {
    expect(await (await send({ response_format: 'srt' })).text()).toBe(
      '1\n00:00:00,000 --> 00:00:01,900\nI heard 16 bytes.\n\n' +
        '2\n00:00:02,000 --> 00:00:03,400\nThey were audio/wav.\n\n',
    );
  });

  test('make a WebVTT file', async () => {
    const told = await send({ response_format: 'vtt' });
    expect(told.headers.get('content-type')).toBe('text/vtt; charset=utf-8');
    expect(await told.text()).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:01\.900\n/);
  });

  test('are told of speakers', async () => {
    const told = await send({ response_format: 'diarized_json', 'keywords[]': 'Rondo' });
    expect(await told.json()).toMatchObject({
      segments: [
        { id: 'seg_0', speaker: 'A', text: 'I heard 16 bytes.', start: 0, end: 1.9 },
        { id: 'seg_1', speaker: 'B', text: 'They were audio/wav.' },
      ],
    });
    expect(told.headers.get('x-rondo-adjusted')).toBe('keywords');
  });

  test.for(['srt', 'vtt', 'verbose_json', 'diarized_json'])(
    'in %s are refused where the model tells none',
    async (response_format) => {
      const { status, error } = await failed(send({ model: general, response_format }));
      expect(status).toBe(400);
      expect(error).toMatchObject({ param: 'response_format', code: 'unsupported_value' });
      expect(callsOf(google)).toEqual([]);
    },
  );

  test('of half a sound are asked for once more', async () => {
    answer(google, [said([{ text: 'I heard' }], { finishReason: 'OTHER' })]);
    expect(await (await send({ response_format: 'text' })).text()).toBe(`${heard}\n`);
  });

  test('that never came are missed', async () => {
    for (const _ of [1, 2]) answer(google, [said([{ text: 'Hello' }], stop)]);
    const { status, error } = await failed(send({ response_format: 'srt' }));
    expect(status).toBe(502);
    expect(error.code).toBe('no_times');
  });
});

describe('a general model', () => {
  test('is told to write down what it hears', async () => {
    const told = await send({ model: general, prompt: 'On music.', language: 'fr' });
    expect(told.status).toBe(200);
    const system = JSON.stringify(lastRequest(google).systemInstruction);
    expect(system).toContain('word for word');
    expect(system).toContain('fr-FR');
    expect(system).toContain('On music.');
    expect(partsOf(google, 0)).toEqual([sound]);
    expect(configOf(google)).toEqual({});
  });

  test('translates into English', async () => {
    const { text } = await rondo.openai.audio.translations.create({
      model: general,
      file: await toFile(wav, 'a.wav'),
    });
    expect(text).toBe('You said: [audio/wav, 16 bytes]');
    expect(JSON.stringify(lastRequest(google).systemInstruction)).toContain('into English');
  });

  test('is needed for that', async () => {
    const { status, error } = await failed(send({}, 'translations'));
    expect(status).toBe(400);
    expect(error.param).toBe('model');
  });
});

describe('a file', () => {
  const files: [what: string, bytes: string, name: string, type: string, sent: string][] = [
    ['an MP3 with a tag', 'ID3\x04', 'a', '', 'audio/mp3'],
    ['a bare MP3', '\xff\xfb\x90', 'a', '', 'audio/mp3'],
    ['AAC', '\xff\xf1\x50', 'a', '', 'audio/aac'],
    ['FLAC', 'fLaC', 'a', '', 'audio/flac'],
    ['Ogg', 'OggS', 'a', '', 'audio/ogg'],
    ['WebM', '\x1a\x45\xdf\xa3', 'a.mp3', '', 'audio/webm'],
    ['MPEG-4', '\0\0\0\x20ftypM4A ', 'a', '', 'audio/m4a'],
    ['a name alone', 'xyz', 'a.MPGA', '', 'audio/mp3'],
    ['a type alone', 'xyz', 'a', 'audio/x-wav', 'audio/wav'],
  ];

  test.for(files)('is known by %s', async ([, bytes, name, type, sent]) => {
    const file = new File([Buffer.from(bytes, 'latin1')], name, { type });
    expect((await send({ file })).status).toBe(200);
    expect(partsOf(google, 0)[0]?.inlineData).toMatchObject({ mimeType: sent });
  });

  test("that can't be known is refused", async () => {
    const { status, error } = await failed(send({ file: new File(['xyz'], 'a') }));
    expect(status).toBe(400);
    expect(error.param).toBe('file');
  });

  test('of twenty megabytes arrives', async () => {
    const large = Buffer.alloc(20_000_000, 7);
    wav.copy(large);
    const told = await send({ file: new File([large], 'a.wav') });
    expect(await told.json()).toMatchObject({
      text: 'I heard 20000000 bytes. They were audio/wav.',
    });
  });
});

describe('a bad form', () => {
  const bad: [Readonly<Record<string, Field | undefined>>, string][] = [
    [{ file: undefined }, 'file'],
    [{ file: new File([], 'a.wav') }, 'file'],
    [{ model: undefined }, 'model'],
    [{ response_format: 'xml' }, 'response_format'],
    [{ temperature: '2' }, 'temperature'],
    [{ temperature: 'hot' }, 'temperature'],
    [{ stream: 'yes' }, 'stream'],
    [{ stream: 'true', response_format: 'srt' }, 'stream'],
    [{ 'timestamp_granularities[]': 'word' }, 'timestamp_granularities'],
    [
      { 'timestamp_granularities[]': 'letter', response_format: 'verbose_json' },
      'timestamp_granularities',
    ],
  ];

  test.for(bad)('with %j names the field', async ([fields, param]) => {
    const { status, error } = await failed(send(fields));
    expect(status).toBe(400);
    expect(error.param).toBe(param);
    expect(callsOf(google)).toEqual([]);
  });

  test.for([
    [{ language: 'zz9' }, 'language'],
    [{ 'languages[]': ['en', 'zz9'] }, 'languages'],
  ] as const)(
    "of a language that Google doesn't know names the field (%j)",
    async ([fields, param]) => {
      const { status, error } = await failed(send(fields));
      expect([status, error.param]).toEqual([400, param]);
    },
  );

  const raw = (body: string, type: string) =>
    rondo.fetch('/v1/audio/transcriptions', {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    });

  test.for([
    ['{}', 'application/json'],
    ['--b\r\n', 'multipart/form-data; boundary=b'],
    ['--b--', 'multipart/form-data'],
    [
      '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n',
      'multipart/form-data; boundary=b',
    ],
  ] as const)('that is none is told so: %j', async ([body, type]) => {
    const { status, error } = await failed(raw(body, type));
    expect(status).toBe(400);
    expect(error.code).toBe('invalid_form');
  });
});

test.each([
  ['transcript', 'transcriptions', model],
  ['translation', 'translations', general],
] as const)('a %s that fails goes by another credential', async (_, path, of) => {
  google.fault({}, 'minute');
  expect((await send({ model: of }, path)).status).toBe(200);
  expect(new Set(served(google)).size).toBe(2);
  expect(partsOf(google, 0)).toContainEqual(sound);
});

describe('a client that leaves', () => {
  const asking = async (path: string, more: Readonly<Record<string, string>> = {}) => {
    const form = await EncodedForm.of({ model: general, file: new File([wav], 'a.wav'), ...more });
    return new LeavingClient(rondo, form, `/v1/audio/${path}`);
  };

  test.each(['transcriptions', 'translations'])(
    'has its call to Google ended (%s)',
    async (path) => {
      const gate = google.holdNext();
      const client = await asking(path);
      const call = await gate.reached;
      client.leave();
      await call.closed;
      expect(call.end).toBe('aborted');
    },
  );

  test('has it ended in the middle of a stream', async () => {
    const gate = google.holdNext({}, 2);
    const client = await asking('transcriptions', { stream: 'true' });
    const call = await gate.reached;
    await client.read('transcript.text.delta');
    client.leave();
    await call.closed;
    expect(call.end).toBe('aborted');
  });
});

test('a stream that breaks tells so', async () => {
  google.fault({}, { kind: 'cut', after: 1 });
  const events = await eventsOf(send({ stream: 'true' }));
  expect(JSON.parse(events.at(-1) ?? '')).toHaveProperty('error');
});

test('the log holds nothing of what was heard', async () => {
  await send({ prompt: 'canary-7781', model: general });
  expect(rondo.logs.join('\n')).not.toContain('canary-7781');
});
