import { describe, expect, it } from 'vitest';
import type { Account } from '../../scripts/googlestub/accounts.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { flash, say, thoughtSignature } from './samples.ts';
import {
  type Answered,
  askGemini,
  askVertex,
  errorOf,
  post,
  read,
  start,
  tokenOf,
} from './support.ts';

const uri = 'gs://others/photos/cat.png';

function file(fileUri: string) {
  const fileData = { fileUri, mimeType: 'image/png' };
  return { contents: [{ role: 'user', parts: [{ text: 'See' }, { fileData }] }] };
}

function cached(cachedContent: string, rest: object = {}) {
  return say('Hi', { cachedContent, ...rest });
}

async function pair() {
  const stub = await start();
  const account = stub.addServiceAccount({ project: 'mine' });
  const key = stub.addApiKey({ project: 'mine' });
  const ask = (body: object): Promise<Answered> => asked(stub, account, body);
  const askKey = (body: object): Promise<Answered> => asked(stub, key, body);
  return { stub, account, key, ask, askKey };
}

async function asked(stub: GoogleStub, account: Account, body: object, call = flash) {
  const send = account.kind === 'api_key' ? askGemini : askVertex;
  return read(await send(stub, account, `${call}:generateContent`, { body }));
}

describe("an object in another's bucket", () => {
  it('is refused as if a role were missing', async () => {
    const { ask } = await pair();
    const answer = await ask(file(uri));
    expect(answer.status).toBe(403);
    expect(errorOf(answer)).toMatchObject({
      status: 'PERMISSION_DENIED',
      message:
        "Permission 'storage.objects.get' denied on resource " +
        "'//storage.googleapis.com/projects/_/buckets/others/objects/photos/cat.png' " +
        '(or it may not exist).',
      details: [
        {
          reason: 'IAM_PERMISSION_DENIED',
          domain: 'iam.googleapis.com',
          metadata: {
            permission: 'storage.objects.get',
            resource: 'projects/_/buckets/others/objects/photos/cat.png',
          },
        },
      ],
    });
  });

  it('is refused in the other ways of Google, none with details', async () => {
    const { stub, account, ask } = await pair();
    const said = async (): Promise<unknown> => {
      const answer = await ask(file(uri));
      expect(answer.status).toBe(403);
      expect(errorOf(answer)).not.toHaveProperty('details');
      return errorOf(answer).message;
    };
    stub.setBucketStyle('bare');
    expect(await said()).toBe(
      `service-${account.projectNumber}@gcp-sa-aiplatform.iam.gserviceaccount.com does not have ` +
        'storage.objects.get access to the Google Cloud Storage object. Permission ' +
        "'storage.objects.get' denied on resource (or it may not exist).",
    );
    stub.setBucketStyle('input');
    expect(await said()).toContain('Permission denied while accessing input file.');
    stub.setBucketStyle('plain');
    expect(await said()).toBe('The caller does not have permission');
  });

  it('is taken once the project was given the bucket, or a part of it', async () => {
    const { stub, ask } = await pair();
    stub.give('another', 'gs://others/');
    expect((await ask(file(uri))).status).toBe(403);
    stub.give('mine', 'gs://others/photos/');
    expect((await ask(file(uri))).status).toBe(200);
    expect((await ask(file('gs://others/films/cat.png'))).status).toBe(403);
    stub.reset();
    expect((await ask(file(uri))).status).toBe(403);
  });

  it('is refused in the media of a function response too', async () => {
    const { ask } = await pair();
    const parts = [{ fileData: { fileUri: uri, mimeType: 'image/png' } }];
    const contents = [
      { role: 'user', parts: [{ text: 'Go' }] },
      { role: 'model', parts: [{ functionCall: { name: 'a', id: '1' }, thoughtSignature }] },
      { role: 'user', parts: [{ functionResponse: { name: 'a', id: '1', response: {}, parts } }] },
    ];
    expect((await ask({ contents })).status).toBe(403);
  });

  it("is anybody's to read in Google's own bucket", async () => {
    const { ask } = await pair();
    expect((await ask(file('gs://cloud-samples-data/a.png'))).status).toBe(200);
  });

  it('is no address for the Gemini API', async () => {
    const { askKey } = await pair();
    expect(await askKey(file(uri))).toMatchObject({ status: 400 });
  });
});

describe('a file of the Gemini API', () => {
  const address = 'https://generativelanguage.googleapis.com/v1beta/files/abc123';

  it.each([address, 'files/abc123'])('at %s is for the project that has it', async (where) => {
    const { stub, askKey } = await pair();
    const refused = await askKey(file(where));
    expect(refused.status).toBe(403);
    expect(errorOf(refused).message).toBe(
      'You do not have permission to access the File abc123 or it may not exist.',
    );
    stub.give('mine', 'files/abc123');
    expect((await askKey(file(where))).status).toBe(200);
  });

  it('is no address for Vertex, and other addresses of the web are taken', async () => {
    const { ask, askKey } = await pair();
    expect((await ask(file(address))).status).toBe(400);
    expect((await ask(file('https://example.com/files/abc123'))).status).toBe(200);
    expect((await askKey(file('https://example.com/files/abc123'))).status).toBe(200);
  });
});

describe('cached content', () => {
  const foreign = 'projects/other/locations/global/cachedContents/123';
  const own = 'projects/mine/locations/global/cachedContents/123';

  it('of another project is refused by Vertex', async () => {
    const { ask } = await pair();
    const answer = await ask(cached(foreign));
    expect(answer.status).toBe(403);
    expect(errorOf(answer)).toMatchObject({
      message:
        "Permission 'aiplatform.cachedContents.get' denied on resource " +
        `'//aiplatform.googleapis.com/${foreign}' (or it may not exist).`,
      details: [
        {
          reason: 'IAM_PERMISSION_DENIED',
          domain: 'iam.googleapis.com',
          metadata: { permission: 'aiplatform.cachedContents.get', resource: foreign },
        },
      ],
    });
  });

  it('of the own project must exist, and may be named by the number', async () => {
    const { stub, account, ask } = await pair();
    const missing = await ask(cached(own));
    expect(missing.status).toBe(404);
    expect(errorOf(missing).message).toBe('Not found: cached content metadata for 123.');
    stub.give('mine', own);
    expect((await ask(cached(own))).status).toBe(200);
    const numbered = own.replace('mine', account.projectNumber);
    stub.give('mine', numbered);
    expect((await ask(cached(numbered))).status).toBe(200);
  });

  it('that is not there is refused by the Gemini API', async () => {
    const { stub, askKey } = await pair();
    const answer = await askKey(cached('cachedContents/abc'));
    expect(answer.status).toBe(403);
    expect(errorOf(answer).message).toBe('CachedContent not found (or permission denied)');
    stub.give('mine', 'cachedContents/abc');
    expect((await askKey(cached('cachedContents/abc'))).status).toBe(200);
  });

  it('stands beside no system instruction and no tools', async () => {
    const { ask, askKey } = await pair();
    const rest = { systemInstruction: { parts: [{ text: 'Be kind' }] } };
    expect(errorOf(await askKey(cached('cachedContents/abc', rest))).message).toMatch(
      /^CachedContent can not be used with GenerateContent request setting system_instruction/,
    );
    expect(errorOf(await ask(cached(own, rest))).message).toMatch(/should not be set/);
  });
});

describe('a cache that is made', () => {
  const long = [{ role: 'user', parts: [{ text: 'Something long. '.repeat(400) }] }];
  const onVertex = (project: string, location: string, model = flash) =>
    `projects/${project}/locations/${location}/publishers/google/models/${model}`;
  const collection = '/v1/projects/mine/locations/global/cachedContents';

  async function maker() {
    const { stub, account, key, ask } = await pair();
    const headers = { authorization: `Bearer ${await tokenOf(stub, account)}` };
    const call = async (verb: string, path: string): Promise<Answered> =>
      read(await fetch(stub.url + path, { method: verb, headers }));
    const make = async (model: string, more: object = {}): Promise<Answered> =>
      read(
        await post(stub.url + collection, { body: { model, contents: long, ...more }, headers }),
      );
    const makeByKey = async (model: string): Promise<Answered> =>
      read(
        await post(`${stub.url}/v1beta/cachedContents`, {
          body: { model, contents: long },
          headers: { 'x-goog-api-key': key.apiKey },
        }),
      );
    return { stub, account, ask, call, make, makeByKey };
  }

  it('on Vertex names its model in full, by the project’s id or number', async () => {
    const { account, make } = await maker();
    for (const project of ['mine', account.projectNumber]) {
      expect((await make(onVertex(project, 'global'))).status).toBe(200);
    }
    for (const name of [flash, `models/${flash}`, `publishers/google/models/${flash}`]) {
      const refused = await make(name);
      expect(errorOf(refused)).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
      expect(errorOf(refused).message).toBe(
        `The Model name ${name} is malformed and it should be in form of ` +
          'projects/{project}/locations/{location}/publishers/google/models/{model}.',
      );
    }
  });

  it('on Vertex is of a model in its own project and location', async () => {
    const { make } = await maker();
    for (const model of [onVertex('other', 'global'), onVertex('mine', 'us-central1')]) {
      expect(errorOf(await make(model))).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    }
    expect((await make(onVertex('mine', 'global', 'gemini-9-none'))).status).toBe(404);
  });

  it('in the Gemini API names its model as a resource', async () => {
    const { makeByKey } = await maker();
    expect((await makeByKey(`models/${flash}`)).status).toBe(200);
    expect(errorOf(await makeByKey(flash)).message).toContain('unexpected model name format');
  });

  it('is used by its model alone, and where it lies', async () => {
    const { stub, account, ask, make } = await maker();
    const name = String((await make(onVertex('mine', 'global'))).json.name);
    expect((await ask(cached(name))).status).toBe(200);
    const other = await asked(stub, account, cached(name), 'gemini-3.5-flash');
    expect(errorOf(other).message).toMatch(/^Model used by GenerateContent request .* same\.$/);
    const path = `/v1/projects/mine/locations/europe-west4/publishers/google/models/${flash}`;
    const headers = { authorization: `Bearer ${await tokenOf(stub, account)}` };
    const elsewhere = await read(
      await post(`${stub.url}${path}:generateContent`, { body: cached(name), headers }),
    );
    expect(elsewhere.status).toBe(404);
    expect(errorOf(elsewhere).message).toMatch(/^Not found: cached content metadata for r\d+\.$/);
  });

  it('on Vertex is said to have expired, and to be unknown when asked for', async () => {
    const { stub, ask, call, make } = await maker();
    const { json } = await make(onVertex('mine', 'global'), { ttl: '60s' });
    stub.advance(60_000);
    const gone = await ask(cached(String(json.name)));
    expect(errorOf(gone)).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(errorOf(gone).message).toMatch(/^Cache content r\d+ is expired\.$/);
    const id = String(json.name).split('/').at(-1);
    const told = await call('GET', `${collection}/${id}`);
    expect(told.status).toBe(404);
    expect(errorOf(told).message).toMatch(/^Cached content r\d+ is not found\.$/);
  });
});

describe('an endpoint', () => {
  it('is for the project that has it', async () => {
    const { stub, account } = await pair();
    const headers = { authorization: `Bearer ${await tokenOf(stub, account)}` };
    const ask = async (project: string): Promise<Answered> => {
      const path = `/v1/projects/${project}/locations/global/endpoints/123:generateContent`;
      return read(await post(stub.url + path, { headers }));
    };
    const denied = (project: string): string =>
      `Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com` +
      `/projects/${project}/locations/global/endpoints/123' (or it may not exist).`;
    for (const project of ['other', 'mine']) {
      const answer = await ask(project);
      expect(answer.status).toBe(403);
      expect(errorOf(answer).message).toBe(denied(project));
    }
    stub.give('mine', 'projects/mine/locations/global/endpoints/123');
    expect((await ask('mine')).status).toBe(200);
  });

  it('of a tuned model too', async () => {
    const { stub, key } = await pair();
    const ask = async (): Promise<Answered> => {
      const headers = { 'x-goog-api-key': key.apiKey };
      return read(await post(`${stub.url}/v1beta/tunedModels/a:generateContent`, { headers }));
    };
    expect((await ask()).status).toBe(403);
    stub.give('mine', 'tunedModels/a');
    expect((await ask()).status).toBe(200);
  });
});
