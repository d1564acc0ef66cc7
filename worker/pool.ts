import { DurableObject } from 'cloudflare:workers';
import type { Span } from './core/abi.ts';
import type { Limits, Verdict } from './limits/tally.ts';
import { Claims } from './pool/claims.ts';
import { Counters } from './pool/counters.ts';
import { type Fact, Facts } from './pool/facts.ts';
import { Tallies } from './pool/tallies.ts';
import { Values } from './pool/values.ts';

/**
 * What the isolates of a deployment share: facts, of which the highest rank holds, values that one of
 * them makes while the others wait, sums of what they count, and what clients with limits have used.
 * Knows nothing of what the rest means. Times are milliseconds since 1970.
 */
export class Pool extends DurableObject<unknown> {
  readonly #sql: SqlStorage;
  readonly #claims = new Claims();
  readonly #values: Values;
  readonly #facts: Facts;
  readonly #counters: Counters;
  readonly #tallies: Tallies;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(
      'CREATE TABLE IF NOT EXISTS facts (key TEXT PRIMARY KEY, rank INTEGER, expires INTEGER, value TEXT) WITHOUT ROWID',
    );
    this.#values = new Values(this.#sql);
    this.#counters = new Counters(this.#sql);
    this.#tallies = new Tallies(this.#sql);
    this.#facts = new Facts(
      this.#sql.exec('SELECT key, rank, expires, value FROM facts').raw<Fact>(),
    );
  }

  facts(): Fact[] {
    return this.#facts.list(Date.now());
  }

  share(news: unknown): void {
    const { kept, dropped } = this.#facts.merge(news, Date.now());
    for (const fact of kept) {
      this.#sql.exec(
        'INSERT OR REPLACE INTO facts (key, rank, expires, value) VALUES (?, ?, ?, ?)',
        ...fact,
      );
    }
    for (const key of dropped) this.#sql.exec('DELETE FROM facts WHERE key = ?', key);
  }

  /**
   * The value, if it outlasts `beyond`. Null: the caller is to make it, and to settle or release
   * under the name that it gives here for this claim alone.
   */
  async claim(key: string, beyond: number, holder: string): Promise<Uint8Array | null> {
    const known = this.#values.get(key, Math.max(beyond, Date.now()));
    return known ?? this.#claims.ask(key, beyond, holder);
  }

  /** A value is welcome from anybody; a claim ends by its holder alone. */
  settle(key: string, value: Uint8Array, expires: number, holder?: string): void {
    try {
      this.#values.put(key, value, expires, Date.now());
    } catch (error) {
      this.#claims.release(key, holder);
      throw error;
    }
    this.#claims.settle(key, value, expires, holder);
  }

  release(key: string, holder: string): void {
    this.#claims.release(key, holder);
  }

  erase(key: string): void {
    this.#values.erase(key);
  }

  /** Adds JSON rows to the sums. */
  count(rows: string): void {
    this.#counters.add(rows, Date.now());
  }

  counts(span: Span): string {
    return this.#counters.tell(span, Date.now());
  }

  /** Counts one request of a client, unless it has used up what it may. */
  admit(client: string, limits: Limits, now: number): Verdict {
    return this.#tallies.admit(client, limits, now);
  }

  /** Counts what one of its answers has cost. */
  charge(client: string, tokens: number, now: number): void {
    this.#tallies.charge(client, tokens, now);
  }
}
