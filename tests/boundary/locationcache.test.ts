// The cache of a location as the module sees it: what can't be had of it is not there.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { LocationCache } from '../../worker/core/locationcache.ts';
import { Log } from '../../worker/core/log.ts';
import { standInForWorkerd } from '../support/workerd.ts';

standInForWorkerd();

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const nothing = new Uint8Array();

/** The runtime's cache, which can fail and hang. */
class Runtime {
  readonly entries = new Map<string, Response>();
  names = new Set<string>();
  asked = 0;
  fault: (() => Promise<never>) | undefined;

  readonly storage = {
    open: async (name: string) => {
      this.names.add(name);
      this.asked += 1;
      if (this.fault) return this.fault();
      return {
        match: async (address: string) => this.entries.get(address)?.clone(),
        put: async (address: string, response: Response) =>
          void this.entries.set(address, response),
        delete: async (address: string) => this.entries.delete(address),
      };
    },
  };
}

let runtime: Runtime;
let cache: LocationCache;

beforeEach(() => {
  runtime = new Runtime();
  vi.stubGlobal('caches', runtime.storage);
  cache = new LocationCache(new Log('warn'));
});

const get = async (key: string): Promise<string | null> => {
  const bytes = await cache.ask({ head: { do: 'get', key }, body: nothing });
  return bytes && decoder.decode(bytes);
};
const put = (key: string, value: string, ttl = 90): Promise<void> =>
  cache.tell({ head: { do: 'put', key, ttl }, body: encoder.encode(value) });

describe('the cache of a location', () => {
  test('gives what was put, until it is deleted', async () => {
    expect(await get('token|a')).toBeNull();
    await put('token|a', 'sealed');
    expect(await get('token|a')).toBe('sealed');
    await cache.tell({ head: { do: 'delete', key: 'token|a' }, body: nothing });
    expect(await get('token|a')).toBeNull();
  });

  test('is none that fetch fills, and holds its entries at addresses that nobody has', async () => {
    await put('a/../b?c#d', 'x');
    expect([...runtime.names]).toEqual(['rondo']);
    const [address = ''] = runtime.entries.keys();
    expect(new URL(address).hostname).toBe('rondo.invalid');
    expect(await get('b')).toBeNull();
  });

  test('is told how long a value may be kept', async () => {
    await put('state:v1', '[]', 120);
    const [response] = runtime.entries.values();
    expect(response?.headers.get('cache-control')).toBe('max-age=120');
  });

  test('does not give a value that is larger than any of ours', async () => {
    await put('state:v1', 'x'.repeat(bounds.kvValueBytes + 1));
    expect(await get('state:v1')).toBeNull();
  });

  test('is as good as empty when it fails, which is logged, and left alone for a while', async () => {
    vi.useFakeTimers();
    await put('token|a', 'sealed');
    runtime.fault = () => Promise.reject(new Error('it is down'));
    expect(await get('token|a')).toBeNull();
    expect(console.warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('cache_failed'));
    const { asked } = runtime;
    runtime.fault = undefined;
    vi.advanceTimersByTime(bounds.cacheLeftAloneMs - 1);
    expect(await get('token|a')).toBeNull();
    await put('token|b', 'sealed');
    expect(runtime.asked).toBe(asked);
    vi.advanceTimersByTime(1);
    expect(await get('token|a')).toBe('sealed');
    vi.useRealTimers();
  });

  test('is not waited for longer than a moment', async () => {
    vi.useFakeTimers();
    runtime.fault = () => new Promise(() => {});
    const answer = get('token|a');
    await vi.advanceTimersByTimeAsync(bounds.cacheAnswerMs);
    expect(await answer).toBeNull();
    vi.useRealTimers();
  });
});
