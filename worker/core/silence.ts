/**
 * Tells, once, when nothing has been heard for so long. One timer does for all that is heard: it is
 * set anew only when it has run out.
 */
export class Silence {
  readonly #ms: number;
  readonly #onSilence: () => void;
  #heardAt = Date.now();
  #timer: ReturnType<typeof setTimeout>;

  constructor(ms: number, onSilence: () => void) {
    this.#ms = ms;
    this.#onSilence = onSilence;
    this.#timer = this.#arm(ms);
  }

  heard(): void {
    this.#heardAt = Date.now();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #arm(ms: number): ReturnType<typeof setTimeout> {
    return setTimeout(() => {
      const left = this.#heardAt + this.#ms - Date.now();
      if (left <= 0) this.#onSilence();
      else this.#timer = this.#arm(left);
    }, ms);
  }
}
