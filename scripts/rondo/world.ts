import type { Ask } from './ask.ts';
import type { Screen } from './screen.ts';
import type { Ran } from './wrangler.ts';

/** What a command works with. */
export interface World {
  readonly env: NodeJS.ProcessEnv;
  /** Where `.dev.vars` and `wrangler.toml` lie. */
  readonly cwd: string;
  /** Where the project's own packages lie. */
  readonly root: string;
  /** Where the operator called from: file names are relative to it. */
  readonly from: string;
  readonly screen: Screen;
  readonly ask: Ask;
  /** Prints what went wrong, and what can be done. */
  complain(fault: string, advice: string): void;
  /** Runs Wrangler with this on its standard input. */
  wrangler(args: readonly string[], input?: string): Promise<Ran>;
}
