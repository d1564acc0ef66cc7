// Asks a running Rondo as its operator: docs/admin-api.md.
import { readFileSync } from 'node:fs';
import { isObject, type JsonObject, objectIn, textIn } from '../googlestub/json.ts';
import { readLedger } from './ledger.ts';
import { fileOf, varsOf } from './settings.ts';
import { messageOf, Stop } from './stop.ts';
import type { World } from './world.ts';

export interface Operator {
  readonly url: string;
  ask(path: string, method?: 'GET' | 'POST'): Promise<JsonObject>;
}

const local = 'http://localhost:8787';

/** Without an address: the deployment's when one was made from here, else this machine's. */
export function operatorOf(
  world: World,
  address: string | undefined,
  keyFile: string | undefined,
): Operator {
  const url = (address ?? readLedger(world).url ?? local).replace(/\/+$/, '');
  const key = adminKey(world, keyFile, url);
  return { url, ask: (path, method = 'GET') => asked(url, key, path, method) };
}

function adminKey(world: World, keyFile: string | undefined, url: string): string {
  if (!isSafe(url))
    throw new Stop(
      `${url} is no address that a key may go to.`,
      'Use https, or http on this machine.',
    );
  const given = keyFile ? readKey(fileOf(world, keyFile)) : world.env.RONDO_ADMIN_KEY?.trim();
  const key = given || varsOf(world).ADMIN_API_KEY?.trim();
  if (key) return key;
  throw new Stop('No admin key.', 'Set RONDO_ADMIN_KEY, or give --admin-key-file FILE.');
}

function readKey(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new Stop(`The admin key’s file can’t be read: ${messageOf(error)}`);
  }
}

function isSafe(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'https:' ||
    (protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(hostname))
  );
}

async function asked(url: string, key: string, path: string, method: string): Promise<JsonObject> {
  const headers = { authorization: `Bearer ${key}` };
  const signal = AbortSignal.timeout(60_000);
  const answer = await fetch(url + path, { method, headers, signal, redirect: 'manual' }).catch(
    () => {
      throw new Stop(`${url} can’t be reached.`, 'Is it running? Is the address right?');
    },
  );
  const json: unknown = await answer.json().catch(() => null);
  if (answer.ok && isObject(json as JsonObject)) return json as JsonObject;
  throw new Stop(`${url} answered ${answer.status}: ${wordsOf(json)}`, statusAdvice(answer.status));
}

const wordsOf = (json: unknown): string =>
  textIn(objectIn((json ?? {}) as JsonObject, 'error') ?? {}, 'message') ?? 'no message';

function statusAdvice(status: number): string {
  if (status === 401) return 'The admin key is wrong.';
  if (status === 404) return 'It has no ADMIN_API_KEY, or is no Rondo that is new enough.';
  return status === 429 ? 'Too many wrong keys came from here. Wait a while.' : '';
}
