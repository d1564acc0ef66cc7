import { errorResponse, type Failure } from '../errors.ts';
import type { Pool } from '../pool.ts';
import { readBody } from './body.ts';
import { Call } from './call.ts';
import { failureOf } from './failure.ts';
import { writeFrame } from './frame.ts';
import { makeImports } from './imports.ts';
import { Instance } from './instance.ts';
import { kvStore } from './kv.ts';
import { poolStore } from './pool.ts';
import { Room, type Share } from './room.ts';

/** The worker's variables and bindings: text and JSON values are handed to the module as they are. */
export interface Env {
  readonly GEMINI_CLI_KV?: KVNamespace;
  readonly POOL?: DurableObjectNamespace<Pool>;
  readonly MAX_BODY_BYTES?: string | number;
  readonly MAX_BODY_BYTES_TOTAL?: string | number;
  readonly [name: string]: unknown;
}

/** One of our callers, as its key tells. No `models` means all. */
export interface Client {
  readonly name: string;
  readonly models?: readonly string[];
}

export interface Operation {
  readonly operation: string;
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
  readonly client: Client;
}

/** A request that has been read, and the instance it is for. */
interface Incoming {
  readonly instance: Instance;
  request(req: number): void;
}

const defaultMaxBodyBytes = 32 * 1024 * 1024;
// An isolate has 128 MB, and a body is held a few times over on its way through.
const defaultMaxBodyBytesTotal = 40 * 1024 * 1024;

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const isData =
    Array.isArray(value) || (value !== null && Object.getPrototypeOf(value) === Object.prototype);
  return isData ? JSON.stringify(value) : undefined;
};

const varsOf = (env: Env): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );

const fallbackOf = (request: Request): { fallback?: 'off' } =>
  request.headers.get('x-rondo-fallback')?.trim().toLowerCase() === 'off'
    ? { fallback: 'off' }
    : {};

/**
 * The gateway of this isolate: the module with its credentials and tokens, made once and shared by
 * all requests. When the module has stopped, the next request gets a fresh one.
 */
export class Core {
  readonly #module: WebAssembly.Module;
  readonly #env: Env;
  readonly #maxBodyBytes: number;
  readonly #room: Room;
  readonly #calls = new Map<number, Call>();
  #instance: Instance;
  #lastRequest = 0;

  constructor(module: WebAssembly.Module, env: Env) {
    this.#module = module;
    this.#env = env;
    this.#maxBodyBytes = Number(env.MAX_BODY_BYTES) || defaultMaxBodyBytes;
    this.#room = new Room(Number(env.MAX_BODY_BYTES_TOTAL) || defaultMaxBodyBytesTotal);
    this.#instance = this.#start();
  }

  async handle(
    operation: Operation,
    request: Request,
    waitUntil: (promise: Promise<unknown>) => void,
  ): Promise<Response> {
    const share = this.#room.share();
    const head = writeFrame({ ...operation, ...fallbackOf(request) });
    const body = await this.#read(request, head, share);
    if ('status' in body) {
      share.free();
      return errorResponse(body);
    }
    return this.#serve(request, body, share, waitUntil);
  }

  /** I/O that the module waits for, over all requests. */
  openOps(): number {
    return this.#instance.openOps();
  }

  /** The request in the module's own memory when it is large, or in one that can still be chosen. */
  async #read(request: Request, head: Uint8Array, share: Share): Promise<Incoming | Failure> {
    const land = (size: number) => {
      const instance = this.#running();
      return { instance, ...instance.land(head, size) };
    };
    try {
      const body = await readBody(request, this.#maxBodyBytes, share, land);
      if (!(body instanceof Uint8Array)) return body;
      const instance = this.#running();
      return { instance, request: (req) => instance.request(req, head, body) };
    } catch (error) {
      return failureOf(error);
    }
  }

  #running(): Instance {
    if (this.#instance.isBroken) this.#instance = this.#start();
    return this.#instance;
  }

  #serve(
    request: Request,
    incoming: Incoming,
    share: Share,
    waitUntil: (promise: Promise<unknown>) => void,
  ): Promise<Response> {
    const { instance } = incoming;
    this.#lastRequest = (this.#lastRequest % 0xffff_ffff) + 1;
    const req = this.#lastRequest;
    const over = Promise.withResolvers<void>();
    const drop = () => this.#cancel(instance, req);
    const finished = () => {
      this.#calls.delete(req);
      share.free();
      over.resolve();
    };
    const { GEMINI_CLI_KV: kv, POOL: pool } = this.#env;
    const context = {
      kv: kv && kvStore(kv),
      pool: pool && poolStore(pool, waitUntil),
      waitUntil,
    };
    const call = new Call(instance, context, { finished, drop });
    this.#calls.set(req, call);
    waitUntil(over.promise);
    request.signal.addEventListener('abort', drop);
    try {
      incoming.request(req);
    } catch (error) {
      call.fail(failureOf(error));
    }
    return call.response;
  }

  #cancel(instance: Instance, req: number): void {
    const call = this.#calls.get(req);
    if (!call) return;
    try {
      if (!instance.isBroken) instance.cancel(req);
    } catch (error) {
      failureOf(error);
    }
    call.done();
  }

  #start(): Instance {
    const calls = this.#calls;
    const instance = new Instance(this.#module, (self) => makeImports(self, calls));
    instance.configure(
      writeFrame({
        vars: varsOf(this.#env),
        kv: this.#env.GEMINI_CLI_KV !== undefined,
        pool: this.#env.POOL !== undefined,
      }),
    );
    return instance;
  }
}
