// The chat completions that a client has stored.
import { bounds } from '../core/bounds.ts';
import { invalid, notKept } from '../errors.ts';
import { completionsList } from './ids.ts';
import type { Memory } from './memory.ts';
import { metadataFault } from './metadata.ts';
import { type Listed, paged, pageOf, readPaging } from './pages.ts';
import { type CompletionRecord, readCompletion, writeCompletion } from './records.ts';
import { refuse } from './refusal.ts';
import type { Answer, Asked } from './service.ts';

type Fields = Readonly<Record<string, unknown>>;

const isCompletion = (id: string): boolean => id.startsWith('chatcmpl-');

const idOf = ({ params }: Asked): string => params.id ?? '';

const missing = (id: string): never => refuse(notKept('Chat completion', id, 'completion_id'));

const found = async (memory: Memory, id: string): Promise<CompletionRecord> => {
  const value = isCompletion(id) ? await memory.get(id) : undefined;
  return value ? readCompletion(value) : missing(id);
};

const shown = ({ body, metadata }: CompletionRecord): Fields & Listed => ({
  ...(JSON.parse(body) as Fields & Listed),
  metadata: JSON.parse(metadata) as unknown,
});

export const getCompletion: Answer = async (asked) => shown(await found(asked.memory, idOf(asked)));

export const updateCompletion: Answer = async (asked) => {
  const id = idOf(asked);
  const { metadata } = await asked.body();
  const fault = metadataFault(metadata);
  if (fault) return refuse(fault);
  const record = {
    ...(await found(asked.memory, id)),
    metadata: JSON.stringify(metadata ?? {}),
  };
  return (await asked.memory.replace(id, writeCompletion(record))) ? shown(record) : missing(id);
};

export const deleteCompletion: Answer = async (asked) => {
  const id = idOf(asked);
  const wasThere = isCompletion(id) && (await asked.memory.erase(id));
  return wasThere ? { id, object: 'chat.completion.deleted', deleted: true } : missing(id);
};

/** The messages that it answers, each with a name of its own. */
export const listMessages: Answer = async (asked) => {
  const id = idOf(asked);
  const paging = readPaging(asked.query, 'asc');
  const { messages } = await found(asked.memory, id);
  const all = messages.map((message, place) => messageOf(JSON.parse(message) as Fields, id, place));
  return paged(all, paging);
};

const messageOf = (message: Fields, id: string, place: number): Fields & Listed => {
  const { content = null } = message;
  const isParts = Array.isArray(content);
  return {
    ...message,
    id: `${id}-${place}`,
    content: isParts ? null : content,
    content_parts: isParts ? content : null,
  };
};

/** Whether a completion is what the address asks for: by its model, by each `metadata[name]=value`. */
const filterOf = (query: URLSearchParams): ((completion: Fields) => boolean) => {
  const model = query.get('model');
  const pairs = [...query].flatMap(([key, value]) => {
    const name = /^metadata\[(.*)\]$/.exec(key)?.[1];
    return name === undefined ? [] : [[name, value] as const];
  });
  return (completion) => {
    const metadata = completion.metadata as Fields;
    return (
      (model === null || completion.model === model) &&
      pairs.every(([name, value]) => metadata[name] === value)
    );
  };
};

/**
 * A page of those that fit. What they say is sealed, so it is looked at here, in as many rounds as it
 * takes, but for so many entries at most: what is told then has more behind it.
 */
export const listCompletions: Answer = async ({ memory, query }) => {
  const { after, limit, order } = readPaging(query, 'asc');
  const fits = filterOf(query);
  const data: (Fields & Listed)[] = [];
  let last = after;
  let looked = 0;
  while (looked < bounds.storeRecallEntries) {
    const row = await memory.page(completionsList, last, order, limit + 1);
    if (row === 'too much' || 'missing' in row) {
      const words = `no chat completion has the id '${(last ?? '').slice(0, 100)}'`;
      return refuse(invalid('after', words, 'invalid_value'));
    }
    for (const { value } of row.entries) {
      const completion = shown(readCompletion(value));
      if (!fits(completion)) continue;
      if (data.length === limit) return pageOf(data, true);
      data.push(completion);
    }
    if (row.entries.length === 0) return pageOf(data, false);
    looked += row.entries.length;
    last = row.entries.at(-1)?.id;
  }
  return pageOf(data, true);
};
