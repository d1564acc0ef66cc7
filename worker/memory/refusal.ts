import type { Failure } from '../errors.ts';

/** Ends a request with a failure, from wherever it is noticed. */
export class Refusal extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.failure = failure;
  }
}

export const refuse = (failure: Failure): never => {
  throw new Refusal(failure);
};
