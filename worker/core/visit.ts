import { errorResponse, type Failure } from '../errors.ts';
import type { Share } from './room.ts';

export type WaitUntil = (promise: Promise<unknown>) => void;

/** A client's request, from its coming to its end: what it holds, and that its client may leave. */
export class Visit {
  readonly share: Share;
  readonly #over = Promise.withResolvers<void>();
  #hasLeft: boolean;
  #end: () => void = () => {};

  constructor(share: Share, signal: AbortSignal, waitUntil: WaitUntil) {
    this.share = share;
    this.#hasLeft = signal.aborted;
    // Both before anything is awaited. Once the client has left, the runtime runs nothing more of a
    // request but its listeners, and what waits behind an await only where it was told to wait.
    waitUntil(this.#over.promise);
    signal.addEventListener('abort', () => {
      this.#hasLeft = true;
      this.#end();
    });
  }

  get hasLeft(): boolean {
    return this.#hasLeft;
  }

  /** What ends, when the client leaves, that which it is waiting for now. */
  onLeave(end: () => void): void {
    this.#end = end;
  }

  /** Gives back what is held. */
  end(): void {
    this.share.free();
    this.#over.resolve();
  }

  refuse(failure: Failure): Response {
    this.end();
    return errorResponse(failure);
  }
}
