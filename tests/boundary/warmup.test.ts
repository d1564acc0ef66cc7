import { expect, test, vi } from 'vitest';
import { rehearse, warmUp } from '../../worker/warmup.ts';
import { faultyModule } from '../support/faulty.ts';
import { builtModule } from '../support/machine.ts';

test('the module is warmed up by a whole answer and a streamed one', async () => {
  expect(rehearse(await builtModule())).toEqual([200, 200]);
});

test('warming up takes neither clock, random nor I/O, which global scope lacks', async () => {
  const refuse = (): never => {
    throw new Error('not in global scope');
  };
  const lacking = [
    vi.spyOn(Date, 'now').mockImplementation(refuse),
    vi.spyOn(crypto, 'getRandomValues').mockImplementation(refuse),
    vi.spyOn(crypto.subtle, 'importKey').mockImplementation(refuse),
    vi.spyOn(globalThis, 'fetch').mockImplementation(refuse),
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(refuse),
  ];
  const module = await builtModule();
  const statuses = rehearse(module);
  const calls = lacking.map(({ mock }) => mock.calls.length);
  vi.restoreAllMocks();
  expect(calls).toEqual([0, 0, 0, 0, 0]);
  expect(statuses).toEqual([200, 200]);
});

test('a module that fails its warming up leaves the isolate to start', async () => {
  const module = await WebAssembly.compile(faultyModule('request'));
  expect(() => rehearse(module)).toThrow();
  expect(() => warmUp(module)).not.toThrow();
});
