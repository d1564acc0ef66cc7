// Models that make images or speech, or write down speech: what they refuse, and what they answer.
// Words of Google's where any are known (developers' forum, issues of its SDKs), else made after
// those. Formats: https://ai.google.dev/gemini-api/docs/{image-generation,speech-generation,transcribe}
// and the migration guide to Gemini 3.8 TTS of Gemini Enterprise's documentation.
import type { AnswerScene } from './answers.ts';
import { askedText, partsOf } from './calls.ts';
import { type JsonObject, objectIn, objectsIn, stringsIn, textIn } from './json.ts';
import type { Scene } from './rules.ts';

const isSecond = (model: string): boolean => model.startsWith('gemini-2');

const configIn = (request: JsonObject): JsonObject => objectIn(request, 'generationConfig') ?? {};

// --- What is refused -----------------------------------------------------------------------------

/** What is wrong with a request to such a model; null: nothing, or it is another kind of model. */
export function mediaFault(scene: Scene): string | null {
  switch (scene.family.makes) {
    case 'images':
      return beside(scene) ?? imageFault(scene);
    case 'speech':
      return scene.family.talks ? talkFault(scene) : (beside(scene) ?? speechFault(scene));
    case 'transcripts':
      return beside(scene) ?? transcriptFault(scene);
    default:
      return textFault(scene);
  }
}

function textFault({ request, model }: Scene): string | null {
  const wanted = stringsIn(configIn(request), 'responseModalities');
  return wanted.includes('AUDIO') ? wrongModalities(wanted, model, 'TEXT') : null;
}

/** What a chat has and these have not. */
function beside({ request, model, family }: Scene): string | null {
  if (objectsIn(request, 'tools').some((tool) => tool.functionDeclarations !== undefined)) {
    return `Function calling is not enabled for models/${model}`;
  }
  if (configIn(request).responseMimeType !== undefined) {
    return `JSON mode is not enabled for models/${model}`;
  }
  if (family.makes !== 'images' && request.systemInstruction !== undefined) {
    return `Developer instruction is not enabled for models/${model}`;
  }
  return null;
}

const ratios = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];
const longRatios = ['1:4', '4:1', '1:8', '8:1'];

function imageFault({ request, model }: Scene): string | null {
  const config = configIn(request);
  const wanted = stringsIn(config, 'responseModalities');
  if (wanted.length > 0 && !wanted.includes('IMAGE')) {
    return wrongModalities(wanted, model, 'TEXT, IMAGE');
  }
  const image = objectIn(config, 'imageConfig') ?? {};
  const isOld = model.startsWith('gemini-2.5');
  const ratio = textIn(image, 'aspectRatio');
  if (ratio !== undefined && ![...ratios, ...(isOld ? [] : longRatios)].includes(ratio)) {
    return `Unsupported aspect ratio: ${ratio}`;
  }
  const size = textIn(image, 'imageSize');
  if (size !== undefined && (isOld || !['1K', '2K', '4K'].includes(size))) {
    return `Image size ${size} is not supported for models/${model}`;
  }
  return null;
}

/** https://github.com/danielmiessler/Fabric/issues/1607 */
function wrongModalities(wanted: readonly string[], model: string, taken: string): string {
  return (
    `The requested combination of response modalities (${wanted.join(', ') || 'TEXT'}) is not ` +
    `supported by the model. models/${model} accepts the following combination of response ` +
    `modalities:\n* ${taken}\n`
  );
}

const voices =
  'achernar achird algenib algieba alnilam aoede autonoe callirrhoe charon despina enceladus erinome ' +
  'fenrir gacrux iapetus kore laomedeia leda orus puck pulcherrima rasalgethi sadachbia sadaltager ' +
  'schedar sulafat umbriel vindemiatrix zephyr zubenelgenubi';

function speechFault({ request, model, family }: Scene): string | null {
  const config = configIn(request);
  const wanted = stringsIn(config, 'responseModalities');
  if (wanted.join() !== 'AUDIO') return wrongModalities(wanted, model, 'AUDIO');
  const contents = objectsIn(request, 'contents');
  if (contents.length > 1) return `Multiturn chat is not enabled for models/${model}`;
  const parts = contents.flatMap(partsOf);
  if (parts.some((part) => textIn(part, 'text') === undefined)) {
    return `Only text input is supported by models/${model}`;
  }
  if (!family.styled && parts.some((part) => part.speechMetadata !== undefined)) {
    return `Speech metadata is not enabled for models/${model}`;
  }
  if (config.responseFormat !== undefined) return responseFormatFault(model, family.styled, config);
  return voiceFault(config) ?? voicelessFault(config, model) ?? bareFault(parts);
}

/** From 3.1 on there is no voice by itself: https://github.com/genkit-ai/genkit/issues/5489 */
function voicelessFault(config: JsonObject, model: string): string | null {
  const needsVoice = !isSecond(model) && config.speechConfig === undefined;
  return needsVoice ? 'Request contains an invalid argument.' : null;
}

/**
 * What is so short that the model takes it for something to answer; so it may with longer texts.
 * Callers of `generateContent` quote it for "Bonjour." and "Ok.".
 */
function bareFault(parts: readonly JsonObject[]): string | null {
  const [part, ...others] = parts;
  const isBare = others.length === 0 && part?.speechMetadata === undefined;
  if (!isBare || !/^\S+$/.test(textIn(part ?? {}, 'text') ?? '')) return null;
  return (
    'Model tried to generate text, but it should only be used for TTS. Make sure your instructions ' +
    'are clear to only generate audio from a given text transcript.'
  );
}

function talkFault({ request, model }: Scene): string | null {
  const config = configIn(request);
  const wanted = stringsIn(config, 'responseModalities');
  return wanted.join() === 'AUDIO' ? voiceFault(config) : wrongModalities(wanted, model, 'AUDIO');
}

const encodings = ['AUDIO_WAV', 'AUDIO_L16', 'AUDIO_MULAW', 'AUDIO_ALAW'];

function responseFormatFault(model: string, styled: boolean, config: JsonObject): string | null {
  const asked = objectsIn(config, 'responseFormat').map(
    (format) => objectIn(format, 'audio') ?? {},
  );
  const isTaken = asked.every(({ mimeType }) => encodings.includes(String(mimeType)));
  return styled && isTaken ? null : `Audio output format is not supported by models/${model}`;
}

function voiceFault(config: JsonObject): string | null {
  const voice = objectIn(objectIn(config, 'speechConfig') ?? {}, 'voiceConfig') ?? {};
  const prebuilt = objectIn(voice, 'prebuiltVoiceConfig');
  const name = prebuilt ? textIn(prebuilt, 'voiceName') : undefined;
  if (name === undefined || voices.split(' ').includes(name.toLowerCase())) return null;
  const allowed = voices.replaceAll(' ', ', ');
  return `* GenerateContentRequest.generation_config.speech_config.voice_config: Voice name ${name} is not supported. Allowed voice names are: ${allowed}\n`;
}

function transcriptFault({ request, model }: Scene): string | null {
  const contents = objectsIn(request, 'contents');
  const parts = contents.flatMap(partsOf);
  const media = parts.map((part) => objectIn(part, 'inlineData') ?? objectIn(part, 'fileData'));
  const isSound = media.every((medium) => textIn(medium ?? {}, 'mimeType')?.startsWith('audio/'));
  if (contents.length !== 1 || parts.length !== 1 || !isSound) {
    return `models/${model} takes a single audio input`;
  }
  const config = objectIn(configIn(request), 'audioTranscriptionConfig') ?? {};
  const isTimed = config.wordTimestamp === true || config.diarization === true;
  if (isTimed && stringsIn(config, 'customVocabulary').length > 0) {
    return 'custom_vocabulary is not supported with diarization or word_timestamp';
  }
  const bare = stringsIn(config, 'languageCodes').find((code) => !code.includes('-'));
  return bare === undefined ? null : `Unsupported language code: ${bare}`;
}

// --- What is answered ----------------------------------------------------------------------------

/** The parts of an answer, each of an event of its own; null: the model makes texts. */
export function madeParts(scene: AnswerScene): JsonObject[] | null {
  switch (scene.family.makes) {
    case 'images':
      return [...draftParts(scene), imagePart(scene)];
    case 'speech':
      return scene.streaming ? soundPieces(scene) : [wholeSound(scene)];
    case 'transcripts':
      return transcriptParts(scene);
    default:
      return asksForImagesAlone(scene) ? [imagePart(scene)] : null;
  }
}

/** What a model that writes and draws is asked by those who want a picture and no word. */
function asksForImagesAlone({ request }: AnswerScene): boolean {
  const wanted = stringsIn(configIn(request), 'responseModalities');
  return wanted.length > 0 && wanted.every((one) => one.toUpperCase() === 'IMAGE');
}

/** The smallest picture. */
export const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/**
 * What the newer ones draw before the image, for those who want to see them think:
 * https://ai.google.dev/gemini-api/docs/image-generation#thinking-process
 */
function draftParts({ request, family }: AnswerScene): JsonObject[] {
  const thinking = objectIn(configIn(request), 'thinkingConfig') ?? {};
  if (!family.signatures || thinking.includeThoughts !== true) return [];
  const inlineData = { mimeType: 'image/png', data: pixel };
  return [
    { text: '**Drawing**\n\n', thought: true },
    { inlineData, thought: true },
  ];
}

function imagePart(scene: AnswerScene): JsonObject {
  const image = objectIn(configIn(scene.request), 'imageConfig') ?? {};
  const output = objectIn(image, 'imageOutputOptions') ?? {};
  const mimeType = textIn(output, 'mimeType') ?? 'image/png';
  const inlineData = { mimeType, data: pixel };
  if (!scene.family.signatures) return { inlineData };
  return { inlineData, thoughtSignature: scene.sign({ inlineData }) };
}

/** Samples that tell what was spoken: each letter's code, again and again. */
export function samplesOf(text: string): Buffer {
  const samples = new Int16Array(Array.from(text.repeat(8), (letter) => letter.charCodeAt(0)));
  return Buffer.from(samples.buffer);
}

function soundPieces(scene: AnswerScene): JsonObject[] {
  const samples = samplesOf(askedText(scene.request));
  const size = Math.ceil(samples.length / 3 / 2) * 2;
  return [0, size, 2 * size].map((begin) =>
    soundPart(scene, samples.subarray(begin, begin + size)),
  );
}

/** As https://discuss.ai.google.dev/t/144813 quotes it of 3.1. */
function soundPart({ model }: AnswerScene, samples: Buffer): JsonObject {
  const mimeType = isSecond(model)
    ? 'audio/L16;codec=pcm;rate=24000'
    : 'audio/l16; rate=24000; channels=1';
  return { inlineData: { mimeType, data: samples.toString('base64') } };
}

function wholeSound(scene: AnswerScene): JsonObject {
  const samples = samplesOf(askedText(scene.request));
  if (!scene.family.styled) return soundPart(scene, samples);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(24_000, 24);
  head.writeUInt32LE(48_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(samples.length, 40);
  const data = Buffer.concat([head, samples]).toString('base64');
  return { inlineData: { mimeType: 'audio/wav', data } };
}

/** Two turns of speakers. Each is a part without a text of its own, and without blanks around it. */
function transcriptParts({ request }: AnswerScene): JsonObject[] {
  const sound =
    objectIn(objectsIn(request, 'contents').flatMap(partsOf)[0] ?? {}, 'inlineData') ?? {};
  const bytes = Buffer.from(textIn(sound, 'data') ?? '', 'base64').length;
  const config = objectIn(configIn(request), 'audioTranscriptionConfig') ?? {};
  const turns = [`I heard ${bytes} bytes.`, `They were ${sound.mimeType}.`];
  let at = 0;
  return turns.map((text, index) => {
    const words = text.split(' ').map((word) => {
      const [start, end] = [at, at + 0.4];
      at += 0.5;
      return { word, startOffset: `${start.toFixed(3)}s`, endOffset: `${end.toFixed(3)}s` };
    });
    const audioTranscription: JsonObject = { text, languageCode: 'en-US' };
    if (config.wordTimestamp === true) audioTranscription.words = words;
    if (config.diarization === true) audioTranscription.speakerLabel = `spk_${index + 1}`;
    return { audioTranscription };
  });
}
