// The database of a Durable Object, as far as the worker uses it: SQLite in memory.
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';

export type Row = Record<string, unknown>;

export class MemorySql {
  readonly #database = new DatabaseSync(':memory:');

  exec(query: string, ...values: SQLInputValue[]) {
    const rows = this.#database.prepare(query).all(...values) as Row[];
    const found = rows.map((row) =>
      Object.fromEntries(
        // The object's database gives a blob as the buffer alone.
        Object.entries(row).map(([name, value]) => [
          name,
          value instanceof Uint8Array ? value.slice().buffer : value,
        ]),
      ),
    );
    return Object.assign(found, { raw: () => found.map((row) => Object.values(row)) });
  }

  get binding(): SqlStorage {
    return this as unknown as SqlStorage;
  }
}
