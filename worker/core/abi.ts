// The other side of cpp/wasm/abi.h, which says what each of these takes and gives.

export interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  rondo_abi_v5(): void;
  rondo_alloc(size: number): number;
  rondo_free(buffer: number): void;
  rondo_configure(frame: number, size: number): void;
  rondo_request(req: number, bytes: number, size: number): void;
  rondo_complete(op: number, status: OpStatus, bytes: number, size: number): void;
  rondo_feed(op: number, bytes: number, size: number): number;
  rondo_judge_items(list: number, size: number): number;
  rondo_cancel(req: number): void;
  rondo_open_ops(): number;
}

export interface Imports {
  fetch(
    req: number,
    op: number,
    head: number,
    headSize: number,
    body: number,
    bodySize: number,
  ): void;
  read(req: number, op: number, body: number, atLeast: number): void;
  pipe(req: number, op: number, body: number): void;
  abort(req: number, op: number): void;
  kv(req: number, op: number, frame: number, size: number): void;
  cache(req: number, op: number, frame: number, size: number): void;
  pool(req: number, op: number, frame: number, size: number): void;
  memory(req: number, op: number, frame: number, size: number): void;
  crypto(req: number, op: number, frame: number, size: number): void;
  wait(req: number, op: number, signal: number, ms: number): void;
  raise(signal: number): void;
  respond(req: number, head: number, headSize: number, body: number, bodySize: number): void;
  write(req: number, bytes: number, size: number): number;
  ready(req: number, op: number): void;
  pass(req: number, op: number, body: number): void;
  held(req: number, op: number): void;
  end(req: number): void;
  spent(req: number, tokens: number): void;
  done(req: number): void;
  hold(req: number, bytes: number): number;
  random(bytes: number, size: number): void;
  log(level: number, line: number, size: number): void;
  point(point: number, size: number): void;
  now(): number;
}

export const exportNames = [
  'memory',
  '_initialize',
  'rondo_abi_v5',
  'rondo_alloc',
  'rondo_free',
  'rondo_configure',
  'rondo_request',
  'rondo_complete',
  'rondo_feed',
  'rondo_judge_items',
  'rondo_cancel',
  'rondo_open_ops',
] as const satisfies readonly (keyof Exports)[];

export const importNames = [
  'fetch',
  'read',
  'pipe',
  'abort',
  'kv',
  'cache',
  'pool',
  'memory',
  'crypto',
  'wait',
  'raise',
  'respond',
  'write',
  'ready',
  'pass',
  'held',
  'end',
  'spent',
  'done',
  'hold',
  'random',
  'log',
  'point',
  'now',
] as const satisfies readonly (keyof Imports)[];

/** What `read` is asked for when it is to wait for the whole body. */
export const allBytes = 0xffff_ffff;

export const OpStatus = { Ok: 0, Failed: 1, None: 2, Last: 3 } as const;
export type OpStatus = (typeof OpStatus)[keyof typeof OpStatus];

// --- Heads: those that every request has as texts (heads.ts), the others of frames ---------------

/** Header fields, each name in lower case. */
export type Fields = Readonly<Record<string, string>>;

export interface ConfigureHead {
  readonly vars: Readonly<Record<string, string>>;
  readonly kv: boolean;
  readonly pool: boolean;
  readonly store: boolean;
  readonly cache: boolean;
  readonly points: boolean;
}

/** One of our callers, as its key tells. No `models` means all, no `stored` that it may. */
export interface Client {
  readonly name: string;
  readonly models?: readonly string[];
  readonly stored?: boolean;
}

export interface RequestHead {
  readonly operation: string;
  readonly id: string;
  readonly params: Readonly<Record<string, string>>;
  readonly client: Client;
  readonly fallback?: 'off';
}

export interface FetchHead {
  readonly method: string;
  readonly url: string;
  readonly headers: Fields;
  readonly host?: string;
  /** The client's body that we hold goes along. */
  readonly isHeld?: true;
  readonly timeoutMs?: number;
}

/** What a fetch is answered with. */
export interface AnswerHead {
  readonly status: number;
  readonly headers: Fields;
}

export interface RespondHead {
  readonly status: number;
  readonly headers: Fields;
  readonly stream?: boolean;
  /** Of a stream: a body of Google's will be passed on. */
  readonly passed?: boolean;
}

/** What a store is asked under an op. */
export interface Asks {
  readonly kv: { readonly do: 'get'; readonly key: string };
  readonly cache: Asks['kv'];
  readonly pool:
    | { readonly do: 'facts' }
    | { readonly do: 'share' }
    | { readonly do: 'claim'; readonly key: string; readonly beyond: number }
    | { readonly do: 'counts'; readonly span: Span };
  readonly memory: Recall | Keep | KeepCompletion | Signatures;
}

/** Which earlier turns and items a request goes on from; each may be empty. */
export interface Recall {
  readonly do: 'recall';
  readonly previous: string;
  readonly conversation: string;
  readonly items: readonly string[];
}

/** What was asked and answered, in the body as a record (memory/records.ts). */
export interface Keep {
  readonly do: 'keep';
  readonly id: string;
  readonly previous: string;
  readonly conversation: string;
  /** Whether it is kept beside its conversation. */
  readonly stores: boolean;
}

/** The same of a chat completion. */
export interface KeepCompletion {
  readonly do: 'keep_completion';
  readonly id: string;
}

/** What was kept of calls, by their ids. */
export interface Signatures {
  readonly do: 'signatures';
  readonly calls: readonly string[];
}

/** What is to be kept of calls, with a text for each in the body. */
export interface KeepSignatures {
  readonly do: 'keep_signatures';
  readonly calls: readonly string[];
}

/** What of the sums is asked for: all since the beginning, the last hour, the last day. */
export type Span = 'totals' | 'hour' | 'day';

/** What it is told with op 0. */
export interface Tells {
  readonly kv:
    | { readonly do: 'put'; readonly key: string; readonly ttl: number }
    | { readonly do: 'delete'; readonly key: string };
  readonly cache: Tells['kv'];
  readonly pool:
    | { readonly do: 'settle'; readonly key: string; readonly expires: number }
    | { readonly do: 'release'; readonly key: string }
    | { readonly do: 'erase'; readonly key: string }
    | { readonly do: 'count' };
  readonly memory: KeepSignatures;
}

export type StoreName = keyof Asks & keyof Tells;

export type CryptoHead =
  | { readonly do: 'sign_rs256'; readonly secretLength: number }
  | { readonly do: 'seal' | 'open'; readonly secretLength: number; readonly purpose: string };
