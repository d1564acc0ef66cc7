import type { Pool } from '../pool.ts';
import { type Store, within } from './store.ts';

// One object for the whole deployment: what isolates share is seen by all of them.
const objectName = 'pool';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** How long a request waits for the object, where another's value may be waited for. */
const limitsMs: Readonly<Record<string, number>> = { facts: 1000, share: 1000, claim: 11_000 };

/** `keep`: what goes on when its request is over. */
export const poolStore = (
  namespace: DurableObjectNamespace<Pool>,
  keep: (work: Promise<unknown>) => void,
): Store => {
  const ask: Store['ask'] = async ({ head, body }, isWanted) => {
    const pool = namespace.getByName(objectName);
    if (head.do === 'facts') return encoder.encode(JSON.stringify(await pool.facts()));
    if (head.do === 'share') {
      await pool.share(JSON.parse(decoder.decode(body)));
      return null;
    }
    const key = head.key as string;
    const value = await pool.claim(key, head.beyond as number);
    // A claim that reaches nobody is given back, or others would wait for nothing.
    if (value === null && !isWanted()) await pool.release(key);
    return value;
  };

  return {
    ask(frame, isWanted) {
      const answer = ask(frame, isWanted);
      keep(answer.catch(() => {}));
      return within(limitsMs[frame.head.do as string] ?? 0, 'The object POOL', answer);
    },

    async tell({ head, body }) {
      const pool = namespace.getByName(objectName);
      const key = head.key as string;
      if (head.do === 'settle') await pool.settle(key, body, head.expires as number);
      if (head.do === 'release') await pool.release(key);
      if (head.do === 'erase') await pool.erase(key);
    },
  };
};
