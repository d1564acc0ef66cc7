/** Promises that one request resolves and others wait for, each beside a timer of its own. */
export class Signals {
  readonly #waited = new Map<number, PromiseWithResolvers<void>>();

  whenRaised(signal: number): Promise<void> | undefined {
    if (signal === 0) return undefined;
    let waited = this.#waited.get(signal);
    if (!waited) {
      waited = Promise.withResolvers<void>();
      this.#waited.set(signal, waited);
    }
    return waited.promise;
  }

  raise(signal: number): void {
    this.#waited.get(signal)?.resolve();
    this.#waited.delete(signal);
  }
}
