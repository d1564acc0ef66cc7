// What two isolates of one deployment tell each other, over KV and over the object.
import { beforeEach, describe, expect, test } from 'vitest';
import type { FaultKind } from '../../scripts/googlestub/faults.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, askTimes, callsOf, failed, served, tokenCalls } from '../support/chat.ts';
import { type Rondo, startGoogle, startPair } from '../support/rondo.ts';

const one = 'sim-account-1';
const two = 'sim-account-2';
const stateKey = 'state:v1';

let google: GoogleStub;
let first: Rondo;
let second: Rondo;

async function startTwo(options: { accounts: number; pool?: boolean }): Promise<void> {
  google = await startGoogle();
  google.addServiceAccounts(options.accounts);
  [first, second] = await startPair({ vars: google.vars(), pool: options.pool ?? false });
}

const stateOf = async (rondo: Rondo) => (await rondo.kv())[stateKey]?.value;

/** Waits for what the first isolate writes behind its answer. */
const stateWritten = () => expect.poll(() => stateOf(first)).toBeDefined();

/** Puts of the first isolate that were not for a token. */
const statePuts = async () => (await first.state()).kv.put - tokenCalls(google);

describe('over KV, an isolate that starts cold', () => {
  beforeEach(() => startTwo({ accounts: 2 }));

  const lasting: FaultKind[] = [
    'day',
    'forbidden',
    'not-found',
    'limit-zero',
    'service-disabled',
    'suspended',
    'iam-denied',
    'scope',
    'tos',
  ];

  test.for(lasting)('skips what another one found: "%s"', async (kind) => {
    google.fault({ credential: one }, kind);
    await askTimes(first, 1);
    await stateWritten();
    await askTimes(second, 2);
    expect(served(google).slice(2)).toEqual([two, two]);
  });

  test('skips a credential whose grant is dead', async () => {
    google.revoke(one);
    await askTimes(first, 1);
    await stateWritten();
    const asked = tokenCalls(google, one);
    await askTimes(second, 2);
    expect(tokenCalls(google, one)).toBe(asked);
    expect(served(google)).toEqual([two, two, two]);
  });

  const passing: FaultKind[] = ['minute', 'no-details', 'unavailable', 'unauthenticated'];

  test.for(passing)('hears nothing of what is soon over: "%s"', async (kind) => {
    google.fault({ credential: one }, kind);
    await askTimes(first, 3);
    await expect.poll(async () => (await first.state()).openOps).toBe(0);
    expect(await stateOf(first)).toBeUndefined();
  });

  test('takes a record that is damaged for none, and what is found next is written over it', async () => {
    await first.putKv(stateKey, '[["cool|');
    google.fault({ credential: one }, 'day');
    await askTimes(first, 1);
    await expect.poll(() => stateOf(first)).toContain('"day');
  });
});

describe('KV', () => {
  beforeEach(() => startTwo({ accounts: 2 }));

  test('is written for tokens alone while all goes well', async () => {
    await askTimes(first, 20);
    await expect.poll(async () => (await first.state()).openOps).toBe(0);
    expect((await first.state()).kv).toMatchObject({ put: 2, get: 3 });
  });

  test('is written once for changes that come together', async () => {
    google.fault({}, 'day', 2);
    await failed(first.chat(ask()));
    await stateWritten();
    await expect.poll(async () => (await first.state()).openOps).toBe(0);
    expect(await statePuts()).toBe(1);
    expect(JSON.parse((await stateOf(first)) ?? '')).toHaveLength(2);
  });

  test('holds no secret, and no token that can be read', async () => {
    await askTimes(first, 2);
    await expect.poll(async () => (await first.state()).openOps).toBe(0);
    const all = JSON.stringify(await first.kv());
    expect(all).not.toContain('ya29');
    expect(all).not.toContain('PRIVATE');
  });

  test.for(['throw', 'hang'] as const)('fails no request when its calls %s', async (fault) => {
    await first.stopClock();
    await first.breakKv(fault);
    google.fault({ credential: one }, 'day');
    const asked = askTimes(first, 3);
    // The record, and a token of each account: the patience with each ends after two seconds.
    for (const count of fault === 'hang' ? [1, 2, 3] : []) {
      await expect.poll(async () => (await first.state()).kvFaults.get).toBe(count);
      await first.advance(2000);
    }
    await asked;
    expect(served(google)).toEqual([one, two, two, two]);
  });
});

describe('over the object', () => {
  beforeEach(() => startTwo({ accounts: 2, pool: true }));

  test('both isolates use the one token that is minted', async () => {
    const asked = [first, second, first, second].map((rondo) => rondo.chat(ask()));
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200);
    expect(tokenCalls(google, one)).toBe(1);
    expect(tokenCalls(google, two)).toBeLessThanOrEqual(1);
  });

  test('a refusal is seen by the other isolate at once, however short the rest', async () => {
    google.fault({ credential: one }, { kind: 'minute', seconds: 20 });
    await askTimes(first, 1);
    await askTimes(second, 2);
    expect(served(google)).toEqual([one, two, two, two]);
  });

  test('a model that rests, rests for the other isolate too', async () => {
    google.fault({}, 'no-details', 9);
    await failed(first.chat(ask()));
    const { status } = await failed(second.chat(ask()));
    expect(status).toBe(503);
    expect(callsOf(google)).toHaveLength(2);
  });

  test('a credential that is taken out is out for the other isolate', async () => {
    google.fault({ credential: one }, 'suspended');
    await askTimes(first, 1);
    await askTimes(second, 2);
    expect(served(google)).toEqual([one, two, two, two]);
  });

  test('losing the object fails no request', async () => {
    await askTimes(first, 2);
    await first.evictPool();
    await askTimes(first, 2);
    await askTimes(second, 2);
    expect(tokenCalls(google)).toBe(2);
  });
});
