import { bounds } from '../core/bounds.ts';
import type { Entry } from './entries.ts';

const { storeIdChars, storeSignatureBytes, storeSignaturesAtOnce, storeSignatures } = bounds;

/** Throws for what the worker never sends. */
const check = ({ id, value }: Entry): void => {
  if (typeof id !== 'string' || id.length === 0 || id.length > storeIdChars) {
    throw new TypeError('a signature has no name');
  }
  if (!(value instanceof Uint8Array) || value.length > storeSignatureBytes) {
    throw new TypeError(`a signature is not of at most ${storeSignatureBytes} bytes`);
  }
};

const checkNumber = (list: readonly unknown[]): void => {
  if (list.length > storeSignaturesAtOnce) throw new TypeError('too many signatures at once');
};

/**
 * Thought signatures of a client's calls, in the order of their coming, in the object's database. All
 * last equally long. They lie apart from the entries, since they are many and soon over: none takes an
 * entry's room, and each is written in one row and found by one index, which is what Cloudflare counts.
 */
export class Signatures {
  readonly #sql: SqlStorage;
  readonly #most: number;

  constructor(sql: SqlStorage, most: number = storeSignatures) {
    this.#sql = sql;
    this.#most = most;
    sql.exec(
      'CREATE TABLE IF NOT EXISTS signatures (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, expires INTEGER, value BLOB)',
    );
  }

  /** Each takes the place of one of the same name. When they are too many, the oldest go. */
  put(entries: readonly Entry[], expires: number): void {
    checkNumber(entries);
    for (const entry of entries) check(entry);
    if (!Number.isSafeInteger(expires)) throw new TypeError('a signature has no end');
    for (const { id, value } of entries) {
      this.#sql.exec(
        'INSERT OR REPLACE INTO signatures (id, expires, value) VALUES (?, ?, ?)',
        id,
        expires,
        value,
      );
    }
    this.#sql.exec(
      'DELETE FROM signatures WHERE seq <= (SELECT MAX(seq) FROM signatures) - ?',
      this.#most,
    );
  }

  /** One for each name, null where there is none. */
  get(ids: readonly string[], now: number): (Uint8Array | null)[] {
    checkNumber(ids);
    return ids.map((id) => {
      const [found] = this.#sql.exec<{ value: ArrayBuffer }>(
        'SELECT value FROM signatures WHERE id = ? AND expires > ?',
        id,
        now,
      );
      return found ? new Uint8Array(found.value) : null;
    });
  }

  /**
   * Takes away what is over. Gives when all of the others will be, if there are any: a round for each
   * of them would read too many rows.
   */
  expire(now: number): number | undefined {
    this.#sql.exec('DELETE FROM signatures WHERE expires <= ?', now);
    const [last] = this.#sql.exec<{ expires: number }>(
      'SELECT expires FROM signatures ORDER BY seq DESC LIMIT 1',
    );
    return last?.expires;
  }
}
