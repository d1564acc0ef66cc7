import { bounds } from './bounds.ts';
import { unknownDo } from './frame.ts';
import { type Store, within } from './store.ts';

const { kvAnswerMs, kvValueBytes } = bounds;

const read = async (kv: KVNamespace, key: string): Promise<Uint8Array | null> => {
  const value = await within(kvAnswerMs, 'KV', kv.get(key, 'arrayBuffer'));
  if (value && value.byteLength > kvValueBytes) {
    throw new Error(`KV holds more than ${kvValueBytes} bytes under ${key}.`);
  }
  return value && new Uint8Array(value);
};

export const kvStore = (kv: KVNamespace): Store<'kv'> => ({
  async ask({ head }) {
    if (head.do === 'get') return read(kv, head.key);
    return unknownDo({ do: head.do });
  },

  async tell({ head, body }) {
    switch (head.do) {
      case 'put':
        return await kv.put(head.key, body, { expirationTtl: head.ttl });
      case 'delete':
        return await kv.delete(head.key);
      default:
        return unknownDo(head);
    }
  },
});
