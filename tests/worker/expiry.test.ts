// Keys that are good until a date, and what the limits of a key may look like.
import { describe, expect, test } from 'vitest';
import { findClient, makeKeyRing } from '../../worker/middleware/keyring.ts';
import { startIsolate } from '../support/app.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const key = 'sk-first-7d1';
const ringOf = (fields: object) => makeKeyRing({ CLIENT_API_KEYS: [{ key, ...fields }] });
const expiryOf = async (expires: unknown) => (await findClient(ringOf({ expires }), key))?.expires;

describe('a key expires', () => {
  test.for([
    ['2027-01-31', Date.UTC(2027, 1, 1)],
    ['2028-02-29', Date.UTC(2028, 2, 1)],
    ['2027-01-31T12:00:00Z', Date.UTC(2027, 0, 31, 12)],
    ['2027-01-31t12:00:00z', Date.UTC(2027, 0, 31, 12)],
    ['2027-01-31T12:00:00.250+02:00', Date.UTC(2027, 0, 31, 10, 0, 0, 250)],
  ] as const)('when %s says so', async ([written, moment]) => {
    expect(await expiryOf(written)).toBe(moment);
  });

  test.for([
    '',
    'tomorrow',
    '2027-02-29',
    '2027-13-01',
    '2027-00-10',
    '2027-1-31',
    '2027-01-31 12:00:00Z',
    '2027-01-31T12:00:00',
    '2027-01-31T25:00:00Z',
    '2027-01-31T12:00:00+99:00',
    1_800_000_000,
    null,
    true,
  ])('not when it says %j, which closes the gate', (written) => {
    expect(ringOf({ expires: written }).fault).toMatch(/"expires" that is no date of RFC 3339/);
  });

  const enter = async (expires: string, more: object = {}) => {
    const keys = [{ key, name: 'me', expires }];
    const { send, handle } = await startIsolate({ CLIENT_API_KEYS: keys, ...more });
    const answer = await send('/v1/models', { headers: { authorization: `Bearer ${key}` } });
    const { error } = (await answer.json()) as { error?: { message: string; code: string } };
    return { status: answer.status, error, client: handle.mock.calls[0]?.[0].client };
  };

  test('and is refused from then on, with words that say so, also where all are let in', async () => {
    for (const more of [{}, { ALLOW_ANONYMOUS: 'true' }]) {
      const { status, error } = await enter('2020-01-31', more);
      expect(status).toBe(401);
      expect(error).toMatchObject({
        code: 'api_key_expired',
        message: 'This API key expired on 2020-02-01T00:00:00.000Z.',
      });
    }
  });

  test('and is good till then; the module is told nothing of it', async () => {
    expect(await enter('2999-01-01')).toMatchObject({ status: 200, client: { name: 'me' } });
    expect((await enter('2999-01-01')).client).not.toHaveProperty('expires');
  });
});

describe('limits', () => {
  test.for([{}, { requests_per_minute: 1, requests_per_day: 2, tokens_per_minute: 3 }])(
    'may be %j',
    async (limits) => {
      const holder = await findClient(ringOf({ limits }), key);
      expect(holder?.limits ?? {}).toEqual(limits);
    },
  );

  test.for([
    [],
    5,
    null,
    { requests: 5 },
    { requests_per_minute: 0 },
    { requests_per_minute: -1 },
    { requests_per_minute: 1.5 },
    { requests_per_minute: '5' },
    { requests_per_minute: null },
  ])('may not be %j, which closes the gate', (limits) => {
    expect(ringOf({ limits }).fault).toMatch(/^CLIENT_API_KEYS: entry 1 has /);
  });
});

test('a name may have 128 characters, and no more', () => {
  expect(ringOf({ name: 'n'.repeat(128) }).fault).toBeUndefined();
  expect(ringOf({ name: 'n'.repeat(129) }).fault).toMatch(/"name" of more than 128 characters/);
});
