/** What the bodies of all requests may take of memory together. */
export class Room {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  share(): Share {
    let own = 0;
    return {
      growTo: (size) => {
        const others = this.#taken - own;
        if (others > 0 && others + size > this.#limit) return false;
        this.#taken = others + size;
        own = size;
        return true;
      },
      free: () => {
        this.#taken -= own;
        own = 0;
      },
    };
  }
}

/** One request's part of it. */
export interface Share {
  /** Whether there is room for so much in all. For one request alone there always is. */
  growTo(size: number): boolean;
  free(): void;
}
