// What the object keeps of values, in a database of SQLite.
import { beforeEach, describe, expect, test } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { Values } from '../../worker/pool/values.ts';
import { MemorySql } from '../support/sql.ts';

const now = 1_000_000;
const value = new Uint8Array([1, 2, 3]);

let sql: MemorySql;
let values: Values;

beforeEach(() => {
  sql = new MemorySql();
  values = new Values(sql.binding);
});

const kept = () => sql.exec('SELECT key FROM vals ORDER BY key').map(({ key }) => key);

test('a value is given to whom it outlasts', () => {
  values.put('k', value, now + 100, now);
  expect(values.get('k', now + 99)).toEqual(value);
  expect(values.get('k', now + 100)).toBeUndefined();
});

test('a value is nobody’s under another key', () => {
  values.put('k', value, now + 100, now);
  expect(values.get('other', now)).toBeUndefined();
});

test('a value takes the place of the one before', () => {
  values.put('k', value, now + 100, now);
  values.put('k', new Uint8Array([9]), now + 50, now);
  expect(values.get('k', now)).toEqual(new Uint8Array([9]));
  expect(values.get('k', now + 60)).toBeUndefined();
});

test('a value that is erased is gone, and the others stay', () => {
  for (const key of ['a', 'b']) values.put(key, value, now + 100, now);
  values.erase('a');
  expect(kept()).toEqual(['b']);
});

test('an object that comes back still knows its values', () => {
  values.put('k', value, now + 100, now);
  expect(new Values(sql.binding).get('k', now)).toEqual(value);
});

test('what has expired goes with the next value', () => {
  values.put('old', value, now + 100, now);
  values.put('older', value, now + 99, now);
  values.put('alive', value, now + 101, now);
  values.put('new', value, now + 500, now + 100);
  expect(kept()).toEqual(['alive', 'new']);
});

test('when there are too many values, those go that expire first', () => {
  for (let i = 0; i < bounds.poolValues; i += 1) values.put(`k${i}`, value, now + 1000 - i, now);
  expect(kept()).toHaveLength(bounds.poolValues);
  values.put('late', value, now + 5000, now);
  expect(kept()).toHaveLength(bounds.poolValues);
  expect(values.get('late', now)).toEqual(value);
  expect(values.get(`k${bounds.poolValues - 1}`, now)).toBeUndefined();
  expect(values.get('k0', now)).toEqual(value);
});

describe('what can be kept is', () => {
  test.for([
    ['a key of the most characters', 'k'.repeat(bounds.poolKeyChars), value],
    ['a value of the most bytes', 'k', new Uint8Array(bounds.poolValueBytes)],
  ] as const)('%s', ([, key, bytes]) => {
    values.put(key, bytes, now + 100, now);
    expect(values.get(key, now)).toEqual(bytes);
  });
});

describe('a value is refused', () => {
  const tooLarge = `a value is not of at most ${bounds.poolValueBytes} bytes`;
  const refused: [string, unknown, unknown, unknown, string][] = [
    ['under a key that is too long', 'k'.repeat(bounds.poolKeyChars + 1), value, 1, 'no such key'],
    ['under a key that is no text', 7, value, now + 1, 'no such key'],
    ['that is too large', 'k', new Uint8Array(bounds.poolValueBytes + 1), now + 1, tooLarge],
    ['that is no bytes', 'k', 'text', now + 1, tooLarge],
    ['whose expiry is no number', 'k', value, Number.NaN, 'an expiry is not a whole number'],
    ['whose expiry is no whole number', 'k', value, now + 0.5, 'an expiry is not a whole number'],
  ];

  test.for(refused)('%s', ([, key, bytes, expires, message]) => {
    const put = () => values.put(key as string, bytes as Uint8Array, expires as number, now);
    expect(put).toThrow(new TypeError(message));
    expect(kept()).toEqual([]);
  });
});
