import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { operatorStub, type Place, place } from './support.ts';

const pool = {
  now: '2026-11-29T07:30:00.000Z',
  scope: 'isolate',
  scope_since: '2026-11-29T07:00:00.000Z',
  strategy: 'round_robin',
  bindings: { kv: true, pool: false, store: false },
  credentials: [
    {
      alias: 'main',
      id: '0011223344556677',
      state: 'quarantined',
      kind: 'service_account',
      project: 'p-1',
      remedy: 'Give it the role.',
      link: 'https://console.example/iam',
      token: { state: 'valid' },
      attempts: 12,
      failures: 1,
      last_error: { status: 429, class: 'minute', model: 'gemini-3.8-flash' },
    },
  ],
  cooling: [
    { credential: null, model: 'gemini-4-argon', reason: 'minute', until: 'soon', left_ms: 41_000 },
  ],
  problems: [{ variable: 'GCP_SERVICE_ACCOUNT_3', fault: 'is not JSON' }],
};

const settings = {
  problems: [...pool.problems, { variable: 'CORS_ORIGINS', fault: 'has an entry too many' }],
};

const added = async (here: Place, ...flags: string[]) => {
  const file = here.file('key.json', here.google.addServiceAccount().secret);
  return here.rondo('credentials', 'add', file, '--alias', 'one', ...flags);
};

it('adds, lists, tests and removes a credential on this machine', async () => {
  const here = await place();
  expect((await added(here)).code).toBe(0);
  expect((await here.rondo('credentials', 'list')).out).toMatch(
    /one +service_account +sim-project-1/,
  );
  expect((await here.rondo('credentials', 'test', 'one')).out).toContain(
    'one: gemini-3.8-flash answers',
  );
  expect((await here.rondo('credentials', 'remove', 'one')).code).toBe(0);
  expect(parseEnv(here.read('.dev.vars'))).toEqual({});
});

it.each([
  [['credentials', 'list'], /^\.dev\.vars has no credential\. .*credentials add FILE\n$/],
  [['credentials', 'list', '--deployed'], /^The deployment has no credential\. /],
  [['keys', 'list'], /^There is no client key here\. .*keys add NAME\n$/],
] as const)(
  'says of an empty list that it is empty, and what to do: %j',
  async (command, words) => {
    const here = await place();
    expect((await here.rondo(...command)).out).toMatch(words);
  },
);

it('fails a test of a credential that Google refuses', async () => {
  const here = await place();
  await added(here);
  here.google.suspend('sim-account-1');
  expect((await here.rondo('credentials', 'test')).code).toBe(1);
});

it('adds, lists and removes a credential of the deployment', async () => {
  const here = await place();
  here.setCloud({ secrets: { GCP_SERVICE_ACCOUNT_1: 'x' } });
  expect((await added(here, '--deployed')).code).toBe(0);
  const { out } = await here.rondo('credentials', 'list', '--deployed');
  expect(out).toMatch(/\? .*GCP_SERVICE_ACCOUNT_1\n/);
  expect(out).toMatch(/one .*GCP_SERVICE_ACCOUNT_2\n/);
  await here.rondo('credentials', 'remove', 'one', '--deployed');
  expect(Object.keys(here.cloud.secrets)).toEqual(['GCP_SERVICE_ACCOUNT_1']);
});

const secretsNamed = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`SETTING_${index}`, 'x']));

it('leaves the same room for settings whichever command adds a credential', async () => {
  const here = await place();
  const file = here.file('key.json', here.google.addServiceAccount().secret);
  here.env.RONDO_DEPLOYED_URL = (await operatorStub({ 'POST /v1/chat/completions': {} })).url;
  // With the two keys that init makes, as many as for the other.
  here.setCloud({ secrets: secretsNamed(54) });
  const init = await here.rondo('init', file, '--deploy');
  here.setCloud({ secrets: secretsNamed(56) });
  const add = await added(here, '--deployed');
  for (const { code, err } of [init, add]) {
    expect(code).toBe(1);
    expect(err).toContain('64 variables on the free plan, of which 8 stay free for settings');
  }
  here.setCloud({ secrets: secretsNamed(55) });
  expect((await added(here, '--deployed')).code).toBe(0);
});

it.each([
  ['local', []],
  ['deployed', ['--deployed']],
])('lists the key of OPENAI_API_KEY and takes it away: %s', async (where, flags) => {
  const here = await place();
  const value = 'sk-canary-7d1';
  if (where === 'local') here.file('.dev.vars', `OPENAI_API_KEY=${value}\nLOG_LEVEL=debug\n`);
  else here.setCloud({ secrets: { OPENAI_API_KEY: value } });
  const { out } = await here.rondo('keys', 'list', ...flags);
  expect(out).toMatch(/OPENAI_API_KEY +all +never +OPENAI_API_KEY/);
  expect(out).not.toContain(value);
  expect((await here.rondo('keys', 'add', 'OPENAI_API_KEY', ...flags)).code).toBe(2);
  expect((await here.rondo('keys', 'revoke', 'OPENAI_API_KEY', ...flags)).code).toBe(0);
  expect((await here.rondo('keys', 'list', ...flags)).out).not.toContain('OPENAI_API_KEY');
  expect(here.cloud.secrets).toEqual({});
  if (where === 'local') expect(here.read('.dev.vars')).toBe('LOG_LEVEL=debug\n');
  expect((await here.rondo('keys', 'revoke', 'OPENAI_API_KEY', ...flags)).code).toBe(1);
});

it.each(['2027', 'tomorrow', '2027-02-30', '1 Jan 2027'])(
  'makes no key with an end that the worker would not understand: %s',
  async (expires) => {
    const here = await place();
    const { code, err } = await here.rondo('keys', 'add', 'alice', '--expires', expires);
    expect(code).toBe(2);
    expect(err).toContain('no date of RFC 3339');
    expect(() => here.read('.dev.vars')).toThrow();
  },
);

it.each([
  ['local', []],
  ['deployed', ['--deployed']],
  ['in KV', ['--kv']],
])('adds, lists and revokes a key: %s', async (_, flags) => {
  const here = await place();
  const { out } = await here.rondo('keys', 'add', 'alice', ...flags);
  expect(out).toMatch(/rondo-client-/);
  expect((await here.rondo('keys', 'list', ...flags)).out).toContain('alice');
  expect((await here.rondo('keys', 'add', 'alice', ...flags)).code).toBe(1);
  expect((await here.rondo('keys', 'revoke', 'alice', ...flags)).code).toBe(0);
  expect((await here.rondo('keys', 'list', ...flags)).out).not.toContain('alice');
});

it('puts a key into KV by its digest, with what it may do', async () => {
  const here = await place();
  const flags = ['--kv', '--models', 'gemini-3*', '--expires', '2027-01-31'];
  const { out } = await here.rondo('keys', 'add', 'alice', ...flags);
  const [[key, { value }] = ['', { value: '' }]] = Object.entries(here.cloud.kv);
  expect(key).toMatch(/^client-key:[0-9a-f]{64}$/);
  expect(JSON.parse(value)).toEqual({
    name: 'alice',
    models: ['gemini-3*'],
    expires: '2027-01-31',
  });
  const shown = /rondo-client-[\w-]+/.exec(out)?.[0] ?? 'none';
  expect(JSON.stringify(here.cloud)).not.toContain(shown);
});

it('overwrites no keys that were set from elsewhere', async () => {
  const here = await place();
  here.setCloud({ secrets: { CLIENT_API_KEYS: 'theirs' } });
  const { code, err } = await here.rondo('keys', 'add', 'alice', '--deployed');
  expect(code).toBe(1);
  expect(err).toContain('--kv');
  expect(here.cloud.secrets.CLIENT_API_KEYS).toBe('theirs');
});

it('shows the pool as a table', async () => {
  const here = await place();
  const { url, asked } = await operatorStub({
    'GET /admin/api/pool': pool,
    'GET /admin/api/settings': settings,
  });
  here.env.RONDO_ADMIN_KEY = 'canary-admin';
  const { code, out, err } = await here.rondo('status', url);
  expect(code).toBe(0);
  expect(asked[0]?.authorization).toBe('Bearer canary-admin');
  expect(out).toMatch(/main +quarantined +service_account +p-1 +valid +12 +1 +429 minute/);
  expect(out).toMatch(/all +gemini-4-argon +minute +41 s/);
  expect(out).toContain('Give it the role. https://console.example/iam');
  expect(out).toContain('FAULT GCP_SERVICE_ACCOUNT_3 is not JSON');
  expect(out).toContain('FAULT CORS_ORIGINS has an entry too many');
  expect(out + err).not.toContain('canary-admin');
});

it('sends the admin key to no address without encryption', async () => {
  const here = await place();
  here.env.RONDO_ADMIN_KEY = 'canary-admin';
  const { code, err } = await here.rondo('status', 'http://rondo.example');
  expect(code).toBe(1);
  expect(err).toContain('Use https');
});

it('says that the admin key is wrong', async () => {
  const here = await place();
  const { url } = await operatorStub({ 'GET /admin/api/pool': {} }, 401);
  here.env.RONDO_ADMIN_KEY = 'canary-admin';
  const { code, err } = await here.rondo('status', url);
  expect(code).toBe(1);
  expect(err).toContain('The admin key is wrong.');
  expect(err).not.toContain('canary');
});

it('examines each credential of a deployment with each model', async () => {
  const here = await place();
  const models = ['gpt-4o', 'gemini-4-argon'];
  const explain = models.map((name) => [
    `GET /admin/api/explain?model=${name}`,
    { model: name.replace('gpt-4o', 'gemini-3.8-flash'), state: 'ready' },
  ]);
  // Two credentials may have one alias.
  const test = '/admin/api/credentials/0011223344556677/test?model=';
  const { url } = await operatorStub({
    'GET /admin/api/pool': pool,
    'GET /admin/api/settings': { problems: [] },
    ...Object.fromEntries(explain),
    [`POST ${test}gemini-3.8-flash`]: { ok: true, ms: 212 },
    [`POST ${test}gemini-4-argon`]: {
      ok: false,
      status: 403,
      class: 'no_access',
      message: 'No.',
      remedy: 'Ask.',
    },
  });
  const key = here.file('admin', 'canary-admin\n');
  const flags = models.flatMap((name) => ['--model', name]);
  const { code, out } = await here.rondo('doctor', url, '--admin-key-file', key, ...flags);
  expect(code).toBe(1);
  expect(out).toContain('main answers in 212 ms');
  expect(out).toContain('main: 403 no_access: No.');
  expect(out).toContain('Ask.');
});

it('finds nothing wrong with what init made', async () => {
  const here = await place();
  await here.rondo('init', here.file('key.json', here.google.addServiceAccount().secret));
  const { code, out } = await here.rondo('doctor');
  expect(out).toContain('Wrangler 4.164.0');
  expect(out).toContain('GEMINI_CLI_KV is bound');
  expect(code).toBe(0);
});

async function initialised(): Promise<Place> {
  const here = await place();
  await here.rondo('init', here.file('key.json', here.google.addServiceAccount().secret));
  return here;
}

const listed = 'kv key list --binding GEMINI_CLI_KV';

it.each([
  ['CLIENT_API_KEYS', '"abc,[def"'],
  ['CLIENT_API_KEYS', '“abc”'],
  ['OPENAI_API_KEY', '"abc def"'],
  ['ADMIN_API_KEY', '‘abc’'],
  ['METRICS_KEY', '"abc def"'],
  ['ALLOW_ANONYMOUS', 'yes'],
  ['CORS_ORIGINS', 'https://*.example.com'],
  ['MAX_BODY_BYTES', '32MB'],
])(
  'tells of a variable in .dev.vars that is wrong, without what it holds: %s=%s',
  async (...row) => {
    const [variable, value] = row;
    const here = await initialised();
    const others = here.read('.dev.vars').replace(new RegExp(`^${variable}=.*\n`, 'm'), '');
    here.file('.dev.vars', `${others}${variable}=${value}\n`);
    const { code, out, err } = await here.rondo('doctor');
    expect(code).toBe(1);
    expect(out).toContain(`FAULT ${variable} `);
    expect(out).toContain('FAULT 1 settings are wrong.');
    expect(out + err).not.toMatch(/abc|def/);
    if (variable.startsWith('CLIENT')) expect(out).not.toContain('ok    client keys');
  },
);

it('warns that everybody may call, in whatever case that is written', async () => {
  const here = await initialised();
  here.file('.dev.vars', `${here.read('.dev.vars')}ALLOW_ANONYMOUS=True\n`);
  const { code, out } = await here.rondo('doctor');
  expect(code).toBe(0);
  expect(out).toContain('everybody may call');
});

it('adds no key beside one that the worker can not read, and replaces that when it is told to', async () => {
  const here = await place();
  const before = 'CLIENT_API_KEYS="\'sk-canary\'"\n';
  here.file('.dev.vars', before);
  const { code, err } = await here.rondo('keys', 'add', 'alice');
  expect(code).toBe(1);
  expect(err).toContain('CLIENT_API_KEYS: entry 1 has quotes around it.');
  expect(err).not.toContain('canary');
  expect(here.read('.dev.vars')).toBe(before);
  const file = here.file('key.json', here.google.addServiceAccount().secret);
  expect((await here.rondo('init', file, '--replace-keys')).code).toBe(0);
  expect(here.read('.dev.vars')).not.toContain('canary');
});

it.each(['2020-01-01', '2020-01-01T00:00:00Z'])(
  'makes no key whose date is over: %s',
  async (expires) => {
    const here = await place();
    const { code, err } = await here.rondo('keys', 'add', 'alice', '--expires', expires);
    expect(code).toBe(2);
    expect(err).toContain('has an "expires" that is over');
    expect(() => here.read('.dev.vars')).toThrow();
  },
);

it('makes a key that is good until the end of today', async () => {
  const here = await place();
  const today = new Date().toISOString().slice(0, 10);
  expect((await here.rondo('keys', 'add', 'alice', '--expires', today)).code).toBe(0);
});

it('tells that wrangler.toml does not bind KV', async () => {
  const here = await initialised();
  here.setCloud({ fail: { [`${listed} --local`]: 'No KV namespaces are configured.' } });
  const { code, out } = await here.rondo('doctor');
  expect(code).toBe(1);
  expect(out).toContain('No KV namespaces are configured.');
  expect(out).toContain('wrangler.toml needs a section [[kv_namespaces]]');
});

it('looks at KV of a deployment that was made from here, where it is let', async () => {
  const here = await initialised();
  await added(here, '--deployed');
  expect((await here.rondo('doctor')).out).toContain('GEMINI_CLI_KV of the deployment can be read');
  here.setCloud({ fail: { [`${listed} --remote`]: 'You are not authenticated.' } });
  const signedOut = await here.rondo('doctor');
  expect(signedOut.code).toBe(0);
  expect(signedOut.out).toContain('was not looked at: npx wrangler login');
  here.setCloud({ fail: { [`${listed} --remote`]: 'KV is down.' } });
  const broken = await here.rondo('doctor');
  expect(broken.code).toBe(1);
  expect(broken.out).toContain('KV is down.');
});

it('writes each request of the tail on one line, with its attempts', async () => {
  const here = await place();
  const record = {
    event: 'request',
    request: 'req_1',
    operation: 'chat_completions',
    client: 'al\u001bice',
    model: 'gemini-3.8-flash',
    status: 200,
    ms: 900,
    attempts: [
      { credential: 'one', class: 'minute', status: 429, ms: 80, reason: 'quota {"' },
      { credential: 'two', class: 'ok', status: 200, ms: 300 },
    ],
    prompt_tokens: 10,
    completion_tokens: 5,
  };
  const event = { logs: [{ message: [JSON.stringify(record)] }], exceptions: [] };
  const text = JSON.stringify(event, null, 2);
  here.setCloud({ tail: `${text}\n${text}\n` });
  const { out } = await here.program('logs');
  const line =
    '200  900 ms  chat_completions  gemini-3.8-flash  alice  → one minute 429 80 ms (quota {")  → two ok 200 300 ms  10+5 tokens  req_1\n';
  expect(out).toBe(line + line);
});

it.each([
  ['logs', ['logs'], 'tail'],
  ['keys in KV', ['keys', 'list', '--kv'], 'kv key list'],
])('tells the failure of Wrangler without its colours: %s', async (_, args, command) => {
  const here = await place();
  here.setCloud({ fail: { [command]: '\u001b[31mYou are not authenticated.\u001b[0m' } });
  const { code, out, err } = await here.program(...args);
  expect(code).toBe(1);
  expect(out + err).toContain('failed: You are not authenticated.');
});

it.each([
  [[]],
  [['fly']],
  [['init', '--no-such']],
  [['keys']],
  [['credentials', 'add']],
  [['status', 'a', 'b']],
])('ends with 2 for a wrong command: %j', async (args) => {
  const here = await place();
  expect((await here.rondo(...args)).code).toBe(2);
});

it('hands the secrets to Wrangler as a program, on its standard input', async () => {
  const here = await place();
  const { code, out } = await here.program('keys', 'add', 'alice', '--deployed');
  expect(code).toBe(0);
  const { calls, secrets } = here.cloud;
  expect(calls.at(-1)?.args).toEqual(['secret', 'bulk']);
  expect(JSON.parse(secrets.CLIENT_API_KEYS ?? '')[0].name).toBe('alice');
  expect(JSON.stringify(calls)).not.toContain(/rondo-client-[\w-]+/.exec(out)?.[0]);
});

it('ends as a program with the code of what happened, and complains on standard error', async () => {
  const here = await place();
  expect(await here.program('fly')).toEqual({
    code: 2,
    out: '',
    err: 'rondo: There is no command fly.\nSee: npm run rondo -- --help\n',
  });
});
