import type { Pool } from '../pool.ts';
import { bounds } from './bounds.ts';
import { type Store, within } from './store.ts';

// One object for the whole deployment: what isolates share is seen by all of them.
const objectName = 'pool';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** How long a request waits for the object, where another's value may be waited for. */
const limitsMs: Readonly<Record<string, number>> = {
  facts: bounds.poolAnswerMs,
  share: bounds.poolAnswerMs,
  claim: bounds.poolClaimMs,
};

/** The object as one request speaks to it. `keep`: what goes on when that request is over. */
export const poolStore = (
  namespace: DurableObjectNamespace<Pool>,
  keep: (work: Promise<unknown>) => void,
): Store => {
  // The request's claims, and the name that it holds each by.
  const holders = new Map<string, string>();
  const ask: Store['ask'] = async ({ head, body }, isWanted) => {
    const pool = namespace.getByName(objectName);
    if (head.do === 'facts') return encoder.encode(JSON.stringify(await pool.facts()));
    if (head.do === 'share') {
      await pool.share(JSON.parse(decoder.decode(body)));
      return null;
    }
    const key = head.key as string;
    const holder = crypto.randomUUID();
    const value = await pool.claim(key, head.beyond as number, holder);
    if (value !== null) return value;
    // A claim that reaches nobody is given back, or others would wait for nothing.
    if (isWanted()) holders.set(key, holder);
    else await pool.release(key, holder);
    return null;
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
      if (head.do === 'erase') return await pool.erase(key);
      const holder = holders.get(key);
      holders.delete(key);
      if (head.do === 'settle') await pool.settle(key, body, head.expires as number, holder);
      if (head.do === 'release' && holder !== undefined) await pool.release(key, holder);
    },
  };
};
