import { beforeEach, describe, expect, test } from 'vitest';
import type { GoogleStub } from '../../scripts/googlestub/googlestub.ts';
import { ask, askTimes, served, tokenCalls, told } from '../support/chat.ts';
import { LeavingClient } from '../support/client.ts';
import { type Rondo, startGoogle, startPair } from '../support/rondo.ts';

let google: GoogleStub;
let first: Rondo;
let second: Rondo;

beforeEach(async () => {
  google = await startGoogle();
  google.addServiceAccount();
  [first, second] = await startPair({ vars: google.vars() });
});

/** Waits until the first isolate's token lies in KV. */
async function storedToken(): Promise<string> {
  await askTimes(first, 1);
  await expect.poll(async () => Object.keys(await first.kv())).toHaveLength(1);
  return Object.keys(await first.kv())[0] ?? '';
}

describe('two isolates', () => {
  test('answer each at its own address', async () => {
    expect(await told(first.chat(ask('from one')))).toBe('You said: from one');
    expect(await told(second.chat(ask('from two')))).toBe('You said: from two');
    expect(first.url).not.toBe(second.url);
  });

  test('count their own calls of KV', async () => {
    await storedToken();
    expect((await first.state()).kv).toEqual({ get: 2, put: 1, delete: 0 });
    expect((await second.state()).kv).toEqual({ get: 0, put: 0, delete: 0 });
  });

  test('share tokens by way of KV', async () => {
    await storedToken();
    await askTimes(second, 1);
    expect(tokenCalls(google)).toBe(1);
    expect((await second.state()).kv).toEqual({ get: 2, put: 0, delete: 0 });
  });

  test('may have different variables', async () => {
    const other = google.addServiceAccount();
    [first, second] = await startPair({ vars: google.vars() }, { vars: google.vars([other]) });
    await askTimes(second, 1);
    expect(served(google)).toEqual([other.name]);
  });

  test('have a log each', async () => {
    await askTimes(first, 1);
    await expect.poll(() => first.events('credential_loaded')).toHaveLength(1);
    expect(second.logs).toEqual([]);
    await askTimes(second, 1);
    await expect.poll(() => second.events('credential_loaded')).toHaveLength(1);
    await expect.poll(() => first.events('credential_loaded')).toHaveLength(1);
  });

  test('learn that a client has left', async () => {
    const gate = google.holdNext({ kind: 'token' });
    const client = new LeavingClient(second, ask());
    const call = await gate.reached;
    client.leave();
    await call.closed;
    expect(call.end).toBe('aborted');
  });
});

describe('an isolate whose KV throws', () => {
  test('serves with a token that it minted itself', async () => {
    await storedToken();
    await second.breakKv('throw');
    expect(await told(second.chat(ask()))).toBe('You said: Hello');
    expect(tokenCalls(google)).toBe(2);
    expect((await second.state()).kvFaults).toEqual({ get: 2, put: 1, delete: 0 });
  });

  test('is no trouble for the other one', async () => {
    await storedToken();
    await second.breakKv('throw');
    expect(await first.readKv('missing')).toBeNull();
    expect((await first.state()).kvFaults).toEqual({ get: 0, put: 0, delete: 0 });
  });

  test('reads again once KV is healed', async () => {
    await storedToken();
    await second.breakKv('throw');
    await expect(second.readKv('missing')).rejects.toThrow('KV answered 500');
    await second.healKv();
    await askTimes(second, 1);
    expect(tokenCalls(google)).toBe(1);
  });

  test('still reads when it is writing alone that fails', async () => {
    await second.breakKv('throw', ['put']);
    await askTimes(second, 1);
    await expect.poll(() => second.events('kv_put_failed')).toHaveLength(1);
    expect((await second.state()).kvFaults).toEqual({ get: 0, put: 1, delete: 0 });
    expect(await second.kv()).toEqual({});
  });
});

test('KV that hangs gives what it has once it is healed', async () => {
  const key = 'key';
  await second.putKv(key, 'value');
  await second.breakKv('hang');
  let isAnswered = false;
  const reading = second.readKv(key).finally(() => {
    isAnswered = true;
  });
  await expect.poll(async () => (await second.state()).kvFaults.get).toBe(1);
  expect(isAnswered).toBe(false);
  await second.healKv();
  expect(await reading).toBe('value');
});

describe('a value of KV that is damaged', () => {
  test('comes as its first half', async () => {
    await second.putKv('key', 'abcdef');
    await second.breakKv('damage');
    expect(await second.readKv('key')).toBe('abc');
  });

  test('is replaced by a token minted anew', async () => {
    await storedToken();
    await second.breakKv('damage');
    await askTimes(second, 1);
    expect(tokenCalls(google)).toBe(2);
  });
});
