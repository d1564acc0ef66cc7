/** What the bodies of all requests may take of memory together. */
export class Budget {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#taken;
  }

  allowance(): Allowance {
    let own = 0;
    const set = (size: number): number => {
      this.#taken += size - own;
      own = size;
      return own;
    };
    /** The most that it may be. */
    const most = (): number => {
      const others = this.#taken - own;
      return others > 0 ? this.#limit - others : Number.POSITIVE_INFINITY;
    };
    return {
      growTo: (size) => {
        if (size > own && size > most()) return false;
        set(size);
        return true;
      },
      growUpTo: (size) => set(Math.max(own, Math.min(size, most()))),
      free: () => void set(0),
    };
  }
}

/** One request's part of the budget. One request alone may always have what it asks for. */
export interface Allowance {
  /** Makes it so large in all, and tells whether it may be. Smaller it can always be made. */
  growTo(size: number): boolean;
  /** Makes it so large in all, or as large as it may be, and tells how large it is. */
  growUpTo(size: number): number;
  free(): void;
}
