// What Wrangler does for us on Cloudflare.
import { isObject, type Json, type JsonObject, textIn } from '../googlestub/json.ts';
import type { Changes } from './devvars.ts';
import { Stop } from './stop.ts';
import type { World } from './world.ts';
import type { Ran } from './wrangler.ts';

export const binding = 'GEMINI_CLI_KV';
const kvFlags = ['--binding', binding, '--remote'];
export const kvPrefix = 'client-key:';

const isSignedOut = ({ err }: Ran): boolean =>
  /not authenticated|wrangler login|CLOUDFLARE_API_TOKEN|\b10000\b/i.test(err);

function needed(what: string, ran: Ran): Ran {
  if (ran.code === 0) return ran;
  const advice = isSignedOut(ran)
    ? 'Sign in with npx wrangler login, or set CLOUDFLARE_API_TOKEN; then run the same again.'
    : 'Mend that, then run the same again: it goes on from there.';
  throw new Stop(`${what} failed: ${ran.err.slice(-1500)}`, advice);
}

/** Deploys and gives the address that Wrangler names. */
export async function deploy(world: World): Promise<string | undefined> {
  const { out } = needed('wrangler deploy', await world.wrangler(['deploy']));
  return /https:\/\/[\w.-]+\.workers\.dev/.exec(out)?.[0];
}

export async function secretNames(world: World): Promise<string[]> {
  const args = ['secret', 'list', '--format', 'json'];
  const { out } = needed('wrangler secret list', await world.wrangler(args));
  return listIn(out).flatMap((item) => textIn(item, 'name') ?? []);
}

/** Sets secrets, and deletes those that are null, in one call. */
export async function setSecrets(world: World, changes: Changes): Promise<void> {
  if (Object.keys(changes).length === 0) return;
  const ran = await world.wrangler(['secret', 'bulk'], JSON.stringify(changes));
  needed('wrangler secret bulk', { ...ran, err: masked(ran.err, changes) });
}

/** Wrangler quotes no value today; should it once, it is not to be seen. */
function masked(text: string, changes: Changes): string {
  let out = text;
  for (const value of Object.values(changes)) {
    if (value === null || value === '') continue;
    for (const form of [value, JSON.stringify(value).slice(1, -1)])
      out = out.replaceAll(form, '[secret]');
  }
  return out;
}

export async function putKvKey(world: World, digest: string, value: JsonObject): Promise<void> {
  const metadata = JSON.stringify({ name: value.name });
  const args = ['kv', 'key', 'put', kvPrefix + digest, JSON.stringify(value)];
  needed(
    'wrangler kv key put',
    await world.wrangler([...args, ...kvFlags, '--metadata', metadata]),
  );
}

/** What keeps Wrangler from reading KV, as it is bound, on this machine or on Cloudflare; if anything. */
export async function kvFault(
  world: World,
  where: 'local' | 'remote',
): Promise<'signed out' | { readonly fault: string } | undefined> {
  const args = ['kv', 'key', 'list', '--binding', binding, `--${where}`, '--prefix', kvPrefix];
  const ran = await world.wrangler(args);
  if (ran.code === 0) return undefined;
  return isSignedOut(ran) ? 'signed out' : { fault: ran.err.slice(-1500) };
}

export interface KvKey {
  readonly key: string;
  readonly name: string;
}

/** The names lie in the metadata; of a key that was put by hand, in its value. */
export async function listKvKeys(world: World): Promise<KvKey[]> {
  const args = ['kv', 'key', 'list', ...kvFlags, '--prefix', kvPrefix];
  const { out } = needed('wrangler kv key list', await world.wrangler(args));
  const keys: KvKey[] = [];
  for (const item of listIn(out)) {
    const key = textIn(item, 'name') ?? '';
    const metadata = isObject(item.metadata) ? textIn(item.metadata, 'name') : undefined;
    keys.push({ key, name: metadata ?? (await nameInValue(world, key)) });
  }
  return keys;
}

async function nameInValue(world: World, key: string): Promise<string> {
  const { out } = needed(
    'wrangler kv key get',
    await world.wrangler(['kv', 'key', 'get', key, ...kvFlags, '--text']),
  );
  try {
    const value = JSON.parse(out) as Json;
    return isObject(value) ? (textIn(value, 'name') ?? '') : '';
  } catch {
    return '';
  }
}

export async function deleteKvKey(world: World, key: string): Promise<void> {
  needed('wrangler kv key delete', await world.wrangler(['kv', 'key', 'delete', key, ...kvFlags]));
}

/** Wrangler may print a banner before its JSON. */
function listIn(out: string): JsonObject[] {
  const start = out.search(/^\s*\[/m);
  try {
    const value = JSON.parse(out.slice(Math.max(0, start))) as Json;
    return Array.isArray(value) ? value.filter(isObject) : [];
  } catch {
    throw new Stop(
      'Wrangler’s list can’t be read.',
      'Run npx wrangler whoami to see whether it works.',
    );
  }
}
