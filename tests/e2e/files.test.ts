// OpenAI's files, as its SDK uploads, lists, uses and deletes them, on Google's Files API.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { toFile } from 'openai';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { partsOf } from '../support/asked.ts';
import { callsOf, failed, model, served, told } from '../support/chat.ts';
import { EncodedForm, type Fields, LeavingClient } from '../support/client.ts';
import { form } from '../support/media.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

const otherKey = 'sk-rondo-test-other-91f3';

let google: GoogleStub;
/** With two keys of the Gemini API and an account of Vertex AI. */
let rondo: Rondo;

beforeAll(async () => {
  google = await startGoogle();
  google.addApiKey();
  google.addApiKey();
  google.addServiceAccount();
  const CLIENT_API_KEYS = [
    { name: 'me', key: clientKey },
    { name: 'other', key: otherKey },
  ];
  rondo = await startRondo({ vars: { ...google.vars(), CLIENT_API_KEYS } });
});

beforeEach(() => google.reset());

const pdf = Buffer.from('%PDF-1.7 a paper');
const filesOf = (of: Rondo = rondo) => of.openai.files;
const upload = async (name = 'paper.pdf', bytes: Buffer = pdf, of: Rondo = rondo) =>
  filesOf(of).create({ file: await toFile(bytes, name), purpose: 'user_data' });

const namedIn = (...ids: readonly string[]) => ({
  model,
  messages: [
    {
      role: 'user',
      content: ids.map((id) => ({ type: 'file', file: { file_id: id } })),
    },
  ],
});

/** A form as a client sends it that is no SDK. */
const send = (fields: Fields, of: Rondo = rondo) => of.fetch('/v1/files', form(fields));

const other = () => new OpenAI({ baseURL: `${rondo.url}/v1`, apiKey: otherKey, maxRetries: 0 });

describe('a file', () => {
  test('is uploaded, and tells what it is and how long Google keeps it', async () => {
    const file = await upload();
    expect(file).toMatchObject({
      object: 'file',
      bytes: pdf.length,
      filename: 'paper.pdf',
      purpose: 'user_data',
      status: 'processed',
    });
    expect(file.id).toMatch(/^file-[\w-]+$/);
    expect(file.expires_at).toBe(file.created_at + 48 * 3600);
  });

  test('is told again as it was told at first', async () => {
    const file = await upload();
    expect(await filesOf().retrieve(file.id)).toEqual(file);
  });

  test('keeps the quotes and line ends of its name, which clients escape', async () => {
    const name = 'a "b"\r\n.pdf';
    expect(await upload(name)).toMatchObject({ filename: name });
  });

  test.for(['assistants', 'vision', 'user_data'] as const)(
    'keeps its purpose %s',
    async (purpose) => {
      const { id } = await filesOf().create({ file: await toFile(pdf, 'a.pdf'), purpose });
      expect((await filesOf().retrieve(id)).purpose).toBe(purpose);
    },
  );

  test('is gone once it is deleted', async () => {
    const { id } = await upload();
    expect(await filesOf().delete(id)).toEqual({ id, object: 'file', deleted: true });
    await expect(filesOf().retrieve(id)).rejects.toMatchObject({ status: 404, param: 'id' });
    await expect(filesOf().delete(id)).rejects.toMatchObject({ status: 404, param: 'id' });
  });

  test('gives nothing of itself back', async () => {
    const { id } = await upload();
    await expect(filesOf().content(id)).rejects.toMatchObject({
      status: 400,
      code: 'content_not_served',
    });
  });

  test('of film is uploaded first, and processed once Google has looked through it', async () => {
    const film = await upload('film.mp4', Buffer.from('\0\0\0\x20ftypisom....', 'latin1'));
    expect(film.status).toBe('uploaded');
    const unready = await failed(rondo.chat(namedIn(film.id)));
    expect(unready.error.message).toContain('not in an ACTIVE state');
    expect(unready.error.param).toBe('messages[0].content[0].file.file_id');
    google.advance(5000);
    expect(await filesOf().waitForProcessing(film.id)).toMatchObject({ status: 'processed' });
    await told(rondo.chat(namedIn(film.id)));
    expect(partsOf(google, 0)).toMatchObject([{ fileData: { mimeType: 'video/mp4' } }]);
  });
});

describe('the list of files', () => {
  const names = async (query: object = {}) => {
    const all: string[] = [];
    for await (const each of await filesOf().list(query)) all.push(each.filename);
    return all;
  };

  test('has those of each credential, the newest first, page by page', async () => {
    for (const name of ['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf']) {
      await upload(name);
      google.advance(1000);
    }
    expect(await names()).toEqual(['d.pdf', 'c.pdf', 'b.pdf', 'a.pdf']);
    expect(await names({ limit: 1 })).toEqual(['d.pdf', 'c.pdf', 'b.pdf', 'a.pdf']);
    expect(await names({ limit: 3, order: 'asc' })).toEqual(['a.pdf', 'b.pdf', 'c.pdf', 'd.pdf']);
    expect(await names({ purpose: 'vision' })).toEqual([]);
  });

  test('goes on behind the hundred that Google tells at once', async () => {
    const one = await startRondo({ vars: google.vars(google.accounts.slice(0, 1)) });
    for (let count = 0; count < 101; count += 1) await upload('a.pdf', pdf, one);
    expect((await filesOf(one).list()).data).toHaveLength(101);
  });

  test.for([
    ['limit', '0'],
    ['limit', 'x'],
    ['limit', '10001'],
    ['order', 'up'],
    ['after', 'file-x'],
  ])('refuses %s=%s', async ([param, value]) => {
    const { status, error } = await failed(rondo.fetch(`/v1/files?${param}=${value}`));
    expect(status).toBe(400);
    expect(error).toMatchObject({ param, code: 'invalid_value' });
  });
});

describe('a file in a request', () => {
  const uriOf = (parts: readonly JsonObject[]) =>
    parts.map(({ fileData }) => (fileData as JsonObject | undefined)?.fileUri);
  const isOfFiles = expect.stringMatching(
    /^https:\/\/generativelanguage\.googleapis\.com\/v1beta\/files\/user-data-/,
  );

  test('of a chat goes by its address and its type, through its credential alone', async () => {
    const files = [await upload(), await upload()];
    for (const { id } of [...files, ...files]) {
      await told(rondo.chat(namedIn(id)));
      expect(partsOf(google, 0)).toEqual([
        { fileData: { mimeType: 'application/pdf', fileUri: isOfFiles } },
      ]);
    }
    expect(new Set(served(google)).size).toBe(1);
  });

  test('stands beside another one of its client', async () => {
    const files = [await upload(), await upload(), await upload()];
    await told(rondo.chat(namedIn(...files.map(({ id }) => id))));
    expect(uriOf(partsOf(google, 0))).toEqual([isOfFiles, isOfFiles, isOfFiles]);
  });

  test('of a response may be a file or an image', async () => {
    const file = await upload();
    const png = Buffer.from('iVBORw0KGgo=', 'base64');
    await rondo.openai.responses.create({
      model,
      input: [{ role: 'user', content: [{ type: 'input_file', file_id: file.id }] }],
    });
    expect(uriOf(partsOf(google, 0))).toEqual([isOfFiles]);
    const image = await upload('a.png', png);
    await rondo.openai.responses.create({
      model,
      input: [
        { role: 'user', content: [{ type: 'input_image', file_id: image.id, detail: 'auto' }] },
      ],
    });
    expect(partsOf(google, 0)).toMatchObject([{ fileData: { mimeType: 'image/png' } }]);
  });

  test("of Anthropic's messages is a source of its own", async () => {
    const { id } = await upload();
    const anthropic = new Anthropic({ baseURL: rondo.url, apiKey: clientKey, maxRetries: 0 });
    await anthropic.beta.messages.create({
      model,
      max_tokens: 100,
      messages: [
        { role: 'user', content: [{ type: 'document', source: { type: 'file', file_id: id } }] },
      ],
    });
    expect(uriOf(partsOf(google, 0))).toEqual([isOfFiles]);
  });

  test('of a credential that may not serve the model is refused with its field', async () => {
    const extra = { models: ['gemini-2.5*', 'files'] };
    const stub = await startGoogle();
    stub.addApiKey({ extra });
    stub.addServiceAccount();
    const own = await startRondo({ vars: stub.vars() });
    const { id } = await upload('paper.pdf', pdf, own);
    for (const body of [namedIn(id), { ...namedIn(id), stream: true }]) {
      const { status, error } = await failed(own.chat(body));
      expect([status, error.code]).toEqual([400, 'model_of_other_credential']);
      expect(error.param).toBe('messages[0].content[0].file.file_id');
      expect(error.message).toContain(model);
    }
    expect(callsOf(stub)).toEqual([]);
    await told(own.chat({ ...namedIn(id), model: 'gemini-2.5-flash' }));
  });

  test('has nobody else to serve it when its credential cools, which is told', async () => {
    const own = await startRondo({ vars: google.vars() });
    const { id } = await upload('paper.pdf', pdf, own);
    await told(own.chat(namedIn(id)));
    const [holder] = served(google);
    google.fault({ credential: holder as string }, 'minute');
    const { status, error } = await failed(own.chat(namedIn(id)));
    expect(status).toBe(429);
    expect(error.message).toContain('or lies with it');
    expect(new Set(served(google))).toEqual(new Set([holder]));
  });

  test('of two credentials at once is refused with the second one named', async () => {
    const own = await startRondo({ vars: google.vars() });
    const one = await upload('paper.pdf', pdf, own);
    // The second one finds the first one's credential busy.
    google.fault({ kind: 'resource', credential: google.calls.at(-1)?.credential ?? '' }, 'minute');
    const two = await upload('paper.pdf', pdf, own);
    const { status, error } = await failed(own.chat(namedIn(one.id, two.id)));
    expect(status).toBe(400);
    expect(error).toMatchObject({
      code: 'files_of_two_credentials',
      param: 'messages[0].content[1].file.file_id',
    });
    expect(callsOf(google)).toEqual([]);
  });

  test('that was deleted is told not to be there, with its field', async () => {
    const { id } = await upload();
    await filesOf().delete(id);
    const { status, error } = await failed(rondo.chat(namedIn(id)));
    expect([status, error.code]).toEqual([403, 'content_not_accessible']);
    expect(error.param).toBe('messages[0].content[0].file.file_id');
  });

  test('that was deleted is told apart from the others by the name that Google says', async () => {
    const [one, two] = [await upload(), await upload()];
    await filesOf().delete(two.id);
    for (const [ids, index] of [
      [[one.id, two.id], 1],
      [[two.id, one.id], 0],
    ] as const) {
      const { error } = await failed(rondo.chat(namedIn(...ids)));
      expect(error.param).toBe(`messages[0].content[${index}].file.file_id`);
    }
  });

  test('that nobody names is not guessed among several', async () => {
    const [one, two] = [await upload(), await upload()];
    google.fault({}, 'forbidden', 9);
    const { error } = await failed(rondo.chat(namedIn(one.id, two.id)));
    expect([error.code, error.param]).toEqual(['content_not_accessible', null]);
  });
});

describe('an id', () => {
  test("of another client's file reaches nothing", async () => {
    const { id } = await upload();
    await expect(other().files.retrieve(id)).rejects.toMatchObject({ status: 404 });
    await expect(other().files.delete(id)).rejects.toMatchObject({ status: 404 });
    expect((await other().files.list()).data).toEqual([]);
    await expect(other().chat.completions.create(namedIn(id) as never)).rejects.toMatchObject({
      status: 400,
      param: 'messages[0].content[0].file.file_id',
    });
    expect(await filesOf().retrieve(id)).toMatchObject({ id });
  });

  test('is none that another has planted by a name of its own choice', async () => {
    const { id } = await upload();
    const [, name = ''] = Buffer.from(id.slice(5), 'base64url').toString().split('/');
    const plant = (planted: string) =>
      rondo.fetch('/upload/v1beta/files', {
        method: 'POST',
        headers: {
          'x-goog-api-key': otherKey,
          'x-goog-upload-protocol': 'resumable',
          'x-goog-upload-command': 'start',
          'x-goog-upload-header-content-length': String(pdf.length),
          'x-goog-upload-header-content-type': 'application/pdf',
          'content-type': 'application/json',
        },
        body: JSON.stringify({ file: { name: `files/${planted}` } }),
      });
    const last = name.endsWith('0') ? '1' : '0';
    for (const planted of [name.slice(0, -1) + last, 'user-data-0123456789abcdef0123456789ab']) {
      const address = (await plant(planted)).headers.get('x-goog-upload-url');
      const sent = await fetch(address ?? '', {
        method: 'POST',
        headers: { 'x-goog-upload-offset': '0', 'x-goog-upload-command': 'upload, finalize' },
        body: pdf,
      });
      expect(JSON.stringify(await sent.json())).toContain(planted);
    }
    expect((await filesOf().list()).data.map((each) => each.id)).toEqual([id]);
  });

  const forged = (text: string) => `file-${Buffer.from(text).toString('base64url')}`;
  test.for([
    'file-x',
    forged('0123456789abcdef/user-data-00000000-00000000000000000000/text/plain'),
    forged('../../models/x'),
    forged(''),
  ])('%s that is made up is not found', async (id) => {
    const { status, error } = await failed(rondo.fetch(`/v1/files/${id}`));
    expect([status, error.code]).toEqual([404, 'file_not_found']);
    const chat = await failed(rondo.chat(namedIn(id)));
    expect([chat.status, chat.error.code]).toEqual([400, 'invalid_value']);
  });
});

describe('an upload', () => {
  const file = new File([pdf], 'a.pdf');
  const faults: readonly (readonly [
    name: string,
    fields: Readonly<Record<string, string | Blob>>,
    param: string,
  ])[] = [
    ['without a file', { purpose: 'user_data' }, 'file'],
    ['without a purpose', { file }, 'purpose'],
    ['for tuning', { file, purpose: 'fine-tune' }, 'purpose'],
    [
      'with an end of its own',
      { file, purpose: 'user_data', 'expires_after[anchor]': 'created_at' },
      'expires_after',
    ],
    ['of nothing', { file: new File([], 'a.pdf'), purpose: 'user_data' }, 'file'],
    ['of no known kind', { file: new File([pdf], 'a'), purpose: 'user_data' }, 'file'],
    ['of an office document', { file: new File([pdf], 'a.docx'), purpose: 'user_data' }, 'file'],
  ];
  test.for(faults)('%s is refused', async ([, fields, param]) => {
    const { status, error } = await failed(send(fields));
    expect([status, error.param]).toEqual([400, param]);
    expect(google.calls).toEqual([]);
  });

  test.for(['/v1/files', '/v1/audio/transcriptions'])(
    'of two files, where %s takes one, is refused with the field',
    async (path) => {
      const form = new FormData();
      form.append('purpose', 'user_data');
      form.append('model', model);
      for (const name of ['a.wav', 'b.wav']) form.append('file', new File(['RIFF....WAVE'], name));
      const { status, error } = await failed(rondo.fetch(path, { method: 'POST', body: form }));
      expect([status, error.param]).toEqual([400, 'file']);
      expect(google.calls).toEqual([]);
    },
  );

  test('that is no form is refused', async () => {
    const init = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    const { status, error } = await failed(rondo.fetch('/v1/files', init));
    expect([status, error.code]).toEqual([400, 'invalid_form']);
  });

  test('of a key that may name nothing stored is refused, and so is all else', async () => {
    const CLIENT_API_KEYS = [{ name: 'me', key: clientKey, stored: false }];
    const denied = await startRondo({ vars: { ...google.vars(), CLIENT_API_KEYS } });
    const { id } = await upload();
    for (const refused of [
      send({ file, purpose: 'user_data' }, denied),
      denied.fetch('/v1/files'),
      denied.fetch(`/v1/files/${id}`),
      denied.fetch(`/v1/files/${id}`, { method: 'DELETE' }),
      denied.chat(namedIn(id)),
    ]) {
      const { status, error } = await failed(refused);
      expect([status, error.code]).toEqual([403, 'stored_content_not_allowed']);
    }
  });

  test('has nowhere to go without a key of the Gemini API, and is told to come inline', async () => {
    const vertex = await startRondo({ vars: google.vars(google.accounts.slice(2)) });
    const { status, error } = await failed(send({ file, purpose: 'user_data' }, vertex));
    expect([status, error.code]).toEqual([400, 'files_not_served']);
    expect(error.message).toContain('file_data');
  });

  test('whose client leaves is ended at Google too', async () => {
    const gate = google.holdNext({ kind: 'resource' });
    const form = await EncodedForm.of({ purpose: 'user_data', file: new File([pdf], 'a.pdf') });
    const client = new LeavingClient(rondo, form, '/v1/files');
    const call = await gate.reached;
    client.leave();
    await call.closed;
    expect(call.end).toBe('aborted');
    expect(google.count({ kind: 'resource' })).toBe(1);
  });

  test('goes to the next credential when the first one has no room', async () => {
    google.fault({ kind: 'resource' }, 'minute');
    expect(await upload()).toMatchObject({ status: 'processed' });
  });
});

test("Anthropic's own Files API is not there, in Anthropic's words", async () => {
  const anthropic = new Anthropic({ baseURL: rondo.url, apiKey: clientKey, maxRetries: 0 });
  await expect(anthropic.beta.files.list()).rejects.toMatchObject({
    status: 404,
    error: { type: 'error', error: { type: 'not_found_error' } },
  });
  expect(google.calls).toEqual([]);
});

test('paths of files say which methods they take', async () => {
  const { status, headers } = await failed(rondo.fetch('/v1/files', { method: 'DELETE' }));
  expect([status, headers.get('allow')]).toEqual([405, 'POST, GET']);
});
