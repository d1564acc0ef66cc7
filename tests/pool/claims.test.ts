import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bounds } from '../../worker/core/bounds.ts';
import { Claims } from '../../worker/pool/claims.ts';

const value = Buffer.from('value');
const expires = 1000;
const { poolHoldMs: holdMs, poolPatienceMs: patienceMs, poolWaiters } = bounds;

/** Asks, and shows what has come of it: a value, null, or nothing yet. */
const ask = (claims: Claims, { key = 'k', beyond = 0, name = 'one' } = {}) => {
  const asker: { got?: Uint8Array | null } = {};
  void claims.ask(key, beyond, name).then((given) => {
    asker.got = given;
  });
  return asker;
};

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const settled = () => pass(0);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('the first who asks gets the claim, and others wait', async () => {
  const claims = new Claims();
  const [first, second] = [ask(claims), ask(claims)];
  await settled();
  expect([first.got, second.got]).toEqual([null, undefined]);
});

test('claims on different keys keep nobody out', async () => {
  const claims = new Claims();
  const askers = ['a', 'b'].map((key) => ask(claims, { key }));
  await settled();
  expect(askers.map(({ got }) => got)).toEqual([null, null]);
});

describe('a value that is settled', () => {
  test('goes to all who wait', async () => {
    const claims = new Claims();
    const [, ...others] = [ask(claims), ask(claims), ask(claims)];
    claims.settle('k', value, expires, 'one');
    await settled();
    expect(others.map(({ got }) => got)).toEqual([value, value]);
  });

  test('frees the claim', async () => {
    const claims = new Claims();
    ask(claims);
    claims.settle('k', value, expires, 'one');
    const next = ask(claims);
    await settled();
    expect(next.got).toBeNull();
  });

  test('does not go to one who needs it for longer: the claim does', async () => {
    const claims = new Claims();
    ask(claims);
    const [patient, served] = [ask(claims, { beyond: expires }), ask(claims, { beyond: 999 })];
    claims.settle('k', value, expires, 'one');
    await settled();
    expect([patient.got, served.got]).toEqual([null, value]);
  });

  test('without a claim is nothing to anybody', () => {
    const claims = new Claims();
    claims.settle('k', value, expires, 'one');
    claims.release('k', 'one');
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a claim that is released', () => {
  test('falls to the one who has waited longest, and to nobody else', async () => {
    const claims = new Claims();
    const [, second, third] = [ask(claims), ask(claims), ask(claims)];
    claims.release('k', 'one');
    await settled();
    expect([second.got, third.got]).toEqual([null, undefined]);
    claims.settle('k', value, expires, 'one');
    await settled();
    expect(third.got).toEqual(value);
  });

  test('is free when nobody waits', async () => {
    const claims = new Claims();
    ask(claims);
    claims.release('k', 'one');
    expect(vi.getTimerCount()).toBe(0);
    const next = ask(claims);
    await settled();
    expect(next.got).toBeNull();
  });
});

describe('a claim that is not the caller’s', () => {
  test('is not released by it', async () => {
    const claims = new Claims();
    const [, second] = [ask(claims, { name: 'one' }), ask(claims, { name: 'two' })];
    claims.release('k', 'two');
    claims.release('k', 'nobody');
    claims.release('k', undefined);
    await settled();
    expect(second.got).toBeUndefined();
    claims.release('k', 'one');
    await settled();
    expect(second.got).toBeNull();
  });

  test('is not released by the one who held it before', async () => {
    const claims = new Claims();
    ask(claims, { name: 'one' });
    const [second, third] = [ask(claims, { name: 'two' }), ask(claims, { name: 'three' })];
    await pass(holdMs);
    expect(second.got).toBeNull();
    claims.release('k', 'one');
    await settled();
    expect(third.got).toBeUndefined();
    claims.release('k', 'two');
    await settled();
    expect(third.got).toBeNull();
  });

  test('stays when another settles, and whom that value serves has it', async () => {
    const claims = new Claims();
    ask(claims, { name: 'one' });
    const served = ask(claims, { name: 'two' });
    const patient = ask(claims, { name: 'three', beyond: expires });
    claims.settle('k', value, expires, 'stranger');
    await settled();
    expect([served.got, patient.got]).toEqual([value, undefined]);
    claims.release('k', 'one');
    await settled();
    expect(patient.got).toBeNull();
  });
});

test('more than a thousand do not wait for one claim', async () => {
  const claims = new Claims();
  ask(claims);
  const waiting = Array.from({ length: poolWaiters }, () => ask(claims));
  const tooMany = ask(claims, { name: 'late' });
  await settled();
  expect(tooMany.got).toBeNull();
  expect(waiting.filter(({ got }) => got !== undefined)).toEqual([]);
});

describe('one who has a claim and is not heard of again', () => {
  test('keeps it for its time', async () => {
    const claims = new Claims();
    ask(claims);
    await pass(holdMs - 1);
    const second = ask(claims);
    await settled();
    expect(second.got).toBeUndefined();
  });

  test('loses it then, to the next who waits', async () => {
    const claims = new Claims();
    const [, second, third] = [ask(claims), ask(claims), ask(claims)];
    await pass(holdMs);
    expect([second.got, third.got]).toEqual([null, undefined]);
  });

  test('loses it then, also when nobody waits', async () => {
    const claims = new Claims();
    ask(claims);
    await pass(holdMs);
    const second = ask(claims);
    await settled();
    expect(second.got).toBeNull();
  });

  test('is survived by the next for a whole time', async () => {
    const claims = new Claims();
    ask(claims);
    await pass(holdMs - 1);
    const [second, third] = [ask(claims), ask(claims)];
    await pass(1);
    expect(second.got).toBeNull();
    await pass(holdMs - 1);
    expect(third.got).toBeUndefined();
    await pass(1);
    expect(third.got).toBeNull();
  });
});

test('nobody waits for longer than patience lasts', async () => {
  const claims = new Claims();
  const [, , third] = [ask(claims), ask(claims), ask(claims)];
  await pass(patienceMs - 1);
  expect(third.got).toBeUndefined();
  await pass(1);
  expect(third.got).toBeNull();
});

test('one whose patience is over does not get the claim as well', async () => {
  const claims = new Claims();
  ask(claims);
  const gone = [ask(claims), ask(claims)];
  await pass(patienceMs);
  expect(gone.map(({ got }) => got)).toEqual([null, null]);
  const next = ask(claims);
  claims.release('k', 'one');
  await settled();
  expect(next.got).toBeNull();
});

test('a claim is held no longer than ten seconds, and less than patience lasts', () => {
  expect(holdMs).toBeLessThan(patienceMs);
  expect(patienceMs).toBe(10_000);
});
