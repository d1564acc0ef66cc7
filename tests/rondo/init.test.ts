import { createHash } from 'node:crypto';
import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { secretsOf } from '../support/secrets.ts';
import { operatorStub, place } from './support.ts';

const clientKey = /rondo-client-[\w-]+/;
const adminKey = /rondo-admin-[\w-]+/;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const served = { 'POST /v1/chat/completions': {}, 'GET /health': {} };

it('writes a tried credential and digests of keys that are shown once', async () => {
  const here = await place();
  const file = here.file('key.json', here.google.addServiceAccount().secret);
  const { code, out, err } = await here.rondo('init', file);
  expect(err).toBe('');
  expect(code).toBe(0);
  const vars = parseEnv(here.read('.dev.vars'));
  const key = clientKey.exec(out)?.[0] ?? '';
  expect(JSON.parse(vars.CLIENT_API_KEYS ?? '')).toEqual([{ name: 'first', sha256: sha256(key) }]);
  expect(vars.ADMIN_API_KEY).toBe(adminKey.exec(out)?.[0]);
  expect(here.mode('.dev.vars')).toBe(0o600);
  const calls = here.google.calls.map((call) => call.kind);
  expect(calls).toEqual(['token', 'generate']);
});

it('keeps only what Rondo reads of a key file', async () => {
  const here = await place();
  await here.rondo('init', here.file('key.json', here.google.addServiceAccount().secret));
  const document = JSON.parse(parseEnv(here.read('.dev.vars')).GCP_SERVICE_ACCOUNT_1 ?? '');
  expect(Object.keys(document).sort()).toEqual([
    'alias',
    'client_email',
    'private_key',
    'private_key_id',
    'project_id',
    'type',
  ]);
});

it('keeps what .dev.vars held', async () => {
  const here = await place();
  here.file('.dev.vars', '# mine\nLOG_LEVEL=debug\nCLIENT_API_KEYS=old-key');
  const file = here.file('key.json', here.google.addServiceAccount().secret);
  const { out } = await here.rondo('init', file);
  expect(here.read('.dev.vars')).toMatch(/^# mine\nLOG_LEVEL=debug\nCLIENT_API_KEYS=old-key\n/);
  expect(out).not.toMatch(clientKey);
});

it('adds nothing when it runs again', async () => {
  const here = await place();
  const file = here.file('key.json', here.google.addServiceAccount().secret);
  await here.rondo('init', file);
  const before = here.read('.dev.vars');
  const { code, out } = await here.rondo('init', file);
  expect(code).toBe(0);
  expect(out).toContain('0 new, 1 that were there');
  expect(here.read('.dev.vars')).toBe(before);
});

it.each(['GOOGLE_APPLICATION_CREDENTIALS', 'HOME', 'APPDATA'])('finds a file by %s', async (by) => {
  const here = await place();
  const { mkdirSync } = await import('node:fs');
  const folder = { HOME: '.config/gcloud', APPDATA: 'gcloud' }[by] ?? '.';
  mkdirSync(`${here.folder}/${folder}`, { recursive: true });
  const name = `${folder}/application_default_credentials.json`;
  const path = here.file(name, here.google.addAuthorizedUser().secret);
  if (by !== 'HOME') here.env[by] = by === 'APPDATA' ? here.folder : path;
  const { code, out } = await here.rondo('init');
  expect(out).toContain('authorized_user');
  expect(code).toBe(0);
});

it.each([
  ['empty', '', 'is empty'],
  ['no JSON', '{"type": "service', 'is neither JSON nor an API key'],
  ['an array', '[1]', 'not an object'],
  ['federated', '{"type":"external_account"}', 'external_account, which Rondo does not support'],
  ['an OAuth client', '{"installed":{}}', 'is an OAuth client'],
  ['without a key', '{"type":"service_account"}', 'lacks client_email'],
  [
    'for a stranger',
    '{"refresh_token":"1//canary","token_uri":"https://evil.example/"}',
    'token_uri',
  ],
])('says what is wrong with a file that is %s', async (_, text, fault) => {
  const here = await place();
  const { code, out, err } = await here.rondo('init', here.file('key.json', text));
  expect(code).toBe(1);
  expect(out).toContain(fault);
  expect(out + err).not.toContain('canary');
  expect(here.google.calls).toEqual([]);
});

it('refuses a credential that Google gives no token for, and says what to do', async () => {
  const here = await place();
  const account = here.google.addServiceAccount();
  here.google.revoke(account);
  const { code, out } = await here.rondo('init', here.file('key.json', account.secret));
  expect(code).toBe(1);
  expect(out).toMatch(/gave no token.*account not found/);
  expect(out).toContain('make a new key');
});

it('names the role that an account lacks', async () => {
  const here = await place();
  const account = here.google.addServiceAccount();
  here.google.removeRole(account);
  const { out } = await here.rondo('init', here.file('key.json', account.secret));
  expect(out).toContain('roles/aiplatform.user');
});

it('refuses what is too large for a variable', async () => {
  const here = await place();
  const extra = { models: ['x'.repeat(5000)] };
  const { secret } = here.google.addServiceAccount({ extra });
  const { code, out } = await here.rondo('init', here.file('key.json', secret));
  expect(code).toBe(1);
  expect(out).toContain('is too large');
});

it('deploys, sets the secrets and calls what it deployed', async () => {
  const here = await place();
  const { url, asked } = await operatorStub(served);
  here.env.RONDO_DEPLOYED_URL = url;
  const file = here.file('key.json', here.google.addServiceAccount().secret);
  const { code, out, err } = await here.rondo('init', file, '--deploy');
  expect(err).toBe('');
  expect(code).toBe(0);
  const { calls, secrets } = here.cloud;
  expect(calls.map(({ args }) => args.join(' '))).toEqual([
    'deploy',
    'secret list --format json',
    'secret bulk',
  ]);
  expect(Object.keys(secrets)).toEqual([
    'GCP_SERVICE_ACCOUNT_1',
    'CLIENT_API_KEYS',
    'ADMIN_API_KEY',
  ]);
  expect(asked.map(({ authorization }) => authorization)).toEqual([
    `Bearer ${clientKey.exec(out)?.[0]}`,
  ]);
});

it('goes on after a failure, and shows no key before it is set', async () => {
  const here = await place();
  here.env.RONDO_DEPLOYED_URL = (await operatorStub(served)).url;
  const file = here.file('key.json', here.google.addServiceAccount().secret);
  here.setCloud({ fail: { 'secret bulk': 'You are not authenticated.' } });
  const first = await here.rondo('init', file, '--deploy');
  expect(first.code).toBe(1);
  expect(first.err).toContain('npx wrangler login');
  expect(first.out + first.err).not.toMatch(clientKey);
  here.setCloud({ fail: {} });
  const second = await here.rondo('init', file, '--deploy');
  expect(second.code).toBe(0);
  const third = await here.rondo('init', file, '--deploy');
  expect(third.out).toContain('0 credentials new, 1 that were there');
  expect(third.out).not.toMatch(clientKey);
});

it('prints no secret, whatever fails', async () => {
  const here = await place();
  here.setCloud({ fail: { 'secret bulk': 'refused' } });
  const users = [here.google.addServiceAccount(), here.google.addAuthorizedUser()];
  const files = users.map(({ secret }, index) => here.file(`${index}.json`, secret));
  const results = [
    await here.rondo('init', ...files, '--deploy'),
    await here.rondo('init', ...files),
    await here.rondo('credentials', 'list'),
    await here.rondo('credentials', 'test'),
  ];
  const printed = results.map(({ out, err }) => out + err).join('');
  for (const secret of secretsOf(here.google)) expect(printed).not.toContain(secret);
});

it('keeps no secret beside .dev.vars', async () => {
  const here = await place();
  here.env.RONDO_DEPLOYED_URL = (await operatorStub(served)).url;
  const file = here.file('key.json', here.google.addServiceAccount().secret);
  const { out } = await here.rondo('init', file, '--deploy');
  const ledger = here.read('.rondo/deployment.json');
  const keys = [clientKey.exec(out)?.[0] ?? '', adminKey.exec(out)?.[0] ?? ''];
  for (const secret of [...secretsOf(here.google), ...keys]) expect(ledger).not.toContain(secret);
});

it('asks on a terminal for a name, and takes what is typed', async () => {
  const here = await place();
  const file = here.file('key.json', here.google.addServiceAccount().secret);
  // Ctrl-U empties the line of what was suggested.
  const { code, out } = await here.onTerminal([['called?', '-two\r']], 'init', file);
  expect(code).toBe(0);
  expect(out).toContain('\x1b[32m');
  const { alias } = JSON.parse(parseEnv(here.read('.dev.vars')).GCP_SERVICE_ACCOUNT_1 ?? '');
  expect(alias).toBe('rondo-1-two');
});

it('ends with 130 and writes nothing when a question is cancelled', async () => {
  const here = await place();
  const file = here.file('key.json', here.google.addServiceAccount().secret);
  const { code } = await here.onTerminal([['called?', '\x03']], 'init', file);
  expect(code).toBe(130);
  expect(() => here.read('.dev.vars')).toThrow();
});

it('paints nothing under NO_COLOR', async () => {
  const here = await place();
  here.env.NO_COLOR = '1';
  const file = here.file('key.json', here.google.addServiceAccount().secret);
  const { out } = await here.onTerminal([], 'init', file, '--yes');
  expect(out).not.toContain('\x1b[');
});
