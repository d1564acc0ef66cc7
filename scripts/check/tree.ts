import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../build/cmake.ts';
import type { Source } from './layers.ts';

/** Paths from the root of all files of ours with one of these endings. */
export function paths(...endings: string[]): string[] {
  const patterns = endings.flatMap((ending) =>
    ['cpp', 'worker', 'scripts', 'tests'].map((folder) => `${folder}/**/*.${ending}`),
  );
  return globSync(patterns, { cwd: root }).sort();
}

export function sources(...endings: string[]): Source[] {
  return paths(...endings).map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}
