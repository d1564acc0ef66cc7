import { describe, expect, test } from 'vitest';
import { OpStatus } from '../../worker/core/abi.ts';
import { bounds } from '../../worker/core/bounds.ts';
import { writeFrame } from '../../worker/core/frame.ts';
import { makeImports } from '../../worker/core/imports.ts';
import { Instance } from '../../worker/core/instance.ts';
import { writeTexts } from '../../worker/core/texts.ts';
import { event, hello, model, spoken, startWarm } from '../support/conversation.ts';
import { builtModule, jsonOf, type Machine } from '../support/machine.ts';

const megabyte = 1024 * 1024;

const chatOf = (text: string): string =>
  JSON.stringify({ ...hello, messages: [{ role: 'user', content: text }] });

function expectPassedOn(machine: Machine, req: number, text: string): void {
  const { frame } = machine.next('fetch', req);
  // Compared by length first: a difference would print megabytes.
  const { contents } = jsonOf(frame) as { contents: { parts: { text: string }[] }[] };
  const passed = contents[0]?.parts[0]?.text ?? '';
  expect(passed.length).toBe(text.length);
  expect(passed === text).toBe(true);
}

test('a body of several megabytes grows the memory and passes unharmed', async () => {
  const machine = await startWarm();
  const before = machine.exports.memory.buffer;
  const text = 'Grüße, 世界 😀 '.repeat(400_000);
  machine.chat(2, chatOf(text));
  expect(before.byteLength, 'the old buffer is detached').toBe(0);
  expect(machine.exports.memory.buffer.byteLength).toBeGreaterThan(8 * megabyte);
  expectPassedOn(machine, 2, text);
  machine.cancel(2);
  expect(machine.openOps).toBe(0);
});

test('memory that was grown is used again', async () => {
  const machine = await startWarm();
  const text = 'x'.repeat(4 * megabyte);
  const serve = (req: number): number => {
    machine.chat(req, chatOf(text));
    expectPassedOn(machine, req, text);
    machine.cancel(req);
    return machine.exports.memory.buffer.byteLength;
  };
  const grown = [2, 3, 4, 5, 6, 7, 8, 9].map(serve);
  expect(grown.at(-1)).toBe(grown[1]);
  expect(machine.openOps).toBe(0);
});

test('views are made anew after the memory grew', async () => {
  const instance = new Instance(await builtModule(), (self) => ({
    ...makeImports(self, new Map()),
    log: () => {},
  }));
  // Without KV nothing is read behind the answer.
  instance.configure(writeFrame({ vars: {}, kv: false }));
  const before = instance.view(0, 16);
  // Requests of nobody: what they answer goes nowhere.
  const head = writeTexts(['none', 'req_1', '', 'test', '', '0']);
  instance.request(1, head, new Uint8Array(20 * megabyte));
  expect(before.byteLength, 'the old view is detached').toBe(0);
  expect(instance.view(0, 16).byteLength).toBe(16);
  expect(instance.openOps()).toBe(0);
});

test('an image of 8 MB takes no more than three times its size', async () => {
  const machine = await startWarm();
  const before = machine.exports.memory.buffer.byteLength;
  const url = `data:image/png;base64,${'iVBO'.repeat(2 * megabyte)}`;
  const content = [{ type: 'image_url', image_url: { url } }];
  const body = JSON.stringify({ model, messages: [{ role: 'user', content }] });
  machine.chat(2, body);
  machine.next('fetch', 2);
  const grown = machine.exports.memory.buffer.byteLength - before;
  expect(grown / body.length).toBeLessThanOrEqual(3);
  machine.cancel(2);
});

test('memory does not grow with the number of requests', async () => {
  const machine = await startWarm();
  const whole = (req: number, body: object | string): void => {
    machine.chat(req, body);
    machine.answerFetch(machine.next('fetch', req), 200, JSON.stringify(spoken('Hi')));
  };
  const kinds: readonly ((req: number) => void)[] = [
    (req) => whole(req, hello),
    (req) => whole(req, chatOf('x'.repeat(megabyte))),
    (req) => machine.chat(req, '{"model":'),
    (req) => {
      machine.chat(req, { ...hello, stream: true });
      machine.answerHead(machine.next('fetch', req), 200);
      machine.complete(machine.next('read', req).op, OpStatus.Ok, event('Hi'));
      const { op } = machine.next('pipe', req);
      machine.feed(op, event('Hi', 'STOP'));
      machine.complete(op, OpStatus.None);
    },
    (req) => {
      machine.chat(req, hello);
      machine.cancel(req);
    },
  ];
  const serve = (from: number, to: number): number => {
    for (let req = from; req < to; req += 1) kinds[req % kinds.length]?.(req);
    machine.forget();
    return machine.exports.memory.buffer.byteLength;
  };
  const early = serve(2, 102);
  let late = early;
  for (let from = 102; from < 1002; from += 100) late = serve(from, from + 100);
  expect(machine.openOps).toBe(0);
  expect(late / early).toBeLessThanOrEqual(1.1);
});

// An isolate has 128 MB for all. A body is held until its answer has begun, as it may have to be sent
// again; the worker lets in what its budget allows.
test('a hundred streams side by side, each with a history of 1 MB, hold little of the memory', async () => {
  const machine = await startWarm();
  const body = chatOf('x'.repeat(megabyte));
  const waitingAtOnce = Math.floor(bounds.bodyBytesTotal / body.length);
  const held = (): number => machine.exports.memory.buffer.byteLength;
  const open: { req: number; op: number }[] = [];
  for (let first = 2; first < 102; first += waitingAtOnce) {
    const reqs = Array.from(
      { length: Math.min(waitingAtOnce, 102 - first) },
      (_, at) => first + at,
    );
    for (const req of reqs) machine.chat(req, { ...JSON.parse(body), stream: true });
    for (const req of reqs) {
      machine.answerHead(machine.next('fetch', req), 200);
      machine.complete(machine.next('read', req).op, OpStatus.Ok, event('Hi'));
      open.push({ req, op: machine.next('pipe', req).op });
    }
    machine.forget();
  }
  expect(open).toHaveLength(100);
  expect(held()).toBeLessThan(64 * megabyte);
  for (const { op } of open) expect(machine.feed(op, event(' there'))).toContain(' there');
  // There is room beside them for the largest body that may come.
  machine.chat(102, chatOf('x'.repeat(bounds.bodyBytes - 1024)));
  machine.next('fetch', 102);
  expect(held()).toBeLessThan(128 * megabyte);
  for (const { req } of open) machine.cancel(req);
});

test('a body of no bytes is a body', async () => {
  const machine = await startWarm();
  machine.chat(2, '');
  const { frame } = machine.next('respond', 2);
  expect(frame.head.status).toBe(400);
  expect(machine.openOps).toBe(0);
});

// The worker lets bodies of up to 32 MiB in, and the module may have 128 MB. What is too much for it
// has to be refused, not run into: a module that stops takes all its requests along.
describe('a body under the limit never stops the module', () => {
  const filled = (unit: string, megabytes: number): string =>
    unit.repeat((megabytes * megabyte) / unit.length);
  const beside = (name: string, value: string): string =>
    `{"model":"${model}","messages":[{"role":"user","content":"Hello"}],"${name}":${value}}`;
  const saying = (content: string): string =>
    `{"model":"${model}","messages":[{"role":"user","content":"${content}"}]}`;
  const image = (data: string): string =>
    `{"model":"${model}","messages":[{"role":"user","content":[{"type":"image_url","image_url":` +
    `{"url":"data:image/png;base64,${data}"}}]}]}`;

  const passedOn: [string, () => string][] = [
    ['16 MiB of text', () => saying(filled('x', 16))],
    ['31 MiB of text', () => saying(filled('x', 31))],
    ['31 MiB of escapes', () => saying(filled('\\n', 31))],
    ['31 MiB of an image', () => image(filled('AAAA', 31))],
    ['31 MiB of a field that nobody knows', () => beside('x', `"${filled('x', 31)}"`)],
  ];

  test.for(passedOn)('with %s, which is passed on', async ([, body]) => {
    const machine = await startWarm();
    machine.chat(2, body());
    expect(machine.has('respond', 2)).toBe(false);
    machine.next('fetch', 2);
  });

  const refused: [string, string, () => string][] = [
    ['4 MiB of numbers', '1000000 values', () => beside('x', `[${filled('0,', 4)}0]`)],
    ['31 MiB of numbers', '1000000 values', () => beside('x', `[${filled('0,', 31)}0]`)],
    ['4 MiB of empty arrays', '1000000 values', () => beside('x', `[${filled('[],', 4)}0]`)],
    ['31 MiB of empty arrays', '1000000 values', () => beside('x', `[${filled('[],', 31)}0]`)],
    ['8 MiB of objects', '1000000 values', () => beside('x', `[${filled('{"a":0},', 8)}0]`)],
    [
      '8 MiB of metadata',
      '1000 keys',
      () => beside('metadata', `{${filled('"key":"value",', 8)}"a":"b"}`),
    ],
    ['8 MiB of stops', '1000000 values', () => beside('stop', `[${filled('"a",', 8)}"a"]`)],
    [
      '8 MiB of messages',
      '1000000 values',
      () => `{"messages":[${filled('{"role":"user"},', 8)}{}]}`,
    ],
  ];

  test.for(refused)('with %s, which is refused for more than %s', async ([, bound, body]) => {
    const machine = await startWarm();
    machine.chat(2, body());
    const { frame } = machine.next('respond', 2);
    expect(frame.head.status).toBe(400);
    expect(jsonOf(frame)).toMatchObject({ error: { message: expect.stringContaining(bound) } });
    expect(machine.has('fetch', 2)).toBe(false);
    machine.chat(3, hello);
    machine.next('fetch', 3);
  });
});
