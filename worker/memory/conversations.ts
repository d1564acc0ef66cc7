// The conversations that a client has stored, and their items.
import { bounds } from '../core/bounds.ts';
import { invalid, notKept } from '../errors.ts';
import { batchId, isConversation, newSeed, seedOf } from './ids.ts';
import { checkInclude } from './include.ts';
import { type KeptItem, keptItems } from './items.ts';
import type { Memory } from './memory.ts';
import { metadataOf, newMetadata } from './metadata.ts';
import { paged, pageOf, readPaging } from './pages.ts';
import {
  type ConversationRecord,
  readBatch,
  readConversation,
  writeBatch,
  writeConversation,
} from './records.ts';
import { refuse } from './refusal.ts';
import type { Answer, Asked } from './service.ts';

const idOf = ({ params }: Asked): string => params.id ?? '';

const missing = (id: string): never => refuse(notKept('Conversation', id, 'conversation_id'));

const missingItem = (id: string): never => refuse(notKept('Item', id, 'item_id'));

const found = async (memory: Memory, id: string): Promise<ConversationRecord> => {
  const value = isConversation(id) ? await memory.get(id) : undefined;
  return value ? readConversation(value) : missing(id);
};

const shown = (id: string, { created, metadata }: ConversationRecord): object => ({
  id,
  object: 'conversation',
  created_at: created,
  metadata: JSON.parse(metadata) as unknown,
});

/** New items as JSON. */
const newItems = ({ judgeItems }: Asked, value: unknown): string[] => {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return refuse(invalid('items', 'expected an array', 'invalid_type'));
  if (value.length > bounds.storeNewItems) {
    const words = `expected at most ${bounds.storeNewItems} items, but got ${value.length}`;
    return refuse(invalid('items', words, 'array_above_max_length'));
  }
  const items = value.map((item: unknown) => JSON.stringify(item));
  const fault = judgeItems(items);
  return fault ? refuse(fault) : items;
};

const batchOf = (list: string, seed: string, items: readonly string[]) =>
  ({
    id: batchId(seed),
    value: writeBatch({ items }),
    behind: list,
    list,
    lasts: 'with its list',
  }) as const;

export const createConversation: Answer = async (asked) => {
  const body = await asked.body();
  const items = newItems(asked, body.items);
  const metadata = metadataOf(body.metadata);
  const id = `conv_${newSeed()}`;
  const record = { created: Math.floor(Date.now() / 1000), metadata };
  const conversation = { id, value: writeConversation(record), lasts: 'by itself' } as const;
  const batches = items.length > 0 ? [batchOf(id, newSeed(), items)] : [];
  await asked.memory.put([conversation, ...batches]);
  return shown(id, record);
};

export const getConversation: Answer = async (asked) => {
  const id = idOf(asked);
  return shown(id, await found(asked.memory, id));
};

export const updateConversation: Answer = async (asked) => {
  const id = idOf(asked);
  const metadata = newMetadata(await asked.body());
  const { created } = await found(asked.memory, id);
  const record = { created, metadata };
  const isKept = await asked.memory.replace(id, writeConversation(record));
  return isKept ? shown(id, record) : missing(id);
};

export const deleteConversation: Answer = async (asked) => {
  const id = idOf(asked);
  const wasThere = isConversation(id) && (await asked.memory.erase(id));
  return wasThere ? { id, object: 'conversation.deleted', deleted: true } : missing(id);
};

// --- Items ---------------------------------------------------------------------------------------

/** All items of a conversation, the oldest first. */
const itemsIn = async (memory: Memory, id: string): Promise<KeptItem[]> => {
  const row = isConversation(id) ? await memory.whole(id) : missing(id);
  if (row === 'too much') {
    return refuse(invalid('conversation_id', 'it is too long to be listed', 'too_long'));
  }
  if ('missing' in row) return missing(id);
  return keptItems(
    row.entries.map((entry) => ({ seed: seedOf(entry.id), items: readBatch(entry.value).items })),
  );
};

export const listItems: Answer = async (asked) => {
  checkInclude(asked.query);
  const paging = readPaging(asked.query, 'desc');
  return paged(await itemsIn(asked.memory, idOf(asked)), paging);
};

export const createItems: Answer = async (asked) => {
  checkInclude(asked.query);
  const id = idOf(asked);
  const body = await asked.body();
  const items = newItems(asked, body.items);
  if (items.length === 0) {
    return refuse(invalid('items', 'expected at least one item', 'empty_array'));
  }
  await found(asked.memory, id);
  const seed = newSeed();
  const kept = await asked.memory.put([batchOf(id, seed, items)]);
  if (kept.includes(false)) return missing(id);
  return pageOf(
    keptItems([{ seed, items }]).map((item) => item.show()),
    false,
  );
};

const keptItem = async (asked: Asked): Promise<KeptItem> => {
  const wanted = asked.params.item ?? '';
  const items = await itemsIn(asked.memory, idOf(asked));
  return items.find((item) => item.id === wanted) ?? missingItem(wanted);
};

export const getItem: Answer = async (asked) => {
  checkInclude(asked.query);
  return (await keptItem(asked)).show();
};

/** Its place stays empty, so that the names of the others are as they were. */
export const deleteItem: Answer = async (asked) => {
  const id = idOf(asked);
  const { seed, place } = await keptItem(asked);
  await asked.memory.change(batchId(seed), (value) => {
    const items = readBatch(value).items.map((item, at) => (at === place ? '' : item));
    return writeBatch({ items });
  });
  return shown(id, await found(asked.memory, id));
};
