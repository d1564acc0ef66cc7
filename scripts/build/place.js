// @ts-check
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Writes a file, unless it is as it should be: who watches it sees changes alone, and who reads it
 * meanwhile sees the old one or the new one whole.
 * @param {string} path
 * @param {Uint8Array} bytes
 */
export function place(path, bytes) {
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  const coming = `${path}.${process.pid}`;
  writeFileSync(coming, bytes);
  renameSync(coming, path);
}
