import { describe, expect, test } from 'vitest';
import { type Imports, OpStatus } from '../../worker/core/abi.ts';
import {
  event,
  grantToken,
  hello,
  signed,
  startWarm,
  startWithAccount,
} from '../support/conversation.ts';
import { type Asked, type Machine, type Step, startMachine } from '../support/machine.ts';
import { keyFile } from '../support/serviceaccount.ts';

interface Place {
  readonly name: string;
  /** Brings request 9 to where it waits for the op it gives. */
  readonly reach: () => Promise<{ machine: Machine; waited: Asked; alsoOpen?: number }>;
}

const allSteps: readonly Step[] = ['state', 'seal'];

const start = (answered: readonly Step[]): Promise<Machine> =>
  startMachine({ vars: { GCP_SERVICE_ACCOUNT_1: keyFile() }, answered });

const cold = async (answered = allSteps): Promise<Machine> => {
  const machine = await start(answered);
  machine.chat(9, hello);
  return machine;
};

const atToken = async (answered = allSteps): Promise<Machine> => {
  const machine = await cold(answered);
  machine.answerKv(9);
  const asked = machine.next('crypto', 9);
  machine.complete(asked.op, OpStatus.Ok, signed(asked));
  return machine;
};

const atModel = async (body: object): Promise<Machine> => {
  const machine = await startWarm();
  machine.chat(9, body);
  return machine;
};

const granted = { access_token: 'ya29.test', expires_in: 3599, token_type: 'Bearer' };

const waiting = (machine: Machine, name: keyof Imports, alsoOpen?: number) => ({
  machine,
  waited: machine.next(name, 9),
  ...(alsoOpen !== undefined && { alsoOpen }),
});

const inBody = async (body: object): Promise<{ machine: Machine; fetch: Asked }> => {
  const machine = await atModel(body);
  const fetch = machine.next('fetch', 9);
  machine.answerHead(fetch, 200);
  return { machine, fetch };
};

const places: readonly Place[] = [
  { name: "the pool's state", reach: async () => waiting(await cold([]), 'kv') },
  {
    name: "another request's reading of the state",
    reach: async () => {
      const machine = await start([]);
      machine.chat(8, hello);
      machine.chat(9, hello);
      return waiting(machine, 'wait');
    },
  },
  { name: 'KV', reach: async () => waiting(await cold(), 'kv') },
  {
    name: 'a token of KV to be opened',
    reach: async () => {
      const machine = await cold();
      machine.complete(machine.next('kv', 9).op, OpStatus.Ok, btoa('sealed'));
      return waiting(machine, 'crypto');
    },
  },
  {
    name: 'the signature',
    reach: async () => {
      const machine = await cold();
      machine.answerKv(9);
      return waiting(machine, 'crypto');
    },
  },
  { name: 'the token endpoint', reach: async () => waiting(await atToken(), 'fetch') },
  {
    name: "the body of the token endpoint's answer",
    reach: async () => {
      const machine = await atToken();
      const fetch = machine.next('fetch', 9);
      machine.answerHead(fetch, 200);
      return waiting(machine, 'read', fetch.op);
    },
  },
  {
    name: 'its token to be sealed',
    reach: async () => {
      const machine = await atToken(['state']);
      machine.answerFetch(machine.next('fetch', 9), 200, JSON.stringify(granted));
      return waiting(machine, 'crypto');
    },
  },
  { name: 'the model', reach: async () => waiting(await atModel(hello), 'fetch') },
  {
    name: "the body of the model's answer",
    reach: async () => {
      const { machine, fetch } = await inBody(hello);
      return waiting(machine, 'read', fetch.op);
    },
  },
  {
    name: 'the pipe of a stream',
    reach: async () => {
      const { machine, fetch } = await inBody({ ...hello, stream: true });
      machine.complete(machine.next('read', 9).op, OpStatus.Ok, event('Hi'));
      return waiting(machine, 'pipe', fetch.op);
    },
  },
  {
    name: 'the client that takes a stream',
    reach: async () => {
      const { machine, fetch } = await inBody({ ...hello, stream: true });
      machine.complete(machine.next('read', 9).op, OpStatus.Ok, event('Hi'));
      machine.complete(machine.next('pipe', 9).op, OpStatus.Ok);
      return waiting(machine, 'ready', fetch.op);
    },
  },
  {
    name: "another request's refresh",
    reach: async () => {
      const machine = await startWithAccount();
      machine.chat(8, hello);
      machine.chat(9, hello);
      return waiting(machine, 'wait');
    },
  },
];

describe.for(places)('a request that is cancelled while it waits for $name', ({ reach }) => {
  test('has what it waits for aborted, with the body it was reading', async () => {
    const { machine, waited, alsoOpen } = await reach();
    machine.cancel(9);
    const aborted = machine.asked.filter(({ name, req }) => name === 'abort' && req === 9);
    expect(aborted.map(({ op }) => op)).toContain(waited.op);
    if (alsoOpen !== undefined) expect(aborted.map(({ op }) => op)).toContain(alsoOpen);
  });

  test('leaves no op open, and a late answer is ignored', async () => {
    const { machine, waited } = await reach();
    const others = machine.openOps - 1;
    machine.cancel(9);
    expect(machine.openOps).toBe(others);
    const before = machine.asked.length;
    machine.complete(waited.op, OpStatus.Ok, 'late');
    machine.complete(waited.op, OpStatus.Failed, 'later');
    expect(machine.asked).toHaveLength(before);
    expect(machine.openOps).toBe(others);
  });

  test('is neither answered nor reported as done', async () => {
    const { machine } = await reach();
    const answered = machine.asked.filter(
      ({ name, req }) => name === 'respond' && req === 9,
    ).length;
    machine.cancel(9);
    const after = machine.asked.filter(({ name, req }) => name === 'respond' && req === 9).length;
    expect(after).toBe(answered);
    expect(machine.has('done', 9)).toBe(false);
  });

  test('may be followed by another of the same name', async () => {
    const { machine } = await reach();
    machine.cancel(9);
    machine.request(9, { operation: 'health' });
    expect(machine.next('respond', 9).frame.head).toMatchObject({ status: expect.any(Number) });
    // Read behind the answer, if nobody has done so.
    if (machine.has('kv', 9)) machine.answerState(9);
    machine.next('done', 9);
  });
});

test('cancelling a request that is over, or never was, does nothing', async () => {
  const machine = await startWarm();
  const before = machine.asked.length;
  machine.cancel(1);
  machine.cancel(77);
  expect(machine.asked).toHaveLength(before);
  expect(machine.openOps).toBe(0);
});

test('those who wait for a refresh are woken when its leader is cancelled, and mint themselves', async () => {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  machine.chat(2, hello);
  const wait = machine.next('wait', 2);
  machine.cancel(1);
  expect(machine.next('raise').rest).toEqual([wait.rest[0]]);
  machine.complete(wait.op, OpStatus.None);
  // The read that the leader had begun.
  machine.next('kv', 1);
  grantToken(machine, 2);
  expect(machine.next('fetch', 2).frame.head.headers).toMatchObject({
    authorization: 'Bearer ya29.test',
  });
});

test('those who wait for the state are woken when who reads it is cancelled, and go on', async () => {
  const machine = await cold([]);
  machine.chat(2, hello);
  const wait = machine.next('wait', 2);
  machine.next('kv', 9);
  machine.cancel(9);
  expect(machine.next('raise').rest).toEqual([wait.rest[0]]);
  machine.complete(wait.op, OpStatus.None);
  expect(machine.next('kv', 2).frame.head.key).toMatch(/^token:v1:/);
});

test('a token whose minter left while it was sealed is used by the next, and not minted again', async () => {
  const machine = await atToken(['state']);
  machine.answerFetch(machine.next('fetch', 9), 200, JSON.stringify(granted));
  machine.cancel(9);
  machine.chat(2, hello);
  expect(machine.next('fetch', 2).frame.head.headers).toMatchObject({
    authorization: 'Bearer ya29.test',
  });
});

test('a leader that is cancelled does not resume those who wait by itself', async () => {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  machine.chat(2, hello);
  machine.next('wait', 2);
  machine.cancel(1);
  // I/O belongs to the request that starts it: request 2 goes on in a promise of its own.
  expect(machine.has('kv', 2)).toBe(false);
});
