// @ts-check
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const borrowed = join(root, 'node_modules', 'uplot', 'dist');
const vendor = join(root, 'admin', 'vendor');

/** Puts the library that draws charts where the page loads it from. */
export function copyVendored() {
  mkdirSync(vendor, { recursive: true });
  for (const name of ['uPlot.esm.js', 'uPlot.min.css']) {
    copyFileSync(join(borrowed, name), join(vendor, name));
  }
}
