// A request that is refused before its body is wanted: its client, which still sends, hears why.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { toFile } from 'openai';
import { beforeAll, describe, expect, test } from 'vitest';
import { model } from '../support/chat.ts';
import { sendThenRead, Uploading } from '../support/client.ts';
import { clientKey, type Rondo, startRondo } from '../support/rondo.ts';

const megabyte = 1024 * 1024;
const limit = megabyte;
const withKey = `authorization: Bearer ${clientKey}`;
const wrongKey = 'authorization: Bearer sk-rondo-wrong-71';
const ofAnthropic = 'anthropic-version: 2023-06-01';

let rondo: Rondo;

beforeAll(async () => {
  rondo = await startRondo({ vars: { MAX_BODY_BYTES: String(limit) } });
});

describe('a client that sends its whole body before it reads', () => {
  const refused = [
    ['a wrong key', 'POST /v1/chat/completions', [wrongKey], 401],
    ["a wrong key in Google's words", 'POST /v1beta/models/g:generateContent', [wrongKey], 401],
    ['a wrong key on an upload', 'POST /upload/v1beta/files', [wrongKey], 401],
    ['no such path', 'POST /v1/images/variations', [withKey], 404],
    ['no such path outside /v1', 'POST /none', [], 404],
    ["a path that isn't Anthropic's here", 'POST /v1/files', [withKey, ofAnthropic], 404],
    ['a base URL without /v1', 'POST /chat/completions', [withKey], 404],
    ['a method that is not taken', 'PUT /v1/models', [withKey], 405],
    ['nothing stored', 'POST /v1/conversations', [withKey], 404],
    ['a body over the limit', 'POST /v1/chat/completions', [withKey], 413],
    ['nobody to ask', 'POST /v1beta/models/gemini-3.8-flash:generateContent', [withKey], 503],
  ] as const;
  const body = 'x'.repeat(16 * limit);
  const framings = [
    ['whose length is told', `content-length: ${body.length}`, body],
    [
      'in chunks',
      'transfer-encoding: chunked',
      `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`,
    ],
  ] as const;

  describe.for(framings)('%s', ([, framing, bytes]) => {
    test.for(refused)('is told of %s', async ([, line, headers, status]) => {
      expect(await sendThenRead(rondo, line, [...headers, framing], bytes)).toBe(status);
    });
  });
});

test('a client that waits to be asked for its body is told without being asked', async () => {
  const headers = [wrongKey, 'content-length: 3000000', 'expect: 100-continue'];
  const client = new Uploading(rondo, 'POST /v1/chat/completions', headers);
  expect((await client.answer()).status).toBe(401);
  client.leave();
});

describe("OpenAI's SDK", () => {
  const asking = (apiKey: string): OpenAI =>
    new OpenAI({ baseURL: `${rondo.url}/v1`, apiKey, maxRetries: 0, fetch: rondo.checkedFetch });
  const bytes = Buffer.alloc(3 * megabyte, 'x');

  test.for([1000, bytes.length])('tells of a wrong key for a file of %i bytes', async (size) => {
    const stranger = asking('sk-rondo-wrong-71');
    for (let time = 0; time < 5; time += 1) {
      const file = await toFile(bytes.subarray(0, size), 'a.wav');
      const refused = { status: 401 };
      const transcript = stranger.audio.transcriptions.create({ model, file });
      await expect(transcript).rejects.toMatchObject(refused);
      const edit = stranger.images.edit({ model, prompt: 'Red.', image: file });
      await expect(edit).rejects.toMatchObject(refused);
      const upload = stranger.files.create({ purpose: 'user_data', file });
      await expect(upload).rejects.toMatchObject(refused);
    }
  });

  test('tells that variations of images are not served', async () => {
    for (let time = 0; time < 5; time += 1) {
      const image = await toFile(bytes.subarray(0, 1000), 'a.png');
      const asked = asking(clientKey).images.createVariation({ image });
      await expect(asked).rejects.toMatchObject({ status: 404, code: 'unknown_url' });
    }
  });

  test('tells that a body is too large', async () => {
    const content = 'x'.repeat(16 * limit);
    for (let time = 0; time < 5; time += 1) {
      const asked = asking(clientKey).chat.completions.create({
        model,
        messages: [{ role: 'user', content }],
      });
      await expect(asked).rejects.toMatchObject({ status: 413 });
    }
  });
});

describe("Anthropic's SDK", () => {
  const asking = (): Anthropic =>
    new Anthropic({
      baseURL: rondo.url,
      authToken: clientKey,
      apiKey: null,
      maxRetries: 0,
      fetch: rondo.checkedFetch,
    });

  test('tells that files are not served', async () => {
    for (let time = 0; time < 5; time += 1) {
      const file = await toFile(Buffer.alloc(1000, 'x'), 'a.png');
      const asked = asking().beta.files.upload({ file });
      await expect(asked).rejects.toMatchObject({
        status: 404,
        error: { error: { type: 'not_found_error' } },
      });
    }
  });

  test('tells that a body is too large', async () => {
    const content = 'x'.repeat(16 * limit);
    for (let time = 0; time < 5; time += 1) {
      const asked = asking().messages.create({
        model,
        max_tokens: 10,
        messages: [{ role: 'user', content }],
      });
      await expect(asked).rejects.toMatchObject({ status: 413 });
    }
  });
});
