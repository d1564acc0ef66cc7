import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { samplesOf } from '../../scripts/googlestub/media.ts';
import { defaultModels } from '../../scripts/googlestub/models.ts';
import { flash } from './samples.ts';
import { type Answered, askGemini, read, sseEvents, start } from './support.ts';

const painter = 'gemini-nano-banana-2.1';
const draughtsman = 'gemini-3.1-flash-image';
const oldPainter = 'gemini-2.5-flash-image';
const writingPainter = 'gemini-3.1-flash-image';
const speaker = 'gemini-3.8-flash-tts';
const oldSpeaker = 'gemini-2.5-flash-preview-tts';
const talker = 'gemini-2.5-flash-native-audio';
const listener = 'gemini-3.5-transcribe';

async function ask(model: string, body: object, method = 'generateContent'): Promise<Answered> {
  const stub = await start({ models: [...defaultModels, { id: talker, task: 'generate' }] });
  return read(await askGemini(stub, stub.addApiKey(), `${model}:${method}`, { body }));
}

const say = (generationConfig: object, more: object = {}, part: object = {}) => ({
  contents: [{ role: 'user', parts: [{ text: 'Hello there', ...part }] }],
  generationConfig,
  ...more,
});
const voice = { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Kore' } } };
const spoken = { responseModalities: ['AUDIO'], speechConfig: voice };
const sound = { inlineData: { mimeType: 'audio/wav', data: 'UklGRg==' } };
const hear = (audioTranscriptionConfig: object, parts: object[] = [sound], more: object = {}) => ({
  contents: [{ role: 'user', parts }],
  generationConfig: { audioTranscriptionConfig },
  ...more,
});

type Made = { inlineData: { mimeType: string; data: string } };
const partOf = ({ json }: Answered): JsonObject & Made => {
  const { candidates } = json as { candidates: { content: { parts: (JsonObject & Made)[] } }[] };
  return candidates[0]?.content.parts[0] as JsonObject & Made;
};

describe('a model of media', () => {
  const declared = { tools: [{ functionDeclarations: [{ name: 'f', description: 'F.' }] }] };
  const system = { systemInstruction: { parts: [{ text: 'Be kind.' }] } };
  const refused: [what: string, model: string, body: object][] = [
    ['functions, drawing', painter, say({}, declared)],
    ['functions, speaking', speaker, say(spoken, declared)],
    ['JSON', painter, say({ responseMimeType: 'application/json' })],
    ['to draw in words alone', painter, say({ responseModalities: ['TEXT'] })],
    ['a shape that is none', painter, say({ imageConfig: { aspectRatio: '7:4' } })],
    ['a long shape of old', oldPainter, say({ imageConfig: { aspectRatio: '8:1' } })],
    ['a size of old', oldPainter, say({ imageConfig: { imageSize: '2K' } })],
    ['half a size', painter, say({ imageConfig: { imageSize: '512' } })],
    ['several images', painter, say({ candidateCount: 2 })],
    ["Vertex's settings", painter, say({ imageConfig: { imageOutputOptions: {} } })],
    ['to speak in words', speaker, say({})],
    ['to speak, of a model of texts', flash, say(spoken)],
    ['to write, of one that talks', talker, say({})],
    ['instructions of how to speak', speaker, say(spoken, system)],
    ['sampling of speech', speaker, say({ ...spoken, temperature: 1 })],
    ['speech without a voice', speaker, say({ responseModalities: ['AUDIO'] })],
    ['a word to be spoken, for one to be answered', oldSpeaker, say(spoken, {}, { text: 'Hello' })],
    ['a style of old', oldSpeaker, say(spoken, {}, { speechMetadata: { style: 'loud' } })],
    ['an MP3', speaker, say({ ...spoken, responseFormat: [{ audio: { mimeType: 'AUDIO_MP3' } }] })],
    ['words beside a sound to write down', listener, hear({}, [{ text: 'Write.' }, sound])],
    ['instructions of how to write down', listener, hear({}, [sound], system)],
    ['a language without a region', listener, hear({ languageCodes: ['en'] })],
    [
      'words to expect beside times',
      listener,
      hear({ wordTimestamp: true, customVocabulary: ['a'] }),
    ],
  ];

  it.each(refused)('refuses %s', async (_, model, body) => {
    const { status, json } = await ask(model, body);
    expect(status).toBe(400);
    expect(json.error).toMatchObject({ status: 'INVALID_ARGUMENT' });
  });

  it('that talks takes turns, instructions and functions', async () => {
    const contents = ['user', 'model', 'user'].map((role) => ({ role, parts: [{ text: 'Hi' }] }));
    const { status, ...told } = await ask(
      talker,
      say(spoken, { ...declared, ...system, contents }),
    );
    expect(status).toBe(200);
    expect(partOf({ status, ...told }).inlineData.mimeType).toMatch(/^audio\//);
  });

  it('knows its voices by name, in any case', async () => {
    const voiced = (voiceName: string) =>
      say({ ...spoken, speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName } } } });
    expect((await ask(speaker, voiced('Kore'))).status).toBe(200);
    expect((await ask(speaker, voiced('kore'))).status).toBe(200);
    expect((await ask(speaker, voiced('alloy'))).text).toContain('voice_config');
  });
});

describe('what is made', () => {
  it.each([painter, oldPainter, writingPainter])('is an image, by %s', async (model) => {
    const { inlineData } = partOf(await ask(model, say({ responseModalities: ['IMAGE'] })));
    expect(inlineData.mimeType).toBe('image/png');
  });

  it.each([painter, draughtsman, oldPainter])(
    'is an image for a plain prompt to %s',
    async (of) => {
      expect(partOf(await ask(of, say({}))).inlineData.mimeType).toBe('image/png');
    },
  );

  it('is an image behind what was drawn first, for those who see the model think', async () => {
    const thinking = say({ thinkingConfig: { includeThoughts: true } });
    const { json } = await ask(draughtsman, thinking);
    const { candidates } = json as { candidates: { content: { parts: JsonObject[] } }[] };
    expect(candidates[0]?.content.parts).toMatchObject([
      { text: '**Drawing**\n\n', thought: true },
      { inlineData: {}, thought: true },
      { inlineData: {}, thoughtSignature: expect.any(String) },
    ]);
  });

  it('is speech, whole a WAV file or bare samples by the model', async () => {
    const samples = samplesOf('Hello there');
    const newer = partOf(await ask(speaker, say(spoken))).inlineData;
    expect(newer.mimeType).toBe('audio/wav');
    expect(Buffer.from(newer.data, 'base64').subarray(44)).toEqual(samples);
    const older = partOf(await ask(oldSpeaker, say(spoken))).inlineData;
    expect(older.mimeType).toBe('audio/L16;codec=pcm;rate=24000');
    expect(Buffer.from(older.data, 'base64')).toEqual(samples);
  });

  it('is speech, bare samples in any stream', async () => {
    for (const model of [speaker, oldSpeaker]) {
      const answered = await ask(model, say(spoken), 'streamGenerateContent?alt=sse');
      const pieces = sseEvents(answered.text).map(
        (json) => partOf({ ...answered, json }).inlineData,
      );
      expect(pieces.every(({ mimeType }) => /^audio\/l16;/i.test(mimeType))).toBe(true);
      const bytes = pieces.map(({ data }) => Buffer.from(data, 'base64'));
      expect(Buffer.concat(bytes)).toEqual(samplesOf('Hello there'));
    }
  });

  it('is a transcript, with times when they are wanted', async () => {
    expect(partOf(await ask(listener, hear({})))).toEqual({
      audioTranscription: { text: 'I heard 4 bytes.', languageCode: 'en-US' },
    });
    const timed = partOf(await ask(listener, hear({ wordTimestamp: true, diarization: true })));
    expect(timed.audioTranscription).toMatchObject({
      speakerLabel: 'spk_1',
      words: [{ word: 'I', startOffset: '0.000s', endOffset: '0.400s' }, {}, {}, {}],
    });
  });
});
