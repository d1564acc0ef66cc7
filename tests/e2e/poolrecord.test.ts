// The record `state:v1` in KV: what a cold isolate makes of it, and when it is written.
import { beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import type { JsonObject } from '../../scripts/googlestub/json.ts';
import { ask, askTimes, failed, served, told } from '../support/chat.ts';
import { type Rondo, startGoogle, startPair } from '../support/rondo.ts';
import { credentialId } from '../support/serviceaccount.ts';

const one = 'sim-account-1';
const two = 'sim-account-2';
const stateKey = 'state:v1';
const adminKey = 'admin-7c1f0e55d9';
const minute = 60_000;
const day = 24 * 60 * minute;

let google: GoogleStub;
let first: Rondo;
let second: Rondo;

beforeEach(async () => {
  google = await startGoogle();
  google.addServiceAccounts(2);
  [first, second] = await startPair({ vars: { ...google.vars(), ADMIN_API_KEY: adminKey } });
});

const recordOf = async (): Promise<string | undefined> => (await first.kv())[stateKey]?.value;
const written = () => expect.poll(recordOf).toBeDefined();
const atRest = (rondo: Rondo) => expect.poll(async () => (await rondo.state()).openOps).toBe(0);
const putsOf = async (rondo: Rondo): Promise<number> => (await rondo.state()).kv.put;

/** A quarantine that an isolate found ten minutes ago. */
function quarantineOf(name: string, more: JsonObject): [string, number, number, string] {
  const at = Date.now() - 10 * minute;
  const value = { reason: 'service_disabled', remedy: 'Enable the API.', since: at, probes: 0 };
  const { kind, email, keyId } = google.account(name);
  const key = `credential|${credentialId(kind, email, keyId)}`;
  return [key, at, at + 30 * day, JSON.stringify({ ...value, ...more })];
}

const record = (...facts: readonly (readonly unknown[])[]) =>
  first.putKv(stateKey, JSON.stringify(facts));

describe('a cold isolate', () => {
  test('skips what another one found: a minute that lasts longer than one', async () => {
    google.fault({ credential: one }, { kind: 'minute', seconds: 90 });
    await askTimes(first, 1);
    await written();
    await askTimes(second, 2);
    expect(served(google)).toEqual([one, two, two, two]);
  });

  test('skips what another one found: a token that is refused though it is fresh', async () => {
    google.fault({ credential: one }, 'unauthenticated', 2);
    await askTimes(first, 1);
    expect(served(google)).toEqual([one, one, two]);
    await written();
    await askTimes(second, 2);
    expect(served(google).slice(3)).toEqual([two, two]);
  });

  test('skips what another one found: a quota that all models share, for each of them', async () => {
    google.fault({ credential: one }, { kind: 'minute-shared', seconds: 90 });
    await askTimes(first, 1);
    await written();
    await askTimes(second, 2, ask('Hello', { model: 'gemini-2.5-flash' }));
    expect(served(google).slice(2)).toEqual([two, two]);
  });

  test('skips it for the model alone that it was found for', async () => {
    google.fault({ credential: one }, 'day');
    await askTimes(first, 1);
    await written();
    await askTimes(second, 2, ask('Hello', { model: 'gemini-2.5-flash' }));
    expect(served(google).slice(2)).toEqual([one, two]);
  });

  test('tells the client what another one found', async () => {
    google.fault({}, 'day', 2);
    await failed(first.chat(ask()));
    await written();
    const { status, headers, error } = await failed(second.chat(ask()));
    expect(status).toBe(429);
    expect(error.code).toBe('insufficient_quota');
    expect(error.details).toHaveLength(2);
    expect(headers.get('x-rondo-attempts')).toBe('0');
    expect(served(google)).toEqual([one, two]);
  });

  test('takes what can be read of a record that is damaged in part', async () => {
    await record(['cool|x'], [1, 2, 3, 4], quarantineOf(one, {}), ['credential|', 1, 2, '{']);
    await askTimes(first, 2);
    expect(served(google)).toEqual([two, two]);
  });
});

describe('a credential in quarantine', () => {
  test('is not tried while its probe is not due', async () => {
    await record(quarantineOf(one, { probe: Date.now() + minute }));
    await askTimes(first, 2);
    expect(served(google)).toEqual([two, two]);
  });

  test('is tried by one request when its probe is due, and released when that works', async () => {
    await record(quarantineOf(one, { probe: Date.now() - 1 }));
    await askTimes(first, 3);
    expect(served(google)).toEqual([one, two, one]);
    await expect
      .poll(() => first.events('credential_released'))
      .toEqual([
        expect.objectContaining({ level: 'info', request: expect.stringMatching(/^req_/) }),
      ]);
    await expect.poll(recordOf).toContain('freed');
    await askTimes(second, 2);
    expect(served(google).slice(3)).toEqual([one, two]);
  });

  test('that is probed in vain costs no request, and stays out for longer', async () => {
    google.disableApi('sim-project-1');
    await record(quarantineOf(one, { probe: Date.now() - 1 }));
    expect(await told(first.chat(ask()))).toBe('You said: Hello');
    await askTimes(first, 2);
    expect(served(google)).toEqual([one, two, two, two]);
    const probes = () => recordOf().then((text) => text?.includes('\\"probes\\":1'));
    await expect.poll(probes).toBe(true);
    expect(first.events('credential_quarantined')).toEqual([]);
  });
});

describe('a record with times at the end of the world', () => {
  const end = '9223372036854775807';
  const value = `{"reason":"x","remedy":"y","since":${end},"probe":${end},"probes":${end}}`;

  /** The numbers are larger than JavaScript's. */
  const plant = () => {
    const { kind, email, keyId } = google.account(one);
    const id = credentialId(kind, email, keyId);
    const keys = [`cool|${id}|gemini-3.8-flash`, `quota|${id}|requests`, `credential|${id}`];
    const facts = keys.map((key) => `["${key}",${end},${end},${JSON.stringify(value)}]`);
    return first.putKv(stateKey, `[${facts.join(',')}]`);
  };

  test('gives way to a reset, for good, and to what is true', async () => {
    await plant();
    await askTimes(first, 2);
    expect(served(google)).toEqual([two, two]);
    await expect.poll(recordOf).not.toContain(end);
    const { kind, email, keyId } = google.account(one);
    const path = `/admin/api/credentials/${credentialId(kind, email, keyId)}/reset`;
    const headers = { authorization: `Bearer ${adminKey}` };
    expect((await first.fetch(path, { method: 'POST', headers })).status).toBe(200);
    await askTimes(first, 2);
    expect(served(google).slice(2)).toContain(one);
  });
});

describe('the record is written', () => {
  test('once for the refusals of many requests, whatever they were', async () => {
    const models = [31, 32, 33, 34, 35, 36].map((minor) => `gemini-3.${minor}-flash`);
    await askTimes(first, 2);
    await atRest(first);
    const before = await putsOf(first);
    google.fault({}, 'not-found', 12);
    await Promise.all(models.map((model) => failed(first.chat(ask('Hello', { model })))));
    await written();
    await atRest(first);
    expect(JSON.parse((await recordOf()) ?? '')).toHaveLength(12);
    expect((await putsOf(first)) - before).toBe(1);
  });

  test('a second behind the answer, which does not wait for it', async () => {
    await askTimes(first, 1);
    google.fault({ credential: two }, 'day');
    await askTimes(first, 1);
    expect(served(google)).toEqual([one, two, one]);
    expect(await recordOf()).toBeUndefined();
    await written();
  });

  test('not while it cannot be read, for what others wrote would be lost', async () => {
    await record(quarantineOf(one, {}));
    const before = await recordOf();
    await first.breakKv('throw', ['get']);
    google.fault({}, 'day', 2);
    await failed(first.chat(ask()));
    await atRest(first);
    expect(first.events('state_read_failed').length).toBeGreaterThan(0);
    expect(await recordOf()).toBe(before);
  });

  test('with nothing in it that is secret', async () => {
    google.fault({ credential: one }, 'day');
    google.fault({ credential: two }, 'service-disabled');
    await failed(first.chat(ask('A prompt of words that nobody else says')));
    await written();
    const text = (await recordOf()) ?? '';
    expect(text).toContain('service_disabled');
    expect(text).not.toMatch(/ya29|PRIVATE|nobody else says/);
  });
});
