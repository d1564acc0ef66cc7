import { DurableObject } from 'cloudflare:workers';
import { bounds } from './core/bounds.ts';
import { Entries, type NewEntry, type Order, type Row } from './store/entries.ts';

/**
 * What is kept for one client: responses, conversations, chat completions. All of it is sealed by
 * whoever asks, and nobody here knows what it says, or whose it is.
 */
export class Store extends DurableObject<unknown> {
  readonly #storage: DurableObjectStorage;
  readonly #entries: Entries;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    this.#storage = ctx.storage;
    this.#entries = new Entries(ctx.storage.sql);
  }

  /** All or none of them. Whether each is kept: one whose list is over is not. */
  async put(entries: readonly NewEntry[]): Promise<boolean[]> {
    const now = Date.now();
    const kept = this.#storage.transactionSync(() =>
      entries.map((entry) => this.#entries.put(entry, now)),
    );
    await this.#wakeUp();
    return kept;
  }

  replace(id: string, value: Uint8Array): boolean {
    return this.#storage.transactionSync(() => this.#entries.replace(id, value, Date.now()));
  }

  get(id: string): Uint8Array | null {
    return this.#entries.get(id, Date.now()) ?? null;
  }

  chain(id: string): Row {
    return this.#entries.chain(id, Date.now());
  }

  whole(list: string): Row {
    return this.#entries.whole(list, Date.now());
  }

  page(list: string, after: string | undefined, order: Order, limit: number): Row {
    return this.#entries.page(list, after, order, limit, Date.now());
  }

  erase(id: string): boolean {
    return this.#storage.transactionSync(() => this.#entries.erase(id));
  }

  override async alarm(): Promise<void> {
    const now = Date.now();
    const next = this.#storage.transactionSync(() => this.#entries.expire(now));
    if (next !== undefined) {
      await this.#storage.setAlarm(Math.max(next, now + bounds.storeRoundMs));
    }
  }

  async #wakeUp(): Promise<void> {
    if ((await this.#storage.getAlarm()) !== null) return;
    await this.#storage.setAlarm(Date.now() + bounds.storeMs);
  }
}
