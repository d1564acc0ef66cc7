// What the module tells of the tokens that a request has cost, and when.
import { expect, test } from 'vitest';
import { OpStatus } from '../../worker/core/abi.ts';
import { event, grantToken, hello, spoken, startWithAccount } from '../support/conversation.ts';
import { textOf } from '../support/machine.ts';

const answered = JSON.stringify(spoken('Hi'));

test('a whole answer has cost what Google counted, known before the request is over', async () => {
  const machine = await startWithAccount();
  machine.chat(1, hello);
  grantToken(machine, 1);
  machine.answerFetch(machine.next('fetch', 1), 200, answered);
  expect(machine.costs.get(1)).toBe(5);
});

test('a stream whose client leaves has cost what was known by then', async () => {
  const machine = await startWithAccount();
  machine.chat(1, { ...hello, stream: true });
  grantToken(machine, 1);
  machine.answerHead(machine.next('fetch', 1), 200);
  machine.complete(machine.next('read', 1).op, OpStatus.Ok, event('Hi', null));
  expect(machine.costs.has(1)).toBe(false);
  machine.cancel(1);
  expect(machine.costs.get(1)).toBe(5);
});

test('an answer that is an error has cost nothing', async () => {
  const machine = await startWithAccount();
  machine.chat(1, '{"model":');
  expect(machine.costs.has(1)).toBe(false);
});

test('what is only counted has cost nothing', async () => {
  const machine = await startWithAccount();
  machine.request(1, { operation: 'count_message_tokens' }, JSON.stringify(hello));
  grantToken(machine, 1);
  machine.answerFetch(machine.next('fetch', 1), 200, '{"totalTokens":7}');
  expect(textOf(machine.next('respond', 1).frame)).toBe('{"input_tokens":7}');
  expect(machine.costs.has(1)).toBe(false);
});
