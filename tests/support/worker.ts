// The worker with a probe beside it: what tests want to know of an isolate and no client may ask.
import './marks.ts';
import { Hono } from 'hono';
import type { App } from '../../worker/app.ts';
import type { Core } from '../../worker/core/core.ts';
import { BrokenInstance } from '../../worker/core/instance.ts';
import worker from '../../worker/index.ts';
import { attachCore } from '../../worker/middleware/core.ts';
import { isolateVar } from './isolate.ts';
import { type KvBreak, type KvCounts, KvWatch } from './kv.ts';

export interface Probed {
  /** I/O that the module waits for. */
  readonly openOps: number;
  /** What the bodies of all requests take. */
  readonly bodyBytes: number;
  /** Whether every probe so far was shown one and the same core. */
  readonly sameCore: boolean;
  /** Calls of the KV binding. */
  readonly kv: KvCounts;
  /** Those of them that met a fault, from the moment they met it. */
  readonly kvFaults: KvCounts;
}

export interface KvEntry {
  readonly value: string;
  /** Seconds since 1970. */
  readonly expiration?: number;
}

const watch = new KvWatch();
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
    bodyBytes: c.var.core.bodyBytes(),
    sameCore: c.var.core === firstCore,
    kv: watch.counts,
    kvFaults: watch.faulted,
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

/** Read as the core reads, with what counts and faults there are. */
probe.get('/kv/:key', async (c) => {
  const value = await envOfWorker(c.env).GEMINI_CLI_KV?.get(c.req.param('key'), 'arrayBuffer');
  return value ? c.body(value) : c.notFound();
});

probe.put('/kv-fault', async (c) => {
  watch.set(await c.req.json<KvBreak>());
  return c.body(null, 204);
});

/** The environment with KV under watch, and without what is the tests' own. */
const envOfWorker = ({ [isolateVar]: _, ...env }: App['Bindings']): App['Bindings'] =>
  env.GEMINI_CLI_KV ? { ...env, GEMINI_CLI_KV: watch.binding(env.GEMINI_CLI_KV) } : env;

export { Pool } from '../../worker/index.ts';

export default {
  fetch(request: Request, env: App['Bindings'], context: ExecutionContext) {
    const path = new URL(request.url).pathname;
    // The core keeps the environment of the request that makes it, so all get the watched one.
    if (!path.startsWith('/probe/')) return worker.fetch(request, envOfWorker(env), context);
    return probe.fetch(request, path === '/probe/state' ? envOfWorker(env) : env, context);
  },
} satisfies ExportedHandler<App['Bindings']>;
