// How client keys may be written, and what closes the gate.
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  findClient,
  makeAdminRing,
  makeKeyRing,
  makeMetricsRing,
} from '../../worker/middleware/keyring.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const ringOf = (value: unknown, more: object = {}) =>
  makeKeyRing({ CLIENT_API_KEYS: value, ...more });

const secret = 'sk-secret-7d1';
const digest = createHash('sha256').update(secret).digest('hex');
const nothing = createHash('sha256').update('').digest('hex');
const open = { ALLOW_ANONYMOUS: 'true' };

/** Of a text, and of the JSON value that wrangler makes of a table. */
const bothWays = (value: unknown): unknown[] => [value, JSON.stringify(value)];

const clientOf = (value: unknown, key: string) => findClient(ringOf(value), key);

describe('client keys are', () => {
  test.for([undefined, '', ' ', ' , '])('none when nothing is written: %j', (value) => {
    expect(ringOf(value)).toEqual({ keys: [], anonymous: false });
  });

  test('texts between commas', async () => {
    const ring = ringOf(' a-1,, b-2 ,');
    expect(await findClient(ring, 'a-1')).toEqual({ name: 'key-1' });
    expect(await findClient(ring, 'b-2')).toEqual({ name: 'key-2' });
    expect(await findClient(ring, '')).toBeUndefined();
  });

  test('an array of texts and objects', async () => {
    const all = ['a-1', { name: 'two', key: 'b-2', models: ['gemini-3*'], stored: false }];
    for (const value of bothWays(all)) {
      expect(await clientOf(value, 'a-1')).toEqual({ name: 'key-1' });
      const two = { name: 'two', models: ['gemini-3*'], stored: false };
      expect(await clientOf(value, 'b-2')).toEqual(two);
    }
  });

  test('known by their digest', async () => {
    const value = [{ name: 'hidden', sha256: digest.toUpperCase(), stored: true }];
    expect(await clientOf(value, secret)).toEqual({ name: 'hidden', stored: true });
    expect(await clientOf(value, digest)).toBeUndefined();
  });

  test('told apart while several are looked for at once', async () => {
    const ring = ringOf(['a-1', 'longer-b-2', { sha256: digest }]);
    const names = ['longer-b-2', 'a-1', secret, 'longer-b'].map(async (key) => {
      return (await findClient(ring, key))?.name;
    });
    expect(await Promise.all(names)).toEqual(['key-2', 'key-1', 'key-3', undefined]);
  });

  test('of at most 510 bytes, and a longer one is nobody’s', async () => {
    const longest = 'k'.repeat(510);
    expect(await clientOf(longest, longest)).toEqual({ name: 'key-1' });
    expect(await clientOf(longest, `${longest}k`)).toBeUndefined();
    expect(await clientOf(longest, 'k'.repeat(509))).toBeUndefined();
  });

  test('long ones too when their digest is written', async () => {
    const long = 'k'.repeat(5000);
    const sha256 = createHash('sha256').update(long).digest('hex');
    expect(await clientOf([{ sha256 }], long)).toEqual({ name: 'key-1' });
  });
});

const notLists: [string, unknown][] = [
  ['an object whose brackets were forgotten', { name: 'me', key: secret }],
  ['true', true],
  ['false', false],
  ['null', null],
  ['a number', 12345],
  ['a text in quotes', JSON.stringify(secret)],
];

describe.for(notLists)('%s is no list of keys', ([, value]) => {
  test('and closes the gate, also beside ALLOW_ANONYMOUS', () => {
    for (const written of bothWays(value)) {
      const { keys, fault } = ringOf(written, open);
      if (written === JSON.stringify(secret)) continue;
      expect(keys).toEqual([]);
      expect(fault).toMatch(/^CLIENT_API_KEYS: /);
      expect(fault).not.toContain(secret);
    }
    expect(ringOf(JSON.stringify(value), open).fault).toMatch(/^CLIENT_API_KEYS: /);
  });
});

const faulty: [string, unknown, RegExp][] = [
  ['an array that breaks off', `["${secret}"`, /entry 1 looks like a piece of JSON/],
  ['an object that breaks off', `{"key":"${secret}","name":"me"`, /entry 1 looks like a piece/],
  ['a second object without an array', `{"key":"${secret}"},{"key":"x-2"}`, /entry 1 looks like/],
  ['JSON literals between commas', `a-1,true,${secret}`, /entry 2 looks like a piece of JSON/],
  ['a number between commas', `a-1,7,${secret}`, /entry 2 looks like a piece of JSON/],
  ['keys with blanks between them', `a-1 ${secret}`, /entry 1 holds a blank/],
  ['keys with a line between them', `a-1\n${secret}`, /entry 1 holds a blank/],
  ['keys in single quotes', `'${secret}','b-2'`, /entry 1 has quotes around it/],
  ['a key in backticks', `\`${secret}\``, /entry 1 has quotes around it/],
  ['a key in typographic quotes', `“${secret}”`, /entry 1 holds a character that is not visible/],
  [
    'a key with a space of no width',
    `a-1,${secret}\u200b`,
    /entry 2 holds a character that is not/,
  ],
  [
    'a key with a letter beyond ASCII',
    `${secret}ä`,
    /entry 1 holds a character that is not visible/,
  ],
  ['a text in quotes in the array', ['a-1', `'${secret}'`], /entry 2 has quotes around it/],
  ['a key in double quotes in the array', [{ key: `"${secret}"` }], /entry 1 has quotes around it/],
  ['a key that nobody sees all of', [{ key: `\u200b${secret}` }], /entry 1 holds a character that/],
  ['a key twice', `${secret},b-2,${secret}`, /entry 3 has the key of entry 1/],
  ['a key that is too long', 'k'.repeat(511), /entry 1 is longer than 510 bytes/],
  ['a number in the array', [secret, 7], /entry 2 is neither a text nor an object/],
  ['null in the array', [null], /entry 1 is neither a text nor an object/],
  ['an array in the array', [[secret]], /entry 1 is neither a text nor an object/],
  ['an empty text', [''], /entry 1 is empty/],
  ['a blank text', [' '], /entry 1 holds a blank/],
  ['an empty key', [{ key: '' }], /entry 1 is empty/],
  ['a key with a blank', [{ key: ` ${secret}` }], /entry 1 holds a blank/],
  ['a key that is a number', [{ key: 7 }], /entry 1 has a "key" that is not a text/],
  ['a key that is null', [{ key: null }], /entry 1 has a "key" that is not a text/],
  ['no key', [{ name: secret }], /entry 1 has neither "key" nor "sha256"/],
  ['both forms', [{ key: secret, sha256: digest }], /entry 1 has both "key" and "sha256"/],
  ['a digest that is short', [{ sha256: digest.slice(1) }], /is not 64 hexadecimal digits/],
  ['a digest with a digit too many', [{ sha256: `${digest}0` }], /is not 64 hexadecimal digits/],
  ['a digest with a digit before it', [{ sha256: `0${digest}` }], /is not 64 hexadecimal digits/],
  ['a digest in a list', [{ sha256: [digest] }], /is not 64 hexadecimal digits/],
  ['a digest that is a number', [{ sha256: 7 }], /is not 64 hexadecimal digits/],
  ['the digest of nothing', [{ sha256: nothing }], /entry 1 has the "sha256" of an empty text/],
  [
    'the same in capitals',
    [{ sha256: nothing.toUpperCase() }],
    /has the "sha256" of an empty text/,
  ],
  ['a digest twice', [{ sha256: digest }, { sha256: digest }], /entry 2 has the key of entry 1/],
  [
    'an unknown field',
    [{ key: secret, model: ['x'] }],
    /a field that is none of key, sha256, name, /,
  ],
  ['a field that is the key', [{ [secret]: 'me' }], /entry 1 has a field that is none of/],
  ['an empty name', [{ key: secret, name: '' }], /entry 1 has a "name" that is not a text/],
  ['a blank name', [{ key: secret, name: ' ' }], /entry 1 has a "name" that is not a text/],
  ['a name that is a number', [{ key: secret, name: 7 }], /has a "name" that is not a text/],
  ['no models', [{ key: secret, models: [] }], /"models" that are not a list of texts/],
  ['models that are a text', [{ key: secret, models: 'x' }], /"models" that are not a list/],
  ['models that are null', [{ key: secret, models: null }], /"models" that are not a list/],
  ['an empty model', [{ key: secret, models: ['x', ''] }], /"models" that are not a list/],
  ['a model that is a number', [{ key: secret, models: [7] }], /"models" that are not a list/],
  ['stored that is a text', [{ key: secret, stored: 'no' }], /a "stored" that is neither true/],
];

test.for(faulty)('%s closes the gate with its place and no key', ([, value, fault]) => {
  const written = typeof value === 'string' ? [value] : bothWays(value);
  for (const each of written) {
    const ring = ringOf(each, open);
    expect(ring.keys).toEqual([]);
    expect(ring.fault).toMatch(/^CLIENT_API_KEYS: /);
    expect(ring.fault).toMatch(fault);
    expect(ring.fault).not.toContain(secret);
    expect(ring.fault).not.toContain(digest);
  }
});

describe('OPENAI_API_KEY', () => {
  test('adds a key, without the blanks around it', async () => {
    const ring = ringOf('a-1', { OPENAI_API_KEY: ` ${secret}\n` });
    expect(await findClient(ring, secret)).toEqual({ name: 'OPENAI_API_KEY' });
    expect(await findClient(ring, 'a-1')).toEqual({ name: 'key-1' });
  });

  test.for([undefined, '', ' '])('adds none as %j', (value) => {
    expect(ringOf(undefined, { OPENAI_API_KEY: value }).keys).toEqual([]);
  });

  test('takes nothing of what is said of the same key elsewhere', async () => {
    const few = [{ name: 'few', key: secret, models: ['gemini-3*'] }];
    const ring = ringOf(few, { OPENAI_API_KEY: secret });
    expect(await findClient(ring, secret)).toEqual({ name: 'few', models: ['gemini-3*'] });
  });

  test.for([
    true,
    null,
    7,
    'true',
    'null',
    '7',
    `["${secret}"]`,
    `"${secret}"`,
    { key: secret },
    `a ${secret}`,
    `'${secret}'`,
    `${secret}\u200b`,
  ])('closes the gate as %j', (value) => {
    const { keys, fault } = ringOf('a-1', { OPENAI_API_KEY: value, ...open });
    expect(keys).toEqual([]);
    expect(fault).toMatch(/^OPENAI_API_KEY: /);
    expect(fault).not.toContain(secret);
  });
});

test('a key may hold all that is visible in ASCII', async () => {
  const key = "sk-a;b'c$d%^&*()=+~!@";
  expect(await clientOf(key, key)).toEqual({ name: 'key-1' });
});

test('patterns of models lose the blanks around them', async () => {
  const value = [{ key: secret, models: [' gemini-* ', 'gpt-4o\n'] }];
  expect(await clientOf(value, secret)).toMatchObject({ models: ['gemini-*', 'gpt-4o'] });
});

test.for(["'metrics-7d1'", 'metrics-7d1\u200b', '“metrics-7d1”'])(
  'METRICS_KEY opens nothing as %j',
  (value) => {
    const { keys, fault } = makeMetricsRing({ METRICS_KEY: value });
    expect(keys).toEqual([]);
    expect(fault).toMatch(/^METRICS_KEY: /);
    expect(fault).not.toContain('metrics-7d1');
  },
);

describe('ADMIN_API_KEY', () => {
  test('is one key', async () => {
    const ring = makeAdminRing({ ADMIN_API_KEY: ` ${secret} ` });
    expect(await findClient(ring, secret)).toEqual({ name: 'admin' });
    expect(await findClient(ring, 'another')).toBeUndefined();
  });

  test.for([undefined, '', ' '])('is none as %j', (value) => {
    expect(makeAdminRing({ ADMIN_API_KEY: value })).toEqual({ keys: [], anonymous: false });
  });

  test.for([
    true,
    null,
    7,
    'true',
    `["${secret}"]`,
    { key: secret },
    `'${secret}'`,
    `${secret}\u200b`,
    `‘${secret}’`,
  ])('opens nothing as %j', (value) => {
    const { keys, fault } = makeAdminRing({ ADMIN_API_KEY: value });
    expect(keys).toEqual([]);
    expect(fault).toMatch(/^ADMIN_API_KEY: /);
    expect(fault).not.toContain(secret);
  });
});
