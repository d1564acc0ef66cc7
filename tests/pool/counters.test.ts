// Sums by minute and key, around a database of SQLite.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Counters, type Row } from '../../worker/pool/counters.ts';
import { MemorySql } from '../support/sql.ts';

const minute = 60_000;
const quarter = 15 * minute;
const hour = 60 * minute;
const day = 24 * hour;
const noon = Date.UTC(2026, 10, 29, 12);

beforeEach(() => vi.useFakeTimers({ now: noon }));
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

interface Told {
  readonly since: number;
  readonly totals?: Row[];
  readonly minutes?: Row[];
  readonly quarters?: Row[];
}

function start(sql = new MemorySql()) {
  const counters = new Counters(sql.binding);
  return {
    add: (rows: unknown, now = Date.now()) => counters.add(JSON.stringify(rows), now),
    tell: (span: 'totals' | 'hour' | 'day', now = Date.now()) =>
      JSON.parse(counters.tell(span, now)) as Told,
  };
}

const writes = (sql: MemorySql) => vi.spyOn(sql, 'exec');

describe('sums', () => {
  test('add up by place, over all who tell', () => {
    const { add, tell } = start();
    add([[noon, 'k', [1, 2]]]);
    add([[noon, 'k', [10, 0, 5]]]);
    expect(tell('hour').minutes).toEqual([[noon, 'k', [11, 2, 5]]]);
  });

  test('are kept by the minute and by the quarter of an hour', () => {
    const { add, tell } = start();
    add([
      [noon - 2 * minute, 'k', [1]],
      [noon - 3 * minute, 'k', [2]],
    ]);
    expect(tell('hour').minutes).toHaveLength(2);
    expect(tell('day').quarters).toEqual([[noon - quarter, 'k', [3]]]);
  });

  test('at 0 are of all time, since the first was told', () => {
    const { add, tell } = start();
    expect(tell('totals')).toEqual({ since: noon, totals: [] });
    add([[0, 'k', [1]]]);
    add([[0, 'k', [1]]], noon + 3 * day);
    expect(tell('totals', noon + 3 * day)).toEqual({ since: noon, totals: [[0, 'k', [2]]] });
  });

  test('tell the span alone that is asked for', () => {
    const { tell } = start();
    expect(Object.keys(tell('hour'))).toEqual(['since', 'minutes']);
    expect(Object.keys(tell('day'))).toEqual(['since', 'quarters']);
  });

  test('are dropped when they are too old to be shown', () => {
    const { add, tell } = start();
    add([[noon, 'k', [1]]]);
    expect(tell('hour', noon + hour).minutes).toHaveLength(1);
    expect(tell('hour', noon + hour + minute).minutes).toEqual([]);
    expect(tell('day', noon + day).quarters).toHaveLength(1);
    expect(tell('day', noon + day + quarter).quarters).toEqual([]);
  });

  test('of a time that lies ahead, or long ago, are not taken', () => {
    const { add, tell } = start();
    add([
      [noon + hour, 'k', [1]],
      [noon - 2 * day, 'k', [1]],
    ]);
    expect(tell('hour').minutes).toEqual([]);
    expect(tell('day').quarters).toEqual([]);
  });

  test.for<[string, unknown]>([
    ['a row without numbers', [noon, 'k']],
    ['a key that is no text', [noon, 5, [1]]],
    ['a key that is too long', [noon, 'k'.repeat(513), [1]]],
    ['a number below zero', [noon, 'k', [-1]]],
    ['a number that is not whole', [noon, 'k', [0.5]]],
    ['too many numbers', [noon, 'k', Array(65).fill(1)]],
    ['a text', 'row'],
  ])('leave out what is no row: %s', ([, row]) => {
    const { add, tell } = start();
    add([row, [noon, 'good', [1]]]);
    expect(tell('hour').minutes).toEqual([[noon, 'good', [1]]]);
  });

  test('take no more than two thousand rows of one call', () => {
    const { add, tell } = start();
    add(Array.from({ length: 2100 }, (_, at) => [at < 1000 ? 0 : noon, `k${at}`, [1]]));
    expect(tell('totals').totals).toHaveLength(1000);
    expect(tell('hour').minutes).toHaveLength(1000);
  });

  test('keep no more than two thousand keys of all time, and go on counting those', () => {
    const { add, tell } = start();
    for (let call = 0; call < 3; call += 1) {
      add(Array.from({ length: 1000 }, (_, at) => [0, `k${call}-${at}`, [1]]));
    }
    add([[0, 'k0-0', [1]]]);
    const { totals } = tell('totals');
    expect(totals).toHaveLength(2000);
    expect(totals?.[0]).toEqual([0, 'k0-0', [2]]);
  });

  test('give the oldest step up when there are too many rows', () => {
    const { add, tell } = start();
    for (let step = 4; step >= 0; step -= 1) {
      add(Array.from({ length: 1000 }, (_, at) => [noon - step * minute, `k${at}`, [1]]));
    }
    const steps = new Set(tell('hour').minutes?.map(([at]) => at));
    expect([...steps].sort()).toEqual([3, 2, 1, 0].map((step) => noon - step * minute));
  });
});

describe('what was counted', () => {
  test('outlasts the object', () => {
    const sql = new MemorySql();
    const { add } = start(sql);
    add([
      [noon, 'k', [1]],
      [0, 'k', [2]],
    ]);
    const next = start(sql);
    expect(next.tell('hour').minutes).toEqual([[noon, 'k', [1]]]);
    expect(next.tell('day').quarters).toEqual([[noon, 'k', [1]]]);
    expect(next.tell('totals')).toEqual({ since: noon, totals: [[0, 'k', [2]]] });
  });

  test('is written once in ten seconds, a row a step, however much is told', () => {
    const sql = new MemorySql();
    const { add } = start(sql);
    add([[0, 'k', [1]]]);
    const exec = writes(sql);
    for (let call = 0; call < 50; call += 1) {
      add([
        [noon, `k${call}`, [1]],
        [0, 'k', [1]],
      ]);
    }
    expect(exec).not.toHaveBeenCalled();
    add([[noon, 'k', [1]]], noon + 10_000);
    const inserted = exec.mock.calls.filter(([query]) => query.startsWith('INSERT'));
    expect(inserted).toHaveLength(3);
    expect(start(sql).tell('totals').totals).toEqual([[0, 'k', [51]]]);
  });

  test('is deleted from the database too when it is too old', () => {
    const sql = new MemorySql();
    const { add } = start(sql);
    add([[noon, 'k', [1]]]);
    const later = noon + 2 * day;
    add([[later, 'k', [1]]], later);
    const kept = sql.exec('SELECT at FROM counts WHERE span > 0').map(({ at }) => at);
    expect(kept).toEqual([later, later]);
  });
});
