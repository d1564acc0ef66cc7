/** Something that holds memory for what has not come yet. */
export interface Arriving {
  /** Whether it comes so slowly that it must not keep the memory from others. */
  isSlow(): boolean;
  /** Gives its memory back at once. Called by another request, so it does no I/O. */
  yieldMemory(): void;
}

/** What the bodies of all requests may take of memory together. */
export class Budget {
  readonly #limit: number;
  readonly #arriving = new Set<Arriving>();
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get taken(): number {
    return this.#taken;
  }

  allowance(): Allowance {
    let own = 0;
    let arriving: Arriving | undefined;
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
    /** The same, once those have yielded that are too slow, if it takes that to be `size`. */
    const mostFor = (size: number): number => {
      if (size > most()) this.#hurry(arriving);
      return most();
    };
    return {
      growTo: (size) => {
        if (size > own && size > mostFor(size)) return false;
        set(size);
        return true;
      },
      growUpTo: (size) => set(Math.max(own, Math.min(size, mostFor(size)))),
      free: () => void set(0),
      begin: (body) => {
        arriving = body;
        this.#arriving.add(body);
      },
      arrived: () => {
        if (arriving) this.#arriving.delete(arriving);
        arriving = undefined;
      },
    };
  }

  #hurry(asking: Arriving | undefined): void {
    for (const each of this.#arriving) {
      if (each !== asking && each.isSlow()) each.yieldMemory();
    }
  }
}

/** One request's part of the budget. One request alone may always have what it asks for. */
export interface Allowance {
  /** Makes it so large in all, and tells whether it may be. Smaller it can always be made. */
  growTo(size: number): boolean;
  /** Makes it so large in all, or as large as it may be, and tells how large it is. */
  growUpTo(size: number): number;
  free(): void;
  /** What it is held for is on its way, and has come. */
  begin(body: Arriving): void;
  arrived(): void;
}
