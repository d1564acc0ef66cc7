// The object's own rules, apart from workerd and its database.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { Pool } from '../../worker/pool.ts';

vi.mock('cloudflare:workers', () => ({ DurableObject: class {} }));

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A database that holds nothing, and may fail. */
const startPool = (fails: () => boolean = () => false): Pool => {
  const exec = (query: string) => {
    if (fails() && query.startsWith('INSERT')) throw new Error('disk full');
    return Object.assign([], { raw: () => [] });
  };
  return new Pool({ storage: { sql: { exec } } } as unknown as DurableObjectState, {});
};

const hour = 3_600_000;
const soon = () => Date.now() + hour;

const broken: [string, () => boolean, Uint8Array, () => number][] = [
  ['too large', () => false, new Uint8Array(bounds.poolValueBytes + 1), soon],
  ['without an expiry', () => false, new Uint8Array(1), () => Number.NaN],
  ['that the database refuses', () => true, new Uint8Array(1), soon],
];

test.for(broken)(
  'a claim that is settled with a value %s is given back at once',
  async ([, fails, value, expires]) => {
    const pool = startPool(fails);
    expect(await pool.claim('k', 0, 'one')).toBeNull();
    const next = vi.fn();
    void pool.claim('k', 0, 'two').then(next);
    expect(() => pool.settle('k', value, expires(), 'one')).toThrow();
    await vi.advanceTimersByTimeAsync(0);
    expect(next).toHaveBeenCalledExactlyOnceWith(null);
  },
);

test('a claim that another settles with a broken value stays with its holder', async () => {
  const pool = startPool();
  expect(await pool.claim('k', 0, 'one')).toBeNull();
  const next = vi.fn();
  void pool.claim('k', 0, 'two').then(next);
  expect(() => pool.settle('k', new Uint8Array(1), Number.NaN, 'stranger')).toThrow();
  await vi.advanceTimersByTimeAsync(0);
  expect(next).not.toHaveBeenCalled();
});
