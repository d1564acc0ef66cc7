import { errorResponse, type Failure, internalError, overloaded } from '../errors.ts';
import { OpStatus } from './abi.ts';
import { type Frame, writeFrame } from './frame.ts';
import { type Instance, OutOfMemory } from './instance.ts';

/** What a client's request brings along and only its own event may use. */
export interface CallContext {
  readonly kv: KVNamespace | undefined;
  waitUntil(promise: Promise<unknown>): void;
}

interface Pending {
  readonly controller: AbortController;
  reader?: ReadableStreamDefaultReader<Uint8Array>;
}

const encoder = new TextEncoder();

const messageOf = (error: unknown): Uint8Array =>
  encoder.encode(error instanceof Error ? error.message : String(error));

const headersOf = (frame: Frame): Record<string, string> =>
  frame.head.headers as Record<string, string>;

/**
 * One client request on this side of the boundary: the I/O that the module started for it and the
 * way its answer takes to the client. Every completion arrives in a promise of this request, never
 * of another, as workerd demands.
 */
export class Call {
  readonly response: Promise<Response>;
  readonly #resolve: (response: Response) => void;
  readonly #pending = new Map<number, Pending>();
  readonly #instance: Instance;
  readonly #context: CallContext;
  readonly #finished: () => void;
  readonly #drop: () => void;
  #isOver = false;
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;

  /** `finished` is called once, at the end; `drop` cancels the request in the module. */
  constructor(
    instance: Instance,
    context: CallContext,
    { finished, drop }: { finished: () => void; drop: () => void },
  ) {
    this.#instance = instance;
    this.#context = context;
    this.#finished = finished;
    this.#drop = drop;
    const { promise, resolve } = Promise.withResolvers<Response>();
    this.response = promise;
    this.#resolve = resolve;
  }

  fetch(op: number, frame: Frame, body: Uint8Array): void {
    const pending = this.#open(op);
    const { method, url, timeoutMs } = frame.head as {
      method: string;
      url: string;
      timeoutMs?: number;
    };
    const { signal } = pending.controller;
    const init: RequestInit = {
      method,
      headers: headersOf(frame),
      signal: timeoutMs ? AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) : signal,
      // A redirect would carry the token to another address.
      redirect: 'manual',
      ...(body.length > 0 && { body }),
    };
    this.#settle(op, fetch(url, init), (response) => {
      if (response.body) pending.reader = response.body.getReader();
      const headers = Object.fromEntries(response.headers);
      return [OpStatus.Ok, writeFrame({ status: response.status, headers })];
    });
  }

  read(op: number, body: number): void {
    const reader = this.#pending.get(body)?.reader;
    const chunk: Promise<ReadableStreamReadResult<Uint8Array>> =
      reader?.read() ?? Promise.resolve({ done: true, value: undefined });
    this.#settle(op, chunk, ({ value }) =>
      value === undefined ? [OpStatus.None] : [OpStatus.Ok, value],
    );
  }

  kvGet(op: number, key: string): void {
    const read = this.#context.kv?.get(key, 'arrayBuffer') ?? Promise.resolve(null);
    this.#settle(op, read, (value) =>
      value ? [OpStatus.Ok, new Uint8Array(value)] : [OpStatus.None],
    );
  }

  kvPut(key: string, value: Uint8Array, ttl: number): void {
    this.#later('put', key, this.#context.kv?.put(key, value, { expirationTtl: ttl }));
  }

  kvDelete(key: string): void {
    this.#later('delete', key, this.#context.kv?.delete(key));
  }

  crypto(op: number, work: Promise<Uint8Array>): void {
    this.#settle(op, work, (bytes) => [OpStatus.Ok, bytes]);
  }

  wait(op: number, raised: Promise<void> | undefined, ms: number): void {
    const { controller } = this.#open(op);
    const timer = scheduler.wait(ms, { signal: controller.signal });
    const either = raised ? Promise.race([raised, timer]) : timer;
    this.#settle(op, either, () => {
      this.#pending.delete(op);
      controller.abort();
      return [OpStatus.None];
    });
  }

  respond(frame: Frame): void {
    const { status, stream } = frame.head as { status: number; stream?: boolean };
    const init = { status, headers: headersOf(frame) };
    if (!stream) {
      this.#answer(new Response(frame.body, init));
      return;
    }
    const { readable, writable } = new IdentityTransformStream();
    this.#writer = writable.getWriter();
    // A client that goes away shows in `write`; nothing else waits for this.
    this.#writer.closed.catch(() => {});
    this.#answer(new Response(readable, init));
  }

  write(op: number, bytes: Uint8Array): void {
    const written = this.#writer?.write(bytes) ?? Promise.reject(new Error('no stream'));
    this.#settle(op, written, () => [OpStatus.None]);
  }

  end(): void {
    this.#writer?.close().catch(() => {});
  }

  /** Nothing more will come for this request. */
  done(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const op of [...this.#pending.keys()]) this.abort(op);
    this.#finished();
  }

  abort(op: number): void {
    const pending = this.#pending.get(op);
    this.#pending.delete(op);
    pending?.reader?.cancel().catch(() => {});
    pending?.controller.abort();
  }

  /** Answers when the module can't, and drops what it still holds for the request. */
  fail(failure: Failure): void {
    this.#writer?.abort(new Error(failure.message)).catch(() => {});
    this.#answer(errorResponse(failure));
    this.#drop();
  }

  #answer(response: Response): void {
    this.#resolve(response);
  }

  #open(op: number): Pending {
    const pending: Pending = { controller: new AbortController() };
    this.#pending.set(op, pending);
    return pending;
  }

  #settle<T>(op: number, work: Promise<T>, toAnswer: (value: T) => [OpStatus, Uint8Array?]): void {
    work.then(
      (value) => this.#complete(op, ...toAnswer(value)),
      (error: unknown) => this.#complete(op, OpStatus.Failed, messageOf(error)),
    );
  }

  #complete(op: number, status: OpStatus, bytes?: Uint8Array): void {
    if (this.#isOver) return;
    try {
      this.#instance.complete(op, status, bytes);
    } catch (error) {
      this.fail(failureOf(error));
    }
  }

  #later(what: string, key: string, work: Promise<void> | undefined): void {
    if (!work) return;
    this.#context.waitUntil(
      work.catch((error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        console.warn(JSON.stringify({ level: 'warn', event: `kv_${what}_failed`, key, message }));
      }),
    );
  }
}

/** What the client is told when a call into the module threw. */
export const failureOf = (error: unknown): Failure => {
  if (error instanceof OutOfMemory) return overloaded;
  const message = error instanceof Error ? String(error.cause ?? error) : String(error);
  console.error(JSON.stringify({ level: 'error', event: 'module_failed', message }));
  return internalError;
};
