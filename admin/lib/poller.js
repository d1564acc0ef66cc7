// Asks again and again while the page is seen, and ever more rarely while it fails.
import { Refusal } from './api.js';

const usualMs = 4000;
const longestMs = 60_000;

/** @typedef {{ state: 'live' | 'paused' | 'asking' } | { state: 'failing', message: string, nextAt: number }} Health */

export class Poller {
  #failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #isRunning = false;
  #isAsking = false;
  #work;
  #tell;

  /**
   * @param {() => Promise<void>} work
   * @param {(health: Health) => void} tell
   */
  constructor(work, tell) {
    this.#work = work;
    this.#tell = tell;
    document.addEventListener('visibilitychange', () => this.#onVisibility());
  }

  start() {
    this.#isRunning = true;
    void this.now();
  }

  stop() {
    this.#isRunning = false;
    clearTimeout(this.#timer);
  }

  /** Asks at once, whatever was to be waited for. */
  async now() {
    clearTimeout(this.#timer);
    if (!this.#isRunning || this.#isAsking) return;
    this.#isAsking = true;
    const waitMs = await this.#once();
    this.#isAsking = false;
    if (!this.#isRunning || document.hidden) return;
    this.#timer = setTimeout(() => void this.now(), waitMs);
  }

  async #once() {
    try {
      await this.#work();
      this.#failures = 0;
      this.#tell({ state: 'live' });
      return usualMs;
    } catch (error) {
      this.#failures += 1;
      const waitMs = Math.min(longestMs, usualMs * 2 ** this.#failures);
      const asked = error instanceof Refusal ? (error.waitMs ?? 0) : 0;
      const next = Math.max(waitMs, asked);
      const message = error instanceof Error ? error.message : String(error);
      if (this.#isRunning) this.#tell({ state: 'failing', message, nextAt: Date.now() + next });
      return next;
    }
  }

  #onVisibility() {
    if (!this.#isRunning) return;
    if (!document.hidden) {
      void this.now();
      return;
    }
    clearTimeout(this.#timer);
    this.#tell({ state: 'paused' });
  }
}
