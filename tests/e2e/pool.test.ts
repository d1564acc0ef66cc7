// The object that isolates share through, in workerd.
import { beforeAll, describe, expect, test } from 'vitest';
import type { Json } from '../../scripts/googlestub/json.ts';
import { askTimes, served } from '../support/chat.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';

let rondo: Rondo;
const hour = 3_600_000;
const soon = Date.now() + hour;

beforeAll(async () => {
  rondo = await startRondo({ pool: true });
});

const factsOf = async (prefix: string): Promise<Json[]> => {
  const facts = (await rondo.pool('facts')) as Json[][];
  return facts.filter(([key]) => String(key).startsWith(prefix));
};

describe('facts', () => {
  test('of a higher rank replace those that are known, and others do not', async () => {
    await rondo.pool('share', [
      ['rank|a', 2, soon, 'known'],
      ['rank|b', 2, soon, 'known'],
      ['rank|c', 2, soon, 'known'],
    ]);
    await rondo.pool('share', [
      ['rank|a', 3, soon, 'news'],
      ['rank|b', 2, soon, 'news'],
      ['rank|c', 1, soon, 'news'],
    ]);
    expect(await factsOf('rank|')).toEqual([
      ['rank|a', 3, soon, 'news'],
      ['rank|b', 2, soon, 'known'],
      ['rank|c', 2, soon, 'known'],
    ]);
  });

  test('that have expired are forgotten', async () => {
    await rondo.pool('share', [
      ['expiry|a', 1, Date.now() - 1, 'over'],
      ['expiry|b', 1, soon, 'on'],
    ]);
    expect(await factsOf('expiry|')).toEqual([['expiry|b', 1, soon, 'on']]);
  });

  test('that are malformed leave the others alone', async () => {
    await rondo.pool('share', ['x', ['form|a'], ['form|b', 1, soon, 'good'], { form: 'c' }]);
    await rondo.pool('share', 'no list');
    expect(await factsOf('form|')).toEqual([['form|b', 1, soon, 'good']]);
  });

  test('outlive the eviction of the object, the latest of each', async () => {
    await rondo.pool('share', [['kept', 1, soon, 'first']]);
    await rondo.pool('share', [['kept', 9_007_199_254_740_991, soon, 'second, ä']]);
    await rondo.evictPool();
    expect(await factsOf('kept')).toEqual([['kept', 9_007_199_254_740_991, soon, 'second, ä']]);
  });
});

describe('a claim', () => {
  const claim = (key: string, beyond = 0): Promise<Json> => rondo.pool('claim', key, beyond);
  const settle = (key: string, value: string, expires = soon): Promise<Json> =>
    rondo.pool('settle', key, value, expires);
  /** Gives the claim back too: the object is not evicted while one is held. */
  const isFree = async (key: string, beyond?: number): Promise<boolean> => {
    const value = await claim(key, beyond);
    await rondo.pool('release', key);
    return value === null;
  };

  test('goes to one of those who ask at once, and its value to the others', async () => {
    const asked = Array.from({ length: 5 }, () => claim('parallel'));
    expect(await Promise.race(asked)).toBeNull();
    await settle('parallel', 'value');
    const got = await Promise.all(asked);
    expect(got.filter((each) => each === null)).toHaveLength(1);
    expect(got.filter((each) => each === 'value')).toHaveLength(4);
  });

  test('that is released goes to the next', async () => {
    expect(await claim('released')).toBeNull();
    const [second, third] = [claim('released'), claim('released')];
    await rondo.pool('release', 'released');
    expect(await Promise.race([second, third])).toBeNull();
    await settle('released', 'value');
    expect((await Promise.all([second, third])).sort()).toEqual([null, 'value'].sort());
  });

  test('on a value that is there is given it', async () => {
    await settle('there', 'value');
    expect(await claim('there')).toBe('value');
  });

  test('on a value that does not last long enough is a claim', async () => {
    await settle('short', 'value');
    expect(await claim('short', soon - 1)).toBe('value');
    expect(await isFree('short', soon)).toBe(true);
  });

  test('on a value that has expired is a claim', async () => {
    await settle('expired', 'value', Date.now() + 30);
    await expect.poll(() => isFree('expired')).toBe(true);
  });

  test('on a value that was erased is a claim', async () => {
    await settle('erased', 'value');
    await rondo.pool('erase', 'erased');
    expect(await isFree('erased')).toBe(true);
  });

  test('is settled with the latest value', async () => {
    await settle('latest', 'first', soon + hour);
    await settle('latest', 'second');
    expect(await claim('latest')).toBe('second');
  });

  test('on a value from before the eviction of the object is given it', async () => {
    await settle('survivor', 'value, ä');
    await rondo.evictPool();
    expect(await claim('survivor')).toBe('value, ä');
  });

  test('that is settled with too large a value is refused and goes to the next', async () => {
    expect(await claim('large')).toBeNull();
    const next = claim('large');
    await expect(settle('large', 'x'.repeat(16 * 1024 + 1))).rejects.toThrow('16384 bytes');
    expect(await next).toBeNull();
    await settle('large', 'x'.repeat(16 * 1024));
    expect(await claim('large')).toHaveLength(16 * 1024);
  });
});

test('of too many values those go first that expire first', async () => {
  const crowded = await startRondo({ pool: true });
  const settle = (index: number) => crowded.pool('settle', `k${index}`, 'v', soon + index);
  for (let first = 0; first < 502; first += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, i) => settle(first + i)));
  }
  const claim = (index: number) => crowded.pool('claim', `k${index}`, 0);
  expect(await Promise.all([claim(49), claim(50), claim(549)])).toEqual([null, 'v', 'v']);
});

test('without the binding the worker serves, and keeps what isolates share in KV', async () => {
  const google = await startGoogle();
  google.addServiceAccounts(2);
  const bare = await startRondo({ vars: google.vars() });
  google.fault({ credential: 'sim-account-1' }, 'day');
  await askTimes(bare, 3);
  expect(served(google)).toEqual([1, 2, 2, 2].map((account) => `sim-account-${account}`));
  const keys = async () => Object.keys(await bare.kv()).map((key) => key.split(':')[0]);
  await expect.poll(async () => (await keys()).sort()).toEqual(['state', 'token', 'token']);
  const warnings = bare.logs.filter((line) => /claim_failed|pool_\w+_failed/.test(line));
  expect(warnings).toEqual([]);
});
