// Google's own dialect from hostile clients: what they make of paths, queries, fields and bodies reaches
// nothing that is not theirs, and leaves nothing taken.
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { callsOf, model } from '../support/chat.ts';
import { LeavingClient, sendRaw, Uploading } from '../support/client.ts';
import { generating, get, post, refused, saying } from '../support/native.ts';
import { clientKey, type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;
let rondo: Rondo;
const uploads: Uploading[] = [];

beforeAll(async () => {
  google = await startGoogle();
  google.addApiKey();
  rondo = await startRondo({ vars: google.vars() });
});

beforeEach(() => google.reset());

afterEach(() => {
  for (const upload of uploads.splice(0)) upload.leave();
});

const keyField = `x-goog-api-key: ${clientKey}`;
const jsonField = 'content-type: application/json';
const taken = async (of = rondo): Promise<number> => (await of.state()).bodyBytes;

const uploading = (line: string, headers: readonly string[], bytes = '', to = rondo): Uploading => {
  const begun = new Uploading(to, line, [keyField, jsonField, ...headers], bytes);
  uploads.push(begun);
  return begun;
};

describe('a path that can be read in two ways', () => {
  test.each([
    `/v1beta/files/..%2Fmodels%2F${model}:generateContent`,
    `/v1beta/files/\\..\\models/${model}:generateContent`,
    `/v1beta/files/%5c..%5cmodels/${model}:generateContent`,
    `/v1beta/files//models/${model}:generateContent`,
    `/v1beta/files/.%2e/models/${model}:generateContent`,
    `/v1beta/models/${model}/../../cachedContents/a:generateContent`,
    `/v1beta/models/..:generateContent`,
    `/v1beta/models/a:b:generateContent`,
    `/v1beta/models/%2e%2e%2fcachedContents:generateContent`,
    `/V1BETA/models/${model}:generateContent`,
    `/v1beta//models/${model}:generateContent`,
    `/upload/v1beta/files/../../v1beta/models/${model}:generateContent`,
  ])('reaches nothing: %s', async (path) => {
    const body = JSON.stringify(saying());
    const head = ['host: rondo', keyField, jsonField, `content-length: ${body.length}`];
    const lines = [`POST ${path} HTTP/1.1`, ...head, 'connection: close', '', body];
    const answer = await sendRaw(rondo, lines.join('\r\n'));
    expect(answer).toMatch(/^HTTP\/1\.1 (?:400|404) /);
    expect(google.calls.filter(({ kind }) => kind !== 'token')).toEqual([]);
  });
});

describe('a query', () => {
  test('says neither who asks nor in whose name, nor stands for a method or a body', async () => {
    const smuggled = [
      'key=other',
      'key=another',
      '%6bey=other',
      'access_token=t',
      'oauth_token=t',
      'bearer_token=t',
      'userProject=theirs',
      '$userProject=theirs',
      '%24httpMethod=DELETE',
      '$req=%7B%22cachedContent%22%3A%22a%22%7D',
      '$ct=text/plain',
      'callback=f',
      '$callback=f',
    ];
    const query = ['$fields=candidates', ...smuggled, '$alt=json'].join('&');
    await post(rondo, `${generating(model)}?${query}`);
    expect(google.calls.at(-1)?.path).toBe(`${generating(model)}?$fields=candidates&$alt=json`);
  });

  test('brings no field of the request past what is judged of its body', async () => {
    const error = await refused(
      post(rondo, `${generating(model)}?cachedContent=cachedContents/theirs`),
    );
    expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
    expect(error.message).toBe(
      'Unknown name "cachedContent": Cannot bind query parameter. A field of the request belongs in its body.',
    );
    expect(google.calls).toHaveLength(0);
  });

  test('may hold another question mark', async () => {
    await post(rondo, `${generating(model)}?fields=a?b&key=other`);
    expect(google.calls.at(-1)?.path).toBe(`${generating(model)}?fields=a?b`);
  });
});

describe('header fields', () => {
  test('say neither who asks nor another method or host', async () => {
    const headers = {
      'x-goog-api-key': clientKey,
      'content-type': 'application/json',
      'x-http-method-override': 'DELETE',
      'x-goog-user-project': 'theirs',
      'x-goog-upload-command': 'start',
      'x-forwarded-host': 'evil.example',
      'x-goog-fieldmask': '*',
      cookie: 'a=b',
    };
    await post(rondo, generating(model), saying(), { headers });
    const sent = callsOf(google)[0]?.headers ?? {};
    for (const name of Object.keys(headers).slice(2)) expect(sent).not.toHaveProperty(name);
    expect(JSON.stringify(sent)).not.toContain(clientKey);
  });
});

describe('an upload', () => {
  test('is told no key of ours with its address', async () => {
    const headers = {
      'x-goog-api-key': clientKey,
      'content-type': 'application/json',
      'x-goog-upload-protocol': 'resumable',
      'x-goog-upload-command': 'start',
      'x-goog-upload-header-content-length': '5',
      'x-goog-upload-header-content-type': 'text/plain',
    };
    const begun = await post(rondo, '/upload/v1beta/files', {}, { headers });
    const address = begun.headers.get('x-goog-upload-url') ?? '';
    expect(address).toMatch(
      new RegExp(
        `^${rondo.url}/upload/v1beta/files\\?upload_id=\\w+&upload_protocol=resumable` +
          '&x-rondo-upload=[\\w-]+$',
      ),
    );
    expect(address).not.toContain(clientKey);
  });

  test('whose client leaves is ended at Google’s, and nothing stays taken', async () => {
    const size = 20 * 1024 * 1024;
    const client = uploading(
      'POST /upload/v1beta/files?upload_id=x&upload_protocol=resumable',
      [`content-length: ${size}`, 'x-goog-upload-command: upload', 'x-goog-upload-offset: 0'],
      'x'.repeat(300_000),
    );
    await expect.poll(async () => (await rondo.state()).openOps).toBeGreaterThan(0);
    client.leave();
    await expect.poll(async () => (await rondo.state()).openOps).toBe(0);
    expect(await taken()).toBe(0);
  });
});

describe('a body', () => {
  const line = `POST ${generating(model)}`;

  test('that is held and stays silent is told so in Google’s shape, and gives all back', async () => {
    const hasty = await startRondo({ vars: { ...google.vars(), BODY_TIMEOUT_MS: '200' } });
    for (const [framing, bytes] of [
      ['content-length: 100', '{"con'],
      ['content-length: 5000000', ' '.repeat(300_000)],
      ['transfer-encoding: chunked', '5\r\n{"con'],
    ] as const) {
      const { status, text } = await uploading(line, [framing], bytes, hasty).answer();
      expect(status).toBe(408);
      expect(text).toContain('DEADLINE_EXCEEDED');
      expect(await taken(hasty)).toBe(0);
    }
  });

  test('that is sent on and stays silent ends by when Google should have answered', async () => {
    const hasty = await startRondo({ vars: { ...google.vars(), FIRST_BYTE_TIMEOUT_MS: '300' } });
    const framing = `content-length: ${20 * 1024 * 1024}`;
    const { status } = await uploading(line, [framing], ' '.repeat(300_000), hasty).answer();
    expect(status).toBe(504);
    await expect.poll(async () => (await hasty.state()).openOps).toBe(0);
    expect(await taken(hasty)).toBe(0);
  });

  test('that breaks off leaves nothing taken', async () => {
    for (const framing of ['content-length: 5000000', 'content-length: 20000000']) {
      const client = uploading(line, [framing], ' '.repeat(300_000));
      await expect
        .poll(async () => (await taken()) + (await rondo.state()).openOps)
        .toBeGreaterThan(0);
      client.leave();
      await expect.poll(async () => (await taken()) + (await rondo.state()).openOps).toBe(0);
    }
  });

  test('gives its memory back in every ending', async () => {
    const large = saying('x'.repeat(2 * 1024 * 1024));
    google.fault({}, 'unavailable', 4);
    expect((await post(rondo, generating('gemini-3.5-flash'), large)).status).toBe(503);
    expect(await taken()).toBe(0);
    google.reset();
    expect((await post(rondo, generating('none-such'), large)).status).toBe(404);
    expect(await taken()).toBe(0);
    expect((await post(rondo, generating(model), { ...large, nonsense: 1 })).status).toBe(400);
    expect(await taken()).toBe(0);
    google.fault({}, { kind: 'cut', after: 0, partial: true });
    await expect((await post(rondo, generating(model), large)).text()).rejects.toThrow();
    expect(await taken()).toBe(0);
    google.fault({}, 'reset');
    await (await post(rondo, generating(model), large)).text();
    expect(await taken()).toBe(0);
    await (await post(rondo, generating(model), large)).text();
    expect(await taken()).toBe(0);
  });

  test('is nobody else’s, even while others come and leave', async () => {
    const hold = google.holdNext({});
    const leaving = new LeavingClient(rondo, saying('secret of the first'), generating(model));
    await hold.reached;
    const others = Array.from({ length: 8 }, (_, index) =>
      post(rondo, generating(model), saying(`number ${index}`)).then((answer) => answer.text()),
    );
    leaving.leave();
    for (const [index, text] of (await Promise.all(others)).entries()) {
      expect(text).toContain(`You said: number ${index}`);
      expect(text).not.toContain('secret');
    }
  });
});

describe('an answer of Google’s', () => {
  const answering = async (answer: (response: ServerResponse) => void): Promise<Rondo> => {
    const server = createServer((request, response) => {
      request.resume();
      request.on('end', () => answer(response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const base = `http://127.0.0.1:${port}`;
    return startRondo({ vars: { ...google.vars(), GEMINI_BASE_URL: base } });
  };

  test('that is a redirect is followed by nobody, and told to nobody', async () => {
    let visits = 0;
    const other = await answering((response) => {
      visits += 1;
      response.writeHead(307, { location: `${google.url}/stolen`, 'set-cookie': 'a=b' });
      response.end();
    });
    const answer = await post(other, generating(model));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.headers.get('location')).toBeNull();
    expect(visits).toBeGreaterThan(0);
    expect(google.calls).toEqual([]);
  });

  test('that is compressed comes as what it says, without fields that are not the client’s', async () => {
    const text = JSON.stringify({ candidates: [] });
    const other = await answering((response) => {
      const headers = { 'content-encoding': 'gzip', 'content-type': 'application/json' };
      response.writeHead(200, { ...headers, 'set-cookie': 'a=b', server: 'x' });
      response.end(gzipSync(text));
    });
    for (const path of [generating(model), generating(model, 'streamGenerateContent')]) {
      const answer = await post(other, path);
      expect(await answer.text()).toBe(text);
      expect(answer.headers.get('set-cookie')).toBeNull();
      expect(answer.headers.get('server')).toBeNull();
    }
  });
});

describe('a client key with a limit of requests', () => {
  const embedding = 'gemini-embedding-001';
  test.each([
    ['POST', generating(model), saying()],
    ['POST', generating(model, 'streamGenerateContent'), saying()],
    ['POST', generating(model, 'countTokens'), saying()],
    ['POST', generating(embedding, 'embedContent'), { content: { parts: [{ text: 'a' }] } }],
    ['POST', generating(embedding, 'batchEmbedContents'), { requests: [] }],
    ['POST', '/v1beta/cachedContents', {}],
    ['POST', '/upload/v1beta/files', {}],
    ['GET', '/v1beta/files', undefined],
    ['GET', '/v1beta/models', undefined],
  ])('is held to it at %s %s', async (method, path, body) => {
    const limits = { requests_per_day: 1 };
    const CLIENT_API_KEYS = [{ name: 'me', key: clientKey, limits }];
    const other = await startRondo({ vars: { ...google.vars(), CLIENT_API_KEYS } });
    const ask = () => (body && method === 'POST' ? post(other, path, body) : get(other, path));
    await (await ask()).text();
    const calls = google.calls.length;
    const answer = await ask();
    expect(answer.status).toBe(429);
    expect(await answer.text()).toContain('RESOURCE_EXHAUSTED');
    expect(google.calls.length).toBe(calls);
  });

  test('of tokens is charged for what embeds too, and not for what is only looked at', async () => {
    const CLIENT_API_KEYS = [{ name: 'me', key: clientKey, limits: { tokens_per_day: 1000 } }];
    const other = await startRondo({ vars: { ...google.vars(), CLIENT_API_KEYS } });
    const left = async (): Promise<number> => {
      const { headers } = await get(other, '/v1beta/models');
      return Number(headers.get('x-ratelimit-remaining-tokens'));
    };
    await (await get(other, '/v1beta/cachedContents')).text();
    expect(await left()).toBe(1000);
    const content = { parts: [{ text: 'some words to embed' }] };
    const answer = await post(other, generating('gemini-embedding-2', 'embedContent'), { content });
    await answer.text();
    await expect.poll(left).toBeLessThan(1000);
  });
});

test('an error tells nothing of a key, in the path or in the query', async () => {
  const error = await refused(get(rondo, `/v1beta/none?key=${clientKey}`));
  expect(JSON.stringify(error)).not.toContain(clientKey);
  expect(rondo.logs.join('\n')).not.toContain(clientKey);
});

test('an address that only Google’s front end knows nothing of is told in Google’s shape', async () => {
  const error = await refused(post(rondo, '/v1beta/files:none', {}));
  expect(error).toMatchObject({ code: 404, status: 'NOT_FOUND' });
  expect(callsOf(google)).toEqual([]);
});
