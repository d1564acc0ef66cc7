// The worker with a probe beside it: what tests want to know of an isolate and no client may ask.
import { Hono } from 'hono';
import type { Core, Env } from '../../worker/core/core.ts';
import { BrokenInstance } from '../../worker/core/instance.ts';
import worker, { Store as RealStore } from '../../worker/index.ts';
import { coreOf } from '../../worker/middleware/core.ts';
import type { Clock } from './globals.ts';
import { type KvBreak, type KvCounts, KvWatch, PartOfKv } from './kv.ts';

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

/** What a Rondo finds in its environment. */
export interface Given {
  readonly vars: Readonly<Record<string, unknown>>;
  /** Which part of KV is its own; `null`: it has none. */
  readonly kv: string | null;
  /** The name of its object `Pool`; `null`: it has none. */
  readonly pool: string | null;
  /** What the names of its objects `Store` begin with; `null`: it has none. */
  readonly store: string | null;
}

/** Methods of the object, which then throw or never answer. */
export interface StoreFault {
  readonly fault: 'throw' | 'hang';
  readonly methods: readonly string[];
}

/** Stands before each copy of this. */
declare const ownClock: Clock;
declare const ownCached: ReadonlyMap<string, string>;

const watch = new KvWatch();
let given: Given = { vars: {}, kv: null, pool: null, store: null };
let storeFault: StoreFault | null = null;
const storeNames = new Set<string>();
const probe = new Hono<{ Bindings: Env }>().basePath('/probe');
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

probe.get('/state', (c) => {
  const core = coreOf(c.env);
  firstCore ??= core;
  const state: Probed = {
    openOps: openOpsOf(core),
    bodyBytes: core.bodyBytes(),
    sameCore: core === firstCore,
    kv: watch.counts,
    kvFaults: watch.faulted,
  };
  return c.json(state);
});

/** To be asked before anything else. */
probe.put('/given', async (c) => {
  given = await c.req.json<Given>();
  return c.body(null, 204);
});

probe.delete('/clock', (c) => {
  ownClock.run();
  return c.body(null, 204);
});

/** Moves the time on, or only stops it. */
probe.post('/clock/:ms', (c) => {
  ownClock.advance(Number(c.req.param('ms')));
  return c.body(null, 204);
});

probe.get('/kv', async (c) => {
  const kv = kvOf(c.env);
  if (!kv) return c.json({});
  const entries = (await kv.keys()).map(async ({ name, expiration }) => {
    const value = new TextDecoder().decode((await kv.get(name)) ?? new ArrayBuffer());
    return [name, { value, ...(expiration !== undefined && { expiration }) }] as const;
  });
  return c.json(Object.fromEntries(await Promise.all(entries)));
});

/** What this isolate has put into its location's cache. */
probe.get('/cache', (c) => c.json(Object.fromEntries(ownCached)));

probe.put('/kv/:key', async (c) => {
  await kvOf(c.env)?.put(c.req.param('key'), await c.req.text(), {});
  return c.body(null, 204);
});

probe.delete('/kv/:key', async (c) => {
  await kvOf(c.env)?.delete(c.req.param('key'));
  return c.body(null, 204);
});

const textOf = (value: unknown): unknown =>
  value instanceof Uint8Array ? new TextDecoder().decode(value) : value;

/** Anything of the object by its name, whatever the arguments are. */
type AnyMethods = Record<string, (...args: unknown[]) => Promise<unknown>>;

probe.post('/pool/:method', async (c) => {
  const object = poolOf(c.env)?.getByName('pool') as unknown as AnyMethods;
  const method = c.req.param('method');
  const args = await c.req.json<unknown[]>();
  if (method === 'settle') args[1] = new TextEncoder().encode(String(args[1]));
  try {
    return c.json(textOf(await object[method]?.(...args)) ?? null);
  } catch (error) {
    return c.text(String(error), 500);
  }
});

probe.get('/store', async (c) => {
  const rows = [...storeNames].map((name) =>
    (c.env.STORE?.getByName(name) as unknown as Store | undefined)?.rows(),
  );
  return c.json((await Promise.all(rows)).flat());
});

probe.get('/store-names', (c) => c.json([...storeNames]));

probe.put('/store-fault', async (c) => {
  storeFault = await c.req.json<StoreFault | null>();
  return c.body(null, 204);
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

const kvOf = ({ GEMINI_CLI_KV: whole }: Env): PartOfKv | undefined =>
  whole && given.kv !== null ? new PartOfKv(whole, given.kv) : undefined;

/** The objects of other Rondos have other names. */
const poolOf = ({ POOL: all }: Env): Env['POOL'] => {
  const { pool } = given;
  if (!all || pool === null) return undefined;
  return { getByName: (name: string) => all.getByName(`${pool}/${name}`) } as typeof all;
};

/** The objects of other Rondos have other names. */
const storeOf = ({ STORE: all }: Env): Env['STORE'] => {
  const { store } = given;
  if (!all || store === null) return undefined;
  const getByName = (name: string) => {
    storeNames.add(`${store}/${name}`);
    return spoiled(all.getByName(`${store}/${name}`));
  };
  return { getByName } as typeof all;
};

/** The object, with what faults there are. */
const spoiled = <Stub extends object>(stub: Stub): Stub =>
  new Proxy(stub, {
    get: (target, method) => {
      const fault = storeFault?.methods.includes(String(method)) ? storeFault.fault : undefined;
      if (fault === 'throw') return () => Promise.reject(new Error('the object is lost'));
      if (fault === 'hang') return () => new Promise(() => {});
      return (...args: unknown[]) => (target as unknown as AnyMethods)[String(method)]?.(...args);
    },
  });

/** What the Rondo was given, with KV under watch. */
const envOfWorker = (env: Env): Env => {
  const kv = kvOf(env);
  const pool = poolOf(env);
  const store = storeOf(env);
  return {
    ...given.vars,
    ...(kv && { GEMINI_CLI_KV: watch.binding(kv) }),
    ...(pool && { POOL: pool }),
    ...(store && { STORE: store }),
    ...(env.ASSETS && { ASSETS: env.ASSETS }),
  };
};

export { Pool } from '../../worker/index.ts';

/** The object, which also shows what lies in its database. */
export class Store extends RealStore {
  rows(): string[] {
    const { sql } = this.ctx.storage;
    const tables = ['entries', 'parts', 'signatures'].flatMap((table) => [
      ...sql.exec(`SELECT * FROM ${table}`),
    ]);
    return tables.map((row) => Object.values(row).map(shownValue).join(' '));
  }
}

const shownValue = (value: SqlStorageValue): string =>
  value instanceof ArrayBuffer ? new TextDecoder('latin1').decode(value) : String(value);

export { globalsOf } from './globals.ts';

export default {
  fetch(request: Request, env: Env, context: ExecutionContext) {
    const path = new URL(request.url).pathname;
    // The core keeps the environment of the request that makes it, so all get the watched one.
    if (!path.startsWith('/probe/')) return worker.fetch(request, envOfWorker(env), context);
    return probe.fetch(request, path === '/probe/state' ? envOfWorker(env) : env, context);
  },
} satisfies ExportedHandler<Env>;
