import { refusalOf } from '../dialects.ts';
import { cutShort, type Failure } from '../errors.ts';
import type { Pool } from '../pool.ts';
import type { ConfigureHead, RequestHead } from './abi.ts';
import { IncomingBody } from './body.ts';
import { Budget } from './budget.ts';
import { Call } from './call.ts';
import { failureOf } from './failure.ts';
import { writeFrame } from './frame.ts';
import { writeRequestHead } from './heads.ts';
import { makeImports } from './imports.ts';
import { type FrameTarget, Instance } from './instance.ts';
import { kvStore } from './kvstore.ts';
import { Log } from './log.ts';
import { poolStore } from './poolstore.ts';
import { readSettings, type Settings, textOf } from './settings.ts';
import { Visit, type WaitUntil } from './visit.ts';

/** The worker's variables and bindings: text and JSON values are handed to the module as they are. */
export interface Env {
  readonly GEMINI_CLI_KV?: KVNamespace;
  readonly POOL?: DurableObjectNamespace<Pool>;
  /** The files of the operator's page. */
  readonly ASSETS?: Fetcher;
  readonly ANALYTICS?: AnalyticsEngineDataset;
  readonly [name: string]: unknown;
}

/** What a route says of a request. What its header fields say comes on top. */
export type Operation = Omit<RequestHead, 'fallback'>;

/** Learns what a request has cost in tokens, at most once, also of a client that left. */
export type Spent = (tokens: number) => void;

/**
 * Whether an operation takes a body, perhaps in a form. Of one that takes none nothing is read, and
 * nothing held.
 */
export type TakesBody = 'body' | 'form' | 'no body';

/** A request that has been read, and the instance it is for. */
interface ReceivedRequest {
  readonly instance: Instance;
  request(req: number): void;
  /** In place of `request`. */
  free(): void;
}

const varsOf = (env: Env): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      const text = textOf(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );

const fallbackOf = (request: Request): Pick<RequestHead, 'fallback'> =>
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
  readonly #budget: Budget;
  readonly #calls = new Map<number, Call>();
  #instance: Instance;
  #lastRequest = 0;

  constructor(module: WebAssembly.Module, env: Env) {
    this.#module = module;
    this.#env = env;
    this.#log = new Log(env.LOG_LEVEL);
    this.#settings = readSettings(env, this.#log);
    this.#budget = new Budget(this.#settings.maxBodyBytesTotal);
    this.#instance = this.#start();
  }

  async handle(
    operation: Operation,
    takesBody: TakesBody,
    request: Request,
    waitUntil: WaitUntil,
    spent?: Spent,
  ): Promise<Response> {
    const refusal = refusalOf(request, operation.id);
    const visit = new Visit(this.#budget.allowance(), request.signal, waitUntil, refusal);
    try {
      const head = writeRequestHead({ ...operation, ...fallbackOf(request) });
      const received =
        takesBody === 'no body' ? this.#held(head) : await this.#receive(request, head, visit);
      if ('status' in received) return visit.refuse(received);
      if (!visit.hasLeft) return this.#serve(received, visit, waitUntil, spent);
      received.free();
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
    return this.#budget.taken;
  }

  /** A request in our own memory, for the instance that runs now. */
  #held(...frame: readonly Uint8Array[]): ReceivedRequest {
    const instance = this.#running();
    return { instance, request: (req) => instance.request(req, ...frame), free: () => {} };
  }

  /** The request in the module's own memory when it is large, or in one that can still be chosen. */
  async #receive(
    request: Request,
    head: Uint8Array,
    visit: Visit,
  ): Promise<ReceivedRequest | Failure> {
    const makeTarget = (size: number): (FrameTarget & ReceivedRequest) | Failure => {
      try {
        const instance = this.#running();
        return { instance, ...instance.reserve(head, size) };
      } catch (error) {
        return failureOf(error, this.#log);
      }
    };
    const body = new IncomingBody(request, this.#settings, visit.allowance, makeTarget);
    visit.onLeave(() => body.stop());
    const outcome = await body.outcome;
    if ('failure' in outcome) return outcome.failure;
    return 'target' in outcome ? outcome.target : this.#held(head, ...outcome.pieces);
  }

  #running(): Instance {
    if (this.#instance.isBroken) this.#instance = this.#start();
    return this.#instance;
  }

  #serve(
    received: ReceivedRequest,
    visit: Visit,
    waitUntil: WaitUntil,
    spent: Spent | undefined,
  ): Promise<Response> {
    const { instance } = received;
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
      allowance: visit.allowance,
      log: this.#log,
      refuse: visit.refusal,
      waitUntil,
    };
    const call = new Call(instance, context, { finished, drop, spent });
    this.#calls.set(req, call);
    visit.onLeave(drop);
    try {
      received.request(req);
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
    const { ANALYTICS: points } = this.#env;
    const instance = new Instance(this.#module, (self) => makeImports(self, calls, points));
    instance.configure(
      writeFrame<ConfigureHead>({
        vars: varsOf(this.#env),
        kv: this.#env.GEMINI_CLI_KV !== undefined,
        pool: this.#env.POOL !== undefined,
        points: points !== undefined,
      }),
    );
    return instance;
  }
}
