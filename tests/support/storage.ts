// Objects `Store` without a workerd, each around a database of SQLite in memory. Whoever uses this
// mocks `cloudflare:workers` first.
import { Log } from '../../worker/core/log.ts';
import { Memory } from '../../worker/memory/memory.ts';
import type { Store } from '../../worker/store.ts';
import { MemorySql } from './sql.ts';

type StoreClass = new (ctx: DurableObjectState, env: unknown) => Store;

export class Stores {
  readonly databases = new Map<string, MemorySql>();
  /** When each object is to be woken. */
  readonly alarms = new Map<string, number>();
  readonly #ofClass: StoreClass;

  constructor(ofClass: StoreClass) {
    this.#ofClass = ofClass;
  }

  /** A new object every time, as if the one before had been ended. */
  getByName(name: string): Store {
    const sql = this.databases.get(name) ?? new MemorySql();
    this.databases.set(name, sql);
    const storage = {
      sql: sql.binding,
      transactionSync: <T>(work: () => T): T => work(),
      getAlarm: async () => this.alarms.get(name) ?? null,
      setAlarm: async (at: number) => void this.alarms.set(name, at),
    };
    return new this.#ofClass({ storage } as unknown as DurableObjectState, {});
  }

  memory(key: string): Memory {
    const namespace = this as unknown as DurableObjectNamespace<Store>;
    return new Memory(namespace, key, new Log('error'));
  }

  /** Calls the objects whose alarms are due. */
  async wake(): Promise<void> {
    for (const [name, at] of [...this.alarms]) {
      if (at > Date.now()) continue;
      this.alarms.delete(name);
      await this.getByName(name).alarm();
    }
  }

  /** Everything that lies in the databases, as text. */
  bytes(): string {
    const rows = [...this.databases.values()].flatMap((sql) =>
      ['entries', 'parts', 'signatures'].flatMap((table) => [
        ...sql.exec(`SELECT * FROM ${table}`),
      ]),
    );
    return rows.flatMap((row) => Object.values(row).map(shown)).join('\n');
  }
}

const shown = (value: unknown): string =>
  value instanceof ArrayBuffer ? Buffer.from(value).toString('latin1') : String(value);
