import { describe, expect, it } from 'vitest';
import type { Sample } from '../../scripts/bench/measure.ts';
import { report } from '../../scripts/bench/report.ts';
import { type Row, rows } from '../../scripts/bench/rows.ts';
import { median, quantile, spread } from '../../scripts/bench/statistics.ts';

const sampleOf = (cpu: number): Sample => ({
  cpu,
  perSecond: 100,
  peak: 2e6,
  timings: [{ firstByte: 1, whole: 2, bytes: 3 }],
});

describe('statistics', () => {
  it('takes the middle of an odd number of values, and between two of an even one', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
  });

  it('interpolates between the values around a share', () => {
    expect(quantile([0, 10], 0.25)).toBe(2.5);
    expect(quantile([5], 0.99)).toBe(5);
  });

  it('tells the range beside the middle', () => {
    expect(spread([2, 9, 4])).toEqual({ middle: 4, least: 2, most: 9 });
  });
});

describe('the report', () => {
  const [first] = rows;
  if (!first) throw new Error('there are no rows');
  const figuresOf = (
    rondo: readonly number[],
    floor: readonly number[],
    pump = floor,
    row: Row = first,
  ) => ({
    rounds: rondo.length,
    rows: [
      {
        row,
        samples: {
          floor: floor.map(sampleOf),
          pump: pump.map(sampleOf),
          rondo: rondo.map(sampleOf),
        },
      },
    ],
    cold: {},
    memory: [],
  });

  it('compares within each round, so that a slow one changes nothing', () => {
    expect(report(figuresOf([2, 20, 2.2], [1, 10, 1]))).toContain('2.00 (2.00–2.20)');
  });

  it('says whether the goal is met', () => {
    const row: Row = { ...first, goal: { times: 1.5, of: 'floor' } };
    expect(report(figuresOf([1.5], [1], [9], row))).toContain('| ≤ 1.5 | met |');
    expect(report(figuresOf([1.6], [1], [9], row))).toContain('| ≤ 1.5 | **missed** |');
  });

  it('compares with the pump where that is the goal', () => {
    const row: Row = { ...first, goal: { times: 1.1, of: 'pump' } };
    expect(report(figuresOf([3.3], [1], [3], row))).toContain('| ≤ 1.1 × through WASM | met |');
    expect(report(figuresOf([3.4], [1], [3], row))).toContain('| **missed** |');
  });

  it('takes a null Worker of the same round off a cold start, its first chat apart', () => {
    const of = (...all: [start: number, chat: number][]) =>
      all.map(([start, chat]) => ({ start, chat, chatOfLast: chat / 2 }));
    const cold = {
      null: of([90, 1], [110, 2]),
      floor: of([95, 3], [115, 4]),
      pump: of([100, 3], [120, 4]),
      rondo: of([119, 7], [139, 8.5]),
    };
    const text = report({ ...figuresOf([1], [1]), cold });
    expect(text).toContain('29.0 ms (29.0–29.0) | ≤ 29 ms | met');
    expect(text).toContain('6.3 ms (6.0–6.5) | ≤ 6 ms | **missed**');
    expect(text).toContain('35.3 ms (35.0–35.5) | ≤ 35 ms | **missed**');
    expect(text).toContain('3.1 ms (3.0–3.3) | ≤ 6 ms | met');
  });

  it('judges the most that the module took of memory', () => {
    const figures = figuresOf([1], [1]);
    expect(report({ ...figures, memory: [9e6, 128e6] })).toContain('| 128.0 MB | ≤ 128 MB | met |');
    expect(report({ ...figures, memory: [129e6, 9e6] })).toContain('| **missed** |');
    expect(report(figures)).not.toContain('≤ 128 MB');
  });
});
