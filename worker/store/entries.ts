import { bounds } from '../core/bounds.ts';
import { responseOfBatch } from '../memory/ids.ts';

const { storeRowBytes, storeEntryBytes, storeBytes, storeEntries } = bounds;
const { storeRecallBytes, storeRecallEntries, storeIdChars, storePage } = bounds;

/** What is kept under a name. Nobody here can read the value. */
export interface Entry {
  readonly id: string;
  readonly value: Uint8Array;
}

export interface NewEntry extends Entry {
  /** The entry before it, which `chain` goes on to. */
  readonly previous?: string | undefined;
  /** The list whose last entry is the one before it. */
  readonly behind?: string | undefined;
  /** The list that it belongs to. When that is an entry itself, it ends with it. */
  readonly list?: string | undefined;
  /** When it ends, in milliseconds since 1970; without, it ends with its list alone. */
  readonly expires?: number | undefined;
  /** When the entry that is its list ends from now on. */
  readonly listExpires?: number | undefined;
}

/** Entries in a row, or why there are none: one that is missing, or that they are too much. */
export type Row = { readonly entries: Entry[] } | { readonly missing: string } | 'too much';

/** What has become of a value that was to take the place of another one: or that one is no more. */
export type Exchanged = 'exchanged' | 'changed' | 'missing';

export interface Totals {
  readonly entries: number;
  readonly bytes: number;
}

export type Order = 'asc' | 'desc';

interface Found extends Record<string, SqlStorageValue> {
  readonly seq: number;
  readonly id: string;
  readonly previous: string | null;
  readonly bytes: number;
}

const isName = (name: unknown): name is string =>
  typeof name === 'string' && name.length > 0 && name.length <= storeIdChars;

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

const isAbsentOr = (name: unknown): boolean => name === undefined || isName(name);

/** Throws for what the worker never sends. */
const check = ({ id, previous, behind, list, expires, listExpires, value }: NewEntry): void => {
  if (!isName(id) || ![previous, behind, list].every(isAbsentOr)) throw new TypeError('no name');
  const ends = [expires ?? (list === undefined ? undefined : 0), listExpires ?? 0];
  if (!ends.every(Number.isSafeInteger)) throw new TypeError('an entry has no end');
  if (!(value instanceof Uint8Array) || value.length > storeEntryBytes) {
    throw new TypeError(`an entry is not of at most ${storeEntryBytes} bytes`);
  }
};

/**
 * A client's entries, in the order of their coming, in the object's database. When they are too
 * many, or too much, the oldest go, each with all of its list.
 */
export class Entries {
  readonly #sql: SqlStorage;
  readonly #most: Totals;

  constructor(sql: SqlStorage, most: Totals = { entries: storeEntries, bytes: storeBytes }) {
    this.#sql = sql;
    this.#most = most;
    sql.exec(
      'CREATE TABLE IF NOT EXISTS entries (seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, previous TEXT, list TEXT, expires INTEGER, bytes INTEGER)',
    );
    sql.exec('CREATE INDEX IF NOT EXISTS lists ON entries (list, seq) WHERE list IS NOT NULL');
    sql.exec(
      'CREATE TABLE IF NOT EXISTS parts (seq INTEGER, part INTEGER, value BLOB, PRIMARY KEY (seq, part)) WITHOUT ROWID',
    );
    // Counting anew each time would read all rows, and the free plan counts those.
    sql.exec(
      'CREATE TABLE IF NOT EXISTS totals (one INTEGER PRIMARY KEY, entries INTEGER, bytes INTEGER)',
    );
    sql.exec('INSERT OR IGNORE INTO totals (one, entries, bytes) VALUES (1, 0, 0)');
  }

  /** Takes the place of one of the same name. One whose list is over is kept nowhere. */
  put(entry: NewEntry, now: number): boolean {
    check(entry);
    const { id, list, behind, expires, listExpires, value } = entry;
    if (expires === undefined && !this.#find(list ?? '', now)) return false;
    this.erase(id);
    // What ends by itself, in a list of all of its kind, is as old as any other.
    this.#makeRoom(value.length, expires === undefined ? list : behind);
    const previous = entry.previous ?? this.#lastOf(behind);
    const [made] = this.#sql.exec<{ seq: number }>(
      'INSERT INTO entries (id, previous, list, expires, bytes) VALUES (?, ?, ?, ?, ?) RETURNING seq',
      id,
      previous ?? null,
      list ?? null,
      expires ?? null,
      value.length,
    );
    this.#write(made?.seq ?? 0, value);
    this.#add(1, value.length);
    if (listExpires !== undefined) {
      this.#sql.exec('UPDATE entries SET expires = ? WHERE id = ?', listExpires, list ?? '');
    }
    return true;
  }

  /** Writes another value in the place of one that is there, which keeps its place. */
  replace(id: string, value: Uint8Array, now: number): boolean {
    const found = this.#find(id, now);
    if (!found) return false;
    check({ id, value, expires: 0 });
    this.#sql.exec('DELETE FROM parts WHERE seq = ?', found.seq);
    this.#write(found.seq, value);
    this.#sql.exec('UPDATE entries SET bytes = ? WHERE seq = ?', value.length, found.seq);
    this.#add(0, value.length - found.bytes);
    return true;
  }

  /** The same, if it is still the value that was read before. */
  exchange(id: string, before: Uint8Array, after: Uint8Array, now: number): Exchanged {
    const found = this.get(id, now);
    if (!found) return 'missing';
    if (!isSame(found, before)) return 'changed';
    this.replace(id, after, now);
    return 'exchanged';
  }

  get(id: string, now: number): Uint8Array | undefined {
    const found = this.#find(id, now);
    return found && this.#read(found);
  }

  /** The entry and all before it, the oldest first. */
  chain(id: string, now: number): Row {
    const found: Found[] = [];
    let bytes = 0;
    for (let next: string | null = id; next !== null; ) {
      const entry = this.#find(next, now);
      if (!entry) return { missing: next };
      found.push(entry);
      bytes += entry.bytes;
      if (bytes > storeRecallBytes || found.length > storeRecallEntries) return 'too much';
      next = entry.previous;
    }
    return { entries: this.#entries(found.reverse()) };
  }

  /** All entries of a list that is an entry itself, the oldest first. */
  whole(list: string, now: number): Row {
    if (!this.#find(list, now)) return { missing: list };
    const found = [
      ...this.#sql.exec<Found>(
        'SELECT seq, id, previous, bytes FROM entries WHERE list = ? ORDER BY seq LIMIT ?',
        list,
        storeRecallEntries + 1,
      ),
    ];
    const bytes = found.reduce((sum, each) => sum + each.bytes, 0);
    if (bytes > storeRecallBytes || found.length > storeRecallEntries) return 'too much';
    return { entries: this.#entries(found) };
  }

  /** The next entries of a list that is none itself, behind one of them. */
  page(list: string, after: string | undefined, order: Order, limit: number, now: number): Row {
    const begin = after === undefined ? undefined : this.#find(after, now);
    if (after !== undefined && !begin) return { missing: after };
    const isUp = order === 'asc';
    const edge = begin?.seq ?? (isUp ? 0 : Number.MAX_SAFE_INTEGER);
    const found = this.#sql.exec<Found>(
      `SELECT seq, id, previous, bytes FROM entries WHERE list = ? AND expires > ? AND seq ${
        isUp ? '>' : '<'
      } ? ORDER BY seq ${isUp ? 'ASC' : 'DESC'} LIMIT ?`,
      list,
      now,
      edge,
      Math.min(limit, storePage + 1),
    );
    return { entries: this.#entries(upTo(storeRecallBytes, found)) };
  }

  /** Whether there was one. What is in its list goes with it, but nothing that came behind that. */
  erase(id: string): boolean {
    const [found] = this.#sql.exec<Found>(
      'SELECT seq, id, previous, bytes FROM entries WHERE id = ?',
      id,
    );
    if (!found) return false;
    const inList = [
      ...this.#sql.exec<Found>(
        'SELECT seq, id, previous, bytes FROM entries WHERE list = ? ORDER BY seq',
        id,
      ),
    ];
    if (inList.length > 0) this.#relink(id, inList);
    for (const each of [found, ...inList]) this.#erase(each);
    return true;
  }

  /** Takes away what is over. Gives when the next is, if there is one. */
  expire(now: number): number | undefined {
    const over = [
      ...this.#sql.exec<{ id: string }>('SELECT id FROM entries WHERE expires <= ?', now),
    ];
    for (const { id } of over) this.erase(id);
    const [next] = this.#sql.exec<{ at: number | null }>('SELECT MIN(expires) AS at FROM entries');
    return next?.at ?? undefined;
  }

  #find(id: string, now: number): Found | undefined {
    const [found] = this.#sql.exec<Found & { list: string | null; expires: number | null }>(
      'SELECT seq, id, previous, bytes, list, expires FROM entries WHERE id = ?',
      id,
    );
    if (!found) return undefined;
    if (found.expires !== null) return found.expires > now ? found : undefined;
    return found.list !== null && this.#find(found.list, now) ? found : undefined;
  }

  #lastOf(list: string | undefined): string | undefined {
    if (list === undefined) return undefined;
    const [last] = this.#sql.exec<{ id: string }>(
      'SELECT id FROM entries WHERE list = ? ORDER BY seq DESC LIMIT 1',
      list,
    );
    return last?.id;
  }

  #has(id: string): boolean {
    return [...this.#sql.exec('SELECT seq FROM entries WHERE id = ?', id)].length > 0;
  }

  /**
   * What goes on from an entry that goes with its list goes on from the response that has the same in
   * it, or else from what stands for the entry before.
   */
  #relink(list: string, going: readonly Found[]): void {
    const standIns = new Map<string | null, string | null>();
    for (const { id, previous } of going) {
      const same = responseOfBatch(id);
      standIns.set(id, same && this.#has(same) ? same : (standIns.get(previous) ?? null));
    }
    const behind = [
      ...this.#sql.exec<{ seq: number; previous: string }>(
        "SELECT seq, previous FROM entries WHERE previous IN (SELECT id FROM entries WHERE list = ?1) AND COALESCE(list, '') <> ?1",
        list,
      ),
    ];
    for (const { seq, previous } of behind) {
      const standIn = standIns.get(previous) ?? null;
      this.#sql.exec('UPDATE entries SET previous = ? WHERE seq = ?', standIn, seq);
    }
  }

  #entries(found: readonly Found[]): Entry[] {
    return found.map((each) => ({ id: each.id, value: this.#read(each) }));
  }

  #read({ seq, bytes }: Found): Uint8Array {
    const value = new Uint8Array(bytes);
    let at = 0;
    for (const part of this.#sql.exec<{ value: ArrayBuffer }>(
      'SELECT value FROM parts WHERE seq = ? ORDER BY part',
      seq,
    )) {
      value.set(new Uint8Array(part.value), at);
      at += part.value.byteLength;
    }
    return value;
  }

  #write(seq: number, value: Uint8Array): void {
    for (let at = 0, part = 0; at < value.length; at += storeRowBytes, part += 1) {
      this.#sql.exec(
        'INSERT INTO parts (seq, part, value) VALUES (?, ?, ?)',
        seq,
        part,
        value.slice(at, at + storeRowBytes),
      );
    }
  }

  #erase({ seq, bytes }: Found): void {
    this.#sql.exec('DELETE FROM parts WHERE seq = ?', seq);
    this.#sql.exec('DELETE FROM entries WHERE seq = ?', seq);
    this.#add(-1, -bytes);
  }

  #add(entries: number, bytes: number): void {
    this.#sql.exec('UPDATE totals SET entries = entries + ?, bytes = bytes + ?', entries, bytes);
  }

  /** The oldest go, but never the list that the new one is for, or comes behind. */
  #makeRoom(bytes: number, list: string | undefined): void {
    for (;;) {
      const [taken] = this.#sql.exec<{ entries: number; bytes: number }>(
        'SELECT entries, bytes FROM totals',
      );
      const { entries = 0, bytes: sum = 0 } = taken ?? {};
      if (entries < this.#most.entries && sum + bytes <= this.#most.bytes) return;
      // No name is empty.
      const [oldest] = this.#sql.exec<{ id: string }>(
        "SELECT id FROM entries WHERE id <> ?1 AND COALESCE(list, '') <> ?1 OR ?1 = '' ORDER BY seq LIMIT 1",
        list ?? '',
      );
      if (!oldest) throw new Error('there is no room');
      this.erase(oldest.id);
    }
  }
}

/** The first of them, and as many more as are of so many bytes together. */
const upTo = (most: number, found: Iterable<Found>): Found[] => {
  const taken: Found[] = [];
  let bytes = 0;
  for (const each of found) {
    bytes += each.bytes;
    if (taken.length > 0 && bytes > most) break;
    taken.push(each);
  }
  return taken;
};
