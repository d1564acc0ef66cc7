// What lists of stored things take of memory, and how their pages are walked through.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { writeTexts } from '../../worker/core/texts.ts';
import { listCompletions } from '../../worker/memory/completions.ts';
import { listItems } from '../../worker/memory/conversations.ts';
import { completionsList } from '../../worker/memory/ids.ts';
import type { Memory } from '../../worker/memory/memory.ts';
import { writeBatch, writeCompletion, writeConversation } from '../../worker/memory/records.ts';
import { listInputItems } from '../../worker/memory/responses.ts';
import type { Answer } from '../../worker/memory/service.ts';
import { Stores } from '../support/storage.ts';

vi.mock('cloudflare:workers', () => import('../support/durableobject.ts'));

const { Store } = await import('../../worker/store.ts');

let memory: Memory;

beforeEach(() => {
  memory = new Stores(Store).memory('sk-one');
});

interface Page {
  data: { id: string; type: string }[];
  last_id: string;
  has_more: boolean;
}

const pageOf = async (answer: Answer, id: string, query: Record<string, string>): Promise<Page> => {
  const params = { id };
  const body = () => Promise.resolve({});
  const judgeItems = () => undefined;
  const asked = { memory, query: new URLSearchParams(query), params, body, judgeItems };
  const told = await answer(asked);
  return (typeof told === 'string' ? JSON.parse(told) : told) as Page;
};

const walk = async (answer: Answer, id: string, limit: string, order = 'asc'): Promise<Page[]> => {
  const pages = [await pageOf(answer, id, { limit, order })];
  for (let last = pages[0]; last?.has_more && pages.length < 50; last = pages.at(-1)) {
    pages.push(await pageOf(answer, id, { limit, order, after: last.last_id }));
  }
  return pages;
};

const idsOf = (pages: readonly Page[]): string[] =>
  pages.flatMap(({ data }) => data.map(({ id }) => id));

/** An item of so many values and a few more. */
const large = (id: string, values: number): string =>
  `{"type":"function_call_output","id":"${id}","call_id":"c","output":[${Array(values).fill(1).join()}]}`;

const fillConversation = async (batches: readonly (readonly string[])[]): Promise<void> => {
  const value = writeConversation({ created: 1, metadata: '{}' });
  const conversation = { id: 'conv_1', value, lasts: 'by itself' } as const;
  const filled = batches.map((items, at) => {
    const batch = { id: `items_${at}`, value: writeBatch({ items }), list: 'conv_1' } as const;
    return { ...batch, lasts: 'with its list' } as const;
  });
  await memory.put([conversation, ...filled]);
};

describe('a page of items', () => {
  const half = bounds.jsonValues / 2;

  test('ends where its values would be too many, and goes on behind', async () => {
    await fillConversation([[large('a', half), large('b', half)], [large('c', 1)]]);
    const pages = await walk(listItems, 'conv_1', '100');
    expect(pages.map(({ data }) => data.map(({ id }) => id))).toEqual([['a'], ['b', 'c']]);
  });

  test('tells nothing but its place of an item of too many values', async () => {
    await fillConversation([[large('a', 2 * half), large('b', 1)]]);
    const [page, next] = await walk(listItems, 'conv_1', '100');
    expect(page?.data).toEqual([{ id: 'item_0_i0', type: 'too_many_values' }]);
    expect(next?.data).toMatchObject([{ id: 'b' }]);
  });

  test.for(['asc', 'desc'])(
    'is followed by the next where an id comes twice: %s',
    async (order) => {
      await fillConversation([[large('a', 1), large('b', 1), large('a', 1)], [large('a', 1)]]);
      const ids = idsOf(await walk(listItems, 'conv_1', '1', order));
      expect(ids).toHaveLength(4);
      expect(new Set(ids).size).toBe(4);
      expect(order === 'asc' ? ids : ids.toReversed()).toEqual(['a', 'b', 'fco_0_i2', 'fco_1_i0']);
    },
  );

  test("is followed by the next in a response's input too", async () => {
    const inputs = ['a', 'a', 'b'].map((id) => large(id, 1));
    const value = writeTexts(['response', '{"output":[', ']}', '3', ...inputs]);
    await memory.put([{ id: 'resp_A', value, lasts: 'by itself' }]);
    expect(idsOf(await walk(listInputItems, 'resp_A', '1'))).toEqual(['a', 'fco_A_i1', 'b']);
  });
});

describe('a page of chat completions', () => {
  const keep = async (id: string, size: number, metadata = '{}'): Promise<void> => {
    const body = `{"id":"${id}","model":"m","choices":["${'x'.repeat(size)}"]}`;
    const value = writeCompletion({ body, metadata, messages: [] });
    await memory.put([{ id, value, list: completionsList, lasts: 'by itself' }]);
  };

  test('is no larger than what a request recalls', async () => {
    const ids = Array.from({ length: 7 }, (_, at) => `chatcmpl-${at}`);
    for (const id of ids) await keep(id, 5 * 1024 * 1024);
    const pages = await walk(listCompletions, '', '100');
    expect(pages.map(({ data }) => data.length)).toEqual([3, 3, 1]);
    expect(idsOf(pages)).toEqual(ids);
  });

  test('finds none by metadata among those whose metadata is null', async () => {
    await keep('chatcmpl-1', 1, 'null');
    await keep('chatcmpl-2', 1, '{"a":"1"}');
    const page = await pageOf(listCompletions, '', { 'metadata[a]': '1', model: 'm' });
    expect(page.data).toMatchObject([{ id: 'chatcmpl-2', metadata: { a: '1' } }]);
  });
});
