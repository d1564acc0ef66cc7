// What a client keeps: sealed, bounded, its own, for thirty days.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { type Memory, TooLarge } from '../../worker/memory/memory.ts';
import { Stores } from '../support/storage.ts';

vi.mock('cloudflare:workers', () => import('../support/durableobject.ts'));

const { Store } = await import('../../worker/store.ts');

const day = 24 * 60 * 60 * 1000;
const value = new TextEncoder().encode('what nobody else may read');

let stores: Stores;
let memory: Memory;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  stores = new Stores(Store);
  memory = stores.memory('sk-one');
});
afterEach(() => vi.useRealTimers());

const put = (id: string, more: object = {}) =>
  memory.put([{ id, value, lasts: 'by itself', ...more }]);

const textOf = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

test('what is kept is there for later requests of the same key', async () => {
  await put('a');
  expect(textOf(await stores.memory('sk-one').get('a'))).toBe('what nobody else may read');
});

test('another key finds nothing', async () => {
  await put('a');
  const other = stores.memory('sk-two');
  expect(await other.get('a')).toBeUndefined();
  expect(await other.chain('a')).toEqual({ missing: 'a' });
  expect(await other.erase('a')).toBe(false);
  expect(await memory.get('a')).toBeDefined();
});

test('the storage holds neither what is kept nor the key', async () => {
  await put('a');
  expect(stores.bytes().length).toBeGreaterThan(value.length);
  for (const secret of ['nobody', 'sk-one']) {
    expect(stores.bytes()).not.toContain(secret);
    expect([...stores.databases.keys()].join()).not.toContain(secret);
  }
});

test('what was sealed under one name is nothing under another', async () => {
  await put('a');
  await put('b');
  const [sql] = stores.databases.values();
  sql?.exec("UPDATE entries SET id = 'c' WHERE id = 'a'");
  expect(await memory.get('c')).toBeUndefined();
  expect(await memory.get('b')).toBeDefined();
});

test('what was sealed for another client is nothing, wherever it lies', async () => {
  await put('a');
  const [name = ''] = stores.databases.keys();
  const sealed = stores.databases.get(name);
  await stores.memory('sk-two').get('a');
  const other = [...stores.databases.keys()].at(-1) ?? '';
  if (sealed) stores.databases.set(other, sealed);
  expect(await stores.memory('sk-two').get('a')).toBeUndefined();
});

test('a chain with an entry that was tampered with is missing it', async () => {
  await put('a');
  await put('b', { previous: 'a' });
  const [sql] = stores.databases.values();
  sql?.exec('UPDATE parts SET value = zeroblob(50) WHERE seq = 1');
  sql?.exec('UPDATE entries SET bytes = 50 WHERE seq = 1');
  expect(await memory.chain('b')).toEqual({ missing: 'a' });
});

test('what is too large is kept nowhere', async () => {
  const large = new Uint8Array(bounds.storeEntryBytes);
  await expect(put('a', { value: large })).rejects.toThrow(TooLarge);
  expect(stores.databases.size).toBe(0);
});

test.for(['', 'i'.repeat(bounds.storeIdChars + 1)])('a name like "%s" is nobody’s', async (id) => {
  expect(await memory.get(id)).toBeUndefined();
  expect(await memory.erase(id)).toBe(false);
  expect(await memory.chain(id)).toEqual({ missing: id });
});

describe('after thirty days', () => {
  test('an entry is found no more, and then gone', async () => {
    await put('a');
    vi.advanceTimersByTime(30 * day - 1);
    expect(await memory.get('a')).toBeDefined();
    vi.advanceTimersByTime(1);
    expect(await memory.get('a')).toBeUndefined();
    expect(stores.bytes()).not.toBe('');
    await stores.wake();
    expect(stores.bytes()).toBe('');
    expect(stores.alarms.size).toBe(0);
  });

  test('later entries are left, and woken for', async () => {
    await put('a');
    vi.advanceTimersByTime(day);
    await put('b');
    vi.advanceTimersByTime(29 * day);
    await stores.wake();
    expect(await memory.get('b')).toBeDefined();
    expect([...stores.alarms.values()]).toEqual([Date.now() + day]);
    vi.advanceTimersByTime(day);
    await stores.wake();
    expect(stores.bytes()).toBe('');
  });

  test('a conversation that is used lasts, with all that is in it', async () => {
    await put('list');
    await put('a', { list: 'list', lasts: 'with its list' });
    vi.advanceTimersByTime(20 * day);
    await put('b', { list: 'list', lasts: 'with its list' });
    vi.advanceTimersByTime(20 * day);
    await stores.wake();
    const row = await memory.whole('list');
    expect(row).toMatchObject({ entries: [{ id: 'a' }, { id: 'b' }] });
    vi.advanceTimersByTime(10 * day);
    expect(await memory.whole('list')).toEqual({ missing: 'list' });
    await stores.wake();
    expect(stores.bytes()).toBe('');
  });
});
