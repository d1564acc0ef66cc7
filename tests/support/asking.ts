// The worker's side of the boundary alone, around a module that asks what the test tells it to.
import { vi } from 'vitest';
import type { Imports, OpStatus } from '../../worker/core/abi.ts';
import { Budget } from '../../worker/core/budget.ts';
import { Call } from '../../worker/core/call.ts';
import { writeFrame } from '../../worker/core/frame.ts';
import { makeImports } from '../../worker/core/imports.ts';
import type { Instance } from '../../worker/core/instance.ts';
import { kvStore } from '../../worker/core/kvstore.ts';
import { Log } from '../../worker/core/log.ts';
import { poolStore } from '../../worker/core/poolstore.ts';
import { errorResponse } from '../../worker/errors.ts';

export interface Answered {
  readonly status: OpStatus;
  readonly text: string;
  readonly bytes: Uint8Array;
}

const req = 1;

/** Methods of a binding, as far as a test needs them. */
export type Faked = Readonly<Record<string, (...args: never[]) => unknown>>;

export class Asking {
  readonly #imports: Imports;
  readonly #call: Call;
  readonly #answers = new Map<number, Answered>();
  /** What is to end before the request's event may. */
  readonly kept: Promise<unknown>[] = [];
  #frame = new Uint8Array();
  #lastOp = 0;

  constructor({ kv, pool, logLevel }: { kv?: Faked; pool?: Faked; logLevel?: string } = {}) {
    const instance = {
      view: (at: number, size: number) => this.#frame.subarray(at, at + size),
      complete: (op: number, status: OpStatus, bytes = new Uint8Array()) => {
        const text = new TextDecoder().decode(bytes);
        this.#answers.set(op, { status, text, bytes });
      },
    } as unknown as Instance;
    const waitUntil = (promise: Promise<unknown>) => void this.kept.push(promise);
    const getByName = (name: string) => (name === 'pool' ? pool : undefined);
    const context = {
      kv: kv && kvStore(kv as unknown as KVNamespace),
      cache: undefined,
      pool: pool && poolStore({ getByName } as never, waitUntil),
      memory: undefined,
      allowance: new Budget(0).allowance(),
      log: new Log(logLevel),
      refuse: errorResponse,
      waitUntil,
    };
    this.#call = new Call(instance, context, { finished: () => {}, drop: () => {} });
    this.#imports = makeImports(instance, new Map([[req, this.#call]]));
  }

  /** Asks without waiting, and gives the op. */
  start(name: 'kv' | 'pool' | 'crypto', head: object, body: string | Uint8Array = ''): number {
    this.#lastOp += 1;
    this.#send(name, this.#lastOp, head, body);
    return this.#lastOp;
  }

  async ask(
    name: 'kv' | 'pool' | 'crypto',
    head: object,
    body: string | Uint8Array = '',
  ): Promise<Answered> {
    const op = this.start(name, head, body);
    return vi.waitUntil(() => this.answerTo(op));
  }

  /** Asks with op 0, and waits for what the worker does then. */
  async tell(name: 'kv' | 'pool', head: object, body: string | Uint8Array = ''): Promise<void> {
    this.#send(name, 0, head, body);
    await Promise.all(this.kept);
  }

  answerTo(op: number): Answered | undefined {
    return this.#answers.get(op);
  }

  abort(op: number): void {
    this.#imports.abort(req, op);
  }

  /** The client has left. */
  leave(): void {
    this.#call.done();
  }

  #send(name: 'kv' | 'pool' | 'crypto', op: number, head: object, body: string | Uint8Array): void {
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    this.#frame = writeFrame(head, bytes) as Uint8Array<ArrayBuffer>;
    this.#imports[name](req, op, 0, this.#frame.length);
  }
}
