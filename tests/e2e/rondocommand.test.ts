// The operator's command against a running worker, with Wrangler alone made up.
import { parseEnv } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../scripts/googlestub/accounts.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { type Place, place } from '../rondo/support.ts';
import { ask, failed, model, told } from '../support/chat.ts';
import { type Rondo, startRondo } from '../support/rondo.ts';

const adminKey = 'admin-7c1f0e55d9';
const one = 'main';
const two = 'second';

let here: Place;
let account: Account;

beforeEach(async () => {
  here = await place();
  account = here.google.addServiceAccount({ extra: { alias: one } });
  here.google.addServiceAccount({ extra: { alias: two } });
  here.env.RONDO_ADMIN_KEY = adminKey;
});

const start = (vars: JsonObject = {}, kv?: false): Promise<Rondo> =>
  startRondo({
    vars: { ...here.google.vars(), ADMIN_API_KEY: adminKey, ...vars },
    ...(kv === false && { kv }),
  });

describe('rondo status', () => {
  test('shows the pool of a worker: who served, who rests for what, and what is wrong', async () => {
    const rondo = await start({ GCP_SERVICE_ACCOUNT_7: '{"type":' });
    here.google.fault({ credential: account.name }, 'day');
    for (let i = 0; i < 3; i += 1) await told(rondo.chat(ask()));
    const { code, out, err } = await here.rondo('status', rondo.url);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`${rondo.url}  round_robin, numbers of this isolate since 20`);
    expect(out).toMatch(
      new RegExp(
        `^${one} +\\w+ +service_account +sim-project-1 +valid +1 +1 +429 day ${model}$`,
        'm',
      ),
    );
    expect(out).toMatch(
      new RegExp(`^${two} +ready +service_account +sim-project-2 +valid +3 +0 +-$`, 'm'),
    );
    expect(out).toMatch(new RegExp(`^${one} +${model} +day +\\d+ (h|min|s) +20`, 'm'));
    expect(out).toContain('FAULT GCP_SERVICE_ACCOUNT_7 ');
    expect(out).not.toContain(adminKey);
  });

  test('says what Google wants done about a credential in quarantine', async () => {
    const rondo = await start();
    here.google.removeRole(account);
    for (let i = 0; i < 2; i += 1) await told(rondo.chat(ask()));
    const { out } = await here.rondo('status', rondo.url);
    expect(out).toMatch(new RegExp(`^${one} +quarantined `, 'm'));
    expect(out).toMatch(new RegExp(`^note  ${one}: .*roles/aiplatform\\.user.* https://`, 'm'));
  });

  test('is told that its key is wrong, and that there is no operator', async () => {
    const rondo = await start();
    here.env.RONDO_ADMIN_KEY = 'admin-canary-wrong';
    const wrong = await here.rondo('status', rondo.url);
    expect([wrong.code, wrong.out]).toEqual([1, '']);
    expect(wrong.err).toContain('The admin key is wrong.');
    const closed = await here.rondo('status', (await start({ ADMIN_API_KEY: null })).url);
    expect(closed.code).toBe(1);
    expect(closed.err).toContain('It has no ADMIN_API_KEY');
    expect(wrong.err + closed.err).not.toContain('canary');
  });
});

describe('rondo doctor', () => {
  test('finds nothing wrong with a worker that is well', async () => {
    const rondo = await start({ MODEL_ALIASES: JSON.stringify({ 'gpt-4o': model }) });
    const { code, out, err } = await here.rondo('doctor', rondo.url, '--model', 'gpt-4o');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('ok    the KV binding GEMINI_CLI_KV');
    expect(out).toContain(`gpt-4o is served as ${model}: ready`);
    for (const alias of [one, two])
      expect(out).toMatch(new RegExp(`^ok    ${alias} answers in \\d+ ms$`, 'm'));
    expect(here.google.count({ kind: 'generate' })).toBe(2);
  });

  test('says of a credential that Google refuses what is to be done, and looks at the others', async () => {
    const rondo = await start({ GCP_SERVICE_ACCOUNT_7: '{"type":' });
    here.google.removeRole(account);
    const { code, out } = await here.rondo('doctor', rondo.url);
    expect(code).toBe(1);
    expect(out).toContain('FAULT GCP_SERVICE_ACCOUNT_7 ');
    expect(out).toMatch(new RegExp(`^FAULT ${one}: 403 .*\\n +.*roles/aiplatform\\.user`, 'm'));
    expect(out).toMatch(new RegExp(`^ok    ${two} answers in `, 'm'));
    expect(out).toContain(`2 things are wrong with ${rondo.url}.`);
  });

  test.for([
    ['CLIENT_API_KEYS', 'abc,[def'],
    ['CORS_ORIGINS', 'https://*.example.com'],
    ['MAX_BODY_BYTES', '32MB'],
    ['METRICS_KEY', "'abc'"],
    ['ALLOW_ANONYMOUS', 'yes'],
  ] as const)('and status tell what is wrong with %s', async ([variable, value]) => {
    const rondo = await start({ [variable]: value });
    const [examined, shown] = [
      await here.rondo('doctor', rondo.url),
      await here.rondo('status', rondo.url),
    ];
    expect(examined.code).toBe(1);
    expect(examined.out).toContain(`1 things are wrong with ${rondo.url}.`);
    for (const { out } of [examined, shown]) expect(out).toContain(`FAULT ${variable} `);
    expect(examined.out + shown.out).not.toContain('abc');
  });

  test('says that KV is not bound, and how to bind it', async () => {
    const rondo = await start({}, false);
    const { code, out } = await here.rondo('doctor', rondo.url);
    expect(code).toBe(1);
    expect(out).toContain('GEMINI_CLI_KV is not bound');
    expect(out).not.toContain('the KV binding');
    expect(out).toContain('npx wrangler kv namespace create GEMINI_CLI_KV');
  });
});

describe('a worker with what rondo wrote into .dev.vars', () => {
  const shown = (out: string, form: RegExp): string => form.exec(out)?.[0] ?? 'none';
  const clientKey = /rondo-client-[\w-]+/;

  const startWithVars = (): Promise<Rondo> =>
    startRondo({
      vars: {
        ...here.google.vars([]),
        ...(parseEnv(here.read('.dev.vars')) as Record<string, string>),
      },
    });

  const chat = (rondo: Rondo, key: string): Promise<Response> =>
    rondo.chat(ask(), {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    });

  test('serves whoever holds the key that init showed, and tells its operator of the pool', async () => {
    const { out } = await here.rondo('init', here.file('key.json', account.secret));
    const rondo = await startWithVars();
    expect(await told(chat(rondo, shown(out, clientKey)))).toBe('You said: Hello');
    // It has its admin key from there too.
    delete here.env.RONDO_ADMIN_KEY;
    const status = await here.rondo('status', rondo.url);
    expect(status.out).toMatch(new RegExp(`^${one} +ready `, 'm'));
  });

  test('lets a key in that was added, until its date, and no more when it is revoked', async () => {
    await here.rondo('init', here.file('key.json', account.secret));
    const added = await here.rondo('keys', 'add', 'alice', '--models', model);
    const soon = new Date(Date.now() + 60_000).toISOString();
    const dated = await here.rondo('keys', 'add', 'bob', '--expires', soon);
    const [alice, bob] = [shown(added.out, clientKey), shown(dated.out, clientKey)];
    const before = await startWithVars();
    await before.stopClock();
    expect(await told(chat(before, bob))).toBe('You said: Hello');
    await before.advance(60_000);
    expect(await told(chat(before, alice))).toBe('You said: Hello');
    expect((await failed(chat(before, bob))).error.code).toBe('api_key_expired');
    await here.rondo('keys', 'revoke', 'alice');
    const after = await startWithVars();
    expect((await failed(chat(after, alice))).error.code).toBe('invalid_api_key');
  });
});

describe('rondo keys --kv', () => {
  let rondo: Rondo;

  beforeEach(async () => {
    rondo = await start({ CLIENT_KEYS_IN_KV: 'true' });
    await rondo.stopClock();
    const standIn = here.wrangler;
    here.wrangler = async (args, input) => {
      const ran = await standIn(args, input);
      const [, , verb, key = '', value = ''] = args;
      if (ran.code === 0 && verb === 'put') await rondo.putKv(key, value);
      if (ran.code === 0 && verb === 'delete') await rondo.deleteKv(key);
      return ran;
    };
  });

  async function made(...flags: string[]): Promise<string> {
    const { code, out, err } = await here.rondo('keys', 'add', 'alice', '--kv', ...flags);
    expect([code, err]).toEqual([0, '']);
    return /rondo-client-[\w-]+/.exec(out)?.[0] ?? 'none';
  }

  const chat = (key: string, more: object = {}): Promise<Response> =>
    rondo.chat(ask('Hello', more), {
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    });

  const dayMs = 24 * 60 * 60 * 1000;
  const dateIn = (days: number): string =>
    new Date(Date.now() + days * dayMs).toISOString().slice(0, 10);

  test('makes a key that the worker lets in under its name, for its models alone', async () => {
    const key = await made('--models', 'gemini-3*');
    expect(await told(chat(key))).toBe('You said: Hello');
    const { error } = await failed(chat(key, { model: 'gemini-2.5-flash' }));
    expect(error.code).toBe('model_not_found');
    await expect.poll(() => rondo.events('request')[0]?.client).toBe('alice');
  });

  test('makes a key that is good until the end of its date', async () => {
    const key = await made('--expires', dateIn(1));
    expect(await told(chat(key))).toBe('You said: Hello');
    await rondo.advance(2 * dayMs);
    const { status, error } = await failed(chat(key));
    expect([status, error.code]).toEqual([401, 'api_key_expired']);
  });

  test('takes a key away, which the worker believes within a minute', async () => {
    const key = await made();
    expect(await told(chat(key))).toBe('You said: Hello');
    const { code, out } = await here.rondo('keys', 'revoke', 'alice', '--kv');
    expect(code).toBe(0);
    expect(out).toContain('up to two minutes');
    await rondo.advance(59_999);
    expect(await told(chat(key))).toBe('You said: Hello');
    await rondo.advance(1);
    const { status, error } = await failed(chat(key));
    expect([status, error.code]).toEqual([401, 'invalid_api_key']);
  });
});
