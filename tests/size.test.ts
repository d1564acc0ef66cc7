import { expect, it } from 'vitest';
import { excesses, limits, type Size } from '../scripts/check/size.ts';

const worker = (script: number, wasm: number): Size[] => [
  { name: 'index.js', bytes: 0, compressed: script },
  { name: 'rondo.wasm', bytes: 0, compressed: wasm },
];

it('lets modules of just the size through', () => {
  expect(excesses(worker(limits.all - limits.wasm, limits.wasm))).toEqual([]);
});

it('tells when all modules together are too large', () => {
  expect(excesses(worker(limits.all, 1))).toEqual([
    'all modules: 515.0 KB gzip are over the limit of 515.0 KB',
  ]);
});

it('tells when the WebAssembly alone is too large', () => {
  expect(excesses(worker(1, limits.wasm + 1000))).toEqual([
    'WASM: 441.0 KB gzip are over the limit of 440.0 KB',
  ]);
});
