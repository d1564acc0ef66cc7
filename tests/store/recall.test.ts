// What the module is told of earlier turns, and what it has kept.
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { memoryStore } from '../../worker/core/memorystore.ts';
import { readTexts, writeTexts } from '../../worker/core/texts.ts';
import type { Memory } from '../../worker/memory/memory.ts';
import { writeConversation } from '../../worker/memory/records.ts';
import { Stores } from '../support/storage.ts';

vi.mock('cloudflare:workers', () => import('../support/durableobject.ts'));

const { Store } = await import('../../worker/store.ts');

let memory: Memory;

beforeEach(() => {
  memory = new Stores(Store).memory('sk-one');
});

const asked = (text: string): string => `{ "role":"user",  "content":"${text}" }`;
const said = (seed: string, text: string): string =>
  `{"id":"msg_${seed}_0","type":"message","role":"assistant","content":"${text}"}`;

const record = (inputs: readonly string[], outputs: readonly string[]): Uint8Array =>
  writeTexts(['response', '{"output":[', ']}', String(inputs.length), ...inputs, ...outputs]);

const keep = (seed: string, more: object = {}) => {
  const head = { do: 'keep', id: `resp_${seed}`, previous: '', conversation: '', stores: true };
  const body = record([asked(`to ${seed}`)], [said(seed, `by ${seed}`)]);
  return memoryStore(memory).ask({ head: { ...head, ...more } as never, body }, () => true);
};

const recall = async (more: object) => {
  const head = { do: 'recall', previous: '', conversation: '', items: [], ...more } as never;
  const bytes = await memoryStore(memory).ask({ head, body: new Uint8Array() }, () => true);
  const [lack, lacking, count, ...items] = readTexts(bytes ?? new Uint8Array(4));
  return lack
    ? `no ${lack} ${lacking}`
    : [items.slice(0, Number(count)), items.slice(Number(count))];
};

const turn = (seed: string): string[] => [asked(`to ${seed}`), said(seed, `by ${seed}`)];

const startConversation = (id: string) =>
  memory.put([
    { id, value: writeConversation({ created: 1, metadata: '{}' }), lasts: 'by itself' },
  ]);

test('a chain is told as it was sent, byte for byte', async () => {
  await keep('A');
  await keep('B', { previous: 'resp_A' });
  expect(await recall({ previous: 'resp_B' })).toEqual([[...turn('A'), ...turn('B')], []]);
});

test('a response that is not there is told', async () => {
  await keep('A', { previous: 'resp_gone' });
  expect(await recall({ previous: 'resp_A' })).toBe('no response resp_gone');
  expect(await recall({ previous: '../etc' })).toBe('no response ../etc');
});

describe('items', () => {
  beforeEach(() => keep('A'));

  test('are told in the order in which they are named', async () => {
    const items = ['msg_A_0', 'msg_A_i0', 'msg_A_0'];
    const [input = '', output = ''] = turn('A');
    expect(await recall({ items })).toEqual([[], [output, input, output]]);
  });

  test('are found by the names of their places too, which lists may tell', async () => {
    expect(await recall({ items: ['msg_A_i1'] })).toEqual([[], [turn('A')[1]]]);
  });

  test.for(['msg_A_1', 'msg_A_i2', 'msg_B_0', 'rs_A_0', 'resp_A', '', '__proto__'])(
    'like "%s" are nowhere',
    async (id) => {
      expect(await recall({ items: [id] })).toBe(`no item ${id}`);
    },
  );

  test('are too many', async () => {
    expect(await recall({ items: Array(257).fill('msg_A_0') })).toBe('no too much msg_A_0');
  });
});

describe('a conversation', () => {
  beforeEach(() => startConversation('conv_1'));

  test('has nothing in it at first', async () => {
    expect(await recall({ conversation: 'conv_1' })).toEqual([[], []]);
  });

  test('gets what was asked and answered', async () => {
    await keep('A', { conversation: 'conv_1' });
    await keep('B', { conversation: 'conv_1', stores: false });
    expect(await recall({ conversation: 'conv_1' })).toEqual([[...turn('A'), ...turn('B')], []]);
    expect(await recall({ previous: 'resp_B' })).toBe('no response resp_B');
  });

  test('can be left by going on from a response in it', async () => {
    await keep('A', { conversation: 'conv_1' });
    await keep('B', { conversation: 'conv_1' });
    await keep('C', { conversation: 'conv_1' });
    expect(await recall({ previous: 'resp_B' })).toEqual([[...turn('A'), ...turn('B')], []]);
  });

  test('that is gone takes no response with it', async () => {
    await keep('A', { conversation: 'conv_1' });
    await keep('B', { conversation: 'conv_1' });
    await memory.erase('conv_1');
    expect(await recall({ previous: 'resp_B' })).toEqual([[...turn('A'), ...turn('B')], []]);
  });

  test('has items whose inner names nobody is told', async () => {
    const value = record([asked('A')], []);
    await memory.put([{ id: 'resp_A', value, previous: 'items_gone', lasts: 'by itself' }]);
    expect(await recall({ previous: 'resp_A' })).toBe('no response resp_A');
  });

  test('that is gone keeps no answer, and says so', async () => {
    await memory.erase('conv_1');
    await expect(keep('A', { conversation: 'conv_1' })).rejects.toThrow('is gone');
  });

  test('that is not there is told', async () => {
    expect(await recall({ conversation: 'conv_2' })).toBe('no conversation conv_2');
  });
});

describe("an item with a name of the client's", () => {
  const mine = '{"id":"msg_mine","role":"user","content":"mine"}';
  const body = record([mine], []);
  const head = { do: 'keep', id: 'resp_M', previous: '', conversation: '', stores: true };

  const keepMine = (more: object) =>
    memoryStore(memory).ask({ head: { ...head, ...more } as never, body }, () => true);

  test('is found in the conversation that the request goes on from', async () => {
    await startConversation('conv_1');
    await keepMine({ conversation: 'conv_1', stores: false });
    const found = await recall({ conversation: 'conv_1', items: ['msg_mine'] });
    expect(found).toEqual([[mine], [mine]]);
  });

  test('is found in the responses that the request goes on from', async () => {
    await keepMine({});
    await keep('N', { previous: 'resp_M' });
    const found = await recall({ previous: 'resp_N', items: ['msg_N_0', 'msg_mine'] });
    expect(found).toEqual([
      [mine, ...turn('N')],
      [turn('N')[1], mine],
    ]);
  });

  test('is found nowhere else', async () => {
    await keepMine({});
    expect(await recall({ items: ['msg_mine'] })).toBe('no item msg_mine');
  });
});

describe('a name of something else that is kept', () => {
  const completion = { id: 'chatcmpl-A', value: new Uint8Array([1]), lasts: 'by itself' } as const;

  beforeEach(async () => {
    await startConversation('conv_1');
    await keep('A', { conversation: 'conv_1' });
    await memory.put([completion]);
  });

  test.for(['conv_1', 'items_A', 'chatcmpl-A'])('is no response: %s', async (id) => {
    expect(await recall({ previous: id })).toBe(`no response ${id}`);
  });

  test.for(['resp_A', 'items_A', 'chatcmpl-A'])('is no conversation: %s', async (id) => {
    expect(await recall({ conversation: id })).toBe(`no conversation ${id}`);
  });
});

test('what is no record is a fault, and no trap', async () => {
  for (const texts of [
    [],
    ['items?'],
    ['response', '', '', '9'],
    ['response', '', '', '-1', 'x'],
  ]) {
    await memory.put([{ id: 'resp_X', value: writeTexts(texts), lasts: 'by itself' }]);
    await expect(recall({ previous: 'resp_X' })).rejects.toThrow();
  }
});
