// Images that are made and edited, as OpenAI's SDK and the ai package ask for them.
import { createOpenAI } from '@ai-sdk/openai';
import { generateImage } from 'ai';
import { toFile } from 'openai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { answer, configOf, partsOf, said, stop } from '../support/asked.ts';
import { callsOf, failed, served } from '../support/chat.ts';
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

const model = 'gemini-nano-banana-2.1';
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const post = (path: string, body: object): Promise<Response> =>
  rondo.fetch(`/v1/images/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const make = (more: object = {}) => post('generations', { model, prompt: 'A fox', ...more });

const picture = (mimeType = 'image/png') => ({
  inlineData: { mimeType, data: png.toString('base64') },
});

describe('an image', () => {
  test("comes through OpenAI's SDK, with what it cost", async () => {
    const made = await rondo.openai.images.generate({ model, prompt: 'A fox' });
    expect(made.data?.map(({ b64_json }) => b64_json)).toEqual([png.toString('base64')]);
    expect(made.output_format).toBe('png');
    expect(made.usage).toMatchObject({ output_tokens: 10 });
    expect(partsOf(google, 0)).toEqual([{ text: 'A fox' }]);
    expect(configOf(google)).toEqual({ responseModalities: ['IMAGE'] });
  });

  test('comes through the ai package', async () => {
    const provider = createOpenAI({
      baseURL: `${rondo.url}/v1`,
      apiKey: clientKey,
      fetch: rondo.checkedFetch,
    });
    const { image } = await generateImage({ model: provider.image(model), prompt: 'A fox' });
    expect(Buffer.from(image.uint8Array)).toEqual(png);
  });

  const sizes: [size: string, config: object, adjusted: string | null][] = [
    ['auto', {}, null],
    ['1024x1024', { aspectRatio: '1:1' }, null],
    ['1024x1536', { aspectRatio: '2:3' }, null],
    ['1536x1024', { aspectRatio: '3:2' }, null],
    ['1792x1024', { aspectRatio: '16:9' }, null],
    ['2048x2048', { aspectRatio: '1:1', imageSize: '2K' }, null],
    ['4096x4096', { aspectRatio: '1:1', imageSize: '4K' }, null],
    ['1000x850', { aspectRatio: '5:4' }, 'size'],
  ];

  test.for(sizes)("of the size %s has a shape of Google's", async ([size, config, adjusted]) => {
    const made = await make({ size });
    expect(made.status).toBe(200);
    expect(made.headers.get('x-rondo-adjusted')).toBe(adjusted);
    expect(configOf(google).imageConfig ?? {}).toEqual(config);
  });

  test('of a size that an older model lacks is as large as it can be', async () => {
    const made = await make({ model: 'gemini-2.5-flash-image', size: '2048x2048' });
    expect(made.headers.get('x-rondo-adjusted')).toBe('size');
    expect(configOf(google).imageConfig).toEqual({ aspectRatio: '1:1' });
  });

  test('is told what of its settings the models lack', async () => {
    const made = await make({ quality: 'high', background: 'transparent', output_format: 'webp' });
    expect(made.headers.get('x-rondo-adjusted')).toBe('background, output_format, quality');
  });

  test('of a kind that the model made is called so', async () => {
    answer(google, [said([picture('image/jpeg')], stop)]);
    expect(await (await make()).json()).toMatchObject({ output_format: 'jpeg' });
  });

  test('is one, though the model made two, and its kind is told', async () => {
    answer(google, [said([picture('image/jpeg'), picture('image/png')], stop)]);
    const body = (await (await make()).json()) as { data: object[] };
    expect(body).toMatchObject({ output_format: 'jpeg' });
    expect(body.data).toHaveLength(1);
  });
});

describe('several images', () => {
  test('are as many as were asked for, though the model made more', async () => {
    for (const _ of [1, 2]) answer(google, [said([picture(), picture('image/jpeg')], stop)]);
    const body = (await (await make({ n: 2 })).json()) as { data: object[] };
    expect(body).toMatchObject({ output_format: 'png' });
    expect(body.data).toHaveLength(2);
  });

  test('are asked for one a call', async () => {
    const made = await make({ n: 3 });
    const body = (await made.json()) as { data: object[]; usage: { output_tokens: number } };
    expect(body.data).toHaveLength(3);
    expect(body.usage.output_tokens).toBe(30);
    expect(callsOf(google)).toHaveLength(3);
    expect(made.headers.get('x-rondo-attempts')).toBe('3');
    expect(made.headers.get('x-rondo-adjusted')).toBeNull();
  });

  test("are fewer when one can't be made, and that is told", async () => {
    const refused = said([], { finishReason: 'IMAGE_SAFETY' });
    answer(google, [refused]);
    const made = await make({ n: 2 });
    expect(made.headers.get('x-rondo-adjusted')).toBe('n');
    expect(((await made.json()) as { data: object[] }).data).toHaveLength(1);
  });

  test('are none when none can be made', async () => {
    for (const _ of [1, 2]) answer(google, [said([], { finishReason: 'IMAGE_SAFETY' })]);
    const { status, error } = await failed(make({ n: 2 }));
    expect(status).toBe(400);
    expect(error.code).toBe('moderation_blocked');
  });
});

test.for(['gemini-3.1-flash-image', 'gemini-2.5-flash-image'])('%s draws too', async (of) => {
  const made = await make({ model: of });
  expect(await made.json()).toMatchObject({ data: [{ b64_json: expect.any(String) }] });
});

describe('what is not made', () => {
  const blocked: [string, object][] = [
    ['an image that is refused', { candidates: [said([], { finishReason: 'IMAGE_SAFETY' })] }],
    [
      'an image that is prohibited',
      { candidates: [said([], { finishReason: 'IMAGE_PROHIBITED_CONTENT' })] },
    ],
    ['a prompt that is refused', { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }],
  ];

  test.for(blocked)("%s is blocked in OpenAI's words, and asked for once", async ([, body]) => {
    google.answerNext({}, { responses: [body as never] });
    const { status, error } = await failed(make());
    expect(status).toBe(400);
    expect(error).toMatchObject({ type: 'invalid_request_error', code: 'moderation_blocked' });
    expect(callsOf(google)).toHaveLength(1);
  });

  test.for(['NO_IMAGE', 'IMAGE_OTHER'])(
    'an answer without an image is asked for once more (%s)',
    async (finishReason) => {
      answer(google, [said([], { finishReason })]);
      expect((await make()).status).toBe(200);
      expect(callsOf(google)).toHaveLength(2);
    },
  );

  test("what the model drew before its image is nobody's", async () => {
    const part = (data: string) => ({ inlineData: { mimeType: 'image/png', data } });
    answer(google, [said([{ ...part('AAAA'), thought: true }, part('BBBB')], stop)]);
    expect(await (await make()).json()).toMatchObject({ data: [{ b64_json: 'BBBB' }] });
  });

  test('an answer with words alone is none', async () => {
    for (const _ of [1, 2, 3]) answer(google, [said([{ text: 'I had rather not.' }], stop)]);
    const { status, error } = await failed(make());
    expect(status).toBe(502);
    expect(error.code).toBe('no_image');
    expect(String(error.message)).not.toContain('rather');
  });
});

describe('a bad request', () => {
  const bad: [object, string][] = [
    [{ prompt: undefined }, 'prompt'],
    [{ model: undefined }, 'model'],
    [{ n: 11 }, 'n'],
    [{ n: 'two' }, 'n'],
    [{ size: '1024' }, 'size'],
    [{ size: '0x1024' }, 'size'],
    [{ quality: 'best' }, 'quality'],
    [{ response_format: 'url' }, 'response_format'],
    [{ output_format: 'gif' }, 'output_format'],
    [{ output_compression: 101 }, 'output_compression'],
    [{ stream: true }, 'stream'],
    [{ partial_images: 2 }, 'partial_images'],
  ];

  test.for(bad)('with %j names the field', async ([more, param]) => {
    const { status, error } = await failed(make(more));
    expect(status).toBe(400);
    expect(error.param).toBe(param);
    expect(callsOf(google)).toEqual([]);
  });
});

test('a credential that is out is passed over', async () => {
  google.fault({}, 'minute');
  const made = await make();
  expect(made.status).toBe(200);
  expect(new Set(served(google)).size).toBe(2);
});

test('a client that leaves ends all images under way', async () => {
  const holds = Array.from({ length: 4 }, () => google.holdNext());
  const body = { model, prompt: 'A fox', n: 6 };
  const client = new LeavingClient(rondo, body, '/v1/images/generations');
  const calls = await Promise.all(holds.map((hold) => hold.reached));
  client.leave();
  await Promise.all(calls.map(({ closed }) => closed));
  expect(callsOf(google).map(({ end }) => end)).toEqual(Array(4).fill('aborted'));
});

describe('an edit', () => {
  const file = () => toFile(png, 'fox.png', { type: 'image/png' });

  test("comes in a form of OpenAI's SDK, its images in order", async () => {
    const made = await rondo.openai.images.edit({
      model,
      image: [await file(), await toFile(Buffer.from('\xff\xd8\xff', 'latin1'), 'b.bin')],
      prompt: 'Add a hat',
      size: '1024x1536',
      n: 1,
    });
    expect(made.data).toHaveLength(1);
    expect(partsOf(google, 0)).toEqual([
      picture(),
      { inlineData: { mimeType: 'image/jpeg', data: '/9j/' } },
      { text: 'Add a hat' },
    ]);
    expect(configOf(google).imageConfig).toEqual({ aspectRatio: '2:3' });
  });

  test('comes as JSON with addresses', async () => {
    const url = `data:image/png;base64,${png.toString('base64')}`;
    const made = await post('edits', { model, prompt: 'Hat', images: [{ image_url: url }] });
    expect(made.status).toBe(200);
    expect(partsOf(google, 0)).toEqual([picture(), { text: 'Hat' }]);
  });

  test('within a mask is refused', async () => {
    const edited = rondo.openai.images.edit({
      model,
      image: await file(),
      mask: await file(),
      prompt: 'Hat',
    });
    await expect(edited).rejects.toMatchObject({ status: 400, param: 'mask' });
  });

  test('of nothing is refused', async () => {
    const form = new FormData();
    form.set('model', model);
    form.set('prompt', 'Hat');
    const { error } = await failed(rondo.fetch('/v1/images/edits', { method: 'POST', body: form }));
    expect(error.param).toBe('image');
  });

  test('goes by another credential where one is out, with its image', async () => {
    google.fault({}, 'minute');
    // Of the other model a credential is out already.
    const of = 'gemini-3.1-flash-image';
    await rondo.openai.images.edit({ model: of, image: await file(), prompt: 'Hat' });
    expect(new Set(served(google)).size).toBe(2);
    expect(partsOf(google, 0)).toEqual([picture(), { text: 'Hat' }]);
  });

  test('whose client leaves is ended at Google too', async () => {
    const gate = google.holdNext();
    const fields = { model, prompt: 'Hat', image: await file() };
    const client = new LeavingClient(rondo, await EncodedForm.of(fields), '/v1/images/edits');
    const call = await gate.reached;
    client.leave();
    await call.closed;
    expect(call.end).toBe('aborted');
  });
});
