import { expect, test } from 'vitest';
import { OpStatus } from '../../worker/core/abi.ts';
import {
  event,
  grantToken,
  hello,
  spoken,
  startWarm,
  startWithAccount,
} from '../support/conversation.ts';
import { jsonOf, type Machine, startMachine, textOf } from '../support/machine.ts';
import { keyFile } from '../support/serviceaccount.ts';

const startUnanswered = (): Promise<Machine> =>
  startMachine({ vars: { GCP_SERVICE_ACCOUNT_1: keyFile() }, answered: ['seal'] });

const said = (text: string) => ({ ...hello, messages: [{ role: 'user', content: text }] });

function expectAnswer(machine: Machine, req: number, text: string): void {
  const { frame } = machine.next('respond', req);
  expect(jsonOf(frame)).toMatchObject({ choices: [{ message: { content: text } }] });
  machine.next('done', req);
}

const orders = [
  [2, 3, 4],
  [4, 3, 2],
  [3, 2, 4],
  [3, 4, 2],
];

test.for(orders)(
  'requests that Google answers in the order %i, %i, %i get their own answers',
  async (order) => {
    const machine = await startWarm();
    for (const req of [2, 3, 4]) machine.chat(req, said(`question ${req}`));
    for (const req of order) {
      const fetch = machine.next('fetch', req);
      expect(textOf(fetch.frame)).toContain(`question ${req}`);
      machine.answerFetch(fetch, 200, JSON.stringify(spoken(`answer ${req}`)));
      expectAnswer(machine, req, `answer ${req}`);
    }
    expect(machine.openOps).toBe(0);
  },
);

test('streams that are written in turns keep apart', async () => {
  const machine = await startWarm();
  const written: Record<number, string> = {};
  for (const req of [2, 3]) {
    machine.chat(req, { ...said('hi'), stream: true });
    machine.answerHead(machine.next('fetch', req), 200);
    machine.complete(machine.next('read', req).op, OpStatus.Ok, event(`to ${req} `));
    written[req] = textOf(machine.next('write', req).frame);
  }
  const pipes = new Map([2, 3].map((req) => [req, machine.next('pipe', req).op]));
  const step = (req: number, finish: string | null): void => {
    written[req] += machine.feed(pipes.get(req) ?? 0, event(`to ${req} `, finish)) ?? '';
  };
  for (const req of [3, 2, 3]) step(req, null);
  for (const req of [3, 2]) step(req, 'STOP');
  expect(written[2]?.match(/to 2 /g)).toHaveLength(3);
  expect(written[3]?.match(/to 3 /g)).toHaveLength(4);
  expect(written[2]).not.toContain('to 3');
  expect(written[3]).not.toContain('to 2');
});

test('requests that come during a refresh wait for it, each with a timer of its own', async () => {
  const machine = await startWithAccount();
  for (const req of [1, 2, 3]) machine.chat(req, said(`question ${req}`));
  const waits = [2, 3].map((req) => machine.next('wait', req));
  expect(new Set(waits.map(({ op }) => op)).size).toBe(2);
  const [signal] = waits[0]?.rest ?? [];
  expect(signal).not.toBe(0);
  for (const { rest } of waits) {
    expect(rest[0]).toBe(signal);
    expect(rest[1]).toBeGreaterThan(0);
  }
  grantToken(machine, 1);
  expect(machine.next('raise').rest).toEqual([signal]);
  // Nobody but the worker wakes them, in their own requests, in whatever order.
  expect(machine.has('fetch', 2)).toBe(false);
  for (const wait of waits.reverse()) machine.complete(wait.op, OpStatus.None);
  for (const req of [3, 1, 2]) {
    const { frame } = machine.next('fetch', req);
    expect(frame.head.headers).toMatchObject({ authorization: 'Bearer ya29.test' });
    machine.cancel(req);
  }
  expect(machine.allOf('crypto').map(({ frame }) => frame.head.do)).toEqual(['sign_rs256', 'seal']);
  expect(machine.openOps).toBe(0);
});

test('requests that come while the state is read wait for it, each with a timer of its own', async () => {
  const machine = await startUnanswered();
  for (const req of [1, 2, 3]) machine.chat(req, said(`question ${req}`));
  expect(machine.allOf('kv')).toHaveLength(1);
  const waits = [2, 3].map((req) => machine.next('wait', req));
  machine.answerState(1);
  const [raised] = machine.allOf('raise');
  for (const { rest } of waits) expect(rest).toEqual([raised?.rest[0], 2000]);
  grantToken(machine, 1);
  for (const { op } of waits.reverse()) machine.complete(op, OpStatus.None);
  for (const req of [3, 1, 2]) machine.cancel(machine.next('fetch', req).req);
  expect(machine.openOps).toBe(0);
});

test('one whose wait for the state runs out goes on without it', async () => {
  const machine = await startUnanswered();
  for (const req of [1, 2]) machine.chat(req, said(`question ${req}`));
  machine.complete(machine.next('wait', 2).op, OpStatus.None);
  grantToken(machine, 2);
  machine.next('fetch', 2);
});

test('one whose wait runs out before the leader is ready mints a token itself', async () => {
  const machine = await startWithAccount();
  machine.chat(1, said('first'));
  machine.chat(2, said('second'));
  machine.complete(machine.next('wait', 2).op, OpStatus.None);
  grantToken(machine, 2, 'ya29.second');
  expect(machine.next('fetch', 2).frame.head.headers).toMatchObject({
    authorization: 'Bearer ya29.second',
  });
});

test('many requests at once leave nothing open', async () => {
  const machine = await startWarm();
  const all = Array.from({ length: 200 }, (_, index) => index + 2);
  for (const req of all) machine.chat(req, said(`question ${req}`));
  expect(machine.openOps).toBe(200);
  for (const req of all.filter((each) => each % 3 === 0)) machine.cancel(req);
  for (const req of all.filter((each) => each % 3 !== 0).reverse()) {
    machine.answerFetch(machine.next('fetch', req), 200, JSON.stringify(spoken(`answer ${req}`)));
    expectAnswer(machine, req, `answer ${req}`);
  }
  expect(machine.openOps).toBe(0);
});
