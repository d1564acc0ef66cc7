// What one client has kept, as one request of it reads and writes.
import { bounds } from '../core/bounds.ts';
import { Sealer } from '../core/cipher.ts';
import { messageOf } from '../core/failure.ts';
import type { Log } from '../core/log.ts';
import { within } from '../core/store.ts';
import type { Entry, NewEntry, Order } from '../store/entries.ts';
import type { Store } from '../store.ts';

const { storeAnswerMs, storeMs, storeEntryBytes, storeIdChars } = bounds;
const { storeSignatureAnswerMs, storeSignatureBytes, storeSignatureMs } = bounds;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** What IV and tag add to what is sealed. */
const sealedExtra = 28;

/** Entries that could be read, or why there are none. */
export type Recalled = { readonly entries: Entry[] } | { readonly missing: string } | 'too much';

/** An entry that is to be sealed. */
export type Plain = Omit<NewEntry, 'expires' | 'listExpires'> & {
  /** Whether it ends with its list alone, which then lasts as long as if it were new. */
  readonly lasts: 'by itself' | 'with its list';
};

/** It is too large to be kept. */
export class TooLarge extends Error {}

const isId = (id: string): boolean => id.length > 0 && id.length <= storeIdChars;

const digestOf = async (text: string): Promise<string> => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
};

/** The object's name, by which nobody learns the key. */
const nameOf = (key: string): Promise<string> => digestOf(`rondo store name ${key}`);

/** The name of a call's signature, whatever a client calls the call. No other entry has such a name. */
const signatureName = async (call: string): Promise<string> =>
  `signature ${await digestOf(`rondo call ${call}`)}`;

/**
 * The object of one client key, and the key to what it holds: both come of the client key alone, which
 * is written nowhere, so that only a request that bears it reads what was kept.
 */
export class Memory {
  readonly #namespace: DurableObjectNamespace<Store>;
  readonly #key: string;
  readonly #log: Log;
  #sealer: Sealer | undefined;
  #name: Promise<string> | undefined;

  constructor(namespace: DurableObjectNamespace<Store>, key: string, log: Log) {
    this.#namespace = namespace;
    this.#key = key;
    this.#log = log;
  }

  /** All or none of them. Whether each was kept: one whose list is over is not. */
  async put(plain: readonly Plain[]): Promise<boolean[]> {
    const ends = Date.now() + storeMs;
    const entries = plain.map(async ({ lasts, ...entry }): Promise<NewEntry> => {
      const value = await this.#seal(entry.id, entry.value);
      const end = lasts === 'by itself' ? { expires: ends } : { listExpires: ends };
      return { ...entry, value, ...end };
    });
    const sealed = await Promise.all(entries);
    return this.#ask((store) => store.put(sealed));
  }

  /** Whether it was there to be replaced. */
  async replace(id: string, value: Uint8Array): Promise<boolean> {
    const sealed = await this.#seal(id, value);
    return this.#ask((store) => store.replace(id, sealed));
  }

  /**
   * Replaces a value by what `change` makes of it, also when other requests change it at the same time:
   * each begins with what the one before has left. Whether it was there.
   */
  async change(id: string, change: (value: Uint8Array) => Uint8Array): Promise<boolean> {
    for (;;) {
      const before = await this.#sealed(id);
      const value = before && (await this.#opened(id, before));
      if (!value) return false;
      const after = await this.#seal(id, change(value));
      const exchanged = await this.#ask((store) => store.exchange(id, before, after));
      if (exchanged !== 'changed') return exchanged === 'exchanged';
    }
  }

  async get(id: string): Promise<Uint8Array | undefined> {
    const sealed = await this.#sealed(id);
    return sealed && this.#opened(id, sealed);
  }

  /** An entry and all before it, the oldest first. */
  async chain(id: string): Promise<Recalled> {
    return this.#row(id, (store) => store.chain(id));
  }

  /** All of a list that is an entry itself. */
  async whole(list: string): Promise<Recalled> {
    return this.#row(list, (store) => store.whole(list));
  }

  async page(
    list: string,
    after: string | undefined,
    order: Order,
    limit: number,
  ): Promise<Recalled> {
    return this.#row(after ?? list, (store) => store.page(list, after, order, limit));
  }

  /** Whether it was there. */
  async erase(id: string): Promise<boolean> {
    return isId(id) && this.#ask((store) => store.erase(id));
  }

  /** What was kept of each call, empty where nothing was: it lasts a day. */
  async signatures(calls: readonly string[]): Promise<string[]> {
    const ids = await Promise.all(calls.map(signatureName));
    const kept = await this.#ask((store) => store.signatures(ids), storeSignatureAnswerMs);
    const sealed = ids.flatMap((id, index) => {
      const value = kept[index];
      return value ? [{ id, value }] : [];
    });
    const opened = await this.#open(sealed);
    const texts = new Map(opened.map(({ id, value }) => [id, decoder.decode(value)]));
    return ids.map((id) => texts.get(id) ?? '');
  }

  /** Keeps a text of each call, but for those that are too long. */
  async keepSignatures(calls: readonly string[], texts: readonly string[]): Promise<void> {
    const entries = calls.map(async (call, index): Promise<Entry> => {
      const id = await signatureName(call);
      return { id, value: await this.#sealing().seal(id, encoder.encode(texts[index])) };
    });
    const sealed = await Promise.all(entries);
    const kept = sealed.filter(({ value }) => value.length <= storeSignatureBytes);
    const expires = Date.now() + storeSignatureMs;
    if (kept.length > 0) await this.#ask((store) => store.keepSignatures(kept, expires));
  }

  async #row(
    id: string,
    ask: (store: DurableObjectStub<Store>) => Promise<Recalled>,
  ): Promise<Recalled> {
    if (!isId(id)) return { missing: id };
    const row = await this.#ask(ask);
    if (row === 'too much' || 'missing' in row) return row;
    const entries = await this.#open(row.entries);
    const lost = row.entries.find((entry) => !entries.some((each) => each.id === entry.id));
    return lost ? { missing: lost.id } : { entries };
  }

  async #sealed(id: string): Promise<Uint8Array | undefined> {
    if (!isId(id)) return undefined;
    return (await this.#ask((store) => store.get(id))) ?? undefined;
  }

  async #opened(id: string, sealed: Uint8Array): Promise<Uint8Array | undefined> {
    return (await this.#open([{ id, value: sealed }]))[0]?.value;
  }

  async #seal(id: string, value: Uint8Array): Promise<Uint8Array> {
    if (value.length + sealedExtra > storeEntryBytes) throw new TooLarge('too large to be kept');
    return this.#sealing().seal(id, value);
  }

  /** Without those that were not sealed here. */
  async #open(entries: readonly Entry[]): Promise<Entry[]> {
    const opened = entries.map(async ({ id, value }) => {
      try {
        return [{ id, value: await this.#sealing().open(id, value) }];
      } catch (error) {
        this.#log.warn('memory_unreadable', { message: messageOf(error) });
        return [];
      }
    });
    return (await Promise.all(opened)).flat();
  }

  #sealing(): Sealer {
    this.#sealer ??= new Sealer(encoder.encode(this.#key), 'rondo store v1');
    return this.#sealer;
  }

  async #ask<T>(
    ask: (store: DurableObjectStub<Store>) => Promise<T>,
    ms: number = storeAnswerMs,
  ): Promise<T> {
    this.#name ??= nameOf(this.#key);
    const store = this.#namespace.getByName(await this.#name);
    return within(ms, 'The object STORE', ask(store));
  }
}
