// @ts-check
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { place } from './place.js';

const root = join(import.meta.dirname, '..', '..');
const borrowed = join(root, 'node_modules', 'uplot', 'dist');
const vendor = join(root, 'admin', 'vendor');

/**
 * Puts the library that draws charts where the page loads it from. Tells whether it is there; what
 * is missing has been printed.
 */
export function copyVendored() {
  if (!existsSync(borrowed)) {
    console.error('build: the npm packages are not installed. Run: npm ci');
    return false;
  }
  for (const name of ['uPlot.esm.js', 'uPlot.min.css']) {
    place(join(vendor, name), readFileSync(join(borrowed, name)));
  }
  return true;
}
