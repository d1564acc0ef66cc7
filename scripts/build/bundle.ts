import { root } from './cmake.ts';
import { capture, type Outcome } from './command.ts';

/** Writes what `wrangler deploy` would upload into a folder, which it does by a build of its own. */
export function bundle(folder: string): Promise<Outcome> {
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' };
  return capture('wrangler', ['deploy', '--dry-run', '--outdir', folder], { cwd: root, env });
}
