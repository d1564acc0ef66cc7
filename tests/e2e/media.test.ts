// Images, sounds, films and files on their way to Google, and images on their way back.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { answer, configOf, partsOf, said, stop } from '../support/asked.ts';
import { ask, callsOf, failed, model, otherModel, told } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { choiceOf, modes, tell } from '../support/told.ts';

let google: GoogleStub;
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => {
  google.reset();
  google.give('sim-project-1', 'gs://b/');
});

const png = 'iVBORw0KGgo=';
const inlinePng = { inlineData: { mimeType: 'image/png', data: png } };
const user = (content: unknown, of = model) => ({
  model: of,
  messages: [{ role: 'user', content }],
});
const image = (url: unknown, more: object = {}) => ({
  type: 'image_url',
  image_url: { url, ...more },
});
const inline = (mimeType: string, data: string): JsonObject => ({ inlineData: { mimeType, data } });
const file = (mimeType: string, fileUri: string): JsonObject => ({
  fileData: { mimeType, fileUri },
});

describe('a part', () => {
  const sound = (data: string, format: string) => ({
    type: 'input_audio',
    input_audio: { data, format },
  });
  const parts: [string, object, JsonObject][] = [
    ['with an image in a data URL is inline', image(`data:image/png;base64,${png}`), inlinePng],
    [
      'with a bare image URL is the same',
      { type: 'image_url', image_url: `data:image/png;base64,${png}` },
      inlinePng,
    ],
    [
      'in base64 of the URL-safe alphabet, without padding, is put right',
      image('data:image/webp;base64,-_-_-w'),
      inline('image/webp', '+/+/+w=='),
    ],
    [
      'in base64 with line ends is put right',
      image('data:image/png;base64,iVBO\r\nRw0K Ggo='),
      inlinePng,
    ],
    [
      'in Cloud Storage goes by reference',
      image('gs://b/a.png'),
      file('image/png', 'gs://b/a.png'),
    ],
    [
      'on the web goes by reference where Google fetches it',
      image('https://example.com/a.jpg?size=1'),
      file('image/jpeg', 'https://example.com/a.jpg?size=1'),
    ],
    ['with a wav is audio/wav', sound('UklGRg==', 'wav'), inline('audio/wav', 'UklGRg==')],
    ['with an mp3 has a type of its own', sound('SUQz', 'mp3'), inline('audio/mp3', 'SUQz')],
    [
      'with a file in a data URL is inline',
      { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0=' } },
      inline('application/pdf', 'JVBERi0='),
    ],
    [
      'with a file in bare base64 has its type from the name',
      { type: 'file', file: { file_data: 'YSxiCg==', filename: 'table.csv' } },
      inline('text/csv', 'YSxiCg=='),
    ],
    [
      'with a file id that is an address goes by reference',
      { type: 'file', file: { file_id: 'gs://b/paper.pdf' } },
      file('application/pdf', 'gs://b/paper.pdf'),
    ],
    [
      'with a video goes by reference',
      { type: 'video_url', video_url: { url: 'gs://b/film.mp4' } },
      file('video/mp4', 'gs://b/film.mp4'),
    ],
    [
      'with a page of YouTube goes by reference',
      { type: 'video_url', video_url: { url: 'https://www.youtube.com/watch?v=x' } },
      file('video/mp4', 'https://www.youtube.com/watch?v=x'),
    ],
    [
      "with Anthropic's image is inline",
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } },
      inlinePng,
    ],
  ];

  test.for(parts)('%s', async ([, part, expected]) => {
    await told(rondo.chat(user([part])));
    expect(partsOf(google, 0)).toEqual([expected]);
  });

  test('keeps its place among others', async () => {
    const text = (of: string) => ({ type: 'text', text: of });
    const url = `data:image/png;base64,${png}`;
    await told(rondo.chat(user([text('One'), image(url), text('two'), image('gs://b/a.png')])));
    expect(partsOf(google, 0)).toEqual([
      { text: 'One' },
      inlinePng,
      { text: 'two' },
      file('image/png', 'gs://b/a.png'),
    ]);
  });
});

describe('detail', () => {
  const url = `data:image/png;base64,${png}`;
  const details: [string, JsonObject | undefined][] = [
    ['low', { level: 'MEDIA_RESOLUTION_LOW' }],
    ['high', { level: 'MEDIA_RESOLUTION_HIGH' }],
    ['auto', undefined],
  ];

  test.for(details)('%s is the resolution of the part', async ([detail, resolution]) => {
    await told(rondo.chat(user([image(url, { detail })])));
    expect(partsOf(google, 0)[0]?.mediaResolution).toEqual(resolution);
  });

  test('is left out where the model has none', async () => {
    await told(rondo.chat(user([image(url, { detail: 'high' })], otherModel)));
    expect(partsOf(google, 0)).toEqual([inlinePng]);
  });
});

describe('a medium that cannot be read', () => {
  const url = 'messages[0].content[1].image_url.url';
  const faults: [string, object, string][] = [
    ['a data URL without base64', image('data:image/png,abc'), url],
    ['a data URL without a comma', image('data:image/png;base64'), url],
    ['a data URL of nothing', image('data:image/png;base64,'), url],
    ['base64 that is none', image('data:image/png;base64,<png>'), url],
    ['a path', image('/tmp/a.png'), url],
    ['an address of another kind', image('ftp://example.com/a.png'), url],
    ['an empty address', image(''), url],
    ['an address that is a number', image(1), url],
    ['an address that is absent', image(undefined), url],
    ['no address', { type: 'image_url' }, 'messages[0].content[1].image_url'],
    [
      'audio without data',
      { type: 'input_audio', input_audio: { format: 'wav' } },
      'messages[0].content[1].input_audio.data',
    ],
    [
      'audio that is no base64',
      { type: 'input_audio', input_audio: { data: '***', format: 'wav' } },
      'messages[0].content[1].input_audio.data',
    ],
    ['a file of nothing', { type: 'file', file: {} }, 'messages[0].content[1].file.file_data'],
  ];

  test.for(faults)('since it is %s is 400 with its path', async ([, part, param]) => {
    const content = [{ type: 'text', text: 'Look.' }, part];
    const { status, error } = await failed(rondo.chat(user(content)));
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: 'invalid_request_error', param });
    expect(callsOf(google)).toEqual([]);
  });
});

describe.each(modes)('images that the model makes, %s,', (mode) => {
  const imageModel = 'gemini-3.1-flash-image';
  const asked = ask('Draw two.', { model: imageModel, modalities: ['text', 'image'] });

  test('are asked for by modalities', async () => {
    await tell(rondo, mode, asked);
    expect(configOf(google).responseModalities).toEqual(['TEXT', 'IMAGE']);
  });

  test('come beside the text, numbered', async () => {
    answer(google, [said([{ text: 'Here:' }, inlinePng]), said([inlinePng], stop)]);
    const { message, finish } = choiceOf(await tell(rondo, mode, asked));
    expect(message.content).toBe('Here:');
    expect(finish).toBe('stop');
    const url = `data:image/png;base64,${png}`;
    expect(message.images).toEqual([
      { type: 'image_url', index: 0, image_url: { url } },
      { type: 'image_url', index: 1, image_url: { url } },
    ]);
  });

  test('go back as what the model said', async () => {
    answer(google, [said([{ text: 'Here:' }, inlinePng], stop)]);
    const { message } = choiceOf(await tell(rondo, mode, asked));
    const messages = [
      ...asked.messages,
      { role: 'assistant', ...message },
      { role: 'user', content: 'Bluer.' },
    ];
    await tell(rondo, mode, { ...asked, messages });
    expect(partsOf(google, 1)).toEqual([{ text: 'Here:' }, inlinePng]);
  });
});
