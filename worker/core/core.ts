import { cutShort, type Failure } from '../errors.ts';
import type { Pool } from '../pool.ts';
import { IncomingBody } from './body.ts';
import { Call } from './call.ts';
import { failureOf } from './failure.ts';
import { writeFrame } from './frame.ts';
import { makeImports } from './imports.ts';
import { Instance, type Landing } from './instance.ts';
import { kvStore } from './kvstore.ts';
import { Log } from './log.ts';
import { poolStore } from './poolstore.ts';
import { Room } from './room.ts';
import { readSettings, type Settings, textOf } from './settings.ts';
import { Visit, type WaitUntil } from './visit.ts';

/** The worker's variables and bindings: text and JSON values are handed to the module as they are. */
export interface Env {
  readonly GEMINI_CLI_KV?: KVNamespace;
  readonly POOL?: DurableObjectNamespace<Pool>;
  readonly [name: string]: unknown;
}

/** One of our callers, as its key tells. No `models` means all, no `stored` that it may. */
export interface Client {
  readonly name: string;
  readonly models?: readonly string[];
  readonly stored?: boolean;
}

/** What the module is told of a request beside its body. */
export interface Operation {
  readonly operation: string;
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
  readonly client: Client;
}

/** Whether an operation takes a body. Of one that takes none nothing is read, and nothing held. */
export type TakesBody = 'body' | 'no body';

/** A request that has been read, and the instance it is for. */
interface Incoming {
  readonly instance: Instance;
  request(req: number): void;
  /** In place of `request`. */
  free(): void;
}

/** One whose body lies in the module's memory. */
type Landed = Landing & Incoming;

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
  readonly #log: Log;
  readonly #settings: Settings;
  readonly #room: Room;
  readonly #calls = new Map<number, Call>();
  #instance: Instance;
  #lastRequest = 0;

  constructor(module: WebAssembly.Module, env: Env) {
    this.#module = module;
    this.#env = env;
    this.#log = new Log(env.LOG_LEVEL);
    this.#settings = readSettings(env, this.#log);
    this.#room = new Room(this.#settings.maxBodyBytesTotal);
    this.#instance = this.#start();
  }

  async handle(
    operation: Operation,
    takesBody: TakesBody,
    request: Request,
    waitUntil: WaitUntil,
  ): Promise<Response> {
    const visit = new Visit(this.#room.share(), request.signal, waitUntil);
    try {
      const head = writeFrame({ ...operation, ...fallbackOf(request) });
      const incoming =
        takesBody === 'body' ? await this.#read(request, head, visit) : this.#held(head);
      if ('status' in incoming) return visit.refuse(incoming);
      if (!visit.hasLeft) return this.#serve(incoming, visit, waitUntil);
      incoming.free();
      return visit.refuse(cutShort);
    } catch (error) {
      return visit.refuse(failureOf(error, this.#log));
    }
  }

  /** I/O that the module waits for, over all requests. */
  openOps(): number {
    return this.#instance.openOps();
  }

  /** What the bodies of all requests take now. */
  bodyBytes(): number {
    return this.#room.taken;
  }

  /** A request in our own memory, for the instance that runs now. */
  #held(...frame: readonly Uint8Array[]): Incoming {
    const instance = this.#running();
    return { instance, request: (req) => instance.request(req, ...frame), free: () => {} };
  }

  /** The request in the module's own memory when it is large, or in one that can still be chosen. */
  async #read(request: Request, head: Uint8Array, visit: Visit): Promise<Incoming | Failure> {
    const land = (size: number): Landed | Failure => {
      try {
        const instance = this.#running();
        return { instance, ...instance.land(head, size) };
      } catch (error) {
        return failureOf(error, this.#log);
      }
    };
    const incoming = new IncomingBody(request, this.#settings, visit.share, land);
    visit.onLeave(() => incoming.stop());
    const body = await incoming.outcome;
    if ('failure' in body) return body.failure;
    return 'place' in body ? body.place : this.#held(head, ...body.pieces);
  }

  #running(): Instance {
    if (this.#instance.isBroken) this.#instance = this.#start();
    return this.#instance;
  }

  #serve(incoming: Incoming, visit: Visit, waitUntil: WaitUntil): Promise<Response> {
    const { instance } = incoming;
    this.#lastRequest = (this.#lastRequest % 0xffff_ffff) + 1;
    const req = this.#lastRequest;
    const drop = () => this.#cancel(instance, req);
    const finished = () => {
      this.#calls.delete(req);
      visit.end();
    };
    const { GEMINI_CLI_KV: kv, POOL: pool } = this.#env;
    const context = {
      kv: kv && kvStore(kv),
      pool: pool && poolStore(pool, waitUntil),
      share: visit.share,
      log: this.#log,
      waitUntil,
    };
    const call = new Call(instance, context, { finished, drop });
    this.#calls.set(req, call);
    visit.onLeave(drop);
    try {
      incoming.request(req);
    } catch (error) {
      call.fail(failureOf(error, this.#log));
    }
    return call.response;
  }

  #cancel(instance: Instance, req: number): void {
    const call = this.#calls.get(req);
    if (!call) return;
    try {
      if (!instance.isBroken) instance.cancel(req);
    } catch (error) {
      failureOf(error, this.#log);
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
