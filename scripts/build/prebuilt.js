// @ts-check
// The module that is committed, built, so that a deployer needs no compiler.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sourcesHash } from './sources.js';

/**
 * What stands beside the module.
 * @typedef {object} Manifest
 * @property {string} module SHA-256 of the module
 * @property {string} sources SHA-256 of what it was made of, flags included
 * @property {string[]} toolchain what it was made with: other versions may make other bytes
 */

/** @param {string} root */
export const modulePath = (root) => join(root, 'prebuilt', 'rondo.wasm');

/** @param {string} root */
const manifestPath = (root) => join(root, 'prebuilt', 'rondo.json');

/**
 * The committed module, or why it can't be taken.
 * @param {string} root
 * @returns {{ bytes: Buffer } | { fault: string }}
 */
export function prebuiltModule(root) {
  if (!existsSync(modulePath(root))) return { fault: 'prebuilt/rondo.wasm is missing' };
  const manifest = readManifest(root);
  if (!manifest) return { fault: 'prebuilt/rondo.json is missing or broken' };
  const bytes = readFileSync(modulePath(root));
  if (sha256(bytes) !== manifest.module) {
    return { fault: 'prebuilt/rondo.wasm is not the file that prebuilt/rondo.json names' };
  }
  if (sourcesHash(root) !== manifest.sources) {
    return { fault: 'the C++ or its flags are not those that prebuilt/rondo.wasm was made of' };
  }
  return { bytes };
}

/**
 * @param {string} root
 * @returns {Manifest | undefined}
 */
export function readManifest(root) {
  try {
    const { module, sources, toolchain } = JSON.parse(readFileSync(manifestPath(root), 'utf8'));
    if (typeof module !== 'string' || typeof sources !== 'string') return undefined;
    return Array.isArray(toolchain) ? { module, sources, toolchain } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Puts a module that was made of the sources as they are in the committed one's place.
 * @param {string} root
 * @param {Uint8Array} bytes
 * @param {string[]} toolchain
 */
export function writePrebuilt(root, bytes, toolchain) {
  const manifest = { module: sha256(bytes), sources: sourcesHash(root), toolchain };
  mkdirSync(dirname(modulePath(root)), { recursive: true });
  writeFileSync(modulePath(root), bytes);
  writeFileSync(manifestPath(root), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** @param {Uint8Array} bytes */
function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}
