// `rondo keys`: the clients' keys, in `.dev.vars`, in a secret of the deployment, or in its KV.

import type { JsonObject } from '../googlestub/json.ts';
import {
  added,
  digestOf,
  entriesIn,
  entryOf,
  type KeyOptions,
  makeKey,
  nameOf,
  removed,
} from './clientkeys.ts';
import { deleteKvKey, listKvKeys, putKvKey, secretNames, setSecrets } from './cloud.ts';
import { variableBytes } from './credential.ts';
import { writeVars } from './devvars.ts';
import { readLedger, writeLedger } from './ledger.ts';
import { varsOf, varsPath } from './settings.ts';
import { Stop, usageFault } from './stop.ts';
import type { World } from './world.ts';

export type Place = 'local' | 'deployment' | 'kv';
const variable = 'CLIENT_API_KEYS';

export async function addKey(
  world: World,
  where: Place,
  name: string,
  options: KeyOptions,
): Promise<void> {
  if (!/^[\x21-\x7e]{1,64}$/.test(name))
    throw usageFault('A key’s name has 1 to 64 characters of plain ASCII, without blanks.');
  if (options.expires !== undefined && where !== 'kv') throw usageFault('--expires needs --kv.');
  if (options.expires !== undefined && Number.isNaN(Date.parse(options.expires)))
    throw usageFault('--expires takes a date such as 2027-01-31.');
  const key = makeKey('client');
  const entry = entryOf(name, key, options);
  if (where === 'kv') await addToKv(world, name, key, entry);
  else await store(world, where, added(await entries(world, where), entry));
  world.screen.good(`${name} may call`);
  world.screen.line(`\n  client key  ${key}\n\nIt is shown this once. Keep it now.`);
}

async function addToKv(world: World, name: string, key: string, entry: JsonObject): Promise<void> {
  const twin = (await listKvKeys(world)).some((other) => other.name === name);
  if (twin)
    throw new Stop(
      `There is a key named ${name} already.`,
      'Take another name, or revoke that one first.',
    );
  const { sha256: _, ...value } = entry;
  await putKvKey(world, digestOf(key), value);
}

export async function listKeys(world: World, where: Place): Promise<void> {
  if (where === 'kv') {
    const rows = (await listKvKeys(world)).map(({ name, key }) => [
      name,
      `${key.slice('client-key:'.length).slice(0, 12)}…`,
    ]);
    return world.screen.table(['name', 'sha-256'], rows);
  }
  const rows = (await entries(world, where)).map((entry) => [
    nameOf(entry),
    Array.isArray(entry.models) ? entry.models.join(' ') : 'all',
  ]);
  world.screen.table(['name', 'models'], rows);
}

export async function revokeKey(world: World, where: Place, name: string): Promise<void> {
  if (where === 'kv') {
    const found = (await listKvKeys(world)).filter((key) => key.name === name);
    if (found.length === 0)
      throw new Stop(
        `There is no key named ${name} in KV.`,
        'See: npm run rondo -- keys list --kv',
      );
    for (const { key } of found) await deleteKvKey(world, key);
  } else {
    await store(world, where, removed(await entries(world, where), name));
  }
  world.screen.good(`${name} may call no more`);
}

async function entries(
  world: World,
  where: 'local' | 'deployment',
): Promise<readonly JsonObject[]> {
  if (where === 'local') return entriesIn(varsOf(world)[variable]);
  const { keys } = readLedger(world);
  const isSet = (await secretNames(world)).includes(variable);
  if (isSet && keys.length === 0) {
    throw new Stop(
      `${variable} was set from elsewhere, and Cloudflare gives no secret back.`,
      'Use --kv, which needs no list of all; or make all keys anew: npm run rondo -- init --deploy --replace-keys',
    );
  }
  return isSet ? keys : [];
}

async function store(
  world: World,
  where: 'local' | 'deployment',
  all: readonly JsonObject[],
): Promise<void> {
  const text = JSON.stringify(all);
  const value = all.length > 0 ? text : null;
  if (where === 'local') return writeVars(varsPath(world), { [variable]: value });
  if (Buffer.byteLength(text) > variableBytes)
    throw new Stop(`${variable} would be larger than Cloudflare takes.`, 'Use --kv.');
  await setSecrets(world, { [variable]: value });
  writeLedger(world, { ...readLedger(world), keys: all });
}
