// How much a JSON text is, before anybody takes it apart.
import { describe, expect, test } from 'vitest';
import { extentOf } from '../../worker/memory/extent.ts';

const extent = (json: string) => extentOf(new TextEncoder().encode(json));

describe('an extent', () => {
  test.for([
    ['1', 0, 1],
    ['[1,2,3]', 1, 4],
    ['{"a":[{"b":1},2]}', 3, 5],
    ['{"a":"[[,,]]","b":"{{"}', 1, 3],
    [String.raw`["\\",["\"[["],"\\\"["]`, 2, 5],
    ['["[[[[', 1, 2],
    [String.raw`"\ `.trim(), 0, 1],
    ['', 0, 1],
  ] as const)('of %s is %i levels and at most %i values', ([json, levels, values]) => {
    const found = extent(json);
    expect(found.levels).toBe(levels);
    expect(found.values).toBeGreaterThanOrEqual(values);
    expect(found.values).toBeLessThanOrEqual(2 * values);
  });

  test('never tells fewer values than a parser makes', () => {
    const countOf = (value: unknown): number =>
      typeof value === 'object' && value !== null
        ? Object.values(value).reduce<number>((sum, each) => sum + countOf(each), 1)
        : 1;
    for (const json of ['[[],{}]', '[[1],[2,[]],{"a":{}}]', ' { "a" : [ "," , "\\"" ] } ']) {
      expect(extent(json).values).toBeGreaterThanOrEqual(countOf(JSON.parse(json)));
    }
  });
});
