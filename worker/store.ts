import { DurableObject } from 'cloudflare:workers';
import { bounds } from './core/bounds.ts';
import {
  Entries,
  type Entry,
  type Exchanged,
  type NewEntry,
  type Order,
  type Row,
} from './store/entries.ts';
import { Signatures } from './store/signatures.ts';

/**
 * What is kept for one client: responses, conversations, chat completions, and the thought signatures of
 * calls. All of it is sealed by whoever asks, and nobody here knows what it says, or whose it is.
 */
export class Store extends DurableObject<unknown> {
  readonly #storage: DurableObjectStorage;
  readonly #entries: Entries;
  readonly #signatures: Signatures;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    this.#storage = ctx.storage;
    this.#entries = new Entries(ctx.storage.sql);
    this.#signatures = new Signatures(ctx.storage.sql);
  }

  /** All or none of them. Whether each is kept: one whose list is over is not. */
  async put(entries: readonly NewEntry[]): Promise<boolean[]> {
    const now = Date.now();
    const kept = this.#storage.transactionSync(() =>
      entries.map((entry) => this.#entries.put(entry, now)),
    );
    await this.#wakeUpBy(now + bounds.storeMs);
    return kept;
  }

  replace(id: string, value: Uint8Array): boolean {
    return this.#storage.transactionSync(() => this.#entries.replace(id, value, Date.now()));
  }

  exchange(id: string, before: Uint8Array, after: Uint8Array): Exchanged {
    return this.#storage.transactionSync(() =>
      this.#entries.exchange(id, before, after, Date.now()),
    );
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

  /** By names that tell no call. */
  async keepSignatures(entries: readonly Entry[], expires: number): Promise<void> {
    this.#storage.transactionSync(() => this.#signatures.put(entries, expires));
    await this.#wakeUpBy(expires);
  }

  /** One for each name, null where none is kept. */
  signatures(ids: readonly string[]): (Uint8Array | null)[] {
    return this.#signatures.get(ids, Date.now());
  }

  override async alarm(): Promise<void> {
    const now = Date.now();
    const next = this.#storage.transactionSync(() =>
      [this.#entries.expire(now), this.#signatures.expire(now)].filter(
        (each) => each !== undefined,
      ),
    );
    if (next.length === 0) return;
    await this.#storage.setAlarm(Math.max(Math.min(...next), now + bounds.storeRoundMs));
  }

  async #wakeUpBy(time: number): Promise<void> {
    const set = await this.#storage.getAlarm();
    if (set === null || set > time) await this.#storage.setAlarm(time);
  }
}
