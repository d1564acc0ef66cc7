import { cutShort, type Failure, overloaded, timedOut, tooLarge } from '../errors.ts';
import { bounds } from './bounds.ts';
import type { Allowance, Arriving } from './budget.ts';
import { Silence } from './silence.ts';

const { smallBodyBytes, largePieceBytes, slowBodyAfterMs, slowBodyBytesPerSecond } = bounds;

/** Where a body goes whose length is known, piece by piece. */
export interface Target {
  put(bytes: Uint8Array, at: number): void;
  /** Gives it back: nothing will come. */
  free(): void;
}

/** What has become of a body: bytes in our memory, perhaps with more to come; or a target that is full. */
export type Body<T extends Target> =
  | { readonly pieces: readonly Uint8Array[]; readonly rest?: ReadableStream<Uint8Array> }
  | { readonly target: T }
  | { readonly failure: Failure };

export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
  /** What is done with a body of unknown length that is larger: it is refused, or left to come. */
  readonly larger?: 'left';
}

/** The length a body has by its header; nothing when it comes in chunks, or the header tells none. */
export const lengthOf = ({ headers }: Request): number | undefined => {
  const length = headers.get('content-length') ?? '';
  return /^\d+$/.test(length) ? Number(length) : undefined;
};

/**
 * A client's body on its way in. Reads no more than the limit, holds no more than its allowance
 * can grow to, waits no longer than the time limit for the next byte. A large one whose length is
 * known goes to the target that `makeTarget` makes for it. Unless all of it has come, target and
 * allowance have been given back when its outcome is known: before that already when others need
 * them and it drips.
 */
export class IncomingBody<T extends Target> implements Arriving {
  readonly outcome: Promise<Body<T>>;
  readonly #resolve: (body: Body<T>) => void;
  readonly #limits: BodyLimits;
  readonly #allowance: Allowance;
  readonly #makeTarget: (size: number) => T | Failure;
  #body: ReadableStream<Uint8Array> | undefined;
  #reader: ReadableStreamBYOBReader | undefined;
  #silence: Silence | undefined;
  #target: T | undefined;
  readonly #began = Date.now();
  #received = 0;
  #hasYielded = false;
  #isOver = false;

  constructor(
    request: Request,
    limits: BodyLimits,
    allowance: Allowance,
    makeTarget: (size: number) => T | Failure,
  ) {
    const { promise, resolve } = Promise.withResolvers<Body<T>>();
    this.outcome = promise;
    this.#resolve = resolve;
    this.#limits = limits;
    this.#allowance = allowance;
    this.#makeTarget = makeTarget;
    this.#read(request).then(
      (body) => this.#end(body),
      () => this.#end({ failure: this.#hasYielded ? overloaded : cutShort }),
    );
  }

  isSlow(): boolean {
    const ms = Date.now() - this.#began;
    return ms >= slowBodyAfterMs && this.#received < (slowBodyBytesPerSecond * ms) / 1000;
  }

  /** Its own request hears of it with the next byte, or when none comes in time. */
  yieldMemory(): void {
    if (this.#hasYielded) return;
    this.#hasYielded = true;
    this.#allowance.free();
    this.#freeTarget();
  }

  /** Nobody waits for it any more. */
  stop(): void {
    this.#breakOff(cutShort);
  }

  /** While it is read. */
  #breakOff(failure: Failure): void {
    if (this.#isOver) return;
    this.#settle({ failure });
    this.#reader?.cancel().catch(() => {});
  }

  /** When it is not read any more: what is refused may still come, and can be read by somebody else. */
  #end(body: Body<T>): void {
    if (this.#isOver) return;
    if ('failure' in body) this.#reader?.releaseLock();
    this.#settle(body);
  }

  #settle(body: Body<T>): void {
    this.#isOver = true;
    this.#allowance.arrived();
    this.#silence?.end();
    this.#resolve(body);
    if (!('failure' in body)) return;
    this.#allowance.free();
    this.#freeTarget();
  }

  #freeTarget(): void {
    const target = this.#target;
    this.#target = undefined;
    try {
      target?.free();
    } catch {
      // A module that has stopped holds nothing.
    }
  }

  async #read(request: Request): Promise<Body<T>> {
    const { body } = request;
    const length = body ? lengthOf(request) : 0;
    if (!body || length === 0) return { pieces: [] };
    if (length !== undefined && length > this.#limits.maxBodyBytes) return this.#tooLarge();
    if (length !== undefined && !this.#allowance.growTo(length)) return { failure: overloaded };
    if (length !== undefined && length > smallBodyBytes) return this.#pour(body, length);
    this.#begin(body);
    return length === undefined ? this.#gather() : this.#take(length);
  }

  #begin(body: ReadableStream<Uint8Array>): void {
    this.#body = body;
    this.#reader = body.getReader({ mode: 'byob' });
    this.#allowance.begin(this);
    this.#silence = new Silence(this.#limits.bodyTimeoutMs, () =>
      this.#breakOff(timedOut(this.#limits.bodyTimeoutMs)),
    );
  }

  /** A small body, in one piece. */
  async #take(length: number): Promise<Body<T>> {
    const piece = await this.#next(length);
    return piece.length === length ? { pieces: [piece] } : { failure: cutShort };
  }

  /** A large one, to its target. One small buffer takes every piece of it. */
  async #pour(body: ReadableStream<Uint8Array>, length: number): Promise<Body<T>> {
    const target = this.#makeTarget(length);
    if ('status' in target) return { failure: target };
    this.#target = target;
    this.#begin(body);
    let buffer: ArrayBufferLike = new ArrayBuffer(largePieceBytes);
    for (let filled = 0; filled < length; ) {
      const size = Math.min(largePieceBytes, length - filled);
      const bytes = await this.#fill(new Uint8Array(buffer, 0, size));
      if (bytes.length === 0) return { failure: cutShort };
      target.put(bytes, filled);
      filled += bytes.length;
      buffer = bytes.buffer;
    }
    return { target };
  }

  /** One of unknown length, in pieces, each made when the one before is full. */
  async #gather(): Promise<Body<T>> {
    const { maxBodyBytes } = this.#limits;
    const pieces: Uint8Array[] = [];
    for (let filled = 0; ; ) {
      const wanted = filled + (filled === 0 ? smallBodyBytes : largePieceBytes);
      const size = this.#allowance.growUpTo(Math.min(wanted, maxBodyBytes)) - filled;
      if (size === 0) return this.#endAt(filled, pieces);
      const piece = await this.#next(size);
      pieces.push(piece);
      filled += piece.length;
      if (piece.length < size) {
        this.#allowance.growTo(filled);
        return { pieces };
      }
    }
  }

  /** Its allowance is used up: unless this was all, it is too much. */
  async #endAt(filled: number, pieces: readonly Uint8Array[]): Promise<Body<T>> {
    const next = filled > 0 ? await this.#next(1) : undefined;
    if (next?.length === 0) return { pieces };
    if (next && this.#limits.larger === 'left') return this.#leave([...pieces, next]);
    return filled === this.#limits.maxBodyBytes ? this.#tooLarge() : { failure: overloaded };
  }

  #leave(pieces: readonly Uint8Array[]): Body<T> {
    this.#reader?.releaseLock();
    this.#reader = undefined;
    return this.#body ? { pieces, rest: this.#body } : { pieces };
  }

  #tooLarge(): Body<T> {
    return { failure: tooLarge(this.#limits.maxBodyBytes) };
  }

  /** So many bytes, or fewer at the end. */
  async #next(size: number): Promise<Uint8Array> {
    let piece = new Uint8Array(size);
    for (let filled = 0; filled < size; ) {
      const bytes = await this.#fill(piece.subarray(filled));
      piece = new Uint8Array(bytes.buffer as ArrayBuffer);
      filled += bytes.length;
      if (bytes.length === 0) return piece.subarray(0, filled);
    }
    return piece;
  }

  /** What has come, at most so much as `into` holds; nothing at the end. Throws when it breaks. */
  async #fill(into: Uint8Array): Promise<Uint8Array> {
    const { value } = (await this.#reader?.read(into)) ?? {};
    if (!value || this.#isOver || this.#hasYielded) {
      throw new Error('the body is not wanted any more');
    }
    this.#silence?.heard();
    this.#received += value.length;
    return value;
  }
}
