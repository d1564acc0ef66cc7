import {
  batchId,
  completionsList,
  isConversation,
  isResponse,
  responseId,
  seedOf,
  seedOfItem,
} from '../memory/ids.ts';
import { itemsByName, type Turn } from '../memory/items.ts';
import type { Memory } from '../memory/memory.ts';
import { isThere, readResponse, turnItems, writeBatch } from '../memory/records.ts';
import type { Keep, Recall } from './abi.ts';
import { bounds } from './bounds.ts';
import { unknownDo } from './frame.ts';
import type { Store } from './store.ts';
import { readTexts, writeTexts } from './texts.ts';

/** Why a request can't go on from what it names. */
class Missing extends Error {
  readonly what: 'response' | 'conversation' | 'item' | 'too much';
  readonly id: string;

  constructor(what: Missing['what'], id: string) {
    super(what);
    this.what = what;
    this.id = id;
  }
}

/** The turns that the request goes on from. */
const turnsOf = async (memory: Memory, { previous, conversation }: Recall): Promise<Turn[]> => {
  if (previous === '' && conversation === '') return [];
  const isChain = previous !== '';
  // Other things of the client's have names too, and are none.
  if (isChain && !isResponse(previous)) throw new Missing('response', previous);
  if (!isChain && !isConversation(conversation)) throw new Missing('conversation', conversation);
  const row = isChain ? await memory.chain(previous) : await memory.whole(conversation);
  if (row === 'too much') throw new Missing('too much', isChain ? previous : conversation);
  if ('missing' in row) {
    if (!isChain) throw new Missing('conversation', row.missing);
    // What else a chain may hold has names that no client knows.
    throw new Missing('response', isResponse(row.missing) ? row.missing : previous);
  }
  return row.entries.map(({ id, value }) => ({ seed: seedOf(id), items: turnItems(value) }));
};

/** What bears the seed. */
const turnNamed = async (memory: Memory, seed: string): Promise<Turn[]> => {
  if (seed === '') return [];
  const value = (await memory.get(responseId(seed))) ?? (await memory.get(batchId(seed)));
  return value ? [{ seed, items: turnItems(value) }] : [];
};

/**
 * Items by their names: in the turn whose seed a name bears, and then in those that the request goes on
 * from. What clients call their items leads nowhere else, since nothing is kept under such a name.
 */
const itemsNamed = async (
  memory: Memory,
  ids: readonly string[],
  atHand: readonly Turn[],
): Promise<string[]> => {
  if (ids.length > bounds.storeReferences) throw new Missing('too much', ids[0] ?? '');
  const bySeed = new Map<string, ReadonlyMap<string, string>>();
  let ofRequest: ReadonlyMap<string, string> | undefined;
  const items: string[] = [];
  for (const id of ids) {
    const seed = seedOfItem(id) ?? '';
    const known = bySeed.get(seed) ?? itemsByName(await turnNamed(memory, seed));
    bySeed.set(seed, known);
    let item = known.get(id);
    if (item === undefined) {
      ofRequest ??= itemsByName(atHand);
      item = ofRequest.get(id);
    }
    if (item === undefined) throw new Missing('item', id);
    items.push(item);
  }
  return items;
};

/** Texts: nothing, nothing, how many items of earlier turns, those, and those that were named. */
const recall = async (memory: Memory, asked: Recall): Promise<Uint8Array> => {
  try {
    const turns = await turnsOf(memory, asked);
    const items = await itemsNamed(memory, asked.items, turns);
    const history = turns.flatMap((turn) => turn.items.filter(isThere));
    return writeTexts(['', '', String(history.length), ...history, ...items]);
  } catch (error) {
    if (error instanceof Missing) return writeTexts([error.what, error.id, '0']);
    throw error;
  }
};

const keep = async (memory: Memory, asked: Keep, record: Uint8Array): Promise<void> => {
  const { id, previous, conversation, stores } = asked;
  const behind = conversation || undefined;
  const kept = await memory.put([
    ...(stores
      ? ([
          { id, value: record, previous: previous || undefined, behind, lasts: 'by itself' },
        ] as const)
      : []),
    ...(behind ? [batchOf(id, behind, record)] : []),
  ]);
  if (kept.includes(false)) throw new Error('its conversation is gone');
};

const batchOf = (id: string, list: string, record: Uint8Array) => {
  const { inputs, outputs } = readResponse(record);
  return {
    id: batchId(seedOf(id)),
    value: writeBatch({ items: [...inputs, ...outputs] }),
    behind: list,
    list,
    lasts: 'with its list',
  } as const;
};

const keepCompletion = async (memory: Memory, id: string, record: Uint8Array): Promise<void> => {
  await memory.put([{ id, value: record, list: completionsList, lasts: 'by itself' }]);
};

/** A client's memory as the module speaks to it. */
export const memoryStore = (memory: Memory): Store<'memory'> => ({
  async ask({ head, body }) {
    switch (head.do) {
      case 'recall':
        return recall(memory, head);
      case 'keep':
        await keep(memory, head, body);
        return null;
      case 'keep_completion':
        await keepCompletion(memory, head.id, body);
        return null;
      case 'signatures':
        return writeTexts(await memory.signatures(head.calls));
      default:
        return unknownDo(head);
    }
  },

  async tell({ head, body }) {
    if (head.do !== 'keep_signatures') return unknownDo({ do: head.do });
    return memory.keepSignatures(head.calls, readTexts(body));
  },
});
