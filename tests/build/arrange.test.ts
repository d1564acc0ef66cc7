import { expect, it } from 'vitest';
import { named, orderOf } from '../../cmake/arrange.js';

const text = (words: string): Uint8Array => Buffer.from(words);

it('puts functions that share pieces side by side', () => {
  const functions = ['the quick brown fox', '0123456789', 'a quick brown fox', '12345678'].map(
    text,
  );
  expect(orderOf(functions)).toEqual([0, 2, 1, 3]);
});

it('leaves functions without a likeness in their order, and none out', () => {
  expect(orderOf(['one', 'two', 'three'].map(text))).toEqual([0, 1, 2]);
});

// Two functions of one type behind an imported one: the first answers 1, the second 2.
const module = Uint8Array.from([
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 5, 1, 0x60, 0, 1, 0x7f],
  ...[2, 7, 1, 1, 0x61, 1, 0x62, 0, 0],
  ...[3, 3, 2, 0, 0],
  ...[10, 11, 2, 4, 0, 0x41, 1, 0x0b, 4, 0, 0x41, 2, 0x0b],
]);

it('names each function by its place, behind those that are imported', async () => {
  const bytes = new Uint8Array(named(module));
  const [names] = WebAssembly.Module.customSections(await WebAssembly.compile(bytes), 'name');
  const written = Buffer.from(names ?? new ArrayBuffer());
  expect(written.toString('latin1')).toBe('\x01\x13\x02\x01\x07f000000\x02\x07f000001');
});

it('changes nothing else', () => {
  expect(named(module).subarray(0, module.length)).toEqual(Buffer.from(module));
});
