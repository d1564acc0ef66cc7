import { beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, askTimes, failed, model } from '../support/chat.ts';
import { startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;

beforeEach(async () => {
  google = await startGoogle();
});

const lists = () => google.count({ kind: 'list' });

async function startWith(vars: Record<string, string> = {}) {
  google.addServiceAccounts(2);
  return startRondo({ vars: { ...google.vars(), ...vars } });
}

describe('a pattern among the aliases', () => {
  const patterns = { MODEL_ALIASES: `{"claude-*":"${model}"}` };

  test('stands for every name that fits, which the answer says', async () => {
    const rondo = await startWith(patterns);
    const answer = await rondo.chat(ask('Hello', { model: 'claude-sonnet-5' }));
    expect(answer.headers.get('x-rondo-model')).toBe(model);
    expect(await answer.json()).toMatchObject({ model: 'claude-sonnet-5' });
  });

  test('is no model of the list', async () => {
    const rondo = await startWith(patterns);
    const { data } = await rondo.openai.models.list();
    expect(data.map(({ id }) => id)).not.toContainEqual(expect.stringContaining('*'));
  });
});

describe('the list of models', () => {
  test('is that of the back-end, in the shape of OpenAI', async () => {
    const rondo = await startWith();
    const answer = await rondo.fetch('/v1/models');
    expect(answer.status).toBe(200);
    const { object, data } = (await answer.json()) as { object: string; data: object[] };
    expect(object).toBe('list');
    expect(data).toContainEqual({
      id: model,
      object: 'model',
      created: expect.any(Number),
      owned_by: 'google',
    });
  });

  test('holds all pages, each model once', async () => {
    // Google gives no more than a thousand a page.
    const ids = Array.from({ length: 1200 }, (_, index) => `gemini-3.${1000 + index}-flash`);
    google.setModels(ids.map((id) => ({ id, task: 'generate' })));
    const rondo = await startWith();
    const found: string[] = [];
    for await (const { id } of rondo.openai.models.list()) found.push(id);
    expect(found).toEqual(ids);
    expect(lists()).toBeGreaterThan(1);
  });

  test('is looked up once for two requests', async () => {
    const rondo = await startWith();
    await (await rondo.fetch('/v1/models')).text();
    const after = google.count();
    await (await rondo.fetch('/v1/models')).text();
    await (await rondo.fetch(`/v1/models/${model}`)).text();
    expect(google.count()).toBe(after);
  });

  test('begins with the aliases', async () => {
    const rondo = await startWith({ MODEL_ALIASES: `{"gpt-4o":"${model}"}` });
    const { data } = await rondo.openai.models.list();
    expect(data[0]).toMatchObject({ id: 'gpt-4o', object: 'model' });
    expect(data.map(({ id }) => id)).toContain(model);
  });

  test('joins those of all back-ends in use', async () => {
    google.addServiceAccount();
    google.addApiKey();
    const rondo = await startRondo({ vars: google.vars() });
    await rondo.openai.models.list();
    const asked = google.calls.filter(({ kind }) => kind === 'list').map(({ backend }) => backend);
    expect(new Set(asked)).toEqual(new Set(['vertex', 'gemini']));
  });

  test('comes through another credential when the first is refused', async () => {
    const rondo = await startWith();
    google.fault({ kind: 'list', credential: 'sim-account-1' }, 'forbidden');
    const { data } = await rondo.openai.models.list();
    expect(data.length).toBeGreaterThan(0);
  });

  test('is an error when no back-end has answered, and is not looked up again for a minute', async () => {
    const rondo = await startWith();
    google.fault({ kind: 'list' }, 'unavailable', 2);
    for (const _ of ['asked', 'known']) {
      const { status, error } = await failed(rondo.fetch('/v1/models'));
      expect(status).toBe(503);
      expect(error.type).toBe('server_error');
      expect(lists()).toBe(2);
    }
  });

  test('does not move the turns of chats', async () => {
    const rondo = await startWith();
    await rondo.openai.models.list();
    await askTimes(rondo, 1);
    expect(google.calls.find(({ kind }) => kind === 'generate')?.credential).toBe('sim-account-1');
  });
});

describe('one model', () => {
  test('is an entry of the list', async () => {
    const rondo = await startWith();
    const one = await rondo.openai.models.retrieve(model);
    expect(one).toMatchObject({ id: model, object: 'model', owned_by: 'google' });
  });

  test('may be an alias, one with a slash too', async () => {
    const rondo = await startWith({ MODEL_ALIASES: `{"openai/gpt-4o":"${model}"}` });
    const one = await rondo.openai.models.retrieve('openai/gpt-4o');
    expect(one.id).toBe('openai/gpt-4o');
  });

  test('that is not there is 404 model_not_found', async () => {
    const rondo = await startWith();
    const { status, error } = await failed(rondo.fetch('/v1/models/gemini-none'));
    expect(status).toBe(404);
    expect(error).toMatchObject({
      type: 'invalid_request_error',
      code: 'model_not_found',
      param: 'model',
      message: expect.stringContaining('gemini-none'),
    });
  });
});

describe('a chat with a model that Google does not have', () => {
  test('is 404 model_not_found', async () => {
    const rondo = await startWith();
    const { status, error } = await failed(rondo.chat(ask('Hello', { model: 'gemini-none' })));
    expect(status).toBe(404);
    expect(error.code).toBe('model_not_found');
  });

  test('never reaches another address, however it is named', async () => {
    const rondo = await startWith();
    const names = [
      '../../../v1/projects',
      'gemini-3.8-flash:countTokens?x',
      'a/b',
      'gemini 3',
      '%2e%2e',
      'gemini-3.8-flash#',
      'gemini\n3',
      'gemini-世界',
    ];
    for (const name of names) {
      const { status } = await failed(rondo.chat(ask('Hello', { model: name })));
      expect([400, 404], name).toContain(status);
    }
    const paths = google.calls.filter(({ kind }) => kind !== 'token').map(({ path }) => path);
    const generating =
      /^\/v1\/projects\/[\w-]+\/locations\/global\/publishers\/google\/models\/[\w.-]+:generateContent$/;
    expect(paths.filter((path) => !generating.test(path))).toEqual([]);
  });
});
