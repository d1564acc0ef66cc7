import { describe, expect, it } from 'vitest';
import { flash, hello, whole } from './samples.ts';
import {
  askGemini,
  askVertex,
  assertion,
  errorOf,
  jwtBearer,
  post,
  read,
  start,
  tokenOf,
  vertexUrl,
} from './support.ts';

function reasonOf(answer: Awaited<ReturnType<typeof read>>): unknown {
  const { details } = errorOf(answer);
  const infos = Array.isArray(details) ? (details as { reason?: string }[]) : [];
  return infos.find((detail) => detail.reason)?.reason;
}

describe('Vertex', () => {
  it('answers a bearer token that the stub minted', async () => {
    const stub = await start();
    const answer = await read(await askVertex(stub, stub.addServiceAccount()));
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('You said: Hello, world');
    expect(answer.text).toContain('"trafficType": "ON_DEMAND"');
    expect(answer.json.createTime).toMatch(/^\d{4}-.*Z$/);
  });

  it('refuses a call without a credential', async () => {
    const stub = await start();
    const answer = await read(await post(vertexUrl(stub, 'p', whole), {}));
    expect([answer.status, reasonOf(answer)]).toEqual([401, 'CREDENTIALS_MISSING']);
    expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  });

  it('refuses a token that nobody minted', async () => {
    const stub = await start();
    const headers = { authorization: 'Bearer ya29.guess' };
    const answer = await read(await post(vertexUrl(stub, 'p', whole), { headers }));
    expect([answer.status, reasonOf(answer)]).toEqual([401, 'ACCESS_TOKEN_TYPE_UNSUPPORTED']);
  });

  it('refuses a token from the second it expires', async () => {
    const now = Date.now();
    const stub = await start({ now: () => now });
    const account = stub.addServiceAccount();
    const headers = { authorization: `Bearer ${await tokenOf(stub, account)}` };
    const ask = async () => read(await askVertex(stub, account, whole, { headers }));
    stub.advance(3_598_999);
    expect((await ask()).status).toBe(200);
    stub.advance(1);
    const late = await ask();
    expect([late.status, reasonOf(late)]).toEqual([401, 'ACCESS_TOKEN_EXPIRED']);
  });

  it('refuses a revoked token, and takes the next one', async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    const headers = { authorization: `Bearer ${await tokenOf(stub, account)}` };
    stub.revokeTokens(account);
    expect((await askVertex(stub, account, whole, { headers })).status).toBe(401);
    expect((await askVertex(stub, account)).status).toBe(200);
  });

  it('refuses an API key', async () => {
    const stub = await start();
    const headers = { 'x-goog-api-key': stub.addApiKey().apiKey };
    expect((await post(vertexUrl(stub, 'p', whole), { headers })).status).toBe(401);
  });

  it('refuses a project that the account has no role in', async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    const headers = { authorization: `Bearer ${await tokenOf(stub, account)}` };
    const url = vertexUrl(stub, 'elsewhere', whole);
    const answer = await read(await post(url, { headers }));
    expect([answer.status, reasonOf(answer)]).toEqual([403, 'IAM_PERMISSION_DENIED']);
    expect(errorOf(answer).message).toContain(
      `/projects/elsewhere/locations/global/publishers/google/models/${flash}'`,
    );
    account.projects.add('elsewhere');
    expect((await post(url, { headers })).status).toBe(200);
  });

  it('refuses a foreign project in x-goog-user-project', async () => {
    const stub = await start();
    const headers = { 'x-goog-user-project': 'elsewhere' };
    const account = stub.addServiceAccount();
    const answer = await read(await askVertex(stub, account, whole, { headers }));
    expect([answer.status, reasonOf(answer)]).toEqual([403, 'USER_PROJECT_DENIED']);
  });

  it('refuses a token without the cloud scope', async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    const { json } = await jwtBearer(stub, assertion(account, { scope: 'openid' }));
    const headers = { authorization: `Bearer ${json.access_token}` };
    const answer = await read(await askVertex(stub, account, whole, { headers }));
    expect([answer.status, reasonOf(answer)]).toEqual([403, 'ACCESS_TOKEN_SCOPE_INSUFFICIENT']);
  });

  it('tells suspended, disabled and role-less apart', async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    const reason = async () => reasonOf(await read(await askVertex(stub, account)));
    stub.removeRole(account);
    expect(await reason()).toBe('IAM_PERMISSION_DENIED');
    stub.disableApi(account.project);
    expect(await reason()).toBe('SERVICE_DISABLED');
    stub.suspend(account);
    expect(await reason()).toBe('CONSUMER_SUSPENDED');
    stub.restore(account);
    stub.enableApi(account.project);
    expect(await reason()).toBeUndefined();
  });

  it('does not know Gemini 4 in a region', async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    const headers = { authorization: `Bearer ${await tokenOf(stub, account)}` };
    const status = async (location: string, id: string): Promise<number> => {
      const url = vertexUrl(stub, account.project, `${id}:generateContent`);
      return (await post(url.replace('global', location), { headers })).status;
    };
    expect(await status('us-central1', 'gemini-4-argon')).toBe(404);
    expect(await status('us-central1', flash)).toBe(200);
    expect(await status('eu', 'gemini-4-argon')).toBe(200);
  });

  it('says in its own words that there is no such model', async () => {
    const stub = await start();
    const call = 'gemini-0:generateContent';
    const answer = await read(await askVertex(stub, stub.addServiceAccount(), call));
    expect(answer.status).toBe(404);
    expect(errorOf(answer).message).toMatch(/^Publisher Model `projects\/sim-project-1\//);
  });

  it('lists its publisher models page by page to who has a token', async () => {
    const stub = await start();
    const url = `${stub.url}/v1beta1/publishers/google/models`;
    expect((await fetch(url)).status).toBe(401);
    const token = await tokenOf(stub, stub.addServiceAccount());
    const headers = { authorization: `Bearer ${token}` };
    const page = await read(await fetch(`${url}?pageSize=2`, { headers }));
    expect(page.json.publisherModels).toMatchObject([
      { name: 'publishers/google/models/gemini-2.5-flash' },
      { name: 'publishers/google/models/gemini-2.5-flash-lite' },
    ]);
    expect(page.json.nextPageToken).toEqual(expect.any(String));
  });
});

describe('the Gemini API', () => {
  it('answers an API key', async () => {
    const stub = await start();
    expect((await askGemini(stub, stub.addApiKey())).status).toBe(200);
  });

  it('answers a bad key with 400, not 401', async () => {
    const stub = await start();
    const headers = { 'x-goog-api-key': 'guess' };
    const answer = await read(await askGemini(stub, stub.addApiKey(), whole, { headers }));
    expect([answer.status, reasonOf(answer)]).toEqual([400, 'API_KEY_INVALID']);
  });

  it('answers a revoked key with 400', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    stub.revoke(account);
    const answer = await read(await askGemini(stub, account));
    expect(errorOf(answer).message).toBe('API key expired. Please renew the API key.');
  });

  it('refuses a key in the URL, though Google takes it', async () => {
    const stub = await start();
    const { apiKey } = stub.addApiKey();
    const url = `${stub.url}/v1beta/models/${whole}?key=${apiKey}`;
    const answer = await read(await post(url, { headers: { 'x-goog-api-key': apiKey } }));
    expect(answer.status).toBe(400);
    expect(errorOf(answer).message).toMatch(/^GOOGLE STUB/);
  });

  it('refuses a call without a credential with 403', async () => {
    const stub = await start();
    const url = `${stub.url}/v1beta/models/${whole}`;
    expect((await post(url, {})).status).toBe(403);
  });

  it("asks for a quota project beside a user's own token", async () => {
    const stub = await start();
    const account = stub.addAuthorizedUser();
    const authorization = `Bearer ${await tokenOf(stub, account)}`;
    const url = `${stub.url}/v1beta/models/${whole}`;
    expect((await post(url, { headers: { authorization } })).status).toBe(403);
    const headers = { authorization, 'x-goog-user-project': account.project };
    expect((await post(url, { headers })).status).toBe(200);
  });

  it('says in its own words that there is no such model', async () => {
    const stub = await start();
    const answer = await read(await askGemini(stub, stub.addApiKey(), 'gemini-0:generateContent'));
    expect(answer.status).toBe(404);
    expect(errorOf(answer).message).toMatch(
      /^models\/gemini-0 is not found for API version v1beta/,
    );
  });

  it('refuses x-goog-user-project beside an API key, even its own', async () => {
    const stub = await start();
    const account = stub.addApiKey();
    const headers = { 'x-goog-user-project': account.project };
    const answer = await read(await askGemini(stub, account, whole, { headers }));
    expect([answer.status, reasonOf(answer)]).toEqual([403, 'USER_PROJECT_DENIED']);
  });

  it('lists every model once over all pages', async () => {
    const stub = await start();
    const headers = { 'x-goog-api-key': stub.addApiKey().apiKey };
    const names: string[] = [];
    let token = '';
    do {
      const url = `${stub.url}/v1beta/models?pageSize=5&pageToken=${token}`;
      const { json } = await read(await fetch(url, { headers }));
      names.push(...(json.models as { name: string }[]).map(({ name }) => name));
      token = String(json.nextPageToken ?? '');
    } while (token !== '');
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining([`models/${flash}`, 'models/gemini-embedding-2']));
  });

  it('refuses a page token that it did not give', async () => {
    const stub = await start();
    const headers = { 'x-goog-api-key': stub.addApiKey().apiKey };
    const url = `${stub.url}/v1beta/models?pageToken=guess`;
    expect((await fetch(url, { headers })).status).toBe(400);
  });

  it('shows a single model', async () => {
    const stub = await start();
    const headers = { 'x-goog-api-key': stub.addApiKey().apiKey };
    const show = async (id: string) =>
      read(await fetch(`${stub.url}/v1beta/models/${id}`, { headers }));
    expect((await show(flash)).json).toMatchObject({ name: `models/${flash}`, thinking: true });
    expect((await show('gemini-embedding-2')).json).not.toHaveProperty('thinking');
    expect((await show('gemini-0')).status).toBe(404);
  });
});

describe('elsewhere', () => {
  it('answers unknown paths, methods and verbs with a page, not JSON', async () => {
    const stub = await start();
    const headers = { 'x-goog-api-key': stub.addApiKey().apiKey };
    const paths = ['/', '/v2/models', `/v1beta/models/${flash}:invent`];
    for (const path of paths) {
      const answer = await read(await post(stub.url + path, { headers, body: hello }));
      expect(answer.status).toBe(404);
      expect(answer.headers.get('content-type')).toContain('text/html');
    }
    const put = await fetch(`${stub.url}/token`, { method: 'PUT' });
    expect(put.status).toBe(404);
  });

  it('refuses a query parameter that the method does not have', async () => {
    const stub = await start();
    const answer = await read(await askGemini(stub, stub.addApiKey(), `${whole}?stream=true`));
    expect(errorOf(answer).message).toContain(
      'Unknown name "stream": Cannot bind query parameter.',
    );
  });
});
