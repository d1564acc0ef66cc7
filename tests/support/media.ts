// What OpenAI's clients ask for that is no chat: one request at each path of embeddings and media.
import { model } from './chat.ts';
import { type Fields, formOf } from './client.ts';

export const form = (fields: Fields): RequestInit => ({ method: 'POST', body: formOf(fields) });

const json = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

const wav = () => new File(['RIFF\x24\0\0\0WAVEfmt '], 'a.wav');
const png = () => new File([Buffer.from('89504e470d0a1a0a', 'hex')], 'a.png');
const embedding = 'gemini-embedding-2';
const speaking = 'gemini-3.8-flash-tts';
const drawing = 'gemini-nano-banana-2.1';
const speech = { model: speaking, input: 'Hello there', voice: 'alloy', response_format: 'wav' };
const image = { model: drawing, prompt: 'A fox' };

/** With the model of each, and whether its answer tells what it cost. */
export const media: readonly (readonly [
  path: string,
  model: string,
  init: () => RequestInit,
  tells: boolean,
])[] = [
  ['/v1/embeddings', embedding, () => json({ model: embedding, input: ['one', 'two'] }), true],
  ['/v1/images/generations', drawing, () => json({ ...image, n: 2 }), true],
  ['/v1/images/edits', drawing, () => form({ ...image, image: png() }), true],
  ['/v1/audio/speech', speaking, () => json(speech), false],
  ['/v1/audio/transcriptions', model, () => form({ model, file: wav() }), true],
  ['/v1/audio/translations', model, () => form({ model, file: wav() }), true],
];
