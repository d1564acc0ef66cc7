// Bundles the worker once a run, as `wrangler deploy` does it, for all end-to-end tests.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { unstable_readConfig } from 'wrangler';
import { copyVendored } from '../../scripts/build/page.js';

export interface Bundle {
  /** Holds `worker.js` and the module that it imports. */
  readonly folder: string;
  readonly wasm: string;
  readonly compatibilityDate: string;
  readonly compatibilityFlags: readonly string[];
}

/** Without a bundle the end-to-end tests fail with this word; the others run all the same. */
export interface NoBundle {
  readonly fault: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    bundle: Bundle | NoBundle;
  }
}

const root = join(import.meta.dirname, '..', '..');
const builtModule = join(root, 'worker', 'core', 'rondo.wasm');
const entry = join(import.meta.dirname, 'worker.ts');

export default async function setup({ provide }: TestProject): Promise<() => void> {
  copyVendored();
  const folder = mkdtempSync(join(tmpdir(), 'rondo-e2e-'));
  provide('bundle', await bundle(folder));
  return () => rmSync(folder, { recursive: true, force: true });
}

async function bundle(folder: string): Promise<Bundle | NoBundle> {
  if (!existsSync(builtModule)) {
    return { fault: 'worker/core/rondo.wasm is missing: run `npm run build` first' };
  }
  const { compatibility_date, compatibility_flags } = unstable_readConfig({
    config: join(root, 'wrangler.toml'),
  });
  const compatibilityDate = compatibility_date ?? '';
  // A configuration of its own, since wrangler.toml's [build] would build the module again.
  const config = join(folder, 'wrangler.json');
  const options = { compatibility_date, compatibility_flags };
  writeFileSync(config, JSON.stringify({ name: 'rondo', main: entry, ...options }));
  try {
    await wrangler(folder, config);
  } catch (error) {
    return { fault: `wrangler could not bundle the worker: ${outputOf(error)}` };
  }
  const wasm = readdirSync(folder).find((name) => name.endsWith('.wasm'));
  if (!wasm) return { fault: 'the bundle holds no module' };
  return { folder, wasm, compatibilityDate, compatibilityFlags: compatibility_flags };
}

async function wrangler(folder: string, config: string): Promise<void> {
  const program = join(root, 'node_modules', 'wrangler', 'bin', 'wrangler.js');
  const args = [program, 'deploy', '--dry-run', '--config', config, '--outdir', folder];
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' };
  await promisify(execFile)(process.execPath, args, { cwd: folder, env });
}

function outputOf(error: unknown): string {
  const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
  return `${stdout}${stderr}` || String(error);
}
