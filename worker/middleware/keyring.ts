// The keys that are written into the worker's variables, and whom they belong to. What is not
// written as it should be is a fault, and never a key: a gate that can't be read stays closed.
import { bounds } from '../core/bounds.ts';
import type { Env } from '../core/core.ts';
import { isObject } from '../core/jsonobject.ts';
import { readSwitch } from '../core/settings.ts';
import { Fault, type Holder, type HolderFields, holderFields, holderOf } from './keyholder.ts';

interface ClientKey extends Holder {
  /** The key's bytes, or its SHA-256, padded to `slot` bytes behind its length. */
  readonly secret: Uint8Array;
  readonly form: 'plain' | 'sha256';
}

export interface KeyRing {
  readonly keys: readonly ClientKey[];
  readonly anonymous: boolean;
  /** Why the keys can't be read. Nobody is let in then. Never quotes a key. */
  readonly fault?: string;
}

const { clientKeyBytes } = bounds;
// Every comparison covers a whole slot, so its time tells neither the length nor the place of the
// first difference.
const slot = clientKeyBytes + 2;
const encoder = new TextEncoder();

const padded = (bytes: Uint8Array): Uint8Array | undefined => {
  if (bytes.length > clientKeyBytes) return undefined;
  const out = new Uint8Array(slot);
  new DataView(out.buffer).setUint16(0, bytes.length);
  out.set(bytes, 2);
  return out;
};

const jsonOf = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
};

/** A key as it stands between commas, alone, or as a text in JSON. */
const plainKey = (key: string): Uint8Array => {
  if (key === '') throw new Fault('is empty');
  // No client could send it: a header has none of these, and blanks at its ends are not kept.
  if (/[\s\p{Cc}]/u.test(key)) throw new Fault('holds a blank or a control character');
  // Nor all that looks like such a key: what a text editor puts there is often not even seen.
  if (!/^[\x21-\x7e]*$/.test(key)) throw new Fault('holds a character that is not visible ASCII');
  if (/^(['"`]).*\1$/.test(key)) throw new Fault('has quotes around it');
  const secret = padded(encoder.encode(key));
  if (!secret) throw new Fault(`is longer than ${clientKeyBytes} bytes`);
  return secret;
};

/** A key that is written without JSON. JSON that was meant as such, and broken, is none. */
const bareKey = (key: string): Uint8Array => {
  if (/["{}[\]]/.test(key) || jsonOf(key)) throw new Fault('looks like a piece of JSON');
  return plainKey(key);
};

/** What a digest is of whose key was never set. It lets nobody in, so whoever wrote it is to hear of it. */
const digestOfNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const digestKey = (hex: unknown): Uint8Array => {
  if (typeof hex !== 'string' || !/^[0-9a-fA-F]{64}$/.test(hex)) {
    throw new Fault('has a "sha256" that is not 64 hexadecimal digits');
  }
  if (hex.toLowerCase() === digestOfNothing) throw new Fault('has the "sha256" of an empty text');
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
  return padded(bytes) as Uint8Array;
};

const fields: readonly string[] = ['key', 'sha256', ...holderFields];
type Fields = HolderFields & { readonly key?: unknown; readonly sha256?: unknown };

const secretOf = ({ key, sha256 }: Fields): Pick<ClientKey, 'secret' | 'form'> => {
  if (key !== undefined && sha256 !== undefined) throw new Fault('has both "key" and "sha256"');
  if (sha256 !== undefined) return { form: 'sha256', secret: digestKey(sha256) };
  if (key === undefined) throw new Fault('has neither "key" nor "sha256"');
  if (typeof key !== 'string') throw new Fault('has a "key" that is not a text');
  return { form: 'plain', secret: plainKey(key) };
};

const nameAt = (place: number): string => `key-${place}`;
const unnamed = (place: number): Holder => ({ name: nameAt(place) });

/** An element of a JSON array: a text, or an object with fields that are known. */
const entryOf = (entry: unknown, place: number): ClientKey => {
  if (typeof entry === 'string') return { ...unnamed(place), ...secretOf({ key: entry }) };
  if (!isObject(entry)) throw new Fault('is neither a text nor an object');
  // A field's name may be a key that slipped there, so it isn't quoted.
  if (!Object.keys(entry).every((field) => fields.includes(field))) {
    throw new Fault(`has a field that is none of ${fields.join(', ')}`);
  }
  return { ...holderOf(entry, nameAt(place)), ...secretOf(entry) };
};

const isSame = (a: ClientKey, b: ClientKey): boolean =>
  a.form === b.form && a.secret.every((byte, index) => byte === b.secret[index]);

/** What `read` makes of each; a fault says of which. */
const entriesOf = <T>(all: readonly T[], read: (entry: T, place: number) => ClientKey) => {
  const keys: ClientKey[] = [];
  for (const [index, entry] of all.entries()) {
    const place = index + 1;
    try {
      const key = read(entry, place);
      const first = keys.findIndex((other) => isSame(other, key));
      if (first >= 0) throw new Fault(`has the key of entry ${first + 1}`);
      keys.push(key);
    } catch (error) {
      throw error instanceof Fault ? new Fault(`entry ${place} ${error.message}`) : error;
    }
  }
  return keys;
};

const bareEntry = (key: string, place: number): ClientKey => ({
  ...unnamed(place),
  form: 'plain',
  secret: bareKey(key),
});

const keysOf = (value: unknown): ClientKey[] => {
  if (value === undefined) return [];
  if (Array.isArray(value)) return entriesOf(value, entryOf);
  if (typeof value !== 'string') throw new Fault('is neither a text nor a JSON array');
  const json = jsonOf(value);
  if (json && Array.isArray(json.value)) return entriesOf(json.value, entryOf);
  if (json)
    throw new Fault('is JSON, but not an array; write ["…"], or keys with commas between them');
  const pieces = value.split(',').map((piece) => piece.trim());
  return entriesOf(
    pieces.filter((piece) => piece !== ''),
    bareEntry,
  );
};

/** The key of a variable that holds one; nothing when it isn't set. */
const singleKey = (value: unknown, name: string): ClientKey | undefined => {
  if (value === undefined) return undefined;
  if (typeof value !== 'string') throw new Fault('is not a text');
  const key = value.trim();
  return key === '' ? undefined : { name, form: 'plain', secret: bareKey(key) };
};

/** What `read` makes of a variable; a fault names it. */
const readVariable = <T>(env: Env, variable: string, read: (value: unknown) => T): T => {
  try {
    return read(env[variable]);
  } catch (error) {
    throw error instanceof Fault ? new Fault(`${variable}: ${error.message}`) : error;
  }
};

const readKeys = (env: Env): ClientKey[] => {
  const keys = readVariable(env, 'CLIENT_API_KEYS', keysOf);
  const single = readVariable(env, 'OPENAI_API_KEY', (value) => singleKey(value, 'OPENAI_API_KEY'));
  // One that is there already keeps what is said of it there.
  return single && !keys.some((key) => isSame(key, single)) ? [...keys, single] : keys;
};

const ringOf = (anonymous: boolean, read: () => ClientKey[]): KeyRing => {
  try {
    return { keys: read(), anonymous };
  } catch (error) {
    if (error instanceof Fault) return { keys: [], anonymous, fault: error.message };
    throw error;
  }
};

/** Reads CLIENT_API_KEYS, OPENAI_API_KEY and ALLOW_ANONYMOUS. */
export const makeKeyRing = (env: Env): KeyRing =>
  ringOf(readSwitch(env, 'ALLOW_ANONYMOUS').isOn, () => readKeys(env));

const ringOfOne = (env: Env, variable: string, name: string): KeyRing =>
  ringOf(false, () => {
    const key = readVariable(env, variable, (value) => singleKey(value, name));
    return key ? [key] : [];
  });

/** Reads ADMIN_API_KEY. */
export const makeAdminRing = (env: Env): KeyRing => ringOfOne(env, 'ADMIN_API_KEY', 'admin');

/** Reads METRICS_KEY. */
export const makeMetricsRing = (env: Env): KeyRing => ringOfOne(env, 'METRICS_KEY', 'metrics');

const presentedSlot = new Uint8Array(slot);
const presentedBytes = presentedSlot.subarray(2);

/**
 * A key's slot, as `padded` makes it, but one for all requests: it is valid until the next key, so
 * nothing may be awaited while it is compared. Nothing for a key that is too long.
 */
const presented = (key: string): Uint8Array | undefined => {
  const { read, written } = encoder.encodeInto(key, presentedBytes);
  if (read < key.length) return undefined;
  presentedSlot[0] = written >> 8;
  presentedSlot[1] = written;
  presentedBytes.fill(0, written);
  return presentedSlot;
};

const digestOf = async (key: string): Promise<Uint8Array | undefined> =>
  padded(new Uint8Array(await crypto.subtle.digest('SHA-256', encoder.encode(key))));

/** Whose a key is. Looks at every key of the ring, whether found or not. */
export const findClient = async (ring: KeyRing, key: string): Promise<Holder | undefined> => {
  const needsDigest = ring.keys.some(({ form }) => form === 'sha256');
  const digest = needsDigest ? await digestOf(key) : undefined;
  const plain = presented(key);
  let found: ClientKey | undefined;
  for (const candidate of ring.keys) {
    const own = candidate.form === 'sha256' ? digest : plain;
    if (own && crypto.subtle.timingSafeEqual(own, candidate.secret)) found = candidate;
  }
  if (!found) return undefined;
  const { secret: _, form: __, ...holder } = found;
  return holder;
};
