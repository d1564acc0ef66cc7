// Client keys in KV, by their SHA-256, so that one may be added or revoked without a deployment. Only
// what the variables don't know is looked for here.
import { bounds } from '../core/bounds.ts';
import type { Env } from '../core/core.ts';
import { messageOf } from '../core/failure.ts';
import { isObject } from '../core/jsonobject.ts';
import type { Log } from '../core/log.ts';
import { keepNewest } from '../core/newest.ts';
import { type Problem, readSwitch } from '../core/settings.ts';
import { within } from '../core/store.ts';
import { Fault, type Holder, holderFields, holderOf } from './keyholder.ts';

const { kvAnswerMs, kvKeys, kvKeyMs, kvNoKeyMs, kvKeyMsMost, kvKeyBytes } = bounds;
const { kvLookups, kvLookupMs } = bounds;

export const keyPrefix = 'client-key:';
/** So many digits of a digest tell an entry from the others, here and in `rondo keys list --kv`. */
export const shownDigits = 12;
/** KV itself keeps what it was asked for that long where it was asked: at least 30. */
const cacheTtl = 60;

/** What keeps keys in KV from being looked for, though they are to be. */
export const kvKeysProblem = (env: Env): Problem | undefined =>
  readSwitch(env, 'CLIENT_KEYS_IN_KV').isOn && !env.GEMINI_CLI_KV
    ? { variable: 'CLIENT_KEYS_IN_KV', fault: 'needs the binding GEMINI_CLI_KV' }
    : undefined;

/** A key that is good. */
interface Known {
  readonly holder: Holder;
  /** When KV was last heard of it. */
  readonly heard: number;
  /** When it is to be asked again. */
  readonly until: number;
}

const encoder = new TextEncoder();

const digestOf = async (key: string): Promise<string> => {
  const digest = await crypto.subtle.digest('SHA-256', encoder.encode(key));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
};

/** Whom a value of KV tells of. Throws a Fault. */
const readHolder = (value: ArrayBuffer): Holder => {
  if (value.byteLength > kvKeyBytes) throw new Fault(`is longer than ${kvKeyBytes} bytes`);
  let fields: unknown;
  try {
    fields = JSON.parse(new TextDecoder().decode(value));
  } catch {
    throw new Fault('is no JSON');
  }
  if (!isObject(fields)) throw new Fault('is no object');
  const names: readonly string[] = holderFields;
  if (!Object.keys(fields).every((name) => names.includes(name))) {
    throw new Fault(`has a field that is none of ${holderFields.join(', ')}`);
  }
  if (fields.name === undefined) throw new Fault('has no "name"');
  return holderOf(fields, '');
};

/** So many at once, and then one in a while. */
class Bucket {
  #left: number = kvLookups;
  #filled = Date.now();

  take(): boolean {
    const now = Date.now();
    const more = Math.floor((now - this.#filled) / kvLookupMs);
    if (more > 0) {
      this.#left = Math.min(kvLookups, this.#left + more);
      this.#filled += more * kvLookupMs;
    }
    if (this.#left === 0) return false;
    this.#left -= 1;
    return true;
  }
}

/** Whose key it is, nobody's, or that it can't be told now. */
export type Found = Holder | 'unknown' | 'unavailable';

export class KvKeys {
  readonly #kv: KVNamespace;
  readonly #log: Log;
  // Apart, so that no number of invented keys drives out one that is good.
  readonly #known = new Map<string, Known>();
  /** Keys that KV doesn't have, and until when that is believed. */
  readonly #unknown = new Map<string, number>();
  readonly #bucket = new Bucket();
  // Those that nobody knows yet and that a request is looking for now.
  readonly #asked = new Map<string, Promise<Found>>();

  constructor(kv: KVNamespace, log: Log) {
    this.#kv = kv;
    this.#log = log;
  }

  async find(key: string): Promise<Found> {
    const digest = await digestOf(key);
    const now = Date.now();
    const known = this.#known.get(digest);
    if (known && now < known.until) return known.holder;
    if (now < (this.#unknown.get(digest) ?? now)) return 'unknown';
    // A key that was good is looked for again without asking the bucket, which invented ones empty.
    if (!known) return this.#ask(digest);
    // While one request looks, the others go by what is known, unless that is old.
    if (now < known.heard + 2 * kvKeyMs) this.#goBy(digest, known);
    return this.#look(digest, known);
  }

  /** Looks for a key once for all requests that bring it, each of which waits by a timer of its own. */
  async #ask(digest: string): Promise<Found> {
    const asked = this.#asked.get(digest);
    if (!asked && !this.#bucket.take()) return 'unavailable';
    const answer = asked ?? this.#look(digest, undefined);
    this.#asked.set(digest, answer);
    try {
      return await within(2 * kvAnswerMs, 'KV', answer);
    } catch {
      // The request that looked has left.
      return 'unavailable';
    } finally {
      if (this.#asked.get(digest) === answer) this.#asked.delete(digest);
    }
  }

  /** For as long as a look takes. */
  #goBy(digest: string, known: Known): void {
    const until = Math.min(Date.now() + kvAnswerMs, known.heard + kvKeyMsMost);
    keepNewest(this.#known, digest, { ...known, until }, kvKeys);
  }

  async #look(digest: string, known: Known | undefined): Promise<Found> {
    try {
      const read = this.#kv.get(keyPrefix + digest, { type: 'arrayBuffer', cacheTtl });
      const value = await within(kvAnswerMs, 'KV', read);
      return this.#hear(digest, value);
    } catch (error) {
      this.#log.warn('client_key_unread', { message: messageOf(error) });
      if (known && Date.now() < known.heard + kvKeyMsMost) {
        this.#goBy(digest, known);
        return known.holder;
      }
      this.#known.delete(digest);
      return 'unavailable';
    }
  }

  #hear(digest: string, value: ArrayBuffer | null): Found {
    const holder = value ? this.#read(digest, value) : undefined;
    const heard = Date.now();
    if (holder) {
      this.#unknown.delete(digest);
      keepNewest(this.#known, digest, { holder, heard, until: heard + kvKeyMs }, kvKeys);
      return holder;
    }
    this.#known.delete(digest);
    keepNewest(this.#unknown, digest, heard + kvNoKeyMs, kvKeys);
    return 'unknown';
  }

  /** A value that can't be read lets nobody in. */
  #read(digest: string, value: ArrayBuffer): Holder | undefined {
    try {
      return readHolder(value);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const sha256 = digest.slice(0, shownDigits);
      this.#log.error('client_key_unreadable', { sha256, fault: error.message });
      return undefined;
    }
  }
}
