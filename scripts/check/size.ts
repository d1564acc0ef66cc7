import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The most that is uploaded, compressed: all modules together, and the WebAssembly alone. */
export const limits = { all: 515_000, wasm: 440_000 };

export interface Size {
  name: string;
  bytes: number;
  compressed: number;
}

/** Measures the modules in a folder that `wrangler deploy --dry-run` wrote. */
export function measure(folder: string): Size[] {
  return readdirSync(folder)
    .filter((name) => /\.(js|mjs|wasm)$/.test(name))
    .map((name) => {
      const content = readFileSync(join(folder, name));
      return { name, bytes: content.length, compressed: gzipSync(content, { level: 9 }).length };
    });
}

export function report(sizes: readonly Size[]): string {
  return sizes
    .map((size) => `${size.name}: ${kilobytes(size.bytes)}, ${kilobytes(size.compressed)} gzip`)
    .join('\n');
}

/** What is larger than it may be, a line each. */
export function excesses(sizes: readonly Size[]): string[] {
  const wasm = sizes.filter(({ name }) => name.endsWith('.wasm'));
  return [
    excess('all modules', total(sizes), limits.all),
    excess('WASM', total(wasm), limits.wasm),
  ].flat();
}

function excess(what: string, bytes: number, limit: number): string[] {
  if (bytes <= limit) return [];
  return [`${what}: ${kilobytes(bytes)} gzip are over the limit of ${kilobytes(limit)}`];
}

function total(sizes: readonly Size[]): number {
  return sizes.reduce((sum, size) => sum + size.compressed, 0);
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
