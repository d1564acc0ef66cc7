// What Google says of models that are gone or were never there, and of prompts that none takes.
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, callsOf, failed, model, otherModel, served } from '../support/chat.ts';
import { generating, post, refused, saying } from '../support/native.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;

beforeAll(async () => {
  google = await startGoogle();
  for (const kind of ['api_key', 'service_account'] as const) {
    google.add(kind);
    google.add(kind);
  }
});

beforeEach(() => google.reset());

const kinds = ['api_key', 'service_account'] as const;
const startWith = (kind: (typeof kinds)[number], vars: Record<string, string> = {}) =>
  startRondo({
    vars: { ...google.vars(google.accounts.filter((each) => each.kind === kind)), ...vars },
  });

describe.each(['model-retired', 'model-closed', 'not-found'] as const)('of %s,', (fault) => {
  let rondo: Rondo;
  beforeEach(async () => {
    rondo = await startWith('api_key', {
      MODEL_FALLBACKS: `{"gemini-3.5-flash":["${otherModel}"]}`,
    });
  });

  test('another key may still have it', async () => {
    google.fault({}, fault);
    const answer = await rondo.chat(ask());
    expect(answer.status).toBe(200);
    await answer.text();
    expect(new Set(served(google)).size).toBe(2);
  });

  test('a chat is told when nobody has it, and so is a call in Google’s dialect', async () => {
    google.fault({}, fault, 2);
    const { status, error } = await failed(rondo.chat(ask()));
    expect([status, error.code]).toEqual([404, 'model_not_found']);
    google.fault({}, fault, 2);
    const told = await refused(post(rondo, generating('gemini-3.7-flash')));
    expect(told).toMatchObject({ code: 404, status: 'NOT_FOUND' });
  });

  test('one that may stand in is asked', async () => {
    google.fault({ model: 'gemini-3.5-flash' }, fault, 2);
    const answer = await rondo.chat(ask('Hello', { model: 'gemini-3.5-flash' }));
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-rondo-model')).toBe(otherModel);
    await answer.text();
  });

  test('a request that names a file is told of the model too', async () => {
    google.fault({}, fault, 2);
    const fileUri = 'https://example.com/cat.png';
    const contents = [{ role: 'user', parts: [{ fileData: { fileUri, mimeType: 'image/png' } }] }];
    expect(await refused(post(rondo, generating(model), { contents }))).toMatchObject({
      code: 404,
    });
  });

  test('another key may have it for a request that names a file', async () => {
    const fileUri = 'https://generativelanguage.googleapis.com/v1beta/files/abc';
    for (const { kind, project } of google.accounts) {
      if (kind === 'api_key') google.give(project, 'files/abc');
    }
    google.fault({}, fault);
    const contents = [{ role: 'user', parts: [{ fileData: { fileUri, mimeType: 'image/png' } }] }];
    expect((await post(rondo, generating(model), { contents })).status).toBe(200);
    expect(new Set(served(google)).size).toBe(2);
  });
});

test('a cache of a model that one key has not is made by another', async () => {
  const rondo = await startWith('api_key');
  google.fault({ kind: 'resource' }, 'not-found');
  const { contents } = saying('Something long. '.repeat(400));
  const body = { model: `models/${model}`, contents };
  expect((await post(rondo, '/v1beta/cachedContents', body)).status).toBe(200);
  expect(google.count({ kind: 'resource' })).toBe(2);
});

describe.each(kinds)('through a credential of the kind %s', (kind) => {
  test('a prompt that is too long is told so, once, in each dialect', async () => {
    const rondo = await startWith(kind);
    const long = 'word '.repeat(900_000);
    const { status, error } = await failed(rondo.chat(ask(long)));
    expect([status, error.code]).toEqual([400, 'context_length_exceeded']);
    const message = await rondo.fetch('/v1/messages', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, max_tokens: 9, messages: [{ role: 'user', content: long }] }),
    });
    expect(message.status).toBe(400);
    expect(await message.text()).toContain('prompt is too long');
    expect(await refused(post(rondo, generating(model), saying(long)))).toMatchObject({
      code: 400,
    });
    expect(callsOf(google)).toHaveLength(3);
    const again = await rondo.chat(ask());
    expect(again.status).toBe(200);
    await again.text();
  });
});

describe('a model named as no model is', () => {
  test.each(['Gemini 3 Flash', 'gemini@3'])('as %s, is told so, and rests nobody', async (name) => {
    const rondo = await startWith('api_key');
    const { status } = await failed(rondo.chat(ask('Hello', { model: name })));
    expect([400, 404]).toContain(status);
    const answer = await rondo.chat(ask());
    expect(answer.status).toBe(200);
    await answer.text();
  });
});

describe('half of a character', () => {
  const half = `{"model":"${model}","messages":[{"role":"user","content":"a\\ud83d b"}]}`;

  test.each(kinds)('in a chat reaches Google as no half through a %s', async (kind) => {
    const rondo = await startWith(kind);
    const answer = await rondo.chat(half);
    expect(answer.status).toBe(200);
    await answer.text();
  });
});
