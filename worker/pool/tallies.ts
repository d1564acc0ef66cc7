import { bounds } from '../core/bounds.ts';
import { keepNewest } from '../core/newest.ts';
import { admit, charge, type Limits, type Tally, type Verdict } from '../limits/tally.ts';

const { limitedClients, clientNameChars, poolFactMs, tokensOfRequest } = bounds;

/** What clients have used, by their names: in memory, and one row each for when the object comes back. */
export class Tallies {
  readonly #sql: SqlStorage;
  readonly #known = new Map<string, Tally>();

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      'CREATE TABLE IF NOT EXISTS tallies (client TEXT PRIMARY KEY, tally TEXT) WITHOUT ROWID',
    );
    const rows = sql.exec<{ client: string; tally: string }>('SELECT client, tally FROM tallies');
    for (const { client, tally } of rows) this.#known.set(client, JSON.parse(tally) as Tally);
  }

  /** `now` is the asker's time, which may differ from the object's by less than a fact's may. */
  admit(client: string, limits: Limits, now: number): Verdict {
    this.#check(client, now);
    const verdict = admit(this.#known.get(client), limits, now);
    if (verdict.isAdmitted) this.#keep(client, verdict.tally);
    return verdict;
  }

  charge(client: string, tokens: number, now: number): void {
    this.#check(client, now);
    if (!(tokens >= 0 && tokens <= tokensOfRequest)) throw new TypeError('no such cost');
    this.#keep(client, charge(this.#known.get(client), tokens, now));
  }

  #check(client: string, now: number): void {
    const isName = typeof client === 'string' && client.length <= clientNameChars;
    if (!isName) throw new TypeError('no such client');
    // Further ahead, a minute would last for ever.
    if (!(now <= Date.now() + poolFactMs)) throw new TypeError('no such time');
  }

  /** When there are too many, whoever has been quiet for longest goes. */
  #keep(client: string, tally: Tally): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO tallies (client, tally) VALUES (?, ?)',
      client,
      JSON.stringify(tally),
    );
    for (const quiet of keepNewest(this.#known, client, tally, limitedClients)) {
      this.#sql.exec('DELETE FROM tallies WHERE client = ?', quiet);
    }
  }
}
