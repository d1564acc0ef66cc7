// @ts-check
// What the module is made of, as one hash. Plain JavaScript, as is all that a deployer's Node runs:
// one that is older than 22.18 takes no types.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The flags stand in these files too. */
const roots = ['CMakeLists.txt', 'CMakePresets.json', 'cmake', 'cpp'];

/** Nothing else counts, so that what an editor or a system leaves in a folder changes nothing. */
const counted = /(\.(h|cpp|cmake)|(^|\/)(CMakeLists\.txt|CMakePresets\.json|arrange\.js))$/;

/**
 * The files, as paths from the root with slashes, in an order that no system changes.
 * @param {string} root the repository's
 * @returns {string[]}
 */
export function sourcePaths(root) {
  return roots
    .flatMap((path) => (path.includes('.') ? [path] : below(root, path)))
    .filter((path) => counted.test(path))
    .sort();
}

/**
 * The hash of all of them, names and contents. Line ends don't count: git may have changed them.
 * @param {string} root
 * @returns {string} SHA-256 as hex
 */
export function sourcesHash(root) {
  const hash = createHash('sha256');
  for (const path of sourcePaths(root)) {
    const text = readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n');
    hash.update(`${path}\n${Buffer.byteLength(text)}\n${text}`);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {string[]}
 */
function below(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? below(root, path) : [path];
  });
}
