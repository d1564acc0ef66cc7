import type { Exports, Imports, OpStatus } from './abi.ts';
import { bounds } from './bounds.ts';

/** The module stopped in the middle of a call. Its memory can't be trusted any more. */
export class BrokenInstance extends Error {}

/** Memory for what is handed over could not be had. Nothing was called, nothing is broken. */
export class OutOfMemory extends Error {}

const noBytes = new Uint8Array();

const lengthOf = (pieces: readonly Uint8Array[]): number =>
  pieces.reduce((size, piece) => size + piece.length, 0);

/** A frame in the module's memory whose body comes piece by piece. */
export interface FrameTarget {
  put(bytes: Uint8Array, at: number): void;
  free(): void;
  /** Hands the frame over, as the request's. */
  request(req: number): void;
}

/**
 * One running module. All calls into it go through here, so that a trap is seen once and for all,
 * buffers change hands by the rules of the ABI, and views are rebuilt whenever memory may have
 * grown.
 */
export class Instance {
  readonly #exports: Exports;
  #inside = false;
  #fault: unknown;
  /** Where the bytes that are fed lie meanwhile. */
  #inbox: number | undefined;

  constructor(module: WebAssembly.Module, imports: (instance: Instance) => Imports) {
    const functions = imports(this) as unknown as WebAssembly.ModuleImports;
    const made = new WebAssembly.Instance(module, { rondo: functions });
    this.#exports = made.exports as unknown as Exports;
    this.#enter(() => this.#exports._initialize());
  }

  get isBroken(): boolean {
    return this.#fault !== undefined;
  }

  configure(frame: Uint8Array): void {
    const at = this.#hand(frame);
    this.#enter(() => this.#exports.rondo_configure(at, frame.length));
  }

  /** A frame in pieces, so that a large body goes into the module's memory without a copy here. */
  request(req: number, ...frame: readonly Uint8Array[]): void {
    const at = this.#hand(...frame);
    this.#enter(() => this.#exports.rondo_request(req, at, lengthOf(frame)));
  }

  /** Takes memory for a frame with this head, itself a frame, and a body of so many bytes. */
  reserve(head: Uint8Array, size: number): FrameTarget {
    const all = head.length + size;
    const at = this.#alloc(all);
    this.view(at, head.length).set(head);
    return {
      put: (bytes, offset) => this.view(at + head.length + offset, bytes.length).set(bytes),
      free: () => {
        if (!this.isBroken) this.#enter(() => this.#exports.rondo_free(at));
      },
      request: (req) => this.#enter(() => this.#exports.rondo_request(req, at, all)),
    };
  }

  complete(op: number, status: OpStatus, bytes: Uint8Array = noBytes): void {
    const at = bytes.length > 0 ? this.#hand(bytes) : 0;
    this.#enter(() => this.#exports.rondo_complete(op, status, at, bytes.length));
  }

  /**
   * Feeds the next bytes of a body that is piped, no more than one may read at once. Gives what is to
   * be written, valid until the next call; nothing when no more is wanted.
   */
  feed(op: number, bytes: Uint8Array): Uint8Array | undefined {
    this.#inbox ??= this.#alloc(bounds.answerPieceBytes);
    const inbox = this.#inbox;
    this.view(inbox, bytes.length).set(bytes);
    const output = this.#enter(() => this.#exports.rondo_feed(op, inbox, bytes.length)) >>> 0;
    return this.#output(output);
  }

  /** Why a conversation may not take a list of items, as texts; nothing when it may. */
  judgeItems(list: Uint8Array): Uint8Array | undefined {
    const at = this.#hand(list);
    return this.#output(this.#enter(() => this.#exports.rondo_judge_items(at, list.length)) >>> 0);
  }

  cancel(req: number): void {
    this.#enter(() => this.#exports.rondo_cancel(req));
  }

  openOps(): number {
    return this.#enter(() => this.#exports.rondo_open_ops());
  }

  /** Bytes of the module's memory, valid until the next call into it. */
  view(at: number, size: number): Uint8Array {
    return new Uint8Array(this.#exports.memory.buffer, at, size);
  }

  #output(output: number): Uint8Array | undefined {
    if (output === 0) return undefined;
    const [at = 0, size = 0] = new Uint32Array(this.#exports.memory.buffer, output, 2);
    return this.view(at, size);
  }

  #hand(...pieces: readonly Uint8Array[]): number {
    const size = lengthOf(pieces);
    const at = this.#alloc(size);
    const into = this.view(at, size);
    let filled = 0;
    for (const piece of pieces) {
      into.set(piece, filled);
      filled += piece.length;
    }
    return at;
  }

  #alloc(size: number): number {
    const at = this.#enter(() => this.#exports.rondo_alloc(size)) >>> 0;
    if (at === 0) throw new OutOfMemory();
    return at;
  }

  #enter<T>(call: () => T): T {
    if (this.isBroken) throw new BrokenInstance('the module has stopped');
    if (this.#inside) throw this.#breakBy(new Error('an import called back into the module'));
    this.#inside = true;
    try {
      const result = call();
      // Broken from inside of the call, by an import that kept it to itself.
      if (this.isBroken) throw this.#fault;
      return result;
    } catch (cause) {
      throw this.#breakBy(cause);
    } finally {
      this.#inside = false;
    }
  }

  /** The first fault is the one that is told. */
  #breakBy(fault: unknown): BrokenInstance {
    this.#fault ??= fault;
    return new BrokenInstance('the module has stopped', { cause: this.#fault });
  }
}
