// The built module with a worker that does next to nothing by itself: what the module asks for is
// kept, and the test answers when and how it likes.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { type Exports, type Imports, OpStatus, type RequestHead } from '../../worker/core/abi.ts';
import { type Frame as FrameOf, readFrame, writeFrame } from '../../worker/core/frame.ts';
import {
  readFetchHead,
  readRespondHead,
  writeAnswerHead,
  writeRequestHead,
} from '../../worker/core/heads.ts';

/** A test looks at what the module wrote, and takes nothing for granted. */
export type Frame = FrameOf<Readonly<Record<string, unknown>>>;

export interface Asked {
  readonly name: keyof Imports;
  readonly req: number;
  /** 0 where there is none. */
  readonly op: number;
  /** Of imports that take one. */
  readonly frame: Frame;
  /** The other arguments: `read`'s body, `wait`'s signal and milliseconds … */
  readonly rest: readonly number[];
}

export interface MachineOptions {
  readonly vars?: Readonly<Record<string, string>>;
  readonly kv?: boolean;
  readonly pool?: boolean;
  readonly now?: () => number;
  /**
   * What is answered at once, by `answerState` and `answerSeal`, as it stands in the way of most
   * tests and is what few are about. Both, unless told otherwise.
   */
  readonly answered?: readonly Step[];
}

/** The reading of the pool's state, and the sealing of a token. */
export type Step = 'state' | 'seal';

const stateKey = 'state:v1';
// Other waits, for a reset or for news to gather, are shorter.
const leastPatienceMs = 10_000;

const path = join(import.meta.dirname, '..', '..', 'worker', 'core', 'rondo.wasm');
const encoder = new TextEncoder();
const decoder = new TextDecoder();
const sealedMark = 'sealed:';
const noFrame: Frame = { head: {}, body: new Uint8Array() };

let compiled: Promise<WebAssembly.Module> | undefined;

export function builtModule(): Promise<WebAssembly.Module> {
  if (!existsSync(path)) {
    throw new Error('worker/core/rondo.wasm is missing: run `npm run build` first');
  }
  compiled ??= WebAssembly.compile(new Uint8Array(readFileSync(path)));
  return compiled;
}

const started: Machine[] = [];

export async function startMachine(options: MachineOptions = {}): Promise<Machine> {
  const machine = new Machine(await builtModule(), options);
  started.push(machine);
  return machine;
}

// Whatever a test did: once its clients are gone, the module waits for nothing.
afterEach(() => {
  for (const machine of started.splice(0).filter(({ hasStopped }) => !hasStopped)) {
    for (const req of new Set(machine.requested)) machine.cancel(req);
    expect(machine.openOps, 'ops left open').toBe(0);
  }
});

export class Machine {
  readonly exports: Exports;
  readonly requested: number[] = [];
  readonly asked: Asked[] = [];
  readonly logs: string[] = [];
  /** What requests have cost in tokens. */
  readonly costs = new Map<number, number>();
  /** The timers of the requests' patience that are running, by op, each with its milliseconds. */
  readonly patience = new Map<number, number>();
  /** Whether clients take what is written at once. */
  hasRoom = true;
  readonly #unread: Asked[] = [];
  readonly #now: () => number;
  readonly #answered: readonly Step[];
  #inside = 0;
  #stopped = false;

  constructor(module: WebAssembly.Module, options: MachineOptions) {
    this.#now = options.now ?? (() => 1_795_000_000_000);
    this.#answered = options.answered ?? ['state', 'seal'];
    const rondo = this.#imports() as unknown as WebAssembly.ModuleImports;
    this.exports = new WebAssembly.Instance(module, { rondo }).exports as unknown as Exports;
    this.exports._initialize();
    const { vars = {}, kv = true, pool = false } = options;
    this.configure(writeFrame({ vars, kv, pool }));
  }

  /** A call into it has thrown: nothing can be asked of it any more. */
  get hasStopped(): boolean {
    return this.#stopped;
  }

  /** Without the timers of the requests' patience, which each has and few tests are about. */
  get openOps(): number {
    return this.exports.rondo_open_ops() - this.patience.size;
  }

  configure(frame: Uint8Array): void {
    this.#call(() => this.exports.rondo_configure(this.hand(frame), frame.length));
  }

  request(req: number, head: object, body: string | Uint8Array = ''): void {
    const all = { id: `req_${req}`, params: {}, client: { name: 'test' }, ...head };
    this.requestBytes(req, Buffer.concat([writeRequestHead(all as RequestHead), bytesOf(body)]));
  }

  chat(req: number, body: object | string): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.request(req, { operation: 'chat_completions' }, text);
  }

  requestBytes(req: number, frame: Uint8Array): void {
    this.requested.push(req);
    this.#call(() => this.exports.rondo_request(req, this.hand(frame), frame.length));
  }

  complete(op: number, status: OpStatus, bytes: string | Uint8Array = ''): void {
    this.patience.delete(op);
    const all = bytesOf(bytes);
    const at = all.length > 0 ? this.hand(all) : 0;
    this.#call(() => this.exports.rondo_complete(op, status, at, all.length));
  }

  /** What the module makes of the next bytes of a body that it has piped; nothing when it wants no more. */
  feed(op: number, bytes: string | Uint8Array): string | undefined {
    const all = bytesOf(bytes);
    const at = this.hand(all);
    let output = 0;
    this.#call(() => {
      output = this.exports.rondo_feed(op, at, all.length) >>> 0;
    });
    this.exports.rondo_free(at);
    if (output === 0) return undefined;
    const [begin = 0, size = 0] = new Uint32Array(this.exports.memory.buffer, output, 2);
    return decoder.decode(this.#copy(begin, size));
  }

  cancel(req: number): void {
    this.#call(() => this.exports.rondo_cancel(req));
  }

  /** Copies bytes to where the module may keep them. */
  hand(bytes: Uint8Array): number {
    const at = this.exports.rondo_alloc(bytes.length) >>> 0;
    if (at === 0) throw new Error('the module is out of memory');
    new Uint8Array(this.exports.memory.buffer, at, bytes.length).set(bytes);
    return at;
  }

  /** The oldest call of an import that no test has looked at yet. */
  next(name: keyof Imports, req?: number): Asked {
    return this.#take(name, (asked) => asked.name === name && (req ?? asked.req) === asked.req);
  }

  /** Whether there is such a call, without looking at it. */
  has(name: keyof Imports, req?: number): boolean {
    return this.#unread.some((each) => each.name === name && (req ?? each.req) === each.req);
  }

  /** What has been asked for so far under one name, be it looked at or not. */
  allOf(name: keyof Imports, req?: number): Asked[] {
    return this.asked.filter((each) => each.name === name && (req ?? each.req) === each.req);
  }

  /** Lets go of what was asked for so far. */
  forget(): void {
    this.asked.length = 0;
    this.#unread.length = 0;
  }

  // --- Answers that most tests give --------------------------------------------------------------

  /** Of the pool nothing is known. Whoever waits for that is woken. */
  answerState(req?: number): void {
    const { op } = this.#nextStep('state', req);
    const raised = this.allOf('raise').length;
    this.complete(op, OpStatus.None);
    const [raise] = this.allOf('raise').slice(raised);
    this.#take('raise', (asked) => asked === raise);
  }

  /** Gives what was to be sealed, behind a mark. */
  answerSeal(req?: number): void {
    const { op, frame } = this.#nextStep('seal', req);
    const plain = frame.body.subarray(frame.head.secretLength as number);
    this.complete(op, OpStatus.Ok, Buffer.concat([bytesOf(sealedMark), plain]));
  }

  /** No such key, in KV. */
  answerKv(req?: number): void {
    this.complete(this.next('kv', req).op, OpStatus.None);
  }

  answerHead(fetch: Asked, status: number, headers: Record<string, string> = {}): void {
    this.complete(fetch.op, OpStatus.Ok, writeAnswerHead({ status, headers }));
  }

  /** The whole answer of a fetch, its body in one piece. */
  answerFetch(fetch: Asked, status: number, body: string): void {
    this.answerHead(fetch, status, { 'content-type': 'application/json' });
    this.complete(this.next('read', fetch.req).op, OpStatus.Ok, body);
    this.complete(this.next('read', fetch.req).op, OpStatus.None);
  }

  // --- The worker's side -------------------------------------------------------------------------

  #call(work: () => void): void {
    this.#inside += 1;
    try {
      work();
    } catch (error) {
      this.#stopped = true;
      throw error;
    } finally {
      this.#inside -= 1;
    }
    this.#answerItself();
  }

  #answerItself(): void {
    const isUnread = (step: Step): boolean => this.#unread.some((asked) => stepOf(asked) === step);
    for (const step of this.#answered.filter(isUnread)) {
      if (step === 'state') this.answerState();
      else this.answerSeal();
    }
  }

  #nextStep(step: Step, req: number | undefined): Asked {
    return this.#take(step, (asked) => stepOf(asked) === step && (req ?? asked.req) === asked.req);
  }

  #take(what: string, fits: (asked: Asked) => boolean): Asked {
    const index = this.#unread.findIndex(fits);
    const [found] = index < 0 ? [] : this.#unread.splice(index, 1);
    if (found) return found;
    const waiting = this.#unread.map((asked) => `${asked.name}(${asked.req})`).join(', ');
    throw new Error(`the module has not called ${what}; unread are: ${waiting || 'none'}`);
  }

  #keep(name: keyof Imports, req: number, op: number, frame = noFrame, rest: number[] = []): void {
    if (this.#inside === 0) throw new Error(`${name} was called while the module was not running`);
    const asked: Asked = { name, req, op, frame, rest };
    this.asked.push(asked);
    this.#unread.push(asked);
  }

  #copy(at: number, size: number): Uint8Array {
    return new Uint8Array(this.exports.memory.buffer, at >>> 0, size).slice();
  }

  #frame(at: number, size: number): Frame {
    return readFrame(this.#copy(at, size));
  }

  #imports(): Imports {
    return {
      fetch: (req, op, at, size, bodyAt, bodySize) => {
        const head = { ...readFetchHead(this.#copy(at, size)) };
        this.#keep('fetch', req, op, { head, body: this.#copy(bodyAt, bodySize) });
      },
      read: (req, op, body, atLeast) => this.#keep('read', req, op, noFrame, [body, atLeast >>> 0]),
      pipe: (req, op, body) => this.#keep('pipe', req, op, noFrame, [body]),
      abort: (req, op) => {
        if (!this.patience.delete(op)) this.#keep('abort', req, op);
      },
      kv: (req, op, at, size) => this.#keep('kv', req, op, this.#frame(at, size)),
      cache: (req, op, at, size) => this.#keep('cache', req, op, this.#frame(at, size)),
      pool: (req, op, at, size) => this.#keep('pool', req, op, this.#frame(at, size)),
      memory: (req, op, at, size) => this.#keep('memory', req, op, this.#frame(at, size)),
      crypto: (req, op, at, size) => this.#keep('crypto', req, op, this.#frame(at, size)),
      wait: (req, op, signal, ms) => {
        if (signal === 0 && ms >= leastPatienceMs) this.patience.set(op, ms);
        else this.#keep('wait', req, op, noFrame, [signal, ms]);
      },
      raise: (signal) => this.#keep('raise', 0, 0, noFrame, [signal]),
      respond: (req, at, size, bodyAt, bodySize) => {
        const head = { ...readRespondHead(this.#copy(at, size)) };
        this.#keep('respond', req, 0, { head, body: this.#copy(bodyAt, bodySize) });
      },
      write: (req, at, size) => {
        this.#keep('write', req, 0, { head: {}, body: this.#copy(at, size) });
        return Number(this.hasRoom);
      },
      ready: (req, op) => this.#keep('ready', req, op),
      pass: (req, op, body) => this.#keep('pass', req, op, noFrame, [body]),
      held: (req, op) => this.#keep('held', req, op),
      end: (req) => this.#keep('end', req, 0),
      spent: (req, tokens) => {
        this.costs.set(req, tokens);
      },
      done: (req) => this.#keep('done', req, 0),
      hold: () => 1,
      random: (at, size) => {
        crypto.getRandomValues(new Uint8Array(this.exports.memory.buffer, at >>> 0, size));
      },
      log: (_level, at, size) => void this.logs.push(decoder.decode(this.#copy(at, size))),
      point: () => {},
      now: () => this.#now(),
    };
  }
}

function stepOf({ name, frame: { head } }: Asked): Step | undefined {
  if (name === 'kv' && head.do === 'get' && head.key === stateKey) return 'state';
  return name === 'crypto' && head.do === 'seal' ? 'seal' : undefined;
}

export function textOf({ body }: Frame): string {
  return decoder.decode(body);
}

export function jsonOf(frame: Frame): unknown {
  return JSON.parse(textOf(frame));
}

function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === 'string' ? encoder.encode(text) : text;
}
