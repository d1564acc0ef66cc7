import type { Refuse } from '../dialects.ts';
import type { Failure } from '../errors.ts';
import type { Allowance } from './budget.ts';

export type WaitUntil = (promise: Promise<unknown>) => void;

/** A client's request, from its coming to its end: what it holds, and that its client may leave. */
export class Visit {
  readonly allowance: Allowance;
  readonly refusal: Refuse;
  readonly #over = Promise.withResolvers<void>();
  #hasLeft: boolean;
  #end: () => void = () => {};

  constructor(allowance: Allowance, signal: AbortSignal, waitUntil: WaitUntil, refusal: Refuse) {
    this.allowance = allowance;
    this.refusal = refusal;
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
    this.allowance.free();
    this.#over.resolve();
  }

  refuse(failure: Failure): Response {
    this.end();
    return this.refusal(failure);
  }
}
