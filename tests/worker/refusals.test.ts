// Requests that are refused before the module sees them, as an isolate counts them.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { Log } from '../../worker/core/log.ts';
import { overloaded, unknownUrl } from '../../worker/errors.ts';
import type { Pool } from '../../worker/pool.ts';
import { Refusals } from '../../worker/refusals.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

type Row = [at: number, key: string, numbers: number[]];

/** The object, as far as it sums what it is told. */
function startObject() {
  const rows: Row[] = [];
  const count = vi.fn(async (told: string) => void rows.push(...(JSON.parse(told) as Row[])));
  const counts = vi.fn(async () => {
    const totals = new Map<string, number>();
    for (const [, key, [number = 0]] of rows) totals.set(key, (totals.get(key) ?? 0) + number);
    return JSON.stringify({ totals: [...totals].map(([key, number]) => [0, key, [number]]) });
  });
  const namespace = { getByName: () => ({ count, counts }) };
  return { rows, count, counts, namespace: namespace as unknown as DurableObjectNamespace<Pool> };
}

const start = (namespace?: DurableObjectNamespace<Pool>) =>
  new Refusals(namespace, new Log('warn'));
const linesOf = async (refusals: Refusals) =>
  (await refusals.text()).split('\n').filter((line) => line.startsWith('rondo_'));

test('an isolate without the object tells its own, by status and code', async () => {
  const refusals = start();
  for (const failure of [overloaded, overloaded, unknownUrl('GET', '/v1/none')]) {
    await refusals.count(failure);
  }
  expect(await linesOf(refusals)).toEqual([
    'rondo_refusals_total{status="404",code="unknown_url"} 1',
    'rondo_refusals_total{status="503",code="overloaded"} 2',
  ]);
});

test('whoever is refused time and again costs no call of the object each time', async () => {
  const { count, rows, namespace } = startObject();
  const refusals = start(namespace);
  for (let time = 0; time < 100; time += 1) await refusals.count(overloaded);
  expect(count).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(bounds.refusalsToldMs);
  await refusals.count(overloaded);
  expect(rows.map(([, , [number]]) => number)).toEqual([1, 100]);
});

test('isolates tell the sum of theirs, and nothing of what else the object sums', async () => {
  const { rows, namespace } = startObject();
  rows.push([0, 'requests\tg\tme\t200\tchat', [7]]);
  await start(namespace).count(overloaded);
  const other = start(namespace);
  await other.count(overloaded);
  expect(await linesOf(other)).toEqual(['rondo_refusals_total{status="503",code="overloaded"} 2']);
});

test('what the object did not take it is told again, and meanwhile no smaller sum is', async () => {
  const { count, counts, namespace } = startObject();
  const refusals = start(namespace);
  count.mockRejectedValueOnce(new Error('the object is gone'));
  await refusals.count(overloaded);
  counts.mockRejectedValueOnce(new Error('the object is gone'));
  expect(await refusals.text()).toBe('');
  expect(await linesOf(refusals)).toEqual([
    'rondo_refusals_total{status="503",code="overloaded"} 1',
  ]);
});
