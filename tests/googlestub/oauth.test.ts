import { createSign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Account } from '../../scripts/googlestub/accounts.ts';
import {
  askVertex,
  assertion,
  base64url,
  jwtBearer,
  postForm,
  read,
  refreshForm,
  start,
} from './support.ts';

const seconds = (): number => Math.floor(Date.now() / 1000);

describe('a JWT bearer grant', () => {
  it('mints a token for a well-made assertion', async () => {
    const stub = await start();
    const answer = await jwtBearer(stub, assertion(stub.addServiceAccount()));
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ expires_in: 3599, token_type: 'Bearer' });
    expect(answer.json.access_token).toMatch(/^ya29\./);
  });

  it.each<[fault: string, claims: object, header: object]>([
    ['names another audience', { aud: 'https://example.com/token' }, {}],
    ['lives longer than an hour', { exp: seconds() + 7200 }, {}],
    ['has expired', { iat: seconds() - 3700, exp: seconds() - 100 }, {}],
    ['was issued in the future', { iat: seconds() + 900, exp: seconds() + 1800 }, {}],
    ['has times that are no integers', { iat: seconds() - 0.5 }, {}],
    ['has times as strings', { iat: String(seconds()) }, {}],
    ['comes from an unknown account', { iss: 'nobody@sim.example' }, {}],
    ['acts for somebody else', { sub: 'boss@sim.example' }, {}],
    ['names another key', {}, { kid: 'other' }],
    ['names another algorithm', {}, { alg: 'RS512' }],
  ])('is refused when the assertion %s', async (_fault, claims, header) => {
    const stub = await start();
    const account = stub.addServiceAccount();
    const answer = await jwtBearer(stub, assertion(account, claims, header));
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('is refused when another key signed the assertion', async () => {
    const stub = await start();
    const [account, other] = stub.addServiceAccounts(2) as [Account, Account];
    const claims = { iss: account.email };
    const answer = await jwtBearer(stub, assertion(other, claims));
    expect(answer.json.error_description).toBe('Invalid JWT Signature.');
  });

  it('is refused when the signature is padded base64', async () => {
    const stub = await start();
    const jwt = `${assertion(stub.addServiceAccount())}==`;
    expect((await jwtBearer(stub, jwt)).status).toBe(400);
  });

  it('is refused when a claim was changed after signing', async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    const [head, , signature] = assertion(account).split('.');
    const claims = { iss: account.email, scope: 'openid', iat: seconds(), exp: seconds() + 60 };
    const answer = await jwtBearer(stub, `${head}.${base64url(claims)}.${signature}`);
    expect(answer.json.error_description).toBe('Invalid JWT Signature.');
  });

  it.each(['', 'cloud-platform', 'https://example.com/auth/cloud-platform'])(
    'is refused for the scope "%s"',
    async (scope) => {
      const stub = await start();
      const answer = await jwtBearer(stub, assertion(stub.addServiceAccount(), { scope }));
      expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_scope' } });
    },
  );

  it('takes the audience of the key file or the one it was told', async () => {
    const stub = await start({ audience: 'https://sim.example/token' });
    const account = stub.addServiceAccount({ tokenUri: 'https://key.example/token' });
    const status = async (aud: string): Promise<number> =>
      (await jwtBearer(stub, assertion(account, { aud }))).status;
    expect(await status('https://sim.example/token')).toBe(200);
    expect(await status('https://key.example/token')).toBe(200);
    expect(await status('https://oauth2.googleapis.com/token')).toBe(400);
  });

  it('is refused for a revoked account, and granted again once it is restored', async () => {
    const stub = await start();
    const account = stub.addServiceAccount();
    stub.revoke(account);
    const refused = await jwtBearer(stub, assertion(account));
    expect(refused).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
    stub.restore(account.name);
    expect((await jwtBearer(stub, assertion(account))).status).toBe(200);
  });
});

describe('a refresh grant', () => {
  it('mints a token for the right client and refresh token', async () => {
    const stub = await start();
    for (const account of [stub.addAuthorizedUser(), stub.addOAuthTokens()]) {
      const answer = await postForm(stub, refreshForm(account));
      expect(answer.json).toMatchObject({ expires_in: 3599, token_type: 'Bearer' });
      expect(answer.json.scope).toContain('cloud-platform');
    }
  });

  it.each<[fault: string, change: Record<string, string>, status: number, error: string]>([
    ['the client is unknown', { client_id: 'nobody' }, 401, 'invalid_client'],
    ['the secret is wrong', { client_secret: 'guess' }, 401, 'invalid_client'],
    ['the client is missing', { client_id: '' }, 400, 'invalid_request'],
    ['the refresh token is unknown', { refresh_token: '1//0guess' }, 400, 'invalid_grant'],
    ['the refresh token is missing', { refresh_token: '' }, 400, 'invalid_request'],
    ['the grant is of no known type', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['the grant type is missing', { grant_type: '' }, 400, 'invalid_request'],
  ])('is refused when %s', async (_fault, change, status, error) => {
    const stub = await start();
    const form = { ...refreshForm(stub.addAuthorizedUser()), ...change };
    expect(await postForm(stub, form)).toMatchObject({ status, json: { error } });
  });

  it('is refused when another client issued the refresh token', async () => {
    const stub = await start();
    const tokens = stub.addOAuthTokens();
    const form = { ...refreshForm(stub.addAuthorizedUser()) };
    const answer = await postForm(stub, { ...form, refresh_token: tokens.refreshToken });
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_grant' } });
  });

  it('is refused when the form does not say that it is one', async () => {
    const stub = await start();
    const body = new URLSearchParams(refreshForm(stub.addAuthorizedUser())).toString();
    const headers = { 'content-type': 'application/json' };
    const answer = await read(await fetch(stub.tokenUrl, { method: 'POST', headers, body }));
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
  });

  it('is refused when a parameter comes twice', async () => {
    const stub = await start();
    const body = new URLSearchParams(refreshForm(stub.addAuthorizedUser()));
    body.append('client_id', 'another');
    const answer = await read(await fetch(stub.tokenUrl, { method: 'POST', body }));
    expect(answer).toMatchObject({ status: 400, json: { error: 'invalid_request' } });
  });

  it('says that a revoked token was revoked', async () => {
    const stub = await start();
    const account = stub.addAuthorizedUser();
    stub.revoke(account);
    const { json } = await postForm(stub, refreshForm(account));
    expect(json.error_description).toBe('Token has been expired or revoked.');
  });
});

describe('credentials', () => {
  it('have the shapes of the files that Google and its tools write', async () => {
    const stub = await start();
    const service = stub.addServiceAccount({ extra: { alias: 'first' } });
    expect(JSON.parse(service.secret)).toMatchObject({
      type: 'service_account',
      project_id: 'sim-project-1',
      token_uri: 'https://oauth2.googleapis.com/token',
      alias: 'first',
    });
    expect(service.json?.private_key).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    const tokens = stub.addOAuthTokens({ withAccessToken: true });
    expect(Object.keys(tokens.json ?? {})).toEqual(
      expect.arrayContaining(['refresh_token', 'access_token', 'expiry_date']),
    );
    expect(tokens.json).not.toHaveProperty('client_id');
  });

  it('are all different', async () => {
    const stub = await start();
    const [one, other] = stub.addServiceAccounts(2) as [Account, Account];
    expect(one.keyId).not.toBe(other.keyId);
    expect(one.project).not.toBe(other.project);
  });

  it('become numbered variables beside the addresses', async () => {
    const stub = await start();
    const [service, tokens] = [stub.addServiceAccount(), stub.addOAuthTokens()];
    expect(stub.vars()).toMatchObject({
      VERTEX_BASE_URL: stub.url,
      GEMINI_BASE_URL: stub.url,
      OAUTH_TOKEN_URL: `${stub.url}/token`,
      GCP_SERVICE_ACCOUNT_1: service.secret,
      GCP_SERVICE_ACCOUNT_2: tokens.secret,
      OAUTH_CLIENT_ID: tokens.clientId,
      GOOGLE_CLOUD_PROJECT: 'sim-project-2',
    });
  });

  it('with an access token inside work without a grant until it expires', async () => {
    let now = Date.now();
    const stub = await start({ now: () => now });
    const account = stub.addOAuthTokens({ withAccessToken: true });
    const headers = { authorization: `Bearer ${account.json?.access_token}` };
    const status = async (): Promise<number> =>
      (await askVertex(stub, account, undefined, { headers })).status;
    expect(await status()).toBe(200);
    now = Number(account.json?.expiry_date);
    expect(await status()).toBe(401);
  });
});

it('judges the times of a JWT by the clock that advance does not move', async () => {
  const stub = await start();
  stub.advance(7_200_000);
  const account = stub.addServiceAccount();
  expect((await jwtBearer(stub, assertion(account))).status).toBe(200);
});

it('refuses an assertion whose signature is no RSA signature', async () => {
  const stub = await start();
  const account = stub.addServiceAccount();
  const [head, body] = assertion(account).split('.');
  const signature = createSign('RSA-SHA512')
    .update(`${head}.${body}`)
    .sign(String(account.json?.private_key), 'base64url');
  expect((await jwtBearer(stub, `${head}.${body}.${signature}`)).status).toBe(400);
});
