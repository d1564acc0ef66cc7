import { type Store, within } from './store.ts';

// KV mostly answers in milliseconds, and all that lies in it can be made again.
const limitMs = 2000;

export const kvStore = (kv: KVNamespace): Store => ({
  async ask({ head }) {
    const value = await within(limitMs, 'KV', kv.get(head.key as string, 'arrayBuffer'));
    return value && new Uint8Array(value);
  },

  async tell({ head, body }) {
    const key = head.key as string;
    if (head.do === 'put') await kv.put(key, body, { expirationTtl: head.ttl as number });
    if (head.do === 'delete') await kv.delete(key);
  },
});
