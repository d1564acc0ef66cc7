import { beforeEach, describe, expect, test } from 'vitest';
import type { Account } from '../../scripts/googlestub/accounts.ts';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, askTimes, callsOf, failed, served, tokenCalls, told } from '../support/chat.ts';
import { LeavingClient } from '../support/client.ts';
import { type Rondo, startGoogle, startRondo } from '../support/rondo.ts';
import { openEntry, refreshKeyOf, sealEntry, tokenKeyOf } from '../support/sealed.ts';

let google: GoogleStub;

beforeEach(async () => {
  google = await startGoogle();
});

interface Stored {
  readonly token: string;
  readonly expiry: number;
}

async function stored(rondo: Rondo): Promise<(Stored & { key: string; expiration: number })[]> {
  const entries = Object.entries(await rondo.kv()).filter(([key]) => key.startsWith('token:'));
  return Promise.all(
    entries.map(async ([key, { value, expiration }]) => {
      const record = await openEntry(accountOf(key), key, value);
      return { key, expiration: expiration ?? 0, ...(JSON.parse(record) as Stored) };
    }),
  );
}

function accountOf(key: string): Account {
  const account = google.accounts.find((each) => tokenKeyOf(each) === key);
  if (!account) throw new Error(`no account has the entry ${key}`);
  return account;
}

/** Waits until the writes that came after the answer are done. */
async function storedOnce(rondo: Rondo, count: number) {
  await expect.poll(async () => (await stored(rondo)).length).toBe(count);
  return stored(rondo);
}

describe('a token', () => {
  test('has one entry in KV for each credential, under its id', async () => {
    google.addServiceAccounts(3);
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 6);
    const entries = await storedOnce(rondo, 3);
    for (const { key } of entries) expect(key).toMatch(/^token:v1:[0-9a-f]{16}$/);
    const used = callsOf(google).map(({ headers }) => headers.authorization);
    expect(new Set(used)).toEqual(new Set(entries.map(({ token }) => `Bearer ${token}`)));
  });

  test('cannot be read in KV, and neither can what it lies in', async () => {
    google.addServiceAccount();
    google.addAuthorizedUser();
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 2);
    const tokens = (await storedOnce(rondo, 2)).map(({ token }) => token);
    for (const { value } of Object.values(await rondo.kv())) {
      expect(value).toMatch(/^[A-Za-z0-9+/]+={0,2}$/);
      const bytes = Buffer.from(value, 'base64').toString('latin1');
      const readable = [...tokens, 'ya29.', '"token"', '"expiry"'];
      expect(readable.filter((text) => value.includes(text) || bytes.includes(text))).toEqual([]);
    }
  });

  test('is stored with its expiry, and is gone from KV a minute before', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 1);
    const [entry] = await storedOnce(rondo, 1);
    const minted = google.calls.find(({ kind }) => kind === 'token')?.time ?? 0;
    // Both clocks count from when the token was asked for; KV's seconds are whole.
    expect(Math.abs((entry?.expiry ?? 0) - (minted + 3_599_000))).toBeLessThan(5000);
    expect(Math.abs((entry?.expiration ?? 0) - ((entry?.expiry ?? 0) / 1000 - 60))).toBeLessThan(5);
  });

  test('that lives too short for KV is used all the same', async () => {
    const short = await startGoogle({ tokenLifetime: 110 });
    short.addServiceAccount();
    const rondo = await startRondo({ vars: short.vars() });
    await askTimes(rondo, 2);
    expect(tokenCalls(short)).toBe(1);
    expect((await rondo.state()).kv.put).toBe(0);
  });

  test('that is about to expire is minted anew', async () => {
    const short = await startGoogle({ tokenLifetime: 55 });
    short.addServiceAccount();
    const rondo = await startRondo({ vars: short.vars() });
    await askTimes(rondo, 2);
    expect(tokenCalls(short)).toBe(2);
  });
});

describe('a warm isolate', () => {
  test('makes no token call and does not touch KV', async () => {
    google.addServiceAccounts(2);
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 2);
    const { kv } = await rondo.state();
    // The pool's state, and a token for each credential.
    expect(kv).toEqual({ get: 3, put: 2, delete: 0 });
    await askTimes(rondo, 6);
    expect((await rondo.state()).kv).toEqual(kv);
    expect(tokenCalls(google)).toBe(2);
  });

  test('believes its own memory and not KV', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 1);
    const [entry] = await storedOnce(rondo, 1);
    const forged = { token: 'ya29.forged', expiry: Date.now() + 3_600_000 };
    const key = entry?.key ?? '';
    await rondo.putKv(key, await sealEntry(accountOf(key), key, JSON.stringify(forged)));
    await askTimes(rondo, 1);
    expect(callsOf(google).at(-1)?.headers.authorization).toBe(`Bearer ${entry?.token}`);
  });
});

describe('a second isolate', () => {
  test('takes the tokens of the first from KV', async () => {
    google.addServiceAccounts(3);
    const first = await startRondo({ vars: google.vars() });
    await askTimes(first, 3);
    await storedOnce(first, 3);
    const second = await startRondo({ vars: google.vars(), kv: first });
    await askTimes(second, 3);
    expect(tokenCalls(google)).toBe(3);
    expect((await second.state()).kv).toEqual({ get: 4, put: 0, delete: 0 });
  });

  const record = () => JSON.stringify({ token: 'ya29.forged', expiry: Date.now() + 3_600_000 });
  const unfit = {
    'is as it was before it was sealed': async () => record(),
    'another secret sealed': (key: string, [, other]: readonly Account[]) =>
      sealEntry(other as Account, key, record()),
    'lay under another key': (_: string, [one, other]: readonly Account[]) =>
      sealEntry(one as Account, tokenKeyOf(other as Account), record()),
    'is damaged': async (key: string, [one]: readonly Account[]) => {
      const bytes = Buffer.from(await sealEntry(one as Account, key, record()), 'base64');
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      return bytes.toString('base64');
    },
  } as const;

  test.for(Object.entries(unfit))('replaces an entry that %s', async ([, make]) => {
    const [one] = google.addServiceAccounts(2);
    const rondo = await startRondo({ vars: google.vars(one ? [one] : []) });
    const key = tokenKeyOf(one as Account);
    await rondo.putKv(key, await make(key, google.accounts));
    await askTimes(rondo, 1);
    expect(tokenCalls(google)).toBe(1);
    const [entry] = await storedOnce(rondo, 1);
    const used = callsOf(google).map(({ headers }) => headers.authorization);
    expect(used).toEqual([`Bearer ${entry?.token}`]);
    expect(entry?.token).not.toBe('ya29.forged');
  });

  test('takes an entry that its own secret sealed', async () => {
    const account = google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    const key = tokenKeyOf(account);
    await rondo.putKv(key, await sealEntry(account, key, record()));
    const { status } = await rondo.chat(ask());
    expect(status).toBe(200);
    expect(callsOf(google)[0]?.headers.authorization).toBe('Bearer ya29.forged');
  });

  test('finds them although its slots are numbered otherwise', async () => {
    const [one, two] = google.addServiceAccounts(2);
    const first = await startRondo({ vars: google.vars() });
    await askTimes(first, 2);
    await storedOnce(first, 2);
    const vars = {
      ...google.vars([]),
      GCP_SERVICE_ACCOUNTS: JSON.stringify([two?.json, one?.json]),
    };
    await askTimes(await startRondo({ vars, kv: first }), 2);
    expect(tokenCalls(google)).toBe(2);
    expect(served(google)).toEqual([one?.name, two?.name, two?.name, one?.name]);
  });

  test('mints its own when what lies in KV is damaged', async () => {
    google.addServiceAccount();
    const first = await startRondo({ vars: google.vars() });
    await askTimes(first, 1);
    const [entry] = await storedOnce(first, 1);
    await first.putKv(entry?.key ?? '', '{"token":');
    const second = await startRondo({ vars: google.vars(), kv: first });
    await askTimes(second, 1);
    expect(tokenCalls(google)).toBe(2);
  });

  test('refreshes a token of KV that Google refuses, and does not take it again', async () => {
    const account = google.addServiceAccount();
    const first = await startRondo({ vars: google.vars() });
    await askTimes(first, 1);
    await storedOnce(first, 1);
    google.revokeTokens(account);
    const second = await startRondo({ vars: google.vars(), kv: first });
    await askTimes(second, 2);
    expect(tokenCalls(google)).toBe(2);
    expect(callsOf(google).map(({ status }) => status)).toEqual([200, 401, 200, 200]);
  });
});

describe('requests that come at once, before there is a token', () => {
  const together = 5;

  /** Starts them, and waits until each waits for something. */
  function startTogether(rondo: Rondo, count: number): Promise<string>[] {
    const asked = Array.from({ length: count }, (_, index) =>
      told(rondo.chat(ask(`from ${index}`))),
    );
    for (const each of asked) each.catch(() => {});
    return asked;
  }

  /** Each for one thing, beside the timer of its patience. */
  async function untilAllWait(rondo: Rondo, count: number): Promise<void> {
    await expect.poll(async () => (await rondo.state()).openOps).toBe(2 * count);
  }

  const answers = (count: number): string[] =>
    Array.from({ length: count }, (_, index) => `You said: from ${index}`);

  test('share one token call', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    const gate = google.holdNext({ kind: 'token' });
    const asked = startTogether(rondo, together);
    await gate.reached;
    await untilAllWait(rondo, together);
    gate.release();
    expect(await Promise.all(asked)).toEqual(answers(together));
    expect(tokenCalls(google)).toBe(1);
  });

  test('share one call for each credential', async () => {
    google.addServiceAccounts(2);
    const rondo = await startRondo({ vars: google.vars() });
    const gates = google.accounts.map(({ name }) =>
      google.holdNext({ kind: 'token', credential: name }),
    );
    const asked = startTogether(rondo, together);
    await Promise.all(gates.map(({ reached }) => reached));
    await untilAllWait(rondo, together);
    for (const gate of gates) gate.release();
    expect(await Promise.all(asked)).toEqual(answers(together));
    expect(tokenCalls(google)).toBe(2);
  });

  test('succeed although the client of the one that mints leaves', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    const gate = google.holdNext({ kind: 'token' });
    const leader = new LeavingClient(rondo, ask());
    const call = await gate.reached;
    const asked = startTogether(rondo, together);
    await untilAllWait(rondo, together + 1);
    leader.leave();
    await call.closed;
    expect(await Promise.all(asked)).toEqual(answers(together));
    // One that broke off, and one that a waiter made for all.
    expect(tokenCalls(google)).toBe(2);
  });

  test('share one failure of the token endpoint too', async () => {
    google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    google.faultToken({}, 'invalid-grant');
    const gate = google.holdNext({ kind: 'token' });
    const asked = [0, 1, 2].map(() => failed(rondo.chat(ask())));
    await gate.reached;
    await untilAllWait(rondo, 3);
    gate.release();
    for (const { status } of await Promise.all(asked)) expect(status).toBe(503);
    expect(tokenCalls(google)).toBe(1);
  });
});

describe('a 401 of the API', () => {
  test('has the token minted anew and the request tried once more', async () => {
    const account = google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 1);
    google.revokeTokens(account);
    const answer = await rondo.chat(ask());
    expect(answer.headers.get('x-rondo-attempts')).toBe('2');
    expect(await told(answer)).toBe('You said: Hello');
    expect(callsOf(google).map(({ status }) => status)).toEqual([200, 401, 200]);
    expect(tokenCalls(google)).toBe(2);
  });

  test('has the entry in KV replaced', async () => {
    const account = google.addServiceAccount();
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 1);
    const [before] = await storedOnce(rondo, 1);
    google.revokeTokens(account);
    await askTimes(rondo, 1);
    await expect.poll(async () => (await stored(rondo))[0]?.token).not.toBe(before?.token);
    const [after] = await storedOnce(rondo, 1);
    expect(after?.key).toBe(before?.key);
    expect(callsOf(google).at(-1)?.headers.authorization).toBe(`Bearer ${after?.token}`);
  });

  test('that comes again for a fresh token leads to the next credential', async () => {
    google.addServiceAccounts(2);
    const rondo = await startRondo({ vars: google.vars() });
    google.fault({ credential: 'sim-account-1' }, 'unauthenticated', 2);
    expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
    expect(served(google)).toEqual(['sim-account-1', 'sim-account-1', 'sim-account-2']);
    expect(tokenCalls(google, 'sim-account-1')).toBe(2);
  });
});

describe('a grant that is dead', () => {
  test('takes its credential out of the pool', async () => {
    google.addServiceAccounts(2);
    google.revoke('sim-account-1');
    const rondo = await startRondo({ vars: google.vars() });
    await askTimes(rondo, 4);
    expect(served(google)).toEqual(Array(4).fill('sim-account-2'));
    expect(tokenCalls(google, 'sim-account-1')).toBe(1);
    const health = await rondo.fetchBare('/health');
    expect(await health.json()).toMatchObject({ credentials: { total: 2, quarantined: 1 } });
  });

  test('is answered with 503 when there is no other', async () => {
    google.addAuthorizedUser();
    google.revoke('sim-account-1');
    const rondo = await startRondo({ vars: google.vars() });
    for (const _ of [1, 2]) {
      const { status, error } = await failed(rondo.chat(ask()));
      expect(status).toBe(503);
      expect(error.code).toBe('credentials_unavailable');
      expect(error.details).toEqual([
        expect.objectContaining({ state: 'quarantined', reason: 'invalid_grant' }),
      ]);
    }
    expect(tokenCalls(google)).toBe(1);
  });
});

describe('a refresh token that lies in KV', () => {
  const record = (token: string): string => JSON.stringify({ refresh_token: token });

  const askedWith = (): unknown[] =>
    google.calls
      .filter(({ kind }) => kind === 'token')
      .map(({ body }) => (body as { refresh_token: string }).refresh_token);

  test('takes the place of the configured one that sealed it', async () => {
    const account = google.addAuthorizedUser();
    const configured = { ...account, refreshToken: '1//0sim/the-one-before-it-in-the-secret' };
    const json = { ...account.json, refresh_token: configured.refreshToken };
    const vars = { ...google.vars([]), GCP_SERVICE_ACCOUNT_1: JSON.stringify(json) };
    const rondo = await startRondo({ vars });
    const key = refreshKeyOf(configured);
    await rondo.putKv(key, await sealEntry(configured, key, record(account.refreshToken)));
    await askTimes(rondo, 1);
    expect(askedWith()).toEqual([account.refreshToken]);
  });

  const unfit = {
    'that is as it was before it was sealed': async () => record('1//0sim/forged'),
    'that another secret sealed': (key: string, _: Account, other: Account) =>
      sealEntry(other, key, record('1//0sim/forged')),
    'that lay under the key of an access token': (_: string, account: Account) =>
      sealEntry(account, tokenKeyOf(account), record('1//0sim/forged')),
  } as const;

  test.for(Object.entries(unfit))('but %s counts as not there', async ([, make]) => {
    const account = google.addAuthorizedUser();
    const rondo = await startRondo({ vars: google.vars([account]) });
    const key = refreshKeyOf(account);
    await rondo.putKv(key, await make(key, account, google.addAuthorizedUser()));
    await askTimes(rondo, 1);
    expect(askedWith()).toEqual([account.refreshToken]);
  });
});

describe('a token endpoint in trouble', () => {
  test.for(['internal', 'unavailable', 'bad-gateway', 'reset'] as const)(
    'is asked again after %s',
    async (fault) => {
      google.addServiceAccount();
      const rondo = await startRondo({ vars: google.vars() });
      google.faultToken({}, fault);
      expect(await told(rondo.chat(ask()))).toBe('You said: Hello');
      expect(tokenCalls(google)).toBe(2);
    },
  );

  test('does not take the credential out', async () => {
    google.addServiceAccounts(2);
    const rondo = await startRondo({ vars: google.vars() });
    google.faultToken({ credential: 'sim-account-1' }, 'unavailable', 3);
    await askTimes(rondo, 3);
    expect(served(google)).toEqual(['sim-account-2', 'sim-account-1', 'sim-account-2']);
  });
});
