// What the worker tells of its own settings.
import { describe, expect, test } from 'vitest';
import type { Env } from '../../worker/core/core.ts';
import { workerReport } from '../../worker/operator.ts';
import { MemoryKv } from '../support/served.ts';

interface Line {
  readonly name: string;
  readonly value: string | null;
}

const report = (env: Env) =>
  JSON.parse(workerReport(env)) as { settings: Line[]; problems: object[]; clients: object[] };

/** What is wrong in a gateway that has a client. */
const problemsIn = (env: Env) => report({ OPENAI_API_KEY: 'canary-0', ...env }).problems;

const lineOf = (env: Env, name: string) => report(env).settings.find((line) => line.name === name);

describe('a setting of the worker', () => {
  test('is told with what holds and its default', () => {
    expect(lineOf({ BODY_TIMEOUT_MS: '500' }, 'BODY_TIMEOUT_MS')).toEqual({
      name: 'BODY_TIMEOUT_MS',
      value: '500',
      default: '30000',
      set: true,
      secret: false,
    });
  });

  test('that is broken is told as a problem, and its default holds', () => {
    const env = { MAX_BODY_BYTES: 'much' };
    expect(lineOf(env, 'MAX_BODY_BYTES')?.value).toBe('33554432');
    expect(problemsIn(env)).toEqual([
      { variable: 'MAX_BODY_BYTES', fault: 'is not a whole number from 1 to 67108864' },
    ]);
  });

  test('that is a secret is only told to be there', () => {
    const secrets = ['CLIENT_API_KEYS', 'OPENAI_API_KEY', 'ADMIN_API_KEY', 'METRICS_KEY'];
    const env = Object.fromEntries(secrets.map((name) => [name, `canary-${name}`]));
    for (const name of secrets) {
      expect(lineOf(env, name)).toEqual({
        name,
        value: null,
        default: null,
        set: true,
        secret: true,
      });
      expect(lineOf({}, name)).toMatchObject({ set: false });
    }
    expect(workerReport(env)).not.toContain('canary-');
  });
});

describe('pages that may call', () => {
  test.for([
    [undefined, '*'],
    ['off', 'off'],
    [' OFF ', 'off'],
    ['https://a.example, https://b.example', 'https://a.example,https://b.example'],
  ])('are told of %j', ([setting, value]) => {
    const env = setting === undefined ? {} : { CORS_ORIGINS: setting };
    expect(lineOf(env, 'CORS_ORIGINS')?.value).toBe(value);
    expect(problemsIn(env)).toEqual([]);
  });

  test.for([
    'https://*.example.com',
    'https://app.example.com:*',
    'https://a.example,*',
    'https://*',
  ])('are none of a pattern, which is a problem: %s', (setting) => {
    const env = { CORS_ORIGINS: setting };
    expect(lineOf(env, 'CORS_ORIGINS')?.value).not.toContain('*');
    expect(problemsIn(env)).toMatchObject([{ variable: 'CORS_ORIGINS' }]);
  });

  test('are told as far as they are understood, and the rest is a problem', () => {
    const env = { CORS_ORIGINS: 'canary-1,https://a.example' };
    expect(lineOf(env, 'CORS_ORIGINS')?.value).toBe('https://a.example');
    expect(problemsIn(env)).toMatchObject([{ variable: 'CORS_ORIGINS' }]);
    expect(workerReport(env)).not.toContain('canary-');
  });
});

describe.for(['ALLOW_ANONYMOUS', 'CLIENT_KEYS_IN_KV', 'LOCATION_CACHE'])('%s', (name) => {
  const kv = { GEMINI_CLI_KV: new MemoryKv().binding };

  test.for([
    ['true', 'true'],
    [' True\n', 'true'],
    ['TRUE', 'true'],
    ['False', 'false'],
    [' ', 'false'],
    [undefined, 'false'],
  ])('is told as it is understood, in whatever case it is written: %j', ([written, value]) => {
    const env = { ...kv, ...(written !== undefined && { [name]: written }) };
    expect(lineOf(env, name)?.value).toBe(value);
    expect(problemsIn(env)).toEqual([]);
  });

  test.for(['yes', '1', 'on', 'truee'])('is a problem as %s', (written) => {
    const env = { ...kv, [name]: written };
    expect(lineOf(env, name)?.value).toBe('false');
    expect(problemsIn(env)).toEqual([{ variable: name, fault: 'is neither true nor false' }]);
  });
});

test('keys that are to be looked for in KV are a problem where KV is not bound', () => {
  expect(problemsIn({ CLIENT_KEYS_IN_KV: 'true' })).toEqual([
    { variable: 'CLIENT_KEYS_IN_KV', fault: 'needs the binding GEMINI_CLI_KV' },
  ]);
  expect(problemsIn({ CLIENT_KEYS_IN_KV: 'false' })).toEqual([]);
});

describe('a gateway without client keys', () => {
  const closed = {
    variable: 'CLIENT_API_KEYS',
    fault: 'is not set, so /v1 is closed to everybody',
  };
  const GEMINI_CLI_KV = new MemoryKv().binding;

  test.for([{}, { CLIENT_API_KEYS: ' , ' }, { GEMINI_CLI_KV }, { CLIENT_KEYS_IN_KV: 'true' }])(
    'is told to be closed with %j',
    (env) => {
      expect(report(env).problems).toContainEqual(closed);
    },
  );

  test.for([{ ALLOW_ANONYMOUS: 'true' }, { GEMINI_CLI_KV, CLIENT_KEYS_IN_KV: 'true' }])(
    'is not with %j',
    (env) => {
      expect(report(env).problems).toEqual([]);
    },
  );
});

describe('clients', () => {
  test('are told by name, with what they may', () => {
    const keys = [
      { name: 'alice', key: 'canary-1', models: ['gemini-*'], stored: false },
      'canary-2',
    ];
    const { clients } = report({
      CLIENT_API_KEYS: JSON.stringify(keys),
      OPENAI_API_KEY: 'canary-3',
    });
    expect(clients).toMatchObject([
      {
        name: 'alice',
        models: ['gemini-*'],
        stored: false,
        expires: null,
        from: 'CLIENT_API_KEYS',
      },
      { name: 'key-2', models: null, stored: true },
      { name: 'OPENAI_API_KEY', from: 'OPENAI_API_KEY' },
    ]);
    expect(JSON.stringify(clients)).not.toContain('canary-');
  });

  test('are told with the end and the limits of their keys, as far as they have any', () => {
    const key = { key: 'canary-1', expires: '2027-01-31', limits: { tokens_per_day: 5 } };
    const { clients } = report({ CLIENT_API_KEYS: [key, 'canary-2'] });
    const none = { requests_per_minute: null, requests_per_day: null, tokens_per_minute: null };
    expect(clients).toMatchObject([
      { expires: '2027-02-01T00:00:00.000Z', limits: { ...none, tokens_per_day: 5 } },
      { expires: null, limits: { ...none, tokens_per_day: null } },
    ]);
  });

  test('that cannot be read are a problem, which quotes no key', () => {
    const { clients, problems } = report({ CLIENT_API_KEYS: '["canary-1", 5]' });
    expect(clients).toEqual([]);
    expect(problems).toEqual([
      { variable: 'CLIENT_API_KEYS', fault: 'entry 2 is neither a text nor an object' },
    ]);
  });
});
