// How much a JSON text is, before anybody takes it apart.
import { describe, expect, test } from 'vitest';
import { countMembers, extentOf } from '../../worker/core/extent.ts';

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

describe('members of a name are counted', () => {
  const count = (json: string): number => countMembers(new TextEncoder().encode(json), 'a');

  test.for([
    ['{"a":1}', 1],
    ['{"b":"a","a" \n: 1}', 1],
    [String.raw`{"\u0061":1,"a":2}`, 2],
    ['{"b":{"a":1},"c":[{"a":1}],"d":"\\"a\\":"}', 0],
    ['["a"]', 0],
    ['[{"a":1}]', 0],
    ['{"aa":1,"A":1}', 0],
  ] as const)('in %s', ([json, found]) => {
    expect(count(json)).toBe(found);
  });
});
