// A frame whose body comes into the module's memory piece by piece.
import { afterEach, expect, test, vi } from 'vitest';
import type { Exports } from '../../worker/core/abi.ts';
import { writeFrame } from '../../worker/core/frame.ts';
import { makeImports } from '../../worker/core/imports.ts';
import { BrokenInstance, Instance, OutOfMemory } from '../../worker/core/instance.ts';
import { writeTexts } from '../../worker/core/texts.ts';
import { faultyModule } from '../support/faulty.ts';
import { builtModule } from '../support/machine.ts';

afterEach(() => vi.restoreAllMocks());

const megabyte = 1024 * 1024;
const head = writeTexts(['none', 'req_1', '', 'test', '', '0']);

async function startInstance(): Promise<Instance> {
  const instance = new Instance(await builtModule(), (self) => ({
    ...makeImports(self, new Map()),
    log: () => {},
  }));
  instance.configure(writeFrame({ vars: {}, kv: false }));
  return instance;
}

/** What the next instance is handed over as requests, byte by byte. */
function watchRequests(): Uint8Array[] {
  const frames: Uint8Array[] = [];
  const Real = WebAssembly.Instance;
  vi.spyOn(WebAssembly, 'Instance').mockImplementationOnce(function watch(module, imports) {
    const exports = new Real(module, imports).exports as unknown as Exports;
    const rondo_request = (req: number, at: number, size: number): void => {
      frames.push(new Uint8Array(exports.memory.buffer, at >>> 0, size).slice());
      exports.rondo_request(req, at, size);
    };
    return { exports: { ...exports, rondo_request } as unknown as WebAssembly.Exports };
  });
  return frames;
}

const memoryOf = (instance: Instance): number => instance.view(0, 1).buffer.byteLength;

test('memory that was freed is used again', async () => {
  const instance = await startInstance();
  const reserveAndFree = (): number => {
    instance.reserve(head, 8 * megabyte).free();
    return memoryOf(instance);
  };
  const first = reserveAndFree();
  for (let i = 0; i < 20; i += 1) reserveAndFree();
  expect(reserveAndFree()).toBe(first);
});

test('a piece finds its place though the memory has grown since the last', async () => {
  const handedOver = watchRequests();
  const instance = await startInstance();
  const target = instance.reserve(head, 100_000);
  target.put(new Uint8Array(50_000).fill(1), 0);
  const before = instance.view(0, 1);
  const other = instance.reserve(head, 30 * megabyte);
  expect(before.length, 'the memory has grown').toBe(0);
  target.put(new Uint8Array(50_000).fill(2), 50_000);
  target.request(1);
  other.free();
  const body = [new Uint8Array(50_000).fill(1), new Uint8Array(50_000).fill(2)];
  expect(Buffer.concat([head, ...body]).equals(handedOver[0] ?? head)).toBe(true);
  expect(handedOver).toHaveLength(1);
  expect(instance.openOps()).toBe(0);
});

test('what does not fit is told before anything is read', async () => {
  const instance = await startInstance();
  expect(() => instance.reserve(head, 200 * megabyte)).toThrow(OutOfMemory);
  expect(instance.isBroken).toBe(false);
});

test('an instance that has stopped meanwhile takes nothing, and nothing is freed in it', async () => {
  const faulty = await WebAssembly.compile(faultyModule('request'));
  const instance = new Instance(faulty, (self) => makeImports(self, new Map()));
  const [lost, left] = [instance.reserve(head, 10), instance.reserve(head, 10)];
  expect(() => instance.request(1, new Uint8Array(4))).toThrow(BrokenInstance);
  expect(() => lost.request(1)).toThrow(BrokenInstance);
  expect(() => left.free()).not.toThrow();
});
