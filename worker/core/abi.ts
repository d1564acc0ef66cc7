// The other side of cpp/wasm/abi.h, which says what each of these takes and gives.

export interface Exports {
  readonly memory: WebAssembly.Memory;
  _initialize(): void;
  rondo_abi_v1(): void;
  rondo_alloc(size: number): number;
  rondo_free(buffer: number): void;
  rondo_configure(frame: number, size: number): void;
  rondo_request(req: number, frame: number, size: number): void;
  rondo_complete(op: number, status: OpStatus, bytes: number, size: number): void;
  rondo_cancel(req: number): void;
  rondo_open_ops(): number;
}

export interface Imports {
  fetch(
    req: number,
    op: number,
    frame: number,
    frameSize: number,
    body: number,
    bodySize: number,
  ): void;
  read(req: number, op: number, body: number, atLeast: number): void;
  abort(req: number, op: number): void;
  kv(req: number, op: number, frame: number, size: number): void;
  pool(req: number, op: number, frame: number, size: number): void;
  crypto(req: number, op: number, frame: number, size: number): void;
  wait(req: number, op: number, signal: number, ms: number): void;
  raise(signal: number): void;
  respond(req: number, frame: number, size: number): void;
  write(req: number, op: number, bytes: number, size: number): void;
  end(req: number): void;
  done(req: number): void;
  hold(req: number, bytes: number): number;
  random(bytes: number, size: number): void;
  log(level: number, line: number, size: number): void;
  now(): number;
}

export const exportNames = [
  'memory',
  '_initialize',
  'rondo_abi_v1',
  'rondo_alloc',
  'rondo_free',
  'rondo_configure',
  'rondo_request',
  'rondo_complete',
  'rondo_cancel',
  'rondo_open_ops',
] as const satisfies readonly (keyof Exports)[];

export const importNames = [
  'fetch',
  'read',
  'abort',
  'kv',
  'pool',
  'crypto',
  'wait',
  'raise',
  'respond',
  'write',
  'end',
  'done',
  'hold',
  'random',
  'log',
  'now',
] as const satisfies readonly (keyof Imports)[];

/** What `read` is asked for when it is to wait for the whole body. */
export const allBytes = 0xffff_ffff;

export const OpStatus = { Ok: 0, Failed: 1, None: 2, Last: 3 } as const;
export type OpStatus = (typeof OpStatus)[keyof typeof OpStatus];
