// Client keys that lie in KV: what is remembered, and what a flood of invented ones may cost.
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { Log } from '../../worker/core/log.ts';
import { KvKeys } from '../../worker/middleware/kvkeys.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const key = 'sk-in-kv-7d1';
const nameOf = (of: string): string =>
  `client-key:${createHash('sha256').update(of).digest('hex')}`;

/** The keys of a KV that holds these values, and what KV was asked. */
function startKeys(values: Record<string, string>) {
  const entries = new Map(Object.entries(values).map(([of, value]) => [nameOf(of), value]));
  const get = vi.fn(async (name: string, _options: object) => {
    const value = entries.get(name);
    return value === undefined ? null : Uint8Array.from(Buffer.from(value)).buffer;
  });
  const keys = new KvKeys({ get } as unknown as KVNamespace, new Log('info'));
  return { keys, get, entries };
}

const me = { name: 'me' };
const written = JSON.stringify(me);
const logged = (level: 'warn' | 'error') =>
  vi.mocked(console[level]).mock.calls.map(([line]) => JSON.parse(String(line)) as object);

describe('a key', () => {
  test('is found by its digest, with all that is said of it', async () => {
    const fields = {
      name: 'me',
      models: ['gemini-3*'],
      stored: false,
      expires: '2030-01-01T00:00:00Z',
      limits: { requests_per_day: 5 },
    };
    const { keys, get } = startKeys({ [key]: JSON.stringify(fields) });
    const expires = Date.UTC(2030, 0, 1);
    expect(await keys.find(key)).toEqual({ ...fields, expires });
    expect(get).toHaveBeenCalledExactlyOnceWith(nameOf(key), { type: 'arrayBuffer', cacheTtl: 60 });
  });

  test('is remembered for a minute, then looked for again', async () => {
    const { keys, get, entries } = startKeys({ [key]: written });
    await keys.find(key);
    entries.clear();
    vi.advanceTimersByTime(bounds.kvKeyMs - 1);
    expect(await keys.find(key)).toEqual(me);
    expect(get).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(await keys.find(key)).toBe('unknown');
  });

  test('that is not there is remembered for ten seconds', async () => {
    const { keys, get, entries } = startKeys({});
    expect(await keys.find(key)).toBe('unknown');
    entries.set(nameOf(key), written);
    vi.advanceTimersByTime(bounds.kvNoKeyMs - 1);
    expect(await keys.find(key)).toBe('unknown');
    expect(get).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(1);
    expect(await keys.find(key)).toEqual(me);
  });

  test('is looked for once when many bring it at once', async () => {
    const { keys, get } = startKeys({ [key]: written });
    const found = await Promise.all(Array.from({ length: 50 }, () => keys.find(key)));
    expect(found).toEqual(Array(50).fill(me));
    expect(get).toHaveBeenCalledTimes(1);
  });

  test('that was good long ago lets nobody in while it is looked for', async () => {
    const { keys, entries } = startKeys({ [key]: written });
    await keys.find(key);
    entries.clear();
    vi.advanceTimersByTime(2 * bounds.kvKeyMs);
    expect(await Promise.all([keys.find(key), keys.find(key)])).toEqual(['unknown', 'unknown']);
  });

  test('that was good too long ago is good for none of those that come while KV is down', async () => {
    const { keys, get } = startKeys({ [key]: written });
    await keys.find(key);
    get.mockRejectedValue(new Error('KV is down'));
    vi.advanceTimersByTime(bounds.kvKeyMsMost);
    for (let i = 0; i < 3; ++i) {
      expect(await keys.find(key)).toBe('unavailable');
      vi.advanceTimersByTime(400);
    }
  });

  test('is looked for by one of those that ask at once, when it was known', async () => {
    const { keys, get } = startKeys({ [key]: written });
    await keys.find(key);
    vi.advanceTimersByTime(bounds.kvKeyMs);
    const found = await Promise.all([keys.find(key), keys.find(key), keys.find(key)]);
    expect(found).toEqual([me, me, me]);
    expect(get).toHaveBeenCalledTimes(2);
  });
});

describe('while KV cannot be read', () => {
  const broken = async () => {
    throw new Error('KV is down');
  };

  test('a key that was good a while ago is good', async () => {
    const { keys, get } = startKeys({ [key]: written });
    await keys.find(key);
    get.mockImplementation(broken);
    vi.advanceTimersByTime(bounds.kvKeyMs);
    expect(await keys.find(key)).toEqual(me);
    vi.advanceTimersByTime(bounds.kvKeyMsMost);
    expect(await keys.find(key)).toBe('unavailable');
    expect(logged('warn')).toContainEqual(
      expect.objectContaining({ event: 'client_key_unread', message: 'KV is down' }),
    );
  });

  test('of another it cannot be told', async () => {
    const { keys, get } = startKeys({});
    get.mockImplementation(broken);
    expect(await keys.find(key)).toBe('unavailable');
  });
});

describe('a value that is broken lets nobody in:', () => {
  test.for([
    ['no JSON', '{"name":'],
    ['no object', '["me"]'],
    ['no name', '{}'],
    ['an unknown field', '{"name":"me","model":"x"}'],
    ['a limit that is none', '{"name":"me","limits":{"requests_per_day":0}}'],
    ['a date that is none', '{"name":"me","expires":"2027-02-30"}'],
    ['too long', `{"name":"me"}${' '.repeat(bounds.kvKeyBytes)}`],
  ] as const)('%s', async ([, value]) => {
    const { keys } = startKeys({ [key]: value });
    expect(await keys.find(key)).toBe('unknown');
    const line = logged('error').at(0) ?? {};
    const sha256 = nameOf(key).slice('client-key:'.length);
    expect(line).toMatchObject({
      event: 'client_key_unreadable',
      // As `rondo keys list --kv` shows it.
      sha256: sha256.slice(0, 12),
      fault: expect.any(String),
    });
    expect(JSON.stringify(line)).not.toContain(key);
    expect(JSON.stringify(line)).not.toContain(sha256.slice(0, 13));
  });
});

describe('invented keys', () => {
  /** How many of so many find their way to KV. */
  const flood = async (keys: KvKeys, count: number) => {
    const found: unknown[] = [];
    for (let index = 0; index < count; index += 1) {
      found.push(await keys.find(`invented-${Date.now()}-${index}`));
    }
    return found.filter((each) => each === 'unknown').length;
  };

  test('are looked for a few at once, then one in a while', async () => {
    const { keys, get } = startKeys({});
    expect(await flood(keys, 100)).toBe(bounds.kvLookups);
    vi.advanceTimersByTime(3 * bounds.kvLookupMs);
    expect(await flood(keys, 100)).toBe(3);
    expect(get).toHaveBeenCalledTimes(bounds.kvLookups + 3);
  });

  test('never make the bucket larger than it is', async () => {
    const { keys } = startKeys({});
    vi.advanceTimersByTime(1000 * bounds.kvLookupMs);
    expect(await flood(keys, 100)).toBe(bounds.kvLookups);
  });

  test('keep no known key from being looked for again', async () => {
    const { keys } = startKeys({ [key]: written });
    await keys.find(key);
    await flood(keys, 100);
    vi.advanceTimersByTime(bounds.kvKeyMs);
    await flood(keys, 100);
    expect(await keys.find(key)).toEqual(me);
  });

  test('drive out no known key, however many they are', async () => {
    const { keys, get } = startKeys({ [key]: written });
    await keys.find(key);
    for (let index = 0; index < bounds.kvKeys + 10; index += 1) {
      vi.advanceTimersByTime(1);
      await keys.find(`invented-${index}`);
    }
    const asked = get.mock.calls.length;
    expect(await keys.find(key)).toEqual(me);
    expect(get).toHaveBeenCalledTimes(asked);
  });
});
