// The chat completions that a client has stored.
import { bounds } from '../core/bounds.ts';
import { invalid, notKept } from '../errors.ts';
import { completionsList } from './ids.ts';
import { objectOf } from './items.ts';
import type { Memory } from './memory.ts';
import { newMetadata } from './metadata.ts';
import { type Listed, paged, pageOf, readPaging } from './pages.ts';
import { type CompletionRecord, readCompletion, writeCompletion } from './records.ts';
import { refuse } from './refusal.ts';
import type { Answer, Asked } from './service.ts';

const { storeRecallBytes, storeRecallEntries } = bounds;

type Fields = Readonly<Record<string, unknown>>;

const isCompletion = (id: string): boolean => id.startsWith('chatcmpl-');

const idOf = ({ params }: Asked): string => params.id ?? '';

const missing = (id: string): never => refuse(notKept('Chat completion', id, 'completion_id'));

const found = async (memory: Memory, id: string): Promise<CompletionRecord> => {
  const value = isCompletion(id) ? await memory.get(id) : undefined;
  return value ? readCompletion(value) : missing(id);
};

/** As JSON that nobody took apart: probabilities of its tokens alone may be a million values. */
const shown = ({ body, metadata }: CompletionRecord): string =>
  `${body.slice(0, body.lastIndexOf('}'))},"metadata":${metadata}}`;

export const getCompletion: Answer = async (asked) => shown(await found(asked.memory, idOf(asked)));

export const updateCompletion: Answer = async (asked) => {
  const id = idOf(asked);
  const metadata = newMetadata(await asked.body());
  const record = { ...(await found(asked.memory, id)), metadata };
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
  const all = messages.map((json, place) => {
    const name = `${id}-${place}`;
    return { id: name, json, show: () => messageOf(objectOf(json), name) };
  });
  return paged(all, paging);
};

const messageOf = (message: Fields, id: string): Fields & Listed => {
  const { content = null } = message;
  const isParts = Array.isArray(content);
  return {
    ...message,
    id,
    content: isParts ? null : content,
    content_parts: isParts ? content : null,
  };
};

/** The model that a completion names. In texts its quotes would be escaped. */
const modelOf = ({ body }: CompletionRecord): unknown => {
  const [, name = 'null'] = /"model"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(body) ?? [];
  return JSON.parse(name);
};

type Fits = (completion: CompletionRecord) => boolean;

/** Whether a completion is what the address asks for: by its model, by each `metadata[name]=value`. */
const filterOf = (query: URLSearchParams): Fits => {
  const model = query.get('model');
  const pairs = [...query].flatMap(([key, value]) => {
    const name = /^metadata\[(.*)\]$/.exec(key)?.[1];
    return name === undefined ? [] : [[name, value] as const];
  });
  return (completion) => {
    if (model !== null && modelOf(completion) !== model) return false;
    const metadata = JSON.parse(completion.metadata) as Fields | null;
    return pairs.every(([name, value]) => metadata?.[name] === value);
  };
};

interface Found extends Listed {
  readonly json: string;
}

const completionsPage = (found: readonly Found[], hasMore: boolean): string => {
  const { data: _, ...rest } = pageOf(found, hasMore);
  const fields = JSON.stringify(rest).slice(1);
  return `{"data":[${found.map(({ json }) => json).join()}],${fields}`;
};

/**
 * A page of those that fit. What they say is sealed, so it is looked at here, in as many rounds as it
 * takes, but for so many entries at most: what is told then has more behind it. So has a page that
 * would be too large.
 */
export const listCompletions: Answer = async ({ memory, query }) => {
  const { after, limit, order } = readPaging(query, 'asc');
  const fits = filterOf(query);
  const data: Found[] = [];
  let [last, looked, bytes] = [after, 0, 0];
  while (looked < storeRecallEntries) {
    const row = await memory.page(completionsList, last, order, limit + 1);
    if (row === 'too much' || 'missing' in row) {
      const words = `no chat completion has the id '${(last ?? '').slice(0, 100)}'`;
      return refuse(invalid('after', words, 'invalid_value'));
    }
    for (const { id, value } of row.entries) {
      const completion = readCompletion(value);
      if (!fits(completion)) continue;
      bytes += value.length;
      const isFull = data.length === limit || (data.length > 0 && bytes > storeRecallBytes);
      if (isFull) return completionsPage(data, true);
      data.push({ id, json: shown(completion) });
    }
    if (row.entries.length === 0) return completionsPage(data, false);
    looked += row.entries.length;
    last = row.entries.at(-1)?.id;
  }
  return completionsPage(data, true);
};
