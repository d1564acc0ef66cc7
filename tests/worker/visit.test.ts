// A client's request, from its coming to its end.
import { expect, test, vi } from 'vitest';
import { Budget } from '../../worker/core/budget.ts';
import { Visit } from '../../worker/core/visit.ts';
import { cutShort, errorResponse } from '../../worker/errors.ts';

const startVisit = (client = new AbortController()) => {
  const budget = new Budget(100);
  const kept = vi.fn();
  const over = vi.fn();
  const waitUntil = (promise: Promise<unknown>) => {
    kept(promise);
    void promise.then(over);
  };
  const visit = new Visit(budget.allowance(), client.signal, waitUntil, errorResponse);
  return { client, budget, kept, over, visit };
};

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the runtime waits for its end, from its beginning', async () => {
  const { visit, kept, over } = startVisit();
  expect(kept).toHaveBeenCalledOnce();
  await settled();
  expect(over).not.toHaveBeenCalled();
  visit.end();
  await settled();
  expect(over).toHaveBeenCalledOnce();
});

test('what it holds is given back at its end', () => {
  const { visit, budget } = startVisit();
  visit.allowance.growTo(60);
  visit.end();
  expect(budget.taken).toBe(0);
});

test('its client leaves once, and that ends what it waits for now', () => {
  const { client, visit } = startVisit();
  const [before, now] = [vi.fn(), vi.fn()];
  visit.onLeave(before);
  visit.onLeave(now);
  expect(visit.hasLeft).toBe(false);
  client.abort();
  expect(visit.hasLeft).toBe(true);
  expect(before).not.toHaveBeenCalled();
  expect(now).toHaveBeenCalledOnce();
});

test('its client may leave while it waits for nothing', () => {
  const { client, visit } = startVisit();
  client.abort();
  expect(visit.hasLeft).toBe(true);
});

test('its client may have left before it came', () => {
  const client = new AbortController();
  client.abort();
  expect(startVisit(client).visit.hasLeft).toBe(true);
});

test('one that is refused is over', async () => {
  const { visit, budget, over } = startVisit();
  visit.allowance.growTo(60);
  expect(visit.refuse(cutShort).status).toBe(400);
  await settled();
  expect(budget.taken).toBe(0);
  expect(over).toHaveBeenCalledOnce();
});
