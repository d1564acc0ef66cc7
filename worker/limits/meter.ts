// Who has used how much, as one isolate knows it: from the object POOL where it is bound, else by what
// went through this isolate alone.
import { bounds } from '../core/bounds.ts';
import { messageOf } from '../core/failure.ts';
import type { Log } from '../core/log.ts';
import { keepNewest } from '../core/newest.ts';
import { objectName } from '../core/poolstore.ts';
import { within } from '../core/store.ts';
import type { Pool } from '../pool.ts';
import { admit, charge, type Limits, spentOf, type Tally, turned, type Verdict } from './tally.ts';

const { limitedClients, poolAnswerMs } = bounds;

type Namespace = DurableObjectNamespace<Pool>;

export class Meter {
  readonly #pool: Namespace | undefined;
  readonly #log: Log;
  /** As this isolate heard or counted it last. */
  readonly #known = new Map<string, Tally>();
  #hasWarned = false;

  constructor(pool: Namespace | undefined, log: Log) {
    this.#pool = pool;
    this.#log = log;
  }

  /** Counts a request of a client that has limits. Asks the object once, or not at all. */
  async admit(client: string, limits: Limits): Promise<Verdict> {
    if (!this.#pool) this.#warnOnce();
    const known = turned(this.#known.get(client), Date.now());
    // What is used up stays so until its time is over: a client that insists costs no call.
    const isSpent = spentOf(known, limits).length > 0;
    const verdict =
      this.#pool && !isSpent ? await this.#ask(this.#pool, client, limits) : undefined;
    const found = verdict ?? admit(this.#known.get(client), limits, Date.now());
    this.#keep(client, found.tally);
    return found;
  }

  /** Counts what an answer has cost, for the requests that come after it. */
  async charge(client: string, tokens: number): Promise<void> {
    const now = Date.now();
    this.#keep(client, charge(this.#known.get(client), tokens, now));
    try {
      const pool = this.#pool?.getByName(objectName);
      await pool?.charge(client, tokens, now);
    } catch (error) {
      this.#log.warn('limits_not_shared', { client, message: messageOf(error) });
    }
  }

  async #ask(pool: Namespace, client: string, limits: Limits): Promise<Verdict | undefined> {
    try {
      const asked = pool.getByName(objectName).admit(client, limits, Date.now());
      return await within(poolAnswerMs, 'The object POOL', asked as Promise<Verdict>);
    } catch (error) {
      this.#log.warn('limits_not_shared', { client, message: messageOf(error) });
      return undefined;
    }
  }

  #warnOnce(): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#log.warn('limits_of_isolate', {
      hint: 'Without the binding POOL each isolate counts for itself, so that a client may use more.',
    });
  }

  /** When there are too many, whoever has been quiet for longest is forgotten. */
  #keep(client: string, tally: Tally): void {
    keepNewest(this.#known, client, tally, limitedClients);
  }
}
