// What a client's object keeps of entries, in a database of SQLite.
import { beforeEach, describe, expect, test } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { Entries, type NewEntry } from '../../worker/store/entries.ts';
import { MemorySql } from '../support/sql.ts';

const now = 1_000_000;
const later = now + 1000;
const value = new Uint8Array([1, 2, 3]);

let sql: MemorySql;
let entries: Entries;

beforeEach(() => {
  sql = new MemorySql();
  entries = new Entries(sql.binding);
});

const put = (id: string, more: Partial<NewEntry> = {}, at = now): boolean =>
  entries.put({ id, value, expires: later, ...more }, at);

/** One that ends with its list. */
const add = (id: string, list: string, more: Partial<NewEntry> = {}): boolean =>
  entries.put({ id, value, list, behind: list, ...more }, now);

const idsOf = (row: ReturnType<Entries['chain']>): string[] | string =>
  row === 'too much'
    ? row
    : 'missing' in row
      ? `no ${row.missing}`
      : row.entries.map(({ id }) => id);

const rows = (table: string) => sql.exec(`SELECT * FROM ${table}`).length;

test('an entry is given until it is over', () => {
  put('a');
  expect(entries.get('a', later - 1)).toEqual(value);
  expect(entries.get('a', later)).toBeUndefined();
});

test('an entry of several rows comes back as it was', () => {
  const large = new Uint8Array(2 * bounds.storeRowBytes + 7).map((_, at) => at % 251);
  put('a', { value: large });
  expect(rows('parts')).toBe(3);
  expect(Buffer.compare(entries.get('a', now) ?? value, large)).toBe(0);
});

test('no row is larger than the database takes', () => {
  put('a', { value: new Uint8Array(bounds.storeEntryBytes) });
  const sizes = sql.exec('SELECT LENGTH(value) AS size FROM parts').map(({ size }) => Number(size));
  expect(Math.max(...sizes)).toBeLessThan(2_000_000);
});

test('an entry takes the place of one with its name', () => {
  put('a', { value: new Uint8Array(bounds.storeRowBytes + 1) });
  put('a');
  expect(entries.get('a', now)).toEqual(value);
  expect([rows('entries'), rows('parts')]).toEqual([1, 1]);
});

test('an entry that is erased leaves nothing', () => {
  put('a');
  expect(entries.erase('a')).toBe(true);
  expect(entries.erase('a')).toBe(false);
  expect([rows('entries'), rows('parts')]).toEqual([0, 0]);
});

test('an object that comes back still knows its entries', () => {
  put('a');
  expect(new Entries(sql.binding).get('a', now)).toEqual(value);
});

describe('a chain', () => {
  beforeEach(() => {
    put('a');
    put('b', { previous: 'a' });
    put('c', { previous: 'b' });
  });

  test('is told from its beginning', () => {
    expect(idsOf(entries.chain('c', now))).toEqual(['a', 'b', 'c']);
  });

  test('that lacks one is told by what it lacks', () => {
    entries.erase('a');
    expect(idsOf(entries.chain('c', now))).toBe('no a');
  });

  test('that is too much is not told', () => {
    for (let i = 0; i < 3; i += 1) {
      put(`d${i}`, { previous: i ? `d${i - 1}` : 'c', value: new Uint8Array(6 * 1024 * 1024) });
    }
    expect(idsOf(entries.chain('d1', now))).toHaveLength(5);
    expect(idsOf(entries.chain('d2', now))).toBe('too much');
  });

  test('that runs in a circle ends', () => {
    put('x', { previous: 'y' });
    put('y', { previous: 'x' });
    expect(idsOf(entries.chain('x', now))).toBe('too much');
  });
});

describe('a list', () => {
  beforeEach(() => {
    put('list');
    for (const id of ['a', 'b']) add(id, 'list');
  });

  test('is told from its beginning', () => {
    expect(idsOf(entries.whole('list', now))).toEqual(['a', 'b']);
  });

  test('lasts as long as it is added to, with all that is in it', () => {
    add('c', 'list', { listExpires: later + 500 });
    expect(idsOf(entries.whole('list', later))).toEqual(['a', 'b', 'c']);
    expect(entries.get('a', later)).toEqual(value);
    expect(entries.get('a', later + 500)).toBeUndefined();
  });

  test('goes with all that is in it', () => {
    entries.erase('list');
    expect([rows('entries'), rows('parts')]).toEqual([0, 0]);
  });

  test('that is gone takes nothing', () => {
    entries.erase('list');
    expect(add('c', 'list')).toBe(false);
    expect(rows('entries')).toBe(0);
  });

  test('is gone on from by what came behind its last', () => {
    put('r', { behind: 'list' });
    expect(idsOf(entries.chain('r', now))).toEqual(['a', 'b', 'r']);
  });
});

describe('a list that goes, with entries behind its own,', () => {
  beforeEach(() => {
    put('list');
    add('items_0', 'list');
    // Two turns that are kept by themselves too, and one that isn't.
    for (const turn of ['A', 'B', 'C']) {
      if (turn !== 'B') put(`resp_${turn}`, { behind: 'list' });
      add(`items_${turn}`, 'list');
    }
    put('resp_D', { behind: 'list' });
  });

  test('leaves them a chain of what is left', () => {
    expect(idsOf(entries.chain('resp_C', now))).toEqual([
      'items_0',
      'items_A',
      'items_B',
      'resp_C',
    ]);
    entries.erase('list');
    expect(idsOf(entries.chain('resp_D', now))).toEqual(['resp_A', 'resp_C', 'resp_D']);
    expect(idsOf(entries.chain('resp_A', now))).toEqual(['resp_A']);
  });

  test('leaves out what had gone before it', () => {
    entries.erase('resp_C');
    entries.erase('list');
    expect(idsOf(entries.chain('resp_D', now))).toEqual(['resp_A', 'resp_D']);
  });
});

describe('a page', () => {
  beforeEach(() => {
    for (const id of ['a', 'b', 'c']) put(id, { list: 'all' });
    put('other');
  });

  test('is told in either order, from behind an entry', () => {
    expect(idsOf(entries.page('all', undefined, 'asc', 2, now))).toEqual(['a', 'b']);
    expect(idsOf(entries.page('all', 'b', 'asc', 2, now))).toEqual(['c']);
    expect(idsOf(entries.page('all', undefined, 'desc', 2, now))).toEqual(['c', 'b']);
    expect(idsOf(entries.page('all', 'b', 'desc', 2, now))).toEqual(['a']);
  });

  test('behind an entry that is not there tells so', () => {
    expect(idsOf(entries.page('all', 'x', 'asc', 2, now))).toBe('no x');
  });
});

test('what is over goes, and the next end is told', () => {
  put('a');
  put('b', { expires: later + 100 });
  add('a1', 'a');
  expect(entries.expire(later)).toBe(later + 100);
  expect([rows('entries'), rows('parts')]).toEqual([1, 1]);
  expect(entries.expire(later + 100)).toBeUndefined();
});

describe('when there is too much', () => {
  const most = 5;
  const large = new Uint8Array(1000);

  beforeEach(() => {
    entries = new Entries(sql.binding, { entries: 1000, bytes: most * large.length });
  });

  test('in number, the oldest goes too', () => {
    entries = new Entries(sql.binding, { entries: 2, bytes: 1000 });
    for (const id of ['a', 'b', 'c']) put(id);
    expect(sql.exec('SELECT id FROM entries').raw()).toEqual([['b'], ['c']]);
  });

  test('the oldest goes', () => {
    for (let i = 0; i <= most; i += 1) put(`e${i}`, { value: large });
    expect(entries.get('e0', now)).toBeUndefined();
    expect(entries.get('e1', now)).toBeDefined();
    expect(rows('entries')).toBe(most);
  });

  test('what ends by itself goes too, also for another one of its list', () => {
    entries = new Entries(sql.binding, { entries: 2, bytes: 1000 });
    put('other');
    for (const id of ['a', 'b', 'c']) put(id, { list: 'completions' });
    expect(sql.exec('SELECT id FROM entries').raw()).toEqual([['b'], ['c']]);
  });

  test('a list goes as a whole, and not the one that is added to', () => {
    put('old');
    put('list');
    add('a', 'list', { value: large });
    for (let i = 2; i <= most; i += 1) put(`e${i}`, { value: new Uint8Array(990) });
    add('b', 'list', { value: large });
    expect(entries.get('old', now)).toBeUndefined();
    expect(idsOf(entries.whole('list', now))).toEqual(['a', 'b']);
    put('new', { value: large });
    expect(idsOf(entries.whole('list', now))).toBe('no list');
    expect(sql.exec("SELECT id FROM entries WHERE list = 'list'")).toHaveLength(0);
  });
});

test('the list that an entry comes behind does not go to make room for it', () => {
  entries = new Entries(sql.binding, { entries: 4, bytes: 1000 });
  put('list');
  add('a', 'list');
  put('old');
  put('older than the new one');
  put('r', { behind: 'list' });
  expect(add('b', 'list')).toBe(true);
  expect(entries.get('old', now)).toBeUndefined();
  expect(idsOf(entries.whole('list', now))).toEqual(['a', 'b']);
  expect(idsOf(entries.chain('r', now))).toEqual(['a', 'r']);
});

describe('what is none is refused:', () => {
  const refused: [string, Partial<NewEntry>][] = [
    ['a name that is too long', { id: 'i'.repeat(bounds.storeIdChars + 1) }],
    ['no name', { id: '' }],
    ['a value that is too large', { value: new Uint8Array(bounds.storeEntryBytes + 1) }],
    ['a value that is no bytes', { value: 'text' as unknown as Uint8Array }],
    ['an end that is no time', { expires: Number.NaN }],
    ['no end', { expires: undefined }],
  ];
  test.for(refused)('%s', ([, more]) => {
    expect(() => put('a', more)).toThrow(TypeError);
    expect(rows('entries')).toBe(0);
  });
});
