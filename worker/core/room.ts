/** What the bodies of all requests may take of memory together. */
export class Room {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#taken;
  }

  share(): Share {
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

/** One request's part of it. For one request alone there is always room. */
export interface Share {
  /** Makes it so large in all, and tells whether there was room. Smaller it can always be made. */
  growTo(size: number): boolean;
  /** Makes it so large in all, or as large as there is room for, and tells how large it is. */
  growUpTo(size: number): number;
  free(): void;
}
