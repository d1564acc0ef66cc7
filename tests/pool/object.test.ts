// The object's own rules, around a database of SQLite.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import type { Pool as PoolObject } from '../../worker/pool.ts';
import { MemorySql } from '../support/sql.ts';

vi.mock('cloudflare:workers', () => ({ DurableObject: class {} }));

const { Pool } = await import('../../worker/pool.ts');

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const startPool = (sql = new MemorySql()): PoolObject => {
  const storage = { sql: sql.binding };
  return new Pool({ storage } as unknown as DurableObjectState, {});
};

const hour = 3_600_000;
const soon = () => Date.now() + hour;
const value = new Uint8Array([1, 2, 3]);

/** A claim that waits, and what becomes of it. */
const waitFor = (pool: PoolObject, holder: string) => {
  const given = vi.fn();
  void pool.claim('k', 0, holder).then(given);
  return given;
};

const settled = () => vi.advanceTimersByTimeAsync(0);

describe('facts that are shared', () => {
  const fact = (key: string, rank = 1): [string, number, number, string] => [
    key,
    rank,
    soon(),
    `${key}${rank}`,
  ];

  test('are told to who asks', () => {
    const pool = startPool();
    pool.share([fact('a'), fact('b')]);
    expect(pool.facts()).toEqual([fact('a'), fact('b')]);
  });

  test('outlast the object, those of the highest rank', () => {
    const sql = new MemorySql();
    const pool = startPool(sql);
    pool.share([fact('a', 1), fact('b', 1)]);
    pool.share([fact('a', 2)]);
    expect(startPool(sql).facts()).toEqual([fact('a', 2), fact('b', 1)]);
  });

  test('are forgotten in the database too when they have expired', () => {
    const sql = new MemorySql();
    const pool = startPool(sql);
    pool.share([fact('a')]);
    vi.advanceTimersByTime(hour);
    expect(pool.facts()).toEqual([]);
    const news = fact('b');
    pool.share([news]);
    expect(sql.exec('SELECT key FROM facts').raw()).toEqual([['b']]);
  });
});

describe('a value', () => {
  test('is given at once to whom it outlasts', async () => {
    const pool = startPool();
    const expires = soon();
    pool.settle('k', value, expires);
    expect(await pool.claim('k', expires - 1, 'one')).toEqual(value);
  });

  test('that does not last long enough is to be made anew', async () => {
    const pool = startPool();
    const expires = soon();
    pool.settle('k', value, expires);
    expect(await pool.claim('k', expires, 'one')).toBeNull();
  });

  test('that has expired is given to nobody, whatever is asked for', async () => {
    const pool = startPool();
    pool.settle('k', value, soon());
    vi.advanceTimersByTime(hour);
    expect(await pool.claim('k', 0, 'one')).toBeNull();
  });

  test('that is erased is to be made anew', async () => {
    const pool = startPool();
    pool.settle('k', value, soon());
    pool.erase('k');
    expect(await pool.claim('k', 0, 'one')).toBeNull();
  });

  test('that is settled goes to those who wait, and is kept', async () => {
    const pool = startPool();
    expect(await pool.claim('k', 0, 'one')).toBeNull();
    const next = waitFor(pool, 'two');
    pool.settle('k', value, soon(), 'one');
    await settled();
    expect(next).toHaveBeenCalledExactlyOnceWith(value);
    expect(await pool.claim('k', 0, 'three')).toEqual(value);
  });
});

test('a claim that is released falls to the next', async () => {
  const pool = startPool();
  expect(await pool.claim('k', 0, 'one')).toBeNull();
  const next = waitFor(pool, 'two');
  pool.release('k', 'one');
  await settled();
  expect(next).toHaveBeenCalledExactlyOnceWith(null);
});

/** A database that is full: it takes nothing in. */
const fill = (sql: MemorySql): void => {
  const exec = sql.exec.bind(sql);
  vi.spyOn(sql, 'exec').mockImplementation((query, ...values) => {
    if (query.startsWith('INSERT')) throw new Error('disk full');
    return exec(query, ...values);
  });
};

const broken: [string, boolean, Uint8Array, () => number][] = [
  ['too large', false, new Uint8Array(bounds.poolValueBytes + 1), soon],
  ['without an expiry', false, new Uint8Array(1), () => Number.NaN],
  ['that the database refuses', true, new Uint8Array(1), soon],
];

test.for(broken)(
  'a claim that is settled with a value %s is given back at once',
  async ([, isFull, bytes, expires]) => {
    const sql = new MemorySql();
    const pool = startPool(sql);
    if (isFull) fill(sql);
    expect(await pool.claim('k', 0, 'one')).toBeNull();
    const next = waitFor(pool, 'two');
    expect(() => pool.settle('k', bytes, expires(), 'one')).toThrow();
    await settled();
    expect(next).toHaveBeenCalledExactlyOnceWith(null);
  },
);

test('a claim that another settles with a broken value stays with its holder', async () => {
  const pool = startPool();
  expect(await pool.claim('k', 0, 'one')).toBeNull();
  const next = waitFor(pool, 'two');
  expect(() => pool.settle('k', new Uint8Array(1), Number.NaN, 'stranger')).toThrow();
  await settled();
  expect(next).not.toHaveBeenCalled();
});
