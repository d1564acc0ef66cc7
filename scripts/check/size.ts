import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** The most that all uploaded modules together may take, compressed. */
export const limit = 250_000;

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

export function total(sizes: readonly Size[]): number {
  return sizes.reduce((sum, size) => sum + size.compressed, 0);
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
