import type { Refuse } from '../dialects.ts';
import type { Failure } from '../errors.ts';
import {
  type Asks,
  type FetchHead,
  type Fields,
  OpStatus,
  type RespondHead,
  type StoreName,
  type Tells,
} from './abi.ts';
import { AnswerBody, type Completion } from './answerbody.ts';
import { bounds } from './bounds.ts';
import type { Allowance } from './budget.ts';
import { failureOf, messageOf } from './failure.ts';
import type { Frame } from './frame.ts';
import { writeAnswerHead } from './heads.ts';
import type { HeldBody } from './heldbody.ts';
import type { Instance } from './instance.ts';
import { isJudged } from './judged.ts';
import type { Log } from './log.ts';
import type { Stores } from './store.ts';
import { UsageTail } from './usagetail.ts';

/** What a client's request brings along and only its own event may use. */
export interface CallContext extends Stores {
  /** The client's body, where the module has not got it. */
  readonly held?: HeldBody | undefined;
  readonly allowance: Allowance;
  readonly log: Log;
  readonly refuse: Refuse;
  waitUntil(promise: Promise<unknown>): void;
}

/** Who is told of a request's end. */
export interface CallEnds {
  finished(): void;
  drop(): void;
  spent?: ((tokens: number) => void) | undefined;
}

/** How what an op began is ended. */
type Abort = () => void;

const encoder = new TextEncoder();

/** The header fields of an answer that the module looks at: reading all would cost more. */
const fieldNames = [
  'content-type',
  'location',
  'retry-after',
  'x-goog-upload-url',
  'x-goog-upload-status',
  'x-goog-upload-chunk-granularity',
  'x-goog-upload-size-received',
] as const;

const lookedAt = ({ headers }: Response): Fields => {
  const fields: Record<string, string> = {};
  for (const name of fieldNames) {
    const value = headers.get(name);
    if (value !== null) fields[name] = value;
  }
  return fields;
};

/** Calls an address; one that somebody else named only as it was judged. */
const fetchJudged = async (url: string, host: string | undefined, init: RequestInit) => {
  if (host !== undefined && !isJudged(url, host)) throw new Error('the address is read otherwise');
  return fetch(url, init);
};

/**
 * One client request on this side of the boundary: the I/O that the module started for it and the
 * way its answer takes to the client. Every completion arrives in a promise of this request, never
 * of another, as workerd demands.
 */
export class Call {
  readonly response: Promise<Response>;
  readonly #resolve: (response: Response) => void;
  readonly #pending = new Map<number, Abort>();
  readonly #bodies = new Map<number, AnswerBody>();
  readonly #instance: Instance;
  readonly #context: CallContext;
  readonly #finished: () => void;
  readonly #spent: ((tokens: number) => void) | undefined;
  readonly #drop: () => void;
  #isOver = false;
  #isAnswered = false;
  /** Of a stream that has no body yet. */
  #head: ResponseInit | undefined;
  #writable: WritableStream<Uint8Array> | undefined;
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  /** Of an answer that the module doesn't read, where somebody wants to know what it has cost. */
  #tail: UsageTail | undefined;
  /** The last write, and the bytes of all that the client has not taken yet. */
  #written: Promise<void> = Promise.resolve();
  #unsent = 0;

  /**
   * `finished` is called once, at the end; `drop` cancels the request in the module; `spent` learns
   * what it has cost in tokens.
   */
  constructor(instance: Instance, context: CallContext, { finished, drop, spent }: CallEnds) {
    this.#instance = instance;
    this.#context = context;
    this.#finished = finished;
    this.#drop = drop;
    this.#spent = spent;
    const { promise, resolve } = Promise.withResolvers<Response>();
    this.response = promise;
    this.#resolve = resolve;
  }

  fetch(op: number, head: FetchHead, body: Uint8Array): void {
    const { method, url, headers, host, timeoutMs, isHeld } = head;
    // The runtime ends what is unanswered when the request ends, so it takes no signal of ours, which
    // would cost each request as much as its way through the module.
    this.#pending.set(op, () => {});
    const init: RequestInit = {
      method,
      headers,
      ...(timeoutMs && { signal: AbortSignal.timeout(timeoutMs) }),
      // A redirect would carry the token to another address.
      redirect: 'manual',
      ...(body.length > 0 && { body }),
    };
    const answered = isHeld ? this.#sendHeld(url, init) : fetchJudged(url, host, init);
    this.#settle(op, answered, (response) => this.#admit(op, response));
  }

  /** Calls an address with the client's body. */
  async #sendHeld(url: string, init: RequestInit): Promise<Response> {
    const { held } = this.#context;
    if (!held) throw new Error('no request body is held');
    return fetch(url, { ...init, body: held.take() });
  }

  /** An answer's head. The body waits for whoever reads it. */
  #admit(op: number, response: Response): Completion {
    const body = new AnswerBody(response);
    if (!this.#pending.has(op)) {
      body.cancel();
      return [OpStatus.None];
    }
    this.#bodies.set(op, body);
    this.#pending.set(op, () => body.cancel());
    const { status } = response;
    return [OpStatus.Ok, writeAnswerHead({ status, headers: lookedAt(response) })];
  }

  read(op: number, body: number, atLeast: number): void {
    const piece =
      this.#bodies.get(body)?.read(atLeast) ?? Promise.resolve([OpStatus.None] as const);
    this.#settle(op, piece, (completion) => completion);
  }

  /** What the request holds from now on, in all. Whether it may. */
  hold(bytes: number): boolean {
    return this.#context.allowance.growTo(bytes);
  }

  /** Asks a store. Where it is not bound, nothing is known. */
  ask<Name extends StoreName>(name: Name, op: number, frame: Frame<Asks[Name]>): void {
    const stores: Stores = this.#context;
    const store = stores[name];
    this.#pending.set(op, () => {});
    const asked = store?.ask(frame, () => this.#pending.has(op)) ?? Promise.resolve(null);
    const answered = asked.finally(() => this.#pending.delete(op));
    this.answer(op, answered);
  }

  /** Tells a store, behind the answer. Where it is not bound, nobody listens. */
  tell<Name extends StoreName>(name: Name, frame: Frame<Tells[Name]>): void {
    const stores: Stores = this.#context;
    const store = stores[name];
    if (store) this.#later(name, frame.head, store.tell(frame));
  }

  /** Answers with the bytes that `work` gives, or None for null. */
  answer(op: number, work: Promise<Uint8Array | null>): void {
    this.#settle(op, work, (bytes) => (bytes ? [OpStatus.Ok, bytes] : [OpStatus.None]));
  }

  wait(op: number, raised: Promise<void> | undefined, ms: number): void {
    if (raised) {
      this.#waitForSignal(op, raised, ms);
      return;
    }
    // Every request has one of these, and few of them ever fire.
    const timer = setTimeout(() => {
      this.#pending.delete(op);
      this.#complete(op, OpStatus.None);
    }, ms);
    this.#pending.set(op, () => clearTimeout(timer));
  }

  #waitForSignal(op: number, raised: Promise<void>, ms: number): void {
    const controller = new AbortController();
    this.#pending.set(op, () => controller.abort());
    const timer = scheduler.wait(ms, { signal: controller.signal });
    this.#settle(op, Promise.race([raised, timer]), () => {
      this.#pending.delete(op);
      controller.abort();
      return [OpStatus.None];
    });
  }

  /** A head that makes no response is the fault of this request alone. */
  respond(head: RespondHead, body: Uint8Array): void {
    try {
      this.#begin(head, body);
    } catch (error) {
      this.#answerWith(this.#context.refuse(failureOf(error, this.#context.log)));
    }
  }

  #begin({ status, headers, stream, passed }: RespondHead, body: Uint8Array): void {
    const init = { status, headers };
    this.#letGo();
    if (passed && this.#spent) this.#tail = new UsageTail();
    if (!stream) {
      this.#answerWith(new Response(body, init));
    } else if (passed && !this.#tail) {
      // What comes next says whether there is anything in front of Google's body.
      this.#head = init;
    } else {
      this.#open(init);
    }
  }

  #open(init: ResponseInit): void {
    this.#head = undefined;
    const { readable, writable } = new IdentityTransformStream();
    this.#writable = writable;
    this.#writer = writable.getWriter();
    // A client that goes away shows in `ready`; nothing else waits for this.
    this.#writer.closed.catch(() => {});
    this.#answerWith(new Response(readable, init));
  }

  /** Whether there is room for more. A client that goes away has none, and shows in `ready`. */
  write(bytes: Uint8Array): boolean {
    const { length } = bytes;
    if (this.#head) this.#open(this.#head);
    this.#tail?.keep(bytes);
    this.#unsent += length;
    this.#written = this.#writer?.write(bytes) ?? Promise.reject(new Error('no stream'));
    this.#written.then(
      () => {
        this.#unsent -= length;
      },
      () => {
        this.#unsent = Number.POSITIVE_INFINITY;
      },
    );
    return this.#writer !== undefined && this.#unsent < bounds.unsentBytes;
  }

  /** Answered when the client has taken all. The writer's own `ready` hangs in workerd at times. */
  ready(op: number): void {
    this.#settle(op, this.#written, () => [OpStatus.None]);
  }

  /** Passes a body on through the module, as long as there is room for what that makes of it. */
  pipe(op: number, body: number): void {
    this.#pending.set(op, () => {});
    const pass = (bytes: Uint8Array): boolean => this.#pending.has(op) && this.#pass(op, bytes);
    const passed = this.#bodies.get(body)?.pipe(pass) ?? Promise.resolve(OpStatus.None);
    const ended = passed.finally(() => this.#pending.delete(op));
    this.#settle(op, ended, (status) => [status]);
  }

  /** Whether more can be passed on. */
  #pass(op: number, bytes: Uint8Array): boolean {
    try {
      const output = this.#instance.feed(op, bytes);
      return output !== undefined && (output.length === 0 || this.write(output));
    } catch (error) {
      this.fail(failureOf(error, this.#context.log));
      return false;
    }
  }

  /** The client's body, for the module to read. */
  held(op: number): void {
    const bytes = this.#context.held?.bytes;
    this.#pending.set(op, () => {});
    const read = bytes
      ? Promise.resolve(bytes)
      : Promise.reject(new Error('the request body is not held'));
    this.#settle(op, read, (all) => [OpStatus.Ok, all]);
  }

  /** No attempt follows: the client's body is wanted no more, whatever is done behind the answer. */
  #letGo(): void {
    const { held, allowance } = this.#context;
    if (!held) return;
    held.letGo();
    allowance.free();
  }

  /** Passes a body on past the module, up to its end. */
  pass(op: number, body: number): void {
    this.#pending.set(op, () => {});
    this.#settle(op, this.#passOn(this.#bodies.get(body)), () => [OpStatus.None]);
  }

  async #passOn(body: AnswerBody | undefined): Promise<void> {
    const head = this.#head;
    if (body && head) {
      // Nothing stands in front: the runtime passes it on by itself, and breaks off where it breaks.
      this.#head = undefined;
      this.#answerWith(new Response(body.give(), head));
      return;
    }
    const [writable, writer] = [this.#writable, this.#writer];
    if (!body || !writable || !writer) throw new Error('no stream');
    await this.#written;
    if (this.#tail) return this.#copy(body, writer, this.#tail);
    writer.releaseLock();
    return body.passTo(writable);
  }

  /** The same, with an eye on what it tells of its cost. */
  async #copy(
    body: AnswerBody,
    writer: WritableStreamDefaultWriter<Uint8Array>,
    tail: UsageTail,
  ): Promise<void> {
    try {
      for (let piece = await body.next(); piece; piece = await body.next()) {
        tail.keep(piece);
        // The next piece is read into the same buffer.
        await writer.write(piece.slice());
      }
      await writer.close();
    } catch (error) {
      writer.abort(error).catch(() => {});
      throw error;
    }
  }

  end(): void {
    if (this.#head) this.#open(this.#head);
    this.#writer?.close().catch(() => {});
    this.#writer = undefined;
  }

  /** What the request has cost. */
  spent(tokens: number): void {
    this.#spent?.(tokens);
  }

  /** Nothing more will come for this request. */
  done(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const tokens = this.#tail?.tokens;
    if (tokens !== undefined) this.#spent?.(tokens);
    // A stream without an end must not look as if it had one, nor be waited for where it never began.
    if (this.#head) this.#open(this.#head);
    this.#writer?.abort(new Error('the answer broke off')).catch(() => {});
    for (const op of [...this.#pending.keys()]) this.abort(op);
    this.#finished();
  }

  abort(op: number): void {
    const end = this.#pending.get(op);
    this.#pending.delete(op);
    this.#bodies.delete(op);
    end?.();
  }

  /** Answers when the module can't, and drops what it still holds for the request. */
  fail(failure: Failure): void {
    this.#writer?.abort(new Error(failure.message)).catch(() => {});
    if (!this.#isAnswered) this.#answerWith(this.#context.refuse(failure));
    this.#drop();
  }

  #answerWith(response: Response): void {
    this.#isAnswered = true;
    this.#resolve(response);
  }

  #settle<T>(op: number, work: Promise<T>, toAnswer: (value: T) => Completion): void {
    work.then(
      (value) => this.#complete(op, ...toAnswer(value)),
      (error: unknown) => this.#complete(op, OpStatus.Failed, encoder.encode(messageOf(error))),
    );
  }

  #complete(op: number, status: OpStatus, bytes?: Uint8Array): void {
    if (this.#isOver) return;
    try {
      this.#instance.complete(op, status, bytes);
    } catch (error) {
      this.fail(failureOf(error, this.#context.log));
    }
  }

  #later(name: StoreName, head: Tells[StoreName], work: Promise<void>): void {
    this.#context.waitUntil(
      work.catch((error: unknown) => {
        const fields = { ...('key' in head && { key: head.key }), message: messageOf(error) };
        this.#context.log.warn(`${name}_${head.do}_failed`, fields);
      }),
    );
  }
}
