// Thought signatures of calls, as the module has them kept: sealed, bounded, for a day.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { memoryStore } from '../../worker/core/memorystore.ts';
import { readTexts, writeTexts } from '../../worker/core/texts.ts';
import type { Memory } from '../../worker/memory/memory.ts';
import { Signatures } from '../../worker/store/signatures.ts';
import { MemorySql } from '../support/sql.ts';
import { Stores } from '../support/storage.ts';

vi.mock('cloudflare:workers', () => import('../support/durableobject.ts'));

const { Store } = await import('../../worker/store.ts');

const hour = 60 * 60 * 1000;
const day = 24 * hour;

let stores: Stores;
let memory: Memory;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
  stores = new Stores(Store);
  memory = stores.memory('sk-one');
});
afterEach(() => vi.useRealTimers());

/** As the module tells what it has told of calls. */
const keep = (signatures: Readonly<Record<string, string>>, of = memory): Promise<void> =>
  memoryStore(of).tell({
    head: { do: 'keep_signatures', calls: Object.keys(signatures) },
    body: writeTexts(Object.values(signatures)),
  });

const find = async (calls: readonly string[], of = memory): Promise<string[]> => {
  const head = { do: 'signatures', calls } as const;
  const bytes = await memoryStore(of).ask({ head, body: new Uint8Array() }, () => true);
  return readTexts(bytes ?? new Uint8Array());
};

const rows = (): number =>
  [...stores.databases.values()].reduce(
    (sum, sql) => sum + sql.exec('SELECT * FROM signatures').length,
    0,
  );

test('are found by their calls, in the order in which they are asked for', async () => {
  await keep({ a: 'one', b: 'two' });
  expect(await find(['b', 'c', 'a'])).toEqual(['two', '', 'one']);
});

test('another key finds none of them', async () => {
  await keep({ a: 'one' });
  expect(await find(['a'], stores.memory('sk-two'))).toEqual(['']);
});

test('of a call that is told anew are the later ones', async () => {
  await keep({ a: 'one' });
  await keep({ a: 'two' });
  expect(await find(['a'])).toEqual(['two']);
  expect(rows()).toBe(1);
});

test('show neither themselves nor their calls where they lie', async () => {
  await keep({ call_of_a_client: 'a signature' });
  expect(rows()).toBe(1);
  for (const secret of ['call_of_a_client', 'a signature', 'sk-one']) {
    expect(stores.bytes()).not.toContain(secret);
  }
});

test('that were exchanged are none', async () => {
  await keep({ a: 'one', b: 'two' });
  const [sql] = stores.databases.values();
  sql?.exec('UPDATE signatures SET value = (SELECT value FROM signatures WHERE seq = 2)');
  expect(await find(['a', 'b'])).toEqual(['', 'two']);
});

test('that are too long are left out alone', async () => {
  await keep({ a: 'x'.repeat(bounds.storeSignatureBytes), b: 'two' });
  expect(await find(['a', 'b'])).toEqual(['', 'two']);
  await keep({ c: 'x'.repeat(bounds.storeSignatureBytes) });
  expect(rows()).toBe(1);
});

test.for(['../x', '__proto__', '\u0000', 'i'.repeat(5000), "'; DROP TABLE signatures; --"])(
  'of a call by the name %j are nowhere, and harm nothing',
  async (call) => {
    await keep({ a: 'one' });
    expect(await find([call, 'a'])).toEqual(['', 'one']);
  },
);

test('take the room of nothing else', async () => {
  await memory.put([{ id: 'resp_a', value: new Uint8Array(9), lasts: 'by itself' }]);
  await keep({ a: 'one' });
  const [sql] = stores.databases.values();
  expect([...(sql?.exec('SELECT entries FROM totals') ?? [])]).toEqual([{ entries: 1 }]);
});

describe('a day later', () => {
  test('they are found no more, and then gone', async () => {
    await keep({ a: 'one' });
    vi.advanceTimersByTime(day - 1);
    expect(await find(['a'])).toEqual(['one']);
    vi.advanceTimersByTime(1);
    expect(await find(['a'])).toEqual(['']);
    expect(rows()).toBe(1);
    await stores.wake();
    expect(rows()).toBe(0);
    expect(stores.alarms.size).toBe(0);
  });

  test('what else is kept stays, and is woken for', async () => {
    await memory.put([{ id: 'resp_a', value: new Uint8Array(9), lasts: 'by itself' }]);
    const end = Date.now() + 30 * day;
    await keep({ a: 'one' });
    vi.advanceTimersByTime(day);
    await stores.wake();
    expect(rows()).toBe(0);
    expect(await memory.get('resp_a')).toBeDefined();
    expect([...stores.alarms.values()]).toEqual([end]);
  });

  test('later ones stay, and go together', async () => {
    await keep({ a: 'one' });
    for (const call of ['b', 'c']) {
      vi.advanceTimersByTime(10 * hour);
      await keep({ [call]: 'more' });
    }
    vi.advanceTimersByTime(4 * hour);
    await stores.wake();
    expect(await find(['a', 'b', 'c'])).toEqual(['', 'more', 'more']);
    expect([...stores.alarms.values()]).toEqual([Date.now() + 20 * hour]);
    vi.advanceTimersByTime(20 * hour);
    await stores.wake();
    expect(rows()).toBe(0);
  });
});

describe('of too many', () => {
  const value = new Uint8Array(1);
  const named = (ids: readonly string[]) => ids.map((id) => ({ id, value }));

  test('the oldest go', () => {
    const signatures = new Signatures(new MemorySql().binding, 3);
    for (const id of ['a', 'b', 'c', 'd']) signatures.put(named([id]), 9);
    signatures.put(named(['c', 'e']), 9);
    const found = signatures.get(['a', 'b', 'c', 'd', 'e'], 0).map((each) => each !== null);
    expect(found).toEqual([false, false, true, true, true]);
  });

  test('at once, all are refused', () => {
    const signatures = new Signatures(new MemorySql().binding);
    const many = Array.from({ length: bounds.storeSignaturesAtOnce + 1 }, (_, i) => `${i}`);
    expect(() => signatures.put(named(many), 9)).toThrow('too many');
    expect(() => signatures.get(many, 0)).toThrow('too many');
  });

  test.for(['', 'i'.repeat(bounds.storeIdChars + 1), 7, null])('none is named %j', (id) => {
    const signatures = new Signatures(new MemorySql().binding);
    expect(() => signatures.put(named([id as string]), 9)).toThrow(TypeError);
  });

  test('none is larger than it may be', () => {
    const signatures = new Signatures(new MemorySql().binding);
    const large = new Uint8Array(bounds.storeSignatureBytes + 1);
    expect(() => signatures.put([{ id: 'a', value: large }], 9)).toThrow(TypeError);
  });
});
