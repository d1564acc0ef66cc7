import type { Client } from './core/abi.ts';
import type { Core, Env, Spent } from './core/core.ts';
import type { Holder } from './middleware/keyholder.ts';

/** What Hono's context holds in every handler. */
export interface App {
  Bindings: Env;
  Variables: {
    requestId: string;
    client: Client;
    /** Whose key it is, where one is needed. */
    holder: Holder | undefined;
    /** Learns what the request costs, where somebody wants to know. */
    spent: Spent | undefined;
    core: Core;
  };
}
