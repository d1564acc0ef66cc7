// A KV binding that counts what is done through it, and fails when a test wants it to.

/**
 * `throw`: as KV does when it is down. `hang`: nothing comes until KV is healed, and then what would
 * have come. `damage`: a get gives the first half of what is stored.
 */
export type KvFault = 'throw' | 'hang' | 'damage';

export const kvOperations = ['get', 'put', 'delete'] as const;
export type KvOperation = (typeof kvOperations)[number];
export type KvCounts = Readonly<Record<KvOperation, number>>;

export interface KvBreak {
  /** `null` heals. */
  readonly fault: KvFault | null;
  readonly operations: readonly KvOperation[];
}

const hangStepMs = 10;
/** Not the one of the copy's clock, which may stand still. */
const { scheduler: trueScheduler } = globalThis as unknown as { scheduler: Scheduler };

/** What an isolate did with KV, and what stands in its way. */
export class KvWatch {
  readonly counts = { get: 0, put: 0, delete: 0 };
  /** Those of them that met a fault. */
  readonly faulted = { get: 0, put: 0, delete: 0 };
  readonly #faults = new Map<KvOperation, KvFault>();

  set({ fault, operations }: KvBreak): void {
    for (const operation of operations) {
      if (fault) this.#faults.set(operation, fault);
      else this.#faults.delete(operation);
    }
  }

  /** Counts a call and lets its fault act; tells the fault of one that goes on. */
  async pass(operation: KvOperation): Promise<KvFault | undefined> {
    this.counts[operation] += 1;
    const fault = this.#faults.get(operation);
    if (fault) this.faulted[operation] += 1;
    if (fault === 'throw') throw new Error(`KV ${operation.toUpperCase()} failed: 500 Broken`);
    // A promise that nobody can fulfil would make workerd give the request up, other than KV does.
    while (this.#faults.get(operation) === 'hang') await trueScheduler.wait(hangStepMs);
    return fault;
  }

  binding(kv: PartOfKv): KVNamespace {
    return new WatchedKv(kv, this) as unknown as KVNamespace;
  }
}

/** The keys of KV that begin with a name, as if they were all. */
export class PartOfKv {
  readonly #kv: KVNamespace;
  readonly #prefix: string;

  constructor(kv: KVNamespace, name: string) {
    this.#kv = kv;
    this.#prefix = `${name}/`;
  }

  async keys(): Promise<{ readonly name: string; readonly expiration?: number }[]> {
    const { keys } = await this.#kv.list({ prefix: this.#prefix });
    return keys.map((key) => ({ ...key, name: key.name.slice(this.#prefix.length) }));
  }

  get(key: string): Promise<ArrayBuffer | null> {
    return this.#kv.get(this.#prefix + key, 'arrayBuffer');
  }

  put(key: string, value: string | ArrayBufferView, options: object): Promise<void> {
    return this.#kv.put(this.#prefix + key, value, options);
  }

  delete(key: string): Promise<void> {
    return this.#kv.delete(this.#prefix + key);
  }
}

class WatchedKv {
  readonly #kv: PartOfKv;
  readonly #watch: KvWatch;

  constructor(kv: PartOfKv, watch: KvWatch) {
    this.#kv = kv;
    this.#watch = watch;
  }

  async get(key: string): Promise<ArrayBuffer | null> {
    const fault = await this.#watch.pass('get');
    const value = await this.#kv.get(key);
    return fault === 'damage' ? (value?.slice(0, value.byteLength / 2) ?? null) : value;
  }

  async put(key: string, value: string | ArrayBufferView, options: object): Promise<void> {
    await this.#watch.pass('put');
    await this.#kv.put(key, value, options);
  }

  async delete(key: string): Promise<void> {
    await this.#watch.pass('delete');
    await this.#kv.delete(key);
  }
}
