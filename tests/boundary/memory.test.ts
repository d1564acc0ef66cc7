import { expect, test } from 'vitest';
import { writeFrame } from '../../worker/core/frame.ts';
import { makeImports } from '../../worker/core/imports.ts';
import { Instance } from '../../worker/core/instance.ts';
import { hello, startWarm } from '../support/conversation.ts';
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
  const instance = new Instance(await builtModule(), (self) => makeImports(self, new Map()));
  instance.configure(writeFrame({ vars: { LOG_LEVEL: 'error' }, kv: true }));
  const before = instance.view(0, 16);
  // Requests of nobody: what they answer goes nowhere.
  instance.request(1, writeFrame({ operation: 'none' }, new Uint8Array(20 * megabyte)));
  expect(before.byteLength, 'the old view is detached').toBe(0);
  expect(instance.view(0, 16).byteLength).toBe(16);
  expect(instance.openOps()).toBe(0);
});

test('a body of no bytes is a body', async () => {
  const machine = await startWarm();
  machine.chat(2, '');
  const { frame } = machine.next('respond', 2);
  expect(frame.head.status).toBe(400);
  expect(machine.openOps).toBe(0);
});
