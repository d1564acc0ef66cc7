import { bounds } from '../core/bounds.ts';

const { poolHoldMs, poolPatienceMs, poolWaiters } = bounds;

interface Waiting {
  /** Who has the claim if it falls to this one. */
  readonly name: string;
  /** The value has to outlast this. */
  readonly beyond: number;
  readonly give: (value: Uint8Array | null) => void;
}

interface Held {
  holder: string;
  /** In the order they came. */
  readonly waiting: Set<Waiting>;
  expiry: ReturnType<typeof setTimeout>;
}

/** Who is to make which value. Those who come later wait for it, or for their turn. */
export class Claims {
  readonly #held = new Map<string, Held>();

  /**
   * Null: the caller is to make the value, and to `settle` or `release` under its name. The first
   * gets that at once, another when the claim falls to it; and without a claim, one that has waited
   * too long, or finds too many waiting.
   */
  ask(key: string, beyond: number, name: string): Promise<Uint8Array | null> {
    const held = this.#held.get(key);
    if (!held) {
      this.#held.set(key, { holder: name, waiting: new Set(), expiry: this.#expiryOf(key) });
      return Promise.resolve(null);
    }
    if (held.waiting.size >= poolWaiters) return Promise.resolve(null);
    const { promise, resolve } = Promise.withResolvers<Uint8Array | null>();
    const patience = setTimeout(() => {
      held.waiting.delete(asker);
      resolve(null);
    }, poolPatienceMs);
    const asker: Waiting = {
      name,
      beyond,
      give: (value) => {
        clearTimeout(patience);
        held.waiting.delete(asker);
        resolve(value);
      },
    };
    held.waiting.add(asker);
    return promise;
  }

  /** Gives the value to all whom it serves; its holder's claim falls to one of the others. */
  settle(key: string, value: Uint8Array, expires: number, name: string | undefined): void {
    for (const { beyond, give } of this.#held.get(key)?.waiting ?? []) {
      if (expires > beyond) give(value);
    }
    this.release(key, name);
  }

  /** The claim falls to the one who has waited longest. What is not the caller's stays. */
  release(key: string, name: string | undefined): void {
    const held = this.#held.get(key);
    if (held && held.holder === name) this.#pass(key, held);
  }

  #pass(key: string, held: Held): void {
    clearTimeout(held.expiry);
    const [next] = held.waiting;
    if (!next) {
      this.#held.delete(key);
      return;
    }
    held.holder = next.name;
    held.expiry = this.#expiryOf(key);
    next.give(null);
  }

  #expiryOf(key: string): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      const held = this.#held.get(key);
      if (held) this.#pass(key, held);
    }, poolHoldMs);
  }
}
