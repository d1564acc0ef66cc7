// Runs Wrangler, with secrets on its standard input alone: arguments are seen by every user.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { World } from './world.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  /** What went wrong in Wrangler's words. */
  readonly err: string;
}

type Place = Pick<World, 'env' | 'root' | 'cwd'>;

/** Where Wrangler's program lies: RONDO_WRANGLER names another one. */
const programOf = ({ env, root }: Pick<Place, 'env' | 'root'>): string =>
  env.RONDO_WRANGLER ?? join(root, 'node_modules', 'wrangler', 'bin', 'wrangler.js');

export function startWrangler(world: Place, args: readonly string[]): ChildProcess {
  // By Node itself: Windows starts no script by its name.
  return spawn(process.execPath, [programOf(world), ...args], {
    cwd: world.cwd,
    env: { ...world.env, WRANGLER_SEND_METRICS: 'false', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

/** What Wrangler says of a failure: it paints that whatever NO_COLOR and a pipe tell it. */
export const plainWords = (said: string): string => stripVTControlCharacters(said).trim();

/** Runs Wrangler to its end. */
export function runWrangler(world: Place, args: readonly string[], input: string): Promise<Ran> {
  return new Promise((resolve) => {
    const child = startWrangler(world, args);
    let out = '';
    let err = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.on('error', (error) => resolve({ code: 127, out, err: error.message }));
    child.on('close', (code) =>
      resolve({ code: code ?? 1, out, err: plainWords(err) || plainWords(out) }),
    );
    // It may end before it has read all.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
  });
}
