import { beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import {
  ask,
  askTimes,
  callsOf,
  failed,
  model,
  otherModel,
  served,
  tokenCalls,
  told,
} from '../support/chat.ts';
import { generating, post, refused } from '../support/native.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let google: GoogleStub;

beforeEach(async () => {
  google = await startGoogle();
});

/** Addresses without credentials, to put them where a test wants them. */
const addresses = () => google.vars([]);

describe('several credentials', () => {
  test('take turns, in their order, each as often as the others', async () => {
    google.addServiceAccounts(3);
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 6);
    const [one, two, three] = google.accounts.map(({ name }) => name);
    expect(served(google)).toEqual([one, two, three, one, two, three]);
  });

  test('take turns for each model on its own', async () => {
    google.addServiceAccounts(3);
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 2);
    await askTimes(rondo, 1, ask('Hello', { model: otherModel }));
    await askTimes(rondo, 1);
    await askTimes(rondo, 1, ask('Hello', { model: otherModel }));
    const [one, two, three] = google.accounts.map(({ name }) => name);
    expect(served(google, { model })).toEqual([one, two, three]);
    expect(served(google, { model: otherModel })).toEqual([one, two]);
  });

  test('stand in the order of their numbers, gaps and all, the unnumbered first', async () => {
    const [one, two, three] = google.addServiceAccounts(3);
    const vars = {
      ...addresses(),
      GCP_SERVICE_ACCOUNT_10: three?.secret ?? '',
      GCP_SERVICE_ACCOUNT_2: two?.secret ?? '',
      GCP_SERVICE_ACCOUNT: one?.secret ?? '',
    };
    const rondo = await startRondo({ vars });
    await askTimes(rondo, 3);
    expect(served(google)).toEqual([one?.name, two?.name, three?.name]);
  });

  test('may come packed in one array, after the numbered ones', async () => {
    const [one, two, three] = google.addServiceAccounts(3);
    const vars = {
      ...addresses(),
      GCP_SERVICE_ACCOUNTS: JSON.stringify([two?.json, three?.secret]),
      GCP_SERVICE_ACCOUNT_7: one?.secret ?? '',
    };
    const rondo = await startRondo({ vars });
    await askTimes(rondo, 3);
    expect(served(google)).toEqual([one?.name, two?.name, three?.name]);
  });

  test('of every kind serve side by side', async () => {
    google.addServiceAccount();
    google.addAuthorizedUser();
    google.addOAuthTokens({ project: 'sim-oauth', extra: { project_id: 'sim-oauth' } });
    google.addApiKey();
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 4);
    expect(callsOf(google).map(({ credentialKind }) => credentialKind)).toEqual([
      'service_account',
      'authorized_user',
      'oauth_tokens',
      'api_key',
    ]);
  });

  test('with a list of models serve these alone', async () => {
    google.addServiceAccount({ extra: { models: ['gemini-2.5-*'] } });
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 2);
    await askTimes(rondo, 1, ask('Hello', { model: otherModel }));
    expect(served(google)).toEqual(['sim-account-2', 'sim-account-2', 'sim-account-1']);
  });
});

describe('an answer names its credential', () => {
  test('by the alias', async () => {
    google.addServiceAccount({ extra: { alias: 'the blue one' } });
    const rondo = await startRondo({ vars: google.vars() });
    const answer = await rondo.chat(ask());
    expect(answer.headers.get('x-rondo-credential')).toBe('the blue one');
    await answer.text();
  });

  test('by the id where there is no alias, never by the e-mail', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    const answer = await rondo.chat(ask());
    const name = answer.headers.get('x-rondo-credential');
    expect(name).toMatch(/^[0-9a-f]{16}$/);
    expect(await rondo.kv().then(Object.keys)).toEqual([`token:v1:${name}`]);
    expect(rondo.logs.join('\n')).not.toContain(google.accounts[0]?.email);
    await answer.text();
  });
});

describe('a service account', () => {
  test('is served by Vertex AI, in its own project', async () => {
    const account = google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
    expect(callsOf(google)[0]).toMatchObject({
      backend: 'vertex',
      project: account.project,
      location: 'global',
      method: 'generateContent',
    });
    expect(callsOf(google)[0]?.headers['x-goog-user-project']).toBeUndefined();
  });

  test('takes part although the newlines of its key came escaped', async () => {
    const account = google.addServiceAccount();
    const json = {
      ...account.json,
      private_key: String(account.json?.private_key).replaceAll('\n', '\\n'),
    };
    const vars = { ...addresses(), GCP_SERVICE_ACCOUNT_1: JSON.stringify(json) };
    const rondo = await startRondo({ vars });
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
  });

  test('may be given as JSON instead of text', async () => {
    const account = google.addServiceAccount();
    const vars = { ...addresses(), GCP_SERVICE_ACCOUNT_1: account.json };
    const rondo = await startRondo({ vars });
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
  });

  test('may call another location and another project', async () => {
    const account = google.addServiceAccount({
      extra: { project_id: 'sim-elsewhere', location: 'europe-west4' },
    });
    account.projects.add('sim-elsewhere');
    const rondo = await startRondo({ vars: google.vars() });
    await told(rondo.chat(ask('Hello', { model: otherModel })));
    expect(callsOf(google)[0]).toMatchObject({
      project: 'sim-elsewhere',
      location: 'europe-west4',
    });
  });
});

describe("an authorized user's file", () => {
  test('is turned into tokens by its refresh token, and bills its quota project', async () => {
    const account = google.addAuthorizedUser();
    const rondo = await startRondo({ vars: google.vars() });
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
    const [token] = google.calls.filter(({ kind }) => kind === 'token');
    expect(token).toMatchObject({
      method: 'refresh_token',
      body: { refresh_token: account.refreshToken, client_id: account.clientId },
    });
    expect(callsOf(google)[0]?.headers['x-goog-user-project']).toBe(account.project);
  });
});

describe('OAuth tokens', () => {
  test('serve with the access token they came with, as long as it is valid', async () => {
    google.addOAuthTokens({ withAccessToken: true });
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 2);
    expect(tokenCalls(google)).toBe(0);
  });

  test('are refreshed once that is about to expire', async () => {
    // Given for an hour, 59 minutes and a half ago: less is left than a call may take.
    const earlier = await startGoogle({ now: () => Date.now() - 59.5 * 60_000 });
    earlier.addOAuthTokens({ withAccessToken: true });
    earlier.advance(59.5 * 60_000);
    const rondo = await startRondo({ vars: earlier.vars() });
    await askTimes(rondo, 2);
    expect(tokenCalls(earlier)).toBe(1);
  });

  test('are refreshed once that is refused', async () => {
    const account = google.addOAuthTokens({ withAccessToken: true });
    const rondo = await startRondo({ vars: google.vars() });
    google.revokeTokens(account);
    await askTimes(rondo, 2);
    expect(tokenCalls(google)).toBe(1);
    expect(served(google)).toHaveLength(3);
  });

  test('are refreshed with the client pair inside, else with the one of the variables', async () => {
    google.addOAuthTokens({ project: 'sim-shared', ownClient: true });
    google.addOAuthTokens({ project: 'sim-shared' });
    const { OAUTH_CLIENT_ID: id = '' } = google.vars();
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 2);
    const tokens = google.calls.filter(({ kind }) => kind === 'token');
    expect(tokens.map(({ status }) => status)).toEqual([200, 200]);
    expect(tokens.map(({ body }) => (body as { client_id: string }).client_id)).toEqual([id, id]);
  });
});

describe('an API key', () => {
  test('goes into a header of the Gemini API, never into a URL, and needs no token', async () => {
    const account = google.addApiKey();
    const rondo = await startRondo({ vars: google.vars() });
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
    const [call] = callsOf(google);
    expect(call).toMatchObject({ backend: 'gemini', credential: account.name });
    expect(call?.headers['x-goog-api-key']).toBe(account.apiKey);
    expect(call?.path).toBe(`/v1beta/models/${model}:generateContent`);
    expect(tokenCalls(google)).toBe(0);
    expect(await rondo.kv()).toEqual({});
  });

  test('may come as JSON, with an alias', async () => {
    google.addApiKey({ extra: { alias: 'key one' } });
    const rondo = await startRondo({ vars: google.vars() });
    const answer = await rondo.chat(ask());
    expect(answer.headers.get('x-rondo-credential')).toBe('key one');
    await answer.text();
  });
});

describe('a broken slot', () => {
  const marker = 'NOT-FOR-THE-LOG';
  // What the slot holds, and what is wrong with it.
  const broken: [object | string, RegExp][] = [
    [`{"type": "${marker}`, /JSON/],
    [{ type: 'service_account', client_email: marker }, /private_key/],
    [
      {
        type: 'service_account',
        client_email: marker,
        private_key_id: marker,
        private_key: marker,
      },
      /private_key/,
    ],
    [{ type: marker, api_key: marker }, /type/],
    [{ type: 'external_account', audience: marker }, /external_account/],
    [{ access_token: marker }, /refresh_token/],
  ];
  const variableOf = (index: number): string => `GCP_SERVICE_ACCOUNT_${index + 5}`;

  async function startWithAll(): Promise<Rondo> {
    google.addServiceAccount();
    const slots = broken.map(([value], index) => [
      variableOf(index),
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    const rondo = await startRondo({ vars: { ...google.vars(), ...Object.fromEntries(slots) } });
    await askTimes(rondo, 2);
    return rondo;
  }

  test('is skipped, and stops no other', async () => {
    await startWithAll();
    expect(served(google)).toEqual(['sim-account-1', 'sim-account-1']);
  });

  test('is reported with its variable and what is wrong, whatever that is', async () => {
    const rondo = await startWithAll();
    const expected = broken.map(([, fault], index) =>
      expect.objectContaining({
        level: 'warn',
        variable: variableOf(index),
        fault: expect.stringMatching(fault),
      }),
    );
    await expect.poll(() => rondo.events('credential_skipped')).toEqual(expected);
  });

  test('is reported without any of its content', async () => {
    const rondo = await startWithAll();
    await expect.poll(() => rondo.events('credential_skipped')).toHaveLength(broken.length);
    expect(rondo.logs.join('\n')).not.toContain(marker);
  });

  test('inside the array is named by its place', async () => {
    const account = google.addServiceAccount();
    const vars = {
      ...addresses(),
      GCP_SERVICE_ACCOUNTS: JSON.stringify([{ type: 'x' }, account.json]),
    };
    const rondo = await startRondo({ vars });
    await askTimes(rondo, 1);
    await expect
      .poll(() => rondo.events('credential_skipped'))
      .toEqual([expect.objectContaining({ variable: 'GCP_SERVICE_ACCOUNTS[0]' })]);
  });
});

describe('no credential at all', () => {
  test('is answered with 503 no_credentials, after a warning', async () => {
    const rondo = await startRondo();
    const { status, error } = await failed(rondo.chat(ask()));
    expect(status).toBe(503);
    expect(error).toMatchObject({ type: 'server_error', code: 'no_credentials' });
    expect(error.message).toContain('GCP_SERVICE_ACCOUNT_1');
    await expect
      .poll(() => rondo.events('no_credentials'))
      .toEqual([expect.objectContaining({ level: 'warn' })]);
  });
});

describe('a key of Vertex AI', () => {
  const express = { extra: { backend: 'vertex' } };

  test('answers chats, streams, counts and embeddings by paths without a project', async () => {
    google.addApiKey(express);
    const rondo = await startRondo({ vars: google.vars() });
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
    const streamed = await rondo.chat(ask('Hi', { stream: true }));
    expect(await streamed.text()).toContain('[DONE]');
    const asked = { model: 'gemini-embedding-001', input: 'one' };
    expect((await post(rondo, '/v1/embeddings', asked)).status).toBe(200);
    expect((await post(rondo, generating(model, 'countTokens'))).status).toBe(200);
    for (const { path } of google.calls)
      expect(path).toMatch(/^\/v1(beta1)?\/publishers\/google\//);
    expect(google.calls.map(({ status }) => status)).not.toContain(401);
  });

  test('is left alone by what belongs to a project, which service accounts have', async () => {
    google.addApiKey(express);
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    const path = '/v1/projects/any/locations/any/endpoints/openapi/chat/completions';
    for (let time = 0; time < 3; time += 1) {
      const asked = ask('Hello', { model: `google/${model}` });
      expect((await post(rondo, path, asked)).status).toBe(200);
    }
    expect(google.calls.map(({ status }) => status)).not.toContain(401);
  });

  test('is not taken for one that has a project, by what says who is missing', async () => {
    google.addApiKey(express);
    const rondo = await startRondo({ vars: google.vars() });
    const places = '/v1/projects/any/locations/any';
    for (const path of [
      `${places}/cachedContents`,
      `${places}/endpoints/openapi/chat/completions`,
    ]) {
      const error = await refused(post(rondo, path, ask()));
      expect(error).toMatchObject({ code: 400, status: 'INVALID_ARGUMENT' });
      expect(error.message).toContain('needs a credential of Vertex AI with a project');
    }
    expect(google.calls).toEqual([]);
  });
});
