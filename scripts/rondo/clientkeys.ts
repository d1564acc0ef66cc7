// Client keys: made here, kept as SHA-256 wherever Rondo looks them up.
import { createHash, randomBytes } from 'node:crypto';
import { makeKeyRing } from '../../worker/middleware/keyring.ts';
import { type JsonObject, textIn } from '../googlestub/json.ts';
import { Stop } from './stop.ts';
import { arrayOf } from './variables.ts';

export const makeKey = (kind: 'client' | 'admin'): string =>
  `rondo-${kind}-${randomBytes(24).toString('base64url')}`;

export const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex');

export interface KeyOptions {
  readonly models?: readonly string[] | undefined;
  readonly expires?: string | undefined;
}

export function entryOf(name: string, key: string, options: KeyOptions = {}): JsonObject {
  return {
    name,
    sha256: digestOf(key),
    ...(options.models && { models: [...options.models] }),
    ...(options.expires && { expires: options.expires }),
  };
}

/** What CLIENT_API_KEYS holds, as entries. Keys between commas have no names but their places. */
export function entriesIn(text: string | undefined): JsonObject[] {
  const value = text?.trim() ?? '';
  // Written anew as its digest, a key that the worker can't read would look as if it were one.
  const { fault } = makeKeyRing({ CLIENT_API_KEYS: value });
  if (fault) throw new Stop(`${fault}.`, 'Mend it in .dev.vars.');
  const all =
    arrayOf(value) ??
    value
      .split(',')
      .map((key) => key.trim())
      .filter((key) => key !== '');
  return all.map((entry, index) => {
    const name = `key-${index + 1}`;
    if (typeof entry === 'string') return { name, sha256: digestOf(entry) };
    return { name, ...(entry as JsonObject) };
  });
}

export const nameOf = (entry: JsonObject): string => textIn(entry, 'name') ?? '';

export function added(entries: readonly JsonObject[], entry: JsonObject): JsonObject[] {
  if (entries.some((other) => nameOf(other) === nameOf(entry))) {
    throw new Stop(
      `There is a key named ${nameOf(entry)} already.`,
      'Take another name, or revoke that one first.',
    );
  }
  return [...entries, entry];
}

export function removed(entries: readonly JsonObject[], name: string): JsonObject[] {
  const rest = entries.filter((entry) => nameOf(entry) !== name);
  if (rest.length === entries.length)
    throw new Stop(`There is no key named ${name}.`, 'See: npm run rondo -- keys list');
  return rest;
}
