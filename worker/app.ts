import type { Client } from './core/abi.ts';
import type { Core, Env } from './core/core.ts';

/** What Hono's context holds in every handler. */
export interface App {
  Bindings: Env;
  Variables: {
    requestId: string;
    client: Client;
    core: Core;
  };
}
