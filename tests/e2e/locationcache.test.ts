// What two isolates of one location tell each other through its cache.
import { describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { askTimes, served, tokenCalls } from '../support/chat.ts';
import { type Rondo, startGoogle, startPair } from '../support/rondo.ts';

const one = 'sim-account-1';
const two = 'sim-account-2';
const on = { LOCATION_CACHE: 'true' };

let google: GoogleStub;
let first: Rondo;
let second: Rondo;

interface Deployment {
  readonly accounts?: number;
  readonly vars?: object;
  readonly pool?: boolean;
}

async function startTwo({ accounts = 2, vars = {}, pool = false }: Deployment = {}) {
  google = await startGoogle();
  google.addServiceAccounts(accounts);
  [first, second] = await startPair({ vars: { ...google.vars(), ...on, ...vars }, pool });
}

/** Waits until what the first isolate does behind its answers is done. */
const atRest = () => expect.poll(async () => (await first.state()).openOps).toBe(0);

describe.for([
  ['over KV', false],
  ['over the object', true],
] as const)('with a location’s cache %s, an isolate that starts cold', ([, pool]) => {
  test('is spared a minute’s limit that another one found', async () => {
    await startTwo({ pool });
    google.fault({ credential: one }, 'minute');
    await askTimes(first, 1);
    await atRest();
    await askTimes(second, 2);
    expect(served(google).slice(2)).toEqual([two, two]);
  });

  test('is told as much by a running one', async () => {
    await startTwo({ pool });
    await askTimes(second, 1);
    google.fault({ credential: two }, 'minute');
    await askTimes(first, 2);
    await atRest();
    await second.advance(300);
    await askTimes(second, 2);
    expect(served(google).slice(-2)).toEqual([one, one]);
  });

  test('finds the tokens that another one made', async () => {
    await startTwo({ pool });
    await askTimes(first, 2);
    await atRest();
    await askTimes(second, 2);
    expect(tokenCalls(google)).toBe(2);
  });
});

describe('a location’s cache over KV', () => {
  test('spares KV the readings of the isolates that come later', async () => {
    await startTwo();
    await askTimes(first, 2);
    await atRest();
    await askTimes(second, 2);
    expect((await second.state()).kv).toEqual({ get: 0, put: 0, delete: 0 });
  });

  test('tells KV what lasts, and nothing of what is soon over', async () => {
    await startTwo({ accounts: 3 });
    google.fault({ credential: one }, 'day');
    google.fault({ credential: two }, 'minute');
    await askTimes(first, 1);
    await atRest();
    await expect.poll(async () => (await first.kv())['state:v1']?.value).toContain('"day');
    expect((await first.kv())['state:v1']?.value).not.toContain('"minute');
  });

  test('is used where LOCATION_CACHE is true alone, and anything else is logged', async () => {
    await startTwo({ vars: { LOCATION_CACHE: 'maybe' } });
    await askTimes(first, 2);
    await atRest();
    await askTimes(second, 2);
    expect((await second.state()).kv.get).toBeGreaterThan(0);
    expect(first.events('setting_ignored')).toMatchObject([{ variable: 'LOCATION_CACHE' }]);
  });
});
