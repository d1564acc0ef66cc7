// The worker as `wrangler deploy` would upload it, for those who start a workerd by themselves.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unstable_readConfig } from 'wrangler';
import { bundle } from './bundle.ts';
import { root } from './cmake.ts';

export interface WorkerCode {
  /** The text of the main module, which imports the other one by its name. */
  readonly main: string;
  readonly wasm: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> };
}

/** The rules that Rondo is deployed with. */
export const compatibilityDate: string =
  unstable_readConfig({ config: join(root, 'wrangler.toml') }).compatibility_date ?? '';

export async function bundledWorker(): Promise<WorkerCode> {
  const out = mkdtempSync(join(tmpdir(), 'rondo-worker-'));
  try {
    const { code, output } = await bundle(out);
    if (code !== 0) throw new Error(output);
    const wasm = readdirSync(out).find((name) => name.endsWith('.wasm'));
    if (!wasm) throw new Error('the bundle holds no module');
    return {
      main: readFileSync(join(out, 'index.js'), 'utf8'),
      wasm: { name: `./${wasm}`, bytes: new Uint8Array(readFileSync(join(out, wasm))) },
    };
  } finally {
    rmSync(out, { recursive: true });
  }
}
