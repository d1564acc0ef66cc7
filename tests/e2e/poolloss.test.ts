// The object that isolates share through, where it is a help and where it is lost.
import { beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { ask, askTimes, callsOf, failed, served, tokenCalls, told } from '../support/chat.ts';
import { type Rondo, startGoogle, startPair } from '../support/rondo.ts';

const one = 'sim-account-1';
const two = 'sim-account-2';
const stateKey = 'state:v1';

let google: GoogleStub;
let first: Rondo;
let second: Rondo;

async function startTwo(accounts: number): Promise<void> {
  google = await startGoogle();
  google.addServiceAccounts(accounts);
  [first, second] = await startPair({ vars: google.vars(), pool: true });
}

const factKeys = async (): Promise<string[]> =>
  ((await first.pool('facts')) as unknown as [string][]).map(([key]) => key);

describe('what one isolate finds, the other skips within a second', () => {
  beforeEach(() => startTwo(2));

  test('a minute of which 20 s are left, though it has served before', async () => {
    await second.stopClock();
    await askTimes(second, 2);
    google.fault({ credential: one }, { kind: 'minute', seconds: 20 });
    await askTimes(first, 1);
    await second.advance(1000);
    const next = async () => {
      await askTimes(second, 2);
      return served(google).slice(-2);
    };
    await expect.poll(next).toEqual([two, two]);
  });

  test('a dead grant', async () => {
    google.revoke(one);
    await askTimes(first, 1);
    await askTimes(second, 2);
    expect(tokenCalls(google, one)).toBe(1);
    expect(served(google)).toEqual([two, two, two]);
  });

  test('and that it works again', async () => {
    // In this order, so that what is over for the first is so for the second.
    for (const rondo of [first, second]) await rondo.stopClock();
    google.fault({ credential: one }, { kind: 'minute', seconds: 90 });
    await askTimes(first, 1);
    await askTimes(second, 2);
    expect(served(google).slice(2)).toEqual([two, two]);
    await second.advance(90_000);
    await askTimes(second, 2);
    expect(served(google).slice(4).sort()).toEqual([one, two]);
  });

  test('and nothing of it is written to KV', async () => {
    google.fault({ credential: one }, 'day');
    await askTimes(first, 1);
    await expect.poll(async () => (await first.state()).openOps).toBe(0);
    expect(await factKeys()).toEqual([expect.stringContaining('cool|')]);
    expect(Object.keys(await first.kv())).not.toContain(stateKey);
  });
});

describe('a token', () => {
  beforeEach(() => startTwo(1));

  test('is minted once for all who ask for it at the same time', async () => {
    const gate = google.holdNext({ backend: 'oauth' });
    const asked = [first, second, first, second].map((rondo) => told(rondo.chat(ask())));
    await gate.reached;
    await expect.poll(async () => (await second.state()).openOps).toBeGreaterThan(0);
    gate.release();
    expect(await Promise.all(asked)).toEqual(Array(4).fill('You said: Hello'));
    expect(tokenCalls(google)).toBe(1);
  });

  test('that Google refuses is replaced, by each isolate once at most', async () => {
    await askTimes(first, 1);
    await askTimes(second, 1);
    google.revokeTokens(one);
    await Promise.all([first, second].map((rondo) => told(rondo.chat(ask()))));
    const minted = tokenCalls(google);
    expect(minted).toBeLessThanOrEqual(3);
    for (const rondo of [first, second]) await askTimes(rondo, 2);
    expect(tokenCalls(google)).toBe(minted);
  });

  test('lies in KV too, so that it outlives the object', async () => {
    await askTimes(first, 1);
    await expect.poll(async () => Object.keys(await first.kv())).toHaveLength(1);
    await first.evictPool();
    await askTimes(second, 1);
    expect(tokenCalls(google)).toBe(1);
  });
});

describe('an object that is lost', () => {
  beforeEach(() => startTwo(2));

  test('between requests comes back with what it was told', async () => {
    google.fault({ credential: one }, { kind: 'minute', seconds: 30 });
    await askTimes(first, 1);
    await first.evictPool();
    await askTimes(second, 2);
    expect(served(google)).toEqual([one, two, two, two]);
  });

  test('again and again under load fails nobody', async () => {
    google.fault({ credential: one }, { kind: 'minute', seconds: 2 }, 3);
    for (let round = 0; round < 5; round += 1) {
      const asked = [first, second, first, second].map((rondo) => told(rondo.chat(ask())));
      const lost = first.evictPool().catch(() => {});
      expect(await Promise.all(asked)).toEqual(Array(4).fill('You said: Hello'));
      await lost;
    }
  });
});

test('an object that cannot be asked fails nobody, and each isolate goes on by itself', async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
  const vars: Record<string, JsonObject | string> = { ...google.vars(), POOL: { no: 'object' } };
  [first, second] = await startPair({ vars });
  google.fault({ credential: one }, { kind: 'minute', seconds: 20 });
  for (const rondo of [first, second]) await askTimes(rondo, 2);
  expect(served(google)).toEqual([one, two, two, one, two]);
  google.fault({}, 'no-details', 2);
  await failed(first.chat(ask()));
  expect(callsOf(google)).toHaveLength(6);
});
