// What the module asks of the object POOL, and what of KV beside it.
import { expect, test } from 'vitest';
import { OpStatus } from '../../worker/core/abi.ts';
import { hello, signed } from '../support/conversation.ts';
import { type Machine, startMachine } from '../support/machine.ts';
import { keyFile } from '../support/serviceaccount.ts';

const minted = JSON.stringify({ access_token: 'ya29.x', expires_in: 3599, token_type: 'Bearer' });

/** A chat that has been told what the isolates know, and asks for a token. */
async function startChat(): Promise<Machine> {
  const machine = await startMachine({ pool: true, vars: { GCP_SERVICE_ACCOUNT_1: keyFile() } });
  machine.chat(1, hello);
  const facts = machine.next('pool', 1);
  expect(facts.frame.head).toEqual({ do: 'facts' });
  machine.complete(facts.op, OpStatus.Ok, '[]');
  return machine;
}

/** Signs, and answers the grant. */
function mint(machine: Machine): void {
  const asked = machine.next('crypto', 1);
  machine.complete(asked.op, OpStatus.Ok, signed(asked));
  machine.answerFetch(machine.next('fetch', 1), 200, minted);
}

test('a token that nobody has is minted under a claim, and goes to the object and to KV', async () => {
  const machine = await startChat();
  const claim = machine.next('pool', 1);
  expect(claim.frame.head).toMatchObject({ do: 'claim', key: expect.stringMatching(/^token:v1:/) });
  machine.complete(claim.op, OpStatus.None);
  mint(machine);
  expect(machine.next('pool', 1)).toMatchObject({ op: 0, frame: { head: { do: 'settle' } } });
  expect(machine.next('kv', 1)).toMatchObject({ op: 0, frame: { head: { do: 'put' } } });
});

test('a claim is given back when there is no token to be had', async () => {
  const machine = await startChat();
  machine.complete(machine.next('pool', 1).op, OpStatus.None);
  const asked = machine.next('crypto', 1);
  machine.complete(asked.op, OpStatus.Ok, signed(asked));
  machine.answerFetch(machine.next('fetch', 1), 400, '{"error":"invalid_grant"}');
  expect(machine.next('pool', 1)).toMatchObject({ op: 0, frame: { head: { do: 'release' } } });
});

test('a claim is given back when the client of the one that holds it leaves', async () => {
  const machine = await startChat();
  machine.complete(machine.next('pool', 1).op, OpStatus.None);
  machine.next('crypto', 1);
  machine.cancel(1);
  expect(machine.next('pool', 1)).toMatchObject({ op: 0, frame: { head: { do: 'release' } } });
});

test('when the object fails, KV is asked for the token', async () => {
  const machine = await startChat();
  machine.complete(machine.next('pool', 1).op, OpStatus.Failed, 'the object is gone');
  const read = machine.next('kv', 1);
  expect(read.frame.head).toMatchObject({ do: 'get', key: expect.stringMatching(/^token:v1:/) });
  machine.complete(read.op, OpStatus.None);
  mint(machine);
  expect(machine.next('fetch', 1).frame.head.headers).toMatchObject({
    authorization: 'Bearer ya29.x',
  });
});

test('without the binding the object is never asked', async () => {
  const vars = { GCP_SERVICE_ACCOUNT_1: keyFile() };
  const machine = await startMachine({ vars, answered: [] });
  machine.chat(1, hello);
  expect(machine.next('kv', 1).frame.head).toEqual({ do: 'get', key: 'state:v1' });
  expect(machine.has('pool')).toBe(false);
});
