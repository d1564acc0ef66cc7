import { bounds } from './bounds.ts';
import { messageOf } from './failure.ts';
import { unknownDo } from './frame.ts';
import type { Log } from './log.ts';
import { type Store, within } from './store.ts';

const { cacheAnswerMs, cacheLeftAloneMs, kvValueBytes } = bounds;

/** Beside the cache that `fetch` fills and clients reach: nobody but a Worker reads a named one. */
const cacheName = 'rondo';

/** Where an entry lies: at an address of nobody's. */
const addressOf = (key: string): string => `https://rondo.invalid/${encodeURIComponent(key)}`;

const read = async (key: string): Promise<Uint8Array | null> => {
  const cache = await caches.open(cacheName);
  const found = await cache.match(addressOf(key));
  if (!found) return null;
  const bytes = new Uint8Array(await found.arrayBuffer());
  return bytes.length > kvValueBytes ? null : bytes;
};

const put = async (key: string, value: Uint8Array, seconds: number): Promise<void> => {
  const cache = await caches.open(cacheName);
  const headers = { 'cache-control': `max-age=${seconds}` };
  await cache.put(addressOf(key), new Response(value, { headers }));
};

const erase = async (key: string): Promise<void> => {
  const cache = await caches.open(cacheName);
  await cache.delete(addressOf(key));
};

/**
 * What the isolates of one of Cloudflare's locations share: its cache, by the Cache API
 * (https://developers.cloudflare.com/workers/runtime-apis/cache/). One an isolate. It never fails: when
 * the cache does, that is logged, and nothing is in it for a while.
 */
export class LocationCache implements Store<'cache'> {
  readonly #log: Log;
  #leftAloneUntil = 0;

  constructor(log: Log) {
    this.#log = log;
  }

  async ask({ head }: Parameters<Store<'cache'>['ask']>[0]): Promise<Uint8Array | null> {
    if (head.do !== 'get') return unknownDo({ do: head.do });
    const answer = await this.#try(() => within(cacheAnswerMs, 'The cache', read(head.key)));
    return answer ?? null;
  }

  async tell({ head, body }: Parameters<Store<'cache'>['tell']>[0]): Promise<void> {
    switch (head.do) {
      case 'put':
        return await this.#try(() => put(head.key, body, head.ttl));
      case 'delete':
        return await this.#try(() => erase(head.key));
      default:
        return unknownDo(head);
    }
  }

  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (Date.now() < this.#leftAloneUntil) return undefined;
    try {
      return await work();
    } catch (error) {
      this.#leftAloneUntil = Date.now() + cacheLeftAloneMs;
      this.#log.warn('cache_failed', { message: messageOf(error) });
      return undefined;
    }
  }
}
