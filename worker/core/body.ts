import { cutShort, type Failure, overloaded, timedOut, tooLarge } from '../errors.ts';
import { bounds } from './bounds.ts';
import type { Share } from './room.ts';
import { Silence } from './silence.ts';

const { smallBodyBytes, largePieceBytes } = bounds;

/** Where a body goes whose length is known, piece by piece. */
export interface Place {
  put(bytes: Uint8Array, at: number): void;
  /** Gives it back: nothing will come. */
  free(): void;
}

/** What has become of a body: bytes in our memory, or those in their place. */
export type Body<P extends Place> =
  | { readonly pieces: readonly Uint8Array[] }
  | { readonly place: P }
  | { readonly failure: Failure };

export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
}

/** The length a body has by its header; nothing when it comes in chunks, or the header tells none. */
const lengthOf = ({ headers }: Request): number | undefined => {
  const length = headers.get('content-length') ?? '';
  return /^\d+$/.test(length) ? Number(length) : undefined;
};

/**
 * A client's body on its way in. Reads no more than the limit, holds no more than its share has
 * room for, waits no longer than the time limit for the next byte. A large one whose length is
 * known goes to the place that `land` makes for it. Unless all of it has come, place and share have
 * been given back when its outcome is known.
 */
export class IncomingBody<P extends Place> {
  readonly outcome: Promise<Body<P>>;
  readonly #resolve: (body: Body<P>) => void;
  readonly #limits: BodyLimits;
  readonly #share: Share;
  readonly #land: (size: number) => P | Failure;
  #reader: ReadableStreamBYOBReader | undefined;
  #silence: Silence | undefined;
  #place: P | undefined;
  #isOver = false;

  constructor(
    request: Request,
    limits: BodyLimits,
    share: Share,
    land: (size: number) => P | Failure,
  ) {
    const { promise, resolve } = Promise.withResolvers<Body<P>>();
    this.outcome = promise;
    this.#resolve = resolve;
    this.#limits = limits;
    this.#share = share;
    this.#land = land;
    this.#read(request).then(
      (body) => this.#end(body),
      () => this.#end({ failure: cutShort }),
    );
  }

  /** Nobody waits for it any more. */
  stop(): void {
    this.#end({ failure: cutShort });
  }

  #end(body: Body<P>): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#silence?.end();
    this.#resolve(body);
    if (!('failure' in body)) return;
    this.#share.free();
    this.#reader?.cancel().catch(() => {});
    // Last, since it calls the module, which may have stopped.
    this.#place?.free();
  }

  async #read(request: Request): Promise<Body<P>> {
    const { body } = request;
    const length = body ? lengthOf(request) : 0;
    if (!body || length === 0) return { pieces: [] };
    if (length !== undefined && length > this.#limits.maxBodyBytes) return this.#tooLarge();
    if (length !== undefined && !this.#share.growTo(length)) return { failure: overloaded };
    if (length !== undefined && length > smallBodyBytes) return this.#pour(body, length);
    this.#begin(body);
    return length === undefined ? this.#gather() : this.#take(length);
  }

  #begin(body: ReadableStream<Uint8Array>): void {
    this.#reader = body.getReader({ mode: 'byob' });
    this.#silence = new Silence(this.#limits.bodyTimeoutMs, () =>
      this.#end({ failure: timedOut(this.#limits.bodyTimeoutMs) }),
    );
  }

  /** A small body, in one piece. */
  async #take(length: number): Promise<Body<P>> {
    const piece = await this.#next(length);
    return piece.length === length ? { pieces: [piece] } : { failure: cutShort };
  }

  /** A large one, to its place. One small buffer takes every piece of it. */
  async #pour(body: ReadableStream<Uint8Array>, length: number): Promise<Body<P>> {
    const place = this.#land(length);
    if ('status' in place) return { failure: place };
    this.#place = place;
    this.#begin(body);
    let buffer: ArrayBufferLike = new ArrayBuffer(largePieceBytes);
    for (let filled = 0; filled < length; ) {
      const room = Math.min(largePieceBytes, length - filled);
      const bytes = await this.#fill(new Uint8Array(buffer, 0, room));
      if (bytes.length === 0) return { failure: cutShort };
      place.put(bytes, filled);
      filled += bytes.length;
      buffer = bytes.buffer;
    }
    return { place };
  }

  /** One of unknown length, in pieces, each made when the one before is full. */
  async #gather(): Promise<Body<P>> {
    const { maxBodyBytes } = this.#limits;
    const pieces: Uint8Array[] = [];
    for (let filled = 0; ; ) {
      const wanted = filled + (filled === 0 ? smallBodyBytes : largePieceBytes);
      const room = this.#share.growUpTo(Math.min(wanted, maxBodyBytes)) - filled;
      if (room === 0) return this.#endAt(filled, pieces);
      const piece = await this.#next(room);
      pieces.push(piece);
      filled += piece.length;
      if (piece.length < room) {
        this.#share.growTo(filled);
        return { pieces };
      }
    }
  }

  /** There is no room for more: unless this was all, it is too much. */
  async #endAt(filled: number, pieces: readonly Uint8Array[]): Promise<Body<P>> {
    if (filled > 0 && (await this.#next(1)).length === 0) return { pieces };
    return filled === this.#limits.maxBodyBytes ? this.#tooLarge() : { failure: overloaded };
  }

  #tooLarge(): Body<P> {
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

  /** What has come, at most as much as goes into `place`; nothing at the end. Throws when it breaks. */
  async #fill(place: Uint8Array): Promise<Uint8Array> {
    const { value } = (await this.#reader?.read(place)) ?? {};
    if (!value || this.#isOver) throw new Error('the body is not wanted any more');
    this.#silence?.heard();
    return value;
  }
}
