// One who has a claim and is not heard of again loses it before those who wait lose their patience,
// so that not all of them go and make the value at once.
export const holdMs = 8000;
export const patienceMs = 10_000;

interface Waiting {
  /** The value has to outlast this. */
  readonly beyond: number;
  readonly give: (value: Uint8Array | null) => void;
}

interface Held {
  waiting: readonly Waiting[];
  expiry: ReturnType<typeof setTimeout>;
}

/** Who is to make which value. Those who come later wait for it, or for their turn. */
export class Claims {
  readonly #held = new Map<string, Held>();

  /**
   * Null: the caller is to make the value, and to `settle` or `release`. The first gets that at
   * once, another when the claim falls to it, or when it has waited too long.
   */
  ask(key: string, beyond: number): Promise<Uint8Array | null> {
    const held = this.#held.get(key);
    if (!held) {
      this.#held.set(key, { waiting: [], expiry: this.#expiryOf(key) });
      return Promise.resolve(null);
    }
    const { promise, resolve } = Promise.withResolvers<Uint8Array | null>();
    const patience = setTimeout(() => {
      held.waiting = held.waiting.filter((each) => each !== asker);
      resolve(null);
    }, patienceMs);
    const asker: Waiting = {
      beyond,
      give: (value) => {
        clearTimeout(patience);
        resolve(value);
      },
    };
    held.waiting = [...held.waiting, asker];
    return promise;
  }

  /** Gives the value to all whom it serves; the claim falls to one of the others. */
  settle(key: string, value: Uint8Array, expires: number): void {
    const held = this.#held.get(key);
    if (!held) return;
    const served = held.waiting.filter(({ beyond }) => expires > beyond);
    held.waiting = held.waiting.filter(({ beyond }) => expires <= beyond);
    for (const { give } of served) give(value);
    this.release(key);
  }

  /** The claim falls to the one who has waited longest. */
  release(key: string): void {
    const held = this.#held.get(key);
    if (!held) return;
    clearTimeout(held.expiry);
    const [next, ...waiting] = held.waiting;
    if (!next) {
      this.#held.delete(key);
      return;
    }
    held.waiting = waiting;
    held.expiry = this.#expiryOf(key);
    next.give(null);
  }

  #expiryOf(key: string): ReturnType<typeof setTimeout> {
    return setTimeout(() => this.release(key), holdMs);
  }
}
