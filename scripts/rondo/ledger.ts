// What was put on Cloudflare, which gives no secret back: names, and digests of the client keys.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { JsonObject } from '../googlestub/json.ts';
import { Stop } from './stop.ts';
import type { Held } from './variables.ts';
import type { World } from './world.ts';

export interface Deployed {
  readonly variable: string;
  readonly alias: string;
  readonly kind: string;
  readonly project: string;
  readonly fingerprint: string;
}

/** What is noted of a credential that became a variable. */
export const deployedOf = ({ variable, credential }: Held): Deployed => {
  const { alias, kind, project, fingerprint } = credential;
  return { variable, alias, kind, project, fingerprint };
};

export interface Ledger {
  readonly url?: string;
  readonly credentials: readonly Deployed[];
  readonly keys: readonly JsonObject[];
}

export const ledgerPath = ({ cwd }: Pick<World, 'cwd'>): string =>
  join(cwd, '.rondo', 'deployment.json');

export function readLedger(world: Pick<World, 'cwd'>): Ledger {
  const path = ledgerPath(world);
  const empty: Ledger = { credentials: [], keys: [] };
  if (!existsSync(path)) return empty;
  try {
    return { ...empty, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<Ledger>) };
  } catch {
    throw new Stop(
      '.rondo/deployment.json is not JSON.',
      'Mend it, or move it away and deploy again with --replace-keys.',
    );
  }
}

export function writeLedger(world: Pick<World, 'cwd'>, ledger: Ledger): void {
  const path = ledgerPath(world);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(ledger, null, 2)}\n`, { mode: 0o600 });
}
