import { type Refuse, refusalOf } from '../dialects.ts';
import { badRequest, cutShort, type Failure } from '../errors.ts';
import type { Memory } from '../memory/memory.ts';
import type { Pool } from '../pool.ts';
import type { Store } from '../store.ts';
import type { ConfigureHead, RequestHead } from './abi.ts';
import { IncomingBody, lengthOf, type Target } from './body.ts';
import { bounds } from './bounds.ts';
import { Budget } from './budget.ts';
import { Call } from './call.ts';
import { failureOf } from './failure.ts';
import { writeFrame } from './frame.ts';
import { writeRequestHead } from './heads.ts';
import { HeldBody } from './heldbody.ts';
import { makeImports } from './imports.ts';
import { type FrameTarget, Instance } from './instance.ts';
import { kvStore } from './kvstore.ts';
import { LocationCache } from './locationcache.ts';
import { Log } from './log.ts';
import { memoryStore } from './memorystore.ts';
import { joined } from './pieces.ts';
import { poolStore } from './poolstore.ts';
import { isOn, readSettings, type Settings, varsOf } from './settings.ts';
import { readTexts } from './texts.ts';
import { Visit, type WaitUntil } from './visit.ts';

const encoder = new TextEncoder();

/** The worker's variables and bindings: text and JSON values are handed to the module as they are. */
export interface Env {
  readonly GEMINI_CLI_KV?: KVNamespace;
  readonly POOL?: DurableObjectNamespace<Pool>;
  /** Keeps responses and conversations for clients. */
  readonly STORE?: DurableObjectNamespace<Store>;
  /** The files of the operator's page. */
  readonly ASSETS?: Fetcher;
  readonly ANALYTICS?: AnalyticsEngineDataset;
  readonly [name: string]: unknown;
}

/** What a route says of a request. What its header fields say comes on top. */
export interface Operation extends Omit<RequestHead, 'fallback'> {
  /** What is kept for its client, where anything is. */
  readonly memory?: Memory | undefined;
  /** What is wrong with a body that stays here, if anything is. */
  readonly judge?: Judge | undefined;
  /** Learns why and by which status it is refused here, in place of the module's answer. */
  readonly refused?: ((failure: Failure, status: number) => void) | undefined;
}

export type Judge = (held: HeldBody) => Failure | undefined;

/** Learns what a request has cost in tokens, at most once, also of a client that left. */
export type Spent = (tokens: number) => void;

/**
 * Whether an operation takes a body: for the module, perhaps in a form, or one that the worker holds and
 * sends on, for as long as there is room where nobody reads it. Of one that takes none nothing is read, and
 * nothing held.
 */
export type TakesBody = 'body' | 'form' | 'held body' | 'unread body' | 'no body';

/** A request that has been read, and the instance it is for. */
interface ReceivedRequest {
  readonly instance: Instance;
  request(req: number): void;
  /** In place of `request`. */
  free(): void;
  /** Its body, where the module has not got it. */
  readonly held?: HeldBody;
}

/** A target here, for what is not for the module. */
const inOwnMemory = (size: number): Target & { readonly bytes: Uint8Array } => {
  const bytes = new Uint8Array(size);
  return { bytes, put: (piece, at) => bytes.set(piece, at), free: () => {} };
};

/** Verbs of calls that may go on from signatures. */
const generating: ReadonlySet<string> = new Set(['generateContent', 'streamGenerateContent']);

const fallbackOf = (request: Request): Pick<RequestHead, 'fallback'> =>
  request.headers.get('x-rondo-fallback')?.trim().toLowerCase() === 'off'
    ? { fallback: 'off' }
    : {};

/** Refuses, and tells of it. Whoever has left is refused nothing. */
const refusalFor = (request: Request, { id, refused }: Operation): Refuse => {
  const refuse = refusalOf(request, id);
  return (failure) => {
    const answer = refuse(failure);
    if (!request.signal.aborted) refused?.(failure, answer.status);
    return answer;
  };
};

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
  /** Where the operator wants it. */
  readonly #cache: LocationCache | undefined;
  readonly #calls = new Map<number, Call>();
  #instance: Instance;
  #lastRequest = 0;

  constructor(module: WebAssembly.Module, env: Env) {
    this.#module = module;
    this.#env = env;
    this.#log = new Log(env.LOG_LEVEL);
    this.#settings = readSettings(env, this.#log);
    this.#budget = new Budget(this.#settings.maxBodyBytesTotal);
    this.#cache = isOn(env, 'LOCATION_CACHE', this.#log) ? new LocationCache(this.#log) : undefined;
    this.#instance = this.#start();
  }

  async handle(
    operation: Operation,
    takesBody: TakesBody,
    request: Request,
    waitUntil: WaitUntil,
    spent?: Spent,
  ): Promise<Response> {
    const refusal = refusalFor(request, operation);
    const visit = new Visit(this.#budget.allowance(), request.signal, waitUntil, refusal);
    try {
      const { memory } = operation;
      const head = { ...operation, ...fallbackOf(request) };
      const received = await this.#receive(takesBody, request, head, visit);
      if ('status' in received) return visit.refuse(received);
      if (!visit.hasLeft) return this.#serve(received, visit, waitUntil, spent, memory);
      received.free();
      return visit.refuse(cutShort);
    } catch (error) {
      return visit.refuse(failureOf(error, this.#log));
    }
  }

  /** A body that the module has no part in, of at most so many bytes. */
  async read(request: Request, most: number): Promise<Uint8Array | Failure> {
    const allowance = this.#budget.allowance();
    const maxBodyBytes = Math.min(this.#settings.maxBodyBytes, most);
    const limits = { ...this.#settings, maxBodyBytes };
    const outcome = await new IncomingBody(request, limits, allowance, inOwnMemory).outcome;
    allowance.free();
    if ('failure' in outcome) return outcome.failure;
    return 'target' in outcome ? outcome.target.bytes : joined(outcome.pieces);
  }

  /** Why a conversation may not take these items, of which each is JSON, if there is a reason. */
  judgeItems(items: readonly string[]): Failure | undefined {
    try {
      const fault = this.#running().judgeItems(encoder.encode(`{"items":[${items.join(',')}]}`));
      if (!fault) return undefined;
      const [message = '', param = '', code = ''] = readTexts(fault);
      return badRequest(message, param, code);
    } catch (error) {
      return failureOf(error, this.#log);
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

  #receive(
    takesBody: TakesBody,
    request: Request,
    head: Operation,
    visit: Visit,
  ): ReceivedRequest | Promise<ReceivedRequest | Failure> {
    if (takesBody === 'no body') return this.#ready(writeRequestHead(head));
    if (takesBody === 'held body') return this.#hold(head, this.#readHeld(request, visit));
    if (takesBody === 'unread body') return this.#hold(head, this.#readUnread(request, visit));
    return this.#take(request, writeRequestHead(head), visit);
  }

  /** A request in our own memory, for the instance that runs now. */
  #ready(...frame: readonly Uint8Array[]): ReceivedRequest {
    const instance = this.#running();
    return { instance, request: (req) => instance.request(req, ...frame), free: () => {} };
  }

  /** The request in the module's own memory when it is large, or in one that can still be chosen. */
  async #take(
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
    return 'target' in outcome ? outcome.target : this.#ready(head, ...outcome.pieces);
  }

  /** A request whose body stays here. */
  async #hold(
    head: Operation,
    reading: Promise<HeldBody | Failure>,
  ): Promise<ReceivedRequest | Failure> {
    const held = await reading;
    if ('status' in held) return held;
    const fault = head.judge?.(held);
    if (fault) return fault;
    const piped = held.isPiped && { piped: 'piped' };
    const marked = held.isMarked && { marked: 'marked' };
    const isGenerating = generating.has(head.params.verb ?? '');
    const tools = isGenerating && held.hasTools && { tools: 'tools' };
    const signed = isGenerating && held.isSigned && { signed: 'signed' };
    const params = { ...head.params, ...piped, ...marked, ...tools, ...signed };
    const bytes = writeRequestHead({ ...head, params });
    // By its first turn a conversation is known, which goes on where its signatures were made.
    const known = isGenerating ? held.turns : held.beginning;
    const beginning = known.subarray(0, bounds.bodyBeginningBytes);
    return { ...this.#ready(bytes, beginning), held };
  }

  get #mostHeld(): number {
    return Math.min(this.#settings.maxBodyBytes, bounds.heldBodyBytes);
  }

  /** What can be sent once only does better than to be refused. */
  async #readUnread(request: Request, visit: Visit): Promise<HeldBody | Failure> {
    const { body } = request;
    const length = lengthOf(request) ?? 0;
    const hasRoom = length > this.#mostHeld || visit.allowance.growTo(length);
    return body && !hasRoom ? new HeldBody([], body) : this.#readHeld(request, visit);
  }

  async #readHeld(request: Request, visit: Visit): Promise<HeldBody | Failure> {
    const maxBodyBytes = this.#mostHeld;
    if (request.body && (lengthOf(request) ?? 0) > maxBodyBytes) {
      return new HeldBody([], request.body);
    }
    const limits = { ...this.#settings, maxBodyBytes, larger: 'left' } as const;
    const body = new IncomingBody(request, limits, visit.allowance, inOwnMemory);
    visit.onLeave(() => body.stop());
    const outcome = await body.outcome;
    if ('failure' in outcome) return outcome.failure;
    if ('target' in outcome) return new HeldBody([outcome.target.bytes]);
    return new HeldBody(outcome.pieces, outcome.rest);
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
    memory: Memory | undefined,
  ): Promise<Response> {
    const { instance, held } = received;
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
      cache: this.#cache,
      pool: pool && poolStore(pool, waitUntil),
      memory: memory && memoryStore(memory),
      allowance: visit.allowance,
      log: this.#log,
      refuse: visit.refusal,
      held,
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
        store: this.#env.STORE !== undefined,
        cache: this.#cache !== undefined,
        points: points !== undefined,
      }),
    );
    return instance;
  }
}
