import { bounds } from './bounds.ts';
import { type Store, within } from './store.ts';

const { kvAnswerMs, kvValueBytes } = bounds;

export const kvStore = (kv: KVNamespace): Store => ({
  async ask({ head }) {
    const value = await within(kvAnswerMs, 'KV', kv.get(head.key as string, 'arrayBuffer'));
    if (value && value.byteLength > kvValueBytes) {
      throw new Error(`KV holds more than ${kvValueBytes} bytes under ${head.key}.`);
    }
    return value && new Uint8Array(value);
  },

  async tell({ head, body }) {
    const key = head.key as string;
    if (head.do === 'put') await kv.put(key, body, { expirationTtl: head.ttl as number });
    if (head.do === 'delete') await kv.delete(key);
  },
});
