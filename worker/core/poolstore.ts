import type { Pool } from '../pool.ts';
import type { Asks } from './abi.ts';
import { bounds } from './bounds.ts';
import { unknownDo } from './frame.ts';
import { type Store, within } from './store.ts';

// One object for the whole deployment: what isolates share is seen by all of them.
export const objectName = 'pool';
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** How long a request waits for the object, where another's value may be waited for. */
const limitsMs: Readonly<Record<Asks['pool']['do'], number>> = {
  facts: bounds.poolAnswerMs,
  share: bounds.poolAnswerMs,
  claim: bounds.poolClaimMs,
  counts: bounds.poolAnswerMs,
};

/** The object as one request speaks to it. `keep`: what goes on when that request is over. */
export const poolStore = (
  namespace: DurableObjectNamespace<Pool>,
  keep: (work: Promise<unknown>) => void,
): Store<'pool'> => {
  // The request's claims, and the name that it holds each by.
  const holders = new Map<string, string>();
  const takeHolder = (key: string): string | undefined => {
    const holder = holders.get(key);
    holders.delete(key);
    return holder;
  };

  const claim = async (
    { key, beyond }: Extract<Asks['pool'], { do: 'claim' }>,
    isWanted: () => boolean,
  ): Promise<Uint8Array | null> => {
    const pool = namespace.getByName(objectName);
    const holder = crypto.randomUUID();
    const value = await pool.claim(key, beyond, holder);
    if (value !== null) return value;
    // A claim that reaches nobody is given back, or others would wait for nothing.
    if (isWanted()) holders.set(key, holder);
    else await pool.release(key, holder);
    return null;
  };

  const ask: Store<'pool'>['ask'] = async ({ head, body }, isWanted) => {
    const pool = namespace.getByName(objectName);
    switch (head.do) {
      case 'facts':
        return encoder.encode(JSON.stringify(await pool.facts()));
      case 'share':
        await pool.share(JSON.parse(decoder.decode(body)));
        return null;
      case 'claim':
        return claim(head, isWanted);
      case 'counts':
        return encoder.encode(await pool.counts(head.span));
      default:
        return unknownDo(head);
    }
  };

  return {
    ask(frame, isWanted) {
      const answer = ask(frame, isWanted);
      keep(answer.catch(() => {}));
      return within(limitsMs[frame.head.do], 'The object POOL', answer);
    },

    async tell({ head, body }) {
      const pool = namespace.getByName(objectName);
      switch (head.do) {
        case 'settle':
          return await pool.settle(head.key, body, head.expires, takeHolder(head.key));
        case 'release': {
          const holder = takeHolder(head.key);
          if (holder !== undefined) await pool.release(head.key, holder);
          return;
        }
        case 'erase':
          return await pool.erase(head.key);
        case 'count':
          return await pool.count(decoder.decode(body));
        default:
          return unknownDo(head);
      }
    },
  };
};
