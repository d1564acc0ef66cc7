// The worker with a probe beside it: what tests want to know of an isolate and no client may ask.
import { Hono } from 'hono';
import type { App } from '../../worker/app.ts';
import type { Core } from '../../worker/core/core.ts';
import { BrokenInstance } from '../../worker/core/instance.ts';
import worker from '../../worker/index.ts';
import { attachCore } from '../../worker/middleware/core.ts';

export interface Probed {
  /** I/O that the module waits for. */
  readonly openOps: number;
  /** Whether every probe so far was shown one and the same core. */
  readonly sameCore: boolean;
  /** Calls of the KV binding. */
  readonly kv: { readonly get: number; readonly put: number; readonly delete: number };
}

export interface KvEntry {
  readonly value: string;
  /** Seconds since 1970. */
  readonly expiration?: number;
}

const counts = { get: 0, put: 0, delete: 0 };

/** A KV binding that counts what is done through it. */
class CountedKv {
  readonly #kv: KVNamespace;

  constructor(kv: KVNamespace) {
    this.#kv = kv;
  }

  get(key: string, type: 'arrayBuffer'): Promise<ArrayBuffer | null> {
    counts.get += 1;
    return this.#kv.get(key, type);
  }

  put(key: string, value: string | ArrayBufferView, options: object): Promise<void> {
    counts.put += 1;
    return this.#kv.put(key, value, options);
  }

  delete(key: string): Promise<void> {
    counts.delete += 1;
    return this.#kv.delete(key);
  }
}

const probe = new Hono<App>().basePath('/probe');
let firstCore: Core | undefined;

/** A module that has stopped waits for nothing. */
const openOpsOf = (core: Core): number => {
  try {
    return core.openOps();
  } catch (error) {
    if (error instanceof BrokenInstance) return 0;
    throw error;
  }
};

probe.get('/state', attachCore, (c) => {
  firstCore ??= c.var.core;
  const state: Probed = {
    openOps: openOpsOf(c.var.core),
    sameCore: c.var.core === firstCore,
    kv: counts,
  };
  return c.json(state);
});

probe.get('/kv', async (c) => {
  const kv = c.env.GEMINI_CLI_KV;
  if (!kv) return c.json({});
  const { keys } = await kv.list();
  const entries = keys.map(async ({ name, expiration }) => {
    const value = (await kv.get(name)) ?? '';
    return [name, { value, ...(expiration !== undefined && { expiration }) }] as const;
  });
  return c.json(Object.fromEntries(await Promise.all(entries)));
});

probe.put('/kv/:key', async (c) => {
  await c.env.GEMINI_CLI_KV?.put(c.req.param('key'), await c.req.text());
  return c.body(null, 204);
});

const textOf = (value: unknown): unknown =>
  value instanceof Uint8Array ? new TextDecoder().decode(value) : value;

/** Anything of the object by its name, whatever the arguments are. */
type AnyMethods = Record<string, (...args: unknown[]) => Promise<unknown>>;

probe.post('/pool/:method', async (c) => {
  const object = c.env.POOL?.getByName('pool') as unknown as AnyMethods;
  const method = c.req.param('method');
  const args = await c.req.json<unknown[]>();
  if (method === 'settle') args[1] = new TextEncoder().encode(String(args[1]));
  try {
    return c.json(textOf(await object[method]?.(...args)) ?? null);
  } catch (error) {
    return c.text(String(error), 500);
  }
});

const counted = (env: App['Bindings']): App['Bindings'] =>
  env.GEMINI_CLI_KV
    ? { ...env, GEMINI_CLI_KV: new CountedKv(env.GEMINI_CLI_KV) as unknown as KVNamespace }
    : env;

export { Pool } from '../../worker/index.ts';

export default {
  fetch(request: Request, env: App['Bindings'], context: ExecutionContext) {
    const path = new URL(request.url).pathname;
    // The core keeps the environment of the request that makes it, so all get the counted one.
    if (!path.startsWith('/probe/')) return worker.fetch(request, counted(env), context);
    return probe.fetch(request, path === '/probe/state' ? counted(env) : env, context);
  },
} satisfies ExportedHandler<App['Bindings']>;
