import { bounds } from '../core/bounds.ts';

const { poolValueBytes, poolKeyChars, poolValues } = bounds;

/** Values by key, in the object's database: one that is evicted and comes back still knows them. */
export class Values {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      'CREATE TABLE IF NOT EXISTS vals (key TEXT PRIMARY KEY, expires INTEGER, value BLOB) WITHOUT ROWID',
    );
  }

  /** The value, if it outlasts `beyond`. */
  get(key: string, beyond: number): Uint8Array | undefined {
    const found = this.#sql.exec<{ value: ArrayBuffer }>(
      'SELECT value FROM vals WHERE key = ? AND expires > ?',
      key,
      beyond,
    );
    for (const { value } of found) return new Uint8Array(value);
    return undefined;
  }

  /** Throws when the value can't be kept. When there are too many, those go first that expire first. */
  put(key: string, value: Uint8Array, expires: number, now: number): void {
    if (typeof key !== 'string' || key.length > poolKeyChars) throw new TypeError('no such key');
    if (!(value instanceof Uint8Array) || value.length > poolValueBytes) {
      throw new TypeError(`a value is not of at most ${poolValueBytes} bytes`);
    }
    if (!Number.isSafeInteger(expires)) throw new TypeError('an expiry is not a whole number');
    this.#sql.exec(
      'INSERT OR REPLACE INTO vals (key, expires, value) VALUES (?, ?, ?)',
      key,
      expires,
      value,
    );
    this.#sql.exec('DELETE FROM vals WHERE expires <= ?', now);
    this.#sql.exec(
      'DELETE FROM vals WHERE key NOT IN (SELECT key FROM vals ORDER BY expires DESC LIMIT ?)',
      poolValues,
    );
  }

  erase(key: string): void {
    this.#sql.exec('DELETE FROM vals WHERE key = ?', key);
  }
}
